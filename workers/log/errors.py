"""Everything that can go wrong with the log, as one small tree.

Ours to fix (`LogMisuse`) is apart from what the protocol provides for (`Fenced`) and from the
environment (`StorageProblem`). A duplicate sequence is a result of `append`, not an error.

Class attributes of every error:
    retriable: the same call may succeed later.
    definite: the operation certainly did not happen.
"""

from __future__ import annotations

from typing import ClassVar


class LogError(Exception):
    """Anything the log refuses or fails to do."""

    retriable: ClassVar[bool] = False
    definite: ClassVar[bool] = True


class LogMisuse(LogError):
    """The caller's mistake: a bug of ours, never caught."""


class UnknownTopicPartition(LogMisuse):
    """The topic does not exist, or has no such partition."""


class TopicExists(LogMisuse):
    """The topic is there already with another number of partitions."""


class InvalidBatch(LogMisuse):
    """The batch is empty, or its records are not of equal size."""


class OffsetOutOfRange(LogMisuse):
    """A fetch or a commit at an offset below 0 or beyond the high watermark."""


class InvalidTransactionState(LogMisuse):
    """A transaction's verb at a time when it means nothing, such as commit before begin."""


class OutOfOrderSequence(LogMisuse):
    """An idempotent producer skipped a number: records before it are missing."""


class UnknownProducer(LogMisuse):
    """The log never gave out this producer id."""


class UnknownGroup(LogMisuse):
    """The consumer group does not exist, or knows no such instance."""


class Fenced(LogError):
    """The caller has been replaced; it must stop, or take its place anew."""


class ProducerFenced(Fenced):
    """A newer epoch of this producer exists. Source: Kafka PRODUCER_FENCED."""


class MemberFenced(Fenced):
    """Another process took this group instance, or it was expired. Source: FENCED_INSTANCE_ID."""


class StaleGeneration(Fenced):
    """The group was rebalanced since; the member must refresh. Source: ILLEGAL_GENERATION."""

    retriable = True


class UnstableOffsets(LogError):
    """A prepared transaction holds offsets of the partition, and its outcome is not known yet.

    Source: Kafka UNSTABLE_OFFSET_COMMIT (KIP-447).
    """

    retriable = True


class StorageProblem(LogError):
    """The environment's: disk full, read-only, locked by another program. One clear sentence."""


class StorageBusy(StorageProblem):
    """Another program kept the file locked for longer than the timeout."""

    retriable = True
