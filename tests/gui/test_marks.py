"""Outages: a role without any live process, as told by the faults and as found by the samples."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
import pytest

from bench_gui.bench.faults import ACK_LOSS, CUT_SHORT, KILL, PAUSE
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import FaultReport, LaneSample, RunSnapshot, RunState
from bench_gui.run_drawing.outages import Seen, outages_of, role_outages
from bench_gui.window.marks import sampled_bands, seen_in
from bench_gui.window.run_model import LaneModel, RunModel
from bench_gui.window.series import Array, Column

LANE = "at-least-once"


def fault(
    number: int, t_s: float, recovery_ms: float | None = None, **others: object
) -> FaultReport:
    values = {
        "fault_id": number, "t_s": t_s, "lane": LANE, "kind": KILL, "role": "consumer", "slot": 0,
        "incarnation": 0, "pid": 40_000 + number, "after_step": None, "before_step": None,
        "exposed": 0, "recovery_ms": recovery_ms, "lost_caused": 0, "duplicates_caused": 0,
        "suppressed_caused": 0, "scheduled": True, "text": "",
    }  # fmt: skip
    return FaultReport(**{**values, **others})  # type: ignore[arg-type]


def sample(t_s: float, producers: int = 1, consumers: int = 2) -> LaneSample:
    return LaneSample(
        t_s, LANE, 0, 0, 0, 0, 0, 0, 0, 0, None, None, None, producers, consumers
    )  # fmt: skip


def lane(slots: int = 1) -> LaneModel:
    return LaneModel(2.0, {"producer": 1, "consumer": slots})


def outages(of: LaneModel, pixel_s: float = 0.1) -> list[list[float]]:
    return of.marks(0.0, 100.0, pixel_s).outages.T.tolist()


@pytest.mark.parametrize(
    ("dead", "slots", "found"),
    [
        ([(0, 1.0, 3.0)], 1, [(1, 3)]),
        ([(0, 1.0, 3.0)], 2, []),
        ([(0, 1.0, 3.0), (1, 2.0, 5.0)], 2, [(2, 3)]),
        ([(0, 1.0, 2.0), (1, 2.0, 3.0)], 2, []),
        ([(0, 1.0, math.inf), (0, 4.0, 5.0)], 1, [(1, 4), (4, 5)]),
        ([(0, 1.0, math.inf)], 1, [(1, math.inf)]),
        ([(1, 2.0, 6.0), (0, 1.0, 3.0), (0, 4.0, 7.0)], 2, [(2, 3), (4, 6)]),
        ([(0, 1.0, 1.0), (0, 3.0, 2.5)], 1, []),
        ([(0, 1.0, 3.0), (1, 2.1, 2.4), (1, 2.5, 2.0)], 2, [(2.1, 2.4)]),
    ],
)
def test_a_role_is_down_while_every_slot_is_empty(
    dead: list[tuple[int, float, float]], slots: int, found: list[tuple[float, float]]
) -> None:
    assert role_outages(dead, slots) == found


def test_an_outage_lasts_from_the_death_to_the_recovery() -> None:
    one = lane()
    one.take_fault(fault(1, 5.0))
    assert outages(one) == [[5.0, math.inf]]
    one.take_fault(fault(1, 5.0, 700.0))
    assert outages(one) == [[5.0, 5.7]]


def test_an_outage_narrower_than_a_pixel_is_not_shown() -> None:
    one = lane()
    one.take_fault(fault(1, 5.0, 30.0))
    assert outages(one, pixel_s=0.1) == []
    assert outages(one, pixel_s=0.01) == [[5.0, pytest.approx(5.03)]]


def test_a_role_that_a_sample_finds_alive_is_not_down_any_more() -> None:
    one = lane()
    one.take_fault(fault(1, 5.0))
    one.take_sample(sample(5.5, consumers=0))
    assert outages(one) == [[5.0, math.inf]]
    one.take_sample(sample(6.0, consumers=1))
    assert outages(one) == [[5.0, 6.0]]
    late = lane()
    late.take_sample(sample(5.5, consumers=0))
    late.take_sample(sample(6.0, consumers=1))
    late.take_fault(fault(1, 5.0))
    assert outages(late) == [[5.0, 6.0]]
    late.take_fault(fault(1, 5.0, 800.0))
    assert outages(late) == [[5.0, 5.8]], "the bench knows better"


def test_what_hit_nobody_or_did_not_end_a_process_is_no_outage() -> None:
    one = lane()
    for number, kind in enumerate((PAUSE, ACK_LOSS, CUT_SHORT), start=1):
        one.take_fault(fault(number, 5.0, kind=kind))
    one.take_fault(fault(9, 5.0, pid=None))
    assert outages(one) == []
    assert one.marks(0, 100, 0.1).pauses.tolist() == [[5.0], [7.0]]


def view(*samples: LaneSample) -> Array:
    one = lane()
    for each in samples:
        one.take_sample(each)
    return one.ring.view()


def test_a_sample_that_finds_a_role_empty_marks_its_bucket() -> None:
    seen = view(sample(1.0), sample(2.0, producers=0), sample(3.0, consumers=0), sample(4.0))
    assert sampled_bands(seen, math.inf).T.tolist() == [[1.0, 2.0], [2.0, 3.0]]


def test_a_sample_in_an_outage_that_a_fault_tells_does_not_lengthen_it() -> None:
    seen = view(sample(1.0), sample(2.0, producers=0), sample(3.0, producers=0), sample(4.0))
    told = np.array([[1.7, 0.2], [2.4, 0.4]])
    assert sampled_bands(seen, math.inf, told).T.tolist() == [[2.0, 3.0]]
    a_moment_later = np.array([[2.02], [2.5]])
    assert sampled_bands(seen, math.inf, a_moment_later).T.tolist() == [[2.0, 3.0]]


def test_workers_that_have_finished_are_no_outage() -> None:
    seen = view(sample(1.0), sample(2.0, producers=0))
    assert sampled_bands(seen, until_s=1.5).size == 0
    assert sampled_bands(seen, until_s=2.5).size == 0, "nothing was left to take"
    assert sampled_bands(seen, until_s=math.inf).T.tolist() == [[1.0, 2.0]]


def test_a_picture_shades_what_the_screen_shades() -> None:
    """Told with and without an end, found by samples alone, and after the sources' end."""
    samples = [
        sample(k / 10, producers=int(not 30 <= k < 33), consumers=2 * int(k < 60))
        for k in range(1, 70)
    ]
    told = [
        fault(1, 0.53, 240.0, role="producer"),
        fault(2, 1.02, 500.0),
        fault(3, 1.25, 600.0, slot=1),
        fault(4, 2.11, None, role="producer"),
        fault(5, 4.0, None),
        fault(6, 4.01, None, slot=1),
        fault(7, 5.0, 0.0, role="producer"),
    ]
    screen = lane(slots=2)
    screen.sources_end_s = 5.95
    for each in samples:
        screen.take_sample(each)
    for one in told:
        screen.take_fault(one)
    view = screen.ring.view()
    known = screen.marks(0.0, 100.0, 0.0).outages
    sampled = sampled_bands(view, screen.sources_end_s, known)
    on_screen = [*known.T.tolist(), *sampled.T.tolist()]
    slots = {"producer": 1, "consumer": 2}
    drawn = outages_of(told, slots, seen_in(view, screen.sources_end_s), 7.0)
    assert shaded(drawn) == shaded(on_screen)
    assert [pytest.approx(one, abs=1e-9) for one in drawn] == [
        (0.53, 0.77), (1.25, 1.52), (2.11, 2.2), (2.9, 3.2), (4.01, 4.1),
    ]  # fmt: skip


def shaded(stretches: Iterable[Sequence[float]]) -> set[int]:
    """Milliseconds in the middle of which there is shade."""
    found = list(stretches)
    return {ms for ms in range(7000) if any(a <= (ms + 0.5) / 1000 < b for a, b in found)}


def test_a_picture_has_an_open_outage_until_now() -> None:
    slots = {"producer": 1, "consumer": 1}
    assert outages_of([fault(1, 2.0)], slots, Seen(), 3.0) == [(2.0, 3.0)]
    assert outages_of([fault(1, 2.0)], slots, Seen(), 2.0) == []


def test_the_sources_end_when_the_run_drains() -> None:
    model = RunModel()
    model.begin(RunSettings(lanes=(LANE,), duration_s=30.0))
    model.take([RunSnapshot("run", RunState.RUNNING, 5.0, 1)])
    assert model.lanes[LANE].sources_end_s == math.inf
    model.take([RunSnapshot("run", RunState.DRAINING, 12.0, 1)])
    model.take([RunSnapshot("run", RunState.DRAINING, 13.0, 1)])
    assert model.lanes[LANE].sources_end_s == 12.0


def test_an_outage_of_a_moment_survives_the_thinning_of_a_long_run() -> None:
    one = lane()
    one.history._data = np.zeros((len(Column), 8))
    for number in range(40):
        one.take_sample(sample(number / 10, consumers=0 if number == 17 else 2))
    assert 0 in one.history.view()[Column.CONSUMERS_UP]
