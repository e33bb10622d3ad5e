"""Writes down what befell the workers of a run: faults, the marks of those that lived, and ends.

All that has become known goes into run.db at once, or all of it is still to be written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bench_gui.bench.durable_faults import DurableFaults
from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.faults import FaultLog
from bench_gui.bench.incarnations import FaultMark
from bench_gui.bench.lane_run import LaneRun
from bench_gui.bench.records.store import RunStore
from bench_gui.bench.snapshot import FaultReport

Note = Callable[[Sequence[FaultReport]], None]
"""Told the faults that are new or changed."""


class FaultWriter:
    """The faults of one run, from what the bench and the workers know of them to run.db."""

    def __init__(
        self, faults: FaultLog, store: RunStore, lanes: Mapping[str, LaneRun], note: Note
    ) -> None:
        """`lanes`: by slug; they may be added later."""
        self._faults = faults
        self._store = store
        self._lanes = lanes
        self._note = note
        self._durable: DurableFaults | None = None

    def begin(self, start_ns: int) -> None:
        """The sources start at `start_ns`, monotonic: from now on there is something to read."""
        self._durable = DurableFaults(self._lanes.values(), self._faults, start_ns)

    def read(self) -> bool:
        """Reads what the workers wrote down. Returns whether everything could be read."""
        return self._durable is None or self._durable.read()

    def read_in_time(self, now_ns: int) -> None:
        """As `read`, when it is time again."""
        if self._durable is not None:
            self._durable.read_in_time(now_ns)

    def close(self) -> None:
        """Reads no more."""
        if self._durable is not None:
            self._durable.close()

    def write(self) -> None:
        """Writes faults that are new or changed, marks and ends. May raise EnvironmentProblem."""
        changed = self._faults.take_changed()
        marks = self._durable.take_marks() if self._durable is not None else {}
        self._note(changed)
        ending = [lane for lane in self._lanes.values() if lane.has_ends]
        try:
            if changed or marks or ending:
                self._write_together(changed, marks, ending)
        except EnvironmentProblem:
            self._faults.put_back(changed)
            if self._durable is not None:
                self._durable.put_back(marks)
            raise
        for lane in ending:
            lane.ends_stored()

    def _write_together(
        self,
        changed: list[FaultReport],
        marks: Mapping[str, list[FaultMark]],
        ending: list[LaneRun],
    ) -> None:
        """Marks after the faults that they name, and ends last: what a process lost is known before
        its end is, which is not to blame for it."""
        with self._store.together():
            self._store.put_faults(changed)
            for slug, of_lane in marks.items():
                self._store.add_marks(slug, of_lane)
            for lane in ending:
                lane.store_ends()
