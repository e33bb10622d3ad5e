"""What turning a knob does: a curve for each lane, with intervals; for rates, the knees. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bench_gui.bench.measure.cells import P99_BOUND_NS
from bench_gui.bench.measure.figures import METRIC_BY_NAME, Figure, Figures, MeasureResult, Metric
from bench_gui.bench.measure.settings import Condition, MeasureSettings
from bench_gui.bench.measure.statistics import Interval
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
)
from bench_gui.measure_drawing.scales import Scale, scale_for, tick_text
from bench_gui.measure_drawing.svg import Point, Svg
from bench_gui.palette import Theme

COLUMNS = 2
PANEL_WIDTH = (WIDTH - 2 * MARGIN - GUTTER) / COLUMNS
HEIGHT = 320.0
HEAD = 44.0
FOOT = 46.0
LEFT, RIGHT = 60.0, 22.0
DODGE, DODGE_MOST = 30.0, 14.0
"""Pixels from the first lane to the last, and between two at the most, at one place of an axis of
words: their intervals would cover each other."""
SIGN = 9.0
RING = 8.5
DASH = "5 4"
FADED = 0.45
ROOM, ROOM_FAILED = 70.0, 110.0
"""For the words at the right of the highest knee: "64k or more", "64k; 128k failed"."""
THROUGHPUT = "throughput_eps"


@dataclass(frozen=True, slots=True)
class Chart:
    """One panel: what lies on which axis.

    Fields:
        y: the metric upwards.
        x: the metric to the right; None: the value of the sweep.
        title: at its head.
    """

    title: str
    y: Metric
    x: Metric | None = None

    @property
    def marks_knees(self) -> bool:
        """Whether the knee shows in the curve itself."""
        return self.x is not None or self.y.name == THROUGHPUT


def charts_of(settings: MeasureSettings) -> tuple[Chart, ...]:
    """The panels that show a sweep."""
    metric = METRIC_BY_NAME
    assert settings.sweep is not None
    if settings.sweep.walks:
        throughput = metric[THROUGHPUT]
        return (
            Chart("Latency p50 at what is delivered", metric["latency_p50_ns"], throughput),
            Chart("Latency p99 at what is delivered", metric["latency_p99_ns"], throughput),
            Chart("Delivered of what is offered", throughput),
            Chart("CPU per event", metric["cpu_us_per_event"]),
            Chart("Written per event", metric["written_bytes_per_event"]),
        )
    names = (THROUGHPUT, "cpu_us_per_event", "latency_p50_ns", "latency_p99_ns",
             "latency_p999_ns", "written_bytes_per_event")  # fmt: skip
    return tuple(Chart(sentence(metric[name].label), metric[name]) for name in names)


@dataclass(frozen=True, slots=True)
class Panel:
    """A chart's place: `left` and `top` of its card, and its scales."""

    chart: Chart
    left: float
    top: float
    x: Scale
    y: Scale


def draw_curves(
    svg: Svg, theme: Theme, result: MeasureResult, figures: Figures, top: float
) -> float:
    """Draws the panels of a sweep. Returns: where they end."""
    shown = [c for c in charts_of(result.settings) if _figures(figures, c.y)]
    places = [_place(number, top) for number in range(len(shown) + bool(figures.knees))]
    for chart, (left, y) in zip(shown, places, strict=False):
        card(svg, theme, (left, y), PANEL_WIDTH, HEIGHT)
        panel = _panel(chart, left, y, result.settings, figures)
        _draw_axes(svg, theme, panel, result.settings)
        _draw_guides(svg, theme, panel)
        for lane in result.settings.run.lanes:
            for condition in result.settings.conditions:
                _draw_curve(svg, theme, panel, result.settings, figures, lane, condition)
    if figures.knees:
        _draw_knees(svg, theme, result.settings, figures, places[-1])
    return top + -(-len(places) // COLUMNS) * (HEIGHT + GUTTER * 0.7)


def _place(number: int, top: float) -> Point:
    left = MARGIN + (number % COLUMNS) * (PANEL_WIDTH + GUTTER)
    return left, top + (number // COLUMNS) * (HEIGHT + GUTTER * 0.7)


def _figures(figures: Figures, metric: Metric) -> list[Figure]:
    return [figure for figure in figures.figures if figure.metric.name == metric.name]


# scales


def _panel(
    chart: Chart, left: float, top: float, settings: MeasureSettings, figures: Figures
) -> Panel:
    return Panel(
        chart,
        left,
        top,
        x=_x_scale(chart, left, settings, figures),
        y=_metric_scale(figures, chart.y, top + HEIGHT - FOOT, top + HEAD),
    )


def _x_scale(chart: Chart, left: float, settings: MeasureSettings, figures: Figures) -> Scale:
    start, end = left + LEFT, left + PANEL_WIDTH - RIGHT
    if chart.x is not None:
        return _metric_scale(figures, chart.x, start, end)
    assert settings.sweep is not None
    if settings.sweep.walks:
        measured = {figure.value for figure in figures.figures}
        values = [_rate(settings, value) for value in settings.values if value in measured]
        return scale_for(values, start, end, log=True)
    count = len(settings.values)
    ticks = tuple(float(number) for number in range(count))
    return Scale(-0.5, count - 0.5, start, end, ticks, log=False)


def _metric_scale(figures: Figures, metric: Metric, start: float, end: float) -> Scale:
    values = [
        value / metric.scale
        for figure in _figures(figures, metric)
        for value in (figure.interval.low, figure.interval.high)
    ]
    return scale_for(values, start, end, log=True)


def _rate(settings: MeasureSettings, value: str | None) -> float:
    assert settings.sweep is not None
    return settings.sweep.number(value or "") or 0.0


# axes


def _draw_axes(svg: Svg, theme: Theme, panel: Panel, settings: MeasureSettings) -> None:
    chart, left, top = panel.chart, panel.left, panel.top
    svg.text((left + 16, top + 26), chart.title, theme.text, HEADING, bold=True)
    unit = chart.y.unit + (", logarithmic" if panel.y.log else "")
    right = left + PANEL_WIDTH - RIGHT
    svg.text((right, top + 26), unit, theme.muted, BODY, anchor="end")
    for tick in panel.y.ticks:
        y = panel.y.at(tick)
        svg.line((left + LEFT, y), (right, y), theme.grid)
        svg.text((left + LEFT - 8, y + 3.5), tick_text(tick), theme.muted, SMALL, anchor="end")
    bottom = top + HEIGHT - FOOT
    for tick in panel.x.ticks:
        x = panel.x.at(tick)
        text = _tick_name(chart, settings, tick)
        if _numbers(chart, settings):
            svg.line((x, top + HEAD), (x, bottom), theme.grid)
        svg.text((x, bottom + 16), text, theme.muted, SMALL, anchor="middle")
    middle = (left + LEFT + right) / 2
    svg.text((middle, bottom + 34), _x_name(chart, settings), theme.muted, SMALL, anchor="middle")


def _numbers(chart: Chart, settings: MeasureSettings) -> bool:
    assert settings.sweep is not None
    return chart.x is not None or settings.sweep.walks


def _tick_name(chart: Chart, settings: MeasureSettings, tick: float) -> str:
    if _numbers(chart, settings):
        return tick_text(tick)
    return settings.values[round(tick)] or ""


def _x_name(chart: Chart, settings: MeasureSettings) -> str:
    assert settings.sweep is not None
    if chart.x is not None:
        return "delivered, events/s"
    if settings.sweep.walks:
        return "offered, events/s"
    return settings.sweep.name.replace("-", " ")


def _draw_guides(svg: Svg, theme: Theme, panel: Panel) -> None:
    """Where everything that is offered is delivered; where a lane counts as too late."""
    if panel.chart.y.name == THROUGHPUT and panel.x.log and panel.y.log:
        low, high = max(panel.x.least, panel.y.least), min(panel.x.most, panel.y.most)
        ends = [(panel.x.at(value), panel.y.at(value)) for value in (low, high)]
        svg.line(ends[0], ends[1], theme.faint, 1, dash=DASH)
    bound = P99_BOUND_NS / panel.chart.y.scale
    judged = panel.chart.y.name == "latency_p99_ns" and panel.chart.x is not None
    if judged and panel.y.least < bound < panel.y.most:
        y, end = panel.y.at(bound), panel.left + PANEL_WIDTH - RIGHT
        svg.line((panel.left + LEFT, y), (end, y), theme.faint, 1, dash=DASH)


# curves


@dataclass(frozen=True, slots=True)
class Spot:
    """One value of the sweep on a panel; `past`: beyond the lane's knee."""

    at: Point
    x_low: float
    x_high: float
    y_low: float
    y_high: float
    value: str | None
    past: bool


def _draw_curve(
    svg: Svg,
    theme: Theme,
    panel: Panel,
    settings: MeasureSettings,
    figures: Figures,
    lane: str,
    condition: Condition,
) -> None:
    spots = _spots(panel, settings, figures, lane, condition)
    colour, dash = theme.lane(lane), DASH if condition is Condition.WITH else ""
    faded = soft(theme, colour, FADED)
    kept = [spot for spot in spots if not spot.past]
    beyond = kept[-1:] + [spot for spot in spots if spot.past]
    svg.polyline([spot.at for spot in beyond], faded, 1.5, dash=dash)
    svg.polyline([spot.at for spot in kept], colour, 2, dash=dash)
    for spot in spots:
        ink = faded if spot.past else colour
        svg.line((spot.at[0], spot.y_low), (spot.at[0], spot.y_high), ink, 1.5)
        svg.line((spot.x_low, spot.at[1]), (spot.x_high, spot.at[1]), ink, 1.5)
        glyph(svg, theme, lane, spot.at, condition, SIGN, faded=spot.past)
    knee = figures.knee(lane, condition)
    if knee is not None and knee.bounded and panel.chart.marks_knees:
        for spot in spots:
            if spot.value == knee.value:
                svg.circle(spot.at, RING, "none", colour, 1.8)


def _spots(
    panel: Panel, settings: MeasureSettings, figures: Figures, lane: str, condition: Condition
) -> list[Spot]:
    spots, past = [], False
    knee = figures.knee(lane, condition)
    for number, value in enumerate(settings.values):
        y = figures.find(lane, condition, value, panel.chart.y.name)
        if y is None:
            continue
        past = past or (knee is not None and knee.value is None)
        x = _x_interval(panel, settings, figures, y, number)
        if x is not None:
            spots.append(_spot(panel, x, _scaled(y), value, past))
        past = past or (knee is not None and knee.found and knee.value == value)
    shift = _dodge(panel.chart, settings, lane)
    return [_shifted(spot, shift) for spot in spots]


def _x_interval(
    panel: Panel, settings: MeasureSettings, figures: Figures, figure: Figure, number: int
) -> Interval | None:
    if panel.chart.x is not None:
        found = figures.find(figure.lane, figure.condition, figure.value, panel.chart.x.name)
        return None if found is None else _scaled(found)
    at = _rate(settings, figure.value) if _numbers(panel.chart, settings) else float(number)
    return Interval(at, at, at, 1)


def _scaled(figure: Figure) -> Interval:
    interval, scale = figure.interval, figure.metric.scale
    return replace(
        interval,
        median=interval.median / scale,
        low=interval.low / scale,
        high=interval.high / scale,
    )


def _spot(panel: Panel, x: Interval, y: Interval, value: str | None, past: bool) -> Spot:
    return Spot(
        at=(panel.x.at(x.median), panel.y.at(y.median)),
        x_low=panel.x.at(x.low),
        x_high=panel.x.at(x.high),
        y_low=panel.y.at(y.low),
        y_high=panel.y.at(y.high),
        value=value,
        past=past,
    )


def _dodge(chart: Chart, settings: MeasureSettings, lane: str) -> float:
    if _numbers(chart, settings):
        return 0.0
    lanes = settings.run.lanes
    apart = min(DODGE_MOST, DODGE / max(1, len(lanes) - 1))
    return apart * (lanes.index(lane) - (len(lanes) - 1) / 2)


def _shifted(spot: Spot, by: float) -> Spot:
    return replace(
        spot, at=(spot.at[0] + by, spot.at[1]), x_low=spot.x_low + by, x_high=spot.x_high + by
    )


# knees


def _draw_knees(
    svg: Svg, theme: Theme, settings: MeasureSettings, figures: Figures, place: Point
) -> None:
    """The highest rate that each lane keeps up with."""
    left, top = place
    card(svg, theme, place, PANEL_WIDTH, HEIGHT)
    svg.text((left + 16, top + 26), "The knee: what a lane keeps up with", theme.text, HEADING,
             bold=True)  # fmt: skip
    right = left + PANEL_WIDTH - RIGHT
    scale = scale_for(
        [_rate(settings, knee.value) for knee in figures.knees if knee.value is not None],
        left + 180,
        right - (ROOM if all(knee.failed is None for knee in figures.knees) else ROOM_FAILED),
        log=True,
    )
    unit = "events/s" + (", logarithmic" if scale.log else "")
    svg.text((right, top + 26), unit, theme.muted, BODY, anchor="end")
    bottom = top + HEIGHT - FOOT
    for tick in scale.ticks:
        x = scale.at(tick)
        svg.line((x, top + HEAD), (x, bottom), theme.grid)
        svg.text((x, bottom + 16), tick_text(tick), theme.muted, SMALL, anchor="middle")
    height = (bottom - top - HEAD) / len(settings.run.lanes)
    for number, lane in enumerate(settings.run.lanes):
        y = top + HEAD + height * (number + 0.5)
        glyph(svg, theme, lane, (left + 16 + GLYPH / 2, y), Condition.WITHOUT)
        svg.text((left + 16 + GLYPH + 7, y + 4), lane_name(lane), theme.text, BODY)
        for condition in settings.conditions:
            apart = min(15.0, height / 2)
            place_of = settings.conditions.index(condition) - (len(settings.conditions) - 1) / 2
            _draw_knee(svg, theme, settings, figures, scale, lane, condition, y + apart * place_of)


def _draw_knee(
    svg: Svg,
    theme: Theme,
    settings: MeasureSettings,
    figures: Figures,
    scale: Scale,
    lane: str,
    condition: Condition,
    y: float,
) -> None:
    knee = figures.knee(lane, condition)
    if knee is None:
        return
    if knee.value is None:
        none = "keeps up with none" if knee.failed is None else f"{knee.failed} failed"
        svg.text((scale.start, y + 3.5), none, theme.muted, SMALL)
        return
    x = scale.at(_rate(settings, knee.value))
    svg.line((scale.start, y), (x, y), soft(theme, theme.lane(lane), FADED), 2)
    glyph(svg, theme, lane, (x, y), condition)
    words = knee.value if knee.bounded else f"{knee.value} or more"
    if knee.failed is not None:
        words = f"{knee.value}; {knee.failed} failed"
    svg.text((x + 11, y + 3.5), words, theme.text, SMALL)
