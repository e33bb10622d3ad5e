"""Each thing that can befall an event, planted in a lane's files, is found by all three counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench_gui.bench.audit.attribution import FaultEffects
from bench_gui.bench.audit.auditor import LaneAuditor, compare
from bench_gui.bench.audit.columns import Rows
from bench_gui.bench.audit.ledger_reader import ReadLater
from bench_gui.bench.audit.recount import disagreement
from bench_gui.bench.audit.verdict import judge
from bench_gui.bench.snapshot import AnomalyRange, Verdict
from tests.bench.lane_world import LaneWorld
from workers.files import LaneFiles

P1, P2, P3 = 1, 2, 3
"""Incarnations of the producer."""
C1, C2, C3 = 11, 12, 13
"""Incarnations of the consumer."""

MakeWorld = Callable[..., LaneWorld]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[MakeWorld]:
    """Makes the world of a lane; closed at the end."""
    made: list[LaneWorld] = []

    def make(slug: str, **options: object) -> LaneWorld:
        made.append(LaneWorld(tmp_path, slug, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()


def produced(world: LaneWorld, events: int = 20) -> LaneWorld:
    """Every event is in the log of partition 0, at the offset of its sequence."""
    if world.lane.producer.transactional:
        transaction = world.begin(world.files.clicks, P1)
        world.append(0, 0, events, P1, transaction=transaction)
        world.decide(world.files.clicks, transaction, "committed")
    else:
        world.append(0, 0, events, P1)
    world.advance_position(0, events, P1)
    world.end(P1, "producer", acked=events)
    return world


def kinds(found: list[AnomalyRange]) -> list[tuple[str, int, int, int | None]]:
    """Kind, first and last sequence, fault."""
    return [(a.kind, a.first_sequence, a.last_sequence, a.fault_id) for a in found]


def test_a_lane_without_fault_has_everything_once(world: MakeWorld) -> None:
    lane = produced(world("at-least-once"))
    lane.apply(0, 0, 20, C1)
    lane.commit_offset(0, 20, C1)
    lane.end(C1, "consumer")
    counts = lane.agreed().counts()
    assert (counts.offered, counts.appended, counts.delivered_unique, counts.effects) == (20,) * 4
    assert counts.lost == counts.duplicates == counts.in_flight == counts.unattributed == 0
    assert counts.counter_error == 0
    assert lane.live.check_counters() is None
    assert lane.live.new_anomalies() == []
    assert lane.live.lag() == 0


def test_files_that_are_not_there_yet_are_empty(tmp_path: Path, world: MakeWorld) -> None:
    lane = world("at-least-once")
    other = LaneFiles(tmp_path / "elsewhere")
    auditor = LaneAuditor(lane.lane, other, lane.settings, lane.timetable)
    assert auditor.poll({}, lane.now_ns, lambda: lane.sources_end_ns)
    assert auditor.counts().in_flight == auditor.counts().offered == 20


def test_an_event_taken_out_of_the_sink_is_lost_after_the_log(world: MakeWorld) -> None:
    lane = produced(world("at-least-once"))
    lane.apply(0, 0, 7, C1)
    lane.apply(0, 8, 12, C1, offset=8)
    lane.commit_offset(0, 20, C1)
    lane.end(C1, "consumer", fault=5)
    counts = lane.agreed().counts()
    assert counts.lost_after_log == 1
    assert counts.counter_error == 1
    assert kinds(lane.live.new_anomalies()) == [("lost after the log", 7, 7, 5)]
    assert lane.live.caused() == {5: FaultEffects(lost=1)}
    assert judge(lane.lane, counts, 1, True)[0] is Verdict.BROKEN


def test_an_event_applied_twice_is_a_duplicate(world: MakeWorld) -> None:
    lane = produced(world("at-most-once"))
    lane.apply(0, 0, 10, C1)
    lane.end(C1, "consumer", fault=3)
    lane.apply(0, 8, 12, C2, offset=8)
    lane.commit_offset(0, 20, C2)
    lane.end(C2, "consumer")
    counts = lane.agreed().counts()
    assert (counts.duplicates, counts.redelivered, counts.effects) == (2, 2, 22)
    assert counts.counter_error == 2
    assert kinds(lane.live.new_anomalies()) == [("redelivered", 8, 9, 3)]
    assert lane.live.caused() == {3: FaultEffects(duplicates=2)}
    assert judge(lane.lane, counts, 1, True)[0] is Verdict.BROKEN


def test_an_event_whose_position_passed_and_is_in_no_record_is_lost_before_the_log(
    world: MakeWorld,
) -> None:
    lane = world("at-most-once")
    lane.advance_position(0, 10, P1)
    lane.append(0, 0, 10, P1)
    lane.advance_position(0, 14, P1)
    lane.end(P1, "producer", fault=2, acked=10)
    lane.advance_position(0, 20, P2)
    lane.append(0, 14, 6, P2)
    lane.end(P2, "producer", acked=20)
    lane.commit_offset(0, 16, C1)
    lane.apply(0, 0, 10, C1)
    lane.apply(0, 14, 6, C1, offset=10)
    lane.end(C1, "consumer")
    counts = lane.agreed().counts()
    assert counts.lost_before_log == counts.lost == 4
    assert kinds(lane.live.new_anomalies()) == [("lost before the log", 10, 13, 2)]
    assert judge(lane.lane, counts, 1, True) == (
        Verdict.HOLDS,
        "nothing forbidden seen in 1 fault that could hurt; 4 lost, as this lane allows",
    )


@pytest.mark.parametrize(("slot", "sequence"), [(0, 20), (0, 1_000_000), (1, 0), (-1, 3), (0, -2)])
def test_an_effect_of_an_event_that_never_was_is_a_phantom(
    world: MakeWorld, slot: int, sequence: int
) -> None:
    lane = produced(world("at-least-once"))
    lane.apply(0, 0, 20, C1)
    lane.apply(slot, sequence, 1, C1, offset=3)
    lane.commit_offset(0, 20, C1)
    lane.end(C1, "consumer")
    counts = lane.poll().counts()
    assert counts.phantoms == 1
    counts = lane.agreed().counts()
    assert (counts.phantoms, counts.delivered_unique, counts.duplicates) == (1, 20, 0)
    assert kinds(lane.live.new_anomalies()) == [("phantom", sequence, sequence, None)]
    assert judge(lane.lane, counts, 1, True)[0] is Verdict.BROKEN


def test_an_offset_committed_too_far_loses_what_it_skips(world: MakeWorld) -> None:
    lane = world("at-least-once")
    lane.append(0, 0, 10, P1)
    lane.advance_position(0, 10, P1)
    lane.apply(0, 0, 10, C1)
    lane.commit_offset(0, 12, C1)
    lane.end(C1, "consumer", fault=9)
    assert lane.poll().counts().lost == 0
    lane.append(0, 10, 10, P1)
    lane.advance_position(0, 20, P1)
    lane.end(P1, "producer", acked=20)
    lane.apply(0, 12, 8, C2, offset=12)
    lane.commit_offset(0, 20, C2)
    lane.end(C2, "consumer")
    counts = lane.agreed().counts()
    assert counts.lost_after_log == 2
    assert kinds(lane.live.new_anomalies()) == [("lost after the log", 10, 11, 9)]


def test_an_effect_of_an_aborted_record_is_an_aborted_read(world: MakeWorld) -> None:
    lane = world("at-least-once")
    aborted = lane.begin(lane.files.clicks, P1)
    lane.append(0, 0, 5, P1, transaction=aborted)
    lane.apply(0, 2, 2, C1, offset=2)
    lane.decide(lane.files.clicks, aborted, "aborted")
    assert lane.poll().counts().aborted_reads == 2
    lane.append(0, 0, 20, P2)
    lane.advance_position(0, 20, P2)
    lane.apply(0, 0, 20, C1, offset=5)
    lane.commit_offset(0, 25, C1)
    for number, role in ((P1, "producer"), (P2, "producer"), (C1, "consumer")):
        lane.end(number, role, acked=20)
    counts = lane.agreed().counts()
    assert (counts.aborted_reads, counts.aborted_attempts) == (2, 5)
    assert (counts.delivered_unique, counts.duplicates, counts.effects) == (20, 0, 22)
    assert lane.live.check_counters() is None
    assert judge(lane.lane, counts, 1, True)[0] is Verdict.BROKEN


def test_an_output_of_an_aborted_record_is_an_aborted_read(world: MakeWorld) -> None:
    lane = world("exactly-once", events=5)
    transaction = lane.begin(lane.files.clicks, P1)
    lane.append(0, 0, 5, P1, transaction=transaction)
    lane.decide(lane.files.clicks, transaction, "aborted")
    lane.output_records(0, 3, 1, C1)
    lane.end(P1, "producer")
    lane.end(C1, "consumer")
    assert lane.agreed().counts().aborted_reads == 1


def test_an_aborted_attempt_is_invisible(world: MakeWorld) -> None:
    lane = produced(world("exactly-once"))
    first = lane.begin(lane.files.results, C1)
    lane.output_records(0, 0, 6, C1, transaction=first)
    assert lane.poll().counts().delivered_unique == 0
    lane.end(C1, "consumer", fault=1)
    lane.decide(lane.files.results, first, "aborted")
    second = lane.begin(lane.files.results, C2)
    lane.output_records(0, 0, 20, C2, transaction=second)
    lane.commit_offset(0, 20, C2)
    lane.decide(lane.files.results, second, "committed")
    lane.end(C2, "consumer")
    counts = lane.agreed().counts()
    assert (counts.effects, counts.aborted_attempts, counts.counter_error) == (20, 6, 0)
    assert judge(lane.lane, counts, 1, True)[0] is Verdict.HOLDS


def test_an_output_made_twice_is_a_duplicate_of_the_first_ones_fault(world: MakeWorld) -> None:
    lane = produced(world("exactly-once"))
    lane.output_records(0, 0, 20, C1)
    lane.end(C1, "consumer", fault=4)
    lane.output_records(0, 18, 2, C2)
    lane.commit_offset(0, 20, C2)
    lane.end(C2, "consumer")
    counts = lane.agreed().counts()
    assert (counts.duplicates, counts.redelivered, counts.counter_error) == (2, 2, 2)
    assert kinds(lane.live.new_anomalies()) == [("redelivered", 18, 19, 4)]
    assert judge(lane.lane, counts, 1, True)[0] is Verdict.BROKEN


def test_a_duplicate_in_the_log_and_its_effect_name_the_producers_fault(world: MakeWorld) -> None:
    lane = world("at-least-once")
    lane.append(0, 0, 8, P1)
    lane.end(P1, "producer", fault=6)
    lane.append(0, 0, 20, P2, partition=1)
    lane.advance_position(0, 20, P2)
    lane.end(P2, "producer", acked=20)
    lane.apply(0, 0, 20, C1, partition=1)
    lane.apply(0, 0, 8, C1, partition=0)
    lane.commit_offset(0, 8, C1)
    lane.commit_offset(1, 20, C1)
    lane.end(C1, "consumer")
    counts = lane.agreed().counts()
    assert (counts.duplicates_in_log, counts.duplicates, counts.redelivered) == (8, 8, 0)
    assert counts.unattributed == counts.recovered == 0
    assert kinds(lane.live.new_anomalies()) == [("duplicate in the log", 0, 7, 6)]
    assert lane.live.caused() == {6: FaultEffects(duplicates=8)}


def test_a_redelivery_is_suppressed_and_changes_no_counter(world: MakeWorld) -> None:
    lane = produced(world("idempotent-consumer"))
    lane.apply(0, 0, 12, C1)
    lane.end(C1, "consumer", fault=8)
    lane.apply(0, 0, 12, C2, applied=False)
    lane.apply(0, 12, 8, C2, offset=12)
    lane.commit_offset(0, 20, C2)
    lane.end(C2, "consumer")
    counts = lane.agreed().counts()
    assert (counts.suppressed, counts.redelivered, counts.duplicates) == (12, 12, 0)
    assert counts.counter_error == 0
    assert kinds(lane.live.new_anomalies()) == [("suppressed", 0, 11, 8)]
    assert lane.live.caused() == {8: FaultEffects(suppressed=12)}
    verdict, reason = judge(lane.lane, counts, 2, True)
    assert verdict is Verdict.HOLDS
    assert "12 redeliveries, as this lane allows" in reason


def test_delivered_without_an_acknowledgement_is_recovered(world: MakeWorld) -> None:
    lane = world("at-least-once")
    lane.append(0, 0, 10, P1)
    lane.append(0, 10, 5, P1)
    lane.advance_position(0, 15, P1)
    assert lane.poll().counts().recovered == 0
    lane.end(P1, "producer", fault=1, acked=10)
    lane.append(0, 15, 5, P2)
    lane.advance_position(0, 20, P2)
    lane.end(P2, "producer", acked=20)
    lane.apply(0, 0, 20, C1)
    lane.commit_offset(0, 20, C1)
    lane.end(C1, "consumer")
    assert lane.agreed().counts().recovered == 5


def test_each_kill_of_a_chain_answers_for_its_own(world: MakeWorld) -> None:
    lane = produced(world("at-least-once"))
    for incarnation, fault in ((C1, 21), (C2, 22), (C3, None)):
        lane.apply(0, 0, 5, incarnation)
        lane.end(incarnation, "consumer", fault=fault)
    lane.apply(0, 5, 15, C3, offset=5)
    lane.commit_offset(0, 20, C3)
    counts = lane.agreed().counts()
    assert (counts.duplicates, counts.unattributed) == (10, 0)
    assert lane.live.caused() == {
        21: FaultEffects(duplicates=5),
        22: FaultEffects(duplicates=5),
    }


def test_rows_that_follow_each_other_by_sequence_only_are_no_stretch(world: MakeWorld) -> None:
    lane = world("at-least-once")
    lane.append(0, 0, 4, P1)
    lane.append(0, 0, 20, P2)
    lane.advance_position(0, 20, P2)
    lane.apply(0, 0, 2, C1, offset=0)
    lane.apply(0, 2, 18, C1, offset=6)
    lane.apply(0, 2, 2, C1, offset=2)
    lane.apply(0, 0, 2, C1, offset=4)
    lane.apply(0, 2, 1, C1, offset=6)
    lane.end(P1, "producer", fault=1)
    counts = lane.agreed().counts()
    assert (counts.duplicates, counts.redelivered) == (5, 1)


def test_a_chain_of_producers_each_answers_for_its_own(world: MakeWorld) -> None:
    lane = world("at-least-once")
    for incarnation, fault in ((P1, 31), (P2, 32), (P3, None)):
        lane.append(0, 0, 4, incarnation)
        lane.end(incarnation, "producer", fault=fault)
    lane.append(0, 4, 16, P3)
    lane.advance_position(0, 20, P3)
    lane.apply(0, 0, 4, C1, offset=0)
    lane.apply(0, 0, 4, C1, offset=4)
    lane.apply(0, 0, 4, C1, offset=8)
    lane.apply(0, 4, 16, C1, offset=12)
    lane.commit_offset(0, 28, C1)
    lane.end(C1, "consumer")
    counts = lane.agreed().counts()
    assert (counts.duplicates_in_log, counts.duplicates, counts.unattributed) == (8, 8, 0)
    assert lane.live.caused() == {31: FaultEffects(duplicates=4), 32: FaultEffects(duplicates=4)}


def test_what_no_death_explains_is_unattributed_and_said_so(world: MakeWorld) -> None:
    lane = produced(world("at-least-once"))
    lane.apply(0, 0, 10, C1)
    lane.apply(0, 9, 1, C1, offset=9)
    lane.commit_offset(0, 15, C1)
    lane.apply(0, 15, 5, C1, offset=15)
    lane.commit_offset(0, 20, C1)
    lane.end(C1, "consumer", fault=2)
    counts = lane.agreed().counts()
    assert (counts.lost_after_log, counts.duplicates, counts.unattributed) == (5, 1, 6)
    assert lane.live.caused() == {}
    assert "6 unattributed" in judge(lane.lane, counts, 1, True)[1]


def test_an_end_that_is_told_late_is_waited_for(world: MakeWorld) -> None:
    lane = produced(world("at-least-once"))
    lane.apply(0, 0, 5, C1)
    lane.apply(0, 0, 20, C2)
    lane.poll()
    assert lane.live.counts().duplicates == 5
    assert lane.live.counts().unattributed == 0
    assert lane.live.new_anomalies() == []
    lane.end(C1, "consumer", fault=7)
    lane.poll()
    assert kinds(lane.live.new_anomalies()) == [("redelivered", 0, 4, 7)]
    lane.commit_offset(0, 20, C2)
    lane.end(C2, "consumer")
    assert lane.agreed().counts().unattributed == 0


@pytest.mark.parametrize("slug", ["at-most-once", "at-least-once", "exactly-once"])
def test_in_flight_is_not_lost_while_its_worker_lives(world: MakeWorld, slug: str) -> None:
    lane = produced(world(slug))
    lane.commit_offset(0, 20, C1)
    assert lane.poll().counts().lost == 0
    assert lane.live.counts().in_flight == 20
    lane.end(C1, "consumer", fault=1)
    assert lane.poll().counts().lost_after_log == 20


def test_taken_is_not_lost_while_its_producer_lives(world: MakeWorld) -> None:
    lane = world("at-most-once")
    lane.advance_position(0, 8, P1)
    assert lane.poll().counts().lost == 0
    lane.end(P1, "producer", fault=1)
    assert lane.poll().counts().lost_before_log == 8


def test_a_committed_record_behind_an_open_transaction_is_in_flight(world: MakeWorld) -> None:
    lane = world("exactly-once", producers=2, events=6)
    blocking = lane.begin(lane.files.clicks, P1)
    lane.append(0, 0, 6, P1, transaction=blocking)
    committed = lane.begin(lane.files.clicks, P2)
    lane.append(1, 0, 6, P2, transaction=committed)
    lane.decide(lane.files.clicks, committed, "committed")
    lane.advance_position(1, 6, P2)
    lane.end(P2, "producer", 1, acked=6)
    assert lane.poll().counts().lost == 0
    assert lane.live.counts().appended == 0
    assert lane.recount().totals.lost_before_log == 0
    lane.decide(lane.files.clicks, blocking, "aborted")
    assert lane.poll().counts().appended == 6


def test_an_output_behind_an_open_transaction_is_in_flight(world: MakeWorld) -> None:
    lane = produced(world("exactly-once"))
    blocking = lane.begin(lane.files.results, C1)
    lane.output_records(0, 0, 3, C1, transaction=blocking)
    committed = lane.begin(lane.files.results, C2)
    lane.output_records(0, 0, 20, C2, transaction=committed)
    lane.commit_offset(0, 20, C2)
    lane.decide(lane.files.results, committed, "committed")
    lane.end(C2, "consumer")
    counts = lane.poll().counts()
    assert (counts.lost, counts.delivered_unique, counts.in_flight) == (0, 0, 20)
    assert lane.recount().totals.in_flight == 20
    lane.decide(lane.files.results, blocking, "aborted")
    lane.end(C1, "consumer", fault=1)
    assert lane.agreed().counts().delivered_unique == 20


def test_a_record_passed_over_before_it_could_be_read_is_lost_when_it_can_be(
    world: MakeWorld,
) -> None:
    lane = world("at-most-once", events=4)
    open_ = lane.begin(lane.files.clicks, P1)
    lane.append(0, 0, 4, P1, transaction=open_)
    lane.advance_position(0, 4, P1)
    lane.end(P1, "producer", acked=4)
    lane.commit_offset(0, 4, C1)
    lane.end(C1, "consumer", fault=3)
    assert lane.poll().counts().lost == 0
    lane.decide(lane.files.clicks, open_, "committed")
    assert lane.agreed().counts().lost_after_log == 4
    assert kinds(lane.live.new_anomalies()) == [("lost after the log", 0, 3, 3)]


def test_a_position_that_went_back_leaves_its_events_in_flight(world: MakeWorld) -> None:
    lane = produced(world("at-least-once"))
    lane.commit_offset(0, 12, C1)
    lane.commit_offset(0, 4, C1)
    lane.end(C1, "consumer", fault=1)
    counts = lane.agreed().counts()
    assert (counts.lost_after_log, counts.in_flight) == (4, 16)


def test_closed_loop_offers_what_was_taken(world: MakeWorld) -> None:
    lane = world("at-most-once", open_loop=False)
    lane.advance_position(0, 9, P1)
    lane.append(0, 0, 6, P1)
    lane.end(P1, "producer", fault=1, acked=6)
    lane.commit_offset(0, 6, C1)
    lane.apply(0, 0, 6, C1)
    lane.end(C1, "consumer")
    counts = lane.agreed().counts()
    assert (counts.offered, counts.delivered_unique, counts.lost_before_log) == (9, 6, 3)
    assert lane.live.take_bucket_histogram().count == 6


def test_latency_runs_from_the_due_time_to_the_first_effect(world: MakeWorld) -> None:
    lane = produced(world("at-least-once"))
    lane.apply(0, 0, 1, C1)
    effect_ns = lane.now_ns
    lane.apply(0, 0, 1, C2)
    lane.poll()
    bucket = lane.live.take_bucket_histogram()
    assert (bucket.count, bucket.max_ns) == (1, effect_ns - lane.timetable.start_ns)
    assert lane.live.take_bucket_histogram().count == 0
    assert lane.live.total_histogram.count == 1


def test_delivered_never_exceeds_offered(world: MakeWorld) -> None:
    lane = produced(world("at-least-once"))
    lane.apply(0, 0, 20, C1)
    lane.commit_offset(0, 20, C1)
    early = lane.auditor()
    for now_ns in range(lane.timetable.start_ns, lane.sources_end_ns, 7_000_000):
        assert early.poll({}, now_ns, lambda: None)
        counts = early.counts()
        assert counts.delivered_unique <= counts.offered
        assert counts.in_flight >= 0


def test_lag_counts_readable_records_without_a_committed_offset(world: MakeWorld) -> None:
    lane = produced(world("at-least-once"))
    lane.append(0, 0, 3, P2, partition=1)
    assert lane.poll().lag() == 23
    lane.commit_offset(0, 15, C1)
    assert lane.poll().lag() == 8


def test_counters_that_the_ledger_does_not_explain_are_found(world: MakeWorld) -> None:
    lane = produced(world("at-least-once"))
    lane.apply(0, 0, 20, C1)
    assert lane.poll().check_counters() is None
    link = lane.link(0, 0)
    lane.write(lane.files.sink, "UPDATE links SET clicks = clicks + 1 WHERE link_id = ?", link)
    sentence = lane.poll().check_counters()
    assert sentence is not None
    assert f"link {link} " in sentence
    lane.write(lane.files.sink, "INSERT INTO links VALUES (1234567, 3)")
    assert "1234567" in (lane.poll().check_counters() or "")


def test_live_and_final_that_differ_in_one_event_are_told_apart(world: MakeWorld) -> None:
    lane = produced(world("at-least-once"))
    lane.apply(0, 0, 20, C1)
    lane.poll().finish()
    assert compare(lane.live, lane.final()) is None
    lane.write(lane.files.sink, "UPDATE effects SET count = 19")
    assert compare(lane.live, lane.final()) == (
        "event 19 of source 0: effects is 1 in the live count and 0 in the final count"
    )


def test_a_count_and_a_recount_that_differ_in_one_event_are_told_apart(world: MakeWorld) -> None:
    lane = produced(world("at-least-once"))
    lane.apply(0, 0, 20, C1)
    lane.poll().finish()
    assert disagreement(lane.live, lane.recount()) is None
    lane.apply(0, 4, 1, C2, offset=4)
    assert disagreement(lane.live, lane.recount()) == (
        "event 4 of source 0 has 1 effects and in the recount 2"
    )


def test_an_event_called_lost_and_delivered_afterwards_is_a_disagreement(world: MakeWorld) -> None:
    lane = produced(world("at-most-once"))
    lane.commit_offset(0, 20, C1)
    lane.end(C1, "consumer", fault=1)
    assert lane.poll().counts().lost == 20
    lane.apply(0, 0, 20, C1)
    counts = lane.poll().counts()
    assert counts.in_flight == 0
    assert "was called lost" in (compare(lane.live, lane.final()) or "")


def test_an_event_seen_in_an_open_transaction_before_it_was_due_is_waiting_like_any_other(
    world: MakeWorld,
) -> None:
    lane = world("exactly-once", partitions=1)
    clicks, results = lane.files.clicks, lane.files.results
    appending = lane.begin(clicks, P1)
    lane.append(0, 0, 3, P1, transaction=appending)
    assert lane.live.poll({}, lane.timetable.start_ns, lambda: lane.sources_end_ns)
    lane.advance_position(0, 3, P1)
    lane.decide(clicks, appending, "committed")
    lane.poll()
    left_open = lane.begin(results, C1)
    lane.output_records(0, 0, 1, C1, transaction=left_open)
    committed = lane.begin(results, C2)
    lane.output_records(0, 0, 3, C2, transaction=committed)
    lane.commit_offset(0, 3, C2)
    lane.decide(results, committed, "committed")
    lane.end(P1, "producer", fault=1)
    lane.end(C2, "consumer", fault=2)
    assert lane.poll().counts().lost == 0
    lane.decide(results, left_open, "aborted")
    lane.end(C1, "consumer", fault=3)
    lane.poll().finish()
    assert compare(lane.live, lane.final()) is None


def test_positions_read_before_another_file_was_locked_are_not_forgotten(
    world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    lane = world("at-most-once", producers=2)
    lane.advance_position(0, 5, P1)
    lane.advance_position(1, 5, P2)
    reader = lane.live._files._sources[1]
    read = reader.read

    def locked() -> Rows:
        monkeypatch.setattr(reader, "read", read)
        raise ReadLater("positions-1.db: database is locked")

    monkeypatch.setattr(reader, "read", locked)
    assert not lane.live.poll({}, lane.now_ns, lambda: lane.sources_end_ns)
    lane.end(P1, "producer", 0, fault=1)
    lane.end(P2, "producer", 1, fault=2)
    lane.poll().finish()
    assert compare(lane.live, lane.final()) is None
