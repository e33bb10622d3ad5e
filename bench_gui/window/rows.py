"""The rows of charts: one table, one row a row, and what they tell in words. Knows no Qt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from bench_gui.bench.snapshot import LaneSnapshot
from bench_gui.window.scales import MINUS, count_label, duration_ns_label
from bench_gui.window.series import Array, Column
from workers.lanes import lane_of

BLOCKED = "blocked"
LOG_SCALE, LINEAR_SCALE = "log scale", "linear scale"


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
        LOG_SCALE,
        ("p50", "p99"),
        "From the moment an event was due to its effect, so that events waiting for a dead "
        "producer count. A gap is a bucket in which nothing was delivered. In a closed loop (rate "
        "max) it is mostly the time that events stand in the queue. In a narrow column the "
        "corner has p50 first, then p99.",
        (Column.P50_LOG_NS, Column.P99_LOG_NS),
        (1, 1),
    ),
    Row(
        "errors",
        "Error",
        "events, 2 scales",
        ("+ duplicates", f"{MINUS} lost"),
        "How wrong the result is: duplicate effects above the line, lost events below it, since "
        "the run's start. A lane that stays on the line is right. Each side has a scale of its "
        "own, so that many duplicates do not hide a few lost events.",
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


def unit_of(row: Row, *, linear: bool) -> str:
    """What its numbers are."""
    return LINEAR_SCALE if linear and row.key == "latency" else row.unit


def series_of(row: Row, view: Array, *, linear: bool) -> tuple[Array, ...]:
    """What a row draws of a lane's samples, the strong line first.

    Args:
        view: shape (columns, count). linear: latencies in nanoseconds, not in their logarithm.
    """
    drawn = (
        view[c] if sign > 0 else -view[c] for c, sign in zip(row.columns, row.signs, strict=True)
    )
    if linear and row.key == "latency":
        return tuple(np.power(10.0, line) for line in drawn)
    return tuple(drawn)


Values = dict[Column, float]
"""One sample; NaN for a latency that does not exist."""


def values_at(view: Array, t_s: float) -> Values | None:
    """The sample that tells of a moment: its bucket ends then or next after it; else the newest.

    Args:
        view: shape (columns, count), times ascending.
    """
    if not view.shape[1]:
        return None
    place = int(np.searchsorted(view[Column.T_S], t_s - 1e-9))
    found = view[:, min(place, view.shape[1] - 1)]
    if np.isnan(found[Column.LAG]):
        return None
    return {column: float(found[column]) for column in Column}


def words_at(key: str, values: Values | None, *, narrow: bool = False) -> str:
    """What a row tells of one sample; a dash where there is none."""
    if values is None:
        return NOTHING
    if key == "throughput":
        delivered, due = values[Column.DELIVERED_EPS], values[Column.OFFERED_EPS]
        return _two("", count_label(delivered), "due ", count_label(due), narrow)
    if key == "latency":
        p50, p99 = (_latency(values[c]) for c in (Column.P50_LOG_NS, Column.P99_LOG_NS))
        return _two("p50 ", p50, "p99 ", p99, narrow)
    if key == "errors":
        return f"+{values[Column.DUPLICATES]:,.0f}  {MINUS}{values[Column.LOST]:,.0f}"
    if key == BLOCKED:
        return f"{count_label(values[Column.BLOCKED_MS_PER_S])} ms/s"
    return count_label(values[Column.LAG])


NOTHING = "\N{EN DASH}"
BETWEEN = " \N{MIDDLE DOT} "
"""Between two numbers of one kind, the first of which matters more."""


def _latency(log_ns: float) -> str:
    return NOTHING if np.isnan(log_ns) else duration_ns_label(10.0**log_ns)


def _two(of: str, first: str, and_: str, second: str, narrow: bool) -> str:
    if narrow:
        return f"{first}{BETWEEN}{second}"
    return f"{of}{first}   {and_}{second}"


def readout(key: str, lane: LaneSnapshot, *, ended: bool = False, narrow: bool = False) -> str:
    """The newest value of a row in words, for a chart's corner; a run that ended has no rate."""
    if key == "throughput":
        return "" if ended else count_label(lane.delivered_eps)
    if key == "latency":
        if lane.latency_p50_ns is None or lane.latency_p99_ns is None:
            return ""
        p50, p99 = duration_ns_label(lane.latency_p50_ns), duration_ns_label(lane.latency_p99_ns)
        return _two("p50 ", p50, "p99 ", p99, narrow)
    if key == "lag":
        return count_label(lane.lag)
    if key == BLOCKED and not lane_of(lane.slug).consumer.two_phase:
        return "prepares nothing"
    return ""
