"""A run's own recording, from the table of frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bench_gui.bench.recording.about import About
from bench_gui.bench.recording.about_run import about
from bench_gui.bench.recording.frames import (
    KeyFrame,
    damaged,
    unpack_change,
    unpack_faults,
    unpack_key,
)
from bench_gui.bench.records.run_tables import record_of
from bench_gui.bench.records.stored_run import StoredRun
from bench_gui.bench.snapshot import FaultReport, LaneSample, RunSnapshot, RunState
from workers.time_units import SECOND_NS

GOING_ON = "the run was still going on elsewhere when it was opened; it is shown as far as it was"
INDEX_SQL = "SELECT sequence, at_ns, key_frame, samples FROM frames ORDER BY sequence"
CHANGES_SQL = """
SELECT sequence, body FROM frames WHERE sequence > ? AND sequence <= ? ORDER BY sequence
"""
BODY_SQL = "SELECT body FROM frames WHERE sequence = ?"
FAULTS_SQL = """
SELECT sequence, faults FROM frames
WHERE sequence > ? AND sequence <= ? AND faults IS NOT NULL ORDER BY sequence
"""
SAMPLES_SQL = "SELECT * FROM samples WHERE rowid > ? AND rowid <= ? ORDER BY rowid"


class RecordedFilm:
    """Frames as they were shown. A run without a last word gets one that says so."""

    def __init__(self, run: StoredRun) -> None:
        self.about: About = about(run, coarse=False)
        self._run = run
        self._index = [tuple(row.values()) for row in run.rows(INDEX_SQL)]
        start_ns = run.columns["start_ns"] or self._index[0][1]
        self.times_s: Sequence[float] = [
            (at_ns - start_ns) / SECOND_NS for _, at_ns, _, _ in self._index
        ]
        self._key: KeyFrame | None = None
        self._newest: tuple[int, RunSnapshot] | None = None
        self._known: dict[int, FaultReport] = {}
        self._recorded = len(self._index)
        if not self._shown(self._recorded - 1).state.ended:
            self.times_s = [*self.times_s, self.times_s[-1]]

    def read(self, after: int, upto: int) -> RunSnapshot:
        """See `Film`."""
        if after < 0:
            self._known.clear()
        last = min(upto, self._recorded - 1)
        shown = self._shown(last)
        if upto >= self._recorded:
            shown = replace(shown, state=self._end, message=self.about.cut_off or GOING_ON)
        news = (min(after, last), last)
        return replace(shown, samples=self._samples(*news), faults=self._faults(*news))

    def whole_before(self, number: int) -> int:
        """See `Film`."""
        last = min(number, self._recorded - 1)
        sequence, _, key, _ = self._index[last]
        return max(0, last - int(sequence - key))

    def close(self) -> None:
        """Closes the database."""
        self._run.close()

    @property
    def _end(self) -> RunState:
        """Of a run whose frames do not tell it: its bench was killed, or goes on elsewhere."""
        state = self.about.state
        return state if state.ended else RunState.CUT_OFF

    def _shown(self, number: int) -> RunSnapshot:
        """Read on from the frame that was read last, or from its key frame."""
        sequence, _, key, _ = self._index[number]
        if self._key is None or self._key.sequence != key:
            self._key, self._newest = unpack_key(key, self._body(key)), None
        if self._newest is None or self._newest[0] > sequence:
            self._newest = key, self._key.snapshot
        since, shown = self._newest
        for row in self._run.rows(CHANGES_SQL, (since, sequence)):
            shown = unpack_change(self._key, shown, row["sequence"], bytes(row["body"]))
        self._newest = sequence, shown
        return shown

    def _body(self, sequence: int) -> bytes:
        rows = self._run.rows(BODY_SQL, (sequence,))
        if not rows:
            raise damaged(sequence)
        return bytes(rows[0]["body"])

    def _samples(self, after: int, last: int) -> tuple[LaneSample, ...]:
        before = self._index[after][3] if after >= 0 else 0
        rows = self._run.rows(SAMPLES_SQL, (before, self._index[last][3]))
        return tuple(record_of(LaneSample, row) for row in rows)

    def _faults(self, after: int, last: int) -> tuple[FaultReport, ...]:
        """The newest report of each."""
        before = self._index[after][0] if after >= 0 else -1
        newest: dict[int, FaultReport] = {}
        for row in self._run.rows(FAULTS_SQL, (before, self._index[last][0])):
            faults = unpack_faults(self._known, row["sequence"], bytes(row["faults"]))
            newest.update((fault.fault_id, fault) for fault in faults)
        return tuple(newest.values())
