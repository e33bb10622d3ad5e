"""Turns what a consumer slot left behind into its polls. Pure.

In a lane of counters a poll is what one fetch delivered to the counters: the rows of the effects
ledger between one fetch and the next. In a lane with an output topic it is one log transaction:
what it read, and the output records that it wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from bench_gui.bench.history.operations import Commit, Outcome, Poll, Reason, Stretch
from bench_gui.bench.records.stored_processes import Process


@dataclass(frozen=True, slots=True)
class Delivered:
    """One row of the effects ledger."""

    incarnation: int
    fetched_ns: int
    at_ns: int
    stretch: Stretch


@dataclass(frozen=True, slots=True)
class Wrote:
    """One output batch, what it was made from, and how its transaction stands."""

    incarnation: int
    at_ns: int
    polled: Stretch
    sent: Stretch
    transaction: int
    state: str
    decided_ns: int | None


def polls_of_effects(rows: Iterable[Delivered]) -> Iterator[Poll]:
    """The polls of one consumer slot. `rows`: in the order of the ledger.

    A poll fetches from one partition after the other, so a fetch that was made before the last
    effect belongs to the same poll.
    """
    mine: list[Delivered] = []
    for row in rows:
        if mine and (row.incarnation != mine[0].incarnation or row.fetched_ns > mine[-1].at_ns):
            yield _poll(mine)
            mine = []
        mine.append(row)
    if mine:
        yield _poll(mine)


def _poll(rows: list[Delivered]) -> Poll:
    began_ns = min(row.fetched_ns for row in rows)
    polled = joined(row.stretch for row in rows)
    return Poll(rows[0].incarnation, began_ns, rows[-1].at_ns, Outcome.OK, polled)


def joined(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """The same with neighbours that go on from each other made one: a row may be one event."""
    found: list[Stretch] = []
    for stretch in stretches:
        last = found[-1] if found else None
        if last is not None and _goes_on(last, stretch):
            found[-1] = replace(last, count=last.count + stretch.count)
        else:
            found.append(stretch)
    return tuple(found)


def _goes_on(last: Stretch, stretch: Stretch) -> bool:
    return stretch == Stretch(
        last.partition,
        last.first_offset + last.count,
        last.source,
        last.first_sequence + last.count,
        stretch.count,
        last.applied,
    )


def polls_of_transactions(
    rows: Iterable[Wrote], processes: Mapping[int, Process]
) -> Iterator[Poll]:
    """The polls of one consumer slot. `rows`: transaction by transaction."""
    mine: list[Wrote] = []
    for row in rows:
        if mine and row.transaction != mine[0].transaction:
            yield _transaction(mine, processes)
            mine = []
        mine.append(row)
    if mine:
        yield _transaction(mine, processes)


def _transaction(rows: list[Wrote], processes: Mapping[int, Process]) -> Poll:
    first = rows[0]
    outcome, reason, ended_ns = Outcome.OK, None, first.decided_ns
    if first.state == "aborted":
        outcome, reason = Outcome.FAIL, Reason.ABORTED
    elif first.state != "committed":
        outcome, reason = Outcome.INFO, Reason.UNDECIDED
        process = processes.get(first.incarnation)
        ended_ns = None if process is None else process.ended_ns
    return Poll(
        first.incarnation,
        min(row.at_ns for row in rows),
        ended_ns,
        outcome,
        joined(row.polled for row in rows),
        joined(row.sent for row in rows),
        reason,
    )


def commits_of(rows: Iterable[tuple[int, int, int, int]]) -> Iterator[Commit]:
    """Offset commits; `rows`: (incarnation, time, partition, next offset) as they were written.

    Offsets of several partitions that were committed together have the same time.
    """
    mine: list[tuple[int, int]] = []
    at: tuple[int, int] | None = None
    for incarnation, at_ns, partition, offset in rows:
        if at is not None and at != (incarnation, at_ns):
            yield Commit(*at, tuple(mine))
            mine = []
        at = (incarnation, at_ns)
        mine.append((partition, offset))
    if at is not None:
        yield Commit(*at, tuple(mine))
