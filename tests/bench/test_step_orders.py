"""An order to die at a step is for once in a lane's life, or for every n-th passing of each."""

from __future__ import annotations

import pytest

from bench_gui.bench.step_orders import StepOrders
from workers.failpoints import ENTRIES, Failpoint
from workers.lanes import Role, lane_of
from workers.steps import Step

ONCE = Failpoint(Role.CONSUMER, Step.EFFECT_APPLIED, Step.OFFSETS_COMMITTED)
EVERY = Failpoint(Role.PRODUCER, after=Step.APPENDED, every=20)
DECIDED = Failpoint(Role.CONSUMER, after=Step.DECIDED)


@pytest.fixture
def orders() -> StepOrders:
    return StepOrders(lane_of("at-least-once"), [ONCE, EVERY, DECIDED])


def test_an_order_goes_to_whom_it_is_meant_for(orders: StepOrders) -> None:
    assert orders.meant_for(Role.CONSUMER, 0) == [ONCE]
    assert orders.meant_for(Role.CONSUMER, 1) == []
    assert orders.meant_for(Role.PRODUCER, 0) == [EVERY]
    assert orders.meant_for(Role.PRODUCER, 5) == [EVERY]


def test_what_the_lane_cannot_pass_is_not_ordered(orders: StepOrders) -> None:
    assert DECIDED not in orders.meant_for(Role.CONSUMER, 0)
    assert not orders.add(DECIDED)


def test_once_is_once_and_every_is_again(orders: StepOrders) -> None:
    assert orders.fired(ONCE)
    assert orders.meant_for(Role.CONSUMER, 0) == []
    assert orders.fired(EVERY)
    assert orders.meant_for(Role.PRODUCER, 0) == [EVERY]


def test_an_order_that_did_not_fire_goes_to_the_next_process(orders: StepOrders) -> None:
    assert orders.meant_for(Role.CONSUMER, 0) == orders.meant_for(Role.CONSUMER, 0) == [ONCE]


def test_the_users_order_is_not_the_schedules(orders: StepOrders) -> None:
    own = Failpoint(Role.CONSUMER, after=Step.FETCHED)
    assert orders.add(own)
    assert orders.meant_for(Role.CONSUMER, 0) == [ONCE, own]
    assert not orders.fired(own)
    assert orders.add(own), "again, once that one has fired"
    assert orders.meant_for(Role.CONSUMER, 0) == [ONCE, own]


def test_an_order_given_twice_stays_the_schedules(orders: StepOrders) -> None:
    assert orders.add(ONCE)
    assert orders.fired(ONCE)


def test_nothing_is_ordered_after_the_end_but_who_ordered_is_known(orders: StepOrders) -> None:
    orders.end()
    assert orders.meant_for(Role.CONSUMER, 0) == []
    assert orders.fired(ONCE)


def test_no_more_is_ordered_than_a_process_can_be_told(orders: StepOrders) -> None:
    more = [Failpoint(Role.CONSUMER, after=Step.FETCHED, every=n) for n in range(1, ENTRIES)]
    for failpoint in more[: ENTRIES - 2]:
        assert orders.has_room_for(failpoint)
        assert orders.add(failpoint)
    assert not orders.has_room_for(more[-1])
    assert orders.has_room_for(ONCE), "it stands already"
    orders.fired(ONCE)
    assert orders.has_room_for(more[-1])
