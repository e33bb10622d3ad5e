"""Accounts for the log: what is readable, there twice, or was never acknowledged. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bench_gui.bench.audit.anomalies import Kind, Rule, acts_of, places_of
from bench_gui.bench.audit.columns import Ints, Mask, Rows, expand, no_rows, pick, previous_same
from bench_gui.bench.audit.deliveries import Standing
from bench_gui.bench.audit.lane_tables import LaneTables, event_keys
from bench_gui.bench.audit.log_reader import BATCH, LogNews
from bench_gui.bench.incarnations import IncarnationEnd
from workers.files import SEQUENCE_BITS

SEQUENCE_MASK = (1 << SEQUENCE_BITS) - 1


class AppendAudit:
    """The input topic's records, batch by batch."""

    def __init__(self, tables: LaneTables) -> None:
        self._tables = tables
        self._batches = [no_rows(BATCH)]
        self._unacked: Ints = np.zeros(0, dtype=np.int64)

    def take(self, news: LogNews) -> None:
        """What one read of the input topic found."""
        self._tables.offered.found(self._furthest(news.readable))
        self._tables.exist()
        self.wait(news)
        self._abort(news.aborted)
        self._append(news.readable)
        self._batches.append(news.readable)
        self._note_unacked(news.readable)

    def wait(self, news: LogNews) -> None:
        """Events that may yet become readable; of the output topic's news too.

        Noted of events that are not due yet as well: what was raised must be lowered again.
        """
        for batches, step in ((news.seen, 1), (news.decided, -1)):
            each = self._of_sources(expand(batches, "first_sequence"))
            self._tables.events.reach(int(each["first_sequence"].max(initial=-1)) + 1)
            waiting = self._tables.events["waiting"]
            np.add.at(waiting, (each["source"], each["first_sequence"]), step)
            existing = self._of_events(each)
            self._tables.touch(existing["source"], existing["first_sequence"])

    def know(self, ends: Sequence[IncarnationEnd]) -> None:
        """Incarnations that have just ended: what they appended unacknowledged is known now."""
        if not ends:
            return
        batches = np.concatenate(self._batches)
        ended = np.isin(batches["incarnation"], [end.incarnation for end in ends])
        self._batches = [batches[~ended]]
        self._note_unacked(batches[ended])

    def count_recovered(self) -> int:
        """Events delivered though no append of them was ever acknowledged."""
        keys = np.unique(self._unacked)
        place = (keys >> SEQUENCE_BITS, keys & SEQUENCE_MASK)
        events = self._tables.events
        all_unacked = events["unacked"][place] >= events["appended"][place]
        return int(np.count_nonzero(all_unacked & (events["effects"][place] > 0)))

    def _furthest(self, readable: Rows) -> Ints:
        counts = np.zeros(len(self._tables.offered.counts), dtype=np.int64)
        known = readable[(readable["source"] >= 0) & (readable["source"] < len(counts))]
        np.maximum.at(counts, known["source"], known["first_sequence"] + known["count"])
        return counts

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
        each = self._of_events(each)
        np.add.at(tables.events["aborted"], (each["source"], each["first_sequence"]), 1)

    def _append(self, batches: Rows) -> None:
        each = expand(batches, "first_sequence", "base_offset")
        self._store_records(each, Standing.READABLE)
        each = self._of_events(each)
        records = self._tables.records
        records["source"][each["partition"], each["base_offset"]] = each["source"]
        self._find_duplicates(each)
        self._store_events(each)
        self._pass(each)

    def _store_records(self, each: Rows, standing: Standing) -> None:
        records = self._tables.records
        records.reach(int(each["base_offset"].max(initial=-1)) + 1)
        place = (each["partition"], each["base_offset"])
        records["standing"][place] = standing
        records["source"][place] = -1
        records["sequence"][place] = each["first_sequence"]

    def _find_duplicates(self, each: Rows) -> None:
        events, totals = self._tables.events, self._tables.totals
        event = (each["source"], each["first_sequence"])
        previous = previous_same(event_keys(*event))
        duplicate = (previous >= 0) | (events["appended"][event] > 0)
        cause = np.where(previous >= 0, each["incarnation"][previous], events["appender"][event])
        totals.appended += int(np.count_nonzero(~duplicate))
        totals.duplicates_in_log += int(np.count_nonzero(duplicate))
        self._store_duplicates(each[duplicate], cause[duplicate])

    def _store_duplicates(self, each: Rows, cause: Ints) -> None:
        tables = self._tables
        acts = acts_of(cause, each["incarnation"], each["appended_ns"])
        numbers = tables.log_duplicates.add(acts)
        tables.records["log_duplicate"][each["partition"], each["base_offset"]] = numbers
        self._store_first_duplicates(each, numbers)
        tables.causes.add(Kind.DUPLICATE_IN_LOG, Rule.APPEND, _places(each), acts, extra=False)

    def _store_first_duplicates(self, each: Rows, numbers: Ints) -> None:
        of_event = self._tables.events["log_duplicate"]
        event = (each["source"], each["first_sequence"])
        first = np.flatnonzero(of_event[event] == 0)[::-1]
        of_event[event[0][first], event[1][first]] = numbers[first]

    def _store_events(self, each: Rows) -> None:
        events = self._tables.events
        event = (each["source"], each["first_sequence"])
        np.add.at(events["appended"], event, 1)
        events["appender"][event] = each["incarnation"]
        events["partition"][event] = each["partition"]
        events["offset"][event] = each["base_offset"]
        if not self._tables.offered.open_loop:
            events["due_ns"][event] = each["due_ns"]

    def _pass(self, each: Rows) -> None:
        """Records that a committed offset had passed before they could be read."""
        passed = self._tables.records["pass_cause"][each["partition"], each["base_offset"]] != 0
        event = (each["source"][passed], each["first_sequence"][passed])
        np.add.at(self._tables.events["passed"], event, 1)
        self._tables.touch(*event)

    def _note_unacked(self, batches: Rows) -> None:
        each = expand(batches[self._have_unacked(batches)], "first_sequence")
        each = self._of_events(each[self._are_unacked(each, each["first_sequence"])])
        event = (each["source"], each["first_sequence"])
        np.add.at(self._tables.events["unacked"], event, 1)
        self._unacked = np.concatenate([self._unacked, event_keys(*event)])

    def _have_unacked(self, batches: Rows) -> Mask:
        return self._are_unacked(batches, batches["first_sequence"] + batches["count"] - 1)

    def _are_unacked(self, rows: Rows, sequences: Ints) -> Mask:
        """Whether the row's appender has ended without the acknowledgement of the sequence."""
        unacked = np.zeros(len(rows), dtype=np.bool_)
        for incarnation in np.unique(rows["incarnation"]).tolist():
            end = self._tables.causes.known.ends.get(incarnation)
            if end is not None:
                mine = rows["incarnation"] == incarnation
                unacked |= mine & (sequences >= (end.acked_sequence or 0))
        return unacked


def _places(each: Rows) -> Rows:
    return places_of(each["source"], each["first_sequence"], each["partition"], each["base_offset"])
