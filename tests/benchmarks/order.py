"""What the two processes of a pipeline are told, and the page of memory that they share."""

from __future__ import annotations

import mmap
from dataclasses import dataclass
from pathlib import Path

from workers.log.database import LOG_PAGE_BYTES

PAGE_BYTES = 4096
METER = "meter.page"


@dataclass(frozen=True, slots=True)
class Order:
    """One run of one pipeline.

    Fields:
        kind: "hand", or the name of a peer.
        directory: where its files are.
        seconds: how long the producer works; the consumer finishes what is left.
        batch: events that the producer hands over at once.
        sink_batch: events of one sink transaction at the most.
        durability: SQLite's synchronous, where it can be set.
        rate_eps: None takes the next event at once, as long as fewer than `window` are under way.
        transactions: use what the peer has for many messages at once.
        page_bytes: of the queue's file by hand.
    """

    kind: str
    directory: str
    seconds: float
    batch: int
    sink_batch: int
    durability: str
    rate_eps: int | None = None
    window: int = 100_000
    transactions: bool = False
    page_bytes: int = LOG_PAGE_BYTES


class Meter:
    """How far both sides are, in memory that both map. Each word has one writer."""

    def __init__(self, directory: Path) -> None:
        with (directory / METER).open("r+b") as file:
            self._words = memoryview(mmap.mmap(file.fileno(), PAGE_BYTES)).cast("q")

    @staticmethod
    def create(directory: Path) -> None:
        """Makes the page, all zero."""
        (directory / METER).write_bytes(bytes(PAGE_BYTES))

    @property
    def consumed(self) -> int:
        """Events with their effect, as the consumer said last."""
        return self._words[0]

    @consumed.setter
    def consumed(self, events: int) -> None:
        self._words[0] = events

    def end(self, events: int) -> None:
        """The producer has produced so many, and no more will come."""
        self._words[1] = events + 1

    def finished(self, consumed: int) -> bool:
        """Whether everything is consumed."""
        return self._words[1] == consumed + 1
