"""Reads a lane's files while workers write them: only new rows, never a long transaction.

A read transaction left open would keep SQLite from folding its write-ahead log back, so every read
here is fetched at once and ended. Each table's rows are numbered in the order of their commits
(one writer at a time), so "new" is "numbered above the last one seen".
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from bench_gui.bench.audit.columns import Ints, Rows, no_rows, row_type

BUSY_TIMEOUT_S = 0.5
LATER_CODES = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_SCHEMA,
    }
)
"""A file being made, recovered or locked: worth another try in the next round."""

ADVANCE = row_type("row_id", "line", "next", "incarnation", "at_ns")
"""A position moved. `line`: slot or partition; `next`: the new position, exclusive."""
EFFECT = row_type(
    "row_id", "incarnation", "effect_ns", "source", "first_sequence", "count", "partition",
    "first_offset", "applied",
)  # fmt: skip
LINK = row_type("link_id", "clicks")

POSITIONS_SQL = """
SELECT position_id, ?2, next_sequence, incarnation, advanced_ns
FROM positions WHERE position_id > ?1 ORDER BY position_id
"""
COMMITS_SQL = """
SELECT commit_id, partition, next_offset, incarnation, committed_ns
FROM offset_commits WHERE commit_id > ?1 AND group_id = ?2 AND topic = ?3 ORDER BY commit_id
"""
SINK_COMMITS_SQL = """
SELECT commit_id, partition, next_offset, incarnation, committed_ns
FROM offset_commits WHERE commit_id > ?1 ORDER BY commit_id
"""
"""Where consumed offsets are stored with the result."""
EFFECTS_SQL = """
SELECT effect_id, incarnation, effect_ns, source, first_sequence, count, partition, first_offset,
       applied
FROM effects WHERE effect_id > ?1 ORDER BY effect_id
"""
LINKS_SQL = "SELECT link_id, clicks FROM links"
UNLIMITED = -1
ROWS_AT_ONCE = 1 << 16
"""Of one table; what is made of them then fits a processor's cache."""
EVENTS_AT_ONCE = 1 << 17
"""About as many events as those rows may stand for."""
FIRST_ROWS = 256
"""As many, before it is known how many events a row stands for."""


class ReadLater(Exception):
    """A file cannot be read just now; nothing was read, and the next round may try again."""


class LedgerFile:
    """One database, read only. A file or table not made yet is empty."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def rows(
        self,
        sql: str,
        parameters: Sequence[object],
        dtype: np.dtype[np.void],
        limit: int = UNLIMITED,
    ) -> Rows:
        """The first `limit` rows of one SELECT of integers, none of them NULL. Raises ReadLater."""
        found = no_rows(dtype)
        with self._errors():
            connection = self._connect()
            if connection is not None:
                texts = connection.execute(_as_texts(sql, dtype, limit), parameters).fetchone()
                found = _parsed(texts, dtype)
        return found

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All reads in the block see the same state. Raises ReadLater."""
        with self._errors():
            connection = self._connect()
            if connection is not None:
                connection.execute("BEGIN")
        try:
            yield
        finally:
            if self._connection is not None and self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def version(self) -> int | None:
        """A number that changes when others write; None without a file. Raises ReadLater."""
        found = None
        with self._errors():
            connection = self._connect()
            if connection is not None:
                (found,) = connection.execute("PRAGMA data_version").fetchone()
        return found

    def close(self) -> None:
        """Closes the connection; a later read opens it again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connect(self) -> sqlite3.Connection | None:
        if self._connection is None and self._path.exists():
            uri = f"{self._path.resolve().as_uri()}?mode=ro"
            self._connection = sqlite3.connect(
                uri, uri=True, isolation_level=None, timeout=BUSY_TIMEOUT_S
            )
        return self._connection

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Swallows "no such table" (not made yet); turns a passing trouble into ReadLater."""
        try:
            yield
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF in LATER_CODES:
                raise ReadLater(f"{self._path.name}: {error}") from error
            if "no such table" not in str(error):
                raise


class News:
    """Whether a file was written to since its reader came to its end."""

    def __init__(self, file: LedgerFile) -> None:
        self._file = file
        self._now: int | None = None
        self._read: int | None = None

    def any(self) -> bool:
        """Asks before a read. Raises ReadLater."""
        self._now = self._file.version()
        return self._now is None or self._now != self._read

    def read(self, *, more: bool) -> None:
        """The reader read what was there when `any` was asked, but for what is `more`."""
        self._read = None if more else self._now


class PieceSize:
    """How many rows of ranges of events to read at once."""

    def __init__(self) -> None:
        self._rows = FIRST_ROWS

    def rows(self, most: int, lines: int = 1) -> int:
        """So many, of each of so many lines; a power of two, or `most`."""
        return max(1, min(most, self._rows // lines))

    def see(self, counts: Ints) -> None:
        """Rows that were read stand for so many events each."""
        if len(counts):
            rows = EVENTS_AT_ONCE * len(counts) // max(1, int(counts.sum()))
            self._rows = 1 << max(0, rows.bit_length() - 1)


@cache
def _as_texts(sql: str, dtype: np.dtype[np.void], limit: int) -> str:
    """The SELECT with each column as one text, which takes half the time of a tuple a row.

    The LIMIT, even one of -1, keeps SQLite from leaving the order out.
    """
    names = dtype.names or ()
    texts = ", ".join(f"group_concat({name})" for name in names)
    return f"WITH found({', '.join(names)}) AS ({sql} LIMIT {limit}) SELECT {texts} FROM found"


def _parsed(texts: Sequence[str | None], dtype: np.dtype[np.void]) -> Rows:
    columns = [np.fromstring(text or "", dtype=np.int64, sep=",") for text in texts]
    rows = np.empty(len(columns[0]), dtype=dtype)
    for name, column in zip(dtype.names or (), columns, strict=True):
        rows[name] = column
    return rows


class AdvanceReader:
    """New rows of one history of positions."""

    def __init__(self, file: LedgerFile, sql: str, *parameters: object) -> None:
        """`sql` selects the fields of ADVANCE above the row id ?1; `parameters` are ?2 and on."""
        self._file = file
        self._sql = sql
        self._parameters = parameters
        self._news = News(file)
        self.last = 0
        """The last row read."""
        self.more = False
        """Whether there are more to read at once."""

    def read(self) -> Rows:
        """The next ROWS_AT_ONCE new rows at most, in the order of writing. Raises ReadLater."""
        if not self._news.any():
            return no_rows(ADVANCE)
        parameters = (self.last, *self._parameters)
        rows = self._file.rows(self._sql, parameters, ADVANCE, ROWS_AT_ONCE)
        if len(rows):
            self.last = int(rows["row_id"][-1])
        self.more = len(rows) == ROWS_AT_ONCE
        self._news.read(more=self.more)
        return rows


@dataclass(frozen=True, slots=True)
class EffectNews:
    """New effects, and the counters as they were at the same moment.

    Fields:
        effects: rows of EFFECT.
        links: rows of LINK; as they were before while there are more to read.
        more: whether there are more to read at once.
    """

    effects: Rows
    links: Rows
    more: bool


class EffectReader:
    """New rows of a sink's effects ledger."""

    def __init__(self, file: LedgerFile) -> None:
        self._file = file
        self._news = News(file)
        self.last = 0
        """The last row read."""
        self._piece = PieceSize()
        self._links = no_rows(LINK)

    def read(self) -> EffectNews:
        """The next rows, ROWS_AT_ONCE at most and of about EVENTS_AT_ONCE. Raises ReadLater."""
        if not self._news.any():
            return EffectNews(no_rows(EFFECT), self._links, more=False)
        with self._file.snapshot():
            limit = self._piece.rows(ROWS_AT_ONCE)
            effects = self._file.rows(EFFECTS_SQL, (self.last,), EFFECT, limit)
            more = len(effects) == limit
            if not more:
                self._links = self._file.rows(LINKS_SQL, (), LINK)
        self._piece.see(effects["count"])
        if len(effects):
            self.last = int(effects["row_id"][-1])
        self._news.read(more=more)
        return EffectNews(effects, self._links, more)
