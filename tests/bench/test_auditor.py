"""Each thing that can befall an event, planted in a lane's files, is found by all three counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench_gui.bench.audit.attribution import FaultEffects
from bench_gui.bench.audit.auditor import LaneAuditor
from bench_gui.bench.audit.verdict import judge
from bench_gui.bench.snapshot import Verdict
from tests.bench.planted import C1, C2, P1, P2, MakeWorld, kinds, produced
from workers.files import LaneFiles


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


def test_closed_loop_knows_a_phantom_once_nothing_more_is_taken(world: MakeWorld) -> None:
    lane = world("at-most-once", open_loop=False)
    lane.advance_position(0, 6, P1)
    lane.append(0, 0, 6, P1)
    lane.end(P1, "producer", acked=6)
    lane.commit_offset(0, 6, C1)
    lane.apply(0, 0, 6, C1)
    lane.apply(0, 6, 1, C1, offset=5)
    lane.end(C1, "consumer")
    assert lane.poll().counts().phantoms == 0
    counts = lane.agreed().counts()
    assert (counts.offered, counts.delivered_unique, counts.phantoms) == (6, 6, 1)
    assert judge(lane.lane, counts, 1, True)[0] is Verdict.BROKEN


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
