"""What may yet be delivered is in flight and never called lost."""

from __future__ import annotations

import pytest

from bench_gui.bench.audit.auditor import compare
from tests.bench.planted import C1, C2, P1, P2, MakeWorld, kinds, produced


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
