"""What an engine needs of its storage: plain rows, and one atomic transaction. Knows no rules."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from workers.log.groups import Group
from workers.log.producers import ProducerPartitionState
from workers.log.transactions import Decision
from workers.log.types import (
    IncarnationId,
    Offset,
    ProducerEpoch,
    ProducerId,
    ProducerIdentity,
    RecordBatch,
    TopicPartition,
)


@dataclass(frozen=True, slots=True)
class StoredBatch:
    """A batch as stored; `decision` None: outside any transaction."""

    base_offset: Offset
    batch: RecordBatch
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class OpenTransaction:
    """An undecided transaction of a producer."""

    transaction_id: int
    incarnation: IncarnationId
    prepared: bool


class LogStore(Protocol):
    """Rows by name. Writes happen inside `transaction()` only; reads anywhere."""

    def transaction(self) -> AbstractContextManager[None]:
        """All of the block's writes or none; one writer at a time over all processes."""

    def partition_id(self, place: TopicPartition) -> int | None: ...
    def partition_count(self, topic: str) -> int: ...
    def add_partition(self, place: TopicPartition) -> None: ...

    def ends(self, partition_id: int) -> tuple[Offset, Offset | None]:
        """High watermark, and the first offset of an ongoing transaction; one consistent read."""

    def high_watermark(self, partition_id: int) -> Offset:
        """The exclusive end of what is appended. Inside `transaction()` only."""

    def add_batch(
        self, partition_id: int, base: Offset, batch: RecordBatch, transaction_id: int | None
    ) -> None: ...
    def batches(
        self, partition_id: int, offset: Offset, before: Offset, max_records: int
    ) -> list[StoredBatch]:
        """Whole batches that hold offsets in [offset, before), ascending, until max_records."""

    def add_producer(self, transactional_id: str | None) -> ProducerIdentity: ...
    def producer(self, transactional_id: str) -> ProducerIdentity | None: ...
    def epoch(self, producer_id: ProducerId) -> ProducerEpoch | None: ...
    def set_epoch(self, identity: ProducerIdentity) -> None: ...
    def sequences(
        self, producer: ProducerId, partition_id: int
    ) -> ProducerPartitionState | None: ...
    def put_sequences(
        self, producer: ProducerId, partition_id: int, state: ProducerPartitionState
    ) -> None: ...

    def open_transaction(self, producer_id: ProducerId) -> OpenTransaction | None: ...
    def add_transaction(self, identity: ProducerIdentity, incarnation: IncarnationId) -> int: ...
    def add_open_partition(self, transaction_id: int, partition_id: int, first: Offset) -> None:
        """Notes the first offset; a later one of the same partition changes nothing."""

    def put_pending_offset(
        self, transaction_id: int, group: str, place: TopicPartition, offset: Offset
    ) -> None: ...
    def pending_offsets(self, transaction_id: int) -> list[tuple[str, TopicPartition, Offset]]: ...
    def prepare(self, transaction_id: int, now_ns: int) -> None:
        """Marks the transaction as prepared."""

    def in_doubt(self, group: str, place: TopicPartition) -> int | None:
        """The prepared transaction that holds an offset of the partition, if there is one."""

    def decide(self, transaction_id: int, decision: Decision, now_ns: int) -> None:
        """Marks the transaction and forgets its open partitions and pending offsets."""

    def group(self, group: str) -> Group | None: ...
    def put_group(self, group: str, state: Group) -> None: ...
    def add_expiration(
        self,
        group: str,
        instance_id: int,
        incarnation: IncarnationId,
        by: IncarnationId,
        now_ns: int,
    ) -> None:
        """Notes that a member was silent for too long, and who noticed."""

    def committed(self, group: str, place: TopicPartition) -> Offset | None: ...
    def put_committed(
        self,
        group: str,
        place: TopicPartition,
        offset: Offset,
        incarnation: IncarnationId,
        now_ns: int,
    ) -> None:
        """Stores the offset and adds a row to the history; nothing if it is unchanged."""

    def close(self) -> None: ...
