"""Accounts for effects: first deliveries, repetitions, and effects that should not be. Pure.

What cannot be judged yet is held, not guessed: an effect of a record that the log reader has not
reached, or of an event that is not due by this round's clock, waits for the next round.
"""

from __future__ import annotations

import numpy as np

from bench_gui.bench.audit.anomalies import Kind, Rule, acts_of, places_of
from bench_gui.bench.audit.append_times import UNKNOWN, AppendTimes
from bench_gui.bench.audit.columns import Ints, Mask, Rows, expand, no_rows, pick, previous_same
from bench_gui.bench.audit.deliveries import (
    CounterDeliveries,
    Deliveries,
    OutputDeliveries,
    Standing,
)
from bench_gui.bench.audit.lane_tables import LaneTables
from bench_gui.bench.audit.ledger_reader import EFFECT
from bench_gui.bench.metrics import LatencyHistogram


class EffectAudit:
    """The effects of one lane, of its counter or of its output topic."""

    def __init__(self, tables: LaneTables, *, output: bool) -> None:
        self._tables = tables
        self._output = output
        self._deliveries: Deliveries = (
            OutputDeliveries(tables.events) if output else CounterDeliveries(tables.records)
        )
        self._places = ("first_sequence",) if output else ("first_sequence", "first_offset")
        self._held = no_rows(EFFECT)
        self.latency = LatencyHistogram()
        """Of events delivered since someone last put a new one here."""
        self.since_append = LatencyHistogram()
        """From append to effect, of the same events; empty where appends are not timed."""
        self.measured_from_ns = 1
        """Events due earlier have no part in either."""
        self.contradiction: str | None = None
        """One sentence when an event that was called lost was delivered afterwards."""

    def take(self, effects: Rows) -> None:
        """New rows of ledger_reader.EFFECT, in order."""
        each = expand(effects, *self._places)
        applied = pick(each, each["applied"] == 1)
        self._tables.clicks.applied(applied["source"], applied["first_sequence"])
        self._judge(np.concatenate([self._held, each]) if len(self._held) else each, final=False)

    def finish(self) -> None:
        """Nothing more will come: judges what was held."""
        self._judge(self._held, final=True)

    def _judge(self, each: Rows, *, final: bool) -> None:
        if not len(each):
            return
        phantom = self._phantoms(each, final=final)
        standing = self._deliveries.standing(each, final=final)
        exists = self._tables.existing(each["source"], each["first_sequence"])
        unknown = ~exists | (standing == Standing.UNKNOWN)
        held = ~phantom & unknown & (not final)
        aborted = ~phantom & ~held & (standing == Standing.ABORTED)
        self._held = each[held]
        self._count_phantoms(each[phantom])
        self._count_aborted_reads(each[aborted])
        good = ~(phantom | held | aborted)
        self._deliver(pick(each, good), has_record=standing[good] == Standing.READABLE)

    def _phantoms(self, each: Rows, *, final: bool) -> Mask:
        """Effects of events that do not exist and never will."""
        slots, sequences = each["source"], each["first_sequence"]
        offered = self._tables.offered
        if final:
            return ~self._tables.existing(slots, sequences)
        known = (slots >= 0) & (slots < len(offered.counts))
        never = ~known | (sequences < 0)
        if offered.ends is not None:
            never |= sequences >= offered.ends[np.where(known, slots, 0)]
        return never

    def _count_phantoms(self, each: Rows) -> None:
        each = each[each["applied"] == 1]
        self._tables.totals.phantoms += len(each)
        self._tables.totals.effects += len(each)
        self._tables.clicks.extra(each["source"], each["first_sequence"])
        self._tables.causes.add_causeless(Kind.PHANTOM, _places(each))

    def _count_aborted_reads(self, each: Rows) -> None:
        each = each[each["applied"] == 1]
        self._tables.totals.aborted_reads += len(each)
        self._tables.totals.effects += len(each)
        self._tables.clicks.extra(each["source"], each["first_sequence"])
        self._tables.causes.add_causeless(Kind.ABORTED_READ, _places(each))

    def _deliver(self, each: Rows, has_record: Mask) -> None:
        again, by = self._repeats(each, has_record)
        applied = each["applied"] == 1
        extra = np.zeros(len(each), dtype=np.bool_)
        extra[applied] = self._apply(pick(each, applied))
        suppressed = ~applied
        self._tables.totals.redelivered += int(np.count_nonzero(again))
        self._tables.totals.suppressed += int(np.count_nonzero(suppressed))
        odd = again | extra | suppressed
        if odd.any():
            self._explain(each[odd], again[odd], extra[odd], by[odd], has_record[odd])

    def _repeats(self, each: Rows, has_record: Mask) -> tuple[Mask, Ints]:
        again = np.zeros(len(each), dtype=np.bool_)
        by = np.zeros(len(each), dtype=np.int64)
        again[has_record], by[has_record] = self._deliveries.repeat(pick(each, has_record))
        return again, by

    def _explain(self, each: Rows, again: Mask, extra: Mask, by: Ints, has_record: Mask) -> None:
        """Why deliveries were made that an event delivered once would not have had.

        A record delivered again: by its deliveries. A record delivered first, whose event had been
        delivered: by the log's duplicate of the event. An output names no record; where the log
        holds its event twice, that is why.
        """
        in_log = self._in_log(each, has_record)
        by_log = ~again | ((each["first_offset"] < 0) & (in_log > 0))
        acts = acts_of(by, each["incarnation"], each["effect_ns"])
        acts[by_log] = self._tables.log_duplicates.acts(in_log[by_log])
        rules = np.where(by_log, Rule.APPEND, Rule.DELIVERY)
        kinds = np.where(each["applied"] == 0, Kind.SUPPRESSED, Kind.REDELIVERED)
        kinds[extra & ~again] = Kind.DUPLICATE_SHOWING
        self._tables.causes.add(kinds, rules, _places(each), acts, extra)

    def _in_log(self, each: Rows, has_record: Mask) -> Ints:
        """The number of the record's, or else of the event's, duplicate in the log; 0 without."""
        records, events = self._tables.records, self._tables.events
        of_record = records.look_up("log_duplicate", each["partition"], each["first_offset"])
        of_record = np.where(has_record, of_record, 0)
        event = self._tables.event_at(each)
        of_event = events["log_duplicate"][event]
        return np.where(of_record == 0, of_event, of_record).astype(np.int64)

    def _apply(self, each: Rows) -> Mask:
        """Counts effects. Returns: which are beyond their event's first."""
        tables, totals = self._tables, self._tables.totals
        event = tables.event_at(each)
        extra: Mask = (tables.events["effects"][event] > 0) | (previous_same(event) >= 0)
        tables.events.add("effects", event, 1)
        tables.recover(event)
        totals.effects += len(each)
        totals.duplicates += int(np.count_nonzero(extra))
        totals.delivered += int(np.count_nonzero(~extra))
        again = each[extra]
        tables.clicks.extra(again["source"], again["first_sequence"])
        first = pick(each, ~extra)
        self._contradict(first)
        self._measure(first)
        return extra

    def _contradict(self, first: Rows) -> None:
        event = self._tables.event_at(first)
        lost = self._tables.events["lost"][event] != 0
        if not lost.any():
            return
        self._tables.totals.contradictions += int(np.count_nonzero(lost))
        odd = first[lost][0]
        self.contradiction = self.contradiction or (
            f"event {odd['first_sequence']} of source {odd['source']} "
            "was called lost and was delivered afterwards"
        )

    def _measure(self, first: Rows) -> None:
        slots, sequences = first["source"], first["first_sequence"]
        if self._tables.offered.open_loop:
            due_ns = self._tables.offered.due_ns(slots, sequences)
        else:
            at = self._tables.events.at(slots, sequences)
            due_ns = self._tables.events["due_ns"][at]
        measured = due_ns >= self.measured_from_ns
        self.latency.record((first["effect_ns"] - due_ns)[measured])
        if self._tables.append_times is not None:
            self._measure_since_append(pick(first, measured), self._tables.append_times)

    def _measure_since_append(self, first: Rows, times: AppendTimes) -> None:
        """An output names no record; the log holds its event where it was found last."""
        partitions, offsets = first["partition"], first["first_offset"]
        if self._output:
            event = self._tables.event_at(first)
            partitions = self._tables.events["partition"][event].astype(np.int64)
            offsets = self._tables.events["offset"][event]
        appended_ns = times.of(partitions, offsets)
        known = appended_ns != UNKNOWN
        self.since_append.record((first["effect_ns"] - appended_ns)[known])


def _places(each: Rows) -> Rows:
    return places_of(
        each["source"], each["first_sequence"], each["partition"], each["first_offset"]
    )
