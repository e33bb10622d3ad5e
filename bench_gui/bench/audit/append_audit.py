"""Accounts for the log: what is readable, there twice, or was never acknowledged. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from bench_gui.bench.audit.anomalies import Kind, Rule, acts_of, places_of
from bench_gui.bench.audit.columns import Ints, Rows, expand, pick, previous_same
from bench_gui.bench.audit.deliveries import Standing
from bench_gui.bench.audit.lane_tables import LaneTables
from bench_gui.bench.audit.log_reader import LogNews
from bench_gui.bench.audit.unacked import AppendedRanges
from bench_gui.bench.incarnations import IncarnationEnd


class AppendAudit:
    """The input topic's records, batch by batch."""

    def __init__(self, tables: LaneTables) -> None:
        self._tables = tables
        self._of_living = AppendedRanges()
        self._found: Ints = np.zeros(len(tables.offered.counts), dtype=np.int64)
        """By slot: beyond the last event that is in the log."""

    def take(self, news: LogNews) -> None:
        """What one read of the input topic found."""
        self._find(news.readable)
        if not self._tables.offered.open_loop:
            self._tables.offered.found(self._found)
        self._tables.exist()
        self.wait(news)
        if len(news.aborted):
            self._abort(news.aborted)
        if len(news.readable):
            if self._tables.append_times is not None:
                self._tables.append_times.add(news.readable)
            self._append(news.readable)
            self._of_living.add(news.readable)
            self._note_unacked(self._tables.causes.known.ends)

    def wait(self, news: LogNews) -> None:
        """Events that may yet become readable; of the output topic's news too.

        Noted of events that are not due yet as well: what was raised must be lowered again.
        """
        for batches, step in ((news.seen, 1), (news.decided, -1)):
            if len(batches):
                each = self._of_sources(expand(batches, "first_sequence"))
                self._tables.events.add("waiting", self._tables.event_at(each), step)
                existing = self._of_events(each)
                self._tables.touch(existing["source"], existing["first_sequence"])

    def know(self, ends: Sequence[IncarnationEnd]) -> None:
        """Incarnations that have just ended: what they appended unacknowledged is known now."""
        self._note_unacked({end.incarnation: end for end in ends})

    @property
    def furthest(self) -> Ints:
        """The events of each slot below which the log was read, of those that exist, (slots,)."""
        return np.minimum(self._found, self._tables.offered.counts)

    def _find(self, readable: Rows) -> None:
        slots = len(self._found)
        known = readable[(readable["source"] >= 0) & (readable["source"] < slots)]
        np.maximum.at(self._found, known["source"], known["first_sequence"] + known["count"])

    def _of_sources(self, each: Rows) -> Rows:
        slots = len(self._tables.offered.counts)
        known = (each["source"] >= 0) & (each["source"] < slots) & (each["first_sequence"] >= 0)
        return pick(each, known)

    def _of_events(self, each: Rows) -> Rows:
        return pick(each, self._tables.existing(each["source"], each["first_sequence"]))

    def _abort(self, batches: Rows) -> None:
        tables = self._tables
        tables.totals.aborted_attempts += int(batches["count"].sum())
        each = expand(batches, "first_sequence", "base_offset")
        self._store_records(each, Standing.ABORTED)
        tables.events.add("aborted", tables.event_at(self._of_events(each)), 1)

    def _append(self, batches: Rows) -> None:
        each = expand(batches, "first_sequence", "base_offset")
        self._store_records(each, Standing.READABLE)
        self._tables.lag.become_readable(each["partition"], each["base_offset"])
        each = self._of_events(each)
        records, events = self._record_at(each), self._tables.event_at(each)
        self._tables.records["source"][records] = each["source"]
        self._find_duplicates(each, records, events)
        self._store_events(each, events)
        self._pass(each, records, events)

    def _record_at(self, each: Rows) -> Ints:
        return self._tables.records.at(each["partition"], each["base_offset"])

    def _store_records(self, each: Rows, standing: Standing) -> None:
        at, records = self._record_at(each), self._tables.records
        records["standing"][at] = standing
        records["source"][at] = -1
        records["sequence"][at] = each["first_sequence"]

    def _find_duplicates(self, each: Rows, records: Ints, events: Ints) -> None:
        table, totals = self._tables.events, self._tables.totals
        previous = previous_same(events)
        duplicate = (previous >= 0) | (table["appended"][events] > 0)
        found = int(np.count_nonzero(duplicate))
        totals.appended += len(each) - found
        totals.duplicates_in_log += found
        if found:
            cause = np.where(
                previous >= 0, each["incarnation"][previous], table["appender"][events]
            )
            self._store_duplicates(
                each[duplicate], cause[duplicate], records[duplicate], events[duplicate]
            )

    def _store_duplicates(self, each: Rows, cause: Ints, records: Ints, events: Ints) -> None:
        tables = self._tables
        acts = acts_of(cause, each["incarnation"], each["appended_ns"])
        numbers = tables.log_duplicates.add(acts)
        tables.records["log_duplicate"][records] = numbers
        of_event = tables.events["log_duplicate"]
        first = np.flatnonzero(of_event[events] == 0)[::-1]
        of_event[events[first]] = numbers[first]
        tables.causes.add(Kind.DUPLICATE_IN_LOG, Rule.APPEND, _places(each), acts, extra=False)

    def _store_events(self, each: Rows, events: Ints) -> None:
        table = self._tables.events
        table.add("appended", events, 1)
        table["appender"][events] = each["incarnation"]
        table["partition"][events] = each["partition"]
        table["offset"][events] = each["base_offset"]
        if not self._tables.offered.open_loop:
            table["due_ns"][events] = each["due_ns"]
        self._tables.recover(events)

    def _pass(self, each: Rows, records: Ints, events: Ints) -> None:
        """Records that a committed offset had passed before they could be read."""
        passed = self._tables.records["pass_cause"][records] != 0
        if passed.any():
            self._tables.events.add("passed", events[passed], 1)
            self._tables.touch(each["source"][passed], each["first_sequence"][passed])

    def _note_unacked(self, ends: Mapping[int, IncarnationEnd]) -> None:
        each = self._of_events(self._of_living.unacked(ends))
        if len(each):
            events = self._tables.event_at(each)
            self._tables.events.add("unacked", events, 1)
            self._tables.recover(events)


def _places(each: Rows) -> Rows:
    return places_of(each["source"], each["first_sequence"], each["partition"], each["base_offset"])
