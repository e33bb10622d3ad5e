"""A run's own recording, from the table of frames."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from bench_gui.bench.recording.about import About
from bench_gui.bench.recording.about_run import about
from bench_gui.bench.recording.frames import (
    Damaged,
    KeyFrame,
    unpack_change,
    unpack_faults,
    unpack_key,
)
from bench_gui.bench.recording.rebuilt import RebuiltFilm
from bench_gui.bench.records.run_tables import Row, record_of
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
SAMPLES_AFTER_SQL = "SELECT * FROM samples WHERE rowid > ? ORDER BY rowid"
SAMPLES_SQL = "SELECT * FROM samples WHERE rowid > ? AND rowid <= ? ORDER BY rowid"

Index = tuple[int, int, int, int]
"""Of a frame: sequence, moment, its key frame's sequence, number of samples."""

DAMAGED_HERE = "the recording is damaged here: what is shown is the last that can be read before"
MADE_UP_END = "the end of this run is not in its recording: it is made up from its results"


class RecordedFilm:
    """Frames as they were shown. A run without a last word gets one that says so.

    In place of a frame that is damaged, and of those that rest on it, stands the newest before
    them; before the first of all what can be made up from the samples.
    """

    def __init__(self, run: StoredRun) -> None:
        self.about: About = about(run, coarse=False)
        self._run = run
        rows = run.rows(INDEX_SQL)
        self._index: list[Index] = [
            (row["sequence"], row["at_ns"], row["key_frame"], row["samples"]) for row in rows
        ]
        start_ns = run.columns["start_ns"] or self._index[0][1]
        self.times_s: Sequence[float] = [
            (at_ns - start_ns) / SECOND_NS for _, at_ns, _, _ in self._index
        ]
        self._key: KeyFrame | None = None
        self._newest: tuple[int, RunSnapshot] | None = None
        self._known: dict[int, FaultReport] = {}
        self._recorded = len(self._index)
        newest = self._shown(self._recorded - 1)
        self._lacks_end = self.about.damaged or RunState(run.columns["state"]).ended
        """Whether the newest frame is not the run's last moment, unless it says that it is."""
        if self.about.damaged or not newest.state.ended:
            self.times_s = [*self.times_s, self.times_s[-1]]

    def read(self, after: int, upto: int) -> RunSnapshot:
        """See `Film`."""
        if after < 0:
            self._known.clear()
        if upto >= self._recorded and self._lacks_end:
            return self._made_up_end(after)
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

    @cached_property
    def _rebuilt(self) -> RebuiltFilm:
        return RebuiltFilm(self._run)

    def _made_up_end(self, after: int) -> RunSnapshot:
        before = self._index[min(after, self._recorded - 1)][3] if after >= 0 else 0
        rows = self._run.rows(SAMPLES_AFTER_SQL, (before,))
        return replace(
            self._rebuilt.at(0.0, ended=True),
            message=self.about.cut_off or MADE_UP_END,
            samples=tuple(record_of(LaneSample, row) for row in rows),
            faults=tuple(self._run.faults()),
        )

    # frames

    def _shown(self, number: int) -> RunSnapshot:
        """The frame, or what stands in its place."""
        sequence, _, key, _ = self._index[number]
        try:
            return self._decoded(key, sequence)
        except Damaged:
            self._mark_damaged()
        return replace(self._before(number), message=DAMAGED_HERE)

    def _mark_damaged(self) -> None:
        if not self.about.damaged:
            self.about = replace(self.about, damaged=True)

    def _decoded(self, key: int, sequence: int) -> RunSnapshot:
        """Read on from the frame that was read last, or from its key frame. Raises Damaged."""
        if self._key is None or self._key.sequence != key:
            self._key, self._newest = unpack_key(key, self._body(key)), None
        if self._newest is None or self._newest[0] > sequence:
            self._newest = key, self._key.snapshot
        for row in self._run.rows(CHANGES_SQL, (self._newest[0], sequence)):
            self._newest = row["sequence"], self._changed(self._key, *self._newest, row)
        return self._newest[1]

    @staticmethod
    def _changed(key: KeyFrame, since: int, before: RunSnapshot, row: Row) -> RunSnapshot:
        if row["sequence"] != since + 1:
            raise Damaged(since + 1)
        return unpack_change(key, before, row["sequence"], _bytes(row["sequence"], row["body"]))

    def _before(self, number: int) -> RunSnapshot:
        """The newest frame before one that was found to be damaged."""
        t_s = self.times_s[number]
        while number >= 0:
            sequence, _, key, _ = self._index[number]
            try:
                return self._decoded(key, sequence)
            except Damaged:
                if self._key is not None and self._key.sequence == key and self._newest is not None:
                    return self._newest[1]
            number = bisect_left(self._index, key, key=_key_of) - 1
        return self._rebuilt.at(t_s, ended=False)

    def _body(self, sequence: int) -> bytes:
        rows = self._run.rows(BODY_SQL, (sequence,))
        if not rows:
            raise Damaged(sequence)
        return _bytes(sequence, rows[0]["body"])

    # what is new

    def _samples(self, after: int, last: int) -> tuple[LaneSample, ...]:
        before = self._index[after][3] if after >= 0 else 0
        rows = self._run.rows(SAMPLES_SQL, (before, self._index[last][3]))
        return tuple(record_of(LaneSample, row) for row in rows)

    def _faults(self, after: int, last: int) -> tuple[FaultReport, ...]:
        """The newest report of each."""
        before = self._index[after][0] if after >= 0 else -1
        newest: dict[int, FaultReport] = {}
        for row in self._run.rows(FAULTS_SQL, (before, self._index[last][0])):
            newest.update((fault.fault_id, fault) for fault in self._reported(row))
        return tuple(newest.values())

    def _reported(self, row: Row) -> list[FaultReport]:
        """New and changed with a frame; of a damaged one all until then, as they were at last."""
        sequence = row["sequence"]
        try:
            return unpack_faults(self._known, sequence, _bytes(sequence, row["faults"]))
        except Damaged:
            self._mark_damaged()
        t_s = self.times_s[bisect_left(self._index, sequence, key=_sequence_of)]
        faults = [fault for fault in self._run.faults() if fault.t_s <= t_s]
        self._known.update((fault.fault_id, fault) for fault in faults)
        return faults


def _bytes(sequence: int, value: object) -> bytes:
    if not isinstance(value, bytes):
        raise Damaged(sequence)
    return value


def _sequence_of(row: Index) -> int:
    return row[0]


def _key_of(row: Index) -> int:
    return row[2]
