"""A picture that is moved and mended looks as one that is painted anew."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyqtgraph import arrayToQPath
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QPainterPath

from bench_gui.window.frame import Frame, following_frame, running_frame, still_frame
from bench_gui.window.marks import Marks
from bench_gui.window.palette import DARK, LIGHT
from bench_gui.window.picture import (
    FULL_HEIGHT_MARKS,
    Drawing,
    Painted,
    Picture,
    fresh_part,
    painted,
    path_of,
)
from bench_gui.window.place import KILL, OUTAGE, PAUSE, ground_of, place_of, runs_of
from bench_gui.window.scales import Axis, linear_axis

SIZE = QSize(300, 80)
AXIS = linear_axis(100)


@pytest.fixture(autouse=True)
def _application(qapp: object) -> None:
    """Pixels need one."""


def marks(kills: list[float], outage: tuple[float, float] = (0, 0)) -> Marks:
    pauses = np.array([[20.0], [26.0]])
    return Marks(np.array(kills, dtype=float), pauses, np.array([[outage[0]], [outage[1]]]))


def drawing(now_s: float, frame: Frame, axis: Axis = AXIS, kills: int = 30) -> Drawing:
    """A run of ten samples a second, as it is at a moment."""
    times = np.arange(1, int(now_s * 10 + 1e-6) + 1) / 10
    first = max(int(np.searchsorted(times, frame.start_s)) - 1, 0)
    times = times[first:]
    line = 50 + 40 * np.sin(times * 2)
    line[(times * 10).astype(int) % 97 == 0] = np.nan
    known = [t_s for t_s in np.linspace(1.0, 119.0, kills) if t_s <= now_s]
    curves = ((times, line), (times, np.abs(line) / 2))
    return Drawing(curves, frame, axis, marks(known, (40.0, 41.5)), "a run")


def image(picture: Picture, ratio: float = 1.0) -> QImage:
    return picture.pixmap(SIZE, ratio).toImage()


def differing(one: QImage, other: QImage) -> int:
    """Pixels that differ; one here or there is how a line is clipped, a remnant has many."""
    rows = (np.frombuffer(i.constBits(), np.uint32) for i in (one, other))
    return int(np.count_nonzero(np.not_equal(*rows)))


CLIPPED = 8
"""Pixels of at the most so many that a line may have otherwise when it was painted in parts."""


def painted_at_once(wanted: Drawing, ratio: float = 1.0) -> QImage:
    picture = Picture()
    picture.set_colours(LIGHT, ("#D55E00", "#0072B2"))
    picture.show(wanted)
    return image(picture, ratio)


def a_picture() -> Picture:
    picture = Picture()
    picture.set_colours(LIGHT, ("#D55E00", "#0072B2"))
    return picture


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("line_px", [1, 2])
@pytest.mark.parametrize("duration_s", [30.0, 600.0], ids=["growing", "scrolling"])
def test_a_picture_mended_step_by_step_is_the_one_painted_at_once(
    duration_s: float, line_px: int, ratio: float
) -> None:
    picture = a_picture()
    picture.set_line_px(line_px)
    wide = round(SIZE.width() * ratio)
    for step in range(60):
        now_s = 15 + step * (0.25 if duration_s < 60 else 1.7)
        wanted = drawing(now_s, running_frame(now_s, duration_s, wide))
        picture.show(wanted)
        mended = image(picture, ratio)
    anew = a_picture()
    anew.set_line_px(line_px)
    anew.show(wanted)
    assert differing(mended, image(anew, ratio)) <= CLIPPED


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0.02, 30), min_size=2, max_size=12))
def test_whatever_the_steps_nothing_old_is_left(steps: list[float]) -> None:
    picture = a_picture()
    now_s = 61.0
    for step in steps:
        now_s += step
        wanted = drawing(now_s, following_frame(now_s, 60.0, SIZE.width()))
        picture.show(wanted)
        mended = image(picture)
    assert differing(mended, painted_at_once(wanted)) <= CLIPPED


def test_a_kill_that_is_told_late_is_painted_in_its_place() -> None:
    picture = a_picture()
    frame = still_frame(0.0, 60.0)
    early = drawing(50.0, frame)
    picture.show(early)
    image(picture)
    late = replace(early, marks=marks([*early.marks.kills.tolist(), 12.34], (40.0, 41.5)))
    picture.show(late)
    assert differing(image(picture), painted_at_once(late)) <= CLIPPED
    assert differing(image(picture), painted_at_once(early)) > CLIPPED


@pytest.mark.parametrize(
    "other",
    [
        drawing(50.0, still_frame(5.0, 60.0), linear_axis(200)),
        drawing(50.0, still_frame(5.0, 20.0)),
        drawing(50.0, still_frame(0.0, 60.0)),
        replace(drawing(50.0, still_frame(5.0, 60.0)), source="another run"),
        drawing(50.0, still_frame(5.0, 60.0), kills=4 * FULL_HEIGHT_MARKS),
    ],
    ids=["range", "zoom", "back in time", "run", "so many kills"],
)
def test_what_cannot_be_mended_is_painted_anew(other: Drawing) -> None:
    picture = a_picture()
    picture.show(drawing(50.0, still_frame(5.0, 60.0)))
    image(picture)
    picture.show(other)
    assert image(picture) == painted_at_once(other)


def test_another_theme_and_width_of_lines_are_seen_at_once() -> None:
    wanted = drawing(50.0, still_frame(0.0, 60.0))
    picture = a_picture()
    picture.show(wanted)
    thin = image(picture)
    picture.set_line_px(2)
    assert image(picture) != thin
    picture.set_colours(DARK, ("#D55E00", "#0072B2"))
    assert image(picture).pixelColor(1, 1).name() != thin.pixelColor(1, 1).name()


def test_only_a_strip_is_painted_while_a_run_goes_on() -> None:
    def at(now_s: float) -> Painted:
        wanted = drawing(now_s, running_frame(now_s, 600.0, 300))
        return painted(wanted, place_of(wanted.frame, 300))

    shift, first = fresh_part(at(100.0), at(100.6))
    assert shift == 3
    assert first >= 290


def test_the_hatch_of_an_outage_moves_with_it() -> None:
    picture = a_picture()
    for now_s in np.arange(70.0, 95.0, 0.37):
        wanted = drawing(float(now_s), following_frame(float(now_s), 60.0, SIZE.width()))
        picture.show(wanted)
        mended = image(picture)
        assert differing(mended, painted_at_once(wanted)) <= CLIPPED


def test_a_path_by_hand_is_the_path_of_the_library() -> None:
    x = np.arange(60.0) * 3
    y = 30 + 20 * np.sin(x)
    y[[0, 7, 8, 41]] = np.nan

    for start in range(0, 60, 9):
        part = slice(start, start + 12)
        path, known = path_of(x[part], y[part]), arrayToQPath(x[part], y[part], connect="finite")
        assert corners(path) == corners(known)


def corners(path: QPainterPath) -> list[tuple[float, float]]:
    """Where lines go through; a point alone, or one that comes twice, draws nothing."""
    found: list[tuple[float, float]] = []
    for polygon in path.toSubpathPolygons():
        points = [(p.x(), round(p.y(), 9)) for p in polygon]
        found += [p for p, q in zip(points, [None, *points], strict=False) if p != q][: len(points)]
    return [p for p in found if p]


def test_a_column_shows_all_that_happened_in_it() -> None:
    place = place_of(still_frame(10.0, 10.0), 100)
    codes = ground_of(
        Marks(
            np.array([9.0, 10.0, 12.0, 12.01, 30.0]),
            np.array([[8.0, 19.0], [11.0, 29.0]]),
            np.array([[12.0, 15.0], [13.0, 15.04]]),
        ),
        place,
        now_s=19.5,
    )
    assert np.flatnonzero(codes & KILL).tolist() == [0, 20]
    assert runs_of(codes, PAUSE) == [(0, 10), (90, 95)]
    assert runs_of(codes, OUTAGE) == [(20, 30)]
