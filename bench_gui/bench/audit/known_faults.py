"""What is known so far of the faults that hit processes: ends and marks, by incarnation. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

import numpy as np

from bench_gui.bench.audit.columns import Ints, Mask, no_rows, row_type
from bench_gui.bench.incarnations import FaultMark, IncarnationEnd, MarkKind

NOT_ENDED, NO_FAULT = -2, -1
"""In place of a fault's number: the process lives; it ended by itself or nothing is known."""

LOSS = row_type("first", "next", "at_ns", "fault", "incarnation")


class LossMarks:
    """Ranges of events of one process, or of one source, whose request or acknowledgement was lost.

    Invariant: ranges with different firsts do not overlap; a repeated attempt has the same range.
    """

    def __init__(self) -> None:
        self._rows = no_rows(LOSS)

    def add(self, marks: Iterable[FaultMark]) -> None:
        """More marks, in any order."""
        cells = [
            (mark.first_sequence, mark.next_sequence, mark.at_ns, mark.fault_id, mark.incarnation)
            for mark in marks
        ]
        rows = np.concatenate([self._rows, np.array(cells, dtype=LOSS)])
        rows = rows[np.lexsort((rows["at_ns"], rows["first"]))]
        self._rows, self._firsts, group = rows, *np.unique(rows["first"], return_inverse=True)
        self._times = np.sort(rows["at_ns"])
        self._keys = self._key(group, np.searchsorted(self._times, rows["at_ns"]))

    def _key(self, groups: Ints, earlier: Ints | int) -> Ints:
        """Orders marks by range, then by how many marks are earlier."""
        keys: Ints = groups * (len(self._times) + 1) + earlier
        return keys

    def find(self, sequences: Ints, at_ns: Ints) -> tuple[Ints, Ints]:
        """For each event the latest mark that holds it and is not later than `at_ns`.

        A repeated append may bear the time of the first one; then it is the event's first mark.

        Returns: fault and incarnation, (n,) each; NO_FAULT where no mark holds the event.
        """
        groups = np.searchsorted(self._firsts, sequences, side="right") - 1
        earlier = np.searchsorted(self._times, at_ns, side="right")
        first = np.searchsorted(self._keys, self._key(groups, 0))
        latest = np.searchsorted(self._keys, self._key(groups, earlier)) - 1
        rows = self._rows[np.maximum(first, latest)]
        held = (groups >= 0) & (sequences < rows["next"])
        return np.where(held, rows["fault"], NO_FAULT), np.where(held, rows["incarnation"], 0)


class KnownFaults:
    """Ends and marks of one lane's processes."""

    def __init__(self) -> None:
        self.ends: dict[int, IncarnationEnd] = {}
        self._fault_of: Ints = np.full(64, NOT_ENDED, dtype=np.int64)
        self._ended_ns: Ints = np.zeros(64, dtype=np.int64)
        self._expiries: dict[int, tuple[Ints, Ints]] = {}
        self._requests: dict[int, LossMarks] = defaultdict(LossMarks)
        self._acks: dict[int, LossMarks] = defaultdict(LossMarks)

    # what is told

    def know_ends(self, ends: Mapping[int, IncarnationEnd]) -> list[IncarnationEnd]:
        """Incarnations that have ended. Returns: those not known before."""
        new = [end for number, end in ends.items() if number not in self.ends]
        for end in new:
            self.ends[end.incarnation] = end
            self._reach(end.incarnation)
            self._fault_of[end.incarnation] = NO_FAULT if end.fault_id is None else end.fault_id
            self._ended_ns[end.incarnation] = end.ended_ns
        return new

    def _reach(self, incarnation: int) -> None:
        missing = max(incarnation + 1 - len(self._fault_of), 0)
        if missing:
            more = max(missing, len(self._fault_of))
            living = np.full(more, NOT_ENDED, dtype=np.int64)
            self._fault_of = np.concatenate([self._fault_of, living])
            self._ended_ns = np.concatenate([self._ended_ns, np.zeros(more, dtype=np.int64)])

    def know_marks(self, marks: Iterable[FaultMark]) -> None:
        """Faults that hit living processes, none of them told before."""
        by_kind: dict[MarkKind, list[FaultMark]] = defaultdict(list)
        for mark in marks:
            by_kind[mark.kind].append(mark)
        for number, some in _by(lambda m: m.incarnation, by_kind[MarkKind.EXPIRY]).items():
            self._expire(number, some)
        for number, some in _by(lambda m: m.incarnation, by_kind[MarkKind.ACK_LOSS]).items():
            self._acks[number].add(some)
        for source, some in _by(lambda m: m.source, by_kind[MarkKind.REQUEST_LOSS]).items():
            self._requests[source].add(some)

    def _expire(self, incarnation: int, marks: list[FaultMark]) -> None:
        none = np.zeros(0, dtype=np.int64)
        times, faults = self._expiries.get(incarnation, (none, none))
        times = np.append(times, [mark.at_ns for mark in marks])
        faults = np.append(faults, [mark.fault_id for mark in marks])
        order = np.argsort(times, kind="stable")
        self._expiries[incarnation] = times[order], faults[order]

    # what is asked; every array is (n,) int64

    def end_faults(self, incarnations: Ints) -> Ints:
        """The fault that ended each: NOT_ENDED while it lives, NO_FAULT when none did."""
        known = (incarnations > 0) & (incarnations < len(self._fault_of))
        faults = np.where(incarnations > 0, NOT_ENDED, NO_FAULT)
        faults[known] = self._fault_of[incarnations[known]]
        return faults

    def ended(self, incarnations: Ints) -> Mask:
        """Whether each has ended, (n,) bool."""
        ended: Mask = (incarnations > 0) & (self.end_faults(incarnations) != NOT_ENDED)
        return ended

    def ended_ns(self, incarnations: Ints) -> Ints:
        """When each ended; 0 while it lives."""
        known = (incarnations > 0) & (incarnations < len(self._ended_ns))
        return np.where(known, self._ended_ns[np.where(known, incarnations, 0)], 0)

    @property
    def any_expired(self) -> bool:
        """Whether a living process was ever expired."""
        return bool(self._expiries)

    def expiries(self, incarnations: Ints, at_ns: Ints) -> tuple[Ints, Ints]:
        """The latest expiry of each that is not later than `at_ns`.

        Returns: its fault, NO_FAULT without one, and its time.
        """
        faults, times = np.full(len(at_ns), NO_FAULT), np.zeros(len(at_ns), dtype=np.int64)
        for number in np.unique(incarnations).tolist():
            if number in self._expiries:
                known_ns, known_faults = self._expiries[number]
                mine = incarnations == number
                latest = np.searchsorted(known_ns, at_ns[mine], side="right") - 1
                faults[mine] = np.where(latest >= 0, known_faults[latest], NO_FAULT)
                times[mine] = np.where(latest >= 0, known_ns[latest], 0)
        return faults, times

    def lost_acks(self, incarnations: Ints, sequences: Ints, at_ns: Ints) -> Ints:
        """The fault that lost the acknowledgement of each process's event; NO_FAULT without one."""
        faults, _ = _lost(self._acks, incarnations, sequences, at_ns)
        return faults

    def lost_requests(self, slots: Ints, sequences: Ints) -> tuple[Ints, Ints]:
        """The fault that lost each event's request, and the process; NO_FAULT without one."""
        ever = np.full(len(slots), np.iinfo(np.int64).max)
        return _lost(self._requests, slots, sequences, ever)


def _by(key: Callable[[FaultMark], int], marks: list[FaultMark]) -> dict[int, list[FaultMark]]:
    groups: dict[int, list[FaultMark]] = defaultdict(list)
    for mark in marks:
        groups[key(mark)].append(mark)
    return groups


def _lost(
    marks: Mapping[int, LossMarks], owners: Ints, sequences: Ints, at_ns: Ints
) -> tuple[Ints, Ints]:
    faults, incarnations = np.full(len(owners), NO_FAULT), np.zeros(len(owners), dtype=np.int64)
    for owner in np.unique(owners).tolist() if marks else ():
        if owner in marks:
            mine = owners == owner
            faults[mine], incarnations[mine] = marks[owner].find(sequences[mine], at_ns[mine])
    return faults, incarnations
