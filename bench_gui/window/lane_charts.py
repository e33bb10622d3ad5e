"""One lane's charts and the time beneath them. Knows no other lane and no words around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench_gui.bench.snapshot import FaultReport
from bench_gui.window.canvas import Pointer
from bench_gui.window.chart import Chart
from bench_gui.window.frame import Frame
from bench_gui.window.gutters import TimeScale
from bench_gui.window.marks import Marks
from bench_gui.window.palette import Theme
from bench_gui.window.picture import Drawing
from bench_gui.window.ranges import Axes
from bench_gui.window.rows import ROWS, Row, series_of, values_at, words_at
from bench_gui.window.series import Array, Column


@dataclass(frozen=True, slots=True, eq=False)
class LaneView:
    """What is to be seen of a lane.

    Fields:
        samples: shape (columns, count), NaN where nothing was sampled for long; kept as it is.
        source: of one source views differ only by what has come at the end.
    """

    slug: str
    samples: Array
    marks: Marks
    frame: Frame
    source: object

    @property
    def now_s(self) -> float:
        """The newest sample's time."""
        times = self.samples[Column.T_S]
        return float(times[-1]) if len(times) else self.frame.start_s

    def curves(self, row: Row, *, linear: bool) -> tuple[tuple[Array, Array], ...]:
        """What a row draws of it."""
        times = self.samples[Column.T_S]
        return tuple((times, line) for line in series_of(row, self.samples, linear=linear))


class LaneCharts:
    """The charts of a lane.

    Fields:
        charts: by their row's key. time: the scale beneath them.
        narrow: whether there is little room for words.
    """

    def __init__(self, slug: str, pointer: Pointer) -> None:
        self.charts = {row.key: Chart(slug, pointer, len(row.columns), equal=row.equal)
                       for row in ROWS}  # fmt: skip
        self.time = TimeScale()
        self.narrow = False

    @property
    def width(self) -> int:
        """From edge to edge of its charts, in the widget's pixels."""
        return self.time.width()

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self.time.set_theme(theme)
        for chart in self.charts.values():
            chart.set_theme(theme)

    def set_line_px(self, pixels: int) -> None:
        """How wide curves are drawn."""
        for chart in self.charts.values():
            chart.set_line_px(pixels)

    def highlight(self, fault: FaultReport | None, *, own: bool) -> None:
        """Marks what a fault did, on every chart; `own`: it hit this lane."""
        for chart in self.charts.values():
            chart.highlight(fault, own=own)

    def clear(self) -> None:
        """As before a run."""
        self.time.clear()
        for chart in self.charts.values():
            chart.clear()

    def draw(self, view: LaneView, rows: Sequence[Row], axes: Axes, *, own: bool, linear: bool
             ) -> None:  # fmt: skip
        """Curves and marks.

        Args:
            axes: the ranges of `rows`; own: they are this lane's alone.
            linear: whether latencies are drawn as they are, not by their logarithm.
        """
        self.time.show_time(view.frame, view.marks, view.now_s)
        for row in rows:
            chart = self.charts[row.key]
            chart.show_scale(own)
            chart.draw(
                Drawing(
                    view.curves(row, linear=linear),
                    view.frame,
                    axes[row.key],
                    view.marks,
                    view.source,
                )
            )

    def set_held(self, t_s: float | None) -> None:
        """The moment that is held."""
        self.time.set_held(t_s)
        for chart in self.charts.values():
            chart.canvas.set_held(t_s)

    def set_cursor(self, t_s: float | None, view: LaneView | None) -> None:
        """The crosshair's moment, and what was measured then."""
        self.time.set_cursor(t_s)
        values = None if t_s is None or view is None else values_at(view.samples, t_s)
        for key, chart in self.charts.items():
            chart.canvas.set_cursor(t_s)
            if t_s is None:
                chart.read_at_cursor(None)
            else:
                brief = words_at(key, values, narrow=True)
                words = brief if self.narrow else words_at(key, values)
                chart.read_at_cursor(words, brief)
