"""A verdict follows from what the lane allows and forbids, and from what tested it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench_gui.bench.audit.verdict import anomalies, judge
from bench_gui.bench.snapshot import LaneCounts, Verdict
from workers.lanes import LANE_BY_SLUG, LANES, Anomaly, Lane

CLEAN = LaneCounts(offered=100, appended=100, delivered_unique=100, effects=100)
SEEN: dict[Anomaly, LaneCounts] = {
    Anomaly.LOST: replace(CLEAN, lost_after_log=2),
    Anomaly.DUPLICATE: replace(CLEAN, duplicates=2),
    Anomaly.REDELIVERY: replace(CLEAN, redelivered=2, suppressed=2),
    Anomaly.ABORTED_READ: replace(CLEAN, aborted_reads=2),
    Anomaly.PHANTOM: replace(CLEAN, phantoms=2),
}
CASES = [(lane, anomaly) for lane in LANES for anomaly in Anomaly]


def test_every_anomaly_has_a_count() -> None:
    for anomaly, counts in SEEN.items():
        assert {kind for kind, number in anomalies(counts).items() if number} == {anomaly}
    assert set(SEEN) == set(Anomaly)


@pytest.mark.parametrize("final", [True, False])
@pytest.mark.parametrize(
    ("lane", "anomaly"), CASES, ids=[f"{lane.slug}-{a.value}" for lane, a in CASES]
)
def test_forbidden_breaks_at_once_and_allowed_does_not(
    lane: Lane, anomaly: Anomaly, final: bool
) -> None:
    verdict, reason = judge(lane, SEEN[anomaly], 3, final)
    if anomaly in lane.forbidden:
        assert verdict is Verdict.BROKEN
        assert reason.startswith("2 ")
        assert "which this lane forbids" in reason
    else:
        assert verdict is (Verdict.HOLDS if final else Verdict.PENDING)
        assert ("as this lane allows" in reason) == (anomaly in lane.allowed)


@pytest.mark.parametrize("lane", LANES, ids=lambda lane: lane.slug)
def test_a_dirty_read_is_forbidden_everywhere(lane: Lane) -> None:
    counts = replace(CLEAN, committed_reads=100, dirty_reads=1)
    verdict, reason = judge(lane, counts, 3, False)
    assert (verdict, reason) == (Verdict.BROKEN, "1 aborted read, which this lane forbids")


@pytest.mark.parametrize("lane", LANES, ids=lambda lane: lane.slug)
def test_a_clean_count_holds_only_when_final_and_tested(lane: Lane) -> None:
    assert judge(lane, CLEAN, 3, False)[0] is Verdict.PENDING
    assert judge(lane, CLEAN, 3, True)[0] is Verdict.HOLDS
    assert judge(lane, CLEAN, 0, True) == (
        Verdict.NOT_TESTED,
        "no fault landed where it could hurt",
    )


@pytest.mark.parametrize("lane", LANES, ids=lambda lane: lane.slug)
def test_a_run_cut_short_does_not_hold(lane: Lane) -> None:
    verdict, reason = judge(lane, replace(CLEAN, in_flight=4), 3, True)
    assert verdict is Verdict.NOT_TESTED
    assert reason == "cut short: 4 events were still in flight"


def test_the_reason_says_what_was_expected_in_numbers() -> None:
    counts = replace(CLEAN, lost_before_log=50, lost_after_log=7)
    assert judge(LANE_BY_SLUG["at-most-once"], counts, 1, True) == (
        Verdict.HOLDS,
        "nothing forbidden seen in 1 fault that could hurt; 57 lost, as this lane allows",
    )
    counts = replace(CLEAN, lost_after_log=1, duplicates=3, unattributed=2)
    assert judge(LANE_BY_SLUG["at-least-once"], counts, 1, True) == (
        Verdict.BROKEN,
        "1 lost, which this lane forbids; 3 counted twice, as this lane allows; 2 unattributed",
    )
