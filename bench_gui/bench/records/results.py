"""One lane's result in one row: the columns of summary.csv. Knows no files and no processes."""

from __future__ import annotations

from dataclasses import dataclass, fields

from bench_gui.bench.fault_tally import FaultTally
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import LaneCounts, Verdict
from workers.lanes import Role

ENGINE = "sqlite"


@dataclass(frozen=True, slots=True)
class Latencies:
    """Latency percentiles of one lane's whole run, from due time; None without an effect."""

    p50_ns: int | None = None
    p90_ns: int | None = None
    p99_ns: int | None = None
    p999_ns: int | None = None
    max_ns: int | None = None


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One lane of one run. The fields are the columns of summary.csv, in their order.

    Fields (see `LaneCounts` for the counts):
        rate_target_eps: None for a closed loop.
        duration_s: how long the sources really ran.
        faults_in_window: faults that landed where they could hurt (exposed > 0).
        throughput_eps: delivered_unique / duration_s.
        recovery_p50_ms: nearest rank over the faults whose slot worked again; None without one.
        verdict: the value of a `Verdict`.
        blocked_ms, blocked_max_ms: as in `LaneSnapshot`.
    """

    run_id: str
    lane: str
    engine: str
    seed: int
    producers: int
    consumers: int
    partitions: int
    rate_target_eps: int | None
    payload_bytes: int
    durability: str
    duration_s: float
    offered: int
    appended: int
    delivered_unique: int
    effects: int
    lost: int
    lost_before_log: int
    lost_after_log: int
    duplicates: int
    duplicates_in_log: int
    redelivered: int
    suppressed: int
    in_flight: int
    recovered: int
    aborted_reads: int
    phantoms: int
    unattributed: int
    kills_producer: int
    kills_consumer: int
    pauses: int
    ack_losses: int
    faults_in_window: int
    counter_error: int
    throughput_eps: float
    latency_p50_ns: int | None
    latency_p90_ns: int | None
    latency_p99_ns: int | None
    latency_p999_ns: int | None
    latency_max_ns: int | None
    recovery_p50_ms: float | None
    recovery_max_ms: float | None
    verdict: str
    request_losses: int
    expirations: int
    blocked_ms: float
    blocked_max_ms: float
    committed_reads: int
    dirty_reads: int


SUMMARY_COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(SummaryRow))

COUNTED: tuple[str, ...] = (
    "offered", "appended", "delivered_unique", "effects", "lost", "lost_before_log",
    "lost_after_log", "duplicates", "duplicates_in_log", "redelivered", "suppressed", "in_flight",
    "recovered", "aborted_reads", "phantoms", "unattributed", "counter_error",
    "committed_reads", "dirty_reads",
)  # fmt: skip
"""The columns that are taken from LaneCounts as they stand."""


def summarize(
    run_id: str,
    settings: RunSettings,
    lane: str,
    counts: LaneCounts,
    faults: FaultTally,
    latencies: Latencies,
    *,
    duration_s: float,
    verdict: Verdict,
    blocked_ms: float = 0.0,
    blocked_max_ms: float = 0.0,
) -> SummaryRow:
    """The lane's row.

    Args:
        lane: its slug.
        faults: of this lane; those that hit nothing are left out.
        duration_s: how long the sources really ran, 0 or more.
    """
    return SummaryRow(
        run_id=run_id,
        lane=lane,
        engine=ENGINE,
        seed=settings.seed,
        producers=settings.producers,
        consumers=settings.consumers,
        partitions=settings.partitions,
        rate_target_eps=settings.rate_eps,
        payload_bytes=settings.payload_bytes,
        durability=settings.durability,
        duration_s=duration_s,
        **{column: getattr(counts, column) for column in COUNTED},
        kills_producer=faults.hits("kill", Role.PRODUCER.value),
        kills_consumer=faults.hits("kill", Role.CONSUMER.value),
        pauses=faults.hits("pause"),
        ack_losses=faults.hits("ack loss"),
        faults_in_window=faults.hits_in_window,
        throughput_eps=counts.delivered_unique / duration_s if duration_s > 0 else 0.0,
        latency_p50_ns=latencies.p50_ns,
        latency_p90_ns=latencies.p90_ns,
        latency_p99_ns=latencies.p99_ns,
        latency_p999_ns=latencies.p999_ns,
        latency_max_ns=latencies.max_ns,
        recovery_p50_ms=faults.recovery_ms(0.5),
        recovery_max_ms=faults.recovery_ms(1.0),
        verdict=verdict.value,
        request_losses=faults.hits("request loss"),
        expirations=faults.hits("expiry"),
        blocked_ms=blocked_ms,
        blocked_max_ms=blocked_max_ms,
    )
