"""One lane's time series in fixed memory. Knows no Qt; the bench's samples come in, arrays go out.

Two stores side by side. `Ring` has the last minute, each value written twice so that the newest
values are always one contiguous slice and nothing is copied to draw them. `History` has the whole
run: when it is full it merges neighbours, so a day takes as much memory as an hour. Merging keeps
the larger latency, the later total and the fewest live processes, never an average of
percentiles.
"""

from __future__ import annotations

import math
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from bench_gui.bench.snapshot import LaneSample

Array = NDArray[np.float64]


class Column(IntEnum):
    """Rows of the stores' arrays."""

    T_S = 0
    OFFERED_EPS = 1
    DELIVERED_EPS = 2
    P50_LOG_NS = 3
    P99_LOG_NS = 4
    LOST = 5
    DUPLICATES = 6
    LAG = 7
    BLOCKED_MS_PER_S = 8
    PRODUCERS_UP = 9
    CONSUMERS_UP = 10


AVERAGED = (Column.OFFERED_EPS, Column.DELIVERED_EPS, Column.BLOCKED_MS_PER_S)
LARGER = (Column.P50_LOG_NS, Column.P99_LOG_NS, Column.LAG)
SMALLER = (Column.PRODUCERS_UP, Column.CONSUMERS_UP)

RING_SAMPLES = 1200
HISTORY_SAMPLES = 4096


def sample_values(sample: LaneSample, bucket_s: float) -> tuple[float, ...]:
    """One value a Column; a latency that does not exist is NaN.

    Args:
        bucket_s: how long the sample's bucket is, above 0.
    """
    return (
        sample.t_s,
        sample.offered_eps,
        sample.delivered_eps,
        log_ns(sample.latency_p50_ns),
        log_ns(sample.latency_p99_ns),
        float(sample.lost_total),
        float(sample.duplicates_total),
        float(sample.lag),
        sample.blocked_ms / bucket_s,
        float(sample.producers_up),
        float(sample.consumers_up),
    )


def log_ns(value_ns: int | None) -> float:
    """log10 of nanoseconds, NaN for none; below 1 ns counts as 1 ns."""
    return math.nan if value_ns is None else math.log10(max(value_ns, 1))


class Ring:
    """The newest `capacity` samples, shape (columns, count), contiguous along time."""

    def __init__(self, capacity: int = RING_SAMPLES) -> None:
        self._capacity = capacity
        self._data: Array = np.zeros((len(Column), 2 * capacity))
        self._written = 0

    def append(self, values: tuple[float, ...]) -> None:
        """Adds one sample, writing it at both of its places."""
        at = self._written % self._capacity
        self._data[:, at] = values
        self._data[:, at + self._capacity] = values
        self._written += 1

    def view(self) -> Array:
        """A view, oldest first. Valid until the next append."""
        count = min(self._written, self._capacity)
        end = self._capacity + self._written % self._capacity
        if self._written <= self._capacity:
            return self._data[:, :count]
        return self._data[:, end - count : end]

    def clear(self) -> None:
        """Empties it and keeps its memory."""
        self._written = 0


class History:
    """The whole run in at most `capacity` samples (even), each standing for `stride` of them."""

    def __init__(self, capacity: int = HISTORY_SAMPLES) -> None:
        self._data: Array = np.zeros((len(Column), capacity))
        self._count = 0
        self._stride = 1
        self._pending: list[tuple[float, ...]] = []

    @property
    def samples(self) -> int:
        """How many it was given."""
        return self._count * self._stride + len(self._pending)

    def append(self, values: tuple[float, ...]) -> None:
        """Adds one sample, halving the resolution when the store is full."""
        self._pending.append(values)
        if len(self._pending) < self._stride:
            return
        self._data[:, self._count] = self._newest()
        self._pending.clear()
        self._count += 1
        if self._count == self._data.shape[1]:
            self._halve()

    def view(self) -> Array:
        """A view, oldest first, the samples not yet merged as the last. Valid until an append."""
        if not self._pending:
            return self._data[:, : self._count]
        self._data[:, self._count] = self._newest()
        return self._data[:, : self._count + 1]

    def clear(self) -> None:
        """Empties it and keeps its memory."""
        self._count, self._stride = 0, 1
        self._pending.clear()

    def _newest(self) -> Array:
        return merged(np.array(self._pending).T, len(self._pending))[:, 0]

    def _halve(self) -> None:
        self._count //= 2
        self._data[:, : self._count] = merged(self._data, 2)
        self._stride *= 2


def merged(data: Array, group: int) -> Array:
    """Every `group` neighbouring samples of (columns, count) as one; count divides evenly."""
    grouped = data.reshape(len(Column), -1, group)
    result = grouped[:, :, -1].copy()
    result[list(AVERAGED)] = grouped[list(AVERAGED)].mean(axis=2)
    result[list(LARGER)] = np.fmax.reduce(grouped[list(LARGER)], axis=2)
    result[list(SMALLER)] = np.fmin.reduce(grouped[list(SMALLER)], axis=2)
    return result
