"""Why a member was silent: it was dead by a fault, paused, or alive and too slow."""

from __future__ import annotations

import pytest

from bench_gui.bench.roster import Incarnation, Pause, Roster
from workers.lanes import Role

SESSION_NS = 100


@pytest.fixture
def roster() -> Roster:
    made = Roster()
    made.started(1, Role.CONSUMER, 0, 1, 4711)
    return made


def found(roster: Roster) -> Incarnation:
    who = roster.find(1)
    assert who is not None
    return who


@pytest.mark.parametrize(
    ("noticed_ns", "explained"),
    [(999, False), (1000, True), (1500, True), (2000, True), (2100, True), (2101, False)],
)
def test_a_pause_explains_silence_until_a_session_timeout_after_it(
    noticed_ns: int, explained: bool
) -> None:
    assert Pause(7, 1000, 2000).explains_silence(noticed_ns, SESSION_NS) is explained


def test_a_pause_that_goes_on_explains_everything_after_its_start() -> None:
    assert Pause(7, 1000).explains_silence(10**12, SESSION_NS)


def test_the_latest_pause_is_to_blame(roster: Roster) -> None:
    roster.paused(1, 7, 1000)
    roster.resumed(1, 1050)
    roster.paused(1, 8, 1100)
    behind = found(roster).pause_behind(1120, SESSION_NS)
    assert behind is not None
    assert behind.fault_id == 8
    behind = found(roster).pause_behind(1090, SESSION_NS)
    assert behind is not None
    assert behind.fault_id == 7
    assert found(roster).pause_behind(900, SESSION_NS) is None


def test_an_end_by_a_fault_explains_what_is_noticed_after_it(roster: Roster) -> None:
    assert not found(roster).ended_by_fault_before(2000)
    roster.ended(1, 1500, fault_id=3)
    assert found(roster).ended_by_fault_before(1500)
    assert not found(roster).ended_by_fault_before(1499), "it lived when it was found silent"


def test_a_process_that_ended_by_itself_was_ended_by_no_fault(roster: Roster) -> None:
    roster.ended(1, 1500, fault_id=None)
    assert not found(roster).ended_by_fault_before(2000)


def test_a_death_ends_the_pause(roster: Roster) -> None:
    roster.paused(1, 7, 1000)
    roster.ended(1, 1200, fault_id=3)
    assert found(roster).pauses == [Pause(7, 1000, 1200)]


def test_nobody_has_a_number_that_was_never_given(roster: Roster) -> None:
    assert roster.find(0) is None


def test_who_was_ended_by_a_fault_is_forgotten_after_a_while() -> None:
    roster = Roster()
    for number in range(1, 5):
        roster.started(number, Role.CONSUMER, 0, number, 4711)
    roster.ended(1, 100, 7)
    roster.ended(2, 200, None)
    roster.ended(3, 300, 8)
    roster.forget(300)
    assert [roster.find(number) is not None for number in range(1, 5)] == [False, True, True, True]
