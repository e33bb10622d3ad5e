"""A lane's files as a run without faults leaves them, written directly and as fast as can be.

Event k is due at START_NS + k microseconds; one source, one consumer.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bench_gui.bench.incarnations import IncarnationEnd
from bench_gui.bench.settings import RunSettings
from workers.events import LinkChooser, Timetable
from workers.files import CLICKS, COUNTERS_GROUP, POSITIONS_SCHEMA, SINK_SCHEMA, LaneFiles
from workers.lanes import Role, lane_of
from workers.log.database import LOG_PAGE_BYTES, PAGE_BYTES
from workers.log.schema import LOG_SCHEMA, OFFSET_BITS

SLUG = "at-least-once"
SEED = 7
START_NS = 1_000_000_000
GAP_NS = 1000
RATE_EPS = 1_000_000
PRODUCER, CONSUMER = 1, 2
RECORD = bytes(12)
COMMIT_EVERY = 2000
RUN_SCHEMA = """
CREATE TABLE run(start_ns INTEGER, sources_end_ns INTEGER, rate_eps INTEGER, producers INTEGER);
CREATE TABLE incarnations(
    lane TEXT, incarnation INTEGER, role TEXT, slot INTEGER, ended_ns INTEGER, fault_id INTEGER,
    acked_sequence INTEGER
);
"""


class PreparedLane:
    """The files, and what an auditor must be told besides them."""

    def __init__(self, directory: Path, batch: int, sink_batch: int, partitions: int = 4) -> None:
        self.lane = lane_of(SLUG)
        self.files = LaneFiles(directory)
        self.run_db = directory / "run.db"
        self.settings = RunSettings(
            lanes=(SLUG,), partitions=partitions, rate_eps=RATE_EPS, seed=SEED
        )
        self.timetable = Timetable(START_NS, RATE_EPS, 1)
        self.events = 0
        self._batch, self._sink_batch = batch, sink_batch
        self._ends = [0] * partitions
        self._turn = self._commits = self._effects = 0
        self._links = np.zeros(1001, dtype=np.int64)
        self._chooser = LinkChooser(SEED)
        self._clicks = _make(self.files.clicks, LOG_SCHEMA, LOG_PAGE_BYTES)
        self._results = _make(self.files.results, LOG_SCHEMA, LOG_PAGE_BYTES)
        self._sink = _make(self.files.sink, SINK_SCHEMA)
        self._positions = _make(self.files.positions(0), POSITIONS_SCHEMA)
        rows = [(CLICKS, partition) for partition in range(partitions)]
        sql = "INSERT INTO partitions(topic, partition) VALUES (?, ?)"
        self._clicks.executemany(sql, rows)

    def close(self) -> None:
        """Closes the files."""
        for connection in (self._clicks, self._results, self._sink, self._positions):
            connection.close()

    @property
    def end_ns(self) -> int:
        """When the sources ended, if no more events come."""
        return START_NS + self.events * GAP_NS

    @property
    def now_ns(self) -> int:
        """A time after everything that was written."""
        return self.end_ns + 10_000_000_000

    def ended(self) -> dict[int, IncarnationEnd]:
        """Both workers have finished."""
        at_ns = self.end_ns + 1_000_000_000
        return {
            PRODUCER: IncarnationEnd(PRODUCER, Role.PRODUCER.value, 0, at_ns, None, self.events),
            CONSUMER: IncarnationEnd(CONSUMER, Role.CONSUMER.value, 0, at_ns, None, None),
        }

    def extend(self, events: int) -> None:
        """So many more events came, were appended, counted and committed."""
        batches = list(self._batches(events))
        for connection in (self._clicks, self._results, self._sink, self._positions):
            connection.execute("BEGIN")
        self._append(batches)
        self._apply(batches)
        self._commit()
        for connection in (self._clicks, self._results, self._sink, self._positions):
            connection.execute("COMMIT")
        self.events += events

    def _batches(self, events: int) -> Iterator[tuple[int, int, int, int]]:
        """Partition, base offset, first event, count."""
        last = self.events + events
        for first in range(self.events, last, self._batch):
            partition = self._turn % len(self._ends)
            count = min(self._batch, last - first)
            yield partition, self._ends[partition], first, count
            self._ends[partition] += count
            self._turn += 1

    def _append(self, batches: list[tuple[int, int, int, int]]) -> None:
        self._clicks.executemany(
            "INSERT INTO batches(position, count, source, first_sequence, due_ns, appended_ns,"
            " incarnation, transaction_id, records) VALUES (?, ?, 0, ?, ?, ?, ?, NULL, ?)",
            (
                ((partition + 1) << OFFSET_BITS | base, count, first, _due_ns(first),
                 _due_ns(first + count) + 1_000_000, PRODUCER, RECORD * count)
                for partition, base, first, count in batches
            ),
        )  # fmt: skip
        self._positions.executemany(
            "INSERT INTO positions(first_sequence, next_sequence, incarnation, advanced_ns)"
            " VALUES (?, ?, ?, ?)",
            (
                (first, first + count, PRODUCER, _due_ns(first + count) + 2_000_000)
                for _, _, first, count in batches
            ),
        )

    def _apply(self, batches: list[tuple[int, int, int, int]]) -> None:
        self._sink.executemany(
            "INSERT INTO effects(sink_transaction, incarnation, effect_ns, source, first_sequence,"
            " count, partition, first_offset, applied, fetched_ns)"
            " VALUES (?, ?, ?, 0, ?, ?, ?, ?, 1, ?)",
            self._effect_rows(batches),
        )
        sequences = np.arange(self.events, sum(batches[-1][2:]), dtype=np.int64)
        self._links += np.bincount(self._chooser.links(0, sequences), minlength=1001)
        rows = [(link, int(clicks)) for link, clicks in enumerate(self._links) if clicks]
        self._sink.executemany("INSERT OR REPLACE INTO links VALUES (?, ?)", rows)

    def _effect_rows(self, batches: list[tuple[int, int, int, int]]) -> Iterator[tuple[int, ...]]:
        for partition, base, first, batch in batches:
            fetched_ns = _due_ns(first + batch) + 3_000_000
            for start in range(0, batch, self._sink_batch):
                count = min(self._sink_batch, batch - start)
                self._effects += 1
                yield (self._effects, CONSUMER, fetched_ns + 1_000_000, first + start, count,
                       partition, base + start, fetched_ns)  # fmt: skip

    def _commit(self) -> None:
        """Offsets of all partitions, as after an interval."""
        before = dict(
            self._results.execute("SELECT partition, next_offset FROM committed_offsets").fetchall()
        )
        for partition, end in enumerate(self._ends):
            where = (COUNTERS_GROUP, CLICKS, partition)
            self._results.execute(
                "INSERT OR REPLACE INTO committed_offsets VALUES (?, ?, ?, ?)", (*where, end)
            )
            steps = range(before.get(partition, 0), end, COMMIT_EVERY)
            self._results.executemany(
                "INSERT INTO offset_commits(group_id, topic, partition, from_offset, next_offset,"
                " incarnation, committed_ns) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    (*where, start, min(start + COMMIT_EVERY, end), CONSUMER, self.now_ns)
                    for start in steps
                ),
            )

    def end_run(self) -> None:
        """Writes what the recount reads of run.db."""
        connection = sqlite3.connect(self.run_db)
        connection.executescript(RUN_SCHEMA)
        run = (START_NS, self.end_ns, RATE_EPS, 1)
        connection.execute("INSERT INTO run VALUES (?, ?, ?, ?)", run)
        connection.executemany(
            "INSERT INTO incarnations VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (SLUG, one.incarnation, one.role, one.slot, one.ended_ns, None, one.acked_sequence)
                for one in self.ended().values()
            ],
        )
        connection.commit()
        connection.close()


def _due_ns(sequence: int) -> int:
    return START_NS + sequence * GAP_NS


def _make(path: Path, schema: str, page_bytes: int = PAGE_BYTES) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA page_size = {page_bytes}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = OFF")
    connection.executescript(schema)
    return connection
