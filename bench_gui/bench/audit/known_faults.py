"""What is known so far of the faults that hit processes: ends and marks, by incarnation. Pure.

A long run has many: columns of numbers hold them, no object each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from bench_gui.bench.audit.columns import GrowingRows, Ints, Mask, Rows, row_type
from bench_gui.bench.audit.mark_table import MARK, NO_FAULT, MarkTable
from bench_gui.bench.incarnations import FaultMark, IncarnationEnd, MarkKind
from workers.lanes import Role

NOT_ENDED = -2
"""In place of a fault's number: the process lives. Else as in `mark_table`."""

END = row_type("known", "role", "slot", "ended_ns", "fault", "acked")
"""By incarnation. `role`: its place in ROLES; `fault`, `acked`: -1 for None."""
ROLES = tuple(role.value for role in Role)
EVER = np.iinfo(np.int64).max


class KnownEnds(Mapping[int, IncarnationEnd]):
    """The ends told so far, by incarnation."""

    def __init__(self) -> None:
        self._table = GrowingRows(END)

    @property
    def rows(self) -> Rows:
        """Of END, by incarnation."""
        return self._table.rows

    def add(self, end: IncarnationEnd) -> None:
        """One more."""
        self._table.reach(end.incarnation + 1)
        fault = NO_FAULT if end.fault_id is None else end.fault_id
        acked = -1 if end.acked_sequence is None else end.acked_sequence
        role = ROLES.index(end.role)
        self._table.rows[end.incarnation] = (1, role, end.slot, end.ended_ns, fault, acked)

    def __contains__(self, incarnation: object) -> bool:
        if not isinstance(incarnation, int) or not 0 <= incarnation < len(self.rows):
            return False
        return bool(self.rows["known"][incarnation])

    def __getitem__(self, incarnation: int) -> IncarnationEnd:
        if incarnation not in self:
            raise KeyError(incarnation)
        _, role, slot, ended_ns, fault, acked = self.rows[incarnation].tolist()
        return IncarnationEnd(
            incarnation,
            ROLES[role],
            slot,
            ended_ns,
            None if fault == NO_FAULT else fault,
            None if acked < 0 else acked,
        )

    def __iter__(self) -> Iterator[int]:
        return iter(np.flatnonzero(self.rows["known"]).tolist())

    def __len__(self) -> int:
        return int(np.count_nonzero(self.rows["known"]))


class KnownFaults:
    """Ends and marks of one lane's processes."""

    def __init__(self) -> None:
        self.ends = KnownEnds()
        self._expiries = MarkTable()
        self._requests = MarkTable()
        self._acks = MarkTable()

    # what is told

    def know_ends(self, ends: Mapping[int, IncarnationEnd]) -> list[IncarnationEnd]:
        """Incarnations that have ended. Returns: those not known before."""
        new = [end for number, end in ends.items() if number not in self.ends]
        for end in new:
            self.ends.add(end)
        return new

    def know_marks(self, marks: Iterable[FaultMark]) -> None:
        """Faults that hit living processes, none of them told before."""
        marks = list(marks)
        expired = [(m.incarnation, 0, 1, *_what(m)) for m in marks if m.kind is MarkKind.EXPIRY]
        acks = [(m.incarnation, *_where(m)) for m in marks if m.kind is MarkKind.ACK_LOSS]
        requests = [(m.source, *_where(m)) for m in marks if m.kind is MarkKind.REQUEST_LOSS]
        self._expiries.add(np.array(expired, dtype=MARK))
        self._acks.add(np.array(acks, dtype=MARK))
        self._requests.add(np.array(requests, dtype=MARK))

    # what is asked; every array is (n,) int64

    def end_faults(self, incarnations: Ints) -> Ints:
        """The fault that ended each: NOT_ENDED while it lives, NO_FAULT when none did."""
        faults = np.where(incarnations > 0, NOT_ENDED, NO_FAULT)
        known = self._known(incarnations)
        faults[known] = self.ends.rows["fault"][incarnations[known]]
        return faults

    def _known(self, incarnations: Ints) -> Mask:
        known: Mask = (incarnations > 0) & (incarnations < len(self.ends.rows))
        known[known] = self.ends.rows["known"][incarnations[known]] == 1
        return known

    def ended(self, incarnations: Ints) -> Mask:
        """Whether each has ended, (n,) bool."""
        return self._known(incarnations)

    def ended_ns(self, incarnations: Ints) -> Ints:
        """When each ended; 0 while it lives."""
        times, known = np.zeros(len(incarnations), dtype=np.int64), self._known(incarnations)
        times[known] = self.ends.rows["ended_ns"][incarnations[known]]
        return times

    @property
    def any_expired(self) -> bool:
        """Whether a living process was ever expired."""
        return len(self._expiries) > 0

    def expiries(self, incarnations: Ints, at_ns: Ints) -> tuple[Ints, Ints]:
        """The latest expiry of each that is not later than `at_ns`.

        Returns: its fault, NO_FAULT without one, and its time.
        """
        firsts = np.zeros(len(at_ns), dtype=np.int64)
        faults, _, times = self._expiries.find(incarnations, firsts, at_ns)
        late = times > at_ns
        return np.where(late, NO_FAULT, faults), np.where(late, 0, times)

    def lost_acks(self, incarnations: Ints, sequences: Ints, at_ns: Ints) -> Ints:
        """The fault that lost the acknowledgement of each process's event; NO_FAULT without one."""
        faults, _, _ = self._acks.find(incarnations, sequences, at_ns)
        return faults

    def lost_requests(self, slots: Ints, sequences: Ints) -> tuple[Ints, Ints]:
        """The fault that lost each event's request, and the process; NO_FAULT without one."""
        faults, incarnations, _ = self._requests.find(slots, sequences, np.full(len(slots), EVER))
        return faults, incarnations


def _where(mark: FaultMark) -> tuple[int, int, int, int, int]:
    return mark.first_sequence, mark.next_sequence, *_what(mark)


def _what(mark: FaultMark) -> tuple[int, int, int]:
    return mark.at_ns, mark.fault_id, mark.incarnation
