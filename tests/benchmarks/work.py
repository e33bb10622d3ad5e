"""The work that every contender does end to end, so that only what carries it differs.

Events are the bench's own clicks. A producer keeps its source position in a file of its own; a
consumer counts event by event in a table of links and writes one row into a ledger of effects in
each sink transaction.
"""

from __future__ import annotations

import sqlite3
import struct
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from workers.events import BLOCK, RecordCodec, payload
from workers.log.database import CHECKPOINT_PAGES, PAGE_BYTES

SEED = 7
PAYLOAD_BYTES = 100
RECORD_BYTES = 112
HEADER = struct.Struct("<Iq")
FEW = 8
COUNT_SQL = "INSERT INTO links VALUES (?, 1) ON CONFLICT(link_id) DO UPDATE SET clicks = clicks + 1"


def connect(path: Path, durability: str, schema: str, page_bytes: int = PAGE_BYTES
            ) -> sqlite3.Connection:  # fmt: skip
    """A file with the bench's own pragmas; `schema` is one statement."""
    connection = sqlite3.connect(path, timeout=30, isolation_level=None)
    connection.execute(f"PRAGMA page_size = {page_bytes}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA synchronous = {durability}")
    connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    connection.execute(schema)
    return connection


class Clicks:
    """The stream of events, encoded; a few at a time without numpy, whose calls are dear."""

    def __init__(self) -> None:
        self._codec = RecordCodec(SEED, PAYLOAD_BYTES)
        self._payload = payload(PAYLOAD_BYTES)
        self._block, self._links = -1, [0]

    def blob(self, first: int, count: int, due_ns: int, gap_ns: int = 0) -> bytes:
        """`count` records from event `first` on, the first due at `due_ns`."""
        if count > FEW:
            due = due_ns + gap_ns * np.arange(count, dtype=np.int64)
            return self._codec.encode(0, first, due)
        records = (
            HEADER.pack(self._link(first + place), due_ns + place * gap_ns) + self._payload
            for place in range(count)
        )
        return b"".join(records)

    def _link(self, sequence: int) -> int:
        block, place = divmod(sequence, BLOCK)
        if block != self._block:
            due = np.zeros(BLOCK, dtype=np.int64)
            self._links = self._codec.links(self._codec.encode(0, block * BLOCK, due))
            self._block = block
        return self._links[place]

    def links(self, records: bytes) -> list[int]:
        """The link of each record."""
        if len(records) > FEW * RECORD_BYTES:
            return self._codec.links(records)
        return [link_of(record) for record in records_of(records)]


def records_of(blob: bytes) -> Iterator[bytes]:
    """The single records, one after the other."""
    return (blob[at : at + RECORD_BYTES] for at in range(0, len(blob), RECORD_BYTES))


def link_of(record: bytes) -> int:
    """The record's link."""
    return int.from_bytes(record[:4], "little")


def note_latencies(blob: bytes, first: int, count: int, latencies_ns: list[int]) -> None:
    """How long the blob's events from `first` on took from due time until now."""
    now_ns = time.monotonic_ns()
    for at in range(first * RECORD_BYTES, (first + count) * RECORD_BYTES, RECORD_BYTES):
        latencies_ns.append(now_ns - int.from_bytes(blob[at + 4 : at + 12], "little"))


class Position:
    """The producer's next event, one row an advance, in a file of its own."""

    def __init__(self, directory: Path, durability: str) -> None:
        self._connection = connect(
            directory / "position.db",
            durability,
            "CREATE TABLE IF NOT EXISTS positions("
            "id INTEGER PRIMARY KEY, next INTEGER, at INTEGER)",
        )

    def advance(self, next_event: int) -> None:
        """Everything before `next_event` is in the queue."""
        values = (next_event, time.monotonic_ns())
        self._connection.execute("INSERT INTO positions(next, at) VALUES (?, ?)", values)


class Sink:
    """The analytics database."""

    def __init__(self, directory: Path, durability: str) -> None:
        self._connection = connect(
            directory / "sink.db",
            durability,
            "CREATE TABLE IF NOT EXISTS links(link_id INTEGER PRIMARY KEY, clicks INTEGER)",
        )
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS effects("
            "id INTEGER PRIMARY KEY, at INTEGER, first INTEGER, count INTEGER)"
        )
        self._next = 0

    def apply(self, links: list[int]) -> None:
        """Counts the events one statement each and notes which ones they were, atomically."""
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(COUNT_SQL, [(link,) for link in links])
        connection.execute(
            "INSERT INTO effects(at, first, count) VALUES (?, ?, ?)",
            (time.monotonic_ns(), self._next, len(links)),
        )
        connection.execute("COMMIT")
        self._next += len(links)

    def counted(self) -> int:
        """Clicks over all links: every event's effect."""
        return int(self._connection.execute("SELECT sum(clicks) FROM links").fetchone()[0])
