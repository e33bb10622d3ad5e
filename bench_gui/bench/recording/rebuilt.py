"""Frames made up from the samples, faults and results of a run that was not recorded.

Coarser than a recording: one frame a bucket of the time series, faults as they were known at the
end, and counts that the samples do not tell are those of the end, in proportion.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import fields, replace

from bench_gui.bench.recording.about import About
from bench_gui.bench.recording.about_run import about
from bench_gui.bench.recording.rebuilt_lane import RebuiltLane
from bench_gui.bench.records.results import SummaryRow
from bench_gui.bench.records.run_tables import Row
from bench_gui.bench.records.stored_run import StoredRun
from bench_gui.bench.snapshot import (
    LaneCounts,
    LaneSample,
    LaneSnapshot,
    RunSnapshot,
    RunState,
    Verdict,
    WorkerState,
)
from workers.time_units import SECOND_NS

ESTIMATED = (
    "this run was not recorded: rebuilt from its samples in larger steps; "
    "what they do not count is estimated"
)
RESULTS = "this run was not recorded: rebuilt from its samples, with its results at the end"

COUNTS = tuple(field.name for field in fields(LaneCounts))


class RebuiltFilm:
    """Made up as it is asked for."""

    def __init__(self, run: StoredRun) -> None:
        self.about: About = about(run, coarse=True)
        self._run = run
        self._samples = sorted(run.samples(), key=lambda one: one.t_s)
        self._sampled_s = [one.t_s for one in self._samples]
        self._faults = sorted(run.faults(), key=lambda one: one.t_s)
        self._faults_s = [one.t_s for one in self._faults]
        self._results = {row.lane: row for row in run.summary()}
        self._lanes = {row["slug"]: row for row in run.lanes()}
        self._start_ns = int(run.columns["start_ns"] or 0)
        moments = sorted(set(self._sampled_s)) or [0.0]
        self._end_s = max(moments[-1], self._faults_s[-1] if self._faults_s else 0.0)
        self.times_s: Sequence[float] = [*moments, self._end_s]
        processes = run.incarnations()
        self._rebuilt = {slug: self._rebuilt_lane(slug, processes) for slug in self._lanes}

    def _rebuilt_lane(self, slug: str, processes: list[Row]) -> RebuiltLane:
        return RebuiltLane(
            (one for one in self._samples if one.lane == slug),
            (one for one in self._faults if one.lane == slug),
            (row for row in processes if row["lane"] == slug),
            self._start_ns,
        )

    def read(self, after: int, upto: int) -> RunSnapshot:
        """See `Film`."""
        t_s = self.times_s[upto]
        since_s = self.times_s[after] if after >= 0 else float("-inf")
        samples = self._samples[
            bisect_right(self._sampled_s, since_s) : bisect_right(self._sampled_s, t_s)
        ]
        faults = self._faults[
            bisect_right(self._faults_s, since_s) : bisect_right(self._faults_s, t_s)
        ]
        shown = self.at(t_s, ended=upto == len(self.times_s) - 1)
        return replace(shown, samples=tuple(samples), faults=tuple(faults))

    def at(self, t_s: float, *, ended: bool) -> RunSnapshot:
        """The run at a moment, or at its end, without what is new."""
        t_s = self._end_s if ended else t_s
        return RunSnapshot(
            run_id=self.about.run_id,
            state=self._state(t_s, ended),
            t_s=t_s,
            seed=self.about.settings.seed,
            lanes={slug: self._lane(slug, t_s, ended) for slug in self._lanes},
            disagreement=self._run.disagreement if ended else None,
            message=self._message(ended),
            ran_s=self._ran_s(t_s, ended),
        )

    def whole_before(self, number: int) -> int:
        """See `Film`."""
        return number

    def close(self) -> None:
        """Closes the database."""
        self._run.close()

    def _state(self, t_s: float, ended: bool) -> RunState:
        if ended:
            state = self.about.state
            return state if state.ended else RunState.CUT_OFF
        sources_s = self.about.settings.duration_s
        return RunState.RUNNING if t_s < sources_s else RunState.DRAINING

    def _ran_s(self, t_s: float, ended: bool) -> float:
        results = list(self._results.values())
        if ended and results:
            return results[0].duration_s
        return max(0.0, min(t_s, self.about.settings.duration_s))

    def _message(self, ended: bool) -> str:
        if ended and self.about.cut_off is not None:
            return self.about.cut_off
        return RESULTS if ended else ESTIMATED

    def _lane(self, slug: str, t_s: float, ended: bool) -> LaneSnapshot:
        row, result = self._lanes[slug], self._results.get(slug)
        rebuilt = self._rebuilt[slug]
        rebuilt.go_to(t_s)
        sample = rebuilt.sample
        verdict = Verdict(row["verdict"]) if ended and row["verdict"] else Verdict.PENDING
        shown = LaneSnapshot(
            slug=slug,
            counts=_counts(result, sample, 1.0 if ended else self._share(t_s)),
            lag=sample.lag if sample is not None and not ended else 0,
            delivered_eps=sample.delivered_eps if sample is not None else 0.0,
            latency_p50_ns=sample.latency_p50_ns if sample is not None else None,
            latency_p99_ns=sample.latency_p99_ns if sample is not None else None,
            latency_max_ns=sample.latency_max_ns if sample is not None else None,
            workers=self._workers(rebuilt, t_s, ended),
            faults_in_window=rebuilt.tally.in_window,
            verdict=verdict,
            verdict_reason=str(row["reason"] or "") if ended else "",
            faults=rebuilt.tally.totals(),
        )
        return _at_the_end(shown, result) if ended and result is not None else shown

    def _share(self, t_s: float) -> float:
        """How much of the run is over, 0 to 1."""
        return min(1.0, max(0.0, t_s / self._end_s)) if self._end_s > 0 else 1.0

    def _workers(self, rebuilt: RebuiltLane, t_s: float, ended: bool) -> tuple[WorkerState, ...]:
        """The newest process of each slot by then."""
        now_ns = self._start_ns + int(t_s * SECOND_NS)
        slots = rebuilt.slots.values()
        ordered = sorted(slots, key=lambda row: (row["role"] != "producer", row["slot"]))
        return tuple(_worker(row, now_ns, ended) for row in ordered)


def _worker(row: Row, now_ns: int, ended: bool) -> WorkerState:
    gone = ended or (row["ended_ns"] is not None and row["ended_ns"] <= now_ns)
    finished = gone and row["fault_id"] is None
    state = "up" if not gone else "finished" if finished else "down"
    pid = None if gone else row["pid"]
    return WorkerState(row["role"], row["slot"], row["generation"], pid, state, "")


def _counts(result: SummaryRow | None, sample: LaneSample | None, share: float) -> LaneCounts:
    """What the sample tells as it tells it, the rest in proportion to the end."""
    final = {name: getattr(result, name, 0) for name in COUNTS} if result is not None else {}
    counts = LaneCounts(**{name: round(value * share) for name, value in final.items()})
    if sample is None or share >= 1.0:
        return counts
    lost, before = sample.lost_total, final.get("lost_before_log", 0)
    lost_before = min(lost, before)
    return replace(
        counts,
        lost_before_log=lost_before,
        lost_after_log=lost - lost_before,
        duplicates=sample.duplicates_total,
        suppressed=sample.suppressed_total,
        in_flight=sample.in_flight,
    )


def _at_the_end(lane: LaneSnapshot, result: SummaryRow) -> LaneSnapshot:
    return replace(
        lane,
        latency_p50_ns=result.latency_p50_ns,
        latency_p90_ns=result.latency_p90_ns,
        latency_p99_ns=result.latency_p99_ns,
        latency_p999_ns=result.latency_p999_ns,
        latency_max_ns=result.latency_max_ns,
        faults_in_window=result.faults_in_window,
        blocked_ms=result.blocked_ms,
        blocked_max_ms=result.blocked_max_ms,
        since_append_p50_ns=result.since_append_p50_ns,
        since_append_p99_ns=result.since_append_p99_ns,
        since_append_max_ns=result.since_append_max_ns,
    )
