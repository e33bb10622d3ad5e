"""Gathers what run.db says about one event. Read only, also while the bench writes it."""

from __future__ import annotations

from collections.abc import Iterable

from bench_gui.bench.lifeline.evidence import RunEvidence
from bench_gui.bench.lifeline.model import EventId, NothingToExplain
from bench_gui.bench.records.stored_processes import processes_of
from bench_gui.bench.records.stored_run import StoredRun
from bench_gui.bench.snapshot import AnomalyRange, RunState
from workers.events import Timetable
from workers.lanes import Lane, lane_of
from workers.time_units import SECOND_NS


def lane_in(run: StoredRun, slug: str) -> Lane:
    """The lane, if it is one of the run's. Raises NothingToExplain."""
    slugs = [lane["slug"] for lane in run.lanes()]
    if slug not in slugs:
        raise NothingToExplain(f"the run has no lane {slug!r}; its lanes are {', '.join(slugs)}")
    return lane_of(slug)


def gather(run: StoredRun, slug: str, event: EventId, *, now_ns: int) -> RunEvidence:
    """Everything run.db says about the event.

    Args:
        now_ns: monotonic nanoseconds; what is due by then exists, while the run goes on.

    Raises:
        NothingToExplain: the run has no such lane or slot.
        EnvironmentProblem: run.db cannot be read.
    """
    lane = lane_in(run, slug)
    timetable = _timetable(run, event.slot)
    due_ns = None
    if timetable.rate_eps is not None:
        due_ns = timetable.due_ns(event.slot, event.sequence)
    return RunEvidence(
        run_id=run.run_id,
        lane=lane,
        event=event,
        start_ns=timetable.start_ns,
        due_ns=due_ns,
        existed=None if due_ns is None else _existed(run, due_ns, now_ns),
        complete=_is_complete(run, slug),
        processes=processes_of(run, slug),
        faults={fault.fault_id: fault for fault in run.faults() if fault.lane == slug},
        marks=tuple(run.marks(slug)),
        anomalies=tuple(_holding(run.anomalies(), slug, event)),
        pause_ms=run.settings.pause_ms,
    )


def _timetable(run: StoredRun, slot: int) -> Timetable:
    columns = run.columns
    if slot >= columns["producers"]:
        slots = "is 0" if columns["producers"] == 1 else f"are 0 to {columns['producers'] - 1}"
        raise NothingToExplain(f"there is no source slot {slot}; the run's {slots}")
    return Timetable(columns["start_ns"], columns["rate_eps"], columns["producers"])


def _existed(run: StoredRun, due_ns: int, now_ns: int) -> bool | None:
    """Whether it was due before the sources ended; None where only the lane's files can tell.

    While a run goes on its sources' end is a plan, and of a run cut off the last sample is the last
    moment that is known for certain.
    """
    end_ns: int | None = run.columns["sources_end_ns"]
    if end_ns is not None and due_ns >= end_ns:
        return False
    return True if due_ns < _known_until_ns(run, end_ns, now_ns) else None


def _known_until_ns(run: StoredRun, end_ns: int | None, now_ns: int) -> int:
    state, start_ns = run.state, int(run.columns["start_ns"])
    if state is RunState.COMPLETE:
        return start_ns if end_ns is None else end_ns
    if not state.ended:
        return start_ns if end_ns is None else now_ns
    last_s = max((sample.t_s for sample in run.samples()), default=0.0)
    return start_ns + int(last_s * SECOND_NS)


def _is_complete(run: StoredRun, slug: str) -> bool:
    rows = [row for row in run.summary() if row.lane == slug]
    return run.state is RunState.COMPLETE and bool(rows) and rows[0].in_flight == 0


def _holding(
    anomalies: Iterable[AnomalyRange], slug: str, event: EventId
) -> Iterable[AnomalyRange]:
    return (
        anomaly
        for anomaly in anomalies
        if anomaly.lane == slug
        and anomaly.slot == event.slot
        and anomaly.first_sequence <= event.sequence <= anomaly.last_sequence
    )
