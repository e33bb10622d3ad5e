"""Says what a lane's counts mean, from what its row in `workers.lanes` allows and forbids. Pure.

A lane holds only when something tested it: a green result that no fault put to the test is not a
pass. What a lane allows is named with its number, so that it reads as expected and not as noise.
"""

from __future__ import annotations

from bench_gui.bench.snapshot import LaneCounts, Verdict
from workers.lanes import Anomaly, Lane

WORDS: dict[Anomaly, tuple[str, str]] = {
    Anomaly.LOST: ("lost", "lost"),
    Anomaly.DUPLICATE: ("counted twice", "counted twice"),
    Anomaly.REDELIVERY: ("redelivery", "redeliveries"),
    Anomaly.ABORTED_READ: ("aborted read", "aborted reads"),
    Anomaly.PHANTOM: ("phantom", "phantoms"),
}
"""One, and any other number."""


def anomalies(counts: LaneCounts) -> dict[Anomaly, int]:
    """How often each anomaly was seen."""
    return {
        Anomaly.LOST: counts.lost,
        Anomaly.DUPLICATE: counts.duplicates,
        Anomaly.REDELIVERY: max(counts.redelivered, counts.suppressed),
        Anomaly.ABORTED_READ: counts.aborted_reads + counts.dirty_reads,
        Anomaly.PHANTOM: counts.phantoms,
    }


def judge(
    lane: Lane, counts: LaneCounts, faults_in_window: int, final: bool
) -> tuple[Verdict, str]:
    """The verdict and its reason in one sentence.

    Args:
        faults_in_window: faults that landed where they could hurt.
        final: whether `counts` is the final count, after the drain.
    """
    seen = anomalies(counts)
    broken = {kind: number for kind, number in seen.items() if kind in lane.forbidden and number}
    verdict, reason = _verdict(broken, counts, faults_in_window, final)
    allowed = {kind: number for kind, number in seen.items() if kind in lane.allowed and number}
    parts = [reason, *_expected(allowed), *_unattributed(counts)]
    return verdict, "; ".join(parts)


def _verdict(
    broken: dict[Anomaly, int], counts: LaneCounts, faults_in_window: int, final: bool
) -> tuple[Verdict, str]:
    if broken:
        return Verdict.BROKEN, f"{_listed(broken)}, which this lane forbids"
    if not final:
        return Verdict.PENDING, f"nothing forbidden seen in {_faults(faults_in_window)}"
    if counts.in_flight:
        events = "event was" if counts.in_flight == 1 else "events were"
        return Verdict.NOT_TESTED, f"cut short: {counts.in_flight:,} {events} still in flight"
    if not faults_in_window:
        return Verdict.NOT_TESTED, "no fault landed where it could hurt"
    return Verdict.HOLDS, f"nothing forbidden seen in {_faults(faults_in_window)}"


def _faults(number: int) -> str:
    return f"{number:,} {'fault' if number == 1 else 'faults'} that could hurt"


def _listed(seen: dict[Anomaly, int]) -> str:
    return ", ".join(f"{number:,} {WORDS[kind][number != 1]}" for kind, number in seen.items())


def _expected(allowed: dict[Anomaly, int]) -> list[str]:
    return [f"{_listed(allowed)}, as this lane allows"] if allowed else []


def _unattributed(counts: LaneCounts) -> list[str]:
    return [f"{counts.unattributed:,} unattributed"] if counts.unattributed else []
