"""A measurement as tables: measure.csv, measure_rounds.csv and their rows. Knows no files.

measure.csv is long: one row a figure, so that a pivot table or `DataFrame.pivot` makes of it
whatever is wanted. The metric's name carries its unit.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from bench_gui.bench.measure.cells import CellResult
from bench_gui.bench.measure.figures import Figure, Figures, MeasureResult, figures_of
from bench_gui.bench.measure.sweeps import plain_value
from bench_gui.bench.records.export import csv_text

MEASURE_CSV = "measure.csv"
ROUNDS_CSV = "measure_rounds.csv"
ROUND_COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(CellResult))


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One row of measure.csv. The fields are its columns, in their order.

    Fields:
        faults: "with" or "without".
        sweep, value: the knob and its value, 1000 and not 1k; empty without a sweep.
        metric: a column of measure_rounds.csv; `median`, `ci_low` and `ci_high` are in its unit.
        ci_*, relative_ci_*: empty where there was but one round.
        rounds: runs that the median is of.
        relative_to: the lane that the relative cost is of.
        relative_*: this lane's value / that lane's of the same round, faults and value; empty where
            that lane has none.
        keeps_up: of a sweep of the rate, whether this is at the lane's knee or below it (1 or 0).
        confidence: what so many rounds allow the interval: 0.5 of two, ..., at most 0.95; 0 of one.
        seed: of the first round, and of the bootstrap.
    """

    lane: str
    faults: str
    sweep: str
    value: str
    metric: str
    median: float
    ci_low: float | None
    ci_high: float | None
    rounds: int
    relative_to: str
    relative_median: float | None
    relative_ci_low: float | None
    relative_ci_high: float | None
    relative_rounds: int
    keeps_up: int | None
    confidence: float
    duration_s: float
    warm_up_s: float
    seed: int


FIGURE_COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(FigureRow))


def figure_rows(result: MeasureResult) -> list[FigureRow]:
    """The rows of measure.csv."""
    figures = figures_of(result.settings, result.cells)
    return [_row(figure, figures, result) for figure in figures.figures]


def csv_texts(result: MeasureResult) -> dict[str, str]:
    """Both tables, by file name."""
    return {
        MEASURE_CSV: csv_text(FIGURE_COLUMNS, figure_rows(result)),
        ROUNDS_CSV: csv_text(ROUND_COLUMNS, round_rows(result)),
    }


def round_rows(result: MeasureResult) -> list[CellResult]:
    """The rows of measure_rounds.csv, in the order of running."""
    cells = sorted(result.cells, key=lambda cell: cell.cell)
    return [replace(cell, value=plain_value(cell.sweep, cell.value)) for cell in cells]


def _row(figure: Figure, figures: Figures, result: MeasureResult) -> FigureRow:
    settings, relative = result.settings, figure.relative
    sweep = settings.sweep.name if settings.sweep is not None else ""
    low, high = figure.interval.ends or (None, None)
    relative_low, relative_high = (relative and relative.ends) or (None, None)
    return FigureRow(
        lane=figure.lane,
        faults=figure.condition.value,
        sweep=sweep,
        value=plain_value(sweep, figure.value or ""),
        metric=figure.metric.name,
        median=figure.interval.median,
        ci_low=low,
        ci_high=high,
        rounds=figure.interval.rounds,
        relative_to=figures.reference,
        relative_median=relative.median if relative is not None else None,
        relative_ci_low=relative_low,
        relative_ci_high=relative_high,
        relative_rounds=relative.rounds if relative is not None else 0,
        keeps_up=_keeps_up(figure, figures, result),
        confidence=figure.interval.confidence,
        duration_s=settings.run.duration_s,
        warm_up_s=settings.warm_up_s,
        seed=settings.run.seed,
    )


def _keeps_up(figure: Figure, figures: Figures, result: MeasureResult) -> int | None:
    sweep, knee = result.settings.sweep, figures.knee(figure.lane, figure.condition)
    if sweep is None or knee is None or figure.value is None:
        return None
    if knee.value is None:
        return 0
    return int(sweep.values.index(figure.value) <= sweep.values.index(knee.value))
