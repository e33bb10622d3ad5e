"""One measured run of one lane: what was planned and what came out. Pure.

The measured window is what lies between the warm-up's end and the sources' end, in whole buckets of
the time series. Throughput, CPU and bytes are differences between its two edges.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from bench_gui.bench.measure.settings import Condition
from bench_gui.bench.records.results import SummaryRow
from bench_gui.bench.snapshot import LaneSample, RunState, Verdict
from workers.time_units import SECOND_NS

US_PER_S = 1e6
GROWTH_MARGIN = 0.01
GROWTH_LEAST_S = 0.1
"""By how much the number in flight may grow while a lane still keeps up: of what was offered in the
window, and at the least what is offered in this time, which a commit interval may hold back."""
P99_BOUND_NS = SECOND_NS
"""A lane whose p99 is above this does not keep up either, whatever its throughput."""


@dataclass(frozen=True, slots=True)
class PlannedCell:
    """A run to come.

    Fields:
        round: from 1; 0 for a warm-up, which is not counted.
        value: of the sweep, as text; None without one.
    """

    round: int
    lane: str
    condition: Condition
    value: str | None = None


@dataclass(frozen=True, slots=True)
class CellResult:
    """One counted run. The fields are the columns of measure_rounds.csv, in their order.

    Fields:
        cell: number in the order of running, from 1.
        round: from 1.
        faults: the value of a Condition.
        sweep, value: the knob and its value as text; "" without a sweep.
        rate_target_eps: None for a closed loop.
        state: how the run ended, the value of a RunState; figures count if it is "complete".
        verdict: of the whole run, the value of a Verdict.
        problem: one sentence when the run failed, its counts disagree or its lane is BROKEN; "".
        measured_s: length of the measured window.
        offered, delivered: events within the window.
        in_flight_growth: events in flight at the window's end more than at its beginning, by the
            medians over its first and its last third.
        throughput_eps: delivered / measured_s; in an open loop of no more than was offered, since
            what is delivered beyond that was offered before the window.
        latency_*_ns: percentiles of the histogram of all events due within the window; None
            without an event.
        cpu_us_per_event: CPU time of producers and consumers in the window / delivered.
        written_bytes_per_event: handed to the system to write in the window / delivered; None where
            the system does not tell.
        kills, lost, duplicates: of the whole run, the part cut off too.
    """

    cell: int
    round: int
    lane: str
    faults: str
    sweep: str
    value: str
    rate_target_eps: int | None
    seed: int
    state: str
    verdict: str
    problem: str
    measured_s: float
    offered: int
    delivered: int
    in_flight_growth: int
    throughput_eps: float | None
    latency_p50_ns: int | None
    latency_p90_ns: int | None
    latency_p99_ns: int | None
    latency_p999_ns: int | None
    latency_max_ns: int | None
    cpu_us_per_event: float | None
    written_bytes_per_event: float | None
    kills: int
    lost: int
    duplicates: int

    @property
    def condition(self) -> Condition:
        """With faults or without."""
        return Condition(self.faults)

    @property
    def counts(self) -> bool:
        """Whether its figures may be used: the run came to its final count."""
        return self.state == RunState.COMPLETE.value

    @property
    def fine(self) -> bool:
        """Whether nothing is wrong with it."""
        return self.counts and not self.problem

    @property
    def keeps_up(self) -> bool:
        """Whether the lane took in what it was offered: nothing piled up, and p99 is bounded."""
        offered_eps = self.offered / self.measured_s if self.measured_s else 0.0
        margin = max(GROWTH_MARGIN * self.offered, GROWTH_LEAST_S * offered_eps)
        grew = self.in_flight_growth > margin
        late = self.latency_p99_ns is not None and self.latency_p99_ns > P99_BOUND_NS
        return self.counts and self.delivered > 0 and not grew and not late


@dataclass(frozen=True, slots=True)
class Window:
    """Between two moments of a lane's time series; differences, but for the length and growth."""

    length_s: float = 0.0
    offered: int = 0
    delivered: int = 0
    in_flight_growth: int = 0
    cpu_s: float = 0.0
    written_bytes: int | None = None

    def throughput_eps(self, *, open_loop: bool) -> float | None:
        """None of an empty window.

        In an open loop a backlog that the window brought in and worked off is not its own work: it
        counts no more events than were offered in it. A closed loop offers what is taken in.
        """
        if self.length_s <= 0:
            return None
        own = min(self.delivered, self.offered) if open_loop else self.delivered
        return own / self.length_s

    @property
    def cpu_us_per_event(self) -> float | None:
        """None when nothing was delivered."""
        return self.cpu_s * US_PER_S / self.delivered if self.delivered else None

    @property
    def written_bytes_per_event(self) -> float | None:
        """None when nothing was delivered or the system does not tell."""
        if self.written_bytes is None or not self.delivered:
            return None
        return self.written_bytes / self.delivered


def window_of(samples: Sequence[LaneSample], from_s: float, until_s: float) -> Window:
    """What happened from the sample nearest to `from_s` to the last by `until_s`.

    Nothing after `until_s`, since what a lane does in the drain is not told by its throughput.

    Args:
        samples: of one lane, in time order; their buckets lie end to end.
    """
    places = range(len(samples))
    first = min(places, key=lambda place: abs(samples[place].t_s - from_s), default=0)
    last = sum(sample.t_s <= until_s for sample in samples) - 1
    if last <= first:
        return Window()
    begin, end = samples[first], samples[last]
    edges_s = [sample.t_s for sample in samples[first : last + 1]]
    within = samples[first + 1 : last + 1]
    buckets_s = [after - before for before, after in pairwise(edges_s)]
    written = (begin.written_total_bytes, end.written_total_bytes)
    return Window(
        length_s=end.t_s - begin.t_s,
        offered=_total([sample.offered_eps for sample in within], buckets_s),
        delivered=_total([sample.delivered_eps for sample in within], buckets_s),
        in_flight_growth=_growth([sample.in_flight for sample in samples[first : last + 1]]),
        cpu_s=end.cpu_total_s - begin.cpu_total_s,
        written_bytes=None if written[0] is None or written[1] is None else written[1] - written[0],
    )


def _growth(in_flight: Sequence[int]) -> int:
    """From the first to the last, told by medians: what is in flight goes up and down with commits.

    From the middle of the first third to that of the last, and as much more for the whole.
    """
    steps, third = len(in_flight) - 1, max(1, len(in_flight) // 3)
    grew = median(in_flight[-third:]) - median(in_flight[:third])
    return round(grew * steps / (steps + 1 - third))


def _total(rates_eps: Sequence[float], buckets_s: Sequence[float]) -> int:
    return round(sum(eps * s for eps, s in zip(rates_eps, buckets_s, strict=True)))


def result_of(
    number: int,
    plan: PlannedCell,
    sweep: str,
    row: SummaryRow,
    window: Window,
    state: RunState,
    problem: str,
) -> CellResult:
    """A finished run as one cell. `problem`: one sentence, or ""."""
    if not problem and row.verdict == Verdict.BROKEN.value:
        problem = f"{row.lane} is BROKEN: {row.lost:,} lost, {row.duplicates:,} duplicates"
    return CellResult(
        cell=number,
        round=plan.round,
        lane=plan.lane,
        faults=plan.condition.value,
        sweep=sweep,
        value=plan.value or "",
        rate_target_eps=row.rate_target_eps,
        seed=row.seed,
        state=state.value,
        verdict=row.verdict,
        problem=problem,
        measured_s=window.length_s,
        offered=window.offered,
        delivered=window.delivered,
        in_flight_growth=window.in_flight_growth,
        throughput_eps=window.throughput_eps(open_loop=row.rate_target_eps is not None),
        latency_p50_ns=row.latency_p50_ns,
        latency_p90_ns=row.latency_p90_ns,
        latency_p99_ns=row.latency_p99_ns,
        latency_p999_ns=row.latency_p999_ns,
        latency_max_ns=row.latency_max_ns,
        cpu_us_per_event=window.cpu_us_per_event,
        written_bytes_per_event=window.written_bytes_per_event,
        kills=row.kills_producer + row.kills_consumer,
        lost=row.lost,
        duplicates=row.duplicates,
    )
