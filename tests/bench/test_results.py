"""One lane's row of summary.csv."""

from __future__ import annotations

import pytest

from bench_gui.bench.fault_tally import FaultTally
from bench_gui.bench.ranks import nearest_rank
from bench_gui.bench.records.results import (
    SUMMARY_COLUMNS,
    Latencies,
    SummaryRow,
    summarize,
)
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import FaultReport, LaneCounts, Verdict
from tests.values import fault

SPECIFIED = """run_id, lane, engine, seed, producers, consumers, partitions, rate_target_eps,
payload_bytes, durability, duration_s, offered, appended, delivered_unique, effects, lost,
lost_before_log, lost_after_log, duplicates, duplicates_in_log, redelivered, suppressed, in_flight,
recovered, aborted_reads, phantoms, unattributed, kills_producer, kills_consumer, pauses,
ack_losses, faults_in_window, counter_error, throughput_eps, latency_p50_ns, latency_p90_ns,
latency_p99_ns, latency_p999_ns, latency_max_ns, recovery_p50_ms, recovery_max_ms, verdict"""
FURTHER = (
    "request_losses, expirations, blocked_ms, blocked_max_ms, committed_reads, dirty_reads, "
    "since_append_p50_ns, since_append_p99_ns, since_append_max_ns"
)
"""Behind the specified ones, so that who reads those by their place is not disturbed."""


def test_the_columns_are_the_specified_ones() -> None:
    assert ", ".join(SUMMARY_COLUMNS) == f"{' '.join(SPECIFIED.split())}, {FURTHER}"


def row(faults: list[FaultReport], **counts: int) -> SummaryRow:
    return summarize(
        "run-1",
        RunSettings(),
        "at-least-once",
        LaneCounts(**counts),
        FaultTally(faults).totals(),
        Latencies(1, 2, 3, 4, 5),
        duration_s=10.0,
        verdict=Verdict.HOLDS,
    )


def test_counts_and_rates() -> None:
    made = row([], offered=100, delivered_unique=90, lost_before_log=4, lost_after_log=6)
    assert (made.offered, made.lost, made.throughput_eps) == (100, 10, 9.0)
    assert (made.latency_p50_ns, made.latency_max_ns) == (1, 5)
    assert (made.engine, made.verdict) == ("sqlite", "HOLDS")


def test_only_faults_that_hit_something_are_counted() -> None:
    made = row(
        [
            fault(),
            fault(fault_id=2, role="producer", exposed=0, duplicates_caused=0),
            fault(fault_id=4, pid=None, incarnation=None),
            fault(fault_id=5, kind="pause"),
        ]
    )
    assert (made.kills_consumer, made.kills_producer, made.pauses) == (1, 1, 1)
    assert made.faults_in_window == 2


def test_recovery_leaves_out_slots_that_never_recovered() -> None:
    faults = [fault(fault_id=n, recovery_ms=ms) for n, ms in enumerate([30.0, None, 10.0, 20.0])]
    made = row(faults)
    assert (made.recovery_p50_ms, made.recovery_max_ms) == (20.0, 30.0)
    assert row([]).recovery_p50_ms is None


@pytest.mark.parametrize(
    ("values", "quantile", "expected"),
    [([1.0], 0.5, 1.0), ([1.0, 2.0], 0.5, 1.0), ([3.0, 1.0, 2.0], 0.5, 2.0), ([1.0, 2.0], 1, 2.0)],
)
def test_nearest_rank(values: list[float], quantile: float, expected: float) -> None:
    assert nearest_rank(values, quantile) == expected
