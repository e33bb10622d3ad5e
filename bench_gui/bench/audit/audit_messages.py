"""What the auditor's process and the bench say to each other. Plain values."""

from __future__ import annotations

from dataclasses import dataclass, field

from bench_gui.bench.read_marks import ReadMarks
from bench_gui.bench.records.results import Latencies
from bench_gui.bench.snapshot import AnomalyRange, LaneCounts, LinkClicks, PartitionState


@dataclass(frozen=True, slots=True)
class Begin:
    """To the auditor: the sources start at `start_ns` (monotonic); count from now on.

    Fields:
        latencies_from_ns: events due earlier are left out of the latencies, and of nothing else.
    """

    start_ns: int
    latencies_from_ns: int = 0


@dataclass(frozen=True, slots=True)
class Finish:
    """To the auditor: every worker has ended; make the final count and the recount."""


@dataclass(frozen=True, slots=True)
class Ready:
    """From the auditor: it is there, and the sources may start."""


@dataclass(frozen=True, slots=True)
class Caused:
    """What one fault caused so far, in events."""

    lost: int
    duplicates: int
    suppressed: int


@dataclass(frozen=True, slots=True)
class LaneAudit:
    """One lane after one audit round.

    Fields:
        lag: readable records beyond the committed offsets.
        bucket: latencies of the events delivered since the round before.
        total: latencies of the whole run.
        anomalies: new since the round before.
        caused: totals by fault, of those that changed since the round before.
        at_ns: when this lane's round began, monotonic; what is counted was so then or a moment
            later.
        blocked_ns, blocked_max_ns: for how long prepared transactions stood in doubt, in all since
            the start and the longest.
        since_append: of the whole run, from append to effect.
        partitions: of the log, now.
        links: as in the lane's snapshot; None where they are as they were told last.
    """

    counts: LaneCounts
    lag: int
    bucket: Latencies
    total: Latencies
    anomalies: tuple[AnomalyRange, ...]
    caused: dict[int, Caused]
    blocked_ns: int = 0
    blocked_max_ns: int = 0
    at_ns: int = 0
    partitions: tuple[PartitionState, ...] = ()
    links: tuple[LinkClicks, ...] | None = None
    since_append: Latencies = field(default_factory=Latencies)


@dataclass(frozen=True, slots=True)
class AuditReport:
    """From the auditor, after each round.

    Fields:
        cpu_s: CPU time of the auditor's process so far.
        removable: up to where rows may be removed now, by lane; only where that has changed.
    """

    lanes: dict[str, LaneAudit]
    cpu_s: float
    removable: dict[str, ReadMarks] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FinalReport:
    """From the auditor, once: the final count.

    Fields:
        report: as after any round.
        disagreement: None, or one sentence when live, final and recount differ.
        histograms: each lane's latency histogram as JSON.
    """

    report: AuditReport
    disagreement: str | None
    histograms: dict[str, str]


@dataclass(frozen=True, slots=True)
class AuditFailure:
    """From the auditor: it cannot go on. `details` is a traceback."""

    sentence: str
    details: str
