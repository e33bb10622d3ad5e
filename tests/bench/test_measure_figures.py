"""What is made of the runs: costs relative to a lane, knees, and what does not count."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench_gui.bench.measure.cells import CellResult
from bench_gui.bench.measure.figures import METRICS, Knee, figures_of
from bench_gui.bench.measure.settings import Condition, MeasureSettings
from bench_gui.bench.measure.snapshot import MeasureState
from bench_gui.bench.measure.statistics import Interval
from bench_gui.measure_report import knee_in_words
from bench_gui.measure_tables import figure_rows
from tests.measures import cell, cells_of, result, settings

WITHOUT = Condition.WITHOUT


def test_every_place_has_every_metric() -> None:
    asked = settings()
    figures = figures_of(asked, cells_of(asked)).figures
    assert len(figures) == 2 * 2 * len(METRICS)
    assert {figure.interval.rounds for figure in figures} == {3}


def test_the_median_of_percentiles_is_told_and_not_their_mean() -> None:
    asked = settings(faults="without")
    p99 = {1: 10_000_000, 2: 12_000_000, 3: 500_000_000}
    cells = cells_of(asked, lambda one: replace(one, latency_p99_ns=p99[one.round]))
    found = figures_of(asked, cells).find("at-most-once", WITHOUT, None, "latency_p99_ns")
    assert found is not None
    assert found.interval == Interval(12e6, 10e6, 500e6, 3)


def test_the_cost_is_relative_to_at_most_once_within_the_round() -> None:
    asked = settings(faults="without")

    def drifting(one: CellResult) -> CellResult:
        share = 1.5 if one.lane == "at-least-once" else 1.0
        return replace(one, cpu_us_per_event=100.0 * share * one.round)

    figures = figures_of(asked, cells_of(asked, drifting))
    assert figures.reference == "at-most-once"
    dear = figures.find("at-least-once", WITHOUT, None, "cpu_us_per_event")
    assert dear is not None
    assert dear.relative == Interval(1.5, 1.5, 1.5, 3)


def test_without_at_most_once_the_cost_is_relative_to_the_first_lane() -> None:
    asked = settings(lanes="exactly-once,at-least-once")
    assert figures_of(asked, cells_of(asked)).reference == "exactly-once"


def test_a_run_that_failed_has_no_part_in_the_figures() -> None:
    asked = settings(faults="without")
    cells = cells_of(asked, lambda one: replace(one, state="failed") if one.round == 2 else one)
    assert {figure.interval.rounds for figure in figures_of(asked, cells).figures} == {2}


def test_what_the_system_does_not_tell_has_no_figure() -> None:
    asked = settings()
    cells = cells_of(asked, lambda one: replace(one, written_bytes_per_event=None))
    named = {figure.metric.name for figure in figures_of(asked, cells).figures}
    assert named == {metric.name for metric in METRICS} - {"written_bytes_per_event"}


def curve(
    capacity: int, *, rounds: str = "3", odd: tuple[int, str] | None = None
) -> tuple[MeasureSettings, list[CellResult]]:
    """A lane that takes in so many events per second; in `odd` (round, rate) it falls behind."""
    asked = settings(sweep="rate", lanes="at-most-once", rounds=rounds)
    assert asked.sweep is not None

    def shaped(one: CellResult) -> CellResult:
        rate = asked.sweep.number(one.value) if asked.sweep is not None else None
        assert rate is not None
        delivered = min(rate, capacity)
        behind = rate - delivered + 500 * ((one.round, one.value) == odd)
        return replace(
            one,
            offered=round(rate * 10),
            delivered=round(delivered * 10),
            in_flight_growth=round(behind * 10),
        )

    return asked, cells_of(asked, shaped)


@pytest.mark.parametrize(
    ("capacity", "knee"),
    [
        (500, Knee("at-most-once", WITHOUT, None, bounded=True)),
        (5000, Knee("at-most-once", WITHOUT, "4k", bounded=True)),
        (8000, Knee("at-most-once", WITHOUT, "8k", bounded=True)),
        (10**9, Knee("at-most-once", WITHOUT, "256k", bounded=False)),
    ],
)
def test_the_knee_is_the_last_rate_that_a_lane_keeps_up_with(capacity: int, knee: Knee) -> None:
    asked, cells = curve(capacity)
    assert figures_of(asked, cells).knees == (knee,)


def test_one_round_that_fell_behind_is_outvoted() -> None:
    asked, cells = curve(5000, odd=(2, "2k"))
    assert figures_of(asked, cells).knees[0].value == "4k"


def test_half_of_the_rounds_are_not_enough() -> None:
    asked, cells = curve(5000, rounds="2", odd=(2, "2k"))
    assert figures_of(asked, cells).knees[0].value == "1k"


def failing(cells: list[CellResult], *values: str, rounds: int = 3) -> list[CellResult]:
    """The same, but at these rates the runs of the first so many rounds failed."""
    return [
        replace(one, state="failed") if one.value in values and one.round <= rounds else one
        for one in cells
    ]


def test_no_lane_kept_up_where_its_runs_failed() -> None:
    asked, cells = curve(10**9)
    failed = failing(cells, "128k", "256k")
    knee = Knee("at-most-once", WITHOUT, "64k", bounded=False, failed="128k")
    assert figures_of(asked, failed).knees == (knee,)
    said = knee_in_words(knee)
    assert said.endswith("keeps up with 64k/s; 128k/s: no run came to its end")
    assert "every rate" not in said


def test_a_rate_at_which_all_failed_ends_the_walk() -> None:
    asked, cells = curve(10**9)
    figures = figures_of(asked, failing(cells, "4k"))
    assert (figures.knees[0].value, figures.knees[0].failed) == ("2k", "4k")
    rows = {row.value: row.keeps_up for row in figure_rows(result(asked, failing(cells, "4k")))}
    assert (rows["1000"], rows["2000"], rows["8000"]) == (1, 1, 0)


def test_when_the_first_rate_failed_nothing_is_kept_up_with() -> None:
    asked, cells = curve(10**9)
    knee = figures_of(asked, failing(cells, "1k")).knees[0]
    assert (knee.value, knee.failed) == (None, "1k")
    assert knee_in_words(knee).endswith("without faults: 1k/s: no run came to its end")


@pytest.mark.parametrize(("rounds", "kept"), [(1, "256k"), (2, "4k")])
def test_a_run_that_failed_is_a_round_that_did_not_keep_up(rounds: int, kept: str) -> None:
    asked, cells = curve(10**9)
    assert figures_of(asked, failing(cells, "8k", rounds=rounds)).knees[0].value == kept


def test_a_lane_that_is_too_late_does_not_keep_up_whatever_it_delivers() -> None:
    assert cell(latency_p99_ns=900_000_000).keeps_up
    assert not cell(latency_p99_ns=1_100_000_000).keeps_up


def test_what_a_commit_interval_holds_back_is_not_falling_behind() -> None:
    short = {"measured_s": 1.0, "offered": 4000, "delivered": 3700}
    assert cell(in_flight_growth=390, **short).keeps_up
    assert not cell(in_flight_growth=410, **short).keeps_up


def test_losing_events_is_not_falling_behind() -> None:
    assert cell(offered=10_000, delivered=9_000, lost=1_000, in_flight_growth=0).keeps_up
    assert not cell(offered=10_000, delivered=9_000, in_flight_growth=1_000).keeps_up


def test_only_a_walk_up_the_rates_has_knees() -> None:
    asked = settings(sweep="batch")
    assert figures_of(asked, cells_of(asked)).knees == ()


def test_a_problem_names_its_run() -> None:
    asked = settings(sweep="batch")
    bad = cell(round=2, value="10", sweep="batch", problem="the counts disagree: by one")
    assert result(asked, [cell(), bad]).problems == (
        "round 2, at-least-once without faults at batch 10: the counts disagree: by one",
    )


def test_a_round_is_whole_once_the_next_one_has_begun() -> None:
    asked = settings()
    cells = cells_of(asked)[:6]
    assert result(asked, cells, MeasureState.STOPPED).whole_rounds == 1
    assert result(asked, cells_of(asked)).whole_rounds == 3
