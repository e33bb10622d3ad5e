"""Turns what a producer slot left behind into its sends. Pure.

The rows of a slot come in the order of time. What a row says of the send before it is the heart of
the matter: a process that goes on to the next batch had its answer, one that was succeeded may not
have had it, and its recorder's last acknowledgement, noted at its end, decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from bench_gui.bench.history.operations import (
    UNKNOWN_PARTITION,
    Outcome,
    Reason,
    Send,
    Stretch,
)
from bench_gui.bench.records.stored_processes import Process


@dataclass(frozen=True, slots=True)
class Advanced:
    """The source position went past the events from `first` up to `next` (exclusive)."""

    at_ns: int
    incarnation: int
    first: int
    next: int


@dataclass(frozen=True, slots=True)
class Appended:
    """A batch in the log, and how its transaction stands; `transaction` is None outside one."""

    at_ns: int
    incarnation: int
    stretch: Stretch
    transaction: int | None = None
    state: str | None = None
    decided_ns: int | None = None

    @property
    def first(self) -> int:
        return self.stretch.first_sequence

    @property
    def next(self) -> int:
        return self.stretch.first_sequence + self.stretch.count


@dataclass(frozen=True, slots=True)
class RequestLost:
    """An append that did not happen."""

    at_ns: int
    incarnation: int
    first: int
    next: int


SourceRow = Advanced | Appended | RequestLost


@dataclass(slots=True)
class _Open:
    """The send that is not settled yet. `last` is the newest row about it."""

    began_ns: int
    incarnation: int
    first: int
    next: int
    last: SourceRow
    appended: Appended | None = None
    earlier: tuple[Stretch, ...] = ()
    lost: bool = False


class Sends:
    """The sends of one producer slot."""

    def __init__(self, slot: int, processes: Mapping[int, Process], *, retries: bool) -> None:
        """`retries`: as the lane's producer policy says."""
        self._slot = slot
        self._processes = processes
        self._retries = retries
        self._open: _Open | None = None

    def of(self, rows: Iterable[SourceRow]) -> Iterator[Send]:
        """The slot's sends, in the order of their ends. `rows`: in the order of time."""
        for row in rows:
            if self._belongs(row):
                yield from self._extend(row)
            else:
                yield from self._settle(row)
                self._begin(row)
        yield from self._settle(None)

    def _belongs(self, row: SourceRow) -> bool:
        found = self._open
        if found is None or row.incarnation != found.incarnation:
            return False
        if isinstance(row, Appended) and row.transaction is not None and found.appended is not None:
            return row.transaction == found.appended.transaction
        if isinstance(row, Advanced):
            return self._retries and row.first < found.next and row.next >= found.next
        return (row.first, row.next) == (found.first, found.next)

    def _begin(self, row: SourceRow) -> None:
        if isinstance(row, Advanced) and self._retries:
            return  # a position that passes nothing new: its send was settled by it or before
        self._open = _Open(row.at_ns, row.incarnation, row.first, row.next, row)
        self._note(self._open, row)

    def _note(self, found: _Open, row: SourceRow) -> None:
        found.last = row
        if isinstance(row, RequestLost):
            found.lost = True
        if isinstance(row, Appended):
            if found.appended is not None and row.first != found.appended.first:
                found.earlier += (found.appended.stretch,)
            found.appended, found.lost = row, False
            found.next = max(found.next, row.next)

    def _extend(self, row: SourceRow) -> Iterator[Send]:
        found = self._open
        assert found is not None
        self._note(found, row)
        if isinstance(row, Advanced) and found.appended is not None:
            self._open = None
            yield self._ended(found, row.at_ns, Outcome.OK, None)

    def _settle(self, following: SourceRow | None) -> Iterator[Send]:
        """The next row is about something else, or there is none."""
        found, self._open = self._open, None
        if found is None:
            return
        appended = found.appended
        if appended is not None and appended.transaction is not None:
            yield self._by_transaction(found, appended)
        elif following is not None and following.incarnation == found.incarnation:
            yield self._gone_on(found, following.at_ns)
        else:
            yield self._by_end(found)

    def _by_transaction(self, found: _Open, appended: Appended) -> Send:
        if appended.state == "committed":
            return self._ended(found, appended.decided_ns, Outcome.OK, None)
        if appended.state == "aborted":
            return self._ended(found, appended.decided_ns, Outcome.FAIL, Reason.ABORTED)
        return self._ended(found, None, Outcome.INFO, Reason.UNDECIDED)

    def _gone_on(self, found: _Open, at_ns: int) -> Send:
        """The process went on to something else, so it was done with this."""
        if found.appended is None:
            return self._ended(found, at_ns, Outcome.INFO, Reason.REQUEST_LOST)
        return self._ended(found, at_ns, Outcome.OK, None)

    def _by_end(self, found: _Open) -> Send:
        process = self._processes.get(found.incarnation)
        ended_ns = None if process is None else process.ended_ns
        acked = 0 if process is None else process.acked_sequence or 0
        if ended_ns is not None and found.appended is not None and acked >= found.next:
            return self._ended(found, ended_ns, Outcome.OK, None)
        reason = Reason.REQUEST_LOST if found.lost else Reason.KILLED
        if ended_ns is None:
            reason = Reason.UNDECIDED
        return self._ended(found, ended_ns, Outcome.INFO, reason)

    def _ended(
        self, found: _Open, ended_ns: int | None, outcome: Outcome, reason: Reason | None
    ) -> Send:
        nowhere = Stretch(UNKNOWN_PARTITION, -1, self._slot, found.first, found.next - found.first)
        stretches: tuple[Stretch, ...] = (nowhere,)
        if found.appended is not None:
            stretches = (*found.earlier, found.appended.stretch)
        if outcome is Outcome.INFO:
            stretches = tuple(replace(stretch, first_offset=-1) for stretch in stretches)
        incarnation, began_ns = found.incarnation, found.began_ns
        return Send(incarnation, began_ns, ended_ns, outcome, stretches, reason)
