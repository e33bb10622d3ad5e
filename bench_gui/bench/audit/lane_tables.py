"""What is known of each event and each record of a lane, as columns of small numbers. Pure.

`append_audit`, `loss_audit` and `effect_audit` write here, each its own columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bench_gui.bench.audit.anomalies import ACT, NO_CAUSE
from bench_gui.bench.audit.append_times import AppendTimes
from bench_gui.bench.audit.attribution import Attribution
from bench_gui.bench.audit.click_tally import ClickTally
from bench_gui.bench.audit.columns import GrowingRows, Ints, Mask, Rows
from bench_gui.bench.audit.growing_table import LIVE_PACKING, GrowingTable, Packing
from bench_gui.bench.audit.lag import Lag
from bench_gui.bench.audit.offered import Offered
from workers.lanes import Lane, Result

EVENT_COLUMNS = {
    "appended": np.int32,
    "aborted": np.int32,
    "waiting": np.int32,
    "passed": np.int32,
    "effects": np.int32,
    "lost": np.int8,
    "position_cause": np.int32,
    "appender": np.int32,
    "log_duplicate": np.int32,
    "unacked": np.int32,
    "recovered": np.int8,
    "partition": np.int16,
    "offset": np.int64,
}
"""By (slot, sequence).

appended: readable records. aborted: records of aborted transactions, not of the output topic.
waiting: records, of the log or the output topic, that may yet become readable.
passed: readable records that a committed offset has passed for good. effects: applications.
lost: 0, BEFORE_LOG or AFTER_LOG. position_cause: 0 until the source position has passed for good.
appender, partition, offset: of the latest readable record. log_duplicate: the first of its
LogDuplicates, 0 without one. unacked: readable records whose appender ended without their
acknowledgement. recovered: whether that is all of them, and it was delivered.
"""

RECORD_COLUMNS = {
    "standing": np.int8,
    "source": np.int16,
    "sequence": np.int64,
    "pass_cause": np.int32,
    "log_duplicate": np.int32,
    "deliveries": np.int32,
    "deliverer": np.int32,
}
"""By (partition, offset).

standing: a `deliveries.Standing`. source: -1 for a record of no event.
pass_cause: 0 until a committed offset has passed for good. log_duplicate: its number among the
LogDuplicates, 0 for its event's first record. deliverer: who delivered it last.
"""

OUTPUT_COLUMNS = {"deliveries": np.int32, "deliverer": np.int32}
"""By (slot, sequence), where the result is the output topic."""
CLOSED_LOOP_COLUMNS = {"due_ns": np.int64}
"""By (slot, sequence), where no timetable says it."""

BEFORE_LOG, AFTER_LOG = 1, 2
TOUCHED_AT_ONCE = 1 << 16


@dataclass(slots=True)
class Totals:
    """Running totals; the words are those of `snapshot.LaneCounts`.

    Fields:
        delivered: events with at least one effect.
        contradictions: events with an effect that had been called lost.
    """

    appended: int = 0
    delivered: int = 0
    recovered: int = 0
    effects: int = 0
    lost_before_log: int = 0
    lost_after_log: int = 0
    duplicates: int = 0
    duplicates_in_log: int = 0
    redelivered: int = 0
    suppressed: int = 0
    aborted_attempts: int = 0
    aborted_reads: int = 0
    phantoms: int = 0
    contradictions: int = 0


class LogDuplicates:
    """Each record that repeats its event in the log: who appended the event before and again."""

    def __init__(self) -> None:
        self._acts = GrowingRows(ACT)
        self._acts.add(np.array([(NO_CAUSE, NO_CAUSE, 0)], dtype=ACT))

    def add(self, acts: Rows) -> Ints:
        """More of them, rows of ACT. Returns: their numbers, from 1, (n,)."""
        numbers = np.arange(len(self._acts), len(self._acts) + len(acts))
        self._acts.add(acts)
        return numbers

    def acts(self, numbers: Ints) -> Rows:
        """Rows of ACT, one a number; that of 0 names nobody."""
        acts: Rows = self._acts.rows[numbers]
        return acts


class LaneTables:
    """The columns of one lane, its totals, and its anomalies."""

    def __init__(
        self,
        lane: Lane,
        offered: Offered,
        partitions: int,
        clicks: ClickTally,
        packing: Packing = LIVE_PACKING,
        *,
        since_append: bool = False,
    ) -> None:
        """
        Args:
            packing: of events and records.
            since_append: whether it is kept when records were appended.
        """
        output = lane.result is Result.OUTPUT_TOPIC
        columns = dict(EVENT_COLUMNS)
        columns |= OUTPUT_COLUMNS if output else {}
        columns |= {} if offered.open_loop else CLOSED_LOOP_COLUMNS
        self.events = GrowingTable(len(offered.counts), columns, packing)
        self.records = GrowingTable(partitions, RECORD_COLUMNS, packing)
        self.lag = Lag(self.records)
        self.offered = offered
        self.clicks = clicks
        self.log_duplicates = LogDuplicates()
        self.causes = Attribution(
            lane.slug, retries=lane.producer.retries, log_duplicates=self._duplicates_of
        )
        self.totals = Totals()
        self.append_times = AppendTimes(partitions) if since_append else None
        self._touched: list[tuple[Ints, Ints]] = []

    def exist(self) -> None:
        """Counts the click of every event offered so far as having happened."""
        self.clicks.happened(self.offered.counts)

    def event_at(self, each: Rows) -> Ints:
        """The index in `events` of each row's event."""
        return self.events.at(each["source"], each["first_sequence"])

    def recover(self, events: Ints) -> None:
        """Looks again whether these events, by index, are recovered."""
        table = self.events
        events = np.unique(events[table["unacked"][events] > 0])
        if len(events):
            recovered = table["unacked"][events] >= table["appended"][events]
            recovered &= table["effects"][events] > 0
            before = int(table["recovered"][events].sum())
            table["recovered"][events] = recovered
            self.totals.recovered += int(np.count_nonzero(recovered)) - before

    def rest(self) -> None:
        """The round is over: packs what nobody asked for lately."""
        self.events.rest()
        self.records.rest()

    def existing(self, slots: Ints, sequences: Ints) -> Mask:
        """Which events exist so far, (n,), (n,) to (n,) bool."""
        counts = self.offered.counts
        known = (slots >= 0) & (slots < len(counts))
        limits = counts[np.where(known, slots, 0)]
        return known & (sequences >= 0) & (sequences < limits)

    def touch(self, slots: Ints, sequences: Ints) -> None:
        """These events may have become lost: look at them at the end of the round."""
        if len(slots):
            self._touched.append((slots, sequences))

    def _duplicates_of(self, slots: Ints, sequences: Ints) -> Rows:
        numbers = self.events.look_up("log_duplicate", slots, sequences)
        return self.log_duplicates.acts(numbers)

    def take_touched(self) -> Iterator[tuple[Ints, Ints]]:
        """Slots and sequences touched since the last call, some at a time; an event may be there
        twice."""
        touched, self._touched = self._touched, []
        while touched:
            some = [touched.pop(0)]
            while touched and sum(len(slots) for slots, _ in some) < TOUCHED_AT_ONCE:
                some.append(touched.pop(0))
            slots, sequences = zip(*some, strict=True)
            yield np.concatenate(slots), np.concatenate(sequences)
