"""A storm's sum finds whatever must not be in it, and counts what landed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.storm.storming import shape
from tests.storm.tally import Tally
from tests.values import fault, summary
from workers.lanes import DEFAULT_LANES

RUN: dict[str, Any] = {"disagreement": None, "orphans": 0, "complete": True}


def test_a_quiet_storm_has_no_problem() -> None:
    tally = Tally()
    tally.add("a", [summary(), summary("exactly-once")], [fault(), fault(pid=None)], **RUN)
    assert tally.problems == []
    assert (tally.kills, tally.runs, tally.events) == (1, 1, 120_000)
    assert "killed after effect-applied 1" in tally.text()
    assert "recovery p50 12 ms" in tally.text()


@pytest.mark.parametrize(
    ("lane", "column"),
    [
        ("at-least-once", "lost"),
        ("exactly-once", "duplicates"),
        ("exactly-once", "dirty_reads"),
        ("at-most-once", "unattributed"),
        ("at-most-once", "in_flight"),
        ("at-most-once", "phantoms"),
        ("cross-system", "aborted_reads"),
    ],
)
def test_what_must_not_be_is_a_problem(lane: str, column: str) -> None:
    tally = Tally()
    tally.add("the run", [summary(lane, **{column: 3})], [], **RUN)
    assert len(tally.problems) == 1
    assert tally.problems[0].startswith(f"the run: {lane}: 3 ")


@pytest.mark.parametrize(
    "change", [{"disagreement": "they differ"}, {"orphans": 2}, {"complete": False}]
)
def test_a_run_that_ends_badly_is_a_problem(change: dict[str, Any]) -> None:
    tally = Tally()
    tally.add("the run", [summary()], [], **{**RUN, **change})
    assert len(tally.problems) == 1


def test_every_shape_can_be_run_and_no_two_are_alike() -> None:
    shapes = [shape(seed, DEFAULT_LANES, 8.0) for seed in range(200)]
    assert len({str(one) for one in shapes}) == 200
    assert any(one.pause_every_s for one in shapes)
    assert any(one.ack_loss for one in shapes)
