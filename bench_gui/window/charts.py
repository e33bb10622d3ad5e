"""What the charts of all lanes have in common: stretch of time, ranges, crosshair, overlay.

Draws only when there would be something new to see, and for one crosshair nothing but what it
covers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from bench_gui.window.canvas import Pointer
from bench_gui.window.curves import with_gaps
from bench_gui.window.frame import Frame
from bench_gui.window.gutters import RowGutter
from bench_gui.window.lane_charts import LaneCharts, LaneView
from bench_gui.window.marks import Marks, sampled_bands
from bench_gui.window.overlay import Overlay
from bench_gui.window.palette import Theme
from bench_gui.window.ranges import Axes, Ranges
from bench_gui.window.rows import Row, unit_of
from bench_gui.window.run_model import LaneModel, RunModel
from bench_gui.window.series import Array, Column

MOST_SKIPPED = 4
"""Draws in a row left out because they would show nothing new; then a mark may have come late."""


class Charts(QObject):
    """The charts on the board.

    Args:
        gutters: the scale beside each row, by its key. parent: of the overlay's widgets.

    Fields:
        pointer: what the mouse does over any chart. ranges: of every lane.
        overlay: the wide charts; `overlaid`: they are shown, and not the lanes' own.
        cursor_s: the crosshair's moment, None while there is none.
        visible_s: from when until when the charts show.
    """

    def __init__(self, gutters: Mapping[str, RowGutter], parent: QWidget) -> None:
        super().__init__(parent)
        self.pointer = Pointer(self)
        self.pointer.moved.connect(self._point)
        self.ranges = Ranges()
        self.overlay = Overlay(self.pointer, parent)
        self.overlaid = False
        self.cursor_s: float | None = None
        self._pointed = False
        self._together = Ranges()
        self._gutters = gutters
        self._lanes: dict[str, LaneCharts] = {}
        self._rows: tuple[Row, ...] = ()
        self._views: dict[str, LaneView] = {}
        self._drawn: object = None
        self._skipped = 0
        self.visible_s = (0.0, 0.0)

    def place(self, lanes: Mapping[str, LaneCharts], rows: Sequence[Row]) -> None:
        """Which lanes and rows are to be seen."""
        self._lanes, self._rows = dict(lanes), tuple(rows)
        self._views = {}
        self.drop_pointed()
        self.forget_drawn()

    def reset(self) -> None:
        """Another run, of which there is nothing yet."""
        self._views = {}
        self.overlay.clear()
        self.set_cursor(None)
        self.rescale()

    def rescale(self) -> None:
        """Every range begins anew, for another stretch of time."""
        self.ranges.reset()
        self._together.reset()
        self.forget_drawn()

    def forget_drawn(self) -> None:
        """What comes next is drawn, even if it is the same moment."""
        self._drawn, self._skipped = None, 0

    def set_overlaid(self, overlaid: bool) -> None:
        """One chart a row for all lanes, or one for each."""
        self.overlaid = overlaid

    def set_same(self, same: bool) -> None:
        """One range a row for all lanes, or one for each."""
        self.ranges.set_same(same)
        self.forget_drawn()

    def set_linear(self, linear: bool) -> None:
        """Linear or logarithmic latencies."""
        self.ranges.set_linear(linear)
        self._together.set_linear(linear)
        self.forget_drawn()

    def set_theme(self, theme: Theme) -> None:
        """Other colours of what no lane owns."""
        self.overlay.set_theme(theme)

    # Drawing

    def draw(self, model: RunModel) -> bool:
        """Curves and marks of every lane. Returns whether there was anything new to draw.

        Nothing is drawn before the newest sample is a pixel further than the one that was drawn
        last.
        """
        width_px = self._width_px()
        frame = model.timeline.frame(model.run, width_px)
        if not self._is_new(model, frame, width_px):
            return False
        self.visible_s = (frame.start_s, frame.end_s)
        views = {slug: _visible(lane, model, frame) for slug, lane in model.lanes.items()}
        shown = {slug: _lane_view(slug, model, frame, views[slug], width_px)
                 for slug in self._lanes if slug in views}  # fmt: skip
        self._views = shown
        if self.overlaid:
            self._draw_together(shown, views)
        else:
            self._draw_apart(shown, views)
        self._show_moments(model.timeline.held_s)
        return True

    def _is_new(self, model: RunModel, frame: Frame, width_px: int) -> bool:
        pixels = width_px / frame.width_s
        newest = min(model.run.now_s, model.timeline.until_s, frame.end_s)
        held = model.timeline.held_s
        moment = (model.ended, frame.start_s, frame.width_s, int(newest * pixels), held)
        if moment == self._drawn and (self._skipped < MOST_SKIPPED or held is not None):
            self._skipped += 1
            return False
        self._drawn, self._skipped = moment, 0
        return True

    def _draw_apart(self, shown: Mapping[str, LaneView], views: Mapping[str, Array]) -> None:
        axes = self.ranges.follow(views, self._rows)
        own = not self.ranges.same
        self._show_scales(next(iter(axes.values()), {}), own=own)
        for slug, view in shown.items():
            charts = self._lanes[slug]
            charts.draw(view, self._rows, axes[slug], own=own, linear=self.ranges.linear)

    def _draw_together(self, shown: Mapping[str, LaneView], views: Mapping[str, Array]) -> None:
        axes = next(iter(self._together.follow(views, self._rows).values()), {})
        self._show_scales(axes, own=False)
        if shown:
            self.overlay.draw(list(shown.values()), self._rows, axes, linear=self._together.linear)

    def _show_scales(self, axes: Axes, *, own: bool) -> None:
        for row in self._rows:
            if row.key in axes:
                unit = unit_of(row, linear=self.ranges.linear)
                self._gutters[row.key].show_scale(axes[row.key], unit, own=own)

    def _show_moments(self, held_s: float | None) -> None:
        for charts in self._lanes.values():
            charts.set_held(held_s)
        self.overlay.set_held(held_s)
        self._show_cursor()

    def _point(self, t_s: float | None) -> None:
        self.set_cursor(t_s)
        self._pointed = t_s is not None

    def drop_pointed(self) -> None:
        """A mouse that rests reads nothing: its crosshair goes, and a key's stays."""
        if self._pointed:
            self.set_cursor(None)

    def set_cursor(self, t_s: float | None) -> None:
        """Moves the crosshair; None takes it away."""
        self._pointed = False
        if t_s != self.cursor_s:
            self.cursor_s = t_s
            self._show_cursor()

    def _show_cursor(self) -> None:
        """It is not shown while its moment is out of sight."""
        frames = [view.frame for view in self._views.values()]
        t_s = self.cursor_s
        if t_s is not None and not any(f.start_s <= t_s <= f.end_s for f in frames[:1]):
            t_s = None
        if self.overlaid:
            self.overlay.set_cursor(t_s, list(self._views.values()))
        for slug, charts in self._lanes.items():
            charts.set_cursor(t_s, self._views.get(slug))

    def _width_px(self) -> int:
        """Of the display's pixels, at least 1."""
        scales = [self.overlay.time] if self.overlaid else [c.time for c in self._lanes.values()]
        widths = [scale.width() * scale.devicePixelRatioF() for scale in scales]
        return max(1, round(max(widths, default=1.0)))


def _visible(lane: LaneModel, model: RunModel, frame: Frame) -> Array:
    return frame.visible(lane.view(frame.start_s), model.timeline.until_s)


def _lane_view(slug: str, model: RunModel, frame: Frame, samples: Array, width_px: int) -> LaneView:
    """A copy of the samples: the stores will change."""
    lane = model.lanes[slug]
    known = lane.marks(frame.start_s, frame.end_s, frame.width_s / width_px)
    sampled = sampled_bands(samples, lane.sources_end_s, known.outages)
    outages = np.concatenate((known.outages, sampled), axis=1)
    kills = known.kills[known.kills <= model.timeline.until_s]
    marks = Marks(kills, known.pauses, outages)
    kept = with_gaps(samples.copy(), Column.T_S)
    return LaneView(slug, kept, marks, frame, (lane, lane.full_resolution(frame.start_s)))
