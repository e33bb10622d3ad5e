"""One lane's result in one row: the columns of summary.csv. Knows no files and no processes."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import FaultTotals, LaneCounts, LaneSnapshot, RunSnapshot, Verdict

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
        since_append_*_ns: from append to effect, without the wait for the append; None without an
            effect, and of runs of earlier versions.
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
    since_append_p50_ns: int | None = None
    since_append_p99_ns: int | None = None
    since_append_max_ns: int | None = None


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
    faults: FaultTotals,
    latencies: Latencies,
    *,
    duration_s: float,
    verdict: Verdict,
    blocked_ms: float = 0.0,
    blocked_max_ms: float = 0.0,
    since_append: Latencies = Latencies(),
) -> SummaryRow:
    """The lane's row.

    Args:
        lane: its slug.
        faults: of this lane.
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
        kills_producer=faults.kills_producer,
        kills_consumer=faults.kills_consumer,
        pauses=faults.pauses,
        ack_losses=faults.ack_losses,
        faults_in_window=faults.in_window,
        throughput_eps=counts.delivered_unique / duration_s if duration_s > 0 else 0.0,
        latency_p50_ns=latencies.p50_ns,
        latency_p90_ns=latencies.p90_ns,
        latency_p99_ns=latencies.p99_ns,
        latency_p999_ns=latencies.p999_ns,
        latency_max_ns=latencies.max_ns,
        recovery_p50_ms=faults.recovery_p50_ms,
        recovery_max_ms=faults.recovery_max_ms,
        verdict=verdict.value,
        request_losses=faults.request_losses,
        expirations=faults.expirations,
        blocked_ms=blocked_ms,
        blocked_max_ms=blocked_max_ms,
        since_append_p50_ns=since_append.p50_ns,
        since_append_p99_ns=since_append.p99_ns,
        since_append_max_ns=since_append.max_ns,
    )


def rows_now(snapshot: RunSnapshot, settings: RunSettings) -> list[SummaryRow]:
    """What summary.csv would say now, lane by lane; once the run is over, what it says.

    A lane that has no verdict yet is PENDING, which no file says.
    """
    return [_row_now(snapshot, settings, lane) for lane in snapshot.lanes.values()]


def rows_stored(snapshot: RunSnapshot, settings: RunSettings) -> list[SummaryRow]:
    """What is kept of the run as it is now, in case that there is no later moment."""
    pending, instead = Verdict.PENDING.value, Verdict.NOT_TESTED.value
    rows = rows_now(snapshot, settings)
    return [replace(row, verdict=instead) if row.verdict == pending else row for row in rows]


def _row_now(snapshot: RunSnapshot, settings: RunSettings, lane: LaneSnapshot) -> SummaryRow:
    undecided = lane.verdict is Verdict.PENDING and snapshot.state.ended
    return summarize(
        snapshot.run_id,
        settings,
        lane.slug,
        lane.counts,
        lane.faults,
        Latencies(
            lane.latency_p50_ns,
            lane.latency_p90_ns,
            lane.latency_p99_ns,
            lane.latency_p999_ns,
            lane.latency_max_ns,
        ),
        duration_s=snapshot.ran_s,
        verdict=Verdict.NOT_TESTED if undecided else lane.verdict,
        blocked_ms=lane.blocked_ms,
        blocked_max_ms=lane.blocked_max_ms,
        since_append=Latencies(
            p50_ns=lane.since_append_p50_ns,
            p99_ns=lane.since_append_p99_ns,
            max_ns=lane.since_append_max_ns,
        ),
    )
