"""Example values for tests: whole records of which a test names what matters to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bench_gui.bench.records.results import Latencies, SummaryRow, summarize
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import (
    AnomalyRange,
    FaultReport,
    FaultTotals,
    LaneCounts,
    LaneSample,
    Verdict,
)


def fault(**changes: Any) -> FaultReport:
    """A kill of consumer 1 of at-least-once that could hurt."""
    example = FaultReport(
        fault_id=1,
        t_s=1.5,
        lane="at-least-once",
        kind="kill",
        role="consumer",
        slot=1,
        incarnation=2,
        pid=4711,
        after_step="effect-applied",
        before_step="offsets-committed",
        exposed=64,
        recovery_ms=12.5,
        lost_caused=0,
        duplicates_caused=64,
        suppressed_caused=0,
        scheduled=True,
        text="consumer 1 of At-least-once, killed",
    )
    return replace(example, **changes)


def sample(**changes: Any) -> LaneSample:
    """A quiet bucket of at-least-once."""
    example = LaneSample(
        t_s=0.1,
        lane="at-least-once",
        offered_eps=2000.0,
        appended_eps=1990.0,
        delivered_eps=1980.0,
        lag=3,
        in_flight=5,
        lost_total=0,
        duplicates_total=64,
        suppressed_total=0,
        latency_p50_ns=None,
        latency_p99_ns=2_000_000,
        latency_max_ns=3_000_000,
        producers_up=1,
        consumers_up=2,
    )
    return replace(example, **changes)


def anomaly(**changes: Any) -> AnomalyRange:
    """64 events of at-least-once, redelivered after a kill."""
    example = AnomalyRange(
        anomaly_id=1,
        lane="at-least-once",
        kind="redelivered",
        slot=0,
        first_sequence=100,
        last_sequence=163,
        count=64,
        partition=2,
        first_offset=40,
        last_offset=103,
        incarnation=5,
        fault_id=1,
        explanation="consumer 1, pid 4711, was killed after effect-applied",
    )
    return replace(example, **changes)


def summary(lane: str = "at-least-once", **changes: Any) -> SummaryRow:
    """A lane of a run of the default settings in which nothing happened."""
    row = summarize(
        "run-1",
        RunSettings(),
        lane,
        LaneCounts(offered=60_000, appended=60_000, delivered_unique=60_000, effects=60_000),
        FaultTotals(),
        Latencies(1_000_000, 2_000_000, 3_000_000, 4_000_000, 5_000_000),
        duration_s=30.0,
        verdict=Verdict.HOLDS,
    )
    return replace(row, **changes)
