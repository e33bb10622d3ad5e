"""Accounts for effects: first deliveries, repetitions, and effects that should not be. Pure.

What cannot be judged yet is held, not guessed: an effect of a record that the log reader has not
reached, or of an event that is not due by this round's clock, waits for the next round.
"""

from __future__ import annotations

import numpy as np

from bench_gui.bench.audit.attribution import Kind, places_of
from bench_gui.bench.audit.columns import Ints, Mask, Rows, expand, no_rows, pick, previous_same
from bench_gui.bench.audit.deliveries import (
    CounterDeliveries,
    Deliveries,
    OutputDeliveries,
    Standing,
)
from bench_gui.bench.audit.lane_tables import LaneTables, event_keys
from bench_gui.bench.audit.ledger_reader import EFFECT
from bench_gui.bench.audit.passing import NO_CAUSE
from bench_gui.bench.metrics import LatencyHistogram


class EffectAudit:
    """The effects of one lane, of its counter or of its output topic."""

    def __init__(self, tables: LaneTables, *, output: bool) -> None:
        self._tables = tables
        self._deliveries: Deliveries = (
            OutputDeliveries(tables.events) if output else CounterDeliveries(tables.records)
        )
        self._places = ("first_sequence",) if output else ("first_sequence", "first_offset")
        self._held = no_rows(EFFECT)
        self.latency = LatencyHistogram()
        """Of events delivered since someone last put a new one here."""
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
        self._tables.causes.add(Kind.PHANTOM, _places(each), NO_CAUSE, extra=False)

    def _count_aborted_reads(self, each: Rows) -> None:
        each = each[each["applied"] == 1]
        self._tables.totals.aborted_reads += len(each)
        self._tables.totals.effects += len(each)
        self._tables.causes.add(Kind.ABORTED_READ, _places(each), NO_CAUSE, extra=False)

    def _deliver(self, each: Rows, has_record: Mask) -> None:
        again, by = self._repeats(each, has_record)
        by[by == each["incarnation"]] = NO_CAUSE
        applied = each["applied"] == 1
        extra = np.zeros(len(each), dtype=np.bool_)
        extra[applied] = self._apply(pick(each, applied))
        of_output = each["first_offset"] < 0
        explained = again & ((by != NO_CAUSE) | ~of_output)
        by = np.where(explained, by, self._log_causes(each, has_record))
        self._count_repeats(each, again, extra, by)

    def _repeats(self, each: Rows, has_record: Mask) -> tuple[Mask, Ints]:
        again = np.zeros(len(each), dtype=np.bool_)
        by = np.full(len(each), NO_CAUSE, dtype=np.int64)
        again[has_record], by[has_record] = self._deliveries.repeat(pick(each, has_record))
        return again, by

    def _log_causes(self, each: Rows, has_record: Mask) -> Ints:
        """For a record delivered first: who appended the event's other record before."""
        records, events = self._tables.records, self._tables.events
        causes = records.look_up("log_cause", each["partition"], each["first_offset"])
        causes = np.where(has_record, causes, 0)
        event_cause = events["duplicate_cause"][each["source"], each["first_sequence"]]
        return np.where(causes == 0, event_cause, causes).astype(np.int64)

    def _apply(self, each: Rows) -> Mask:
        """Counts effects. Returns: which are beyond their event's first."""
        tables, totals = self._tables, self._tables.totals
        event = (each["source"], each["first_sequence"])
        effects = tables.events["effects"]
        extra: Mask = (effects[event] > 0) | (previous_same(event_keys(*event)) >= 0)
        np.add.at(effects, event, 1)
        totals.effects += len(each)
        totals.duplicates += int(np.count_nonzero(extra))
        totals.delivered += int(np.count_nonzero(~extra))
        first = pick(each, ~extra)
        self._contradict(first)
        self._measure(first)
        return extra

    def _contradict(self, first: Rows) -> None:
        lost = self._tables.events["lost"][first["source"], first["first_sequence"]] != 0
        if not lost.any():
            return
        self._tables.totals.contradictions += int(np.count_nonzero(lost))
        event = first[lost][0]
        self.contradiction = self.contradiction or (
            f"event {event['first_sequence']} of source {event['source']} "
            "was called lost and was delivered afterwards"
        )

    def _measure(self, first: Rows) -> None:
        slots, sequences = first["source"], first["first_sequence"]
        if self._tables.offered.open_loop:
            due_ns = self._tables.offered.due_ns(slots, sequences)
        else:
            due_ns = self._tables.events["due_ns"][slots, sequences]
        self.latency.record((first["effect_ns"] - due_ns)[due_ns > 0])

    def _count_repeats(self, each: Rows, again: Mask, extra: Mask, by: Ints) -> None:
        totals = self._tables.totals
        suppressed = each["applied"] == 0
        totals.redelivered += int(np.count_nonzero(again))
        totals.suppressed += int(np.count_nonzero(suppressed))
        kinds = np.where(suppressed, Kind.SUPPRESSED, Kind.REDELIVERED)
        kinds[extra & ~again] = Kind.DUPLICATE_SHOWING
        odd = again | extra | suppressed
        self._tables.causes.add(kinds[odd], _places(each[odd]), by[odd], extra[odd])


def _places(each: Rows) -> Rows:
    return places_of(
        each["source"], each["first_sequence"], each["partition"], each["first_offset"]
    )
