"""The lines along which shapes move, for a layout. Knows no Qt."""

from __future__ import annotations

from bench_gui.window.scene.layout import Layout, Point, along
from bench_gui.window.scene.model import DotView
from bench_gui.window.scene.routes import Route

ASIDE_PX = 16.0
"""How far to the side that falls which is lost."""
STOPS_AT = 0.78
"""The share of its way after which something refused stands still at the result."""


def place_of(layout: Layout, dot: DotView) -> Point:
    """Where a shape is now."""
    if dot.route.before_log:
        return _from_producer(layout, dot)
    bar = layout.bar(dot.partition)
    box = layout.consumers.place(dot.consumer)
    spread = dot.lane_share
    start = (bar.middle + spread * bar.w * 0.3, layout.log.bottom)
    at_box = box.middle + spread * min(box.w * 0.3, 14.0)
    result = layout.result
    if dot.route is Route.LOST_AFTER_LOG:
        side = _aside(layout, at_box)
        points = (start, (at_box, box.y), (side, box.bottom), (side, result.y - 2))
        return along(points, dot.way)
    half = dot.way * 2 if dot.route is not Route.REFUSED else min(dot.way / STOPS_AT, 1.0) * 2
    if half < 1:
        return along((start, (at_box, box.y)), half)
    end = result.middle + spread * min(result.w * 0.3, 26.0)
    stop = result.y - 5 if dot.route is Route.REFUSED else result.y
    return along(((at_box, box.bottom), (end, stop)), half - 1)


def _from_producer(layout: Layout, dot: DotView) -> Point:
    box, bar = layout.producers.place(dot.producer), layout.bar(dot.partition)
    start = (box.middle + dot.lane_share * min(box.w * 0.3, 14.0), box.bottom)
    if dot.route is Route.LOST_BEFORE_LOG:
        side = _aside(layout, start[0])
        points = (start, (side, box.bottom + 8), (side, layout.log.y + layout.log.h * 0.6))
        return along(points, dot.way)
    return along((start, (bar.middle + dot.lane_share * bar.w * 0.3, layout.log.y)), dot.way)


def _aside(layout: Layout, x: float) -> float:
    """To the nearer side, still inside."""
    right = x >= layout.width / 2
    return min(x + ASIDE_PX * 2, layout.width - 8) if right else max(x - ASIDE_PX * 2, 8.0)
