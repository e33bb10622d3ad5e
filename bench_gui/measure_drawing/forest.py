"""All lanes by metric: a sign and an interval each, with and without faults, and the cost. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench_gui.bench.measure.cells import CellResult
from bench_gui.bench.measure.figures import METRICS, Figure, Figures, MeasureResult, Metric
from bench_gui.bench.measure.settings import Condition, MeasureSettings
from bench_gui.bench.numbers import short
from bench_gui.measure_drawing.look import (
    BODY,
    GLYPH,
    GUTTER,
    HEADING,
    MARGIN,
    SMALL,
    WIDTH,
    card,
    glyph,
    lane_name,
    sentence,
    soft,
    width_of,
)
from bench_gui.measure_drawing.scales import Scale, scale_for, tick_text
from bench_gui.measure_drawing.svg import Svg
from bench_gui.palette import Theme

COLUMNS = 2
PANEL_WIDTH = (WIDTH - 2 * MARGIN - GUTTER) / COLUMNS
NAMES = 168.0
COSTS = 132.0
PADDING = 16.0
HEAD = 40.0
FOOT = 26.0
ROW = {1: 26.0, 2: 36.0}
"""A lane's height by the number of conditions."""
APART = 15.0
"""Between the two conditions of a lane."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One metric's place. `left`, `top`: of its card."""

    metric: Metric
    left: float
    top: float
    scale: Scale
    row: float

    def y(self, row: int, condition: Condition, conditions: Sequence[Condition]) -> float:
        """Where a lane's sign lies."""
        middle = self.top + HEAD + self.row * (row + 0.5)
        return middle + APART * (conditions.index(condition) - (len(conditions) - 1) / 2)


def draw_forest(
    svg: Svg, theme: Theme, result: MeasureResult, figures: Figures, top: float
) -> float:
    """Draws a panel for each metric of which there is anything. Returns: where they end."""
    settings = result.settings
    row = ROW[len(settings.conditions)]
    height = HEAD + row * len(settings.run.lanes) + FOOT + 10
    metrics = [m for m in METRICS if any(f.metric is m for f in _of(figures, m))]
    for place, metric in enumerate(metrics):
        left = MARGIN + (place % COLUMNS) * (PANEL_WIDTH + GUTTER)
        y = top + (place // COLUMNS) * (height + GUTTER * 0.7)
        card(svg, theme, (left, y), PANEL_WIDTH, height)
        panel = Panel(metric, left, y, _scale(figures, metric, left), row)
        _draw_panel(svg, theme, result, figures, panel)
    rows = -(-len(metrics) // COLUMNS)
    return top + rows * (height + GUTTER * 0.7)


def _of(figures: Figures, metric: Metric) -> list[Figure]:
    return [figure for figure in figures.figures if figure.metric.name == metric.name]


def _scale(figures: Figures, metric: Metric, left: float) -> Scale:
    values = [
        value / metric.scale
        for figure in _of(figures, metric)
        for value in (figure.interval.low, figure.interval.median, figure.interval.high)
    ]
    start, end = left + NAMES + 8, left + PANEL_WIDTH - COSTS - 52
    return scale_for(values, start, end, log=metric.name.startswith("latency"))


def _draw_panel(
    svg: Svg, theme: Theme, result: MeasureResult, figures: Figures, panel: Panel
) -> None:
    settings = result.settings
    _draw_head(svg, theme, settings, panel)
    _draw_axis(svg, theme, settings, panel)
    for number, slug in enumerate(settings.run.lanes):
        if number:
            y = panel.top + HEAD + panel.row * number
            right = panel.left + PANEL_WIDTH - PADDING
            svg.line((panel.left + PADDING, y), (right, y), theme.grid)
        _draw_name(svg, theme, panel, number, slug)
        for condition in settings.conditions:
            figure = figures.find(slug, condition, None, panel.metric.name)
            if figure is not None:
                y = panel.y(number, condition, settings.conditions)
                _draw_rounds(svg, theme, panel, figure, result.cells, y)
                _draw_figure(svg, theme, panel, figure, y)
                _draw_cost(svg, theme, panel, figure, figures.reference, y)


def _draw_head(svg: Svg, theme: Theme, settings: MeasureSettings, panel: Panel) -> None:
    x, y = panel.left + PADDING, panel.top + 25
    svg.text((x, y), sentence(panel.metric.label), theme.text, HEADING, bold=True)
    unit = panel.metric.unit + (", logarithmic" if panel.scale.log else "")
    x += width_of(panel.metric.label, HEADING, bold=True) + 8
    svg.text((x, y), unit, theme.muted, BODY)
    right = panel.left + PANEL_WIDTH - PADDING
    words = f"× {lane_name(settings.reference)}"
    svg.text((right, y), words, theme.muted, SMALL, anchor="end")


def _draw_axis(svg: Svg, theme: Theme, settings: MeasureSettings, panel: Panel) -> None:
    bottom = panel.top + HEAD + panel.row * len(settings.run.lanes) + 4
    for tick in panel.scale.ticks:
        x = panel.scale.at(tick)
        svg.line((x, panel.top + HEAD), (x, bottom), theme.grid)
        svg.text((x, bottom + 15), tick_text(tick), theme.muted, SMALL, anchor="middle")


def _draw_name(svg: Svg, theme: Theme, panel: Panel, number: int, slug: str) -> None:
    y = panel.top + HEAD + panel.row * (number + 0.5)
    x = panel.left + PADDING
    glyph(svg, theme, slug, (x + GLYPH / 2, y), Condition.WITHOUT)
    svg.text((x + GLYPH + 7, y + 4), lane_name(slug), theme.text, BODY)


def _draw_rounds(
    svg: Svg, theme: Theme, panel: Panel, figure: Figure, cells: Sequence[CellResult], y: float
) -> None:
    colour = soft(theme, theme.lane(figure.lane), 0.55)
    for cell in cells:
        if (cell.lane, cell.condition) != (figure.lane, figure.condition) or not cell.counts:
            continue
        value = getattr(cell, figure.metric.name)
        if value is not None:
            x = panel.scale.at(value / figure.metric.scale)
            svg.line((x, y - 4), (x, y + 4), colour)


def _draw_figure(svg: Svg, theme: Theme, panel: Panel, figure: Figure, y: float) -> None:
    scale, interval = figure.metric.scale, figure.interval
    low, median, high = (
        panel.scale.at(value / scale) for value in (interval.low, interval.median, interval.high)
    )
    colour = theme.lane(figure.lane)
    svg.line((low, y), (high, y), colour, 2, round_ends=True)
    glyph(svg, theme, figure.lane, (median, y), figure.condition)
    svg.text((high + 10, y + 3.5), short(interval.median / scale), theme.text, SMALL)


def _draw_cost(
    svg: Svg, theme: Theme, panel: Panel, figure: Figure, reference: str, y: float
) -> None:
    right = panel.left + PANEL_WIDTH - PADDING
    relative = figure.relative
    if relative is None or figure.lane == reference:
        text = "–" if relative is None else "1"
        svg.text((right - 74, y + 3.5), text, theme.muted, SMALL, anchor="end")
        return
    apart = not round(relative.low, 2) <= 1 <= round(relative.high, 2)
    ranged = relative.ends is not None
    sure = apart and relative.sure
    middle = (right - 74, y + 3.5)
    svg.text(middle, times(relative.median), theme.text, SMALL, anchor="end", bold=sure)
    interval = f"{times(relative.low)}–{times(relative.high)}" if ranged else ""
    svg.text((right, y + 3.5), interval, theme.muted, SMALL, anchor="end")


def times(ratio: float) -> str:
    """A relative cost with two decimals while it is small: 0.98, 1.14, 14.8, 230."""
    decimals = 2 if ratio < 9.995 else 1 if ratio < 99.95 else 0
    return f"{ratio:,.{decimals}f}"
