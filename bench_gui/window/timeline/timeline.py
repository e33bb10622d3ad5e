"""Which stretch of the run is on the screen, and which moment of it. Knows no Qt.

Three ways to look: following the run (all of a short one, the last minute of a long one, or as much
as was asked for), all of it, or a stretch that stands still. While the display is held the stretch
stands still, and what has come since is not drawn.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from bench_gui.window.frame import (
    SHORTEST_S,
    WINDOW_S,
    Frame,
    following_frame,
    running_frame,
    still_frame,
    whole_frame,
)
from bench_gui.window.scales import round_up

SCRUB_STEPS = 100
"""Steps from edge to edge of what is on the screen."""

LONGEST_LEAST_S = 10.0
"""All of a run that goes on for longer than was asked for is at least so long."""


@dataclass(slots=True)
class Run:
    """How far the run is.

    Fields:
        now_s: the newest sample's time, seconds since the start. duration_s: as asked for.
        ended: whether there will be no more.
    """

    now_s: float = 0.0
    duration_s: float = 0.0
    ended: bool = False


class Timeline:
    """What was chosen to be seen.

    Fields:
        still: left edge and width of a stretch that stands still, seconds; None while it follows.
        whole: all of the run. span_s: how much is seen while it follows; None for as usual.
        held_s: the held moment, None while nothing is held. until_s: newest moment drawn.
    """

    def __init__(self) -> None:
        self.still: tuple[float, float] | None = None
        self.whole = False
        self.span_s: float | None = None
        self.held_s: float | None = None
        self.until_s = math.inf

    def reset(self) -> None:
        """For another run."""
        self.still, self.whole, self.span_s = None, False, None
        self.held_s, self.until_s = None, math.inf

    def frame(self, run: Run, width_px: int) -> Frame:
        """What is to be drawn.

        Args:
            width_px: of a chart, above 0.
        """
        if self.still is not None:
            return still_frame(*self.still)
        if run.ended:
            return whole_frame(run.now_s)
        if self.whole:
            return whole_frame(whole_end_s(run))
        if self.span_s is not None:
            return following_frame(run.now_s, self.span_s, width_px)
        return running_frame(run.now_s, run.duration_s, width_px)

    # Which moment

    def hold(self, t_s: float, run: Run) -> None:
        """Shows a moment; the stretch stands still, and moves only to keep it in sight."""
        moment = min(max(t_s, 0.0), run.now_s)
        if self.held_s is None:
            shown = self.frame(run, 1)
            self.still = (shown.start_s, shown.width_s)
            self.until_s = math.inf if run.ended else run.now_s
        self.held_s = moment
        self.until_s = max(self.until_s, moment)
        self.bring_into_sight(moment)

    def bring_into_sight(self, t_s: float) -> bool:
        """Moves a stretch that stands still, if it must. Returns whether it did."""
        if self.still is None:
            return False
        start, width = self.still
        if start <= t_s <= start + width:
            return False
        self.still = (max(t_s - width * (0.1 if t_s < start else 0.9), 0.0), width)
        return True

    def live(self) -> None:
        """Follows the run again, as before; nothing is held."""
        self.still, self.whole = None, False
        self.held_s, self.until_s = None, math.inf

    def scrub(self, steps: int, run: Run) -> None:
        """Moves the held moment; holds the newest first if none is."""
        width = self.frame(run, 1).width_s
        here = run.now_s if self.held_s is None else self.held_s
        self.hold(here + steps * width / SCRUB_STEPS, run)

    # Which stretch

    def show_whole(self, run: Run) -> None:
        """All of the run; what is held stays held."""
        self.whole, self.span_s = True, None
        held = self.held_s is not None
        self.still = (0.0, self._longest(run)) if held else None

    def zoom(self, factor: float, run: Run, around_s: float | None = None) -> None:
        """A stretch that is longer by a factor.

        Args:
            around_s: the moment that stays where it is on the screen; None for the held one, or
                while the run is followed for its newest.
        """
        shown = self.frame(run, 1)
        around = self.held_s if around_s is None else around_s
        if around is None and self._following(run):
            self.whole = False
            self.span_s = min(max(shown.width_s * factor, SHORTEST_S), max(run.now_s, WINDOW_S))
            return
        if around is None:
            around = shown.start_s + shown.width_s / 2
        self.still = zoomed(shown.start_s, shown.width_s, factor, around, self._longest(run))

    def _following(self, run: Run) -> bool:
        return self.still is None and not run.ended

    @staticmethod
    def _longest(run: Run) -> float:
        return max(whole_end_s(run), SHORTEST_S)


def whole_end_s(run: Run) -> float:
    """Until when all of a run is shown; while it goes on this grows in round steps."""
    if run.ended:
        return run.now_s
    if run.now_s <= run.duration_s:
        return run.duration_s
    return round_up(run.now_s, LONGEST_LEAST_S)


def zoomed(
    start_s: float, width_s: float, factor: float, around_s: float, longest_s: float
) -> tuple[float, float]:
    """Left edge and width of a stretch around a moment, inside 0 to `longest_s`."""
    width = min(max(width_s * factor, SHORTEST_S), longest_s)
    start = around_s - (around_s - start_s) * width / width_s
    return min(max(start, 0.0), max(longest_s - width, 0.0)), width
