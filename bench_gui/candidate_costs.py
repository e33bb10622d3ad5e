"""What each lane that one may choose from costs, as a run showed it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bench_gui.bench.snapshot import LaneSnapshot
from bench_gui.decide import REFERENCE


@dataclass(frozen=True, slots=True)
class Cost:
    """One lane of one run.

    Fields:
        throughput_eps: distinct events delivered per second of the sources' time.
        latency_p50_ns, latency_p99_ns: from due time; None before an effect.
        lost, duplicates: events.
        times_throughput, times_p50, times_p99: as multiples of the reference's of the same run;
            None where that is not known.
    """

    throughput_eps: float
    latency_p50_ns: int | None
    latency_p99_ns: int | None
    lost: int
    duplicates: int
    times_throughput: float | None
    times_p50: float | None
    times_p99: float | None


def costs(
    slugs: Iterable[str], lanes: Mapping[str, LaneSnapshot], sources_s: float
) -> dict[str, Cost | None]:
    """The cost of each lane, None of one that was not in the run or has delivered nothing.

    Args:
        lanes: of the run, by slug. sources_s: for how long its sources have run.
    """
    reference = lanes.get(REFERENCE)
    return {slug: _cost(lanes.get(slug), reference, sources_s) for slug in slugs}


def _cost(
    lane: LaneSnapshot | None, reference: LaneSnapshot | None, sources_s: float
) -> Cost | None:
    if lane is None or sources_s <= 0 or not lane.counts.delivered_unique:
        return None
    counts, first = lane.counts, reference
    return Cost(
        counts.delivered_unique / sources_s,
        lane.latency_p50_ns,
        lane.latency_p99_ns,
        counts.lost,
        counts.duplicates,
        _times(counts.delivered_unique, first.counts.delivered_unique if first else None),
        _times(lane.latency_p50_ns, first.latency_p50_ns if first else None),
        _times(lane.latency_p99_ns, first.latency_p99_ns if first else None),
    )


def _times(value: int | None, reference: int | None) -> float | None:
    return value / reference if value and reference else None
