"""One wide chart a row with the curves of every lane, each named by its sign at its end."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from bench_gui.bench.snapshot import FaultReport
from bench_gui.window.canvas import Canvas, Pointer
from bench_gui.window.chart import MARGIN_PX, stretch_of
from bench_gui.window.curves import spread
from bench_gui.window.glyphs import draw_glyph, glyph_icon
from bench_gui.window.gutters import TimeScale
from bench_gui.window.lane_charts import LaneView
from bench_gui.window.marks import together
from bench_gui.window.palette import LIGHT, Theme, blended
from bench_gui.window.picture import EMPTY, Drawing
from bench_gui.window.ranges import Axes
from bench_gui.window.rows import BETWEEN, ROWS, Row, values_at, words_at
from bench_gui.window.scales import Axis
from bench_gui.window.series import Array
from bench_gui.window.widgets import type_px

ENDS_PX, MANY_ENDS_PX, FEW_LANES = 150, 220, 4
GLYPH_PX = 8
LABEL_PX = 10
APART_PX = 12
LEAST_APART_PX = 9
"""Lines nearer than this cannot be read."""
LEAST_WORDS_PX = 22
"""Fewer pixels have room for no word."""
PALE = 0.45
BEHIND = 0.4
"""Strength of the second line of a lane, and of the lanes that are not in focus."""


class LineEnds(QWidget):
    """At the right of a chart: the sign and the name of each lane where its curve ends, or while
    there is a crosshair what the lane was like then."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._ends: tuple[tuple[str, float], ...] = ()
        self._words: dict[str, str] = {}
        self._wide_px = ENDS_PX
        self.setFixedWidth(ENDS_PX)

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self._theme = theme
        self.update()

    def make_room(self, lanes: int) -> None:
        """Many lanes stand side by side where their lines are too near."""
        self._wide_px = ENDS_PX if lanes <= FEW_LANES else MANY_ENDS_PX
        self.setFixedWidth(type_px(self, self._wide_px))

    def show_ends(self, ends: Mapping[str, float]) -> None:
        """Lanes in their order, and how far up each ends, 0 to 1."""
        now = tuple(ends.items())
        if now != self._ends:
            self._ends = now
            self.update()

    def say(self, words: Mapping[str, str]) -> None:
        """What stands beside each lane's sign; its name where there is nothing to say."""
        if words != self._words:
            self._words = dict(words)
            self.update()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Larger type takes more room."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.setFixedWidth(type_px(self, self._wide_px))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """One line a lane where its curve ends; with little room two a line, or signs alone."""
        del event
        apart, least = type_px(self, APART_PX), type_px(self, LEAST_APART_PX)
        with QPainter(self) as painter:
            font = QFont(self.font())
            font.setPixelSize(type_px(self, LABEL_PX))
            painter.setFont(font)
            room = self.height() / max(len(self._ends), 1)
            if room >= least:
                self._paint_beside(painter, min(apart, room))
            else:
                self._paint_in_columns(painter, apart)

    def _paint_beside(self, painter: QPainter, apart: float) -> None:
        """Each at its curve's end, moved apart where curves end together."""
        wanted = [(1 - share) * self.height() - apart / 2 for _, share in self._ends]
        places = spread(wanted, apart, self.height() - apart)
        for (slug, _), y in zip(self._ends, places, strict=True):
            self._paint_end(painter, slug, QRectF(0, y, self.width(), apart))

    def _paint_in_columns(self, painter: QPainter, apart: float) -> None:
        """From the highest end to the lowest, one line after another."""
        lines = max(int(self.height() / apart), 1)
        columns = -(-len(self._ends) // lines)
        wide = self.width() / columns
        for number, (slug, _) in enumerate(sorted(self._ends, key=lambda end: -end[1])):
            line, column = divmod(number, columns)
            self._paint_end(painter, slug, QRectF(column * wide, line * apart, wide, apart))

    def _paint_end(self, painter: QPainter, slug: str, place: QRectF) -> None:
        size = min(type_px(self, GLYPH_PX), place.height())
        glyph = QRectF(place.left() + 4, place.center().y() - size / 2, size, size)
        draw_glyph(painter, glyph, slug, self._theme.lane(slug))
        told = self._words.get(slug, slug)
        told = told.partition(BETWEEN)[0] if place.width() < self.width() else told
        room = place.adjusted(size + 9, 0, -2, 0)
        if room.width() < type_px(self, LEAST_WORDS_PX):
            return
        strong = slug in self._words
        painter.setPen(QColor(self._theme.text if strong else self._theme.muted))
        elide = Qt.TextElideMode.ElideRight
        words = painter.fontMetrics().elidedText(told, elide, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)


class OverlayRow(QWidget):
    """One row's chart of every lane."""

    def __init__(self, row: Row, pointer: Pointer) -> None:
        super().__init__()
        self.row = row
        self.canvas = Canvas(pointer)
        self.ends = LineEnds()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(1, MARGIN_PX, 1, MARGIN_PX)
        layout.setSpacing(0)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self.ends)
        self.setMinimumHeight(34)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def draw(self, views: Sequence[LaneView], axis: Axis, *, linear: bool) -> None:
        """Every lane's strong line before every lane's second one."""
        by_lane = [view.curves(self.row, linear=linear) for view in views]
        curves = tuple(curve for order in zip(*by_lane, strict=True) for curve in order)
        marks = together(view.marks for view in views)
        source = tuple(view.source for view in views)
        self.canvas.show_drawing(Drawing(curves, views[0].frame, axis, marks, source))
        tops = (curves[number] for number in range(len(views)))
        self.ends.show_ends(
            {
                view.slug: axis.fraction(last_value(values))
                for view, (_, values) in zip(views, tops, strict=True)
            }
        )


def last_value(values: Array) -> float:
    """The newest that is not a gap; 0 for none."""
    return next((value for value in reversed(values.tolist()) if not math.isnan(value)), 0.0)


class Overlay:
    """The wide charts of all rows, and the time beneath them.

    Fields:
        rows: by their key.
    """

    def __init__(self, pointer: Pointer, parent: QWidget) -> None:
        self.rows = {row.key: OverlayRow(row, pointer) for row in ROWS}
        self.time = TimeScale()
        self._time_cell = QWidget()
        layout = QHBoxLayout(self._time_cell)
        layout.setContentsMargins(1, 2, 1, 0)
        layout.setSpacing(0)
        layout.addWidget(self.time, 1)
        self._beside_time = LineEnds()
        layout.addWidget(self._beside_time)
        self._theme = LIGHT
        self._focus: str | None = None
        self._slugs: tuple[str, ...] = ()
        self._card = QFrame()
        self._card.setProperty("part", "card")
        for widget in (self._card, *self._cells()):
            widget.setParent(parent)
            widget.hide()

    def _cells(self) -> list[QWidget]:
        return [*self.rows.values(), self._time_cell]

    def hide(self) -> None:
        """Charts are side by side."""
        for widget in (self._card, *self._cells()):
            widget.hide()

    def place(self, grid: QGridLayout, first_row: int, columns: int, rows: Sequence[Row]) -> None:
        """Over all columns of lanes."""
        keys = {row.key for row in rows}
        cells = self._cells()
        grid.addWidget(self._card, first_row, 1, len(cells), columns)
        self._card.show()
        self._card.raise_()
        for number, widget in enumerate(cells, start=first_row):
            grid.addWidget(widget, number, 1, 1, columns)
            shown = not isinstance(widget, OverlayRow) or widget.row.key in keys
            widget.setVisible(shown)
            widget.raise_()

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self._theme = theme
        self.time.set_theme(theme)
        for row in self.rows.values():
            row.ends.set_theme(theme)
        self._colour()

    def set_focus(self, slug: str | None) -> None:
        """The lane in focus: the others step back."""
        self._focus = slug
        self._colour()

    def set_line_px(self, pixels: int) -> None:
        """How wide curves are drawn."""
        for row in self.rows.values():
            row.canvas.picture.set_line_px(pixels)
            row.canvas.update()

    def highlight(self, fault: FaultReport | None) -> None:
        """Marks a fault's moment, and what followed until its end."""
        for row in self.rows.values():
            row.canvas.highlight(stretch_of(fault, own=True))

    def _colour(self) -> None:
        for key, chart in self.rows.items():
            row = next(row for row in ROWS if row.key == key)
            inks = [
                self._ink(slug, pale=number > 0 and not row.equal)
                for number in range(len(row.columns))
                for slug in self._slugs
            ]
            chart.canvas.set_colours(self._theme, tuple(inks))
            lanes = zip(self._slugs, inks, strict=False)
            chart.canvas.set_signs(tuple(glyph_icon(slug, ink) for slug, ink in lanes))

    def _ink(self, slug: str, *, pale: bool) -> str:
        behind = self._focus in self._slugs and slug != self._focus
        share = (PALE if pale else 1.0) * (BEHIND if behind else 1.0)
        return blended(self._theme.lane(slug), self._theme.card, share)

    def clear(self) -> None:
        """As before a run."""
        self.time.clear()
        for row in self.rows.values():
            row.canvas.show_drawing(EMPTY)
            row.ends.show_ends({})

    def draw(self, views: Sequence[LaneView], rows: Sequence[Row], axes: Axes, *, linear: bool
             ) -> None:  # fmt: skip
        """As LaneCharts.draw, of all lanes at once."""
        slugs = tuple(view.slug for view in views)
        if slugs != self._slugs:
            self._slugs = slugs
            self._colour()
            for ends in (self._beside_time, *(row.ends for row in self.rows.values())):
                ends.make_room(len(slugs))
        self.time.show_time(
            views[0].frame, together(v.marks for v in views), max(v.now_s for v in views)
        )
        for row in rows:
            self.rows[row.key].draw(views, axes[row.key], linear=linear)

    def set_held(self, t_s: float | None) -> None:
        """The moment that is held."""
        self.time.set_held(t_s)
        for row in self.rows.values():
            row.canvas.set_held(t_s)

    def set_cursor(self, t_s: float | None, views: Sequence[LaneView]) -> None:
        """The crosshair's moment, and what was measured then."""
        self.time.set_cursor(t_s)
        values = {} if t_s is None else {v.slug: values_at(v.samples, t_s) for v in views}
        for key, row in self.rows.items():
            row.canvas.set_cursor(t_s)
            row.ends.say({slug: words_at(key, one, narrow=True) for slug, one in values.items()})
