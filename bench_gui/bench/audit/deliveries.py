"""Which deliveries repeat an earlier one, for a counter and for an output topic. Pure.

A counter's ledger names the record of each delivery, so a repetition is a second delivery of a
record. An output record names only its event, so there it is a second output of an event.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Protocol

import numpy as np

from bench_gui.bench.audit.columns import Ints, Mask, Rows, previous_same
from bench_gui.bench.audit.growing_table import GrowingTable


class Standing(IntEnum):
    """What the log says of a delivered record."""

    UNKNOWN = 0
    READABLE = 1
    ABORTED = 2


class Deliveries(Protocol):
    """Remembers deliveries. Every `each` has rows of ledger_reader.EFFECT with `count` 1."""

    def standing(self, each: Rows, *, final: bool) -> Ints:
        """The Standing of each delivery's record; UNKNOWN may change unless `final`."""

    def repeat(self, each: Rows) -> tuple[Mask, Ints]:
        """Notes deliveries of readable records, in order.

        Returns: which repeat an earlier delivery, and the incarnation that made that one.
        """


class CounterDeliveries:
    """Deliveries by (partition, offset)."""

    def __init__(self, records: GrowingTable) -> None:
        """`records`: by (partition, offset); uses `standing`, `deliveries` and `deliverer`."""
        self._records = records

    def standing(self, each: Rows, *, final: bool) -> Ints:
        partitions, offsets = each["partition"], each["first_offset"]
        return self._records.look_up("standing", partitions, offsets).astype(np.int64)

    def repeat(self, each: Rows) -> tuple[Mask, Ints]:
        return _repeat(self._records, each["partition"], each["first_offset"], each["incarnation"])


class OutputDeliveries:
    """Deliveries by event."""

    def __init__(self, events: GrowingTable) -> None:
        """`events`: by (slot, sequence); uses `appended`, `aborted`, `deliveries`, `deliverer`."""
        self._events = events

    def standing(self, each: Rows, *, final: bool) -> Ints:
        slots, sequences = each["source"], each["first_sequence"]
        standing = np.full(len(each), Standing.UNKNOWN, dtype=np.int64)
        if final:
            aborted = self._events.look_up("aborted", slots, sequences) > 0
            standing[aborted] = Standing.ABORTED
        standing[self._events.look_up("appended", slots, sequences) > 0] = Standing.READABLE
        return standing

    def repeat(self, each: Rows) -> tuple[Mask, Ints]:
        return _repeat(self._events, each["source"], each["first_sequence"], each["incarnation"])


def _repeat(
    table: GrowingTable, lines: Ints, places: Ints, incarnations: Ints
) -> tuple[Mask, Ints]:
    at = table.at(lines, places)
    previous = previous_same(at)
    deliveries, deliverer = table["deliveries"], table["deliverer"]
    again = (previous >= 0) | (deliveries[at] > 0)
    by = np.where(previous >= 0, incarnations[previous], deliverer[at])
    table.add("deliveries", at, 1)
    deliverer[at] = incarnations
    return again, by.astype(np.int64)
