"""What watchers and the time series are shown of a lane's blocked time."""

from __future__ import annotations

from bench_gui.bench.audit.audit_messages import AuditReport, LaneAudit
from bench_gui.bench.faults import FaultLog
from bench_gui.bench.records.results import Latencies
from bench_gui.bench.scoreboard import Scoreboard
from bench_gui.bench.snapshot import LaneCounts
from workers.time_units import MS_NS, SECOND_NS

SLUG = "two-phase-commit"


def report(at_s: int, blocked_ms: int, longest_ms: int) -> AuditReport:
    audit = LaneAudit(
        LaneCounts(), 0, Latencies(), Latencies(), (), {}, blocked_ms * MS_NS, longest_ms * MS_NS
    )
    return AuditReport(at_s * SECOND_NS, {SLUG: audit}, 0.0)


def test_blocked_time_is_shown_by_bucket_in_all_and_at_its_longest() -> None:
    board = Scoreboard((SLUG,), FaultLog())
    board.begin(0)
    samples = [
        *board.take(report(1, 30, 20), {SLUG: ()}),
        *board.take(report(2, 45, 20), {SLUG: ()}),
    ]
    assert [sample.blocked_ms for sample in samples] == [30, 15]
    shown = board.snapshot(SLUG, ())
    assert (shown.blocked_ms, shown.blocked_max_ms) == (45, 20)
