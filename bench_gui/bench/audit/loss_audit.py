"""Accounts for positions and decides what is lost: only what nothing can deliver any more. Pure.

An event is lost before the log when its source position has passed it for good, no record of it is
readable and none can become so. It is lost after the log when a committed offset has passed every
readable record of it for good and it has no effect. "For good" is `passing`'s.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bench_gui.bench.audit.anomalies import Kind, Rule, acts_of, places_of
from bench_gui.bench.audit.columns import Ints, Rows
from bench_gui.bench.audit.deliveries import Standing
from bench_gui.bench.audit.lane_tables import AFTER_LOG, BEFORE_LOG, LaneTables
from bench_gui.bench.audit.passing import Passing

PIECE = 1 << 16


class LossAudit:
    """Source positions and committed offsets of one lane."""

    def __init__(self, tables: LaneTables) -> None:
        self._tables = tables
        self._sources = Passing(tables.events.lines)
        self._commits = Passing(tables.records.lines)
        self._lag = tables.lag

    def take_sources(self, advances: Rows) -> None:
        """New rows of the source positions' history; `line` is the slot."""
        for slot, sequence, beyond in self._sources.add(advances):
            self._tables.events.fill("position_cause", slot, sequence, beyond, 0)
        self._tables.offered.found(self._sources.positions)
        self._tables.exist()

    def take_commits(self, advances: Rows) -> None:
        """New rows of the committed offsets' history; `line` is the partition."""
        for partition, offset, beyond in self._commits.add(advances):
            self._unpass(partition, offset, beyond)

    def _unpass(self, partition: int, offset: int, beyond: int) -> None:
        records = self._tables.records
        causes = records.line("pass_cause", partition, offset, beyond)
        passed = np.flatnonzero(causes) + offset
        self._count_passed(records.at(np.full(len(passed), partition), passed), -1)
        records.fill("pass_cause", partition, offset, beyond, 0)

    def settle(self, log_ends: Ints, events: Ints) -> None:
        """Marks what was passed for good since the last call.

        Args:
            log_ends: high watermark of each partition as read so far, (partitions,) int64.
            events: those of each slot to look at, below these sequences, (slots,) int64; none that
                do not exist.
        """
        tables, ended = self._tables, self._tables.causes.known.ended
        for slot, first, after, cause in _pieces(self._sources.settle(ended, events)):
            tables.events.fill("position_cause", slot, first, after, cause)
            tables.touch(np.full(after - first, slot), np.arange(first, after))
            tables.rest()
        for partition, first, after, cause in _pieces(self._commits.settle(ended, log_ends)):
            places = tables.records.range_at(partition, first, after)
            tables.records["pass_cause"][places] = cause
            self._count_passed(places, 1)
            tables.rest()
        self._lag.pass_to(self._commits.positions)

    def _count_passed(self, places: Ints, step: int) -> None:
        """`places`: indexes in the table of records."""
        records, events = self._tables.records, self._tables.events
        places = places[records["standing"][places] == Standing.READABLE]
        places = places[records["source"][places] >= 0]
        slots, sequences = records["source"][places].astype(np.int64), records["sequence"][places]
        events.add("passed", events.at(slots, sequences), step)
        self._tables.touch(slots, sequences)

    def lag(self) -> int:
        """Readable records that no committed offset covers."""
        return self._lag.records

    @property
    def committed(self) -> Ints:
        """The committed offset of each partition as read so far, (partitions,) int64."""
        return self._commits.positions

    def passed_for_good(self) -> Ints:
        """The offset of each partition below which committed offsets have passed all for good."""
        return self._commits.passed_for_good()

    def sift(self) -> None:
        """Forgets events that were to be looked at and have an effect: those are not lost."""
        events = self._tables.events
        for slots, sequences in self._tables.take_touched():
            at = events.at(slots, sequences)
            missing = events["effects"][at] == 0
            self._tables.touch(slots[missing], sequences[missing])

    def judge(self) -> None:
        """Calls lost what is lost now. Only after the round's effects have all been taken."""
        for slots, sequences in self._tables.take_touched():
            self._judge(slots, sequences)
            self._tables.rest()

    def _judge(self, slots: Ints, sequences: Ints) -> None:
        events = self._tables.events
        at = events.at(slots, sequences)
        possible = np.flatnonzero(events["effects"][at] == 0)
        at = at[possible]
        possible = possible[
            (events["position_cause"][at] != 0)
            & (events["waiting"][at] == 0)
            & (events["passed"][at] >= events["appended"][at])
            & (events["lost"][at] == 0)
        ]
        slots, sequences = slots[possible], sequences[possible]
        _, first = np.unique(events.at(slots, sequences), return_index=True)
        self._lose(slots[first], sequences[first])

    def _lose(self, slots: Ints, sequences: Ints) -> None:
        events = self._tables.events
        self._tables.clicks.lost(slots, sequences)
        at = events.at(slots, sequences)
        after = events["appended"][at] > 0
        self._lose_before_log(slots[~after], sequences[~after])
        self._lose_after_log(slots[after], sequences[after])

    def _lose_before_log(self, slots: Ints, sequences: Ints) -> None:
        tables = self._tables
        at = tables.events.at(slots, sequences)
        places = places_of(slots, sequences, -1, -1)
        tables.events["lost"][at] = BEFORE_LOG
        tables.totals.lost_before_log += len(slots)
        acts = acts_of(tables.events["position_cause"][at].astype(np.int64))
        tables.causes.add(Kind.LOST_BEFORE_LOG, Rule.POSITION, places, acts, extra=False)

    def _lose_after_log(self, slots: Ints, sequences: Ints) -> None:
        tables = self._tables
        at = tables.events.at(slots, sequences)
        partitions = tables.events["partition"][at].astype(np.int64)
        offsets = tables.events["offset"][at]
        places = places_of(slots, sequences, partitions, offsets)
        tables.events["lost"][at] = AFTER_LOG
        tables.totals.lost_after_log += len(slots)
        records = tables.records.at(partitions, offsets)
        causes = tables.records["pass_cause"][records]
        acts = acts_of(causes.astype(np.int64))
        tables.causes.add(Kind.LOST_AFTER_LOG, Rule.END, places, acts, extra=False)


def _pieces(stretches: Rows) -> Iterator[tuple[int, int, int, int]]:
    """Line, first place, next place (exclusive) and cause, each at most PIECE places long."""
    for line, first, count, cause in stretches.tolist():
        for start in range(first, first + count, PIECE):
            yield line, start, min(start + PIECE, first + count), cause
