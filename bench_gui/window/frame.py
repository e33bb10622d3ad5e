"""Which stretch of time the charts show. Knows no Qt.

While a run is short its whole length stands still and the curves grow into it. In a longer one the
last minute stays and the data move under it: moving the range instead costs more to draw.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from bench_gui.window.scales import Axis, since_start_axis, time_axis
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
    def end_s(self) -> float:
        """The time at the right edge."""
        return self.start_s + self.width_s

    def visible(self, view: Array, until_s: float = math.inf) -> Array:
        """The samples inside, with one more at each side so that the line crosses the edge.

        Args:
            until_s: what came later is left out.
        """
        times = view[Column.T_S]
        first = int(np.searchsorted(times, self.start_s))
        last = int(np.searchsorted(times, self.end_s, side="right")) + 1
        last = min(last, int(np.searchsorted(times, until_s, side="right")))
        return view[:, max(first - 1, 0) : last]


def running_frame(now_s: float, duration_s: float, width_px: int) -> Frame:
    """While the run goes on: all of it, or its last minute.

    The last minute moves by whole pixels: curves that moved by less would shimmer.

    Args:
        width_px: of a chart, above 0.
    """
    if duration_s <= WINDOW_S:
        return whole_frame(max(duration_s, now_s))
    return following_frame(now_s, WINDOW_S, width_px)


def still_frame(start_s: float, width_s: float) -> Frame:
    """A stretch that was chosen; times are told since the run's start."""
    width = max(width_s, SHORTEST_S)
    return Frame(start_s, width, since_start_axis(start_s, width))


def following_frame(now_s: float, width_s: float, width_px: int) -> Frame:
    """The last `width_s`, moved by whole pixels."""
    pixels_past = math.ceil(max(now_s - width_s, 0.0) * width_px / width_s)
    if now_s <= width_s:
        return whole_frame(width_s)
    axis = time_axis(0.0, width_s, width_s)
    return Frame(pixels_past * width_s / width_px, width_s, axis)


def whole_frame(end_s: float) -> Frame:
    """From the start to `end_s`."""
    width = max(end_s, SHORTEST_S)
    return Frame(0.0, width, time_axis(0.0, width, None))
