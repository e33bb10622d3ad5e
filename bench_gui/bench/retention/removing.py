"""Removes rows of a lane's files a few at a time, so that no worker waits for long.

Each SQLite transaction is held to about a millisecond, and twice as long is rested after it. A
cleaner that is killed leaves no lock behind; what it had begun is rolled back by SQLite.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from bench_gui.bench.read_marks import ReadMarks
from bench_gui.bench.retention.counting import Removable
from workers.files import CLICKS, LaneFiles
from workers.log.database import CHECKPOINT_PAGES

AIM_S = 0.001
REST_TIMES = 2
BUSY_PAUSE_S = 0.002
FEWEST, MOST = 4, 4096
"""Rows of one SQLite transaction."""

BATCHES_SQL = """
SELECT b.position FROM batches b LEFT JOIN transactions t USING (transaction_id)
WHERE b.position >= ? AND b.position < ? AND coalesce(t.state, 'none') <> 'aborted'
ORDER BY b.position LIMIT ?
"""
START_SQL = "SELECT partition_id << 40 FROM partitions WHERE topic = ? AND partition = ?"
FIRST_USED_SQL = """
SELECT min(b.transaction_id) FROM batches b JOIN transactions t USING (transaction_id)
WHERE t.state <> 'aborted'
"""
TRANSACTIONS_SQL = """
SELECT transaction_id FROM transactions
WHERE transaction_id < ? AND state = 'committed' ORDER BY transaction_id LIMIT ?
"""
EFFECTS_SQL = "SELECT effect_id FROM effects WHERE effect_id <= ? ORDER BY effect_id LIMIT ?"


class Remover:
    """Removes rows of one database."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._rows = FEWEST

    def value(self, sql: str, *parameters: object) -> int | None:
        """The one number that a SELECT finds."""
        row = self._database.execute(sql, parameters).fetchone()
        return None if row is None or row[0] is None else int(row[0])

    def numbers(self, sql: str) -> list[int]:
        """The numbers that a SELECT finds, but for NULL."""
        return [row[0] for row in self._database.execute(sql) if row[0] is not None]

    def remove(self, table: str, key: str, find: str, *parameters: object) -> int:
        """Removes the rows whose keys `find` finds, its last parameter being how many.

        Returns: how many rows were removed.
        """
        total = 0
        while True:
            keys = self._database.execute(find, (*parameters, self._rows)).fetchall()
            if not keys:
                return total
            self._transact(f"DELETE FROM {table} WHERE {key} = ?", keys)
            total += len(keys)

    def _transact(self, sql: str, keys: Sequence[Sequence[object]]) -> None:
        self._begin()
        began_s = time.perf_counter()
        self._database.executemany(sql, keys)
        self._database.execute("COMMIT")
        took_s = time.perf_counter() - began_s
        self._rows = max(FEWEST, self._rows // 2) if took_s > AIM_S else min(MOST, self._rows * 2)
        time.sleep(took_s * REST_TIMES)

    def _begin(self) -> None:
        """Takes the write lock when it is free, and never stands in line for it."""
        while True:
            try:
                self._database.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
                time.sleep(BUSY_PAUSE_S)
            else:
                return


@contextmanager
def _remover(path: Path) -> Iterator[Remover]:
    with closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as database:
        database.execute("PRAGMA synchronous = OFF")
        database.execute("PRAGMA secure_delete = OFF")
        database.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        yield Remover(database)


def remove_rows(
    files: LaneFiles, removable: Removable, marks: ReadMarks, living: Sequence[int]
) -> None:
    """Removes what was counted, and positions that nobody asks for any more.

    Args:
        living: incarnations that are not known to have ended; the last row that each wrote to a
            history, and the one before it, say what it may still be working on, and stay.
    """
    with _remover(files.clicks) as remover:
        _remove_batches(remover, removable.offsets)
        _remove_history(remover, "offset_commits", "partition", marks.source_commits, living)
    with _remover(files.results) as remover:
        _remove_history(remover, "offset_commits", "partition", marks.commits, living)
    if files.sink.exists():
        with _remover(files.sink) as remover:
            remover.remove("effects", "effect_id", EFFECTS_SQL, removable.effects)
            _remove_history(remover, "offset_commits", "partition", marks.sink_commits, living)
    for slot, upto in enumerate(marks.positions):
        with _remover(files.positions(slot)) as remover:
            _remove_history(remover, "positions", "NULL", upto, living)


def _remove_batches(remover: Remover, offsets: Sequence[int]) -> None:
    for partition, upto in enumerate(offsets):
        start = remover.value(START_SQL, CLICKS, partition)
        if start is not None and upto:
            remover.remove("batches", "position", BATCHES_SQL, start, start + upto)
    used = remover.value(FIRST_USED_SQL)
    if used is not None:
        remover.remove("transactions", "transaction_id", TRANSACTIONS_SQL, used)


def _remove_history(
    remover: Remover, table: str, line: str, upto: int, living: Sequence[int]
) -> None:
    """`line`: what tells one position of the table from another."""
    key = "position_id" if table == "positions" else "commit_id"
    alive = ", ".join(map(str, living)) or "NULL"
    kept = f"""
WITH last AS (
    SELECT max({key}) AS id, {line} AS line FROM {table} GROUP BY {line}
    UNION
    SELECT max({key}), {line} FROM {table} WHERE incarnation IN ({alive})
    GROUP BY {line}, incarnation
)
SELECT id FROM last
UNION
SELECT (SELECT b.{key} FROM {table} b WHERE b.{key} < last.id AND {line} IS last.line
        ORDER BY b.{key} DESC LIMIT 1) FROM last
"""
    if not upto:
        return
    ids = ", ".join(str(row) for row in remover.numbers(kept)) or "NULL"
    find = (
        f"SELECT {key} FROM {table} WHERE {key} <= ? AND {key} NOT IN ({ids})"
        f" ORDER BY {key} LIMIT ?"
    )
    remover.remove(table, key, find, upto)
