"""What the bench tells its watchers: plain values, pickled over a pipe. Knows no processes.

The auditor makes `LaneCounts`, `LaneSample` and `AnomalyRange` from durable state; the supervisor
makes `FaultReport` and `WorkerState`; the window and the command line only show them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class RunState(Enum):
    """Where a run stands. The value is shown to the reader."""

    STARTING = "starting"
    RUNNING = "running"
    DRAINING = "draining"
    COUNTING = "counting"
    COMPLETE = "complete"
    CUT_OFF = "cut off"
    FAILED = "failed"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self in {RunState.COMPLETE, RunState.CUT_OFF, RunState.FAILED}


class Verdict(Enum):
    """What a lane's run showed."""

    PENDING = "..."
    HOLDS = "HOLDS"
    BROKEN = "BROKEN"
    NOT_TESTED = "NOT TESTED"


@dataclass(frozen=True, slots=True)
class LaneCounts:
    """Events of one lane since its start, counted from durable state.

    Fields (events unless said otherwise):
        offered: existed (were due) so far.
        appended: distinct events readable in the log.
        delivered_unique: with at least one effect.
        effects: applications in all. Invariant: effects == delivered_unique + duplicates once
            nothing is a phantom or an aborted read.
        lost_before_log, lost_after_log: certain losses only.
        duplicates: effects beyond each event's first.
        duplicates_in_log: records beyond each event's first.
        redelivered: deliveries of a record beyond its first, suppressed ones included.
        suppressed: deliveries that the idempotent sink refused.
        in_flight: no effect yet and not certainly lost.
        recovered: delivered, though no append of it was ever acknowledged.
        aborted_attempts: records of aborted transactions, invisible under read_committed.
        aborted_reads: effects of aborted records.
        phantoms: effects of events that never existed.
        committed_reads: records that a concurrent read_committed reader of the output topic saw.
        dirty_reads: those of them whose transaction was not committed, or was seen only in part.
        unattributed: lost or duplicated events for which no fault was found.
        counter_error: sum over links of |clicks counted - clicks that happened|, of the events
            offered so far (so in flight counts as error until delivered).
    """

    offered: int = 0
    appended: int = 0
    delivered_unique: int = 0
    effects: int = 0
    lost_before_log: int = 0
    lost_after_log: int = 0
    duplicates: int = 0
    duplicates_in_log: int = 0
    redelivered: int = 0
    suppressed: int = 0
    in_flight: int = 0
    recovered: int = 0
    aborted_attempts: int = 0
    aborted_reads: int = 0
    phantoms: int = 0
    committed_reads: int = 0
    dirty_reads: int = 0
    unattributed: int = 0
    counter_error: int = 0

    @property
    def lost(self) -> int:
        """All certain losses."""
        return self.lost_before_log + self.lost_after_log


@dataclass(frozen=True, slots=True)
class LaneSample:
    """One bucket of one lane's time series; rates are over the bucket, totals since the start.

    Fields:
        t_s: the bucket's end, seconds since the run's start.
        lag: records appended and readable, not yet covered by a committed offset.
        latency_*_ns: of events delivered in the bucket, from due time; None when there were none.
        blocked_ms: time in the bucket for which transactions stood prepared and undecided or
            uncommitted, summed over transactions; 0 where nothing is prepared.
        cpu_total_s: CPU time of the lane's workers since they started, of all that ever were.
        written_total_bytes: what they handed to the system to write; None where it does not tell.
    """

    t_s: float
    lane: str
    offered_eps: float
    appended_eps: float
    delivered_eps: float
    lag: int
    in_flight: int
    lost_total: int
    duplicates_total: int
    suppressed_total: int
    latency_p50_ns: int | None
    latency_p99_ns: int | None
    latency_max_ns: int | None
    producers_up: int
    consumers_up: int
    blocked_ms: float = 0.0
    cpu_total_s: float = 0.0
    written_total_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class AnomalyRange:
    """A contiguous range of events with the same fate and the same cause.

    Fields:
        kind: 'lost before the log', 'lost after the log', 'duplicate in the log', 'redelivered',
            'suppressed', 'phantom' or 'aborted read'.
        slot: source slot; first_sequence and last_sequence are inclusive.
        count: events, last_sequence - first_sequence + 1.
        partition, first_offset, last_offset: where in the log (inclusive); None before the log.
        incarnation: the worker process whose end caused it, None when unattributed.
        fault_id: None when unattributed.
        explanation: one sentence.
    """

    anomaly_id: int
    lane: str
    kind: str
    slot: int
    first_sequence: int
    last_sequence: int
    count: int
    partition: int | None
    first_offset: int | None
    last_offset: int | None
    incarnation: int | None
    fault_id: int | None
    explanation: str


@dataclass(frozen=True, slots=True)
class FaultReport:
    """One fault and what it did, as far as is known; sent again when more becomes known.

    Fields:
        fault_id: unique in the run, from 1.
        kind: one of `faults`' kinds.
        role, slot: 'producer' or 'consumer', from 0.
        incarnation: the slot's generation number of the process hit; None when the slot was empty
            and the fault hit nothing, as are pid and the steps then.
        exposed: events that the process had taken in hand and not yet made safe when it died; the
            fault landed in a window that could hurt when this is above 0.
        recovery_ms: from death to the replacement's first step; None until then.
        scheduled: by the seeded schedule (True) or by the user's key (False).
        text: one sentence for the event list.
        session_expired: of a pause: whether the process's session expired meanwhile. Without that
            nobody took its work over, and the pause could hurt nothing.
        paused_ns: of a pause: how long the process stood, or is to stand.
    """

    fault_id: int
    t_s: float
    lane: str
    kind: str
    role: str
    slot: int
    incarnation: int | None
    pid: int | None
    after_step: str | None
    before_step: str | None
    exposed: int
    recovery_ms: float | None
    lost_caused: int
    duplicates_caused: int
    suppressed_caused: int
    scheduled: bool
    text: str
    session_expired: bool = False
    paused_ns: int = 0

    @property
    def in_window(self) -> bool:
        """Whether it landed where it could hurt: events were in hand, or it did hurt."""
        caused = self.lost_caused + self.duplicates_caused + self.suppressed_caused
        harmless = self.kind == "pause" and not self.session_expired
        return caused > 0 or (self.exposed > 0 and not harmless)


@dataclass(frozen=True, slots=True)
class FaultTotals:
    """What a lane's faults come to so far; those that hit nothing are left out.

    Fields:
        kills_producer, kills_consumer: kills at a step and of a role too.
        in_window: faults that landed where they could hurt.
        recovery_p50_ms, recovery_max_ms: over the faults whose slot worked again; None without one.
    """

    kills_producer: int = 0
    kills_consumer: int = 0
    pauses: int = 0
    ack_losses: int = 0
    request_losses: int = 0
    expirations: int = 0
    in_window: int = 0
    recovery_p50_ms: float | None = None
    recovery_max_ms: float | None = None


@dataclass(frozen=True, slots=True)
class WorkerState:
    """One slot now. `pid` is None while the slot is empty; `step` is the last step completed.

    `state`: 'up', 'paused' (alive, but stopped), 'down' or 'finished'.
    """

    role: str
    slot: int
    incarnation: int
    pid: int | None
    state: str
    step: str


@dataclass(frozen=True, slots=True)
class PartitionState:
    """One partition of a lane's log of clicks now, as it stands in the files.

    Fields (offsets; ends are exclusive):
        high_watermark: end of what is appended.
        last_stable_offset: end of what a read_committed reader may read; at most high_watermark.
        committed_offset: the next offset that the consumer group will read after a restart.
    """

    partition: int
    high_watermark: int
    last_stable_offset: int
    committed_offset: int


REST = 0
"""The link id of all links that have no line of their own."""


@dataclass(frozen=True, slots=True)
class LinkClicks:
    """One link as the business sees it, or all other links together.

    Fields (clicks unless said otherwise):
        link_id: from 1; REST stands for all links that have no line of their own.
        happened: of it that were due so far. counted: what the result shows.
        lost: of those that happened, certainly lost.
        extra: counted beyond the first time of a click that happened.
        rest_error: of REST: sum over its links of |counted - happened|; None otherwise.
    """

    link_id: int
    happened: int
    counted: int
    lost: int = 0
    extra: int = 0
    rest_error: int | None = None

    @property
    def in_flight(self) -> int:
        """Happened, neither counted nor lost so far."""
        return max(0, self.happened - self.lost + self.extra - self.counted)

    @property
    def error(self) -> int:
        """|counted - happened|, summed over the links that it stands for."""
        difference = abs(self.counted - self.happened)
        return difference if self.rest_error is None else self.rest_error

    def __reduce__(self) -> tuple[type[LinkClicks], tuple[int | None, ...]]:
        """Pickled in a fifth of a dataclass's time; there are many of them in a snapshot."""
        values = (self.link_id, self.happened, self.counted, self.lost, self.extra)
        return LinkClicks, (*values, self.rest_error)


@dataclass(frozen=True, slots=True)
class LaneSnapshot:
    """One lane now.

    Fields:
        latency_p50_ns, latency_p90_ns, latency_p99_ns, latency_p999_ns, latency_max_ns: over the
            whole run; None before an effect.
        lag: as LaneSample.
        blocked_ms, blocked_max_ms: for how long prepared transactions stood in doubt, in all and
            the longest; 0 where nothing is prepared.
        verdict: PENDING until the final count, except that BROKEN shows at once.
        verdict_reason: one sentence.
        partitions: in the order of their numbers; empty before the first audit.
        links: those clicked most, the most clicked first, and REST as the last; brought up to date
            some times a second; empty before the first audit.
        faults: what they come to.
        since_append_p50_ns, since_append_p99_ns, since_append_max_ns: from append to effect.
    """

    slug: str
    counts: LaneCounts
    lag: int
    delivered_eps: float
    latency_p50_ns: int | None
    latency_p99_ns: int | None
    latency_max_ns: int | None
    workers: tuple[WorkerState, ...]
    faults_in_window: int
    verdict: Verdict
    verdict_reason: str
    blocked_ms: float = 0.0
    blocked_max_ms: float = 0.0
    partitions: tuple[PartitionState, ...] = ()
    links: tuple[LinkClicks, ...] = ()
    latency_p90_ns: int | None = None
    latency_p999_ns: int | None = None
    faults: FaultTotals = FaultTotals()
    since_append_p50_ns: int | None = None
    since_append_p99_ns: int | None = None
    since_append_max_ns: int | None = None


@dataclass(frozen=True, slots=True)
class RunSnapshot:
    """The run now, and what is new since the snapshot before (to this watcher).

    Fields:
        t_s: seconds since the start; negative while starting.
        samples: new time series buckets, in time order.
        faults: new or changed reports; replace an earlier one with the same fault_id.
        disagreement: None, or one sentence when live, final and recount differ: an error of the
            bench, shown in red.
        message: one sentence about the state, for the status bar.
        bench_cpu: CPU of bench and auditor processes, cores (1.0 is one whole core).
        ran_s: for how long the sources have run, seconds.
    """

    run_id: str
    state: RunState
    t_s: float
    seed: int
    lanes: dict[str, LaneSnapshot] = field(default_factory=dict)
    samples: tuple[LaneSample, ...] = ()
    faults: tuple[FaultReport, ...] = ()
    disagreement: str | None = None
    message: str = ""
    bench_cpu: float = 0.0
    ran_s: float = 0.0
