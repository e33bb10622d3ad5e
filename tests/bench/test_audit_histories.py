"""Whatever the workers did and whenever they died: auditor, recount and plain dicts agree.

The history is of the workers' own steps, so it can only contain what really can happen; the rounds
of the live auditor fall anywhere in it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench_gui.bench.audit.auditor import LaneAuditor, compare
from bench_gui.bench.audit.recount import disagreement
from bench_gui.bench.audit.verdict import judge
from bench_gui.bench.snapshot import LaneCounts, Verdict
from tests.bench.lane_history import History, Truth
from tests.bench.lane_world import LaneWorld
from workers.lanes import LANES

EVENTS = 9
SLUGS = [lane.slug for lane in LANES]

actions = st.lists(
    st.tuples(st.sampled_from(["step", "step", "step", "kill", "poll"]), st.integers(0, 3)),
    max_size=60,
)


@contextmanager
def history_of(slug: str) -> Iterator[History]:
    with tempfile.TemporaryDirectory() as directory:
        world = LaneWorld(Path(directory), slug, producers=2, partitions=3, events=EVENTS)
        try:
            yield History(world, events=EVENTS, consumers=2)
        finally:
            world.close()


def play(history: History, moves: list[tuple[str, int]]) -> None:
    """Carries the moves out; "kill" number n of the list is fault n."""
    slots = history.slots()
    for fault, (verb, number) in enumerate(moves, 1):
        if verb == "step":
            history.step(slots[number])
        elif verb == "kill":
            history.kill(slots[number], fault)
        else:
            look(history)


def look(history: History) -> None:
    """A round in the middle: what it says is true already, and nothing is called lost early."""
    counts = history.world.poll().counts()
    assert counts.in_flight >= 0
    assert counts.unattributed == 0
    assert counts.effects == counts.delivered_unique + counts.duplicates
    assert counts.delivered_unique == len(history.truth.effects)
    assert counts.lost <= history.truth.lost_by.total()


def check(counts: LaneCounts, truth: Truth) -> None:
    delivered = sum(1 for times in truth.effects.values() if times)
    assert counts.offered == 2 * EVENTS
    assert counts.delivered_unique == delivered
    assert counts.effects == truth.effects.total()
    assert counts.duplicates == truth.effects.total() - delivered
    assert counts.appended == len(truth.appended)
    assert counts.duplicates_in_log == truth.appended.total() - len(truth.appended)
    assert counts.lost == 2 * EVENTS - delivered == truth.lost_by.total()
    assert counts.suppressed == truth.suppressed
    assert counts.in_flight == counts.phantoms == counts.aborted_reads == 0
    assert counts.unattributed == 0


def check_causes(auditor: LaneAuditor, truth: Truth) -> None:
    caused = auditor.caused()
    lost = {fault: effects.lost for fault, effects in caused.items() if effects.lost}
    duplicates = {fault: e.duplicates for fault, e in caused.items() if e.duplicates}
    assert lost == {fault: count for fault, count in truth.lost_by.items() if count}
    assert duplicates == dict(truth.duplicated_by)
    ranges = auditor.new_anomalies()
    assert sum(a.count for a in ranges if a.kind.startswith("lost")) == truth.lost_by.total()


@pytest.mark.parametrize("slug", SLUGS)
@settings(max_examples=40, deadline=None)
@given(moves=actions)
def test_rounds_anywhere_give_the_same_as_one_count_of_everything(
    slug: str, moves: list[tuple[str, int]]
) -> None:
    with history_of(slug) as history:
        play(history, moves)
        history.drain()
        live = history.world.agreed()
        check(live.counts(), history.truth)
        check_causes(live, history.truth)
        assert live.check_counters() is None
        assert judge(history.world.lane, live.counts(), 1, True)[0] is Verdict.HOLDS


@pytest.mark.parametrize("slug", [slug for slug in SLUGS if slug != "exactly-once"])
@settings(max_examples=15, deadline=None)
@given(moves=actions, event=st.integers(0, 2 * EVENTS - 1))
def test_an_event_taken_out_of_the_sink_is_always_seen(
    slug: str, moves: list[tuple[str, int]], event: int
) -> None:
    with history_of(slug) as history:
        play(history, moves)
        history.drain()
        live = history.world.agreed()
        slot, sequence = divmod(event, EVENTS)
        where = "WHERE source = ? AND first_sequence = ? AND applied = 1"
        sink = history.world.files.sink
        history.world.write(sink, f"DELETE FROM effects {where}", slot, sequence)
        final = history.world.final()
        was_delivered = (slot, sequence) in history.truth.effects
        assert final.counts().lost == live.counts().lost + was_delivered
        assert disagreement(final, history.world.recount()) is None
        assert (compare(live, final) is not None) == was_delivered
        assert (disagreement(live, history.world.recount()) is not None) == was_delivered
