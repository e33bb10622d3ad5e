"""What a picture of a run is drawn from: plain values, wherever they were read. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from bench_gui.bench.faults import PAUSE
from bench_gui.bench.snapshot import FaultReport, LaneCounts, LaneSample, Verdict
from bench_gui.run_drawing.outages import ENDING, Seen, Stretch, outages_of

SIGNS = {
    Verdict.PENDING: "",
    Verdict.HOLDS: "\N{CHECK MARK}",
    Verdict.BROKEN: "\N{MULTIPLICATION X}",
    Verdict.NOT_TESTED: "?",
}
"""Beside a verdict's word."""


@dataclass(frozen=True, slots=True)
class Series:
    """A lane's time series; every sequence has one value a sample, NaN where there is none.

    Fields:
        t_s: ascending, seconds since the run's start.
        lost, duplicates, lag: since the start, and now.
    """

    t_s: Sequence[float] = ()
    offered_eps: Sequence[float] = ()
    delivered_eps: Sequence[float] = ()
    p50_ns: Sequence[float] = ()
    p99_ns: Sequence[float] = ()
    lost: Sequence[float] = ()
    duplicates: Sequence[float] = ()
    lag: Sequence[float] = ()
    blocked_ms_per_s: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Marks:
    """What befell a lane's processes.

    Fields:
        kills: when a process ended. pauses: while one stood still.
        outages: while a role had no working process.
    """

    kills: tuple[float, ...] = ()
    pauses: tuple[Stretch, ...] = ()
    outages: tuple[Stretch, ...] = ()


@dataclass(frozen=True, slots=True)
class LanePicture:
    """One lane.

    Fields:
        verdict, reason: as the bench says them; PENDING before the final count.
        latency_*_ns: over the whole run, None before an effect.
    """

    slug: str
    counts: LaneCounts
    verdict: Verdict
    reason: str
    latency_p50_ns: int | None = None
    latency_p99_ns: int | None = None
    series: Series = field(default_factory=Series)
    marks: Marks = field(default_factory=Marks)


@dataclass(frozen=True, slots=True)
class RunPicture:
    """The run.

    Fields:
        heading: what was asked for, in a line. scenario: its title, or "".
        state: the run's state in a word.
        labels: what must be known to read it rightly: "play-back", "cut off".
        from_s, to_s: the stretch of time that the charts show, from_s < to_s.
    """

    run_id: str
    seed: int
    heading: str
    scenario: str
    state: str
    labels: tuple[str, ...]
    from_s: float
    to_s: float
    lanes: tuple[LanePicture, ...]

    def of_lanes(self, slugs: Iterable[str]) -> RunPicture:
        """The same with these lanes alone."""
        wanted = set(slugs)
        return replace(self, lanes=tuple(lane for lane in self.lanes if lane.slug in wanted))

    @property
    def verdicts(self) -> str:
        """Every lane's verdict in a line."""
        return " · ".join(f"{lane.slug} {word_of(lane.verdict)}" for lane in self.lanes)


def word_of(verdict: Verdict) -> str:
    """The verdict as a reader meets it."""
    return "pending" if verdict is Verdict.PENDING else verdict.value


def series_of(samples: Iterable[LaneSample]) -> Series:
    """The series of one lane's samples, in time order."""
    found = list(samples)
    ends = [0.0, *(sample.t_s for sample in found)]
    buckets = [max(now - before, 1e-9) for before, now in pairwise(ends)]
    return Series(
        t_s=[one.t_s for one in found],
        offered_eps=[one.offered_eps for one in found],
        delivered_eps=[one.delivered_eps for one in found],
        p50_ns=[_or_nan(one.latency_p50_ns) for one in found],
        p99_ns=[_or_nan(one.latency_p99_ns) for one in found],
        lost=[float(one.lost_total) for one in found],
        duplicates=[float(one.duplicates_total) for one in found],
        lag=[float(one.lag) for one in found],
        blocked_ms_per_s=[
            one.blocked_ms / bucket for one, bucket in zip(found, buckets, strict=True)
        ],
    )


def _or_nan(value: int | None) -> float:
    return math.nan if value is None else float(value)


def marks_of(
    faults: Iterable[FaultReport], slots: Mapping[str, int], now_s: float, seen: Seen
) -> Marks:
    """When processes of one lane were hit; a fault that hit nothing leaves no mark.

    Args:
        slots: how many a role has. now_s: until when a slot that has not recovered is empty.
        seen: what the lane's samples found.
    """
    hits = [fault for fault in faults if fault.pid is not None]
    pauses = [fault for fault in hits if fault.kind == PAUSE and fault.t_s < now_s]
    return Marks(
        kills=tuple(fault.t_s for fault in hits if fault.kind in ENDING),
        pauses=tuple((one.t_s, min(one.t_s + one.paused_ns / 1e9, now_s)) for one in pauses),
        outages=tuple(outages_of(hits, slots, seen, now_s)),
    )
