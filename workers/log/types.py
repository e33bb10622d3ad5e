"""The log's words as types. Knows no storage.

Source: Kafka's protocol (`RecordBatch`, `FetchResponse`, `InitProducerId`) for names and meanings.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, NewType

Offset = NewType("Offset", int)
"""A record's place in its partition, from 0. A committed offset is the NEXT offset to read."""
ProducerId = NewType("ProducerId", int)
ProducerEpoch = NewType("ProducerEpoch", int)
Sequence = NewType("Sequence", int)
"""An event's number in its source slot, or a record's number of an idempotent producer."""
Generation = NewType("Generation", int)
IncarnationId = NewType("IncarnationId", int)
"""One worker process of a lane, numbered by the supervisor from 1; durable in every ledger."""


class Isolation(Enum):
    """Which records a fetch may return."""

    READ_UNCOMMITTED = "read_uncommitted"
    READ_COMMITTED = "read_committed"


class TopicPartition(NamedTuple):
    """One partition of one topic, `partition` from 0."""

    topic: str
    partition: int


@dataclass(frozen=True, slots=True)
class ProducerIdentity:
    """An idempotent producer: a stable id, and an epoch that fences its earlier processes."""

    producer_id: ProducerId
    epoch: ProducerEpoch


@dataclass(frozen=True, slots=True)
class Membership:
    """A consumer's place in its group.

    Fields:
        instance_id: the slot, stable over restarts (Kafka's group.instance.id, KIP-345).
        member_id: new at every join; fences the slot's earlier processes.
        generation: fences members that missed a rebalance.
        partitions: the partitions assigned, ascending.
    """

    instance_id: int
    member_id: int
    generation: Generation
    partitions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RecordBatch:
    """Consecutive events of one source slot, as one row of the log.

    Fields:
        source: the source slot the events come from.
        first_sequence: the first event's number; the others follow without a gap.
        count: events in the batch. Invariant: count >= 1 and len(records) % count == 0.
        due_ns: when the first event was due, monotonic nanoseconds.
        appended_ns: when the writer handed the batch over, monotonic nanoseconds.
        incarnation: the worker process that wrote it.
        records: `count` encoded records of equal size, one after the other.
    """

    source: int
    first_sequence: Sequence
    count: int
    due_ns: int
    appended_ns: int
    incarnation: IncarnationId
    records: bytes

    @property
    def record_size(self) -> int:
        """Bytes of one encoded record."""
        return len(self.records) // self.count

    def tail(self, skip: int) -> RecordBatch:
        """The batch without its first `skip` events, 0 <= skip < count."""
        if skip == 0:
            return self
        return RecordBatch(
            self.source,
            Sequence(self.first_sequence + skip),
            self.count - skip,
            self.due_ns,
            self.appended_ns,
            self.incarnation,
            self.records[skip * self.record_size :],
        )

    def head(self, keep: int) -> RecordBatch:
        """The first `keep` events of the batch, 1 <= keep; all of them when there are fewer."""
        if keep >= self.count:
            return self
        return RecordBatch(
            self.source,
            self.first_sequence,
            keep,
            self.due_ns,
            self.appended_ns,
            self.incarnation,
            self.records[: keep * self.record_size],
        )


@dataclass(frozen=True, slots=True)
class ProducerStamp:
    """What an idempotent producer puts on a batch: who it is and the batch's first number."""

    identity: ProducerIdentity
    base_sequence: Sequence


@dataclass(frozen=True, slots=True)
class AppendResult:
    """Where a batch is stored. `duplicate`: it was there already and nothing was written."""

    base_offset: Offset
    duplicate: bool


@dataclass(frozen=True, slots=True)
class FetchedBatch:
    """A batch as fetched; `base_offset` is its first record's offset."""

    base_offset: Offset
    batch: RecordBatch

    @property
    def next_offset(self) -> Offset:
        """The offset after the batch's last record."""
        return Offset(self.base_offset + self.batch.count)


@dataclass(frozen=True, slots=True)
class FetchResult:
    """A fetch's answer.

    Fields:
        batches: by ascending offset, none of an aborted or open transaction under read_committed.
        next_offset: where to fetch next; past aborted batches that were left out.
        high_watermark: exclusive end of what is appended.
        last_stable_offset: exclusive end of what read_committed may read.
    """

    batches: tuple[FetchedBatch, ...]
    next_offset: Offset
    high_watermark: Offset
    last_stable_offset: Offset
