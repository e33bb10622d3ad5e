"""The final count of a lane from whose files old rows are removed while the run goes on.

It is a count like any other, from the first row of every file, only that it does not wait for the
end: it reads on now and then, so that rows may go once both counts have read them. It says which.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping

from bench_gui.bench.audit.auditor import LaneAuditor, SourcesEnd, poll_until_complete
from bench_gui.bench.incarnations import FaultMark, IncarnationEnd
from bench_gui.bench.read_marks import ReadMarks

READINGS = 8
"""Readings in the time for which rows are kept."""
LEAST_GAP_NS = 500_000_000


class SecondCount:
    """Reads on now and then; nothing before the time to keep rows is half over."""

    def __init__(
        self, make: Callable[[], LaneAuditor], sources_end: SourcesEnd, start_ns: int, kept_ns: int
    ) -> None:
        """`kept_ns`: how long rows are kept."""
        self._make = make
        self._sources_end = sources_end
        self._auditor: LaneAuditor | None = None
        self._kept_ns = kept_ns
        self._due_ns = start_ns + kept_ns // 2
        self._ends: dict[int, IncarnationEnd] = {}
        self._fault_marks: list[FaultMark] = []
        self._notes: deque[ReadMarks] = deque()

    def tell(self, ends: Mapping[int, IncarnationEnd], fault_marks: Iterable[FaultMark]) -> None:
        """What has become known; kept until the next reading only."""
        self._ends.update(ends)
        self._fault_marks.extend(fault_marks)

    def read(self, now_ns: int) -> ReadMarks | None:
        """Reads on if it is time. Only after a complete round of the live count.

        Returns: up to where rows may be removed, if that has changed.
        """
        if now_ns < self._due_ns:
            return None
        self._due_ns = now_ns + max(self._kept_ns // READINGS, LEAST_GAP_NS)
        auditor = self._auditor = self._auditor or self._make()
        if auditor.poll(self._ends, now_ns, self._sources_end, self._fault_marks):
            self._notes.append(auditor.marks(now_ns))
        self._forget()
        auditor.take_bucket_histogram()
        auditor.new_anomalies()
        return self._old_enough(now_ns)

    def _forget(self) -> None:
        """What it was told the auditor knows now."""
        self._ends, self._fault_marks = {}, []

    def _old_enough(self, now_ns: int) -> ReadMarks | None:
        newest = None
        while self._notes and self._notes[0].at_ns <= now_ns - self._kept_ns:
            newest = self._notes.popleft()
        return newest

    def finish(self) -> LaneAuditor | None:
        """The final count; None when it never began. Raises EnvironmentProblem."""
        auditor, now_ns = self._auditor, time.monotonic_ns()
        if auditor is not None:
            poll_until_complete(auditor, self._ends, now_ns, self._sources_end, self._fault_marks)
        self._forget()
        return auditor
