"""A measurement's figures as the rows of a table. Pure; knows no widget."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bench_gui.bench.measure.figures import METRIC_BY_NAME, Figure, Figures
from bench_gui.bench.measure.settings import MeasureSettings
from bench_gui.bench.measure.statistics import Interval
from bench_gui.bench.numbers import short
from bench_gui.measure_drawing.look import lane_name
from workers.lanes import LANES, lane_of

SHOWN = (
    "throughput_eps",
    "latency_p50_ns",
    "latency_p99_ns",
    "cpu_us_per_event",
    "written_bytes_per_event",
)
"""By name of the metric."""
HEADS = ("throughput", "p50", "p99", "CPU/event", "bytes/event")
UNITS = ("events/s", "ms", "ms", "µs", "")
NOTHING = "\N{EN DASH}"
TIMES = "\N{MULTIPLICATION SIGN}"
LAST = float("inf")
INTERVAL = "its interval: of 95 % from 6 rounds on, and less sure with fewer"


@dataclass(frozen=True, slots=True)
class Cell:
    """Fields:
    text: what is shown.
    order: what it is sorted by; unknown values come last.
    tip: all of it in a sentence, for a tooltip.
    """

    text: str
    order: float
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One lane in one condition at one value of the sweep; `cells` in the order of `headers`."""

    lane: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Fields:
    headers, tips: one a column. words: how many columns at the left are words, not numbers.
    """

    headers: tuple[str, ...]
    tips: tuple[str, ...]
    words: int
    rows: tuple[Row, ...]


EMPTY = Table((), (), 0, ())


def table_of(settings: MeasureSettings, figures: Figures) -> Table:
    """Lane by lane in display order, then by condition and value; places without a run left out."""
    sweep = settings.sweep.name if settings.sweep is not None else None
    words = ("lane", "faults", *((sweep,) if sweep is not None else ()))
    numbers: list[str] = []
    tips: list[str] = ["", "Whether the lane was measured with faults.", *[""] * (len(words) - 2)]
    for name, head, unit in zip(SHOWN, HEADS, UNITS, strict=True):
        label = METRIC_BY_NAME[name].label
        numbers += [f"{head}, {unit}" if unit else head, f"{TIMES} {head}"]
        tips += [
            f"{label}: median over the rounds, and {INTERVAL}",
            f"{label} as a multiple of {figures.reference}'s, paired by round, and {INTERVAL}",
        ]
    rows = tuple(_rows(settings, figures))
    return Table((*words, "rounds", *numbers), _with_rounds(tips, len(words)), len(words), rows)


def _with_rounds(tips: list[str], at: int) -> tuple[str, ...]:
    return (*tips[:at], "Runs that the median is of.", *tips[at:])


def _rows(settings: MeasureSettings, figures: Figures) -> Iterator[Row]:
    for lane in settings.run.lanes:
        for condition in settings.conditions:
            for place, value in enumerate(settings.values):
                found = [figures.find(lane, condition, value, name) for name in SHOWN]
                some = next(filter(None, found), None)
                if some is None:
                    continue
                words = [_lane(lane), Cell(condition.value, settings.conditions.index(condition))]
                if settings.sweep is not None:
                    knee = figures.knee(lane, condition)
                    at_knee = knee is not None and knee.value == value and knee.bounded
                    mark = " (knee)" if at_knee else ""
                    words.append(Cell(f"{value}{mark}", place))
                rounds = Cell(str(some.interval.rounds), some.interval.rounds)
                yield Row(lane, (*words, rounds, *_numbers(found, figures.reference)))


def _lane(slug: str) -> Cell:
    slugs = [lane.slug for lane in LANES]
    place = slugs.index(slug) if slug in slugs else len(slugs)
    lane = lane_of(slug)
    return Cell(lane_name(slug), place, f"{lane.name}: {lane.rule}")


def _numbers(found: list[Figure | None], reference: str) -> Iterator[Cell]:
    for figure in found:
        if figure is None:
            yield from (Cell(NOTHING, LAST), Cell(NOTHING, LAST))
            continue
        yield _figure(figure)
        yield _relative(figure, reference)


def _figure(figure: Figure) -> Cell:
    interval, scale = figure.interval, figure.metric.scale
    median, low, high = (short(x / scale) for x in _three(interval))
    sure = _sure(interval)
    tip = f"{figure.metric.label}: {median} {figure.metric.unit}, from {low} to {high}{sure}"
    return Cell(_shown(interval, median, low, high), interval.median, tip)


def _shown(interval: Interval, median: str, low: str, high: str) -> str:
    """One round alone has no interval."""
    return f"{median}  [{low}, {high}]" if interval.rounds > 1 else median


def _sure(interval: Interval) -> str:
    """How sure so many rounds can be: a median of three is no 95 % interval."""
    if interval.ends is None:
        return " (of one round, which says nothing of its spread)"
    return f" (a {interval.confidence * 100:.3g} % interval, of {interval.rounds} rounds)"


def _relative(figure: Figure, reference: str) -> Cell:
    interval = figure.relative
    if interval is None:
        return Cell(NOTHING, LAST)
    if figure.lane == reference:
        return Cell("1", 1.0, "The others are relative to this lane.")
    median, low, high = (f"{x:,.2f}" for x in _three(interval))
    sure = _sure(interval)
    tip = f"{figure.metric.label}: {median} times that of {reference}, from {low} to {high}{sure}"
    return Cell(_shown(interval, median, low, high), interval.median, tip)


def _three(interval: Interval) -> tuple[float, float, float]:
    return interval.median, interval.low, interval.high
