"""The whole view as one picture for a slide: lanes as columns, charts as rows. Pure.

It is drawn anew and is no copy of the screen: type is larger, lane names are whole, the background
is opaque, and a heading says which run it is and what must be known to read it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench_gui.bench.measure.settings import Condition
from bench_gui.bench.snapshot import Verdict
from bench_gui.measure_drawing.look import sign, width_of
from bench_gui.measure_drawing.scales import Scale
from bench_gui.measure_drawing.svg import Point, Svg
from bench_gui.palette import LIGHT, Theme
from bench_gui.run_drawing.charts import (
    PALE_PX,
    STRONG_PX,
    Box,
    Chart,
    Line,
    charts_for,
    draw_chart,
    draw_times,
    draw_values,
    y_scale,
)
from bench_gui.run_drawing.ink import Ink, ink_of
from bench_gui.run_drawing.picture import SIGNS, LanePicture, RunPicture, word_of
from bench_gui.run_drawing.words import duration_text, even_lines_of, lines_of
from bench_gui.shapes import shape_of
from workers.lanes import Anomaly, lane_of

WIDTH, HEIGHT = 1280.0, 720.0
"""At the size at which type is as large as is said here."""

MARGIN, GAP, GUTTER = 24.0, 14.0, 136.0
TITLE, NAME, BODY, SMALL = 24.0, 17.0, 14.0, 12.5
NARROW_NAME, NARROW_SMALL = 13.0, 11.0
LEGEND = 12.0
STROKE = 16.0
"""Of a line in the legend: how long it is."""
MOST_APART = 190.0
"""Between the two counters of a lane."""
NARROW_BELOW = 190.0
"""Columns narrower than this have smaller type and shorter words."""
NUMBER = 44.0
DIGIT = 0.72
"""Of a bold digit's size: about how wide it is."""
LEADING = 1.28
FOOT = 40.0
STRIPE = 4.0
CHART_GAP = 12.0
CHART_LEAST = 54.0
"""Room for a title, a unit and the names of two lines."""


@dataclass(frozen=True, slots=True)
class Page:
    """What is being drawn, and where.

    Fields:
        columns: left edges of the lanes. column: their width.
    """

    svg: Svg
    ink: Ink
    theme: Theme
    picture: RunPicture
    columns: tuple[float, ...]
    column: float
    right: float

    @property
    def narrow(self) -> bool:
        """Whether there is little room in a column."""
        return self.column < NARROW_BELOW

    @property
    def name(self) -> float:
        """The type size of a lane's name."""
        return NARROW_NAME if self.narrow else NAME

    @property
    def small(self) -> float:
        """The type size of what explains."""
        return NARROW_SMALL if self.narrow else SMALL


def draw_view(
    picture: RunPicture,
    theme: Theme = LIGHT,
    charts: Sequence[Chart] | None = None,
    width: float = WIDTH,
    height: float = HEIGHT,
) -> str:
    """The view as an SVG document, `width` pixels wide and `height` high or more.

    Args:
        charts: these rows and no counters; None for all of it.
    """
    page = _page(picture, theme, width)
    top = _draw_heading(page)
    top = _draw_lanes(page, top, brief=charts is not None)
    rows = charts_for(picture) if charts is None else tuple(charts)
    least = top + len(rows) * (CHART_LEAST + CHART_GAP) + FOOT
    height = max(height, least)
    _draw_charts(page, rows, top, height - FOOT)
    return page.svg.document(height, theme.card)


def _page(picture: RunPicture, theme: Theme, width: float) -> Page:
    slugs = [lane.slug for lane in picture.lanes]
    count = max(len(slugs), 1)
    column = (width - 2 * MARGIN - GUTTER - GAP * (count - 1)) / count
    columns = tuple(MARGIN + GUTTER + number * (column + GAP) for number in range(count))
    svg = Svg(width, f"Delivery Bench, run {picture.run_id}: {picture.verdicts}")
    return Page(svg, ink_of(theme, slugs), theme, picture, columns, column, width - MARGIN)


# the heading


def _draw_heading(page: Page) -> float:
    """Which run, and what must be known. Returns: where the lanes may begin."""
    svg, ink, picture = page.svg, page.ink, page.picture
    title = picture.scenario or "Delivery Bench"
    svg.text((MARGIN, 42), title, ink.text, TITLE, bold=True)
    x = page.right
    for label in reversed(picture.labels):
        x = _draw_label(page, label.upper(), x) - 10
    facts = f"run {picture.run_id} · seed {picture.seed} · {picture.state} · {picture.heading}"
    y = 64.0
    for line in lines_of(facts, page.right - MARGIN, BODY):
        svg.text((MARGIN, y), line, ink.muted, BODY)
        y += BODY * LEADING
    return y + 4


def _draw_label(page: Page, words: str, right: float) -> float:
    """A label that cannot be missed, ending at `right`. Returns: where it begins."""
    width = width_of(words, BODY, bold=True) + 18
    page.svg.rect((right - width, 24), width, 24, page.ink.text, radius=4)
    middle = (right - width / 2, 24 + 12 + BODY * 0.36)
    page.svg.text(middle, words, page.ink.card, BODY, anchor="middle", bold=True)
    return right - width


# the lanes


def _draw_lanes(page: Page, top: float, *, brief: bool) -> float:
    """Cards with name, verdict and counters. Returns: where the charts may begin."""
    room = page.column - 20
    lanes = page.picture.lanes
    names = max((len(_name_lines(page, lane)) for lane in lanes), default=1)
    rules = max((len(_rule_lines(page, lane, room)) for lane in lanes), default=1)
    head = 14 + names * page.name * LEADING
    rule = 0.0 if brief else rules * page.small * LEADING + 2
    height = head + rule + 32 + (0.0 if brief else 46 + NUMBER + page.small)
    for lane, left in zip(lanes, page.columns, strict=False):
        box = Box(left, top, page.column, height)
        page.svg.rect((box.left, box.top), box.width, box.height, page.ink.card, radius=6,
                      stroke=page.ink.line)  # fmt: skip
        page.svg.rect((box.left, box.top), box.width, STRIPE, page.ink.lanes[lane.slug])
        _draw_name(page, lane, box)
        _draw_verdict(page, lane, (box.left + 10, box.top + head + rule + 4))
        if not brief:
            _draw_rule(page, lane, box, head)
            _draw_counters(page, lane, box, head + rule + 34)
            _draw_facts(page, lane, box)
    return top + height + 12


def _name_lines(page: Page, lane: LanePicture) -> list[str]:
    room = page.column - 20 - page.name - 4
    return even_lines_of(lane_of(lane.slug).name, room, page.name, bold=True)


def _rule_lines(page: Page, lane: LanePicture, room: float) -> list[str]:
    return even_lines_of(lane_of(lane.slug).rule, room, page.small)


def _draw_name(page: Page, lane: LanePicture, box: Box) -> None:
    corners, filled = shape_of(lane.slug)
    condition = Condition.WITHOUT if filled else Condition.WITH
    size = page.name
    middle = (box.left + 10 + size * 0.45, box.top + 10 + size * 0.75)
    colour = page.ink.lanes[lane.slug]
    sign(page.svg, page.theme, corners, colour, middle, condition, size * 0.8)
    y = box.top + 10 + size * 1.1
    for line in _name_lines(page, lane):
        page.svg.text((box.left + 10 + size + 4, y), line, page.ink.text, size, bold=True)
        y += size * LEADING


def _draw_rule(page: Page, lane: LanePicture, box: Box, head: float) -> None:
    y = box.top + head + page.small
    for line in _rule_lines(page, lane, box.width - 20):
        page.svg.text((box.left + 10, y), line, page.ink.muted, page.small)
        y += page.small * LEADING


def _draw_verdict(page: Page, lane: LanePicture, corner: Point) -> None:
    """A shape and a word each: no one needs a colour to read it."""
    svg, ink = page.svg, page.ink
    words = f"{SIGNS[lane.verdict]} {word_of(lane.verdict)}".strip()
    width = width_of(words, SMALL, bold=True) + 18
    looks = {
        Verdict.HOLDS: (ink.text, ink.card, "", 10.0),
        Verdict.BROKEN: (ink.alarm, ink.on_alarm, "", 0.0),
        Verdict.NOT_TESTED: ("none", ink.text, ink.muted, 4.0),
        Verdict.PENDING: ("none", ink.muted, ink.line, 10.0),
    }
    fill, colour, stroke, radius = looks[lane.verdict]
    svg.rect(corner, width, 20, fill, radius=radius, stroke=stroke)
    middle = (corner[0] + width / 2, corner[1] + 10 + SMALL * 0.36)
    svg.text(middle, words, colour, SMALL, anchor="middle", bold=True)


def _draw_counters(page: Page, lane: LanePicture, box: Box, down: float) -> None:
    allowed = lane_of(lane.slug).allowed
    half = _half(page)
    duplicates = "DUPL." if page.narrow else "DUPLICATES"
    for number, (caption, anomaly, count) in enumerate(
        (
            ("LOST", Anomaly.LOST, lane.counts.lost),
            (duplicates, Anomaly.DUPLICATE, lane.counts.duplicates),
        )
    ):
        left = box.left + 10 + number * half
        place = Box(left, box.top + down, half - 6, NUMBER + page.small + 20)
        _draw_counter(page, lane, caption, count, anomaly in allowed, place)


def _draw_counter(
    page: Page, lane: LanePicture, caption: str, count: int, allowed: bool, box: Box
) -> None:
    """Calm at zero, the lane's colour where allowed, a filled box where forbidden."""
    svg, ink, small = page.svg, page.ink, page.small
    broken = count > 0 and not allowed
    if broken:
        svg.rect((box.left - 5, box.top), box.width + 6, box.height, ink.alarm)
    quiet = ink.on_alarm if broken else ink.muted
    text, size = f"{count:,}", _number_size(page)
    colour = ink.on_alarm if broken else ink.lanes[lane.slug] if count else ink.muted
    svg.text((box.left, box.top + small + 3), caption, quiet, small, bold=True)
    svg.text((box.left, box.top + small + NUMBER), text, colour, size, bold=True)
    svg.text((box.left, box.top + small + NUMBER + 15), _tag(page, count, allowed), quiet, small)


def _half(page: Page) -> float:
    """The room of one of a lane's two counters."""
    return min((page.column - 16) / 2, MOST_APART)


def _number_size(page: Page) -> float:
    """The same for every counter, so that none looks greater than it is."""
    counts = [n for lane in page.picture.lanes for n in (lane.counts.lost, lane.counts.duplicates)]
    digits = max((len(f"{count:,}") for count in counts), default=1)
    return min(NUMBER, (_half(page) - 14) / (digits * DIGIT))


def _tag(page: Page, count: int, allowed: bool) -> str:
    if count == 0:
        return "allowed" if allowed else "must be 0" if page.narrow else "must stay 0"
    if allowed:
        return "allowed" if page.narrow else "as allowed"
    return "\N{MULTIPLICATION X} forbidden"


def _draw_facts(page: Page, lane: LanePicture, box: Box) -> None:
    """One line at the foot of the card, as much of it as there is room for."""
    counts = lane.counts
    facts = [f"{counts.delivered_unique:,} delivered", f"{counts.in_flight:,} in flight"]
    if counts.suppressed:
        facts.insert(1, f"{counts.suppressed:,} suppressed")
    if lane.latency_p99_ns is not None:
        facts.append(f"p99 {duration_text(lane.latency_p99_ns)}")
    while len(facts) > 1 and width_of(" · ".join(facts), page.small) > box.width - 16:
        facts.pop()
    place = (box.left + 10, box.bottom - 8)
    page.svg.text(place, " · ".join(facts), page.ink.muted, page.small)


# the charts


def _draw_charts(page: Page, charts: Sequence[Chart], top: float, bottom: float) -> None:
    height = (bottom - top) / max(len(charts), 1)
    for number, chart in enumerate(charts):
        box = Box(MARGIN, top + number * height, GUTTER, height - CHART_GAP)
        scale = y_scale(chart, page.picture, box)
        _draw_gutter(page, chart, box, scale)
        for lane, left in zip(page.picture.lanes, page.columns, strict=False):
            place = Box(left, box.top, page.column, box.height)
            page.svg.rect((left, box.top), page.column, box.height, page.ink.card)
            draw_chart(page.svg, page.ink, page.picture, lane, chart, place, scale)
    for left in page.columns:
        draw_times(page.svg, page.ink, page.picture, Box(left, top, page.column,
                                                          bottom - top - CHART_GAP))  # fmt: skip
    _draw_key(page, bottom + FOOT - 12)


def _draw_gutter(page: Page, chart: Chart, box: Box, scale: Scale) -> None:
    """What a row shows: title, unit, which line is which, and its scale."""
    svg, ink = page.svg, page.ink
    y = box.top + BODY - 2
    svg.text((box.left, y), chart.title, ink.text, BODY, bold=True)
    y += LEGEND + 2
    svg.text((box.left, y), chart.unit + (", log" if scale.log else ""), ink.muted, LEGEND)
    draw = _draw_line_key if any(line.pale for line in chart.lines) else _draw_line_name
    for line in chart.lines if len(chart.lines) > 1 else ():
        y += LEGEND + 1
        if y < box.bottom:
            draw(page, line, (box.left, y))
    draw_values(svg, ink, chart, scale, box.right - 6)


def _draw_line_key(page: Page, line: Line, place: Point) -> None:
    """A line as it is drawn, in no lane's colour, and its name."""
    x, y = place
    colour, width = (page.ink.faint, PALE_PX) if line.pale else (page.ink.text, STRONG_PX)
    page.svg.line((x, y - LEGEND * 0.35), (x + STROKE, y - LEGEND * 0.35), colour, width)
    page.svg.text((x + STROKE + 6, y), line.name, page.ink.muted, LEGEND)


def _draw_line_name(page: Page, line: Line, place: Point) -> None:
    """Where lines lie apart and look the same."""
    page.svg.text(place, line.name, page.ink.muted, LEGEND)


def _draw_key(page: Page, y: float) -> None:
    words = "\N{MULTIPLICATION X} a process was killed"
    page.svg.text((MARGIN + GUTTER, y), words, page.ink.muted, SMALL)
    x = MARGIN + GUTTER + width_of(words, SMALL) + 14
    x = _draw_shade_key(page, "no process of a role was working", page.ink.shade, (x, y))
    if any(lane.marks.pauses for lane in page.picture.lanes):
        _draw_shade_key(page, "a process stood still", page.ink.pause, (x, y))
    if page.picture.scenario:
        page.svg.text((page.right, y), "Delivery Bench", page.ink.muted, SMALL, anchor="end")


def _draw_shade_key(page: Page, words: str, colour: str, place: Point) -> float:
    """Returns: where what follows may begin."""
    x, y = place
    page.svg.rect((x, y - 10), 18, 12, colour)
    page.svg.text((x + 24, y), words, page.ink.muted, SMALL)
    return x + 24 + width_of(words, SMALL) + 14
