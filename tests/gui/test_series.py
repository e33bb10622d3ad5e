"""The stores keep what a picture needs in fixed memory."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bench_gui.window.series import Column, History, Ring, log_ns


def values(t_s: float, **columns: float) -> tuple[float, ...]:
    """One sample: zeros but for the time and what is named."""
    row = [0.0] * len(Column)
    row[Column.T_S] = t_s
    for name, value in columns.items():
        row[Column[name]] = value
    return tuple(row)


@given(st.integers(0, 40), st.integers(1, 12))
def test_a_ring_shows_the_newest_samples_in_order(count: int, capacity: int) -> None:
    ring = Ring(capacity)
    for t_s in range(count):
        ring.append(values(float(t_s)))
    shown = ring.view()[Column.T_S]
    assert shown.tolist() == [float(t) for t in range(count)][-capacity:]
    assert shown.flags.c_contiguous


def test_a_full_history_keeps_the_whole_run_at_half_the_resolution() -> None:
    history = History(8)
    for t_s in range(32):
        history.append(values(float(t_s), LOST=float(t_s), LAG=float(t_s % 4)))
    view = history.view()
    assert view.shape[1] < 8
    assert view[Column.T_S, 0] < 8
    assert view[Column.T_S, -1] == 31
    assert np.all(np.diff(view[Column.T_S]) > 0)


def test_merging_averages_rates_but_keeps_the_worse_latency_and_the_later_total() -> None:
    history = History(2)
    history.append(values(1.0, DELIVERED_EPS=100, P99_LOG_NS=6.0, LOST=3))
    history.append(values(2.0, DELIVERED_EPS=300, P99_LOG_NS=5.0, LOST=7))
    (merged,) = history.view().T
    assert merged[Column.T_S] == 2.0
    assert merged[Column.DELIVERED_EPS] == 200.0
    assert merged[Column.P99_LOG_NS] == 6.0
    assert merged[Column.LOST] == 7.0


def test_a_gap_in_a_latency_does_not_hide_its_neighbour() -> None:
    history = History(2)
    history.append(values(1.0, P50_LOG_NS=math.nan))
    history.append(values(2.0, P50_LOG_NS=6.5))
    assert history.view()[Column.P50_LOG_NS, 0] == 6.5


def test_a_latency_that_does_not_exist_is_a_gap() -> None:
    assert math.isnan(log_ns(None))
    assert log_ns(1_000_000) == 6.0
    assert log_ns(0) == 0.0
