"""A lane is proved against the step that hurts it most, and what was seen is judged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench_gui.bench.snapshot import LaneCounts, Verdict
from bench_gui.bench.worst_step import worst_step
from bench_gui.proof import EVERY_COMMIT, EVERY_EVENT, place_in_words, proof_in_words
from bench_gui.proof import proof_settings as settings_of
from workers.lanes import LANES, Lane, lane_of

OFTEN = {"at-most-once", "transactional-sink"}


@pytest.mark.parametrize("lane", LANES, ids=lambda lane: lane.slug)
def test_only_the_lane_runs_and_only_its_worst_step_kills(lane: Lane) -> None:
    settings = settings_of(lane.slug, 12)
    assert settings.lanes == (lane.slug,)
    assert settings.seed == 12
    assert settings.kill_every_s is settings.pause_every_s is settings.down_every_s is None
    (fault,) = settings.kill_at
    assert replace(fault, every=None) == worst_step(lane)
    assert fault.every == (EVERY_EVENT if lane.slug in OFTEN else EVERY_COMMIT)


def test_a_lane_of_one_s_own_can_be_proved_too() -> None:
    assert settings_of("retry+process-first+counter", 1).kill_at


def test_the_step_is_told_in_words() -> None:
    words = place_in_words(lane_of("at-least-once"))
    assert words == "after sink-committed, before offsets-committed"


def test_what_was_seen_is_told_with_whether_it_may_be() -> None:
    clean = LaneCounts(offered=2400)
    assert proof_in_words("exactly-once", 28, clean, Verdict.HOLDS) == (
        "HOLDS: 28 kills at its worst step, 0 lost, 0 duplicates"
    )
    twice = LaneCounts(offered=2400, duplicates=1560)
    assert proof_in_words("at-least-once", 28, twice, Verdict.HOLDS) == (
        "HOLDS: 28 kills at its worst step, 0 lost, 1,560 duplicates (expected)"
    )
    lost = LaneCounts(offered=2400, lost_after_log=22, duplicates=1)
    assert proof_in_words("at-most-once", 1, lost, Verdict.BROKEN) == (
        "BROKEN: 1 kill at its worst step, 22 lost (expected), 1 duplicate (forbidden)"
    )
    kept = LaneCounts(offered=2400, suppressed=560)
    assert "560 redeliveries suppressed" in proof_in_words(
        "idempotent-consumer", 28, kept, Verdict.HOLDS
    )


def test_without_a_kill_nothing_is_proved() -> None:
    words = proof_in_words("exactly-once", 0, LaneCounts(), Verdict.NOT_TESTED)
    assert words.startswith("NOT TESTED")
