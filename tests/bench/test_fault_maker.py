"""Every lane gets the same faults at the same time, and none outside the sources' time."""

from __future__ import annotations

from typing import Any, cast

import pytest

from bench_gui.bench.fault_maker import FaultMaker
from bench_gui.bench.lane_run import LaneRun
from bench_gui.bench.plan import fault_schedule
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.watcher import Down, Kill, KillAt, LoseAck, Pause
from workers.failpoints import Failpoint
from workers.lanes import Role
from workers.steps import Step
from workers.time_units import SECOND_NS

START_NS = 50 * SECOND_NS
END_NS = START_NS + 30 * SECOND_NS
SETTINGS = RunSettings(
    kill_every_s=1.0,
    pause_every_s=2.0,
    pause_ms=1500,
    down_every_s=4.0,
    down_ms=700,
    consumers=3,
    lanes=("at-most-once", "exactly-once"),
)
WINDOW = Failpoint(Role.CONSUMER, after=Step.FETCHED)


class FakeLane:
    """Writes down what is asked of it. A slot is its role and number."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.times: list[float] = []
        self.room = True

    def of_role(self, role: Role) -> list[tuple[str, int]]:
        slots = SETTINGS.producers if role is Role.PRODUCER else SETTINGS.consumers
        return [(role.value, number) for number in range(slots)]

    def begin(self) -> None:
        self.asked.append(("begin",))

    def end_faults(self, now_ns: int) -> None:
        self.asked.append(("end", now_ns))

    def kill(self, slot: Any, t_s: float, *, scheduled: bool) -> None:
        self.asked.append(("kill", slot, scheduled))
        self.times.append(t_s)

    def pause(self, slot: Any, duration_ns: int, now_ns: int, t_s: float, **by: bool) -> None:
        self.asked.append(("pause", slot, duration_ns, by["scheduled"]))
        self.times.append(t_s)

    def take_down(self, role: Role, duration_ns: int, now_ns: int, t_s: float, **by: bool) -> None:
        self.asked.append(("down", role.value, duration_ns, by["scheduled"]))
        self.times.append(t_s)

    def kill_at(self, failpoint: Failpoint) -> bool:
        self.asked.append(("kill at", failpoint))
        return self.room

    def lose_ack(self, slot: Any) -> None:
        self.asked.append(("lose ack", slot))


@pytest.fixture
def lanes() -> dict[str, FakeLane]:
    return {slug: FakeLane() for slug in SETTINGS.lanes}


@pytest.fixture
def maker(lanes: dict[str, FakeLane]) -> FaultMaker:
    return FaultMaker(SETTINGS, cast(dict[str, LaneRun], lanes))


def faults(lane: FakeLane) -> list[tuple[Any, ...]]:
    return [asked for asked in lane.asked if asked[0] not in {"begin", "end"}]


def test_the_schedule_is_carried_out_in_every_lane(
    maker: FaultMaker, lanes: dict[str, FakeLane]
) -> None:
    maker.begin(START_NS)
    while maker.next_ns is not None:
        maker.act(maker.next_ns, END_NS)
    first, second = lanes.values()
    assert first.asked == second.asked
    planned = fault_schedule(SETTINGS)
    assert len(faults(first)) == len(planned)
    assert first.times == [pytest.approx(fault.at_ns / SECOND_NS) for fault in planned]
    lengths = {asked[0]: asked[2] for asked in faults(first) if asked[0] != "kill"}
    assert lengths == {"pause": 1_500_000_000, "down": 700_000_000}
    assert all(asked[-1] is True for asked in faults(first))


def test_nothing_is_due_before_the_begin_and_after_the_end(
    maker: FaultMaker, lanes: dict[str, FakeLane]
) -> None:
    assert maker.next_ns is None
    maker.obey(Kill("consumer", None), START_NS)
    maker.begin(START_NS)
    maker.end(START_NS + 1)
    assert maker.next_ns is None
    maker.act(END_NS, END_NS)
    for command in (Kill("consumer", None), Pause("consumer", None), KillAt(WINDOW, None)):
        maker.obey(command, END_NS)
    assert [lane.asked for lane in lanes.values()] == [[("begin",), ("end", START_NS + 1)]] * 2


def test_what_comes_due_only_after_the_sources_end_is_left_out(
    maker: FaultMaker, lanes: dict[str, FakeLane]
) -> None:
    maker.begin(START_NS)
    stopped_ns = START_NS + 5 * SECOND_NS
    maker.act(END_NS, stopped_ns)
    due = [fault for fault in fault_schedule(SETTINGS) if fault.at_ns < 5 * SECOND_NS]
    assert len(faults(lanes["at-most-once"])) == len(due)


@pytest.mark.parametrize("command", [Kill, Pause])
def test_the_users_key_hits_one_slot_the_same_in_every_lane(
    maker: FaultMaker, lanes: dict[str, FakeLane], command: type[Kill | Pause]
) -> None:
    maker.begin(START_NS)
    for _ in range(20):
        maker.obey(command("consumer", None), START_NS + 1)
    first, second = (faults(lane) for lane in lanes.values())
    assert first == second
    assert {asked[1] for asked in first} == {("consumer", number) for number in range(3)}
    assert not any(asked[-1] for asked in first), "not of the schedule"


def test_the_users_key_may_name_a_lane(maker: FaultMaker, lanes: dict[str, FakeLane]) -> None:
    maker.begin(START_NS)
    for command in (Kill("producer", "exactly-once"), KillAt(WINDOW, "exactly-once")):
        maker.obey(command, START_NS + 1)
    assert faults(lanes["at-most-once"]) == []
    assert len(faults(lanes["exactly-once"])) == 2


def test_a_role_goes_down_and_steps_are_ordered(
    maker: FaultMaker, lanes: dict[str, FakeLane]
) -> None:
    maker.begin(START_NS)
    maker.obey(Down("consumer", None), START_NS + 1)
    maker.obey(KillAt(WINDOW, None), START_NS + 1)
    for lane in lanes.values():
        assert faults(lane) == [("down", "consumer", 700_000_000, False), ("kill at", WINDOW)]


def test_an_order_that_finds_no_room_is_said(maker: FaultMaker, lanes: dict[str, FakeLane]) -> None:
    maker.begin(START_NS)
    assert maker.obey(KillAt(WINDOW, None), START_NS + 1) is None
    lanes["exactly-once"].room = False
    assert maker.obey(KillAt(WINDOW, None), START_NS + 1) == (
        "not ordered in Exactly-once (log to log): 15 steps to kill at stand there, and no more fit"
    )
    assert maker.obey(KillAt(WINDOW, "at-most-once"), START_NS + 1) is None


def test_an_acknowledgement_is_lost_by_the_same_slot_of_every_lane(
    maker: FaultMaker, lanes: dict[str, FakeLane]
) -> None:
    maker.obey(LoseAck(None), START_NS)
    maker.begin(START_NS)
    assert maker.obey(LoseAck(None), START_NS + 1) is None
    assert maker.obey(LoseAck("exactly-once"), START_NS + 1) is None
    first, second = (faults(lane) for lane in lanes.values())
    assert first == second[:1] == [("lose ack", ("producer", 0))]
    assert len(second) == 2


def test_it_is_said_where_nobody_waits_for_an_acknowledgement(
    maker: FaultMaker, lanes: dict[str, FakeLane]
) -> None:
    maker.begin(START_NS)
    assert maker.obey(LoseAck("at-most-once"), START_NS + 1) == (
        "At-most-once: the producer waits for no acknowledgement, so losing one changes nothing"
    )
    assert len(faults(lanes["at-most-once"])) == 1
