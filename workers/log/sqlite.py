"""The log's SQLite storage: the only SQL of the log.

Tables and the reason for their shape are in `schema.py`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import astuple
from pathlib import Path

from workers.log.database import LOG_PAGE_BYTES, Database, OnLock, Row
from workers.log.engine import EngineLog
from workers.log.groups import Group, Member
from workers.log.producers import ProducerPartitionState, RememberedBatch
from workers.log.schema import LOG_SCHEMA, OFFSET_BITS
from workers.log.store import OpenTransaction, StoredBatch
from workers.log.transactions import Decision
from workers.log.types import (
    Generation,
    IncarnationId,
    Offset,
    ProducerEpoch,
    ProducerId,
    ProducerIdentity,
    RecordBatch,
    Sequence,
    TopicPartition,
)

HIGH_WATERMARK_SQL = """
SELECT position + count FROM batches WHERE position >= ? AND position < ?
ORDER BY position DESC LIMIT 1
"""

ENDS_SQL = f"""
SELECT ({HIGH_WATERMARK_SQL}),
       (SELECT min(first_offset) FROM open_partitions WHERE partition_id = ?)
"""

BATCHES_SQL = """
SELECT position, count, source, first_sequence, due_ns, appended_ns, batches.incarnation, records,
       state
FROM batches LEFT JOIN transactions USING (transaction_id)
WHERE position < ?3 AND position >= coalesce(
    (SELECT max(position) FROM batches WHERE position >= ?1 AND position <= ?2), ?2)
ORDER BY position
"""

ADD_BATCH_SQL = """
INSERT INTO batches(position, count, source, first_sequence, due_ns, appended_ns, incarnation,
                    transaction_id, records)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def open_log(
    path: Path,
    durability: str = "normal",
    clock_ns: Callable[[], int] = time.monotonic_ns,
    on_lock: OnLock | None = None,
) -> EngineLog:
    """A client of the log in one SQLite file, made when it is not there yet.

    Args:
        on_lock: see `Database`.

    Raises:
        StorageProblem: the environment does not let the file be opened.
    """
    return EngineLog(SqliteStore(path, durability, on_lock), clock_ns)


class SqliteStore:
    """`workers.log.store.LogStore` in one file."""

    def __init__(
        self, path: Path, durability: str = "normal", on_lock: OnLock | None = None
    ) -> None:
        self._database = Database(
            path, durability, create=LOG_SCHEMA, on_lock=on_lock, page_bytes=LOG_PAGE_BYTES
        )

    def transaction(self) -> AbstractContextManager[None]:
        return self._database.transaction()

    def close(self) -> None:
        self._database.close()

    def _value(self, sql: str, *parameters: object) -> Row | None:
        rows = self._database.read(sql, parameters)
        return rows[0] if rows else None

    # partitions and batches

    def partition_id(self, place: TopicPartition) -> int | None:
        row = self._value(
            "SELECT partition_id FROM partitions WHERE topic = ? AND partition = ?",
            place.topic,
            place.partition,
        )
        return None if row is None else row[0]

    def partition_count(self, topic: str) -> int:
        rows = self._database.read("SELECT count(*) FROM partitions WHERE topic = ?", (topic,))
        return int(rows[0][0])

    def add_partition(self, place: TopicPartition) -> None:
        self._database.execute(
            "INSERT INTO partitions(topic, partition) VALUES (?, ?)",
            (place.topic, place.partition),
        )

    def ends(self, partition_id: int) -> tuple[Offset, Offset | None]:
        start = partition_id << OFFSET_BITS
        parameters = (start, start + (1 << OFFSET_BITS), partition_id)
        end, first_open = self._database.read(ENDS_SQL, parameters)[0]
        return Offset((end or start) - start), first_open

    def high_watermark(self, partition_id: int) -> Offset:
        start = partition_id << OFFSET_BITS
        parameters = (start, start + (1 << OFFSET_BITS))
        row = self._database.execute(HIGH_WATERMARK_SQL, parameters).fetchone()
        return Offset(row[0] - start if row else 0)

    def add_batch(
        self, partition_id: int, base: Offset, batch: RecordBatch, transaction_id: int | None
    ) -> None:
        self._database.execute(
            ADD_BATCH_SQL,
            (
                partition_id << OFFSET_BITS | base,
                batch.count,
                batch.source,
                batch.first_sequence,
                batch.due_ns,
                batch.appended_ns,
                batch.incarnation,
                transaction_id,
                batch.records,
            ),
        )

    def batches(
        self, partition_id: int, offset: Offset, before: Offset, max_records: int
    ) -> list[StoredBatch]:
        start = partition_id << OFFSET_BITS
        end_wanted = start + offset + max_records
        rows = self._database.read_while(
            BATCHES_SQL,
            (start, start + offset, start + before),
            lambda row: bool(row[0] + row[1] < end_wanted),
        )
        return [_stored_batch(row) for row in rows]

    # producers

    def add_producer(self, transactional_id: str | None) -> ProducerIdentity:
        cursor = self._database.execute(
            "INSERT INTO producers(transactional_id, epoch) VALUES (?, 0)", (transactional_id,)
        )
        assert cursor.lastrowid is not None
        return ProducerIdentity(ProducerId(cursor.lastrowid), ProducerEpoch(0))

    def producer(self, transactional_id: str) -> ProducerIdentity | None:
        row = self._value(
            "SELECT producer_id, epoch FROM producers WHERE transactional_id = ?", transactional_id
        )
        return None if row is None else ProducerIdentity(row[0], row[1])

    def epoch(self, producer_id: ProducerId) -> ProducerEpoch | None:
        row = self._value("SELECT epoch FROM producers WHERE producer_id = ?", producer_id)
        return None if row is None else row[0]

    def set_epoch(self, identity: ProducerIdentity) -> None:
        self._database.execute(
            "UPDATE producers SET epoch = ? WHERE producer_id = ?",
            (identity.epoch, identity.producer_id),
        )

    def sequences(self, producer: ProducerId, partition_id: int) -> ProducerPartitionState | None:
        row = self._value(
            "SELECT epoch, recent FROM producer_sequences"
            " WHERE producer_id = ? AND partition_id = ?",
            producer,
            partition_id,
        )
        if row is None:
            return None
        recent = tuple(RememberedBatch(*values) for values in json.loads(row[1]))
        return ProducerPartitionState(row[0], recent)

    def put_sequences(
        self, producer: ProducerId, partition_id: int, state: ProducerPartitionState
    ) -> None:
        recent = json.dumps([(b.first, b.next, b.base_offset) for b in state.recent])
        self._database.execute(
            "INSERT OR REPLACE INTO producer_sequences VALUES (?, ?, ?, ?)",
            (producer, partition_id, state.epoch, recent),
        )

    # transactions

    def open_transaction(self, producer_id: ProducerId) -> OpenTransaction | None:
        row = self._value(
            "SELECT transaction_id, incarnation, state = 'prepared' FROM transactions"
            " WHERE producer_id = ? AND ended_ns IS NULL",
            producer_id,
        )
        return None if row is None else OpenTransaction(row[0], row[1], bool(row[2]))

    def add_transaction(self, identity: ProducerIdentity, incarnation: IncarnationId) -> int:
        cursor = self._database.execute(
            "INSERT INTO transactions(producer_id, epoch, state, incarnation) VALUES (?, ?, ?, ?)",
            (identity.producer_id, identity.epoch, Decision.ONGOING.value, incarnation),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def add_open_partition(self, transaction_id: int, partition_id: int, first: Offset) -> None:
        self._database.execute(
            "INSERT OR IGNORE INTO open_partitions VALUES (?, ?, ?)",
            (transaction_id, partition_id, first),
        )

    def put_pending_offset(
        self, transaction_id: int, group: str, place: TopicPartition, offset: Offset
    ) -> None:
        self._database.execute(
            "INSERT OR REPLACE INTO pending_offsets VALUES (?, ?, ?, ?, ?)",
            (transaction_id, group, place.topic, place.partition, offset),
        )

    def pending_offsets(self, transaction_id: int) -> list[tuple[str, TopicPartition, Offset]]:
        rows = self._database.read(
            "SELECT group_id, topic, partition, next_offset FROM pending_offsets"
            " WHERE transaction_id = ?",
            (transaction_id,),
        )
        return [(row[0], TopicPartition(row[1], row[2]), row[3]) for row in rows]

    def prepare(self, transaction_id: int, now_ns: int) -> None:
        self._database.execute(
            "UPDATE transactions SET state = ?, prepared_ns = ? WHERE transaction_id = ?",
            (Decision.PREPARED.value, now_ns, transaction_id),
        )

    def in_doubt(self, group: str, place: TopicPartition) -> int | None:
        row = self._value(
            "SELECT transaction_id FROM pending_offsets JOIN transactions USING (transaction_id)"
            " WHERE group_id = ? AND topic = ? AND partition = ? AND state = 'prepared'",
            group,
            place.topic,
            place.partition,
        )
        return None if row is None else row[0]

    def decide(self, transaction_id: int, decision: Decision, now_ns: int) -> None:
        execute = self._database.execute
        execute(
            "UPDATE transactions SET state = ?, ended_ns = ? WHERE transaction_id = ?",
            (decision.value, now_ns, transaction_id),
        )
        execute("DELETE FROM open_partitions WHERE transaction_id = ?", (transaction_id,))
        execute("DELETE FROM pending_offsets WHERE transaction_id = ?", (transaction_id,))

    # groups and offsets

    def group(self, group: str) -> Group | None:
        row = self._value("SELECT state FROM groups WHERE group_id = ?", group)
        if row is None:
            return None
        state = json.loads(row[0])
        members = tuple(Member(*values) for values in state["members"])
        return Group(
            Generation(state["generation"]),
            state["session_timeout_ns"],
            members,
            tuple(state["owners"]),
        )

    def put_group(self, group: str, state: Group) -> None:
        document = {
            "generation": state.generation,
            "session_timeout_ns": state.session_timeout_ns,
            "members": [astuple(m) for m in state.members],
            "owners": state.owners,
        }
        self._database.execute(
            "INSERT OR REPLACE INTO groups VALUES (?, ?)", (group, json.dumps(document))
        )

    def add_expiration(
        self,
        group: str,
        instance_id: int,
        incarnation: IncarnationId,
        by: IncarnationId,
        now_ns: int,
    ) -> None:
        self._database.execute(
            "INSERT INTO expirations(group_id, instance_id, incarnation, expired_by, expired_ns)"
            " VALUES (?, ?, ?, ?, ?)",
            (group, instance_id, incarnation, by, now_ns),
        )

    def committed(self, group: str, place: TopicPartition) -> Offset | None:
        row = self._value(
            "SELECT next_offset FROM committed_offsets"
            " WHERE group_id = ? AND topic = ? AND partition = ?",
            group,
            place.topic,
            place.partition,
        )
        return None if row is None else row[0]

    def put_committed(
        self,
        group: str,
        place: TopicPartition,
        offset: Offset,
        incarnation: IncarnationId,
        now_ns: int,
    ) -> None:
        before = self.committed(group, place) or 0
        if before == offset:
            return
        self._database.execute(
            "INSERT OR REPLACE INTO committed_offsets VALUES (?, ?, ?, ?)",
            (group, place.topic, place.partition, offset),
        )
        self._database.execute(
            "INSERT INTO offset_commits(group_id, topic, partition, from_offset, next_offset,"
            " incarnation, committed_ns) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (group, place.topic, place.partition, before, offset, incarnation, now_ns),
        )


def _stored_batch(row: Row) -> StoredBatch:
    position, count, source, first_sequence, due_ns, appended_ns, incarnation, records, state = row
    batch = RecordBatch(
        source, Sequence(first_sequence), count, due_ns, appended_ns, incarnation, records
    )
    base = Offset(position & ((1 << OFFSET_BITS) - 1))
    return StoredBatch(base, batch, None if state is None else Decision(state))
