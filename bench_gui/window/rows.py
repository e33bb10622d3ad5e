"""The rows of charts: one table, one row a row, and the range that its lanes share. Knows no Qt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from bench_gui.bench.snapshot import LaneSnapshot
from bench_gui.window.scales import (
    Axis,
    Steady,
    duration_ns_label,
    error_axis,
    latency_axis,
    linear_axis,
)
from bench_gui.window.series import Array, Column
from workers.lanes import lane_of

BLOCKED = "blocked"


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


class Errors:
    """Lost below zero, duplicates above."""

    EMPTY = 10.0

    def __init__(self) -> None:
        self._lost, self._duplicates = Steady(1.0), Steady(1.0)

    def follow(self, views: Sequence[Array]) -> Axis:
        """As SharedAxis."""
        lost = self._side(self._lost, largest(views, Column.LOST))
        duplicates = self._side(self._duplicates, largest(views, Column.DUPLICATES))
        if lost == duplicates == 0:
            return error_axis(self.EMPTY, self.EMPTY)
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


@dataclass(frozen=True, slots=True)
class Row:
    """One row of charts.

    Fields:
        columns: what is drawn, the strong line first.
        signs: by which each column is multiplied.
        equal: no line is paler than another.
    """

    key: str
    title: str
    unit: str
    legend: tuple[str, ...]
    help: str
    columns: tuple[Column, ...]
    signs: tuple[int, ...]
    equal: bool = False


ROWS: tuple[Row, ...] = (
    Row(
        "throughput",
        "Throughput",
        "events/s",
        ("delivered", "due"),
        "Events with their first effect per second, and events that were due.",
        (Column.DELIVERED_EPS, Column.OFFERED_EPS),
        (1, 1),
    ),
    Row(
        "latency",
        "Latency",
        "log scale",
        ("p50", "p99"),
        "From the moment an event was due to its effect, so that events waiting for a dead "
        "producer count. A gap is a bucket in which nothing was delivered.",
        (Column.P50_LOG_NS, Column.P99_LOG_NS),
        (1, 1),
    ),
    Row(
        "errors",
        "Error",
        "events in all",
        ("+ duplicates", "\N{MINUS SIGN} lost"),
        "How wrong the result is: duplicate effects above the line, lost events below it, since "
        "the run's start. A lane that stays on the line is right.",
        (Column.DUPLICATES, Column.LOST),
        (1, -1),
        equal=True,
    ),
    Row(
        "lag",
        "Lag",
        "records",
        (),
        "Records in the log that no committed offset has passed yet (consumer lag).",
        (Column.LAG,),
        (1,),
    ),
    Row(
        BLOCKED,
        "Blocked",
        "ms a second",
        (),
        "How long prepared transactions stood in doubt, in milliseconds a second: neither "
        "committed nor aborted, their rows and offsets locked: the price of two-phase commit.",
        (Column.BLOCKED_MS_PER_S,),
        (1,),
    ),
)


def rows_for(slugs: Iterable[str]) -> tuple[Row, ...]:
    """The rows that lanes have something to show in."""
    blocks = any(lane_of(slug).consumer.two_phase for slug in slugs)
    return tuple(row for row in ROWS if row.key != BLOCKED or blocks)


def shared_axes() -> dict[str, SharedAxis]:
    """A fresh range for every row, by its key."""
    return {
        "throughput": FromZero((Column.DELIVERED_EPS, Column.OFFERED_EPS), least=10.0),
        "latency": Decades(),
        "errors": Errors(),
        "lag": FromZero((Column.LAG,), least=10.0),
        BLOCKED: FromZero((Column.BLOCKED_MS_PER_S,), least=10.0),
    }


def readout(key: str, lane: LaneSnapshot, *, ended: bool = False, narrow: bool = False) -> str:
    """The newest value of a row in words, for a chart's corner; a run that ended has no rate."""
    if key == "throughput":
        return "" if ended else f"{lane.delivered_eps:,.0f}"
    if key == "latency":
        if lane.latency_p50_ns is None or lane.latency_p99_ns is None:
            return ""
        p50, p99 = duration_ns_label(lane.latency_p50_ns), duration_ns_label(lane.latency_p99_ns)
        return f"{p50} \N{MIDDLE DOT} {p99}" if narrow else f"p50 {p50}   p99 {p99}"
    if key == "lag":
        return f"{lane.lag:,}"
    if key == BLOCKED and not lane_of(lane.slug).consumer.two_phase:
        return "prepares nothing"
    return ""
