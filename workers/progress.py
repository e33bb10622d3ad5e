"""How far a consumer has come in its partitions: fetched, processed, committed. No I/O."""

from __future__ import annotations

from collections.abc import Mapping

from workers.config import LaneConfig
from workers.log.types import Offset
from workers.pieces import Piece


class Progress:
    """Offsets of the partitions held now; each is the NEXT one.

    Fields:
        fetched: to fetch, by partition.
        processed: to process, by partition.
        uncommitted: events processed since the last commit, 0 or more.

    Invariant: committed <= processed <= fetched where offsets are committed after processing, and
    processed <= committed <= fetched where they are committed before.
    """

    def __init__(self, config: LaneConfig, committed: Mapping[int, Offset], now_ns: int) -> None:
        self.fetched = dict(committed)
        self.processed = dict(committed)
        self.uncommitted = 0
        self._config = config
        self._committed = dict(committed)
        self._last_commit_ns = now_ns

    def note_processed(self, pieces: list[Piece], uncommitted: int) -> None:
        """The pieces have their effects; `uncommitted` of their events await a commit."""
        for piece in pieces:
            self.processed[piece.partition] = piece.next_offset
        self.uncommitted += uncommitted

    def skip_invisible(self) -> None:
        """Nothing fetched waits: what lies between (aborted records) needs no processing."""
        self.processed = dict(self.fetched)

    def to_commit(self, reached: Mapping[int, Offset]) -> dict[int, Offset]:
        """What of `reached` differs from what is committed, by partition."""
        return {
            partition: offset
            for partition, offset in reached.items()
            if offset != self._committed[partition]
        }

    def note_committed(self, reached: Mapping[int, Offset], now_ns: int) -> None:
        """What `reached` says of its partitions is committed."""
        self._committed.update(reached)
        self._last_commit_ns = now_ns
        self.uncommitted = 0

    def interval_over(self, now_ns: int) -> bool:
        """Whether the commit interval has passed, in time or in records."""
        return self.rest_ns(now_ns) <= 0

    def rest_ns(self, now_ns: int) -> int:
        """Nanoseconds until the commit interval is over; 0 or less when it is.

        An interval in records is over or endless.
        """
        records, interval_ns = self._config.commit_interval_records, self._config.commit_interval_ns
        if interval_ns is not None:
            return self._last_commit_ns + interval_ns - now_ns
        return 0 if records is not None and self.uncommitted >= records else ENDLESS_NS


ENDLESS_NS = 2**62
