"""What a curve loses on its way to pixels: nothing that could be seen."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bench_gui.window.curves import LEAST_GROUP, spread, thinned, value_at, with_gaps


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=3_000), st.integers(1, 200))
def test_thinning_keeps_every_extreme_and_few_points(values: list[float], columns: int) -> None:
    y = np.array(values)
    x, kept = thinned(np.arange(len(y), dtype=float), y, columns)
    assert (kept.min(), kept.max()) == (y.min(), y.max())
    assert len(kept) == len(x)
    assert np.all(np.diff(x) >= 0)
    assert len(kept) <= max(LEAST_GROUP, 4) * columns + len(y) % columns


def test_a_gap_wider_than_a_column_survives_thinning() -> None:
    y = np.ones(1_000)
    y[400:600] = np.nan
    _, kept = thinned(np.arange(1_000.0), y, 50)
    assert np.isnan(kept).any()
    assert np.fmax.reduce(kept) == 1.0


def series(times_s: list[float]) -> np.ndarray:
    return np.array([times_s, [7.0] * len(times_s)])


def test_no_line_is_drawn_where_nothing_was_sampled_for_long() -> None:
    opened = with_gaps(series([0.1, 0.2, 0.3, 4.0, 4.1]), 0)
    assert opened[0].tolist() == [0.1, 0.2, 0.3, 4.0, 4.0, 4.1]
    assert np.flatnonzero(np.isnan(opened[1])).tolist() == [3]


def test_samples_that_are_rare_throughout_are_no_gaps() -> None:
    rare = series([0.0, 8.0, 16.0, 24.0, 40.0])
    assert with_gaps(rare, 0) is rare
    late = series([0.1, 0.2, 0.9, 1.0])
    assert with_gaps(late, 0) is late


def test_a_moment_is_told_by_the_sample_that_ends_then_or_next() -> None:
    times, values = np.array([1.0, 2.0, 3.0]), np.array([7.0, 8.0, np.nan])
    assert [value_at(times, values, t_s) for t_s in (0.2, 1.0, 1.001, 2.0)] == [7, 7, 8, 8]
    assert np.isnan(value_at(times, values, 2.5))
    assert np.isnan(value_at(times, values, 3.5))


@given(st.lists(st.floats(-50, 250), max_size=8))
def test_labels_keep_apart_and_inside_and_in_their_order(wanted: list[float]) -> None:
    found = spread(wanted, 12.0, 200.0)
    ordered = sorted(found)
    assert all(b - a >= 12 - 1e-9 for a, b in pairwise(ordered))
    assert all(-1e-9 <= place <= 200 + 1e-9 for place in found)
    ranks = sorted(range(len(wanted)), key=lambda number: wanted[number])
    assert ranks == sorted(range(len(found)), key=lambda number: found[number])


def test_labels_with_room_stay_where_they_are() -> None:
    assert spread([100.0, 20.0, 60.0], 12.0, 200.0) == [100.0, 20.0, 60.0]
