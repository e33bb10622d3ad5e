"""The lanes side by side: one grid, so that every row lines up and shares its scale."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import FaultReport
from bench_gui.window.arrangement import ARRANGEMENTS, NO_CHARTS, Arrangement, arranged
from bench_gui.window.charts import Charts
from bench_gui.window.gutters import GUTTER_WIDTH, RowGutter
from bench_gui.window.hint import HINT_BELOW_PX, Hint
from bench_gui.window.lane_column import SCENE_EDGES, LaneColumn
from bench_gui.window.palette import LIGHT, Theme
from bench_gui.window.rows import ROWS, Row, rows_for
from bench_gui.window.run_model import RunModel
from bench_gui.window.scene.gutter import SceneGutter, SceneKey
from bench_gui.window.scene.stage import SceneStage
from bench_gui.window.views import View
from bench_gui.window.widgets import type_px, type_share
from workers.lanes import lane_of

COUNTER_ROW = 1
SCENE_ROW = 3
FIRST_CHART_ROW = 4
CHART_LEAST_PX = 34
SPACING_PX = 8
NARROW_BELOW_PX = 172
"""Columns narrower than this say less."""
LANE_LEAST_PX = 112
"""Columns are never narrower than this: with more lanes the board scrolls sideways."""


class Board(QScrollArea):
    """Lanes as columns. A lane's widgets are made once and kept: plots that come and go leak."""

    def __init__(self) -> None:
        super().__init__()
        self._columns: dict[str, LaneColumn] = {}
        self._shown: tuple[str, ...] = ()
        self._view = View.PIPELINES
        self._arrangement = ARRANGEMENTS[self._view]
        self._placed: tuple[str, ...] = ()
        self._focus: str | None = None
        self._solo = False
        self._line_px = 1
        self._rows: tuple[Row, ...] = ROWS
        self._model: RunModel | None = None
        self._planned = (1, 1, 1)
        self._narrow: bool | None = None
        self._theme = LIGHT
        self._content = QWidget()
        self._content.setObjectName("board")
        self._grid = QGridLayout(self._content)
        self._grid.setContentsMargins(6, 6, 8, 4)
        self._grid.setHorizontalSpacing(SPACING_PX)
        self._grid.setVerticalSpacing(0)
        self._gutters = {
            row.key: RowGutter(row.title, row.unit, row.legend, row.help, equal=row.equal)
            for row in ROWS
        }
        self.charts = Charts(self._gutters, self._content)
        for number, gutter in enumerate(self._gutters.values(), start=FIRST_CHART_ROW):
            self._grid.addWidget(gutter, number, 0)
        self._cover = QWidget(self._content)
        self._cover.setObjectName("board")
        self._cover.hide()
        self.horizontalScrollBar().valueChanged.connect(self._pin_gutters)
        self._scene_gutter = SceneGutter(*SCENE_EDGES)
        self._grid.addWidget(self._scene_gutter, SCENE_ROW, 0)
        self._scene_key = SceneKey()
        rows, below = SCENE_ROW - COUNTER_ROW, Qt.AlignmentFlag.AlignBottom
        self._grid.addWidget(self._scene_key, COUNTER_ROW, 0, rows, 1, below)
        self._stage = SceneStage(self)
        self._stage.sampled.connect(self._scene_gutter.show_sampling)
        self._grid.setColumnMinimumWidth(0, GUTTER_WIDTH)
        self._hint = Hint(self._content)
        self.setWidget(self._content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_lanes(self, slugs: Iterable[str]) -> None:
        """Shows exactly these, in this order, empty."""
        self._shown = tuple(slugs)
        self._model = None
        for slug in self._shown:
            self._column(slug).clear()
        self.charts.reset()
        self._arrange()

    def clear(self) -> None:
        """The same lanes, with nothing of the run before."""
        self.show_lanes(self._shown)

    def set_focus(self, slug: str | None) -> None:
        """Marks the lane that is in focus; None for no lane more than another."""
        self._focus = slug
        for lane, column in self._columns.items():
            column.set_focused(lane == slug)
        self.charts.overlay.set_focus(slug)
        if self._solo:
            self._arrange()

    @property
    def solo(self) -> bool:
        """Whether only the lane in focus is to be seen."""
        return self._solo

    def set_solo(self, solo: bool) -> None:
        """Only the lane in focus, or every lane."""
        self._solo = solo
        self._arrange()

    def highlight(self, fault: FaultReport | None) -> None:
        """Marks a fault's moment, and what followed until its recovery, on every chart."""
        for lane, column in self._columns.items():
            column.lane_charts.highlight(fault, own=fault is not None and fault.lane == lane)
        self.charts.overlay.highlight(fault)

    def set_line_px(self, pixels: int) -> None:
        """How wide curves are drawn."""
        self._line_px = pixels
        for column in self._columns.values():
            column.lane_charts.set_line_px(pixels)
        self.charts.overlay.set_line_px(pixels)

    def _arrange(self) -> None:
        """Places the lanes that are to be seen."""
        alone = self._solo and self._focus in self._shown
        placed = tuple(slug for slug in self._shown if not alone or slug == self._focus)
        for slug in self._placed:
            for widget in self._columns[slug].widgets():
                self._grid.removeWidget(widget)
                widget.hide()
        self._show_rows(placed)
        for number in range(1, max(len(self._placed), len(placed)) + 1):
            self._grid.setColumnStretch(number, 1 if number <= len(placed) else 0)
            self._grid.setColumnMinimumWidth(number, LANE_LEAST_PX if number <= len(placed) else 0)
        for number, slug in enumerate(placed, start=1):
            self._place(self._columns[slug], number)
        self._placed = placed
        self._place_charts()
        self._stage.show_scenes({slug: self._columns[slug].scene for slug in placed})
        self._narrow = None
        self._fit()
        self._place_hint()
        self.draw_again()

    def _place_charts(self) -> None:
        """In every lane's column, or over all of them."""
        lanes = {slug: self._columns[slug].lane_charts for slug in self._placed}
        self.charts.place(lanes, self._rows)
        if self.charts.overlaid and lanes:
            self.charts.overlay.place(self._grid, FIRST_CHART_ROW, len(lanes), self._rows)
        else:
            self.charts.overlay.hide()

    def set_overlay(self, overlaid: bool) -> None:
        """One wide chart a row with every lane's curves, or charts side by side."""
        self.charts.set_overlaid(overlaid)
        self._arrange()

    def draw_again(self) -> None:
        """What was drawn last, as it is now to be seen."""
        self.charts.forget_drawn()
        if self._model is not None:
            self.draw(self._model)

    def set_view(self, view: View) -> None:
        """Shows the rows of another view; nothing happens when it is none of the board's."""
        if view not in ARRANGEMENTS or view is self._view:
            return
        self._view = view
        self._show_rows(self._placed)
        for slug in self._placed:
            self._show_cells(self._columns[slug])
        self._stage.set_visible(self.isVisible() and self.arrangement.scene)
        self._place_charts()
        self._place_hint()
        self.draw_again()

    @property
    def arrangement(self) -> Arrangement:
        """Which rows are shown, and how they share the height."""
        return self._arrangement

    def _height_share(self) -> float:
        """What there is of the height, in pixels of usual type."""
        return self.viewport().height() / type_share(self)

    def _rearrange(self) -> None:
        """Other rows, when the height is another."""
        if arranged(self._view, self._height_share()) != self._arrangement:
            self._show_rows(self._placed)
            for slug in self._placed:
                self._show_cells(self._columns[slug])
            self._place_charts()
            self.charts.forget_drawn()

    def _show_rows(self, slugs: tuple[str, ...]) -> None:
        """The others take no room."""
        now = self._arrangement = arranged(self._view, self._height_share())
        self._scene_gutter.setVisible(now.scene)
        self._scene_key.setVisible(now.scene)
        self._rows = now.keep(rows_for(slugs))
        keys = {row.key for row in self._rows}
        for number, (key, gutter) in enumerate(self._gutters.items(), start=FIRST_CHART_ROW):
            gutter.setVisible(key in keys)
            self._grid.setRowStretch(number, now.chart_stretch if key in keys else 0)
            self._grid.setRowMinimumHeight(number, CHART_LEAST_PX if key in keys else 0)
        for number, stretch, least_px in (
            (COUNTER_ROW, now.counter_stretch, now.counter_least_px),
            (SCENE_ROW, now.scene_stretch, now.scene_least_px),
        ):
            self._grid.setRowStretch(number, stretch)
            self._grid.setRowMinimumHeight(number, least_px)

    def _column(self, slug: str) -> LaneColumn:
        if slug not in self._columns:
            self._columns[slug] = LaneColumn(lane_of(slug), self.charts.pointer)
            self._columns[slug].set_theme(self._theme)
            self._columns[slug].scene.plan(*self._planned)
            self._columns[slug].lane_charts.set_line_px(self._line_px)
        return self._columns[slug]

    def _place(self, column: LaneColumn, number: int) -> None:
        self._grid.addWidget(column.card, 0, number, len(column.cells), 1)
        for row, cell in enumerate(column.cells):
            self._grid.addWidget(cell, row, number)
        self._show_cells(column)
        for widget in column.widgets():
            widget.raise_()

    def _show_cells(self, column: LaneColumn) -> None:
        unseen = ROWS if self.charts.overlaid else [r for r in ROWS if r not in self._rows]
        hidden: list[QWidget] = [column.charts[row.key] for row in unseen]
        hidden += [column.time_cell] if self.charts.overlaid else []
        hidden += [] if self.arrangement.scene else [column.scene_cell]
        hidden += [] if self.arrangement.workers else [column.workers_cell]
        hidden += [] if self.arrangement.charts != NO_CHARTS else [column.time_cell]
        column.set_giant(self.arrangement.giant)
        column.set_low(self.arrangement.low)
        for widget in column.widgets():
            widget.setVisible(widget not in hidden)

    def _fit(self) -> None:
        """Fewer words where columns are narrow."""
        room = self.viewport().width() - self._gutter_px
        narrow = room / max(len(self._placed), 1) - SPACING_PX < type_px(self, NARROW_BELOW_PX)
        if narrow is not self._narrow:
            self._narrow = narrow
            for slug in self._placed:
                self._columns[slug].set_narrow(narrow)

    def _pin_gutters(self) -> None:
        """The scales stay where they are when more lanes than fit are scrolled sideways."""
        offset = self.horizontalScrollBar().value()
        margin = self._grid.contentsMargins().left()
        self._cover.setVisible(offset > 0)
        self._cover.setGeometry(offset, 0, margin + self._gutter_px, self._content.height())
        self._cover.raise_()
        for gutter in (self._scene_key, self._scene_gutter, *self._gutters.values()):
            gutter.move(offset + margin, gutter.y())
            gutter.raise_()

    @property
    def _gutter_px(self) -> int:
        """The width of the scales, with type as large as it is now."""
        return type_px(self, GUTTER_WIDTH)

    def set_theme(self, theme: Theme) -> None:
        """Other colours, also for the lanes that are not shown now."""
        self._theme = theme
        self._grid.setColumnMinimumWidth(0, self._gutter_px)
        self._fit()
        self._scene_gutter.set_theme(theme)
        self._scene_key.set_theme(theme)
        for gutter in self._gutters.values():
            gutter.set_theme(theme)
        for column in self._columns.values():
            column.set_theme(theme)
        self.charts.set_theme(theme)

    def draw(self, model: RunModel) -> bool:
        """Curves, pictures and marks of every lane, and the counters of new harm.

        Returns: whether there was anything new to draw.
        """
        self._model = model
        shown = model.shown
        if shown is not None:
            for slug in self._placed:
                if slug in shown.lanes:
                    self._columns[slug].follow_harm(shown.lanes[slug])
            self._stage.take(shown.lanes, shown.t_s)
        return self.charts.draw(model)

    def visible_range(self) -> tuple[float, float]:
        """From when until when the charts show, seconds since the run's start."""
        return self.charts.visible_s

    def show_numbers(self, model: RunModel) -> None:
        """Counters, verdicts and workers of every lane."""
        for slug in model.lanes:
            lane = model.lane(slug)
            if lane is not None:
                self._columns[slug].show_numbers(lane, ended=model.shown_ended)

    def plan(self, settings: RunSettings) -> None:
        """How many workers and partitions there will be in every lane."""
        self._planned = (settings.producers, settings.partitions, settings.consumers)
        for column in self._columns.values():
            column.scene.plan(*self._planned)

    def take_faults(self, faults: Iterable[FaultReport]) -> None:
        """Whom they hit."""
        self._stage.take_faults(faults)

    def set_reduced_motion(self, reduced: bool) -> None:
        """Whether the pictures stand still and say in numbers what would move."""
        self._stage.set_reduced(reduced)

    def forget_workers(self) -> None:
        """No process of any lane is left."""
        for slug in self._shown:
            self._columns[slug].forget_workers()

    def shows(self, slug: str) -> bool:
        """Whether a lane is on the board now."""
        return slug in self._shown

    @property
    def content(self) -> QWidget:
        """What scrolls: the lanes and their scales."""
        return self._content

    def place_of(self, name: str) -> QRect | None:
        """Where a lane, a row of charts or a part stands on the board's content.

        Args:
            name: a slug, a row's key, "verdicts", "counters" or "workers".

        Returns: None when it is not shown now.
        """
        if name in self._placed:
            return self._columns[name].card.geometry()
        parts = [part.geometry() for part in self._parts_of(name) if not part.isHidden()]
        if not parts:
            return None
        place = parts[0]
        for part in parts[1:]:
            place = place.united(part)
        return place.adjusted(-4, -2, 4, 2).intersected(self._content.rect())

    def _parts_of(self, name: str) -> list[QWidget]:
        """The widgets of a row, beside it its scale."""
        columns = [self._columns[slug] for slug in self._placed]
        if name in self._gutters:
            gutter = self._gutters[name]
            charts: list[QWidget] = [column.charts[name] for column in columns]
            if self.charts.overlaid:
                charts = [self.charts.overlay.rows[name]]
            return [] if gutter.isHidden() else [gutter, *charts]
        rows = {"verdicts": 0, "counters": COUNTER_ROW, "workers": -1}
        return [column.cells[rows[name]] for column in columns] if name in rows else []

    def show_hint(self, visible: bool) -> None:
        """How to begin, over the empty charts."""
        self._hint.setVisible(visible)
        self._place_hint()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """In sight the pictures move."""
        super().showEvent(event)
        self._stage.set_visible(self.arrangement.scene)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Out of sight nothing moves."""
        super().hideEvent(event)
        self._stage.set_visible(False)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keeps the words fitting, and the hint in the middle."""
        super().resizeEvent(event)
        self._rearrange()
        self._fit()
        self._pin_gutters()
        self._place_hint()

    def _place_hint(self) -> None:
        free = self._content.width() - self._gutter_px
        self._hint.fit(free)
        x = self._gutter_px + max(0, (free - self._hint.width()) // 2)
        y = int(self._content.height() * 0.62) - self._hint.height() // 2
        if self.arrangement.scene:
            y = self._content.height() - self._hint.height() - HINT_BELOW_PX
        self._hint.move(x, max(0, y))
        self._hint.raise_()
