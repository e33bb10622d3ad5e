"""The three ways to a database across the log's boundary, and what may go wrong in each."""

from __future__ import annotations

from bench_gui.bench.audit.attribution import FaultEffects
from bench_gui.bench.audit.verdict import judge
from bench_gui.bench.incarnations import MarkKind
from bench_gui.bench.snapshot import Verdict
from tests.bench.lane_world import MILLISECOND_NS, LaneWorld
from tests.bench.planted import C1, C2, P1, MakeWorld, kinds, produced


def log_transaction(lane: LaneWorld, incarnation: int) -> int:
    return lane.begin(lane.files.results, incarnation)


def in_doubt(lane: LaneWorld) -> int:
    """A transaction of C1 over all twenty events, prepared in log and sink."""
    transaction = log_transaction(lane, C1)
    lane.prepare(transaction)
    lane.prepare_sink(transaction, 0, 0, 20, C1)
    return transaction


def commit_all(lane: LaneWorld, transaction: int, incarnation: int) -> None:
    lane.end_prepared(transaction, incarnation)
    lane.commit_offset(0, 20, incarnation)
    lane.decide(lane.files.results, transaction, "committed")


# counters beside the log's transaction


def test_counters_beside_an_aborted_transaction_are_counted_again(world: MakeWorld) -> None:
    lane = produced(world("cross-system"))
    aborted = log_transaction(lane, C1)
    lane.apply(0, 0, 12, C1)
    lane.end(C1, "consumer", fault=3)
    lane.decide(lane.files.results, aborted, "aborted")
    committed = log_transaction(lane, C2)
    lane.apply(0, 0, 20, C2)
    lane.commit_offset(0, 20, C2)
    lane.decide(lane.files.results, committed, "committed")
    lane.end(C2, "consumer")
    counts = lane.agreed().counts()
    assert (counts.duplicates, counts.lost, counts.unattributed) == (12, 0, 0)
    assert lane.live.caused() == {3: FaultEffects(duplicates=12)}
    verdict, reason = judge(lane.lane, counts, 1, True)
    assert verdict is Verdict.HOLDS
    assert "12 counted twice" in reason


# offsets stored with the result


def test_offsets_in_the_sink_are_where_its_lane_stands(world: MakeWorld) -> None:
    lane = produced(world("transactional-sink"))
    lane.apply(0, 0, 12, C1, commit=12)
    assert lane.poll().lag() == 8
    lane.end(C1, "consumer", fault=1)
    lane.apply(0, 12, 8, C2, offset=12, commit=20)
    lane.end(C2, "consumer")
    counts = lane.agreed().counts()
    assert (counts.delivered_unique, counts.lost, counts.duplicates) == (20, 0, 0)
    assert lane.live.lag() == 0
    assert judge(lane.lane, counts, 1, True)[0] is Verdict.HOLDS


def test_an_offset_stored_too_far_loses_what_it_skips(world: MakeWorld) -> None:
    lane = produced(world("transactional-sink"))
    lane.apply(0, 0, 12, C1, commit=15)
    lane.end(C1, "consumer", fault=9)
    lane.apply(0, 15, 5, C2, offset=15, commit=20)
    lane.end(C2, "consumer")
    counts = lane.agreed().counts()
    assert counts.lost_after_log == 3
    assert kinds(lane.live.new_anomalies()) == [("lost after the log", 12, 14, 9)]
    assert judge(lane.lane, counts, 1, True)[0] is Verdict.BROKEN


def test_a_stored_offset_of_a_living_process_has_lost_nothing_yet(world: MakeWorld) -> None:
    lane = produced(world("transactional-sink"))
    lane.apply(0, 0, 12, C1, commit=15)
    assert lane.poll().counts().lost == 0
    totals = lane.recount().totals
    assert (totals.lost_after_log, totals.in_flight) == (0, 8)


def test_a_zombie_that_got_past_the_compare_and_set_breaks_the_lane(world: MakeWorld) -> None:
    lane = produced(world("transactional-sink"))
    lane.apply(0, 0, 12, C1, commit=12)
    lane.mark(C1, MarkKind.EXPIRY, 4)
    lane.apply(0, 12, 8, C2, offset=12, commit=20)
    lane.apply(0, 12, 2, C1, offset=12, commit=14)
    lane.apply(0, 14, 6, C1, offset=14, commit=20)
    for number in (C1, C2):
        lane.end(number, "consumer")
    counts = lane.agreed().counts()
    assert (counts.duplicates, counts.unattributed) == (8, 0)
    assert lane.live.caused() == {4: FaultEffects(duplicates=8)}
    assert judge(lane.lane, counts, 1, True)[0] is Verdict.BROKEN


# two-phase commit


def test_what_is_in_doubt_is_in_flight_and_no_effect(world: MakeWorld) -> None:
    lane = produced(world("two-phase-commit"))
    transaction = in_doubt(lane)
    counts = lane.poll().counts()
    assert (counts.effects, counts.in_flight, counts.lost) == (0, 20, 0)
    assert lane.recount().totals.in_flight == 20
    lane.end(C1, "consumer", fault=2)
    assert lane.poll().counts().lost == 0
    lane.decide_durably(0, transaction, C1)
    commit_all(lane, transaction, C2)
    lane.end(C2, "consumer")
    counts = lane.agreed().counts()
    assert (counts.delivered_unique, counts.duplicates, counts.lost) == (20, 0, 0)
    assert judge(lane.lane, counts, 1, True)[0] is Verdict.HOLDS


def test_prepared_effects_carried_out_twice_are_duplicates(world: MakeWorld) -> None:
    lane = produced(world("two-phase-commit"))
    transaction = in_doubt(lane)
    lane.decide_durably(0, transaction, C1)
    lane.apply(0, 0, 20, C1)
    lane.end(C1, "consumer", fault=2)
    commit_all(lane, transaction, C2)
    lane.end(C2, "consumer")
    counts = lane.agreed().counts()
    assert (counts.duplicates, counts.unattributed) == (20, 0)
    assert lane.live.caused() == {2: FaultEffects(duplicates=20)}
    assert judge(lane.lane, counts, 1, True)[0] is Verdict.BROKEN


def test_a_log_that_commits_what_the_sink_dropped_loses_it(world: MakeWorld) -> None:
    lane = produced(world("two-phase-commit"))
    transaction = in_doubt(lane)
    lane.end(C1, "consumer", fault=2)
    lane.end_prepared(transaction, None)
    lane.commit_offset(0, 20, C2)
    lane.decide(lane.files.results, transaction, "committed")
    lane.end(C2, "consumer", fault=3)
    counts = lane.agreed().counts()
    assert counts.lost_after_log == 20
    assert judge(lane.lane, counts, 1, True)[0] is Verdict.BROKEN


def test_blocked_time_runs_from_prepared_to_ended(world: MakeWorld) -> None:
    lane = produced(world("two-phase-commit"))
    assert lane.poll().blocked_ns() == (0, 0)
    first = in_doubt(lane)
    prepared_ns = lane.now_ns - MILLISECOND_NS
    lane.now_ns += 40 * MILLISECOND_NS
    assert lane.poll().blocked_ns() == (lane.now_ns - prepared_ns,) * 2
    commit_all(lane, first, C1)
    first_ns = lane.now_ns - prepared_ns
    lane.now_ns += 40 * MILLISECOND_NS
    assert lane.poll().blocked_ns() == (first_ns, first_ns)
    ongoing = log_transaction(lane, C2)
    second = log_transaction(lane, P1)
    lane.prepare(second)
    lane.decide(lane.files.results, second, "aborted")
    assert lane.poll().blocked_ns() == (first_ns + MILLISECOND_NS, first_ns)
    lane.prepare(ongoing)
    lane.now_ns += 1000 * MILLISECOND_NS
    total_ns, longest_ns = lane.poll().blocked_ns()
    assert longest_ns == 1000 * MILLISECOND_NS
    assert total_ns == first_ns + MILLISECOND_NS + longest_ns
    assert judge(lane.lane, lane.live.counts(), 1, False)[0] is Verdict.PENDING


def test_where_nothing_is_prepared_nothing_is_blocked(world: MakeWorld) -> None:
    lane = produced(world("cross-system"))
    lane.prepare(log_transaction(lane, C1))
    assert lane.poll().blocked_ns() == (0, 0)
