"""Which stretch of time the charts show. Knows no Qt.

While a run is short its whole length stands still and the curves grow into it. In a longer one the
last minute stays and the data move under it: moving the range instead costs more to draw.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from bench_gui.window.scales import Axis, time_axis
from bench_gui.window.series import Array, Column

WINDOW_S = 60.0
SHORTEST_S = 0.5


@dataclass(frozen=True, slots=True)
class Frame:
    """What is visible.

    Fields:
        start_s: the time at the left edge; drawn as 0.
        width_s: seconds from edge to edge.
        axis: labels, on the drawn scale from 0 to width_s.
    """

    start_s: float
    width_s: float
    axis: Axis

    @property
    def x_range(self) -> tuple[float, float]:
        """The drawn range."""
        return (0.0, self.width_s)

    def visible(self, view: Array) -> Array:
        """The samples inside, with one more at the left so that the line enters from the edge."""
        first = int(np.searchsorted(view[Column.T_S], self.start_s))
        return view[:, max(first - 1, 0) :]


def running_frame(now_s: float, duration_s: float, width_px: int) -> Frame:
    """While the run goes on: all of it, or its last minute.

    The last minute moves by whole pixels: curves that moved by less would shimmer.

    Args:
        width_px: of a chart, above 0.
    """
    if duration_s <= WINDOW_S:
        return whole_frame(max(duration_s, now_s))
    if now_s <= WINDOW_S:
        return whole_frame(WINDOW_S)
    pixels_past = math.ceil((now_s - WINDOW_S) * width_px / WINDOW_S)
    return Frame(pixels_past * WINDOW_S / width_px, WINDOW_S, time_axis(0.0, WINDOW_S, WINDOW_S))


def whole_frame(end_s: float) -> Frame:
    """From the start to `end_s`."""
    width = max(end_s, SHORTEST_S)
    return Frame(0.0, width, time_axis(0.0, width, None))
