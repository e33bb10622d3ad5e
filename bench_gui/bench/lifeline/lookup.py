"""The life of one event, and the events of one fault, from a run's directory. Read only.

Works on a finished run, on one that goes on, and on one that was cut off. Without the lanes' own
databases it tells what run.db alone knows.
"""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

from bench_gui.bench.lifeline import lane_reading, run_reading
from bench_gui.bench.lifeline.entries import entries_of
from bench_gui.bench.lifeline.evidence import Evidence, LaneEvidence, RunEvidence
from bench_gui.bench.lifeline.fate import FATE_OF_ANOMALY, judge
from bench_gui.bench.lifeline.model import (
    EventId,
    FaultEvents,
    Lifeline,
    NothingToExplain,
)
from bench_gui.bench.plan import lane_directory
from bench_gui.bench.records.lane_file import require_files
from bench_gui.bench.records.removed_rows import removed_below
from bench_gui.bench.records.stored_run import StoredRun
from workers.files import LaneFiles

NOT_KEPT = "the lanes' databases were not kept (--keep-data), so this is what run.db alone knows"
REMOVED = "rows of this event were removed (--retention), so this is what run.db alone knows"

WORST_FIRST = {kind: rank for rank, (kind, _) in enumerate(FATE_OF_ANOMALY)}


def lifeline_of(
    run_dir: Path, lane: str, slot: int, sequence: int, *, now_ns: int | None = None
) -> Lifeline:
    """The life of event (slot, sequence) in one lane of the run.

    Args:
        lane: its slug.
        now_ns: monotonic nanoseconds; None: now.

    Raises:
        NothingToExplain: the run has no such lane, or the event never existed.
        EnvironmentProblem: `run_dir` holds no run, or a file cannot be read.
    """
    event = EventId(slot, sequence)
    with closing(StoredRun(run_dir)) as stored:
        now_ns = time.monotonic_ns() if now_ns is None else now_ns
        run = run_reading.gather(stored, lane, event, now_ns=now_ns)
        notes = [stored.cut_off] if stored.cut_off is not None else []
    files = LaneFiles(lane_directory(run_dir, lane))
    found = None
    if files.clicks.is_file():
        require_files(run.lane, files)
        found = lane_reading.gather(run.lane, files, event, run.processes)
        if sequence < removed_below(files, slot):
            found = None
            notes.append(REMOVED)
    else:
        notes.append(NOT_KEPT)
    if REMOVED not in notes:
        _check_existence(run, found)
    return _lifeline(Evidence(run, found), tuple(notes))


def _lifeline(evidence: Evidence, notes: tuple[str, ...]) -> Lifeline:
    run, judgement = evidence.run, judge(evidence)
    return Lifeline(
        run_id=run.run_id,
        lane=run.lane.slug,
        event=run.event,
        entries=entries_of(evidence, judgement),
        fate=judgement.fate,
        fault_ids=judgement.fault_ids,
        sentence=judgement.sentence,
        notes=notes,
    )


def _check_existence(run: RunEvidence, lane: LaneEvidence | None) -> None:
    """Raises NothingToExplain for an event that nothing knows of."""
    mentioned = bool(run.anomalies) or (lane is not None and not lane.nothing)
    if run.existed or mentioned:
        return
    raise NothingToExplain(f"event {run.event} of lane {run.lane.slug} {_missing(run)}")


def _missing(run: RunEvidence) -> str:
    if run.due_ns is None:
        return "never existed, as far as the run's records tell"
    if run.existed is None:
        return "is not due yet, or the run was cut off before"
    last = (run.due_ns - run.start_ns) / 1e9
    return f"never existed: it would have been due at {last:,.3f} s, after the sources had ended"


def events_of_fault(run_dir: Path, fault_id: int) -> FaultEvents:
    """Which events a fault harmed, as far as the auditor has told, and one of them to show.

    Raises:
        NothingToExplain: the run has no such fault.
        EnvironmentProblem: `run_dir` holds no run, or it cannot be read.
    """
    with closing(StoredRun(run_dir)) as stored:
        faults = {fault.fault_id: fault for fault in stored.faults()}
        ranges = [anomaly for anomaly in stored.anomalies() if anomaly.fault_id == fault_id]
    if fault_id not in faults:
        known = f"they are 1 to {max(faults)}" if faults else "it has none"
        raise NothingToExplain(f"the run has no fault {fault_id}; {known}")
    ranges.sort(key=lambda anomaly: WORST_FIRST.get(anomaly.kind, len(WORST_FIRST)))
    example = EventId(ranges[0].slot, ranges[0].first_sequence) if ranges else None
    return FaultEvents(faults[fault_id], tuple(ranges), example)
