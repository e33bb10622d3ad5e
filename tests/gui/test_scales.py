"""Ranges are round, shared and steady."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench_gui.window.scales import (
    SHRINK_AFTER_UPDATES,
    Steady,
    clock_label,
    count_label,
    duration_ns_label,
    error_axis,
    fitting_ticks,
    latency_axis,
    linear_axis,
    moment_label,
    round_up,
    short_number,
    since_start_axis,
    time_axis,
)


@given(st.floats(1e-3, 1e12), st.floats(1.0, 1e6))
def test_a_round_number_is_never_below_the_data_and_wastes_less_than_half(
    value: float, least: float
) -> None:
    rounded = round_up(value, least)
    assert rounded >= max(value, least) * (1 - 1e-6)
    assert rounded <= 2 * max(value, least) * (1 + 1e-6)


def test_a_range_grows_at_once_and_shrinks_only_after_a_while() -> None:
    steady = Steady(10.0)
    assert steady.follow(95.0) == 100.0
    for _ in range(SHRINK_AFTER_UPDATES - 1):
        assert steady.follow(12.0) == 100.0
    assert steady.follow(12.0) == 20.0


def test_one_large_value_keeps_the_range_for_another_while() -> None:
    steady = Steady(10.0)
    steady.follow(100.0)
    for number in range(4 * SHRINK_AFTER_UPDATES):
        assert steady.follow(90.0 if number % SHRINK_AFTER_UPDATES == 5 else 1.0) == 100.0


@pytest.mark.parametrize(
    ("value", "label"), [(0, "0"), (950, "950"), (1500, "1.5k"), (20_000, "20k"), (3e6, "3M")]
)
def test_counts_are_short(value: float, label: str) -> None:
    assert short_number(value) == label


@pytest.mark.parametrize(
    ("value_ns", "label"),
    [(999, "999 ns"), (1e3, "1 µs"), (1_240_000, "1.24 ms"), (1e9, "1 s"), (12.5e9, "12.5 s")],
)
def test_latencies_name_their_unit(value_ns: float, label: str) -> None:
    assert duration_ns_label(value_ns) == label


@pytest.mark.parametrize(
    ("seconds", "label"), [(0, "0 s"), (45, "45 s"), (60, "1 min"), (90, "1:30"), (7200, "2 h")]
)
def test_times_are_as_people_say_them(seconds: float, label: str) -> None:
    assert clock_label(seconds) == label


def test_every_tick_is_inside_its_axis_and_ticks_rise() -> None:
    axes = [
        linear_axis(4000),
        error_axis(0, 20),
        error_axis(300, 0),
        error_axis(300, 20),
        latency_axis(5, 9),
        time_axis(0, 30, None),
        time_axis(0, 60, 60),
    ]
    for axis in axes:
        values = [tick.value for tick in axis.ticks]
        assert values == sorted(set(values))
        assert all(-1e-9 <= axis.fraction(value) <= 1 + 1e-9 for value in values)


def test_a_lost_event_is_below_zero_and_a_duplicate_above() -> None:
    axis = error_axis(300, 200)
    assert [tick.label for tick in axis.ticks] == ["\N{MINUS SIGN}300", "0", "+200"]


@given(st.integers(1, 10**7), st.integers(1, 10**7))
def test_few_lost_events_are_seen_beside_many_duplicates(lost: int, duplicates: int) -> None:
    axis = error_axis(lost, duplicates)
    zero = axis.fraction(0)
    assert zero - axis.fraction(-lost) > 0.25
    assert axis.fraction(duplicates) - zero > 0.25
    assert axis.fraction(-lost / 2) == pytest.approx((zero + axis.fraction(-lost)) / 2)


def test_many_values_are_placed_as_one_is() -> None:
    axis = error_axis(18, 300)
    values = np.array([-18.0, -1.0, 0.0, 150.0, 300.0])
    assert axis.fractions(values).tolist() == [axis.fraction(value) for value in values]


@pytest.mark.parametrize(
    ("value", "label"),
    [(0, "0"), (999.4, "999"), (1000, "1,000"), (99_999, "99,999"), (123_456, "123k"), (2e6, "2M")],
)
def test_a_chart_tells_counts_in_one_way(value: float, label: str) -> None:
    assert count_label(value) == label


def test_no_latency_is_a_thousand_of_its_unit() -> None:
    assert duration_ns_label(999_700) == "1 ms"
    assert duration_ns_label(999_400) == "999 µs"


@pytest.mark.parametrize(
    ("seconds", "label"),
    [(0, "0.0 s"), (12.34, "12.3 s"), (59.99, "1:00.0"), (3725.5, "1:02:05.5")],
)
def test_a_moment_is_told_to_a_tenth(seconds: float, label: str) -> None:
    assert moment_label(seconds) == label


@given(st.floats(0, 5_000), st.floats(0.5, 5_000))
def test_a_stretch_has_few_round_labels_inside(start_s: float, width_s: float) -> None:
    axis = since_start_axis(start_s, width_s)
    assert 1 <= len(axis.ticks) <= 5
    assert all(-1e-6 <= tick.value <= width_s + 1e-6 for tick in axis.ticks)


def test_a_stretch_is_labelled_by_the_time_since_the_start() -> None:
    assert [tick.label for tick in since_start_axis(12.3, 2.0).ticks] == [
        "12.5 s", "13 s", "13.5 s", "14 s",
    ]  # fmt: skip


@given(st.integers(3, 9), st.floats(10, 400))
def test_labels_that_would_touch_are_left_out(high: int, height: float) -> None:
    axis = latency_axis(2, 2 + high)
    kept = fitting_ticks(axis, height, 13.0)
    places = [axis.fraction(tick.value) * height for tick in kept]
    assert kept[0] == axis.ticks[0]
    assert all(b - a >= 13 for a, b in pairwise(places))
    assert set(kept) <= set(axis.ticks)
    if height > 13 * 3 * high:
        assert kept == axis.ticks


def test_a_scrolling_time_axis_counts_back_from_now() -> None:
    labels = [tick.label for tick in time_axis(0, 60, 60).ticks]
    assert labels[-1] == "now"
    assert labels[0] == "\N{MINUS SIGN}1 min"
