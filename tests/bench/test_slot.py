"""When a slot's process has found its place, and when the empty slot is filled again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bench_gui.bench import slot as slot_module
from bench_gui.bench.plan import lane_config
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.slot import Slot
from workers.failpoints import Failpoints
from workers.lanes import Role
from workers.log.types import IncarnationId
from workers.recorder import FlightPage, Recorder, create_page
from workers.steps import Step


@pytest.fixture
def slot(tmp_path: Path) -> Slot:
    return Slot(lane_config(RunSettings(), "two-phase-commit", tmp_path), Role.CONSUMER, 0)


@pytest.fixture
def recorder(slot: Slot, tmp_path: Path) -> Iterator[Recorder]:
    """Of the process that fills the slot."""
    create_page(tmp_path / "1.page")
    with closing(FlightPage(tmp_path / "1.page")) as page:
        slot._page = page
        with closing(Recorder(tmp_path / "1.page")) as recorder:
            yield recorder
        slot._page = None


def test_a_process_is_ready_once_it_has_found_its_place(slot: Slot, recorder: Recorder) -> None:
    assert not slot.ready
    for step in (Step.PRODUCER_INITIALISED, Step.SINK_RESOLVED, Step.IN_DOUBT_RESOLVED):
        recorder.step(step, Step.GROUP_JOINED)
        assert not slot.ready
    recorder.step(Step.GROUP_JOINED, Step.FETCHED)
    assert slot.ready


@pytest.mark.parametrize("step", [Step.PARTITIONS_RELEASED, Step.FETCHED, Step.OFFSETS_COMMITTED])
def test_whatever_comes_after_that_it_stays_ready(
    slot: Slot, recorder: Recorder, step: Step
) -> None:
    recorder.step(Step.GROUP_JOINED, Step.FETCHED)
    recorder.step(step, Step.FETCHED)
    assert slot.ready, "a slow start of others may move partitions before the sources start"


def test_a_process_is_at_work_only_once_it_says_so(slot: Slot, recorder: Recorder) -> None:
    recorder.step(Step.GROUP_JOINED, Step.FETCHED)
    assert not slot.works
    recorder.working()
    assert slot.works


@pytest.mark.parametrize(
    ("restart_at_ns", "down_until_ns", "due_ns"),
    [(None, 0, None), (None, 900, None), (500, 0, 500), (500, 900, 900), (900, 500, 900)],
)
def test_an_empty_slot_is_filled_when_every_reason_to_wait_is_over(
    slot: Slot, restart_at_ns: int | None, down_until_ns: int, due_ns: int | None
) -> None:
    slot.restart_at_ns, slot.down_until_ns = restart_at_ns, down_until_ns
    assert slot.due_ns == due_ns


def test_an_order_to_lose_an_acknowledgement_passes_on_until_it_was_lost(
    slot: Slot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slot_module, "start_from_fork_server", lambda *_: None)

    def ordered_of_next(number: int) -> int:
        slot._child = None
        slot.start(IncarnationId(number))
        with closing(Failpoints(slot.lane.files.orders(number))) as orders:
            return orders.acks_to_lose

    slot.lose_ack()
    assert ordered_of_next(1) == 1
    slot.lose_ack()
    assert ordered_of_next(2) == 2
    slot.ack_lost()
    assert ordered_of_next(3) == 1
    slot.clear_orders()
    assert ordered_of_next(4) == 0
