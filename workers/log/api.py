"""The log as the protocols see it: Kafka's verbs, whatever stores the records.

Two engines exist here, SQLite's and a plain in-memory one; one contract test runs on both. A
cluster's client can take their place, since nothing here speaks of files.

Source: Kafka `Producer`, `Consumer` and `Admin` interfaces.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from workers.log.types import (
    AppendResult,
    FetchResult,
    IncarnationId,
    Isolation,
    Membership,
    Offset,
    ProducerIdentity,
    ProducerStamp,
    RecordBatch,
    TopicPartition,
)


class Log(Protocol):
    """One client of one log. A worker process opens its own and shares it with nobody.

    Every verb is durable and atomic when it returns, except `begin_transaction`, which is local.
    Every verb may raise StorageProblem.
    """

    def create_topic(self, topic: str, partitions: int) -> None:
        """Makes a topic with partitions 0..partitions-1; nothing if it is there just so.

        Raises:
            TopicExists: it is there with another number of partitions.
        """

    def append(
        self, place: TopicPartition, batch: RecordBatch, stamp: ProducerStamp | None = None
    ) -> AppendResult:
        """Stores a batch at the partition's end.

        With `stamp` the append is idempotent, and belongs to the open transaction of that producer
        if it began one.

        Raises:
            UnknownTopicPartition, InvalidBatch, UnknownProducer: the caller's mistake.
            OutOfOrderSequence: numbers before the stamp's are missing.
            ProducerFenced: a newer epoch of the producer exists.
        """

    def fetch(
        self, place: TopicPartition, offset: Offset, max_records: int, isolation: Isolation
    ) -> FetchResult:
        """Records from `offset` on (inclusive), at most `max_records` of them, at least 1.

        Raises:
            UnknownTopicPartition: there is no such partition.
            OffsetOutOfRange: the offset is below 0 or beyond the high watermark.
        """

    def init_producer(
        self,
        transactional_id: str | None,
        incarnation: IncarnationId,
        *,
        keep_prepared: bool = False,
    ) -> ProducerIdentity:
        """Gives out a producer id and epoch (Kafka InitProducerId).

        With a transactional id it is always the same producer id with the next epoch: earlier
        holders are fenced and their open transaction is aborted, except that `keep_prepared`
        (KIP-939) keeps a prepared one for this client to end.
        """

    def prepared_transaction(self, identity: ProducerIdentity) -> int | None:
        """The number of the producer's prepared transaction; None when there is none."""

    def begin_transaction(self, identity: ProducerIdentity, incarnation: IncarnationId) -> None:
        """Opens a transaction in this client; nothing is stored yet.

        Raises:
            InvalidTransactionState: one is open already.
            ProducerFenced: this client learned before that it is fenced.
        """

    def send_offsets_to_transaction(
        self,
        identity: ProducerIdentity,
        group: str,
        offsets: Mapping[TopicPartition, Offset],
        membership: Membership | None = None,
    ) -> None:
        """Adds offsets to the open transaction; they are committed with it or not at all.

        Raises:
            InvalidTransactionState: no transaction is open.
            ProducerFenced: a newer epoch of the producer exists.
            UnknownGroup, MemberFenced, StaleGeneration: as `commit_offsets`.
        """

    def prepare_transaction(self, identity: ProducerIdentity) -> int:
        """Makes the open transaction able to commit whatever happens next, and takes no more.

        Its offsets are held until it ends: nobody else can commit them, and a reader that asks for
        stable offsets waits. The membership given with the offsets is checked for the last time.

        Returns: the transaction's number, which never comes again in this log.

        Raises:
            InvalidTransactionState: no transaction is open, or nothing was written in it.
            UnstableOffsets: another prepared transaction holds one of its offsets.
            ProducerFenced, MemberFenced, StaleGeneration: as above.
        """

    def commit_transaction(self, identity: ProducerIdentity) -> None:
        """Makes the transaction's records readable and its offsets committed, in one step.

        The membership given with the offsets is checked again here, unless it was prepared.

        Raises:
            InvalidTransactionState, ProducerFenced, MemberFenced, StaleGeneration,
            UnstableOffsets: as above.
        """

    def abort_transaction(self, identity: ProducerIdentity) -> None:
        """Drops the open transaction; its records stay invisible under read_committed.

        Raises:
            InvalidTransactionState, ProducerFenced: as above.
        """

    def create_group(
        self, group: str, slots: int, partitions: int, session_timeout_ns: int
    ) -> None:
        """Makes a consumer group with static members 0..slots-1; nothing if it is there."""

    def join_group(self, group: str, instance_id: int, incarnation: IncarnationId) -> Membership:
        """Takes the slot's place in the group; earlier processes of the slot are fenced.

        Raises:
            UnknownGroup: there is no such group or slot.
        """

    def heartbeat(self, group: str, membership: Membership) -> Membership:
        """Says that the member lives, expires silent ones, and returns what the member holds now.

        Raises:
            UnknownGroup, MemberFenced: it must join again.
        """

    def partitions_asked_back(self, group: str, membership: Membership) -> tuple[int, ...]:
        """Partitions the member should commit and release, because their own slot is back."""

    def release_partitions(
        self, group: str, membership: Membership, partitions: tuple[int, ...]
    ) -> Membership:
        """Gives partitions back and returns what the member holds now.

        Raises:
            UnknownGroup, MemberFenced, StaleGeneration: it does not own them any more.
        """

    def leave_group(self, group: str, membership: Membership) -> None:
        """Ends the membership in good order.

        Raises:
            UnknownGroup, MemberFenced: there was none to end.
        """

    def commit_offsets(
        self,
        group: str,
        offsets: Mapping[TopicPartition, Offset],
        incarnation: IncarnationId,
        membership: Membership | None = None,
    ) -> None:
        """Stores the NEXT offset to read of each partition.

        Args:
            membership: of the committing member; None outside group management.

        Raises:
            UnknownGroup, MemberFenced, StaleGeneration: the member may not commit any more.
            UnstableOffsets: a prepared transaction holds one of the offsets.
        """

    def committed_offset(
        self, group: str, place: TopicPartition, *, require_stable: bool = False
    ) -> Offset | None:
        """The next offset to read, or None when none was committed.

        Raises:
            UnstableOffsets: `require_stable`, and a prepared transaction holds the offset.
        """

    def end_offsets(self, place: TopicPartition) -> tuple[Offset, Offset]:
        """High watermark and last stable offset, both exclusive.

        Raises:
            UnknownTopicPartition: there is no such partition.
        """

    def close(self) -> None:
        """Ends the client. An open transaction stays open until the next `init_producer`."""
