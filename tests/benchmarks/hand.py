"""Producer and consumer as a competent person would write them by hand, two processes.

The queue is one table of blobs with an integer primary key; the producer wakes the consumer through
a FIFO; the consumer keeps its offset in a file of its own and commits it every 100 ms.
"""

from __future__ import annotations

import os
import select
import time
from pathlib import Path

from tests.benchmarks.order import Order
from tests.benchmarks.work import Clicks, Position, Sink, connect, note_latencies

QUEUE_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS batches(first INTEGER PRIMARY KEY, count INTEGER, records BLOB)"
)
OFFSETS_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS offsets(id INTEGER PRIMARY KEY, next INTEGER, at INTEGER)"
)
FETCH_SQL = "SELECT count, records FROM batches WHERE first >= ? ORDER BY first LIMIT ?"
COMMIT_EVERY_S = 0.1
WAIT_S = 0.05
FETCH_RECORDS = 2000


class HandProducer:
    """Appends blobs and then its position."""

    def __init__(self, directory: Path, order: Order) -> None:
        path = directory / "queue.db"
        self._execute = connect(path, order.durability, QUEUE_SCHEMA, order.page_bytes).execute
        self._position = Position(directory, order.durability)
        self._bell = os.open(directory / "bell", os.O_RDWR | os.O_NONBLOCK)

    def append(self, first: int, count: int, records: bytes) -> None:
        """One batch, durable when it returns."""
        self._execute("BEGIN IMMEDIATE")
        self._execute("INSERT INTO batches VALUES (?, ?, ?)", (first, count, records))
        self._execute("COMMIT")
        self._position.advance(first + count)
        try:
            os.write(self._bell, b"!")
        except BlockingIOError:
            return


class HandConsumer:
    """Reads blobs, counts every event, commits its offset now and then."""

    def __init__(self, directory: Path, order: Order) -> None:
        durability = order.durability
        self._queue = connect(directory / "queue.db", durability, QUEUE_SCHEMA, order.page_bytes)
        self._offsets = connect(directory / "offsets.db", durability, OFFSETS_SCHEMA)
        self.sink = Sink(directory, durability)
        self._clicks = Clicks()
        self._sink_batch = order.sink_batch
        self._note_latency = order.rate_eps is not None
        self._fetch = max(1, FETCH_RECORDS // order.batch)
        self._bell = os.open(directory / "bell", os.O_RDWR | os.O_NONBLOCK)
        self.next = 0
        self._committed_s = time.monotonic()

    def get(self) -> list[tuple[int, bytes]]:
        """Blobs that have not been processed, with their counts; none when there are none."""
        rows = self._queue.execute(FETCH_SQL, (self.next, self._fetch)).fetchall()
        if not rows:
            select.select([self._bell], [], [], WAIT_S)
            self._hush()
        return rows

    def _hush(self) -> None:
        try:
            os.read(self._bell, 4096)
        except BlockingIOError:
            return

    def process(self, records: bytes, latencies_ns: list[int]) -> None:
        """Every event's effect; offsets when they are due."""
        links = self._clicks.links(records)
        for at in range(0, len(links), self._sink_batch):
            part = links[at : at + self._sink_batch]
            self.sink.apply(part)
            self.next += len(part)
            self._commit_when_due()
            if self._note_latency:
                note_latencies(records, at, len(part), latencies_ns)

    def _commit_when_due(self) -> None:
        now_s = time.monotonic()
        if now_s - self._committed_s >= COMMIT_EVERY_S:
            self._committed_s = now_s
            values = (self.next, time.monotonic_ns())
            self._offsets.execute("INSERT INTO offsets(next, at) VALUES (?, ?)", values)
