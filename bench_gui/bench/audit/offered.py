"""How many events exist: each source's schedule against the clock. Pure."""

from __future__ import annotations

import numpy as np

from bench_gui.bench.audit.columns import Ints, distinct
from workers.events import Timetable


class Offered:
    """The events of each slot that exist so far: sequences 0 up to `counts` (exclusive).

    Open loop: those that are due. Closed loop: those that a source was asked for, which is what
    the source position has passed or the log holds.
    """

    def __init__(self, timetable: Timetable, slots: int) -> None:
        self._timetable = timetable
        self.open_loop = timetable.rate_eps is not None
        self.counts: Ints = np.zeros(slots, dtype=np.int64)
        self.ends: Ints | None = None
        """How many will ever exist in each slot; None while that is not known."""

    def advance(self, now_ns: int, sources_end_ns: int | None) -> None:
        """Open loop: moves the clock on to `now_ns`; it never goes back."""
        if not self.open_loop:
            return
        before_ns = now_ns
        if sources_end_ns is not None:
            self.ends = self._due(sources_end_ns)
            before_ns = min(now_ns, sources_end_ns)
        self.counts = np.maximum(self.counts, self._due(before_ns))

    def found(self, counts: Ints) -> None:
        """Closed loop: events below `counts` were found to exist, (slots,) int64."""
        if not self.open_loop:
            self.counts = np.maximum(self.counts, counts)

    def due_ns(self, slots: Ints, sequences: Ints) -> Ints:
        """Open loop: when existing events were due, (n,), (n,) to (n,)."""
        due = np.zeros(len(slots), dtype=np.int64)
        for slot in distinct(slots):
            mine = slots == slot
            due[mine] = self._timetable.due_array_ns(slot, sequences[mine])
        return due

    def _due(self, before_ns: int) -> Ints:
        slots = range(len(self.counts))
        due = [self._timetable.count_due(slot, before_ns) for slot in slots]
        return np.array(due, dtype=np.int64)
