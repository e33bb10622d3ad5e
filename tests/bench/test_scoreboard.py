"""What watchers and the time series are shown of a lane's blocked time."""

from __future__ import annotations

from bench_gui.bench.audit.audit_messages import AuditReport, LaneAudit
from bench_gui.bench.faults import FaultLog
from bench_gui.bench.records.results import Latencies
from bench_gui.bench.scoreboard import Scoreboard
from bench_gui.bench.snapshot import LaneCounts
from workers.recorder import Cost
from workers.time_units import MS_NS, SECOND_NS

SLUG = "two-phase-commit"
COSTS = {SLUG: Cost(1_500_000_000, 4096)}


def report(at_s: float, blocked_ms: int, longest_ms: int, offered: int = 0) -> AuditReport:
    audit = LaneAudit(
        LaneCounts(offered=offered),
        0,
        Latencies(),
        Latencies(),
        (),
        {},
        blocked_ms * MS_NS,
        longest_ms * MS_NS,
        at_ns=int(at_s * SECOND_NS),
    )
    return AuditReport({SLUG: audit}, 0.0)


def test_a_rate_is_over_the_time_between_the_lanes_own_rounds() -> None:
    board = Scoreboard((SLUG,), FaultLog())
    board.begin(0)
    assert board.take(report(-0.5, 0, 0), {SLUG: ()}, COSTS) == []
    reports = [report(at_s, 0, 0, offered=int(1000 * at_s)) for at_s in (0.5, 0.75, 2.0)]
    samples = [sample for one in reports for sample in board.take(one, {SLUG: ()}, COSTS)]
    assert [sample.offered_eps for sample in samples] == [1000, 1000, 1000]
    assert [sample.t_s for sample in samples] == [0.5, 0.75, 2.0]
    assert board.take(reports[-1], {SLUG: ()}, COSTS) == []


def test_a_first_moment_too_short_to_make_a_rate_of_belongs_to_the_first_bucket() -> None:
    board = Scoreboard((SLUG,), FaultLog())
    board.begin(0)
    assert board.take(report(0.006, 0, 0, offered=30), {SLUG: ()}, COSTS) == []
    assert board.snapshot(SLUG, ()).counts.offered == 30
    (sample,) = board.take(report(0.1, 0, 0, offered=120), {SLUG: ()}, COSTS)
    assert sample.offered_eps == 1200


def test_blocked_time_is_shown_by_bucket_in_all_and_at_its_longest() -> None:
    board = Scoreboard((SLUG,), FaultLog())
    board.begin(0)
    samples = [
        *board.take(report(1, 30, 20), {SLUG: ()}, COSTS),
        *board.take(report(2, 45, 20), {SLUG: ()}, COSTS),
    ]
    assert [sample.blocked_ms for sample in samples] == [30, 15]
    shown = board.snapshot(SLUG, ())
    assert (shown.blocked_ms, shown.blocked_max_ms) == (45, 20)


def test_a_sample_says_what_the_workers_have_used() -> None:
    board = Scoreboard((SLUG,), FaultLog())
    board.begin(0)
    (sample,) = board.take(report(1, 0, 0), {SLUG: ()}, COSTS)
    assert (sample.cpu_total_s, sample.written_total_bytes) == (1.5, 4096)
    (sample,) = board.take(report(2, 0, 0), {SLUG: ()}, {SLUG: Cost(2, None)})
    assert sample.written_total_bytes is None
