"""A candidate's cost is the run's, beside that of the reference of the same run."""

from __future__ import annotations

from bench_gui.bench.snapshot import LaneCounts, LaneSnapshot, Verdict
from bench_gui.candidate_costs import costs


def lane(slug: str, delivered: int, p50: int | None, **counted: int) -> LaneSnapshot:
    counts = LaneCounts(delivered_unique=delivered, **counted)
    p99 = None if p50 is None else p50 * 4
    return LaneSnapshot(slug, counts, 0, 0.0, p50, p99, p99, (), 0, Verdict.PENDING, "")


LANES = {
    "at-most-once": lane("at-most-once", 1000, 1_000_000, lost_after_log=3, lost_before_log=4),
    "exactly-once": lane("exactly-once", 500, 50_000_000, duplicates=2),
    "at-least-once": lane("at-least-once", 0, None),
}


def test_it_is_told_absolutely_and_relative_to_the_reference() -> None:
    cost = costs(["exactly-once"], LANES, 10.0)["exactly-once"]
    assert cost is not None
    assert cost.throughput_eps == 50.0
    assert (cost.times_throughput, cost.times_p50, cost.times_p99) == (0.5, 50.0, 50.0)
    assert (cost.lost, cost.duplicates) == (0, 2)


def test_the_reference_is_once_itself() -> None:
    cost = costs(["at-most-once"], LANES, 10.0)["at-most-once"]
    assert cost is not None
    assert (cost.times_throughput, cost.times_p50, cost.lost) == (1.0, 1.0, 7)


def test_without_the_reference_nothing_is_relative() -> None:
    cost = costs(["exactly-once"], {"exactly-once": LANES["exactly-once"]}, 10.0)["exactly-once"]
    assert cost is not None
    assert cost.times_throughput is cost.times_p50 is cost.times_p99 is None


def test_a_lane_that_was_not_there_or_did_nothing_has_no_cost() -> None:
    assert costs(["cross-system", "at-least-once"], LANES, 10.0) == {
        "cross-system": None,
        "at-least-once": None,
    }
    assert costs(["at-most-once"], LANES, 0.0) == {"at-most-once": None}
