"""Accounts for positions and decides what is lost: only what nothing can deliver any more. Pure.

An event is lost before the log when its source position has passed it for good, no record of it is
readable and none can become so. It is lost after the log when a committed offset has passed every
readable record of it for good and it has no effect. "For good" is `passing`'s.
"""

from __future__ import annotations

import numpy as np

from bench_gui.bench.audit.anomalies import Kind, Rule, acts_of, places_of
from bench_gui.bench.audit.columns import Ints, Rows
from bench_gui.bench.audit.deliveries import Standing
from bench_gui.bench.audit.lane_tables import AFTER_LOG, BEFORE_LOG, LaneTables, event_keys
from bench_gui.bench.audit.passing import Passing


class LossAudit:
    """Source positions and committed offsets of one lane."""

    def __init__(self, tables: LaneTables) -> None:
        self._tables = tables
        self._sources = Passing(tables.events.lines)
        self._commits = Passing(tables.records.lines)

    def take_sources(self, advances: Rows) -> None:
        """New rows of the source positions' history; `line` is the slot."""
        for slot, sequence in self._sources.add(advances):
            self._tables.events["position_cause"][slot, sequence:] = 0
        self._tables.offered.found(self._sources.positions)
        self._tables.exist()

    def take_commits(self, advances: Rows) -> None:
        """New rows of the committed offsets' history; `line` is the partition."""
        for partition, offset in self._commits.add(advances):
            self._unpass(partition, offset)

    def _unpass(self, partition: int, offset: int) -> None:
        records = self._tables.records
        passed = np.flatnonzero(records["pass_cause"][partition, offset:]) + offset
        self._count_passed(np.full(len(passed), partition), passed, -1)
        records["pass_cause"][partition, offset:] = 0

    def settle(self, log_ends: Ints) -> None:
        """Marks what was passed for good since the last call.

        Args:
            log_ends: high watermark of each partition as read so far, (partitions,) int64.
        """
        tables, ended = self._tables, self._tables.causes.known.ended
        events = self._sources.settle(ended, tables.offered.counts)
        tables.events["position_cause"][events["line"], events["first"]] = events["cause"]
        tables.touch(events["line"], events["first"])
        records = self._commits.settle(ended, log_ends)
        tables.records.reach(int(log_ends.max(initial=0)))
        tables.records["pass_cause"][records["line"], records["first"]] = records["cause"]
        self._count_passed(records["line"], records["first"], 1)

    def _count_passed(self, partitions: Ints, offsets: Ints, step: int) -> None:
        records = self._tables.records
        readable = records["standing"][partitions, offsets] == Standing.READABLE
        place = (partitions[readable], offsets[readable])
        slots, sequences = records["source"][place].astype(np.int64), records["sequence"][place]
        of_event = slots >= 0
        event = (slots[of_event], sequences[of_event])
        np.add.at(self._tables.events["passed"], event, step)
        self._tables.touch(*event)

    def lag(self) -> int:
        """Readable records that no committed offset covers."""
        standing = self._tables.records["standing"]
        return sum(
            int(np.count_nonzero(standing[partition, position:] == Standing.READABLE))
            for partition, position in enumerate(self._commits.positions.tolist())
        )

    def judge(self) -> None:
        """Calls lost what is lost now. Only after the round's effects have all been taken."""
        slots, sequences = self._tables.take_touched()
        events = self._tables.events
        possible = (
            (events["effects"][slots, sequences] == 0)
            & (events["position_cause"][slots, sequences] != 0)
            & (events["waiting"][slots, sequences] == 0)
            & (events["passed"][slots, sequences] >= events["appended"][slots, sequences])
            & (events["lost"][slots, sequences] == 0)
        )
        _, first = np.unique(event_keys(slots[possible], sequences[possible]), return_index=True)
        self._lose(slots[possible][first], sequences[possible][first])

    def _lose(self, slots: Ints, sequences: Ints) -> None:
        after = self._tables.events["appended"][slots, sequences] > 0
        self._lose_before_log(slots[~after], sequences[~after])
        self._lose_after_log(slots[after], sequences[after])

    def _lose_before_log(self, slots: Ints, sequences: Ints) -> None:
        tables = self._tables
        places = places_of(slots, sequences, -1, -1)
        tables.events["lost"][slots, sequences] = BEFORE_LOG
        tables.totals.lost_before_log += len(slots)
        causes = tables.events["position_cause"][slots, sequences].astype(np.int64)
        acts = acts_of(causes)
        tables.causes.add(Kind.LOST_BEFORE_LOG, Rule.POSITION, places, acts, extra=False)

    def _lose_after_log(self, slots: Ints, sequences: Ints) -> None:
        tables = self._tables
        partitions = tables.events["partition"][slots, sequences].astype(np.int64)
        offsets = tables.events["offset"][slots, sequences]
        places = places_of(slots, sequences, partitions, offsets)
        tables.events["lost"][slots, sequences] = AFTER_LOG
        tables.totals.lost_after_log += len(slots)
        causes = tables.records["pass_cause"][partitions, offsets]
        acts = acts_of(causes.astype(np.int64))
        tables.causes.add(Kind.LOST_AFTER_LOG, Rule.END, places, acts, extra=False)
