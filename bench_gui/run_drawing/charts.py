"""One chart of one lane, and the scales that a row of charts shares. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bench_gui.measure_drawing.scales import Scale, scale_for, tick_text
from bench_gui.measure_drawing.svg import Point, Svg
from bench_gui.run_drawing.ink import Ink
from bench_gui.run_drawing.outages import Stretch
from bench_gui.run_drawing.picture import LanePicture, RunPicture
from workers.lanes import lane_of

TICK_SIZE = 12.0
STRONG_PX, PALE_PX = 2.0, 1.4
"""How wide the lines are."""
TIME_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200)
MOST_TIMES = 4
TIME_PX = 48.0
"""Room for a time's name on the axis."""
ROOM = 0.04
EMPTY_ERRORS = 10.0
KILL_PX = 5.0
HEADROOM = 9.0
"""Pixels at the top of a chart for the marks of kills."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart.

    Fields:
        name: in the legend. field: of Series. factor: by which its values are multiplied.
        pale: whether it stands behind the other.
    """

    name: str
    field: str
    factor: float = 1.0
    pale: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """One row of charts. `log`: whether its scale may be logarithmic."""

    key: str
    title: str
    unit: str
    lines: tuple[Line, ...]
    log: bool = False


CHARTS: tuple[Chart, ...] = (
    Chart(
        "throughput",
        "Throughput",
        "events/s",
        (Line("delivered", "delivered_eps"), Line("due", "offered_eps", pale=True)),
    ),
    Chart(
        "latency",
        "Latency",
        "ms",
        (Line("p50", "p50_ns", 1e-6), Line("p99", "p99_ns", 1e-6, pale=True)),
        log=True,
    ),
    Chart(
        "errors",
        "Error",
        "events in all",
        (Line("+ duplicates", "duplicates"), Line("\N{MINUS SIGN} lost", "lost", -1.0)),
    ),
    Chart("lag", "Lag", "records", (Line("lag", "lag"),)),
    Chart("blocked", "Blocked", "ms a second", (Line("blocked", "blocked_ms_per_s"),)),
)

CHART_BY_KEY = {chart.key: chart for chart in CHARTS}


def charts_for(picture: RunPicture) -> tuple[Chart, ...]:
    """The rows that its lanes have something to show in."""
    blocks = any(lane_of(lane.slug).consumer.two_phase for lane in picture.lanes)
    return tuple(chart for chart in CHARTS if chart.key != "blocked" or blocks)


@dataclass(frozen=True, slots=True)
class Box:
    """A place, in pixels."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height


def y_scale(chart: Chart, picture: RunPicture, box: Box) -> Scale:
    """On which every lane's values of the shown time lie."""
    values = [
        value
        for lane in picture.lanes
        for line in chart.lines
        for _, value in _visible(lane, line, picture)
        if math.isfinite(value)
    ]
    if chart.key == "errors":
        return _error_scale(values, box)
    return scale_for(values, box.bottom, box.top + HEADROOM, log=chart.log)


def _error_scale(values: Sequence[float], box: Box) -> Scale:
    """Lost below zero, duplicates above; each side keeps a part of the height."""
    low, high = -min([0.0, *values]), max([0.0, *values])
    whole = (low + high) or 2 * EMPTY_ERRORS
    low, high = max(low, whole * 0.15), max(high, whole * 0.15)
    ticks = [0.0]
    if min([0.0, *values]) < -whole * 0.2:
        ticks.insert(0, min(values))
    if max([0.0, *values]) > whole * 0.2:
        ticks.append(max(values))
    least, most = -low * (1 + ROOM), high * (1 + ROOM)
    return Scale(least, most, box.bottom, box.top + HEADROOM, tuple(ticks), log=False)


def time_scale(picture: RunPicture, left: float, right: float, most: int = MOST_TIMES) -> Scale:
    """The stretch of time that is shown."""
    span = picture.to_s - picture.from_s
    step = next((s for s in TIME_STEPS_S if span / s <= most), math.ceil(span / most))
    first, last = math.ceil(picture.from_s / step), math.floor(picture.to_s / step + 1e-9)
    ticks = tuple(float(step * number) for number in range(first, last + 1))
    return Scale(picture.from_s, picture.to_s, left, right, ticks, log=False)


def clock_text(seconds: float) -> str:
    """A tick of the time axis: "45 s", "2 min", "1 h"."""
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:g} {unit}"
    if seconds >= 60:
        return f"{seconds // 60:.0f}:{seconds % 60:02.0f}"
    return f"{seconds:g} s"


def value_text(value: float, key: str) -> str:
    """A tick of a chart's own axis."""
    text = tick_text(abs(value)) if key == "errors" else tick_text(value)
    if key != "errors" or value == 0:
        return text
    return ("+" if value > 0 else "\N{MINUS SIGN}") + text


def draw_chart(
    svg: Svg, ink: Ink, picture: RunPicture, lane: LanePicture, chart: Chart, box: Box, y: Scale
) -> None:
    """One lane's chart: outages and pauses shaded, kills marked, then the lines."""
    x = time_scale(picture, box.left, box.right)
    for stretches, colour in ((lane.marks.pauses, ink.pause), (lane.marks.outages, ink.shade)):
        for start, end in _within(stretches, picture):
            width = max(x.at(end) - x.at(start), 1.0)
            svg.rect((x.at(start), box.top), width, box.height, colour)
    for tick in y.ticks:
        svg.line((box.left, y.at(tick)), (box.right, y.at(tick)), ink.grid)
    if chart.key == "errors":
        svg.line((box.left, y.at(0.0)), (box.right, y.at(0.0)), ink.faint)
    for line in reversed(chart.lines):
        colour = (ink.softs if line.pale else ink.lanes)[lane.slug]
        for piece in _pieces(_visible(lane, line, picture), x, y):
            svg.polyline(piece, colour, PALE_PX if line.pale else STRONG_PX)
    for at in lane.marks.kills:
        if picture.from_s <= at <= picture.to_s:
            _draw_kill(svg, ink, (x.at(at), box.top))
    svg.rect((box.left, box.top), box.width, box.height, "none", stroke=ink.line)


def _draw_kill(svg: Svg, ink: Ink, top: Point) -> None:
    """A cross at the upper rim."""
    x, y = top
    half = KILL_PX / 2
    svg.line((x - half, y + 1), (x + half, y + 1 + KILL_PX), ink.text, 1.2)
    svg.line((x + half, y + 1), (x - half, y + 1 + KILL_PX), ink.text, 1.2)


def draw_times(svg: Svg, ink: Ink, picture: RunPicture, box: Box) -> None:
    """The time axis beneath a column of charts. The first and the last keep within the column."""
    most = max(1, min(MOST_TIMES, int(box.width / TIME_PX)))
    for tick in (x := time_scale(picture, box.left, box.right, most)).ticks:
        at = x.at(tick)
        anchor = "start" if at < box.left + 12 else "end" if at > box.right - 12 else "middle"
        svg.line((at, box.bottom), (at, box.bottom + 4), ink.faint)
        place = (at, box.bottom + 6 + TICK_SIZE)
        svg.text(place, clock_text(tick), ink.muted, TICK_SIZE, anchor=anchor)


def draw_values(svg: Svg, ink: Ink, chart: Chart, y: Scale, right: float) -> None:
    """The names of a scale's ticks, ending at `right`."""
    last = math.inf
    for tick in sorted(y.ticks, key=y.at, reverse=True):
        at = y.at(tick)
        if last - at >= TICK_SIZE:
            svg.text(
                (right, at + 4), value_text(tick, chart.key), ink.muted, TICK_SIZE, anchor="end"
            )
            last = at


def _within(stretches: Iterable[Stretch], picture: RunPicture) -> Iterator[Stretch]:
    for start, end in stretches:
        if end >= picture.from_s and start <= picture.to_s:
            yield max(start, picture.from_s), min(end, picture.to_s)


def _visible(lane: LanePicture, line: Line, picture: RunPicture) -> list[Point]:
    """Times and values of the shown stretch."""
    values = getattr(lane.series, line.field)
    return [
        (float(t), float(value) * line.factor)
        for t, value in zip(lane.series.t_s, values, strict=True)
        if picture.from_s <= t <= picture.to_s
    ]


def _pieces(points: Sequence[Point], x: Scale, y: Scale) -> list[list[Point]]:
    """In pixels; where a value is missing the line has a gap, and a lone value is a short dash."""
    pieces = []
    for known, group in groupby(points, key=lambda point: math.isfinite(point[1])):
        if known:
            piece = thinned([(x.at(t), y.at(value)) for t, value in group])
            pieces.append(piece if len(piece) > 1 else [piece[0], (piece[0][0] + 1, piece[0][1])])
    return pieces


def thinned(points: Sequence[Point]) -> list[Point]:
    """Of each column of pixels the lowest and the highest point: more cannot be seen."""
    kept: list[Point] = []
    for _, column in groupby(points, key=lambda point: int(point[0])):
        found = list(column)
        ends = {found.index(min(found, key=_height)), found.index(max(found, key=_height))}
        kept += [found[number] for number in sorted(ends)]
    return kept


def _height(point: Point) -> float:
    return point[1]
