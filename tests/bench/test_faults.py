"""What a fault did is told in one sentence, and told again when more becomes known."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from bench_gui.bench.fault_tally import FaultTally
from bench_gui.bench.faults import (
    ACK_LOSS,
    CUT_SHORT,
    EXPIRY,
    KILL_AT_STEP,
    KILL_OF_ROLE,
    PAUSE,
    REQUEST_LOSS,
    VERBS,
    FaultLog,
)
from bench_gui.bench.snapshot import FaultReport
from workers.lanes import Role
from workers.steps import Step

LANE = "at-least-once"
OTHER = "exactly-once"


@pytest.fixture
def log() -> FaultLog:
    return FaultLog()


def land(log: FaultLog, exposed: int) -> int:
    fault_id = log.add(1.0, LANE, Role.CONSUMER, 1, 4711, scheduled=True)
    log.landed(fault_id, 2, 4711, Step.EFFECT_APPLIED, Step.OFFSETS_COMMITTED, exposed)
    return fault_id


def test_a_process_killed_before_it_had_started_is_not_told_twice_of_its_start(
    log: FaultLog,
) -> None:
    fault_id = log.add(1.0, LANE, Role.CONSUMER, 1, 4711, scheduled=True)
    log.landed(fault_id, 2, 4711, Step.STARTED, Step.STARTED, 0)
    assert "pid 4711, killed before its first step" in log.get(fault_id).text
    assert "after" not in log.get(fault_id).text


def test_the_sentence_says_who_where_and_what(log: FaultLog) -> None:
    fault_id = land(log, 64)
    log.caused(fault_id, lost=0, duplicates=64, suppressed=0)
    assert log.get(fault_id).text == (
        "consumer 1 of At-least-once, pid 4711, killed after effect-applied,"
        " before offsets-committed: 64 events redelivered"
    )


@pytest.mark.parametrize(
    ("lost", "duplicates", "suppressed", "end"),
    [
        (1, 0, 0, "1 event lost"),
        (21, 0, 0, "21 events lost"),
        (0, 0, 5, "5 events redelivered, suppressed"),
        (1200, 3, 0, "1,200 events lost; 3 events redelivered"),
    ],
)
def test_harm_is_counted_in_words(
    log: FaultLog, lost: int, duplicates: int, suppressed: int, end: str
) -> None:
    fault_id = land(log, 1)
    log.caused(fault_id, lost, duplicates, suppressed)
    assert log.get(fault_id).text.endswith(f": {end}")


def test_no_harm_is_said_apart_from_nothing_in_hand(log: FaultLog) -> None:
    assert log.get(land(log, 7)).text.endswith("7 events in hand, none harmed")
    assert log.get(land(log, 0)).text.endswith("nothing in hand, nothing harmed")


def test_an_empty_slot_is_not_a_hit(log: FaultLog) -> None:
    fault_id = log.add(1.0, LANE, Role.PRODUCER, 0, None, scheduled=True)
    assert log.get(fault_id).text == "producer 0 of At-least-once: no process there to kill"
    assert log.in_window(LANE) == 0


def test_only_what_is_new_or_changed_is_told_again(log: FaultLog) -> None:
    first, second = land(log, 3), land(log, 3)
    assert [report.fault_id for report in log.take_changed()] == [first, second]
    log.caused(first, 0, 0, 0)
    assert log.take_changed() == []
    log.recovered(second, 12_500_000)
    assert [(r.fault_id, r.recovery_ms) for r in log.take_changed()] == [(second, 12.5)]


def test_faults_in_a_window_are_those_with_events_in_hand(log: FaultLog) -> None:
    land(log, 0)
    land(log, 3)
    assert log.in_window(LANE) == 1
    assert log.in_window("exactly-once") == 0


def test_each_lane_has_its_own(log: FaultLog) -> None:
    first, second = land(log, 3), land(log, 0)
    other = log.add(1.0, OTHER, Role.CONSUMER, 1, 4711, scheduled=True)
    log.caused(first, 2, 0, 0)
    log.missed(second)
    assert [log.get(number).lane for number in (first, second, other)] == [LANE, LANE, OTHER]
    assert [log.tally(lane).hits("kill") for lane in (LANE, OTHER, "at-most-once")] == [1, 1, 0]


def test_a_process_whose_time_was_over_was_not_killed(log: FaultLog) -> None:
    fault_id = log.add(9.0, LANE, Role.CONSUMER, 0, 4711, scheduled=False, kind=CUT_SHORT)
    log.landed(fault_id, 1, 4711, Step.FETCHED, Step.EFFECT_APPLIED, 3)
    assert "ended unfinished after fetched, before effect-applied" in log.get(fault_id).text
    log.missed(fault_id)
    assert log.get(fault_id).text.endswith("finished just before its time was over")


def pause(log: FaultLog, exposed: int) -> int:
    fault_id = log.add(1.0, LANE, Role.CONSUMER, 1, 4711, scheduled=True, kind=PAUSE)
    log.landed(fault_id, 2, 4711, Step.FETCHED, Step.EFFECT_APPLIED, exposed)
    log.paused(fault_id, 2_000_000_000, t_s=1.2)
    return fault_id


def test_a_pause_is_told_with_its_length_and_its_moment(log: FaultLog) -> None:
    fault_id = pause(log, 40)
    assert log.get(fault_id).text == (
        "consumer 1 of At-least-once, pid 4711, paused 2.0 s after fetched, before"
        " effect-applied: 40 events in hand, none harmed"
    )
    assert (log.get(fault_id).t_s, log.get(fault_id).recovery_ms) == (1.2, None)
    log.resumed(fault_id, 700_000_000)
    log.session_expired(fault_id)
    log.caused(fault_id, 0, 40, 0)
    assert log.get(fault_id).text.endswith(
        "paused 0.7 s after fetched, before effect-applied, past its session timeout:"
        " 40 events redelivered"
    )


def test_a_pause_could_hurt_only_once_the_session_expired(log: FaultLog) -> None:
    fault_id = pause(log, 40)
    assert log.in_window(LANE) == 0
    log.session_expired(fault_id)
    assert log.in_window(LANE) == 1
    log.session_expired(pause(log, 0))
    assert log.in_window(LANE) == 1, "it had nothing in hand"


def test_a_process_that_is_about_to_be_paused_is_not_yet(log: FaultLog) -> None:
    fault_id = log.add(1.0, LANE, Role.CONSUMER, 1, 4711, scheduled=True, kind=PAUSE)
    assert log.get(fault_id).text == "consumer 1 of At-least-once, pid 4711, paused"
    log.missed(fault_id)
    assert log.get(fault_id).text == "consumer 1 of At-least-once: no process there to pause"


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (KILL_AT_STEP, "killed at a step, after appended, before acked"),
        (KILL_OF_ROLE, "killed with its whole role after appended, before acked"),
        (EXPIRY, "silent for the session timeout after appended, before acked"),
        (REQUEST_LOSS, "lost a request after appended, before acked"),
        (ACK_LOSS, "lost an acknowledgement after appended, before acked"),
    ],
)
def test_each_kind_has_its_words(log: FaultLog, kind: str, said: str) -> None:
    fault_id = log.add(1.0, LANE, Role.PRODUCER, 0, 9, scheduled=True, kind=kind)
    log.landed(fault_id, 1, 9, Step.APPENDED, Step.ACKED, 12)
    assert log.get(fault_id).text == (
        f"producer 0 of At-least-once, pid 9, {said}: 12 events in hand, none harmed"
    )


def test_where_a_dead_process_stood_need_not_be_known(log: FaultLog) -> None:
    fault_id = log.add(1.0, LANE, Role.CONSUMER, 0, 9, scheduled=False, kind=EXPIRY)
    log.landed(fault_id, 1, 9, None, None, 0)
    assert log.get(fault_id).text == (
        "consumer 0 of At-least-once, pid 9, silent for the session timeout:"
        " nothing in hand, nothing harmed"
    )


class Storm:
    """The same random faults and news of them, told to any log."""

    def __init__(self, log: FaultLog) -> None:
        self.log = log
        self.stored: dict[int, FaultReport] = {}

    def store(self) -> None:
        self.stored.update((report.fault_id, report) for report in self.log.take_changed())

    def happen(self, chance: random.Random, turns: int) -> None:
        for turn in range(turns):
            self._add(chance)
            for _ in range(3):
                self._hear_of(chance, chance.randint(1, turn + 1))
            if chance.random() < 0.3:
                self.store()
        self.store()

    def _add(self, chance: random.Random) -> None:
        lane, kind = chance.choice([LANE, OTHER]), chance.choice(sorted(VERBS))
        pid = chance.choice([None, 4711])
        self.log.add(1.0, lane, chance.choice(list(Role)), 0, pid, scheduled=True, kind=kind)

    def _hear_of(self, chance: random.Random, fault_id: int) -> None:
        log, number = self.log, chance.randint(0, 3)
        news: list[Callable[[], None]] = [
            lambda: log.landed(fault_id, 1, 4711, Step.FETCHED, Step.EFFECT_APPLIED, number),
            lambda: log.recovered(fault_id, number * 1_000_000),
            lambda: log.caused(fault_id, number, 0, 0),
            lambda: log.missed(fault_id),
            lambda: log.session_expired(fault_id),
            lambda: log.paused(fault_id, number * 1_000_000_000, 2.0),
            lambda: log.resumed(fault_id, number * 1_000_000_000),
        ]
        chance.choice(news)()


@pytest.mark.parametrize("seed", range(5))
def test_a_log_that_forgets_says_the_same_as_one_that_does_not(seed: int) -> None:
    forgetful = Storm(FaultLog(lambda fault_id: forgetful.stored[fault_id], kept=3))
    other = Storm(FaultLog())
    for storm in (forgetful, other):
        storm.happen(random.Random(seed), 200)
    assert forgetful.stored == other.stored
    kept = [len(held) for held in vars(forgetful.log).values() if isinstance(held, dict | set)]
    assert max(kept) <= 3
    for lane in (LANE, OTHER):
        afresh = FaultTally(one for one in forgetful.stored.values() if one.lane == lane)
        assert vars(forgetful.log.tally(lane)) == vars(afresh)


def test_what_could_not_be_stored_is_still_to_be_taken(log: FaultLog) -> None:
    first, second = land(log, 3), land(log, 3)
    taken = log.take_changed()
    log.recovered(second, 12_500_000)
    log.put_back(taken)
    again = log.take_changed()
    assert [(one.fault_id, one.recovery_ms) for one in again] == [(first, None), (second, 12.5)]
