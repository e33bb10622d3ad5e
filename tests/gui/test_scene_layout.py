"""Where things stand in a lane's picture: inside it, beneath each other, whatever the numbers."""

from __future__ import annotations

from itertools import pairwise

import pytest

from bench_gui.window.scene.layout import Rect, lay_out, stages_of
from bench_gui.window.scene.model import DotView
from bench_gui.window.scene.paths import place_of
from bench_gui.window.scene.routes import Route

SIZES = [(100, 120), (112, 300), (220, 130), (220, 240), (430, 460)]
COUNTS = [(1, 4, 2), (1, 0, 1), (3, 1, 3), (8, 16, 6), (64, 200, 64)]


def rects(width: float, height: float, counts: tuple[int, int, int]) -> list[Rect]:
    layout = lay_out(width, height, counts, doubtful=True)
    rows = (layout.producers, layout.consumers)
    boxes = [box for row in rows for box in (*row.boxes, *([row.more] if row.more else []))]
    assert layout.doubt is not None
    return [*boxes, *layout.bars, layout.result, layout.doubt]


@pytest.mark.parametrize("counts", COUNTS, ids=str)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_leaves_the_picture_and_nothing_overlaps(
    width: float, height: float, counts: tuple[int, int, int]
) -> None:
    found = rects(width, height, counts)
    for one in found:
        assert one.x >= 0
        assert one.y >= 0
        assert one.x + one.w <= width
        assert one.bottom <= height
        assert min(one.w, one.h) > 2
    for number, one in enumerate(found):
        for other in found[number + 1 :]:
            apart = (
                one.x + one.w <= other.x + 0.01
                or other.x + other.w <= one.x + 0.01
                or one.bottom <= other.y + 0.01
                or other.bottom <= one.y + 0.01
            )
            assert apart


@pytest.mark.parametrize("height", [size[1] for size in SIZES])
def test_the_stages_stand_beneath_each_other_in_the_order_of_the_flow(height: float) -> None:
    stages = stages_of(height)
    order = [stages.producers, stages.log, stages.consumers, stages.result]
    ends = [(top, top + size) for top, size in order]
    assert all(above[1] < below[0] for above, below in pairwise(ends))


def test_slots_without_room_share_a_box() -> None:
    row = lay_out(220, 240, (8, 4, 2)).producers
    assert row.more is not None
    assert len(row.boxes) + row.left_over == 8
    assert row.place(7) is row.more
    assert row.place(0) is row.boxes[0]


def test_offsets_are_written_where_they_fit() -> None:
    assert lay_out(220, 400, (1, 4, 2)).written
    assert not lay_out(100, 400, (1, 4, 2)).written
    assert not lay_out(220, 130, (1, 4, 2)).written
    assert not lay_out(220, 400, (1, 16, 2)).written


def dot(route: Route, way: float) -> DotView:
    return DotView(route, way, 0, 1, 1, 0.5, 1)


@pytest.mark.parametrize("route", list(Route), ids=lambda route: route.name)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_events_go_downwards_and_stay_inside(route: Route, width: float, height: float) -> None:
    layout = lay_out(width, height, (1, 4, 2))
    places = [place_of(layout, dot(route, number / 100)) for number in range(101)]
    down = [y for _, y in places]
    assert down == sorted(down)
    assert all(0 <= x <= width and 0 <= y <= height for x, y in places)


def test_what_is_delivered_ends_at_the_result_and_what_is_refused_before_it() -> None:
    layout = lay_out(220, 240, (1, 4, 2))
    assert place_of(layout, dot(Route.DELIVER, 1.0))[1] == pytest.approx(layout.result.y)
    assert place_of(layout, dot(Route.AGAIN, 1.0))[1] == pytest.approx(layout.result.y)
    assert place_of(layout, dot(Route.REFUSED, 1.0))[1] < layout.result.y
    assert place_of(layout, dot(Route.LOST_BEFORE_LOG, 1.0))[1] < layout.log.bottom
