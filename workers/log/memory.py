"""The log's storage in plain memory, beside SQLite's: for tests and for reading.

Several clients of one `MemoryTables` behave as several processes on one file would.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic_ns

from workers.log.engine import EngineLog
from workers.log.groups import Group
from workers.log.producers import ProducerPartitionState
from workers.log.store import OpenTransaction, StoredBatch
from workers.log.transactions import UNDECIDED, Decision
from workers.log.types import (
    IncarnationId,
    Offset,
    ProducerEpoch,
    ProducerId,
    ProducerIdentity,
    RecordBatch,
    TopicPartition,
)


@dataclass
class StoredTransaction:
    """One transaction: who, whether decided, and what hangs on it."""

    producer_id: ProducerId
    incarnation: IncarnationId
    decision: Decision = Decision.ONGOING
    first_offsets: dict[int, Offset] = field(default_factory=dict)
    pending: dict[tuple[str, TopicPartition], Offset] = field(default_factory=dict)


@dataclass
class MemoryTables:
    """Everything the log knows."""

    partitions: list[TopicPartition] = field(default_factory=list)
    batches: dict[int, list[tuple[Offset, RecordBatch, int | None]]] = field(default_factory=dict)
    epochs: dict[ProducerId, ProducerEpoch] = field(default_factory=dict)
    transactional_ids: dict[str, ProducerId] = field(default_factory=dict)
    sequences: dict[tuple[ProducerId, int], ProducerPartitionState] = field(default_factory=dict)
    transactions: list[StoredTransaction] = field(default_factory=list)
    groups: dict[str, Group] = field(default_factory=dict)
    committed: dict[tuple[str, TopicPartition], Offset] = field(default_factory=dict)
    expirations: list[tuple[str, int, IncarnationId, IncarnationId]] = field(default_factory=list)


def open_memory_log(tables: MemoryTables, clock_ns: Callable[[], int] = monotonic_ns) -> EngineLog:
    """A client of the log held in `tables`."""
    return EngineLog(MemoryStore(tables), clock_ns)


class MemoryStore:
    """`workers.log.store.LogStore` in plain Python objects."""

    def __init__(self, tables: MemoryTables) -> None:
        self._tables = tables

    @contextmanager
    def transaction(self) -> Iterator[None]:
        before = copy.deepcopy(vars(self._tables))
        try:
            yield
        except BaseException:
            vars(self._tables).update(before)
            raise

    def close(self) -> None:
        """Nothing to close."""

    def partition_id(self, place: TopicPartition) -> int | None:
        known = self._tables.partitions
        return known.index(place) if place in known else None

    def partition_count(self, topic: str) -> int:
        return sum(place.topic == topic for place in self._tables.partitions)

    def add_partition(self, place: TopicPartition) -> None:
        self._tables.batches[len(self._tables.partitions)] = []
        self._tables.partitions.append(place)

    def ends(self, partition_id: int) -> tuple[Offset, Offset | None]:
        firsts = [
            transaction.first_offsets[partition_id]
            for transaction in self._tables.transactions
            if transaction.decision in UNDECIDED and partition_id in transaction.first_offsets
        ]
        return self.high_watermark(partition_id), min(firsts, default=None)

    def high_watermark(self, partition_id: int) -> Offset:
        rows = self._tables.batches[partition_id]
        return Offset(rows[-1][0] + rows[-1][1].count) if rows else Offset(0)

    def add_batch(
        self, partition_id: int, base: Offset, batch: RecordBatch, transaction_id: int | None
    ) -> None:
        self._tables.batches[partition_id].append((base, batch, transaction_id))

    def batches(
        self, partition_id: int, offset: Offset, before: Offset, max_records: int
    ) -> list[StoredBatch]:
        return [
            StoredBatch(base, batch, self._decision(transaction_id))
            for base, batch, transaction_id in self._tables.batches[partition_id]
            if base + batch.count > offset and base < min(before, offset + max_records)
        ]

    def _decision(self, transaction_id: int | None) -> Decision | None:
        if transaction_id is None:
            return None
        return self._tables.transactions[transaction_id].decision

    def add_producer(self, transactional_id: str | None) -> ProducerIdentity:
        producer_id = ProducerId(len(self._tables.epochs) + 1)
        self._tables.epochs[producer_id] = ProducerEpoch(0)
        if transactional_id is not None:
            self._tables.transactional_ids[transactional_id] = producer_id
        return ProducerIdentity(producer_id, ProducerEpoch(0))

    def producer(self, transactional_id: str) -> ProducerIdentity | None:
        producer_id = self._tables.transactional_ids.get(transactional_id)
        if producer_id is None:
            return None
        return ProducerIdentity(producer_id, self._tables.epochs[producer_id])

    def epoch(self, producer_id: ProducerId) -> ProducerEpoch | None:
        return self._tables.epochs.get(producer_id)

    def set_epoch(self, identity: ProducerIdentity) -> None:
        self._tables.epochs[identity.producer_id] = identity.epoch

    def sequences(self, producer: ProducerId, partition_id: int) -> ProducerPartitionState | None:
        return self._tables.sequences.get((producer, partition_id))

    def put_sequences(
        self, producer: ProducerId, partition_id: int, state: ProducerPartitionState
    ) -> None:
        self._tables.sequences[producer, partition_id] = state

    def open_transaction(self, producer_id: ProducerId) -> OpenTransaction | None:
        for number, transaction in enumerate(self._tables.transactions):
            decision = transaction.decision
            if decision in UNDECIDED and transaction.producer_id == producer_id:
                prepared = decision is Decision.PREPARED
                return OpenTransaction(number, transaction.incarnation, prepared)
        return None

    def add_transaction(self, identity: ProducerIdentity, incarnation: IncarnationId) -> int:
        self._tables.transactions.append(StoredTransaction(identity.producer_id, incarnation))
        return len(self._tables.transactions) - 1

    def add_open_partition(self, transaction_id: int, partition_id: int, first: Offset) -> None:
        self._tables.transactions[transaction_id].first_offsets.setdefault(partition_id, first)

    def put_pending_offset(
        self, transaction_id: int, group: str, place: TopicPartition, offset: Offset
    ) -> None:
        self._tables.transactions[transaction_id].pending[group, place] = offset

    def pending_offsets(self, transaction_id: int) -> list[tuple[str, TopicPartition, Offset]]:
        pending = self._tables.transactions[transaction_id].pending
        return [(group, place, offset) for (group, place), offset in pending.items()]

    def prepare(self, transaction_id: int, now_ns: int) -> None:
        self._tables.transactions[transaction_id].decision = Decision.PREPARED

    def in_doubt(self, group: str, place: TopicPartition) -> int | None:
        for number, transaction in enumerate(self._tables.transactions):
            holds = (group, place) in transaction.pending
            if holds and transaction.decision is Decision.PREPARED:
                return number
        return None

    def decide(self, transaction_id: int, decision: Decision, now_ns: int) -> None:
        transaction = self._tables.transactions[transaction_id]
        transaction.decision = decision
        transaction.pending.clear()

    def group(self, group: str) -> Group | None:
        return self._tables.groups.get(group)

    def put_group(self, group: str, state: Group) -> None:
        self._tables.groups[group] = state

    def add_expiration(
        self,
        group: str,
        instance_id: int,
        incarnation: IncarnationId,
        by: IncarnationId,
        now_ns: int,
    ) -> None:
        self._tables.expirations.append((group, instance_id, incarnation, by))

    def committed(self, group: str, place: TopicPartition) -> Offset | None:
        return self._tables.committed.get((group, place))

    def put_committed(
        self,
        group: str,
        place: TopicPartition,
        offset: Offset,
        incarnation: IncarnationId,
        now_ns: int,
    ) -> None:
        self._tables.committed[group, place] = offset
