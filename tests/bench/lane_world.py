"""A lane's files written by hand, row by row, with the real tables: what workers could have left.

`LaneWorld` is the pen. Times go on by one millisecond a row; event k of slot s is due at
START_NS + (k * producers + s) milliseconds, and the sources end so that each slot has `events`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from bench_gui.bench.audit.auditor import LaneAuditor, compare, final_count
from bench_gui.bench.audit.committed_reader import CommittedReader
from bench_gui.bench.audit.growing_table import Packing
from bench_gui.bench.audit.recount import Recount, disagreement, recount
from bench_gui.bench.incarnations import FaultMark, IncarnationEnd, MarkKind
from bench_gui.bench.settings import RunSettings
from tests.bench.pasted_recount import assert_same, pasted_recount
from workers.events import LinkChooser, Timetable
from workers.files import (
    CLICKS,
    COORDINATOR_SCHEMA,
    COUNTERS_GROUP,
    POSITIONS_SCHEMA,
    RESULTS,
    SINK_SCHEMA,
    SOURCES,
    SOURCES_GROUP,
    LaneFiles,
    event_id,
)
from workers.lanes import Result, lane_of
from workers.log.schema import LOG_SCHEMA, OFFSET_BITS
from workers.policies import OffsetsHome

START_NS = 1_000_000_000
MILLISECOND_NS = 1_000_000
SEED = 7
PACKING_AT_ONCE = Packing(chunk_bits=1, chunks=1, chunks_a_line=0)
"""Of the live auditor: what it knows of a few events is packed and unpacked all the time."""
RUN_SCHEMA = """
CREATE TABLE run(start_ns INTEGER, sources_end_ns INTEGER, rate_eps INTEGER, producers INTEGER);
CREATE TABLE incarnations(
    lane TEXT, incarnation INTEGER, role TEXT, slot INTEGER, ended_ns INTEGER, fault_id INTEGER,
    acked_sequence INTEGER
);
"""


class LaneWorld:
    """The files of one lane of one run."""

    def __init__(
        self,
        directory: Path,
        slug: str,
        *,
        producers: int = 1,
        partitions: int = 2,
        events: int = 20,
        open_loop: bool = True,
    ) -> None:
        self.lane = lane_of(slug)
        self.output = self.lane.result is Result.OUTPUT_TOPIC
        self.files = LaneFiles(directory)
        self.run_db = directory / "run.db"
        rate_eps = 1000 if open_loop else None
        self.timetable = Timetable(START_NS, rate_eps, producers)
        self.settings = RunSettings(
            lanes=(slug,), producers=producers, partitions=partitions, rate_eps=rate_eps, seed=SEED
        )
        self.sources_end_ns = START_NS + events * producers * MILLISECOND_NS
        self.now_ns = self.sources_end_ns
        self.ended: dict[int, IncarnationEnd] = {}
        self.marks: list[FaultMark] = []
        self._new_marks: list[FaultMark] = []
        self._chooser = LinkChooser(SEED)
        self._ends = {CLICKS: [0] * partitions, RESULTS: [0] * partitions}
        self._databases: dict[Path, sqlite3.Connection] = {}
        self._auditors: list[LaneAuditor] = []
        self._make_files(producers, partitions)
        self.live = self.auditor(self._reader() if self.output else None)

    def _make_files(self, producers: int, partitions: int) -> None:
        self._make(self.files.clicks, LOG_SCHEMA)
        self._make(self.files.results, LOG_SCHEMA)
        for partition in range(partitions):
            for path, topic in ((self.files.clicks, CLICKS), (self.files.results, RESULTS)):
                self.write(
                    path, "INSERT INTO partitions(topic, partition) VALUES (?, ?)", topic, partition
                )
        if not self.output:
            self._make(self.files.sink, SINK_SCHEMA)
        if not self.lane.producer.transactional:
            for slot in range(producers):
                self._make(self.files.positions(slot), POSITIONS_SCHEMA)
        self._make(self.run_db, RUN_SCHEMA)
        run = (START_NS, self.sources_end_ns, self.timetable.rate_eps, producers)
        self.write(self.run_db, "INSERT INTO run VALUES (?, ?, ?, ?)", *run)

    def _reader(self) -> CommittedReader:
        partitions = self.settings.partitions
        return CommittedReader(self.files.results, partitions, "off", lambda: self.now_ns)

    def _make(self, path: Path, schema: str) -> None:
        database = sqlite3.connect(path, isolation_level=None)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = OFF")
        database.executescript(schema)
        self._databases[path] = database

    def write(self, path: Path, sql: str, *values: object) -> int:
        """One statement, committed. Returns the row's number."""
        row_id = self._databases[path].execute(sql, values).lastrowid
        return row_id or 0

    def tick(self) -> int:
        """The next moment, nanoseconds."""
        self.now_ns += MILLISECOND_NS
        return self.now_ns

    def close(self) -> None:
        """Closes every file."""
        for auditor in self._auditors:
            auditor.close()
        for database in self._databases.values():
            database.close()

    # producers

    def advance_position(self, slot: int, sequence: int, incarnation: int) -> None:
        """The slot's source position is `sequence` from now on."""
        if self.lane.producer.transactional:
            group = (SOURCES_GROUP, SOURCES, slot)
            self._commit_offset(self.files.clicks, group, sequence, incarnation)
            return
        self.write(
            self.files.positions(slot),
            "INSERT INTO positions(first_sequence, next_sequence, incarnation, advanced_ns)"
            " SELECT coalesce(max(next_sequence), 0), ?, ?, ? FROM positions",
            *(sequence, incarnation, self.tick()),
        )

    def append(
        self,
        slot: int,
        first: int,
        count: int,
        incarnation: int,
        *,
        partition: int = 0,
        transaction: int | None = None,
    ) -> int:
        """Events in the log. Returns the first one's offset."""
        place = (CLICKS, partition)
        return self._append(self.files.clicks, place, slot, first, count, incarnation, transaction)

    def _append(
        self,
        path: Path,
        place: tuple[str, int],
        slot: int,
        first: int,
        count: int,
        incarnation: int,
        transaction: int | None,
    ) -> int:
        topic, partition = place
        partition_id = self._partition_id(path, topic, partition)
        base = self._ends[topic][partition]
        self._ends[topic][partition] += count
        self.write(
            path,
            "INSERT INTO batches(position, count, source, first_sequence, due_ns, appended_ns,"
            " incarnation, transaction_id, records) VALUES (?, ?, ?, ?, ?, ?, ?, ?, x'00')",
            *(partition_id << OFFSET_BITS | base, count, slot, first),
            *(self.now_ns, self.tick(), incarnation, transaction),
        )
        if transaction is not None:
            open_row = (transaction, partition_id, base)
            self.write(path, "INSERT OR IGNORE INTO open_partitions VALUES (?, ?, ?)", *open_row)
        return base

    def _partition_id(self, path: Path, topic: str, partition: int) -> int:
        sql = "SELECT partition_id FROM partitions WHERE topic = ? AND partition = ?"
        row = self._databases[path].execute(sql, (topic, partition)).fetchone()
        return int(row[0])

    def stable_offset(self, partition: int) -> int:
        """The input partition's last stable offset; beyond any offset when nothing is open."""
        sql = "SELECT min(first_offset) FROM open_partitions WHERE partition_id = ?"
        partition_id = self._partition_id(self.files.clicks, CLICKS, partition)
        (first,) = self._databases[self.files.clicks].execute(sql, (partition_id,)).fetchone()
        return 1 << OFFSET_BITS if first is None else int(first)

    # transactions, in clicks.db of producers and in results.db of consumers

    def begin(self, path: Path, incarnation: int) -> int:
        """An open transaction. Returns its number."""
        return self.write(
            path,
            "INSERT INTO transactions(producer_id, epoch, state, incarnation)"
            " VALUES (?, 0, 'ongoing', ?)",
            *(incarnation, incarnation),
        )

    def decide(self, path: Path, transaction: int, state: str) -> None:
        """Ends it: 'committed' or 'aborted'."""
        with self.at_once(path):
            self.write(
                path,
                "UPDATE transactions SET state = ?, ended_ns = ? WHERE transaction_id = ?",
                *(state, self.tick(), transaction),
            )
            self.write(path, "DELETE FROM open_partitions WHERE transaction_id = ?", transaction)

    # two-phase commit

    def prepare(self, transaction: int) -> None:
        """The consumer's log transaction is in doubt from now on."""
        self.write(
            self.files.results,
            "UPDATE transactions SET state = 'prepared', prepared_ns = ? WHERE transaction_id = ?",
            *(self.tick(), transaction),
        )

    def prepare_sink(
        self, transaction: int, slot: int, first: int, count: int, incarnation: int, *,
        partition: int = 0, offset: int = 0,
    ) -> None:  # fmt: skip
        """What the transaction is to do to the counters, of one range of events."""
        sink = self.files.sink
        self.write(
            sink,
            "INSERT OR IGNORE INTO prepared_transactions VALUES (?, 0, ?, ?)",
            *(transaction, incarnation, self.tick()),
        )
        self.write(
            sink,
            "INSERT INTO prepared_effects(transaction_id, source, first_sequence, count, partition,"
            " first_offset, fetched_ns, links) VALUES (?, ?, ?, ?, ?, ?, ?, x'00000000')",
            *(transaction, slot, first, count, partition, offset, self.now_ns),
        )

    def decide_durably(self, coordinator: int, transaction: int, incarnation: int) -> None:
        """The coordinator's decision to commit."""
        path = self.files.coordinator(coordinator)
        if path not in self._databases:
            self._make(path, COORDINATOR_SCHEMA)
        decision = (transaction, incarnation, self.tick())
        self.write(path, "INSERT INTO decisions VALUES (?, ?, ?)", *decision)

    def end_prepared(self, transaction: int, incarnation: int | None) -> None:
        """The prepared effects become effects of `incarnation`; dropped when it is None."""
        columns = "source, first_sequence, count, partition, first_offset"
        sql = f"SELECT {columns} FROM prepared_effects WHERE transaction_id = ?"
        rows = self._databases[self.files.sink].execute(sql, (transaction,)).fetchall()
        with self.at_once(self.files.sink):
            for slot, first, count, *place in rows if incarnation is not None else ():
                self._apply(slot, first, count, incarnation, *place, applied=True)
            for table in ("prepared_effects", "prepared_transactions", "locked_links"):
                where = f"DELETE FROM {table} WHERE transaction_id = ?"
                self.write(self.files.sink, where, transaction)

    # consumers

    def commit_offset(self, partition: int, offset: int, incarnation: int) -> None:
        """The partition's committed offset is `offset` from now on."""
        if self.lane.consumer.offsets is OffsetsHome.SINK:
            self._store_offset(partition, offset, incarnation)
            return
        group = (COUNTERS_GROUP, CLICKS, partition)
        self._commit_offset(self.files.results, group, offset, incarnation)

    def _store_offset(self, partition: int, offset: int, incarnation: int) -> None:
        sink = self.files.sink
        self.write(sink, "INSERT OR REPLACE INTO stored_offsets VALUES (?, ?)", partition, offset)
        self.write(
            sink,
            "INSERT INTO offset_commits(partition, from_offset, next_offset, incarnation,"
            " committed_ns) VALUES (?, 0, ?, ?, ?)",
            *(partition, offset, incarnation, self.tick()),
        )

    def _commit_offset(
        self, path: Path, group: tuple[str, str, int], offset: int, incarnation: int
    ) -> None:
        self.write(path, "INSERT OR REPLACE INTO committed_offsets VALUES (?, ?, ?, ?)",
                   *group, offset)  # fmt: skip
        self.write(
            path,
            "INSERT INTO offset_commits(group_id, topic, partition, from_offset, next_offset,"
            " incarnation, committed_ns) VALUES (?, ?, ?, 0, ?, ?, ?)",
            *(*group, offset, incarnation, self.tick()),
        )

    def apply(
        self,
        slot: int,
        first: int,
        count: int,
        incarnation: int,
        *,
        partition: int = 0,
        offset: int = 0,
        applied: bool = True,
        commit: int | None = None,
    ) -> None:
        """Deliveries to the counter: counted, or known already and suppressed.

        `commit`: the offset stored in the same sink transaction, where offsets are stored there.
        """
        with self.at_once(self.files.sink):
            self._apply(slot, first, count, incarnation, partition, offset, applied=applied)
            if commit is not None:
                self._store_offset(partition, commit, incarnation)

    @contextmanager
    def at_once(self, path: Path) -> Iterator[None]:
        """One SQLite transaction."""
        self._databases[path].execute("BEGIN")
        yield
        self._databases[path].execute("COMMIT")

    def _apply(
        self,
        slot: int,
        first: int,
        count: int,
        incarnation: int,
        partition: int,
        offset: int,
        *,
        applied: bool,
    ) -> None:
        for sequence in range(first, first + count) if applied else ():
            self._count_click(slot, sequence)
        self.write(
            self.files.sink,
            "INSERT INTO effects(sink_transaction, incarnation, effect_ns, source, first_sequence,"
            " count, partition, first_offset, applied, fetched_ns)"
            " VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(incarnation, self.tick(), slot, first, count, partition, offset, int(applied)),
            self.now_ns,
        )

    def _count_click(self, slot: int, sequence: int) -> None:
        link = 1 if slot < 0 or sequence < 0 else self.link(slot, sequence)
        self.write(
            self.files.sink,
            "INSERT INTO links VALUES (?, 1)"
            " ON CONFLICT(link_id) DO UPDATE SET clicks = clicks + 1",
            link,
        )
        key = event_id(slot, sequence)
        self.write(self.files.sink, "INSERT OR IGNORE INTO processed VALUES (?)", key)

    def link(self, slot: int, sequence: int) -> int:
        """The link that the event clicks."""
        return int(self._chooser.links(slot, np.array([sequence]))[0])

    def output_records(
        self, slot: int, first: int, count: int, incarnation: int, *, partition: int = 0,
        transaction: int | None = None,
    ) -> None:  # fmt: skip
        """Records in the output topic."""
        place = (RESULTS, partition)
        self._append(self.files.results, place, slot, first, count, incarnation, transaction)

    # ends and counts

    def end(
        self,
        incarnation: int,
        role: str,
        slot: int = 0,
        *,
        fault: int | None = None,
        acked: int | None = None,
    ) -> None:
        """The incarnation has ended, by a fault or by itself."""
        end = IncarnationEnd(incarnation, role, slot, self.tick(), fault, acked)
        self.ended[incarnation] = end
        self.write(
            self.run_db,
            "INSERT INTO incarnations VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(self.lane.slug, incarnation, role, slot, end.ended_ns, fault, acked),
        )

    def mark(
        self,
        incarnation: int,
        kind: MarkKind,
        fault: int,
        *,
        at_ns: int | None = None,
        events: tuple[int, int, int] = (-1, -1, -1),
    ) -> None:
        """A fault that hit a living process: at `at_ns` (now), `events` (source, first, next)."""
        when_ns = self.tick() if at_ns is None else at_ns
        mark = FaultMark(incarnation, kind, fault, when_ns, *events)
        self.marks.append(mark)
        self._new_marks.append(mark)

    def auditor(
        self, reader: CommittedReader | None = None, *, since_append: bool = False
    ) -> LaneAuditor:
        """A new auditor of these files."""
        made = LaneAuditor(
            self.lane,
            self.files,
            self.settings,
            self.timetable,
            reader,
            PACKING_AT_ONCE,
            since_append=since_append,
        )
        self._auditors.append(made)
        return made

    def poll(self) -> LaneAuditor:
        """One round of the live auditor."""
        marks, self._new_marks = self._new_marks, []
        assert self.live.poll(dict(self.ended), self.now_ns, lambda: self.sources_end_ns, marks)
        return self.live

    def final(self) -> LaneAuditor:
        """The final count, from the first row."""
        final = final_count(
            self.lane,
            self.files,
            self.settings,
            self.timetable,
            dict(self.ended),
            now_ns=self.now_ns,
            sources_end=lambda: self.sources_end_ns,
            marks=self.marks,
        )
        self._auditors.append(final)
        return final

    def recount(self) -> Recount:
        """The recount, after showing that it is the same when its SQL alone is pasted."""
        counted, slots = recount(self.run_db, self.lane.slug, self.files), self.settings.producers
        pasted = pasted_recount(self.run_db, self.lane.slug, self.files, slots)
        assert_same(counted, pasted, slots)
        return counted

    def agreed(self) -> LaneAuditor:
        """The finished live count, after showing that it, the final count and the recount agree."""
        self.poll()
        self.live.finish()
        final = self.final()
        assert compare(self.live, final) is None
        assert disagreement(final, self.recount()) is None
        return self.live
