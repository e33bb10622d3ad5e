"""Every lane of a row shares one range, and the frame shows the right stretch of time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench_gui.window.frame import running_frame, whole_frame
from bench_gui.window.rows import shared_axes
from bench_gui.window.series import Array, Column


def view(**columns: list[float]) -> Array:
    """A lane's samples, one a second from 1 s."""
    count = len(next(iter(columns.values())))
    data = np.zeros((len(Column), count))
    data[Column.T_S] = np.arange(1, count + 1)
    for name, values in columns.items():
        data[Column[name]] = values
    return data


def test_the_largest_lane_decides_for_all() -> None:
    axis = shared_axes()["lag"].follow([view(LAG=[3.0, 5.0]), view(LAG=[70.0, 40.0])])
    assert axis.ticks[-1].value == 80.0


def test_latency_shows_whole_decades_around_the_data_and_ignores_gaps() -> None:
    lanes = [view(P50_LOG_NS=[6.2, np.nan], P99_LOG_NS=[7.9, np.nan])]
    axis = shared_axes()["latency"].follow(lanes)
    assert [tick.label for tick in axis.ticks] == ["1 ms", "10 ms", "100 ms"]


def test_a_row_without_data_still_has_a_range() -> None:
    for axis in shared_axes().values():
        shown = axis.follow([])
        assert shown.low < shown.high


def test_a_new_run_forgets_the_range_of_the_last() -> None:
    axes = shared_axes()
    axes["lag"].follow([view(LAG=[9_000.0])])
    axes["lag"].reset()
    assert axes["lag"].follow([view(LAG=[1.0])]).ticks[-1].value == 10.0


@pytest.mark.parametrize(
    ("now_s", "duration_s", "start_s", "width_s"),
    [(3, 30, 0, 30), (30.4, 30, 0, 30.4), (20, 600, 0, 60), (75, 600, 15, 60)],
)
def test_a_short_run_stands_still_and_a_long_one_scrolls(
    now_s: float, duration_s: float, start_s: float, width_s: float
) -> None:
    frame = running_frame(now_s, duration_s, 600)
    assert (frame.start_s, frame.width_s) == (start_s, width_s)


@given(st.floats(60.5, 100_000), st.integers(50, 3_000))
def test_a_scrolling_frame_moves_by_whole_pixels_and_shows_the_newest_sample(
    now_s: float, width_px: int
) -> None:
    frame = running_frame(now_s, 200_000, width_px)
    pixels = frame.start_s * width_px / frame.width_s
    assert pixels == pytest.approx(round(pixels), abs=1e-3)
    pixel_s = frame.width_s / width_px
    assert now_s - 1e-6 <= frame.start_s + frame.width_s <= now_s + pixel_s + 1e-6


def test_a_scrolling_frame_keeps_one_sample_before_its_edge() -> None:
    shown = running_frame(75, 600, 600).visible(view(LAG=[0.0] * 75))
    assert shown[Column.T_S, 0] == 14.0


def test_after_the_end_all_of_the_run_is_shown() -> None:
    shown = whole_frame(75).visible(view(LAG=[0.0] * 75))
    assert shown.shape[1] == 75
