"""A failpoint fires exactly in its window, at the passing it was ordered for, and nowhere else."""

from __future__ import annotations

import signal
from contextlib import closing
from pathlib import Path

import pytest

from workers.failpoints import ENTRIES, Failpoint, Failpoints, OrdersPage
from workers.lanes import Role
from workers.processes import pipe, start_from_fork_server
from workers.recorder import FlightPage, Recorder, create_page
from workers.steps import Step

APPLIED, STORED, COMMITTED, FETCHED = (
    Step.EFFECT_APPLIED,
    Step.SINK_COMMITTED,
    Step.OFFSETS_COMMITTED,
    Step.FETCHED,
)
CYCLE = [(FETCHED, APPLIED), (APPLIED, STORED), (STORED, APPLIED), (APPLIED, STORED),
         (STORED, COMMITTED), (COMMITTED, FETCHED)]  # fmt: skip
"""Two events of a consumer that commits after the second."""


def consumer(**window: object) -> Failpoint:
    return Failpoint(Role.CONSUMER, **window)  # type: ignore[arg-type]


def fires_at(path: Path, *orders: Failpoint, cycles: int = 3) -> list[tuple[int, int]]:
    """(place in CYCLE counted on, order) of every step at which something fires."""
    with closing(OrdersPage(path)) as page, closing(Failpoints(path)) as failpoints:
        for order in orders:
            page.order(order)
        steps = [step for _ in range(cycles) for step in CYCLE]
        fired = [failpoints.fired(*step) for step in steps]
    return [(place, order) for place, order in enumerate(fired) if order]


@pytest.mark.parametrize(
    ("window", "place"),
    [
        ({"after": APPLIED, "before": COMMITTED}, 4),
        ({"after": APPLIED, "before": STORED}, 1),
        ({"after": FETCHED}, 0),
        ({"after": STORED}, 2),
        ({"before": COMMITTED}, 4),
        ({"before": FETCHED}, 5),
    ],
)
def test_it_fires_once_and_just_before_the_step_that_ends_its_window(
    tmp_path: Path, window: dict[str, Step], place: int
) -> None:
    assert fires_at(tmp_path / "1.page", consumer(**window)) == [(place, 1)]


def test_every_third_passing_is_the_third_passing(tmp_path: Path) -> None:
    order = consumer(after=APPLIED, before=COMMITTED, every=3)
    assert fires_at(tmp_path / "1.page", order, cycles=4) == [(2 * len(CYCLE) + 4, 1)]


def test_a_window_that_never_opens_never_fires(tmp_path: Path) -> None:
    assert fires_at(tmp_path / "1.page", consumer(after=Step.DECIDED, before=COMMITTED)) == []


def test_orders_are_told_apart_and_a_full_page_takes_no_more(tmp_path: Path) -> None:
    first, second = consumer(after=FETCHED, every=2), consumer(before=COMMITTED)
    assert fires_at(tmp_path / "1.page", first, second, cycles=2) == [(4, 2), (len(CYCLE), 1)]
    with closing(OrdersPage(tmp_path / "2.page")) as page:
        numbers = [page.order(first) for _ in range(ENTRIES + 1)]
    assert numbers == [*range(1, ENTRIES + 1), 0]


def test_an_order_given_while_the_process_runs_is_heard(tmp_path: Path) -> None:
    path = tmp_path / "1.page"
    with closing(OrdersPage(path)) as page, closing(Failpoints(path)) as failpoints:
        assert [failpoints.fired(*step) for step in CYCLE] == [0] * len(CYCLE)
        page.order(consumer(before=STORED))
        assert [failpoints.fired(*step) for step in CYCLE].count(1) == 1


def test_an_order_taken_back_does_not_fire(tmp_path: Path) -> None:
    path = tmp_path / "1.page"
    with closing(OrdersPage(path)) as page, closing(Failpoints(path)) as failpoints:
        page.order(consumer(after=APPLIED, before=COMMITTED))
        assert [failpoints.fired(*step) for step in CYCLE[:3]] == [0] * 3
        page.clear()
        assert [failpoints.fired(*step) for step in CYCLE * 2] == [0] * 2 * len(CYCLE)


@pytest.mark.parametrize(
    ("failpoint", "slots"),
    [
        (consumer(after=APPLIED), [0]),
        (consumer(after=APPLIED, slot=1), [1]),
        (consumer(after=APPLIED, every=1), [0, 1, 2]),
        (consumer(after=APPLIED, every=1, slot=2), [2]),
    ],
)
def test_it_is_meant_for_the_slots_it_names(failpoint: Failpoint, slots: list[int]) -> None:
    assert [n for n in range(3) if failpoint.meant_for(Role.CONSUMER, n)] == slots
    assert not failpoint.meant_for(Role.PRODUCER, slots[0])


def test_it_names_a_step() -> None:
    with pytest.raises(ValueError, match="names the step"):
        consumer()


def walk(connection: object, flight: Path, orders: Path) -> None:
    """A process that goes through two cycles, if it lives so long."""
    with closing(Recorder(flight, Failpoints(orders))) as recorder:
        for after, before in CYCLE * 2:
            recorder.step(after, before)


def test_the_process_kills_itself_exactly_there(tmp_path: Path) -> None:
    flight, orders = tmp_path / "flight" / "1.page", tmp_path / "orders" / "1.page"
    create_page(flight)
    with closing(OrdersPage(orders)) as page:
        page.order(consumer(before=FETCHED, every=9))
        page.order(consumer(after=APPLIED, before=COMMITTED))
    near, far = pipe()
    child = start_from_fork_server(walk, far, flight, orders)
    child.join(60)
    assert child.exit_code == -signal.SIGKILL
    child.close()
    near.close()
    with closing(FlightPage(flight)) as seen:
        assert (seen.last().after, seen.last().before) == (STORED, COMMITTED)
        assert seen.failpoint == 2
        assert len(seen.ring()) == 5


def test_acknowledgements_to_lose_are_a_count_that_can_be_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "1.page"
    with closing(OrdersPage(path)) as page, closing(Failpoints(path)) as orders:
        for _ in range(ENTRIES):
            page.order(consumer(after=APPLIED))
        assert orders.acks_to_lose == 0
        page.lose_ack()
        page.lose_ack()
        assert orders.acks_to_lose == 2
        page.clear()
        assert orders.acks_to_lose == 0
