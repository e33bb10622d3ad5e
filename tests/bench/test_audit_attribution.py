"""Every lost or repeated event names the fault behind it, and only such a fault."""

from __future__ import annotations

import numpy as np

from bench_gui.bench.audit.anomalies import Kind, Rule, acts_of, places_of
from bench_gui.bench.audit.attribution import WAIT_ROUNDS, FaultEffects
from bench_gui.bench.audit.verdict import judge
from bench_gui.bench.incarnations import IncarnationEnd, MarkKind
from tests.bench.lane_world import LaneWorld
from tests.bench.planted import C1, C2, C3, P1, P2, P3, MakeWorld, kinds, produced


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


SECOND_NS = 1_000_000_000


def zombied(world: MakeWorld) -> LaneWorld:
    """C1 delivers eight events, C2 takes its partition over and delivers all, C1 wakes up."""
    lane = produced(world("at-least-once"))
    lane.apply(0, 0, 8, C1)
    lane.apply(0, 0, 20, C2)
    lane.commit_offset(0, 20, C2)
    lane.apply(0, 8, 3, C1, offset=8)
    return lane


def test_a_zombie_and_its_heir_repeat_because_of_the_expiry(world: MakeWorld) -> None:
    lane = produced(world("at-least-once"))
    lane.apply(0, 0, 8, C1)
    lane.mark(C1, MarkKind.EXPIRY, 12)
    lane.apply(0, 0, 20, C2)
    lane.commit_offset(0, 20, C2)
    lane.apply(0, 8, 3, C1, offset=8)
    assert lane.poll().caused() == {12: FaultEffects(duplicates=11)}
    found = lane.live.new_anomalies()
    assert kinds(found) == [("redelivered", 0, 10, 12)]
    assert {a.incarnation for a in found} == {C1}
    assert found[0].explanation == (
        "11 events: they had been delivered and were delivered again after consumer "
        "(incarnation 11) was silent until its session expired (fault 12)"
    )
    lane.end(C1, "consumer", 1)
    lane.end(C2, "consumer")
    assert lane.agreed().counts().unattributed == 0


def test_without_a_mark_what_a_zombie_did_is_unattributed(world: MakeWorld) -> None:
    lane = zombied(world)
    lane.poll()
    assert lane.live.counts().unattributed == 0
    for _ in range(WAIT_ROUNDS):
        lane.poll()
    assert lane.live.counts().unattributed == 11
    assert lane.live.new_anomalies() == []
    lane.end(C1, "consumer")
    lane.end(C2, "consumer")
    assert lane.agreed().counts().unattributed == 11
    assert lane.live.caused() == {}
    assert "no fault was found" in lane.live.new_anomalies()[0].explanation


def test_a_mark_that_is_told_late_still_explains(world: MakeWorld) -> None:
    lane = zombied(world)
    expired_ns = lane.now_ns - 5_000_000
    for _ in range(WAIT_ROUNDS + 1):
        lane.poll()
    lane.mark(C1, MarkKind.EXPIRY, 12, at_ns=expired_ns)
    assert lane.poll().counts().unattributed == 0
    lane.end(C1, "consumer")
    lane.end(C2, "consumer")
    assert lane.agreed().caused() == {12: FaultEffects(duplicates=11)}


def test_an_expiry_after_the_act_explains_nothing(world: MakeWorld) -> None:
    lane = zombied(world)
    lane.mark(C1, MarkKind.EXPIRY, 12)
    lane.mark(C2, MarkKind.EXPIRY, 13)
    lane.end(C1, "consumer")
    lane.end(C2, "consumer")
    assert lane.agreed().counts().unattributed == 11


def test_a_death_long_after_the_act_explains_nothing(world: MakeWorld) -> None:
    lane = produced(world("at-least-once"))
    lane.apply(0, 0, 8, C1)
    lane.apply(0, 0, 20, C2)
    lane.commit_offset(0, 20, C2)
    lane.now_ns += 3 * SECOND_NS
    lane.end(C1, "consumer", fault=5)
    lane.end(C2, "consumer")
    counts = lane.agreed().counts()
    assert (counts.duplicates, counts.unattributed) == (8, 8)


def test_the_latest_of_several_faults_is_to_blame(world: MakeWorld) -> None:
    lane = produced(world("at-least-once"))
    lane.apply(0, 0, 20, C1)
    lane.mark(C1, MarkKind.EXPIRY, 1)
    lane.mark(C1, MarkKind.EXPIRY, 2)
    lane.apply(0, 0, 5, C2)
    lane.end(C1, "consumer", fault=3)
    lane.apply(0, 5, 5, C2, offset=5)
    lane.mark(C2, MarkKind.EXPIRY, 4)
    lane.apply(0, 10, 5, C2, offset=10)
    lane.commit_offset(0, 20, C2)
    lane.end(C2, "consumer")
    each = FaultEffects(duplicates=5)
    assert lane.agreed().caused() == {2: each, 3: each, 4: each}


def test_a_process_that_repeats_itself_is_not_excused_by_its_own_death(world: MakeWorld) -> None:
    lane = produced(world("at-least-once"))
    lane.apply(0, 0, 20, C1)
    lane.apply(0, 0, 4, C1)
    lane.mark(C1, MarkKind.EXPIRY, 6)
    lane.apply(0, 4, 2, C1, offset=4)
    lane.commit_offset(0, 20, C1)
    lane.end(C1, "consumer", fault=5)
    counts = lane.agreed().counts()
    assert (counts.duplicates, counts.unattributed) == (6, 4)
    assert lane.live.caused() == {6: FaultEffects(duplicates=2)}


def test_a_redelivery_after_an_expiry_is_suppressed_with_its_fault(world: MakeWorld) -> None:
    lane = produced(world("idempotent-consumer"))
    lane.apply(0, 0, 8, C1)
    lane.mark(C1, MarkKind.EXPIRY, 12)
    lane.apply(0, 0, 8, C2, applied=False)
    lane.apply(0, 8, 12, C2, offset=8)
    lane.commit_offset(0, 20, C2)
    lane.end(C1, "consumer")
    lane.end(C2, "consumer")
    assert lane.agreed().caused() == {12: FaultEffects(suppressed=8)}
    assert kinds(lane.live.new_anomalies()) == [("suppressed", 0, 7, 12)]


def test_an_append_made_again_by_the_same_process_is_its_lost_acknowledgements(
    world: MakeWorld,
) -> None:
    lane = world("at-least-once")
    for fault in (7, 8):
        lane.append(0, 0, 6, P1)
        lane.mark(P1, MarkKind.ACK_LOSS, fault, events=(0, 0, 6))
    lane.append(0, 0, 6, P1)
    lane.append(0, 6, 14, P1)
    lane.mark(P1, MarkKind.ACK_LOSS, 9, events=(0, 6, 20))
    lane.advance_position(0, 20, P1)
    lane.apply(0, 0, 6, C1, offset=0)
    lane.apply(0, 0, 6, C1, offset=6)
    lane.apply(0, 0, 6, C1, offset=12)
    lane.apply(0, 6, 14, C1, offset=18)
    lane.commit_offset(0, 32, C1)
    assert lane.poll().counts().duplicates == 12
    each = FaultEffects(duplicates=6)
    assert lane.live.caused() == {7: each, 8: each}
    found = lane.live.new_anomalies()
    assert kinds(found) == [("duplicate in the log", 0, 5, 7), ("duplicate in the log", 0, 5, 8)]
    assert found[0].explanation.endswith(
        "because an acknowledgement to producer 0 (incarnation 1) was lost (fault 7)"
    )
    lane.end(P1, "producer", acked=20)
    lane.end(C1, "consumer")
    assert lane.agreed().counts().unattributed == 0


def test_an_append_made_again_without_a_lost_acknowledgement_is_unattributed(
    world: MakeWorld,
) -> None:
    lane = produced(world("at-least-once"))
    lane.append(0, 0, 2, P1)
    lane.mark(P1, MarkKind.ACK_LOSS, 9, events=(0, 1, 2))
    lane.mark(P2, MarkKind.ACK_LOSS, 10, events=(0, 0, 1))
    lane.apply(0, 0, 20, C1)
    lane.apply(0, 0, 2, C1, offset=20)
    lane.commit_offset(0, 22, C1)
    lane.end(C1, "consumer")
    counts = lane.agreed().counts()
    assert (counts.duplicates, counts.unattributed) == (2, 1)


def test_a_lost_request_loses_what_a_producer_does_not_send_again(world: MakeWorld) -> None:
    lane = world("at-most-once")
    lane.advance_position(0, 5, P1)
    lane.mark(P1, MarkKind.REQUEST_LOSS, 3, events=(0, 0, 5))
    lane.advance_position(0, 9, P1)
    lane.append(0, 5, 4, P1)
    lane.advance_position(0, 20, P1)
    lane.mark(P1, MarkKind.REQUEST_LOSS, 4, events=(0, 9, 18))
    lane.end(P1, "producer", fault=5, acked=9)
    lane.commit_offset(0, 4, C1)
    lane.apply(0, 5, 4, C1)
    lane.end(C1, "consumer")
    counts = lane.agreed().counts()
    assert (counts.lost_before_log, counts.unattributed) == (16, 0)
    assert lane.live.caused() == {
        3: FaultEffects(lost=5),
        4: FaultEffects(lost=9),
        5: FaultEffects(lost=2),
    }
    first = lane.live.new_anomalies()[0]
    assert first.explanation.endswith(
        "because a request of producer 0 (incarnation 1) was lost (fault 3)"
    )


def test_a_lost_request_excuses_no_loss_of_a_producer_that_sends_again(world: MakeWorld) -> None:
    lane = world("at-least-once")
    lane.mark(P1, MarkKind.REQUEST_LOSS, 3, events=(0, 0, 5))
    lane.advance_position(0, 5, P1)
    lane.advance_position(0, 20, P1)
    lane.append(0, 5, 15, P1)
    lane.end(P1, "producer", acked=20)
    lane.commit_offset(0, 15, C1)
    lane.apply(0, 5, 15, C1)
    lane.end(C1, "consumer")
    counts = lane.agreed().counts()
    assert (counts.lost_before_log, counts.unattributed) == (5, 5)


def test_an_output_of_an_event_that_the_log_holds_twice_has_the_logs_fault(
    world: MakeWorld,
) -> None:
    lane = world("retry+transaction+output-topic")
    lane.append(0, 0, 20, P1)
    lane.advance_position(0, 20, P1)
    lane.output_records(0, 0, 20, C1)
    lane.output_records(0, 0, 4, C2)
    assert lane.poll().counts().duplicates == 4
    lane.append(0, 0, 4, P1)
    lane.mark(P1, MarkKind.ACK_LOSS, 7, at_ns=lane.now_ns - 1, events=(0, 0, 4))
    assert lane.poll().caused() == {7: FaultEffects(duplicates=4)}
    lane.commit_offset(0, 24, C2)
    for number, role in ((P1, "producer"), (C1, "consumer"), (C2, "consumer")):
        lane.end(number, role, acked=20)
    assert lane.agreed().counts().unattributed == 0


def test_an_appender_that_repeats_itself_is_not_excused_by_its_own_death(world: MakeWorld) -> None:
    lane = world("at-least-once")
    lane.append(0, 0, 20, P1)
    lane.append(0, 0, 3, P1)
    lane.advance_position(0, 20, P1)
    lane.end(P1, "producer", fault=5, acked=20)
    lane.apply(0, 0, 20, C1)
    lane.apply(0, 0, 3, C1, offset=20)
    lane.commit_offset(0, 23, C1)
    lane.end(C1, "consumer")
    assert lane.agreed().counts().unattributed == 3
    assert lane.live.caused() == {}


def test_a_repeated_append_may_bear_the_time_of_the_first(world: MakeWorld) -> None:
    lane = produced(world("at-least-once"))
    lane.append(0, 0, 20, P1)
    lane.mark(P1, MarkKind.ACK_LOSS, 7, events=(0, 0, 10))
    lane.mark(P1, MarkKind.ACK_LOSS, 8, events=(0, 10, 20))
    lane.apply(0, 0, 20, C1)
    lane.apply(0, 0, 20, C1, offset=20)
    lane.commit_offset(0, 40, C1)
    lane.end(C1, "consumer")
    each = FaultEffects(duplicates=10)
    assert lane.agreed().caused() == {7: each, 8: each}


def test_the_effect_of_an_events_first_record_shows_its_first_duplicate(world: MakeWorld) -> None:
    lane = world("at-least-once")
    for fault in (7, 8):
        lane.append(0, 0, 20, P1)
        lane.mark(P1, MarkKind.ACK_LOSS, fault, events=(0, 0, 20))
    lane.append(0, 0, 20, P1)
    lane.advance_position(0, 20, P1)
    lane.end(P1, "producer", acked=20)
    for offset in (20, 0, 40):
        lane.apply(0, 0, 20, C1, offset=offset)
    lane.commit_offset(0, 60, C1)
    lane.end(C1, "consumer")
    each = FaultEffects(duplicates=20)
    assert lane.agreed().caused() == {7: each, 8: each}


def test_an_output_is_not_blamed_on_a_death_where_the_log_explains_it(world: MakeWorld) -> None:
    lane = world("retry+transaction+output-topic")
    lane.append(0, 0, 20, P1)
    lane.mark(P1, MarkKind.ACK_LOSS, 7, events=(0, 0, 20))
    lane.append(0, 0, 20, P1, partition=1)
    lane.advance_position(0, 20, P1)
    lane.end(P1, "producer", acked=20)
    lane.output_records(0, 0, 20, C1)
    lane.end(C1, "consumer", fault=3)
    lane.output_records(0, 0, 20, C2)
    lane.commit_offset(0, 20, C1)
    lane.commit_offset(1, 20, C2)
    lane.end(C2, "consumer")
    assert lane.agreed().caused() == {7: FaultEffects(duplicates=20)}


def test_a_duplicate_in_the_log_that_is_read_after_its_output_still_explains_it(
    world: MakeWorld,
) -> None:
    lane = world("retry+transaction+output-topic")
    lane.append(0, 0, 20, P1)
    lane.advance_position(0, 20, P1)
    lane.mark(P1, MarkKind.ACK_LOSS, 7, events=(0, 0, 20))
    lane.output_records(0, 0, 20, C1)
    lane.output_records(0, 0, 20, C2)
    assert lane.poll().caused() == {}
    lane.append(0, 0, 20, P1)
    assert lane.poll().caused() == {7: FaultEffects(duplicates=20)}


def test_neighbours_with_different_faults_are_different_ranges(world: MakeWorld) -> None:
    lane = produced(world("at-least-once"))
    lane.apply(0, 0, 20, C1)
    lane.mark(C1, MarkKind.EXPIRY, 1)
    lane.apply(0, 0, 5, C2)
    lane.mark(C1, MarkKind.EXPIRY, 2)
    lane.apply(0, 5, 5, C2, offset=5)
    found = lane.poll().new_anomalies()
    assert kinds(found) == [("redelivered", 0, 4, 1), ("redelivered", 5, 9, 2)]


def test_a_lost_request_excuses_no_loss_of_what_the_log_holds(world: MakeWorld) -> None:
    lane = produced(world("at-most-once"))
    lane.mark(P1, MarkKind.REQUEST_LOSS, 3, events=(0, 0, 20))
    lane.commit_offset(0, 20, C1)
    lane.end(C1, "consumer", fault=4)
    assert lane.agreed().caused() == {4: FaultEffects(lost=20)}


def test_only_what_changed_is_handed_out_and_nothing_is_left_out(world: MakeWorld) -> None:
    causes = world("at-least-once").live._tables.causes
    told: dict[int, FaultEffects] = {}
    handed_out = []
    for number, fault in ((0, 5), (1, 7), (2, 5), (3, 7), (3, 9)):
        end = IncarnationEnd(fault, "consumer", 0, 1, fault, None)
        causes.know({fault: end})
        places = places_of(np.array([0]), np.array([number]), 0, number)
        causes.add(Kind.LOST_AFTER_LOG, Rule.END, places, acts_of(np.array([fault])), extra=False)
        causes.resolve(final=number == 3)
        handed_out.append(causes.take_caused())
        told |= handed_out[-1]
    assert [list(some) for some in handed_out] == [[5], [7], [5], [7], [9]]
    assert told == causes.caused == {n: FaultEffects(lost=k) for n, k in ((5, 2), (7, 2), (9, 1))}
    assert causes.take_caused() == {}
    acts = acts_of(np.array([5, 9]))
    causes.add(Kind.LOST_AFTER_LOG, Rule.END, places_of(acts["cause"], 4, 0, 4), acts, extra=False)
    causes.resolve(final=True)
    assert causes.take_caused() == {5: FaultEffects(lost=3), 9: FaultEffects(lost=2)}
