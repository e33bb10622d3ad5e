"""Every lane of a row shares one range, and the frame shows the right stretch of time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench_gui.window.frame import running_frame, still_frame, whole_frame
from bench_gui.window.ranges import Ranges, fresh_axes
from bench_gui.window.rows import ROWS, values_at, words_at
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
    axis = fresh_axes()["lag"].follow([view(LAG=[3.0, 5.0]), view(LAG=[70.0, 40.0])])
    assert axis.ticks[-1].value == 80.0


def test_latency_shows_whole_decades_around_the_data_and_ignores_gaps() -> None:
    lanes = [view(P50_LOG_NS=[6.2, np.nan], P99_LOG_NS=[7.9, np.nan])]
    axis = fresh_axes()["latency"].follow(lanes)
    assert [tick.label for tick in axis.ticks] == ["1 ms", "10 ms", "100 ms"]


def test_a_row_without_data_still_has_a_range() -> None:
    for axis in fresh_axes().values():
        shown = axis.follow([])
        assert shown.low < shown.high


def test_a_new_run_forgets_the_range_of_the_last() -> None:
    axes = fresh_axes()
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


def test_lanes_share_a_range_or_have_their_own() -> None:
    views = {"a": view(LAG=[70.0]), "b": view(LAG=[3.0])}
    ranges = Ranges()
    shared = ranges.follow(views, ROWS)
    assert shared["a"]["lag"] == shared["b"]["lag"]
    ranges.set_same(False)
    own = ranges.follow(views, ROWS)
    assert own["a"]["lag"].ticks[-1].value == 80.0
    assert own["b"]["lag"].ticks[-1].value == 10.0


def test_latency_is_told_in_the_same_units_on_both_scales() -> None:
    views = {"a": view(P50_LOG_NS=[6.2], P99_LOG_NS=[7.5])}
    ranges = Ranges()
    assert ranges.follow(views, ROWS)["a"]["latency"].ticks[0].label == "1 ms"
    ranges.set_linear(True)
    labels = [tick.label for tick in ranges.follow(views, ROWS)["a"]["latency"].ticks]
    assert labels == ["0", "20 ms", "40 ms"]


def test_another_stretch_begins_with_ranges_of_its_own() -> None:
    ranges = Ranges()
    ranges.follow({"a": view(LAG=[9_000.0])}, ROWS)
    ranges.reset()
    assert ranges.follow({"a": view(LAG=[4.0])}, ROWS)["a"]["lag"].ticks[-1].value == 10.0


def test_every_row_tells_a_moment_in_words() -> None:
    lane = view(
        DELIVERED_EPS=[950.0, 123_456.0], OFFERED_EPS=[1_000.0, 1e6], P50_LOG_NS=[6.0, np.nan],
        P99_LOG_NS=[7.0, np.nan], LOST=[18.0, 18.0], DUPLICATES=[0.0, 312.0], LAG=[5.0, 12_000.0],
    )  # fmt: skip
    first, second = values_at(lane, 0.4), values_at(lane, 1.6)
    minus = "\N{MINUS SIGN}"
    assert words_at("throughput", first) == "950   due 1,000"
    assert words_at("throughput", second, narrow=True) == "123k \N{MIDDLE DOT} 1M"
    assert words_at("latency", first) == "p50 1 ms   p99 10 ms"
    assert words_at("latency", second) == "p50 \N{EN DASH}   p99 \N{EN DASH}"
    assert [words_at("errors", one) for one in (first, second)] == [
        f"+0  {minus}18",
        f"+312  {minus}18",
    ]
    assert [words_at("lag", one) for one in (first, second)] == ["5", "12,000"]


def test_where_nothing_was_sampled_nothing_is_told() -> None:
    assert values_at(view(LAG=[1.0, np.nan]), 1.5) is None
    beyond = values_at(view(LAG=[1.0]), 1.5)
    assert beyond is not None
    assert beyond[Column.LAG] == 1.0
    assert values_at(view(LAG=[]), 1.5) is None
    assert words_at("lag", None) == "\N{EN DASH}"


def test_a_chosen_stretch_keeps_one_sample_beyond_each_edge() -> None:
    shown = still_frame(3.5, 2.0).visible(view(LAG=[0.0] * 9))
    assert shown[Column.T_S].tolist() == [3.0, 4.0, 5.0, 6.0]


def test_what_came_after_a_held_display_is_left_out() -> None:
    shown = still_frame(0.0, 20.0).visible(view(LAG=[0.0] * 9), until_s=4.0)
    assert shown[Column.T_S].tolist() == [1.0, 2.0, 3.0, 4.0]
