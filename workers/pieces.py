"""Fetched events on their way to the sink, cut into the pieces that one sink transaction takes."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from workers.events import RECORD_HEADER_BYTES
from workers.log.types import FetchedBatch, Offset, Sequence


@dataclass(frozen=True, slots=True)
class Piece:
    """Consecutive events of one source slot at consecutive offsets of one partition.

    Fields:
        due_ns: of the batch they came in.
        links: their link ids, one each. Invariant: not empty.
        records: as encoded in their batch, one after the other.
        fetched_ns: when the batch was fetched, monotonic.
    """

    partition: int
    first_offset: Offset
    source: int
    first_sequence: Sequence
    due_ns: int
    links: list[int]
    records: memoryview
    fetched_ns: int

    @property
    def next_offset(self) -> Offset:
        """The offset after the last event."""
        return Offset(self.first_offset + len(self.links))

    def headers(self) -> bytes:
        """The clicks without their payload, encoded, one after the other."""
        records = np.frombuffer(self.records, dtype=np.uint8).reshape(len(self.links), -1)
        return records[:, :RECORD_HEADER_BYTES].tobytes()


class _Waiting:
    """A fetched batch with the number of its events already handed out."""

    def __init__(
        self, partition: int, fetched: FetchedBatch, links: list[int], fetched_ns: int
    ) -> None:
        self.fetched_ns = fetched_ns
        self.partition = partition
        self.fetched = fetched
        self.records = memoryview(fetched.batch.records)
        self.links = links
        self.done = 0

    def cut(self, most: int) -> Piece:
        first, batch = self.done, self.fetched.batch
        self.done = min(len(self.links), first + most)
        size = batch.record_size
        return Piece(
            self.partition,
            Offset(self.fetched.base_offset + first),
            batch.source,
            Sequence(batch.first_sequence + first),
            batch.due_ns,
            self.links[first : self.done],
            self.records[first * size : self.done * size],
            self.fetched_ns,
        )


class Pending:
    """What was fetched and not yet processed, in order of fetching.

    Fields:
        count: events waiting, to read; a plain number, for it is asked for with every chunk.
    """

    def __init__(self) -> None:
        self._waiting: deque[_Waiting] = deque()
        self.count = 0

    def add(self, partition: int, fetched: FetchedBatch, links: list[int], fetched_ns: int) -> None:
        """Puts a fetched batch at the end; `links` has the link id of each of its events."""
        self._waiting.append(_Waiting(partition, fetched, links, fetched_ns))
        self.count += len(links)

    def take(self, most: int) -> list[Piece]:
        """The next events, at most `most` (>= 1), as few pieces as the batches allow."""
        pieces: list[Piece] = []
        left = most
        while self._waiting and left > 0:
            waiting = self._waiting[0]
            piece = waiting.cut(left)
            pieces.append(piece)
            left -= len(piece.links)
            if waiting.done == len(waiting.links):
                self._waiting.popleft()
        self.count -= most - left
        return pieces

    def clear(self) -> None:
        """Forgets everything: it will be fetched again by whoever may."""
        self._waiting.clear()
        self.count = 0
