"""Whatever the workers did and whatever befell them: auditor, recount and plain dicts agree.

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

from bench_gui.bench.audit import ledger_reader, log_reader
from bench_gui.bench.audit.auditor import LaneAuditor, compare
from bench_gui.bench.audit.recount import disagreement
from bench_gui.bench.audit.verdict import judge
from bench_gui.bench.incarnations import MarkKind
from bench_gui.bench.snapshot import LaneCounts, Verdict
from tests.bench.lane_history import History
from tests.bench.lane_truth import Truth
from tests.bench.lane_world import LaneWorld
from workers.lanes import LANES, Result, lane_of

EVENTS = 9
SLUGS = [lane.slug for lane in LANES]
COUNTERS = [slug for slug in SLUGS if lane_of(slug).result is Result.COUNTER]
OWN = [
    "retry+transaction+output-topic",
    "retry+commit-first+counter",
    "retry+transaction+deduplicating",
    "retry+two-phase+counter",
    "fire-and-forget+offsets-in-sink+deduplicating",
    "idempotent+offsets-in-sink+counter",
    "fire-and-forget+transaction+output-topic",
    "transactional+process-first+deduplicating",
]
"""Lanes of the user's own whose parts meet nowhere in the table."""

VERBS = ["step"] * 7 + ["kill", "kill", "expire", "lose request", "lose acknowledgement"]
actions = st.lists(
    st.tuples(st.sampled_from([*VERBS, "poll", "poll"]), st.integers(0, 3)), max_size=80
)


@pytest.fixture(autouse=True, scope="module")
def pieces() -> Iterator[None]:
    """Everything is read in pieces of a few rows, so a count of everything has many too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger_reader, "ROWS_AT_ONCE", 8)
        patch.setattr(log_reader, "BATCHES_AT_ONCE", 4)
        yield


@contextmanager
def history_of(slug: str, *, prompt: bool = True) -> Iterator[History]:
    with tempfile.TemporaryDirectory() as directory:
        world = LaneWorld(Path(directory), slug, producers=2, partitions=3, events=EVENTS)
        try:
            yield History(world, events=EVENTS, consumers=2, prompt=prompt)
        finally:
            world.close()


def play(history: History, moves: list[tuple[str, int]]) -> None:
    """Carries the moves out; a fault at number n of the list is fault n."""
    slots = history.slots()
    for number, (verb, which) in enumerate(moves, 1):
        if verb == "step":
            history.step(slots[which])
        elif verb == "kill":
            history.kill(slots[which], number)
        elif verb == "expire":
            history.expire(slots[which], number)
        elif verb == "lose request":
            history.lose(slots[which], MarkKind.REQUEST_LOSS, number)
        elif verb == "lose acknowledgement":
            history.lose(slots[which], MarkKind.ACK_LOSS, number)
        else:
            look(history)


def look(history: History) -> None:
    """A round in the middle: what it says is true already, and nothing is called lost early."""
    history.look()
    truth = history.truth
    counts = history.world.poll().counts()
    assert counts.in_flight >= 0
    assert counts.unattributed == counts.dirty_reads == 0
    assert counts.effects == counts.delivered_unique + counts.duplicates
    assert counts.delivered_unique <= delivered(truth)
    if not history.world.output:
        assert counts.delivered_unique == delivered(truth)
    if not history.world.lane.own:
        assert counts.lost <= truth.lost_by.total()


def delivered(truth: Truth) -> int:
    return sum(1 for times in truth.effects.values() if times)


def check(counts: LaneCounts, truth: Truth) -> None:
    assert counts.offered == 2 * EVENTS
    assert counts.delivered_unique == delivered(truth)
    assert counts.effects == truth.effects.total()
    assert counts.duplicates == truth.effects.total() - delivered(truth)
    assert counts.appended == len(truth.appended)
    assert counts.duplicates_in_log == truth.appended.total() - len(truth.appended)
    assert counts.lost == 2 * EVENTS - delivered(truth)
    assert counts.suppressed == truth.suppressed
    assert counts.aborted_attempts == truth.aborted
    assert counts.in_flight == counts.phantoms == counts.aborted_reads == 0
    assert counts.unattributed == counts.dirty_reads == 0


def check_causes(auditor: LaneAuditor, truth: Truth) -> None:
    """Each fault caused just what it did."""
    caused = auditor.caused()
    lost = {fault: effects.lost for fault, effects in caused.items() if effects.lost}
    duplicates = {fault: e.duplicates for fault, e in caused.items() if e.duplicates}
    assert lost == {fault: count for fault, count in truth.lost_by.items() if count}
    assert duplicates == dict(truth.duplicated_by)


def check_sums(auditor: LaneAuditor) -> None:
    """What the faults caused adds up to what was lost and repeated."""
    caused, counts = auditor.caused().values(), auditor.counts()
    assert sum(effects.lost for effects in caused) == counts.lost
    assert sum(effects.duplicates for effects in caused) == counts.duplicates
    assert sum(effects.suppressed for effects in caused) == counts.suppressed
    ranges = auditor.new_anomalies()
    assert sum(a.count for a in ranges if a.kind.startswith("lost")) == counts.lost
    assert all(a.fault_id is not None and a.incarnation is not None for a in ranges)


@pytest.mark.parametrize("slug", SLUGS)
@settings(max_examples=40, deadline=None)
@given(moves=actions, prompt=st.booleans())
def test_rounds_anywhere_give_the_same_as_one_count_of_everything(
    slug: str, moves: list[tuple[str, int]], prompt: bool
) -> None:
    with history_of(slug, prompt=prompt) as history:
        play(history, moves)
        history.drain()
        live = history.world.agreed()
        check(live.counts(), history.truth)
        check_causes(history.world.final(), history.truth)
        if prompt:
            check_causes(live, history.truth)
        check_sums(live)
        assert live.check_counters() is None
        assert judge(history.world.lane, live.counts(), 1, True)[0] is Verdict.HOLDS


@pytest.mark.parametrize("slug", OWN)
@settings(max_examples=15, deadline=None)
@given(moves=actions)
def test_lanes_of_ones_own_are_counted_as_well(slug: str, moves: list[tuple[str, int]]) -> None:
    with history_of(slug) as history:
        play(history, moves)
        history.drain()
        live = history.world.agreed()
        check(live.counts(), history.truth)
        check_sums(live)
        assert judge(history.world.lane, live.counts(), 1, True)[0] is Verdict.HOLDS


@pytest.mark.parametrize("slug", [slug for slug in SLUGS if slug not in COUNTERS])
@settings(max_examples=30, deadline=None)
@given(moves=actions)
def test_a_concurrent_reader_is_shown_every_output_once(
    slug: str, moves: list[tuple[str, int]]
) -> None:
    with history_of(slug) as history:
        play(history, moves)
        history.drain()
        counts = history.world.agreed().counts()
        assert counts.committed_reads == history.truth.effects.total()
        assert counts.dirty_reads == 0


@settings(max_examples=30, deadline=None)
@given(moves=actions)
def test_time_in_doubt_is_counted_to_the_nanosecond(moves: list[tuple[str, int]]) -> None:
    with history_of("two-phase-commit") as history:
        play(history, moves)
        history.drain()
        live = history.world.agreed()
        blocked_ns = history.truth.blocked_ns
        assert live.blocked_ns() == (sum(blocked_ns), max(blocked_ns))
        assert history.world.final().blocked_ns() == live.blocked_ns()


@pytest.mark.parametrize("slug", COUNTERS)
@settings(max_examples=10, deadline=None)
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
