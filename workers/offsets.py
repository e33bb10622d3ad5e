"""Where a consumer's committed offsets are kept: with its group in the log, or with the result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from workers.files import CLICKS, COUNTERS_GROUP
from workers.log.api import Log
from workers.log.types import IncarnationId, Membership, Offset, TopicPartition
from workers.sink import CounterSink


class CommittedOffsets(Protocol):
    """The NEXT offset to read of each partition of the input topic."""

    def to_start_from(self, partition: int) -> Offset:
        """Where a process that takes the partition over goes on.

        Raises:
            UnstableOffsets: a prepared transaction holds it; not known yet.
        """

    def reached(self, partition: int) -> Offset:
        """What is committed now, whoever committed it."""

    def commit(self, offsets: Mapping[int, Offset], membership: Membership) -> None:
        """Stores offsets by partition. Raises Fenced, UnstableOffsets."""


class GroupOffsets:
    """Offsets of the consumer group, fenced by its generation."""

    def __init__(self, log: Log, incarnation: IncarnationId) -> None:
        self._log = log
        self._incarnation = incarnation

    def to_start_from(self, partition: int) -> Offset:
        place = TopicPartition(CLICKS, partition)
        return self._log.committed_offset(COUNTERS_GROUP, place, require_stable=True) or Offset(0)

    def reached(self, partition: int) -> Offset:
        place = TopicPartition(CLICKS, partition)
        return self._log.committed_offset(COUNTERS_GROUP, place) or Offset(0)

    def commit(self, offsets: Mapping[int, Offset], membership: Membership) -> None:
        places = {TopicPartition(CLICKS, p): offset for p, offset in offsets.items()}
        self._log.commit_offsets(COUNTERS_GROUP, places, self._incarnation, membership)


class SinkOffsets:
    """Offsets stored with the result, fenced by compare-and-set."""

    def __init__(self, sink: CounterSink) -> None:
        self._sink = sink

    def to_start_from(self, partition: int) -> Offset:
        return self._sink.stored_offset(partition)

    def reached(self, partition: int) -> Offset:
        return self._sink.read_offset(partition)

    def commit(self, offsets: Mapping[int, Offset], membership: Membership) -> None:
        self._sink.store_offsets(offsets)
