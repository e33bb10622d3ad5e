"""What a run comes to within its measured window."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench_gui.bench.measure.cells import (
    CellResult,
    PlannedCell,
    Window,
    result_of,
    window_of,
)
from bench_gui.bench.measure.settings import Condition
from bench_gui.bench.snapshot import LaneSample, RunState, Verdict
from tests.values import sample, summary


def series(written: int | None = 4096) -> list[LaneSample]:
    """Ten buckets of 100 ms; 100 events each, 50 after the first half; 2 ms of CPU an event."""
    made, delivered = [], 0
    for number in range(1, 11):
        events = 100 if number <= 5 else 50
        delivered += events
        made.append(
            sample(
                t_s=number / 10,
                offered_eps=1000.0,
                delivered_eps=events * 10.0,
                in_flight=100 * number - delivered,
                cpu_total_s=0.5 + delivered * 0.002,
                written_total_bytes=None if written is None else delivered * written,
            )
        )
    return made


def test_figures_are_differences_between_the_windows_edges() -> None:
    window = window_of(series(), 0.5, 1.0)
    assert window.length_s == pytest.approx(0.5)
    assert (window.offered, window.delivered, window.in_flight_growth) == (500, 250, 250)
    assert window.throughput_eps(open_loop=True) == pytest.approx(500)
    assert window.cpu_us_per_event == pytest.approx(2000)
    assert window.written_bytes_per_event == pytest.approx(4096)


def test_the_drain_is_no_part_of_the_window() -> None:
    drain = [replace(one, t_s=1.0 + one.t_s) for one in series()]
    assert window_of(series() + drain, 0.5, 1.0) == window_of(series(), 0.5, 1.0)


def test_commits_at_intervals_are_no_growth_and_a_backlog_is() -> None:
    """Ten seconds of 1,000 events a second, committed every 300 ms: 0, 100 and 200 in flight."""
    wave = [sample(t_s=n / 10, in_flight=100 * (n % 3)) for n in range(1, 101)]
    assert window_of(wave, 0.0, 10.0).in_flight_growth == 0
    slope = [sample(t_s=n / 10, in_flight=30 * n) for n in range(1, 101)]
    assert window_of(slope, 0.0, 10.0).in_flight_growth == pytest.approx(3000, rel=0.05)


def test_a_window_reaches_from_bucket_to_bucket() -> None:
    """From the edge nearest to the cut, and nothing of the drain."""
    window = window_of(series(), 0.44, 0.99)
    assert window.length_s == pytest.approx(0.5)
    assert window.delivered == 300
    assert window_of(series(), 0.46, 0.99).length_s == pytest.approx(0.4)


def test_a_backlog_brought_in_is_not_the_windows_work() -> None:
    """505 offered and 581 delivered in half a second are 1,010 events a second, not 1,162."""
    window = Window(length_s=0.5, offered=505, delivered=581, in_flight_growth=-76)
    assert window.throughput_eps(open_loop=True) == pytest.approx(1010)
    assert window.throughput_eps(open_loop=False) == pytest.approx(1162)
    plan = PlannedCell(1, "exactly-once", Condition.WITHOUT)
    for rate, expected in ((1000, 1010), (None, 1162)):
        row = replace(summary("exactly-once"), rate_target_eps=rate)
        result = result_of(1, plan, "", row, window, RunState.COMPLETE, "")
        assert result.throughput_eps == pytest.approx(expected)
        assert (result.offered, result.delivered) == (505, 581)


def test_without_a_cut_the_window_begins_with_the_first_sample() -> None:
    window = window_of(series(), 0.0, 1.0)
    assert (window.length_s, window.delivered) == (pytest.approx(0.9), 650)


@pytest.mark.parametrize("samples", [[], series()[:1]])
def test_a_run_without_a_window_has_no_figures(samples: list[LaneSample]) -> None:
    window = window_of(samples, 0.0, 1.0)
    assert window == Window()
    assert (window.throughput_eps(open_loop=True), window.cpu_us_per_event) == (None, None)


def test_what_the_system_does_not_tell_is_unknown() -> None:
    assert window_of(series(None), 0.5, 1.0).written_bytes_per_event is None


def made(verdict: Verdict, state: RunState = RunState.COMPLETE, problem: str = "") -> CellResult:
    row = summary("exactly-once", verdict=verdict.value, lost=0, duplicates=3)
    plan = PlannedCell(2, "exactly-once", Condition.WITH, "10")
    return result_of(5, plan, "batch", row, window_of(series(), 0.5, 1.0), state, problem)


def test_a_run_is_told_as_it_was_planned_and_as_it_came_out() -> None:
    result = made(Verdict.HOLDS)
    assert (result.cell, result.round, result.lane, result.faults) == (5, 2, "exactly-once", "with")
    assert (result.sweep, result.value, result.verdict) == ("batch", "10", "HOLDS")
    assert result.fine


def test_a_broken_lane_is_a_problem_of_its_run_whose_figures_still_count() -> None:
    result = made(Verdict.BROKEN)
    assert result.counts
    assert not result.fine
    assert result.problem == "exactly-once is BROKEN: 0 lost, 3 duplicates"


def test_a_run_that_failed_does_not_count() -> None:
    result = made(Verdict.NOT_TESTED, RunState.FAILED, "the disk is full")
    assert not result.counts
    assert not result.fine
