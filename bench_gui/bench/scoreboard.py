"""The lanes' newest figures, put together for watchers and for the time series. Pure."""

from __future__ import annotations

from bench_gui.bench.audit.audit_messages import AuditReport, LaneAudit
from bench_gui.bench.audit.verdict import judge
from bench_gui.bench.faults import FaultLog
from bench_gui.bench.records.results import Latencies
from bench_gui.bench.snapshot import (
    LaneCounts,
    LaneSample,
    LaneSnapshot,
    LinkClicks,
    Verdict,
    WorkerState,
)
from workers.lanes import Role, lane_of
from workers.recorder import Cost
from workers.time_units import MS_NS, SECOND_NS

NOTHING_YET = LaneAudit(LaneCounts(), 0, Latencies(), Latencies(), (), {})
FIRST_BUCKET_S = 0.05


class Scoreboard:
    """What is known of every lane now."""

    def __init__(self, slugs: tuple[str, ...], faults: FaultLog) -> None:
        self._faults = faults
        self._audits = dict.fromkeys(slugs, NOTHING_YET)
        self._closed = dict.fromkeys(slugs, NOTHING_YET)
        """The audits with which the newest buckets were closed."""
        self._delivered_eps = dict.fromkeys(slugs, 0.0)
        self._links: dict[str, tuple[LinkClicks, ...]] = dict.fromkeys(slugs, ())
        self._verdicts: dict[str, tuple[LaneCounts, int, bool, Verdict, str]] = {}
        self._start_ns = 0
        self.final = False

    def begin(self, start_ns: int) -> None:
        """The sources start at `start_ns`, monotonic."""
        self._start_ns = start_ns

    def audit(self, slug: str) -> LaneAudit:
        """The lane's newest audit."""
        return self._audits[slug]

    def take(
        self,
        report: AuditReport,
        workers: dict[str, tuple[WorkerState, ...]],
        costs: dict[str, Cost],
    ) -> list[LaneSample]:
        """Takes a new report over. Returns the buckets it closes, at most one sample a lane."""
        samples = [
            self._sample(slug, report, bucket_s, workers[slug], costs[slug])
            for slug in self._audits
            if (bucket_s := self._bucket_s(slug, report)) > self._least_s(slug)
        ]
        for sample in samples:
            self._delivered_eps[sample.lane] = sample.delivered_eps
            self._closed[sample.lane] = report.lanes[sample.lane]
        for slug, audit in report.lanes.items():
            self._links[slug] = self._links[slug] if audit.links is None else audit.links
            for fault_id, caused in audit.caused.items():
                self._faults.caused(fault_id, caused.lost, caused.duplicates, caused.suppressed)
        self._audits.update(report.lanes)
        return samples

    def _bucket_s(self, slug: str, report: AuditReport) -> float:
        """Seconds since the lane's last bucket was closed, or since the start."""
        before_ns = max(self._closed[slug].at_ns, self._start_ns)
        return (report.lanes[slug].at_ns - before_ns) / SECOND_NS

    def _least_s(self, slug: str) -> float:
        """A first bucket of a few milliseconds would make a rate of a handful of events."""
        return FIRST_BUCKET_S if self._closed[slug].at_ns <= self._start_ns else 0.0

    def _sample(
        self,
        slug: str,
        report: AuditReport,
        bucket_s: float,
        workers: tuple[WorkerState, ...],
        cost: Cost,
    ) -> LaneSample:
        before, after = self._closed[slug].counts, report.lanes[slug].counts
        audit = report.lanes[slug]
        blocked_ns = audit.blocked_ns - self._closed[slug].blocked_ns
        return LaneSample(
            t_s=(audit.at_ns - self._start_ns) / SECOND_NS,
            lane=slug,
            offered_eps=(after.offered - before.offered) / bucket_s,
            appended_eps=(after.appended - before.appended) / bucket_s,
            delivered_eps=(after.delivered_unique - before.delivered_unique) / bucket_s,
            lag=audit.lag,
            in_flight=after.in_flight,
            lost_total=after.lost,
            duplicates_total=after.duplicates,
            suppressed_total=after.suppressed,
            latency_p50_ns=audit.bucket.p50_ns,
            latency_p99_ns=audit.bucket.p99_ns,
            latency_max_ns=audit.bucket.max_ns,
            producers_up=_up(workers, Role.PRODUCER),
            consumers_up=_up(workers, Role.CONSUMER),
            blocked_ms=blocked_ns / MS_NS,
            cpu_total_s=cost.cpu_ns / SECOND_NS,
            written_total_bytes=cost.written_bytes,
        )

    def snapshot(self, slug: str, workers: tuple[WorkerState, ...]) -> LaneSnapshot:
        """The lane now."""
        audit = self._audits[slug]
        in_window = self._faults.in_window(slug)
        verdict, reason = self._judged(slug, in_window)
        return LaneSnapshot(
            slug=slug,
            counts=audit.counts,
            lag=audit.lag,
            delivered_eps=self._delivered_eps[slug],
            latency_p50_ns=audit.total.p50_ns,
            latency_p99_ns=audit.total.p99_ns,
            latency_max_ns=audit.total.max_ns,
            workers=workers,
            faults_in_window=in_window,
            verdict=verdict,
            verdict_reason=reason,
            blocked_ms=audit.blocked_ns / MS_NS,
            blocked_max_ms=audit.blocked_max_ns / MS_NS,
            partitions=audit.partitions,
            links=self._links[slug],
            latency_p90_ns=audit.total.p90_ns,
            latency_p999_ns=audit.total.p999_ns,
            faults=self._faults.tally(slug).totals(),
            since_append_p50_ns=audit.since_append.p50_ns,
            since_append_p99_ns=audit.since_append.p99_ns,
            since_append_max_ns=audit.since_append.max_ns,
        )

    def _judged(self, slug: str, in_window: int) -> tuple[Verdict, str]:
        """The lane's verdict, judged again only when what it rests on is new."""
        counts = self._audits[slug].counts
        known = self._verdicts.get(slug)
        if known is None or known[0] is not counts or known[1:3] != (in_window, self.final):
            verdict, reason = judge(lane_of(slug), counts, in_window, self.final)
            known = self._verdicts[slug] = (counts, in_window, self.final, verdict, reason)
        return known[3], known[4]


def _up(workers: tuple[WorkerState, ...], role: Role) -> int:
    return sum(worker.role == role.value and worker.pid is not None for worker in workers)
