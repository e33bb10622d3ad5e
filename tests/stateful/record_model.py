"""Records in their places, and what a reader sees of them: the model for the real log.

Written from `workers/log/api.py` and the protocol's sources alone; shares no rule with the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from workers.log.types import FetchResult, Isolation, RecordBatch, TopicPartition

Event = tuple[int, int, int, int, int, bytes]
"""Source, sequence, due, appended, incarnation, payload: all that a record says."""
REPETITIONS_KNOWN = 5
"""Batches of a producer in a partition whose repetition is answered (Kafka keeps as many)."""


@dataclass(eq=False)
class Transaction:
    """A transaction that the log knows of.

    Fields:
        state: ongoing, prepared, committed or aborted.
        number: as the log calls it; None while no client has heard it.
        offsets: to be committed with it, by group and place.
    """

    producer_id: int
    epoch: int
    incarnation: int
    state: str = "ongoing"
    prepared_ns: int | None = None
    ended_ns: int | None = None
    offsets: dict[tuple[str, TopicPartition], int] = field(default_factory=dict)
    number: int | None = None


@dataclass
class Stored:
    """A record in its place."""

    event: Event
    transaction: Transaction | None


@dataclass
class Sent:
    """What an epoch of a producer sent to a partition: (first number, count, offset) each."""

    epoch: int
    batches: list[tuple[int, int, int]] = field(default_factory=list)

    def next_number(self) -> int:
        """The number that the next new batch starts with."""
        return sum(count for _, count, _ in self.batches)

    def offset_of(self, first: int, count: int) -> int | None:
        """Where the very same batch lies, if it is one of the last."""
        known = self.batches[-REPETITIONS_KNOWN:]
        return next((at for *what, at in known if what == [first, count]), None)


@dataclass(frozen=True)
class View:
    """What a reader may see of a partition now: offsets and events below `end`."""

    events: list[tuple[int, Event]]
    end: int
    high_watermark: int
    last_stable_offset: int


def view_of(records: Sequence[Stored], isolation: Isolation) -> View:
    """What a reader may see of a partition's records now."""
    open_ones = (n for n, r in enumerate(records) if r.transaction and not r.transaction.ended_ns)
    end = stable = next(open_ones, len(records))
    if isolation is Isolation.READ_UNCOMMITTED:
        end = len(records)
    events = [
        (n, record.event)
        for n, record in enumerate(records[:end])
        if isolation is Isolation.READ_UNCOMMITTED
        or record.transaction is None
        or record.transaction.state == "committed"
    ]
    return View(events, end, len(records), stable)


def events_of(batch: RecordBatch) -> list[Event]:
    """The batch's records one by one."""
    size = len(batch.records) // batch.count
    return [
        (
            batch.source,
            batch.first_sequence + n,
            batch.due_ns,
            batch.appended_ns,
            batch.incarnation,
            batch.records[n * size : (n + 1) * size],
        )
        for n in range(batch.count)
    ]


def check_fetch(view: View, offset: int, most: int, answer: FetchResult) -> None:
    """The answer shows all that the view has between its ends, gets on, and does not stop short."""
    assert answer.high_watermark == view.high_watermark
    assert answer.last_stable_offset == view.last_stable_offset
    seen: list[tuple[int, Event]] = []
    for fetched in answer.batches:
        seen += enumerate(events_of(fetched.batch), fetched.base_offset)
    until = answer.next_offset
    assert seen == [(at, event) for at, event in view.events if offset <= at < until]
    assert len(seen) <= most
    assert min(max(offset, view.end), offset + most) <= until <= max(offset, view.end)
