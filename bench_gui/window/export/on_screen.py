"""The run as it stands on the screen, as a picture's values. Knows no Qt."""

from __future__ import annotations

import numpy as np

from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import LaneSnapshot, RunSnapshot, RunState
from bench_gui.run_drawing.picture import LanePicture, RunPicture, Series, marks_of
from bench_gui.run_drawing.words import heading_of
from bench_gui.window.export.fault_book import FaultBook
from bench_gui.window.marks import seen_in
from bench_gui.window.run_model import LaneModel, RunModel
from bench_gui.window.series import Array, Column

SHORTEST_S = 0.5
Stretch = tuple[float, float]


def picture_on_screen(
    model: RunModel,
    settings: RunSettings,
    faults: FaultBook,
    *,
    scenario: str = "",
    badge: str = "",
    stretch: Stretch | None = None,
) -> RunPicture | None:
    """What is shown now; None before there is anything.

    Args:
        scenario: its title. badge: what marks a recorded run.
        stretch: of time, seconds since the start; None for everything up to what is shown.
    """
    shown = model.shown
    if shown is None:
        return None
    from_s, to_s = stretch or (0.0, max(shown.t_s, SHORTEST_S))
    lanes = [
        _lane(shown.lanes[slug], lane, faults, settings, max(shown.t_s, 0.0))
        for slug, lane in model.lanes.items()
        if slug in shown.lanes
    ]
    return RunPicture(
        run_id=shown.run_id,
        seed=shown.seed,
        heading=heading_of(settings),
        scenario=scenario,
        state=shown.state.value,
        labels=_labels(model, shown, badge),
        from_s=from_s,
        to_s=max(to_s, from_s + SHORTEST_S),
        lanes=tuple(lanes),
    )


def _labels(model: RunModel, shown: RunSnapshot, badge: str) -> tuple[str, ...]:
    """What must be known to read the picture rightly."""
    labels = [badge] if badge else []
    if shown.state in {RunState.CUT_OFF, RunState.FAILED}:
        labels.append(shown.state.value)
    held_s = model.timeline.held_s
    if held_s is not None:
        labels.append(f"held at {held_s:.1f} s")
    elif not shown.state.ended:
        labels.append(f"still running, {max(shown.t_s, 0.0):.1f} s")
    if shown.disagreement is not None:
        labels.append("the counts disagree")
    return tuple(labels)


def _lane(
    shown: LaneSnapshot, lane: LaneModel, faults: FaultBook, settings: RunSettings, now_s: float
) -> LanePicture:
    slots = {"producer": settings.producers, "consumer": settings.consumers}
    known = _known(lane.history.view(), now_s)
    hits = faults.until(shown.slug, now_s)
    return LanePicture(
        slug=shown.slug,
        counts=shown.counts,
        verdict=shown.verdict,
        reason=shown.verdict_reason,
        latency_p50_ns=shown.latency_p50_ns,
        latency_p99_ns=shown.latency_p99_ns,
        series=_series(known),
        marks=marks_of(hits, slots, now_s, seen_in(known, lane.sources_end_s)),
    )


def _known(view: Array, now_s: float) -> Array:
    """What had been sampled by then."""
    return view[:, : int(np.searchsorted(view[Column.T_S], now_s, side="right"))]


def _series(known: Array) -> Series:
    column = {one: known[one].tolist() for one in Column}
    return Series(
        t_s=column[Column.T_S],
        offered_eps=column[Column.OFFERED_EPS],
        delivered_eps=column[Column.DELIVERED_EPS],
        p50_ns=(10.0 ** known[Column.P50_LOG_NS]).tolist(),
        p99_ns=(10.0 ** known[Column.P99_LOG_NS]).tolist(),
        lost=column[Column.LOST],
        duplicates=column[Column.DUPLICATES],
        lag=column[Column.LAG],
        blocked_ms_per_s=column[Column.BLOCKED_MS_PER_S],
    )
