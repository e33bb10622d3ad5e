"""The range that each row of charts has, shared by every lane or each lane's own. Knows no Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from bench_gui.window.rows import BLOCKED, Row
from bench_gui.window.scales import (
    Axis,
    Steady,
    duration_axis,
    error_axis,
    latency_axis,
    linear_axis,
)
from bench_gui.window.series import Array, Column


class SharedAxis(Protocol):
    """A range that follows the data of every lane of a row."""

    def follow(self, views: Sequence[Array]) -> Axis:
        """The range for these series, each (columns, count)."""
        ...

    def reset(self) -> None:
        """Forgets the run before."""
        ...


class FromZero:
    """From 0 to a round number above the largest value of `columns`."""

    def __init__(self, columns: tuple[Column, ...], least: float) -> None:
        self._columns = columns
        self._high = Steady(least)

    def follow(self, views: Sequence[Array]) -> Axis:
        """As SharedAxis."""
        return linear_axis(self._high.follow(max(largest(views, c) for c in self._columns)))

    def reset(self) -> None:
        """As SharedAxis."""
        self._high.reset()


class Decades:
    """Whole decades of nanoseconds around p50 and p99."""

    EMPTY = (5, 8)

    def __init__(self) -> None:
        self._low = Steady(0.0, lambda value, least: float(np.ceil(max(value, least))))
        self._high = Steady(0.0, lambda value, least: float(np.ceil(max(value, least))))

    def follow(self, views: Sequence[Array]) -> Axis:
        """As SharedAxis. The low end is followed as its distance from 1000 s downwards."""
        top = largest(views, Column.P99_LOG_NS)
        if top <= 0:
            return latency_axis(*self.EMPTY)
        bottom = min(smallest(views, Column.P50_LOG_NS), top)
        high = self._high.follow(top)
        low = 12 - self._low.follow(12 - bottom)
        return latency_axis(int(min(low, high - 1)), int(high))

    def reset(self) -> None:
        """As SharedAxis."""
        self._low.reset()
        self._high.reset()


class Nanoseconds:
    """From 0 to a round latency above p99."""

    LEAST_NS = 1e3

    def __init__(self) -> None:
        self._high = Steady(self.LEAST_NS)

    def follow(self, views: Sequence[Array]) -> Axis:
        """As SharedAxis."""
        top = largest(views, Column.P99_LOG_NS)
        return duration_axis(self._high.follow(10.0**top if top > 0 else self.LEAST_NS))

    def reset(self) -> None:
        """As SharedAxis."""
        self._high.reset()


class Errors:
    """Lost below zero, duplicates above."""

    def __init__(self) -> None:
        self._lost, self._duplicates = Steady(1.0), Steady(1.0)

    def follow(self, views: Sequence[Array]) -> Axis:
        """As SharedAxis."""
        lost = self._side(self._lost, largest(views, Column.LOST))
        duplicates = self._side(self._duplicates, largest(views, Column.DUPLICATES))
        return error_axis(lost, duplicates)

    @staticmethod
    def _side(steady: Steady, most: float) -> float:
        return steady.follow(most) if most > 0 else 0.0

    def reset(self) -> None:
        """As SharedAxis."""
        self._lost.reset()
        self._duplicates.reset()


def largest(views: Sequence[Array], column: Column) -> float:
    """The largest value of a column in any view, gaps aside; 0 for none."""
    values = [np.fmax.reduce(view[column]) for view in views if view.shape[1]]
    return max((float(v) for v in values if v == v), default=0.0)  # noqa: PLR0124


def smallest(views: Sequence[Array], column: Column) -> float:
    """The smallest value of a column in any view, gaps aside; infinite for none."""
    values = [np.fmin.reduce(view[column]) for view in views if view.shape[1]]
    return min((float(v) for v in values if v == v), default=np.inf)  # noqa: PLR0124


def fresh_axes(*, linear: bool = False) -> dict[str, SharedAxis]:
    """A fresh range for every row, by its key; `linear`: of latencies too."""
    return {
        "throughput": FromZero((Column.DELIVERED_EPS, Column.OFFERED_EPS), least=10.0),
        "latency": Nanoseconds() if linear else Decades(),
        "errors": Errors(),
        "lag": FromZero((Column.LAG,), least=10.0),
        BLOCKED: FromZero((Column.BLOCKED_MS_PER_S,), least=10.0),
    }


Axes = dict[str, Axis]
"""A range a row, by the row's key."""


class Ranges:
    """The ranges of every lane.

    Fields:
        same: whether the lanes of a row share one range. linear: whether latencies have a linear
            scale.
    """

    def __init__(self) -> None:
        self.same = True
        self.linear = False
        self._axes: dict[str | None, dict[str, SharedAxis]] = {}

    def set_same(self, same: bool) -> None:
        """One range a row for every lane, or one for each."""
        self.same = same
        self.reset()

    def set_linear(self, linear: bool) -> None:
        """Linear or logarithmic latencies."""
        self.linear = linear
        self.reset()

    def reset(self) -> None:
        """Forgets what was shown before: another run, or another stretch of it."""
        self._axes.clear()

    def follow(self, views: Mapping[str, Array], rows: Sequence[Row]) -> dict[str, Axes]:
        """By lane.

        Args:
            views: a lane's visible samples, shape (columns, count), by lane.
        """
        if self.same:
            shared = self._follow(None, list(views.values()), rows)
            return dict.fromkeys(views, shared)
        return {slug: self._follow(slug, [view], rows) for slug, view in views.items()}

    def _follow(self, whose: str | None, views: Sequence[Array], rows: Sequence[Row]) -> Axes:
        if whose not in self._axes:
            self._axes[whose] = fresh_axes(linear=self.linear)
        return {row.key: self._axes[whose][row.key].follow(views) for row in rows}
