"""A process is left stopped only while it neither holds nor waits for a write lock."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

import pytest

from bench_gui.bench.faults import PAUSE, FaultLog
from bench_gui.bench.pausing import LOOK_AGAIN_NS, PATIENCE_NS, TRY_AGAIN_NS, Pausing
from bench_gui.bench.roster import Pause, Roster
from bench_gui.bench.slot import Slot
from workers.lanes import Role
from workers.recorder import StepEntry
from workers.steps import Step

T0 = 1_000_000_000
LONG_NS = 500_000_000


@dataclass
class FakeChild:
    pid: int = 4711


@dataclass(eq=False)
class FakeSlot:
    """A slot whose process obeys a signal after so many looks, and holds locks at first."""

    slow_looks: int = 0
    locks_seen: list[int] = field(default_factory=list)
    works: bool = True
    paused: bool = False
    generation: int = 2
    incarnation: int = 1
    child: FakeChild = field(default_factory=FakeChild)
    signals: list[str] = field(default_factory=list)

    def stop(self) -> None:
        self.signals.append("stop")

    def go_on(self) -> None:
        self.signals.append("go on")
        self.paused = False

    @property
    def stopped(self) -> bool:
        self.slow_looks -= 1
        return self.slow_looks < 0 and self.signals[-1] == "stop"

    @property
    def locks(self) -> int:
        return self.locks_seen.pop(0) if self.locks_seen else 0

    @property
    def last(self) -> StepEntry:
        return StepEntry(0, Step.FETCHED, Step.EFFECT_APPLIED, 40)


class World:
    """One slot's pause, with the clock in the test's hand."""

    def __init__(self) -> None:
        self.faults = FaultLog()
        self.roster = Roster()
        self.roster.started(1, Role.CONSUMER, 0, 2, 4711)
        self.pausing = Pausing(self.faults, self.roster)

    def want(self, slot: FakeSlot) -> int:
        fault_id = self.faults.add(
            0.0, "at-least-once", Role.CONSUMER, 0, 4711, scheduled=True, kind=PAUSE
        )
        self.pausing.want(cast(Slot, slot), fault_id, LONG_NS, T0)
        return fault_id

    def act(self, at_ns: int) -> None:
        self.pausing.act(at_ns, t_s=at_ns / 1e9)

    def act_until(self, end_ns: int) -> None:
        """Acts whenever something is due, until then."""
        while self.pausing.next_ns is not None and self.pausing.next_ns <= end_ns:
            self.act(self.pausing.next_ns)

    @property
    def pauses(self) -> list[Pause]:
        who = self.roster.find(1)
        assert who is not None
        return who.pauses


@pytest.fixture
def world() -> World:
    return World()


def test_a_process_without_locks_is_stopped_at_once_and_goes_on_in_time(world: World) -> None:
    slot = FakeSlot()
    fault_id = world.want(slot)
    world.act(T0)
    assert (slot.signals, slot.paused) == (["stop"], True)
    report = world.faults.get(fault_id)
    assert (report.after_step, report.before_step, report.exposed) == (
        "fetched",
        "effect-applied",
        40,
    )
    world.act(T0 + LONG_NS - 1)
    assert slot.paused
    world.act(T0 + LONG_NS)
    assert (slot.signals, slot.paused) == (["stop", "go on"], False)
    assert world.pauses == [Pause(fault_id, T0, T0 + LONG_NS)]
    assert world.pausing.next_ns is None


def test_who_holds_a_lock_goes_on_and_is_tried_again(world: World) -> None:
    slot = FakeSlot(locks_seen=[1, 2])
    world.want(slot)
    world.act(T0)
    assert (slot.signals, slot.paused) == (["stop", "go on"], False)
    assert world.pausing.next_ns == T0 + TRY_AGAIN_NS
    world.act_until(T0 + 2 * TRY_AGAIN_NS)
    assert slot.signals == ["stop", "go on", "stop", "go on", "stop"]
    assert slot.paused
    assert [pause.from_ns for pause in world.pauses] == [T0 + 2 * TRY_AGAIN_NS]


def test_a_signal_that_takes_time_is_not_sent_again(world: World) -> None:
    slot = FakeSlot(slow_looks=3)
    world.want(slot)
    world.act(T0)
    assert not slot.paused
    world.act_until(T0 + 3 * LOOK_AGAIN_NS)
    assert (slot.signals, slot.paused) == (["stop"], True)


def test_a_process_that_is_not_at_work_yet_is_left_alone(world: World) -> None:
    slot = FakeSlot(works=False)
    world.want(slot)
    world.act(T0)
    assert slot.signals == []
    slot.works = True
    world.act_until(T0 + TRY_AGAIN_NS)
    assert slot.paused


@pytest.mark.parametrize(
    "slot",
    [FakeSlot(works=False), FakeSlot(slow_looks=10**9), FakeSlot(locks_seen=[1] * 10**4)],
    ids=["starts", "never stops", "always locks"],
)
def test_a_pause_that_never_comes_about_is_given_up_and_missed(
    world: World, slot: FakeSlot
) -> None:
    fault_id = world.want(slot)
    world.act_until(T0 + 2 * PATIENCE_NS)
    assert world.pausing.next_ns is None
    assert world.faults.get(fault_id).pid is None
    assert slot.signals[-1] == "go on"
    assert world.pauses == []


def test_a_death_ends_the_pause(world: World) -> None:
    slot = FakeSlot()
    fault_id = world.want(slot)
    world.act(T0)
    world.pausing.ended(cast(Slot, slot), T0 + 300_000_000)
    assert "paused 0.3 s" in world.faults.get(fault_id).text
    assert world.pausing.next_ns is None
    assert not world.pausing.holds(cast(Slot, slot))


def test_a_death_before_the_stop_is_a_miss(world: World) -> None:
    slot = FakeSlot(locks_seen=[1])
    fault_id = world.want(slot)
    world.act(T0)
    world.pausing.ended(cast(Slot, slot), T0 + 1)
    assert world.faults.get(fault_id).pid is None


def test_at_the_end_everybody_goes_on(world: World) -> None:
    stopped, wanted = FakeSlot(), FakeSlot(slow_looks=10)
    world.want(stopped)
    missed = world.want(wanted)
    world.act(T0)
    world.pausing.end(T0 + 1000)
    assert (stopped.signals[-1], wanted.signals[-1]) == ("go on", "go on")
    assert world.pausing.next_ns is None
    assert world.faults.get(missed).pid is None
    assert [pause.until_ns for pause in world.pauses] == [T0 + 1000]
