"""The log's verbs, carried out with the pure rules over a store. Knows no SQL.

Each verb decides and writes inside one store transaction, so that a process killed at any instant
leaves either all of the verb or none of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from workers.log import groups, producers, visibility
from workers.log.errors import (
    InvalidBatch,
    InvalidTransactionState,
    OffsetOutOfRange,
    ProducerFenced,
    TopicExists,
    UnknownGroup,
    UnknownProducer,
    UnknownTopicPartition,
    UnstableOffsets,
)
from workers.log.groups import Group
from workers.log.store import LogStore, StoredBatch
from workers.log.transactions import Decision, TransactionState, Verb, move
from workers.log.types import (
    AppendResult,
    FetchedBatch,
    FetchResult,
    IncarnationId,
    Isolation,
    Membership,
    Offset,
    ProducerEpoch,
    ProducerIdentity,
    ProducerStamp,
    RecordBatch,
    TopicPartition,
)


class _LocalTransaction:
    """A transactional producer's state in this client.

    Fields:
        written_id: the open transaction's number in the store; None before its first write.
    """

    def __init__(self) -> None:
        self.state = TransactionState.READY
        self.incarnation = IncarnationId(0)
        self.written_id: int | None = None
        self.memberships: dict[str, Membership] = {}


class EngineLog:
    """`workers.log.api.Log` over any `LogStore`."""

    def __init__(self, store: LogStore, clock_ns: Callable[[], int] = time.monotonic_ns) -> None:
        self._store = store
        self._clock_ns = clock_ns
        self._ids: dict[TopicPartition, int] = {}
        self._local: dict[ProducerIdentity, _LocalTransaction] = {}

    # topics and records

    def create_topic(self, topic: str, partitions: int) -> None:
        with self._store.transaction():
            existing = self._store.partition_count(topic)
            if existing not in {0, partitions}:
                raise TopicExists(f"topic {topic} has {existing} partitions")
            for partition in range(existing, partitions):
                self._store.add_partition(TopicPartition(topic, partition))

    def append(
        self, place: TopicPartition, batch: RecordBatch, stamp: ProducerStamp | None = None
    ) -> AppendResult:
        partition_id = self._partition_id(place)
        _check_batch(batch)
        if stamp is not None:
            with self._atomic(self._local.get(stamp.identity)):
                return self._append_stamped(partition_id, batch, stamp)
        with self._store.transaction():
            base = self._store.high_watermark(partition_id)
            self._store.add_batch(partition_id, base, batch, None)
            return AppendResult(base, duplicate=False)

    def _append_stamped(
        self, partition_id: int, batch: RecordBatch, stamp: ProducerStamp
    ) -> AppendResult:
        identity = stamp.identity
        self._check_epoch(identity)
        state = self._store.sequences(identity.producer_id, partition_id)
        stored = producers.find_duplicate(state, stamp, batch.count)
        if stored is not None:
            return AppendResult(stored, duplicate=True)
        base = self._store.high_watermark(partition_id)
        after = producers.accept(state, stamp, batch.count, base)
        transaction_id = self._transaction_for_append(identity, partition_id, base)
        self._store.add_batch(partition_id, base, batch, transaction_id)
        self._store.put_sequences(identity.producer_id, partition_id, after)
        return AppendResult(base, duplicate=False)

    def _transaction_for_append(
        self, identity: ProducerIdentity, partition_id: int, base: Offset
    ) -> int | None:
        local = self._local.get(identity)
        if local is None or local.state is TransactionState.READY:
            return None
        local.state = move(local.state, Verb.APPEND)
        transaction_id = self._written_transaction(identity, local)
        self._store.add_open_partition(transaction_id, partition_id, base)
        return transaction_id

    def fetch(
        self, place: TopicPartition, offset: Offset, max_records: int, isolation: Isolation
    ) -> FetchResult:
        partition_id = self._partition_id(place)
        high_watermark, first_open = self._store.ends(partition_id)
        if not 0 <= offset <= high_watermark:
            raise OffsetOutOfRange(f"offset {offset} is not in 0..{high_watermark}")
        stable = visibility.last_stable_offset(high_watermark, first_open)
        end = visibility.readable_end(high_watermark, stable, isolation)
        if offset >= end:
            return FetchResult((), offset, high_watermark, stable)
        stored = self._store.batches(partition_id, offset, end, max_records)
        batches, next_offset = _trim(stored, offset, max_records, isolation)
        return FetchResult(batches, next_offset, high_watermark, stable)

    def end_offsets(self, place: TopicPartition) -> tuple[Offset, Offset]:
        high_watermark, first_open = self._store.ends(self._partition_id(place))
        return high_watermark, visibility.last_stable_offset(high_watermark, first_open)

    # producers and transactions

    def init_producer(
        self,
        transactional_id: str | None,
        incarnation: IncarnationId,
        *,
        keep_prepared: bool = False,
    ) -> ProducerIdentity:
        local = _LocalTransaction()
        local.incarnation = incarnation
        with self._store.transaction():
            known = transactional_id and self._store.producer(transactional_id)
            if not known:
                identity = self._store.add_producer(transactional_id)
            else:
                identity = ProducerIdentity(known.producer_id, ProducerEpoch(known.epoch + 1))
                self._store.set_epoch(identity)
                written = self._store.open_transaction(identity.producer_id)
                if keep_prepared and written is not None and written.prepared:
                    local.state = TransactionState.PREPARED
                    local.written_id = written.transaction_id
                else:
                    self._abort_written(identity)
        if transactional_id is not None:
            self._local[identity] = local
        return identity

    def prepared_transaction(self, identity: ProducerIdentity) -> int | None:
        written = self._store.open_transaction(identity.producer_id)
        return written.transaction_id if written is not None and written.prepared else None

    def begin_transaction(self, identity: ProducerIdentity, incarnation: IncarnationId) -> None:
        local = self._transactional(identity)
        local.state = move(local.state, Verb.BEGIN)
        local.incarnation = incarnation
        local.written_id = None
        local.memberships = {}

    def send_offsets_to_transaction(
        self,
        identity: ProducerIdentity,
        group: str,
        offsets: Mapping[TopicPartition, Offset],
        membership: Membership | None = None,
    ) -> None:
        local = self._transactional(identity)
        local.state = move(local.state, Verb.SEND_OFFSETS)
        with self._atomic(local):
            self._check_epoch(identity)
            self._check_membership(group, membership, offsets)
            transaction_id = self._written_transaction(identity, local)
            for place, offset in offsets.items():
                self._store.put_pending_offset(transaction_id, group, place, offset)
        if membership is not None:
            local.memberships[group] = membership

    def prepare_transaction(self, identity: ProducerIdentity) -> int:
        local = self._transactional(identity)
        after = move(local.state, Verb.PREPARE)
        with self._store.transaction():
            self._check_epoch(identity)
            written = self._store.open_transaction(identity.producer_id)
            if written is None:
                raise InvalidTransactionState("cannot prepare: nothing was written")
            for group, place, offset in self._store.pending_offsets(written.transaction_id):
                self._check_commit(group, local.memberships.get(group), {place: offset})
            self._store.prepare(written.transaction_id, self._clock_ns())
        local.state = after
        return written.transaction_id

    def commit_transaction(self, identity: ProducerIdentity) -> None:
        local = self._transactional(identity)
        after = move(local.state, Verb.COMMIT)
        with self._store.transaction():
            self._check_epoch(identity)
            self._commit_written(identity, local)
        local.state = after

    def _commit_written(self, identity: ProducerIdentity, local: _LocalTransaction) -> None:
        written = self._store.open_transaction(identity.producer_id)
        if written is None:
            return
        now_ns = self._clock_ns()
        for group, place, offset in self._store.pending_offsets(written.transaction_id):
            if not written.prepared:
                self._check_commit(group, local.memberships.get(group), {place: offset})
            self._store.put_committed(group, place, offset, local.incarnation, now_ns)
        self._store.decide(written.transaction_id, Decision.COMMITTED, now_ns)

    def abort_transaction(self, identity: ProducerIdentity) -> None:
        local = self._transactional(identity)
        after = move(local.state, Verb.ABORT)
        with self._store.transaction():
            self._check_epoch(identity)
            self._abort_written(identity)
        local.state = after

    def _abort_written(self, identity: ProducerIdentity) -> None:
        written = self._store.open_transaction(identity.producer_id)
        if written is not None:
            self._store.decide(written.transaction_id, Decision.ABORTED, self._clock_ns())

    @contextmanager
    def _atomic(self, local: _LocalTransaction | None) -> Iterator[None]:
        """A store transaction; when it fails, what it wrote down is not remembered here either."""
        before = local.written_id if local is not None else None
        try:
            with self._store.transaction():
                yield
        except BaseException:
            if local is not None:
                local.written_id = before
            raise

    def _written_transaction(self, identity: ProducerIdentity, local: _LocalTransaction) -> int:
        if local.written_id is None:
            local.written_id = self._store.add_transaction(identity, local.incarnation)
        return local.written_id

    def _transactional(self, identity: ProducerIdentity) -> _LocalTransaction:
        local = self._local.get(identity)
        if local is None:
            raise UnknownProducer(f"{identity} was not initialised by this client")
        return local

    def _check_epoch(self, identity: ProducerIdentity) -> None:
        current = self._store.epoch(identity.producer_id)
        if current is None:
            raise UnknownProducer(f"no producer has id {identity.producer_id}")
        try:
            producers.check_epoch(current, identity.epoch)
        except ProducerFenced:
            if identity in self._local:
                self._local[identity].state = TransactionState.FENCED
            raise

    # groups and offsets

    def create_group(
        self, group: str, slots: int, partitions: int, session_timeout_ns: int
    ) -> None:
        with self._store.transaction():
            if self._store.group(group) is None:
                now_ns = self._clock_ns()
                state = groups.new_group(slots, partitions, session_timeout_ns, now_ns)
                self._store.put_group(group, state)

    def join_group(self, group: str, instance_id: int, incarnation: IncarnationId) -> Membership:
        with self._store.transaction():
            state = groups.join(self._group(group), instance_id, incarnation, self._clock_ns())
            self._store.put_group(group, state)
        return groups.membership_of(state, instance_id)

    def heartbeat(self, group: str, membership: Membership) -> Membership:
        now_ns = self._clock_ns()
        with self._store.transaction():
            before = self._group(group)
            state = groups.heartbeat(before, membership, now_ns)
            self._store.put_group(group, state)
            by = state.members[membership.instance_id].incarnation
            for slot in groups.expired(before, state):
                silent = before.members[slot].incarnation
                self._store.add_expiration(group, slot, silent, by, now_ns)
        return groups.membership_of(state, membership.instance_id)

    def partitions_asked_back(self, group: str, membership: Membership) -> tuple[int, ...]:
        return groups.asked_back(self._group(group), membership.instance_id)

    def release_partitions(
        self, group: str, membership: Membership, partitions: tuple[int, ...]
    ) -> Membership:
        with self._store.transaction():
            state = groups.release(self._group(group), membership, partitions)
            self._store.put_group(group, state)
        return groups.membership_of(state, membership.instance_id)

    def leave_group(self, group: str, membership: Membership) -> None:
        with self._store.transaction():
            self._store.put_group(group, groups.leave(self._group(group), membership))

    def commit_offsets(
        self,
        group: str,
        offsets: Mapping[TopicPartition, Offset],
        incarnation: IncarnationId,
        membership: Membership | None = None,
    ) -> None:
        with self._store.transaction():
            self._check_commit(group, membership, offsets)
            now_ns = self._clock_ns()
            for place, offset in offsets.items():
                self._store.put_committed(group, place, offset, incarnation, now_ns)

    def committed_offset(
        self, group: str, place: TopicPartition, *, require_stable: bool = False
    ) -> Offset | None:
        if require_stable:
            self._check_stable(group, place)
        return self._store.committed(group, place)

    def close(self) -> None:
        self._store.close()

    def _group(self, group: str) -> Group:
        state = self._store.group(group)
        if state is None:
            raise UnknownGroup(f"there is no group {group}")
        return state

    def _check_commit(
        self,
        group: str,
        membership: Membership | None,
        offsets: Mapping[TopicPartition, Offset],
    ) -> None:
        self._check_membership(group, membership, offsets)
        for place in offsets:
            self._check_stable(group, place)

    def _check_stable(self, group: str, place: TopicPartition) -> None:
        in_doubt = self._store.in_doubt(group, place)
        if in_doubt is not None:
            raise UnstableOffsets(
                f"transaction {in_doubt} holds partition {place.partition} and is in doubt"
            )

    def _check_membership(
        self,
        group: str,
        membership: Membership | None,
        offsets: Mapping[TopicPartition, Offset],
    ) -> None:
        if any(offset < 0 for offset in offsets.values()):
            raise OffsetOutOfRange("a committed offset is never below 0")
        if membership is not None:
            partitions = tuple(place.partition for place in offsets)
            groups.check_commit(self._group(group), membership, partitions)

    def _partition_id(self, place: TopicPartition) -> int:
        known = self._ids.get(place)
        if known is None:
            known = self._store.partition_id(place)
            if known is None:
                raise UnknownTopicPartition(f"no partition {place.partition} of {place.topic}")
            self._ids[place] = known
        return known


def _check_batch(batch: RecordBatch) -> None:
    if batch.count < 1:
        raise InvalidBatch("a batch holds at least one record")
    if len(batch.records) % batch.count:
        raise InvalidBatch("the batch's records are not of equal size")


def _trim(
    stored: list[StoredBatch], offset: Offset, max_records: int, isolation: Isolation
) -> tuple[tuple[FetchedBatch, ...], Offset]:
    """What of whole stored batches answers a fetch, and the offset to go on from."""
    fetched: list[FetchedBatch] = []
    room = max_records
    for found in stored:
        if room == 0:
            break
        end = Offset(found.base_offset + found.batch.count)
        if visibility.is_visible(found.decision, isolation):
            batch = found.batch.tail(max(0, offset - found.base_offset)).head(room)
            fetched.append(FetchedBatch(max(offset, found.base_offset), batch))
            room -= batch.count
            end = fetched[-1].next_offset
        offset = end
    return tuple(fetched), offset
