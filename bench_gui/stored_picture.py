"""A run's picture from its run.db, after the run or when it was cut off. Knows no Qt."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from bench_gui.bench.records.results import COUNTED, SummaryRow
from bench_gui.bench.records.stored_run import StoredRun
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import FaultReport, LaneCounts, LaneSample, RunState, Verdict
from bench_gui.run_drawing.outages import Seen
from bench_gui.run_drawing.picture import LanePicture, Marks, RunPicture, marks_of, series_of
from bench_gui.run_drawing.words import heading_of

SHORTEST_S = 0.5

Of = TypeVar("Of", LaneSample, FaultReport)


def stored_picture(run: StoredRun) -> RunPicture:
    """Everything that was recorded, from the run's start to its last sample."""
    settings, samples, faults = run.settings, run.samples(), run.faults()
    rows = {row.lane: row for row in run.summary()}
    words = {lane["slug"]: lane for lane in run.lanes()}
    end_s = max([SHORTEST_S, *(sample.t_s for sample in samples)])
    cut_off = run.state is not RunState.COMPLETE
    return RunPicture(
        run_id=run.run_id,
        seed=settings.seed,
        heading=heading_of(settings),
        scenario="",
        state=run.state.value,
        labels=(run.state.value,) if cut_off else (),
        from_s=0.0,
        to_s=end_s,
        lanes=lane_pictures(settings, rows, words, samples, faults, end_s, _sources_end_s(run)),
    )


def lane_pictures(
    settings: RunSettings,
    rows: Mapping[str, SummaryRow],
    words: Mapping[str, Mapping[str, str | None]],
    samples: Sequence[LaneSample],
    faults: Sequence[FaultReport],
    end_s: float,
    sources_end_s: float = math.inf,
) -> tuple[LanePicture, ...]:
    """Every lane in display order.

    Args:
        rows: results by slug, of those lanes that have one. words: verdict and reason by slug.
        end_s: until when the series go. sources_end_s: when the sources ended.
    """
    by_lane, hit = _by_lane(samples), _by_lane(faults)
    slots = {"producer": settings.producers, "consumer": settings.consumers}
    return tuple(
        _lane_picture(
            slug,
            rows.get(slug),
            words.get(slug, {}),
            by_lane[slug],
            marks_of(hit[slug], slots, end_s, _seen(by_lane[slug], sources_end_s)),
        )
        for slug in settings.lanes
    )


def _sources_end_s(run: StoredRun) -> float:
    """Seconds since the run's start; infinite before they have begun."""
    start_ns, end_ns = run.columns["start_ns"], run.columns["sources_end_ns"]
    return math.inf if start_ns is None or end_ns is None else (end_ns - start_ns) / 1e9


def _seen(samples: Sequence[LaneSample], sources_end_s: float) -> Seen:
    return Seen(
        [one.t_s for one in samples],
        [one.producers_up for one in samples],
        [one.consumers_up for one in samples],
        sources_end_s,
    )


def _by_lane(found: Iterable[Of]) -> Mapping[str, list[Of]]:
    lanes: dict[str, list[Of]] = defaultdict(list)
    for one in found:
        lanes[one.lane].append(one)
    return lanes


def _lane_picture(
    slug: str,
    row: SummaryRow | None,
    said: Mapping[str, str | None],
    samples: Sequence[LaneSample],
    marks: Marks,
) -> LanePicture:
    return LanePicture(
        slug=slug,
        counts=_counts(row, samples),
        verdict=_verdict(said.get("verdict")),
        reason=said.get("reason") or "",
        latency_p50_ns=None if row is None else row.latency_p50_ns,
        latency_p99_ns=None if row is None else row.latency_p99_ns,
        series=series_of(samples),
        marks=marks,
    )


def _counts(row: SummaryRow | None, samples: Sequence[LaneSample]) -> LaneCounts:
    """The result's, or as far as the last sample tells."""
    if row is not None:
        return LaneCounts(**{name: getattr(row, name) for name in COUNTED if name != "lost"})
    if not samples:
        return LaneCounts()
    last = samples[-1]
    return LaneCounts(
        lost_after_log=last.lost_total,
        duplicates=last.duplicates_total,
        suppressed=last.suppressed_total,
        in_flight=last.in_flight,
    )


def _verdict(value: str | None) -> Verdict:
    """Before the final count a lane has none."""
    return Verdict.PENDING if value is None else Verdict(value)
