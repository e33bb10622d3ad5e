"""Ranges are round, shared and steady."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench_gui.window.scales import (
    SHRINK_AFTER_UPDATES,
    Steady,
    clock_label,
    duration_ns_label,
    error_axis,
    latency_axis,
    linear_axis,
    round_up,
    short_number,
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


def test_a_scrolling_time_axis_counts_back_from_now() -> None:
    labels = [tick.label for tick in time_axis(0, 60, 60).ticks]
    assert labels[-1] == "now"
    assert labels[0] == "\N{MINUS SIGN}1 min"
