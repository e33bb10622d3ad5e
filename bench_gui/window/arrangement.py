"""Which rows of the board a view shows, and how they share the height. One table, no widget."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bench_gui.window.rows import Row
from bench_gui.window.views import View


@dataclass(frozen=True, slots=True)
class Arrangement:
    """One view of the board.

    Fields:
        scene, workers: whether these rows are shown.
        charts: the keys of the rows of charts; None for every one.
        counter_stretch, scene_stretch, chart_stretch: shares of the height that is left.
        low: whether headers are to take little height.
        giant: whether counters are to be read from far away.
        counter_least_px, scene_least_px: heights that are never taken away.
    """

    scene: bool
    workers: bool
    charts: frozenset[str] | None
    counter_stretch: int
    scene_stretch: int
    chart_stretch: int
    counter_least_px: int
    scene_least_px: int = 0
    giant: bool = False
    low: bool = False

    def keep(self, rows: tuple[Row, ...]) -> tuple[Row, ...]:
        """Those of these rows that are shown."""
        return tuple(row for row in rows if self.charts is None or row.key in self.charts)


ARRANGEMENTS: dict[View, Arrangement] = {
    View.PIPELINES: Arrangement(
        scene=True,
        workers=False,
        charts=frozenset({"throughput", "errors"}),
        counter_stretch=4,
        scene_stretch=20,
        chart_stretch=3,
        counter_least_px=88,
        scene_least_px=110,
        giant=True,
    ),
    View.CHARTS: Arrangement(
        scene=False,
        workers=True,
        charts=None,
        counter_stretch=4,
        scene_stretch=0,
        chart_stretch=6,
        counter_least_px=0,
    ),
}

NO_CHARTS: frozenset[str] = frozenset()
LOW_BELOW_PX = 560.0
"""With less height than this everything beside the pictures takes as little as it can."""
PINCHED_BELOW_PX = 412.0
"""With less height than this the pictures need all of it."""


def arranged(view: View, height_px: float) -> Arrangement:
    """The view as it is at a height (of the board, in pixels of usual type)."""
    usual = ARRANGEMENTS[view]
    if not usual.scene or height_px >= LOW_BELOW_PX:
        return usual
    if height_px >= PINCHED_BELOW_PX:
        return replace(usual, low=True)
    return replace(usual, low=True, charts=NO_CHARTS, counter_least_px=70)
