"""Counts rows before they are removed, with the recount's own SQL, and keeps that durably.

The recount adds up edges of ranges, and edges of removed rows add up as well as any: they are kept
in the lane's `removed.db`, with marks that say up to where in each ledger. Whatever is still there
below a mark is not counted again, so a removal that was cut off leaves nothing to repair.

Rows that the marks stop at stay, and all that follow them: records that are undecided, anything of
events that do not exist. Records of aborted transactions stay where they are and are counted there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bench_gui.bench.audit.recount import attach, gather_logs
from bench_gui.bench.audit.recount_edges import COLUMNS, WHATS, Edges, read_ranges
from bench_gui.bench.audit.recount_sql import DELIVERIES
from bench_gui.bench.read_marks import ReadMarks
from workers.files import LaneFiles

SCHEMA = """
BEGIN;
CREATE TABLE marks(
    ledger TEXT, line INTEGER, upto INTEGER, PRIMARY KEY(ledger, line)
) WITHOUT ROWID;
CREATE TABLE event_edges(slot INTEGER, at INTEGER, what TEXT, step INTEGER);
CREATE TABLE offset_edges(partition INTEGER, at INTEGER, what TEXT, step INTEGER);
CREATE TABLE append_edges(
    incarnation INTEGER, slot INTEGER, at INTEGER, step INTEGER
);
COMMIT;
"""
"""All tables or none."""
KEYS = {
    "event_edges": "slot, at, what",
    "offset_edges": "partition, at, what",
    "append_edges": "incarnation, slot, at",
}
IDS_AT_ONCE = 1 << 20

FIRST_AMISS_SQL = """
SELECT min(r.first_offset) FROM records r LEFT JOIN slots s USING (slot)
WHERE r.partition = ?1 AND r.first_offset >= ?2 AND r.first_offset < ?3
      AND (r.what = 'waiting' OR s.slot IS NULL OR r.first < 0 OR r.next > s.offered)
"""
LAST_WHOLE_SQL = """
SELECT max(first_offset + next - first) FROM records
WHERE partition = ?1 AND first_offset >= ?2 AND first_offset + next - first <= ?3
"""
LAST_BATCH_SQL = "SELECT max(first_offset) FROM records WHERE partition = ?1"
FIRST_STRAY_SQL = """
SELECT min(e.effect_id) FROM sink.effects e LEFT JOIN slots s ON s.slot = e.source
WHERE e.effect_id > ?1 AND e.effect_id <= ?2
      AND (s.slot IS NULL OR e.first_sequence < 0 OR e.first_sequence + e.count > s.offered)
"""


@dataclass(frozen=True, slots=True)
class Removable:
    """What may go, as the marks in `removed.db` say it.

    Fields:
        offsets: of each input partition, exclusive.
        effects: the last row of the effects ledger.
    """

    offsets: tuple[int, ...]
    effects: int


def count_removable(run_db: Path, lane: str, files: LaneFiles, marks: ReadMarks) -> Removable:
    """Counts what the marks allow and writes it down. Returns what may be removed from now on."""
    with closing(_open_removed(files.removed)) as removed:
        with closing(sqlite3.connect(":memory:", isolation_level=None, uri=True)) as database:
            gather_logs(database, run_db, lane, files)
            counting = _Counting(database, dict(_known(removed)), marks)
            counting.count_records()
            if files.sink.exists():
                attach(database, files.sink, "sink")
                database.executescript(DELIVERIES)
                counting.count_effects()
        _write(removed, counting)
        known = dict(_known(removed))
    offsets = tuple(known.get(("clicks", p), 0) for p in range(len(marks.offsets)))
    return Removable(offsets, known.get(("effects", 0), 0))


def _open_removed(path: Path) -> sqlite3.Connection:
    if not path.exists():
        _make(path)
    return sqlite3.connect(path, isolation_level=None)


def _make(path: Path) -> None:
    """Under another name first: a file that was begun by a process that was killed cannot be read
    by those who may not write."""
    begun = path.with_name(path.name + ".begun")
    for left in begun.parent.glob(begun.name + "*"):
        left.unlink()
    with closing(sqlite3.connect(begun, isolation_level=None)) as removed:
        removed.execute("PRAGMA journal_mode = WAL")
        removed.executescript(SCHEMA)
    begun.replace(path)


def _known(removed: sqlite3.Connection) -> Iterable[tuple[tuple[str, int], int]]:
    for ledger, line, upto in removed.execute("SELECT ledger, line, upto FROM marks"):
        yield (ledger, line), upto


class _Counting:
    """The edges of what is to be removed, and the marks that go with them.

    The mark "events" says of each source below which event rows may be gone, for those who tell
    what happened to one.
    """

    def __init__(
        self, database: sqlite3.Connection, known: dict[tuple[str, int], int], marks: ReadMarks
    ) -> None:
        self._database = database
        self._marks = marks
        self._known = known
        self.new_marks: dict[tuple[str, int], int] = {}
        for slot, offered in enumerate(marks.offered):
            self.new_marks["events", slot] = offered
        self.events, self.offsets, self.appends = Edges(), Edges(), Edges()
        database.execute("CREATE TEMP TABLE slots(slot INTEGER PRIMARY KEY, offered INTEGER)")
        database.executemany("INSERT INTO slots VALUES (?, ?)", enumerate(marks.offered))

    def count_records(self) -> None:
        """Readable records of the input topic, partition by partition."""
        for partition, offset in enumerate(self._marks.offsets):
            start = self._known.get(("clicks", partition), 0)
            upto = self._whole(partition, start, offset)
            if upto > start:
                self._count_partition(partition, start, upto)
                self.new_marks["clicks", partition] = upto

    def _whole(self, partition: int, start: int, upto: int) -> int:
        """The end of the last batch that may go; a partition's last one never may."""
        last = self._value(LAST_BATCH_SQL, partition)
        upto = min(upto, last or 0)
        amiss = self._value(FIRST_AMISS_SQL, partition, start, upto)
        upto = upto if amiss is None else amiss
        return self._value(LAST_WHOLE_SQL, partition, start, upto) or start

    def _count_partition(self, partition: int, start: int, upto: int) -> None:
        where = (
            f"partition = {partition} AND what = 'readable'"
            f" AND first_offset >= {start} AND first_offset < {upto}"
        )
        rows = read_ranges(self._database, "records", where, (*COLUMNS, "incarnation"))
        slot, first, after, line, offset, what, incarnation = rows
        self.events.add(slot, what, first, after)
        self.offsets.add(line, what, offset, offset + after - first)
        self.appends.add(slot, incarnation, first, after)

    def count_effects(self) -> None:
        """Deliveries to the counters."""
        start = self._known.get(("effects", 0), 0)
        upto = min(
            self._marks.effects, (self._value("SELECT max(effect_id) FROM sink.effects") or 0) - 1
        )
        stray = self._value(FIRST_STRAY_SQL, start, upto)
        upto = upto if stray is None else stray - 1
        for first in range(start, upto, IDS_AT_ONCE):
            where = f"effect_id > {first} AND effect_id <= {min(first + IDS_AT_ONCE, upto)}"
            slot, begin, after, line, offset, what = read_ranges(self._database, "valid", where)
            self.events.add(slot, what, begin, after)
            self.offsets.add(line, what, offset, offset + after - begin)
        if upto > start:
            self.new_marks["effects", 0] = upto

    def _value(self, sql: str, *parameters: int) -> int | None:
        (value,) = self._database.execute(sql, parameters).fetchone()
        return None if value is None else int(value)


def _write(removed: sqlite3.Connection, counting: _Counting) -> None:
    """Edges and marks in one SQLite transaction."""
    removed.execute("BEGIN IMMEDIATE")
    named = ((line, at, WHATS[kind], step) for line, at, kind, step in counting.events.rows())
    _add(removed, "event_edges", named)
    named = ((line, at, WHATS[kind], step) for line, at, kind, step in counting.offsets.rows())
    _add(removed, "offset_edges", named)
    appended = ((kind, line, at, step) for line, at, kind, step in counting.appends.rows())
    _add(removed, "append_edges", appended)
    rows = [(ledger, line, upto) for (ledger, line), upto in counting.new_marks.items()]
    removed.executemany("INSERT OR REPLACE INTO marks VALUES (?, ?, ?)", rows)
    removed.execute("COMMIT")


def _add(removed: sqlite3.Connection, table: str, rows: Iterable[Sequence[object]]) -> None:
    """Adds edges; where ranges follow on those of before, the edges between them cancel."""
    removed.executemany(f"INSERT INTO {table} VALUES (?, ?, ?, ?)", rows)
    keys = KEYS[table]
    removed.execute(
        f"CREATE TEMP TABLE summed AS SELECT {keys}, sum(step) AS step FROM {table}"
        f" GROUP BY {keys} HAVING sum(step) <> 0"
    )
    removed.execute(f"DELETE FROM {table}")
    removed.execute(f"INSERT INTO {table} SELECT * FROM temp.summed")
    removed.execute("DROP TABLE temp.summed")
