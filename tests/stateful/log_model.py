"""The log as the words describe it, in plain lists and dicts: the model for the real one.

Written from `workers/log/api.py` and the protocol's sources alone; shares no rule with the log.
Verbs come in pairs: `why_not_...` names the errors that may refuse the verb (none: it must
succeed), and the verb itself changes the model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.stateful.group_model import GroupModel, Refusals
from tests.stateful.record_model import Sent, Stored, Transaction, View, events_of, view_of
from workers.log.errors import (
    InvalidBatch,
    InvalidTransactionState,
    OffsetOutOfRange,
    OutOfOrderSequence,
    ProducerFenced,
    TopicExists,
    UnknownGroup,
    UnknownProducer,
    UnknownTopicPartition,
    UnstableOffsets,
)
from workers.log.types import (
    Isolation,
    Membership,
    Offset,
    ProducerIdentity,
    ProducerStamp,
    RecordBatch,
    TopicPartition,
)


@dataclass
class Producer:
    """A producer id; `number` None while no client has heard it."""

    number: int | None
    epoch: int = 0
    undecided: Transaction | None = None


@dataclass
class Local:
    """A transactional identity inside the client that holds it.

    Fields:
        phase: ready, begun, prepared or fenced (it has heard so).
        memberships: given with the offsets of each group, the last one each.
    """

    incarnation: int
    phase: str = "ready"
    memberships: dict[str, Membership] = field(default_factory=dict)


class LogModel:
    """Everything that can be observed of a log."""

    def __init__(self) -> None:
        self.partitions: dict[TopicPartition, list[Stored]] = {}
        self.topics: dict[str, int] = {}
        self.producers: list[Producer] = []
        self.by_transactional_id: dict[str, Producer] = {}
        self.sent: dict[tuple[int, TopicPartition], Sent] = {}
        self.transactions: list[Transaction] = []
        self.groups: dict[str, GroupModel] = {}
        self.committed: dict[tuple[str, TopicPartition], int] = {}
        self.commits: list[tuple[str, str, int, int, int, int, int]] = []

    # topics and records

    def why_not_create(self, topic: str, partitions: int) -> Refusals:
        """A topic keeps its number of partitions."""
        return set() if self.topics.get(topic, partitions) == partitions else {TopicExists}

    def create_topic(self, topic: str, partitions: int) -> None:
        """Nothing if it is there."""
        self.topics[topic] = partitions
        for partition in range(partitions):
            self.partitions.setdefault(TopicPartition(topic, partition), [])

    def why_not_append(
        self,
        local: Local | None,
        place: TopicPartition,
        batch: RecordBatch,
        stamp: ProducerStamp | None,
    ) -> Refusals:
        """What a caller, its producer, or its numbers can do wrong."""
        refusals: Refusals = set()
        if place not in self.partitions:
            refusals.add(UnknownTopicPartition)
        if batch.count < 1 or len(batch.records) % batch.count:
            refusals.add(InvalidBatch)
        if stamp is None:
            return refusals
        stale = self.why_not_epoch(stamp.identity)
        if refusals or stale:
            return refusals | stale
        sent = self._sent(stamp.identity, place)
        if sent.offset_of(stamp.base_sequence, batch.count) is None:
            if stamp.base_sequence != sent.next_number():
                refusals.add(OutOfOrderSequence)
            if local is not None and local.phase == "prepared":
                refusals.add(InvalidTransactionState)
        return refusals

    def append(
        self,
        local: Local | None,
        place: TopicPartition,
        batch: RecordBatch,
        stamp: ProducerStamp | None,
    ) -> tuple[int, bool]:
        """The batch's offset, and whether it was there before."""
        records = self.partitions[place]
        base, transaction = len(records), None
        if stamp is not None:
            sent = self._sent(stamp.identity, place)
            known = sent.offset_of(stamp.base_sequence, batch.count)
            if known is not None:
                return known, True
            sent.batches.append((stamp.base_sequence, batch.count, base))
            if local is not None and local.phase == "begun":
                transaction = self._written(stamp.identity, local)
        records += [Stored(event, transaction) for event in events_of(batch)]
        return base, False

    def next_number(self, identity: ProducerIdentity, place: TopicPartition) -> int:
        """The number that a new batch of the producer must start with."""
        return self._sent(identity, place).next_number()

    def batches_sent(
        self, identity: ProducerIdentity, place: TopicPartition
    ) -> list[tuple[int, int, int]]:
        """First number, count and offset of all the producer's batches there, oldest first."""
        return self._sent(identity, place).batches

    def _sent(self, identity: ProducerIdentity, place: TopicPartition) -> Sent:
        key = (identity.producer_id, place)
        if key not in self.sent or self.sent[key].epoch < identity.epoch:
            self.sent[key] = Sent(identity.epoch)
        if self.sent[key].epoch > identity.epoch:
            return Sent(identity.epoch)
        return self.sent[key]

    def view(self, place: TopicPartition, isolation: Isolation) -> View:
        """What a reader may see now."""
        return view_of(self.partitions[place], isolation)

    # producers and transactions

    def producer(self, identity: ProducerIdentity) -> Producer | None:
        """The producer with this id."""
        return next((p for p in self.producers if p.number == identity.producer_id), None)

    def why_not_epoch(self, identity: ProducerIdentity) -> Refusals:
        """Only the newest epoch may write."""
        producer = self.producer(identity)
        if producer is None:
            return {UnknownProducer}
        return set() if producer.epoch == identity.epoch else {ProducerFenced}

    def init_producer(
        self,
        transactional_id: str | None,
        answer: ProducerIdentity | None,
        now_ns: int,
        *,
        keep_prepared: bool,
    ) -> bool:
        """Whether the producer's prepared transaction was kept. `answer` None: nobody heard it."""
        producer = self.by_transactional_id.get(transactional_id or "")
        if producer is None:
            producer = Producer(None)
            self.producers.append(producer)
            if transactional_id:
                self.by_transactional_id[transactional_id] = producer
        else:
            producer.epoch += 1
        if answer is not None:
            self._learn(producer, answer)
        undecided = producer.undecided
        kept = keep_prepared and undecided is not None and undecided.state == "prepared"
        if not kept:
            self._end(producer, "aborted", now_ns)
        return kept

    def _learn(self, producer: Producer, answer: ProducerIdentity) -> None:
        if producer.number is None:
            assert self.producer(answer) is None, "a producer id was given out twice"
            producer.number = answer.producer_id
        assert (producer.number, producer.epoch) == (answer.producer_id, answer.epoch)

    def why_not_begin(self, local: Local | None) -> Refusals:
        """A begin knows no more than its client does."""
        return self._why_not_phase(local, "ready")

    def why_not_send(
        self,
        local: Local | None,
        identity: ProducerIdentity,
        group: str,
        offsets: Mapping[TopicPartition, Offset],
        membership: Membership | None,
    ) -> Refusals:
        """Offsets join an open transaction of the newest epoch, from whoever may commit them."""
        refusals = self._why_not_phase(local, "begun") | self.why_not_epoch(identity)
        return refusals | self._why_not_offsets(group, offsets, membership)

    def send_offsets(
        self,
        local: Local,
        identity: ProducerIdentity,
        group: str,
        offsets: Mapping[TopicPartition, Offset],
        membership: Membership | None,
    ) -> None:
        """They wait for the transaction's end."""
        transaction = self._written(identity, local)
        for place, offset in offsets.items():
            transaction.offsets[group, place] = offset
        if membership is not None:
            local.memberships[group] = membership

    def why_not_prepare(self, local: Local | None, identity: ProducerIdentity) -> Refusals:
        """Something must be written, and nothing in the way of a later commit."""
        refusals = self._why_not_phase(local, "begun") | self.why_not_epoch(identity)
        if local is None or refusals:
            return refusals
        if self.undecided(identity) is None:
            return {InvalidTransactionState}
        return self._why_not_pending(local, identity)

    def prepare(self, local: Local, identity: ProducerIdentity, now_ns: int) -> Transaction:
        """It takes no more and holds its offsets."""
        transaction = self.undecided(identity)
        assert transaction is not None
        transaction.state, transaction.prepared_ns = "prepared", now_ns
        local.phase = "prepared"
        return transaction

    def learn_number(self, transaction: Transaction, number: int | None) -> None:
        """A transaction has one number, and a number one transaction. None: nobody heard it."""
        if transaction.number is None and number is not None:
            assert all(t.number != number for t in self.transactions), "a number came again"
            transaction.number = number
        assert number in {None, transaction.number}

    def why_not_commit(self, local: Local | None, identity: ProducerIdentity) -> Refusals:
        """An open transaction is checked once more; a prepared one was for the last time."""
        refusals = self._why_not_phase(local, "begun", "prepared") | self.why_not_epoch(identity)
        if local is None or refusals or local.phase == "prepared":
            return refusals
        return self._why_not_pending(local, identity)

    def commit(self, local: Local, identity: ProducerIdentity, now_ns: int) -> None:
        """Records readable and offsets committed, at once."""
        transaction = self.undecided(identity)
        if transaction is not None:
            for (group, place), offset in sorted(transaction.offsets.items(), key=str):
                self._store(group, place, offset, local.incarnation, now_ns)
        self._finish(local, identity, "committed", now_ns)

    def why_not_abort(self, local: Local | None, identity: ProducerIdentity) -> Refusals:
        """Anything open may be aborted by the newest epoch."""
        return self._why_not_phase(local, "begun", "prepared") | self.why_not_epoch(identity)

    def abort(self, local: Local, identity: ProducerIdentity, now_ns: int) -> None:
        """Nothing of it is ever seen under read_committed."""
        self._finish(local, identity, "aborted", now_ns)

    def undecided(self, identity: ProducerIdentity) -> Transaction | None:
        """The producer's transaction that has not ended."""
        producer = self.producer(identity)
        return None if producer is None else producer.undecided

    def _finish(self, local: Local, identity: ProducerIdentity, state: str, now_ns: int) -> None:
        producer = self.producer(identity)
        assert producer is not None
        self._end(producer, state, now_ns)
        local.phase = "ready"

    def _end(self, producer: Producer, state: str, now_ns: int) -> None:
        if producer.undecided is not None:
            producer.undecided.state = state
            producer.undecided.ended_ns = now_ns
            producer.undecided = None

    def _written(self, identity: ProducerIdentity, local: Local) -> Transaction:
        producer = self.producer(identity)
        assert producer is not None
        if producer.undecided is None:
            producer.undecided = Transaction(
                identity.producer_id, identity.epoch, local.incarnation
            )
            self.transactions.append(producer.undecided)
        return producer.undecided

    def _why_not_phase(self, local: Local | None, *phases: str) -> Refusals:
        if local is None:
            return {UnknownProducer}
        if local.phase == "fenced":
            return {ProducerFenced}
        return set() if local.phase in phases else {InvalidTransactionState}

    def _why_not_pending(self, local: Local, identity: ProducerIdentity) -> Refusals:
        transaction = self.undecided(identity)
        refusals: Refusals = set()
        for (group, place), offset in (transaction.offsets if transaction else {}).items():
            membership = local.memberships.get(group)
            refusals |= self.why_not_offsets(group, {place: Offset(offset)}, membership)
        return refusals

    # groups and offsets

    def why_not_offsets(
        self,
        group: str,
        offsets: Mapping[TopicPartition, Offset],
        membership: Membership | None,
    ) -> Refusals:
        """A commit of offsets: by who may, and of what nobody holds."""
        refusals = self._why_not_offsets(group, offsets, membership)
        if any(self.is_held(group, place) for place in offsets):
            refusals.add(UnstableOffsets)
        return refusals

    def _why_not_offsets(
        self,
        group: str,
        offsets: Mapping[TopicPartition, Offset],
        membership: Membership | None,
    ) -> Refusals:
        refusals: Refusals = {OffsetOutOfRange} if min(offsets.values()) < 0 else set()
        if membership is None:
            return refusals
        if group not in self.groups:
            return refusals | {UnknownGroup}
        partitions = tuple(place.partition for place in offsets)
        return refusals | self.groups[group].why_not_commit(membership, partitions)

    def is_held(self, group: str, place: TopicPartition) -> bool:
        """Whether a prepared transaction is to commit an offset there."""
        prepared = (t for t in self.transactions if t.state == "prepared")
        return any((group, place) in t.offsets for t in prepared)

    def commit_offsets(
        self,
        group: str,
        offsets: Mapping[TopicPartition, Offset],
        incarnation: int,
        now_ns: int,
    ) -> None:
        """Outside any transaction."""
        for place, offset in offsets.items():
            self._store(group, place, offset, incarnation, now_ns)

    def _store(
        self, group: str, place: TopicPartition, offset: int, incarnation: int, now_ns: int
    ) -> None:
        before = self.committed.get((group, place), 0)
        self.committed[group, place] = offset
        if before != offset:
            where = (group, place.topic, place.partition)
            self.commits.append((*where, before, offset, incarnation, now_ns))
