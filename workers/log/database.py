"""One SQLite file as the workers use it: pragmas, transactions, retries, errors.

The only module of the workers that catches sqlite3 errors. In write-ahead-log mode one writer at
a time and any number of readers go on side by side; a writer that finds the file taken retries at
once and often, because SQLite's own waiting sleeps for whole milliseconds.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from workers.log.errors import StorageBusy, StorageProblem

T = TypeVar("T")
Row = tuple[Any, ...]
OnLock = Callable[[int], None]
"""Told +1 before a write lock is asked for and -1 after it is given back."""

BUSY_TIMEOUT_S = 10.0
FIRST_RETRY_S = 0.00005
LAST_RETRY_S = 0.002
PAGE_BYTES = 1024
"""Where a transaction changes a few small rows: it writes whole pages."""
LOG_PAGE_BYTES = 4096
"""Where rows are batches: a batch of 1,000 records costs 0.42 us of CPU a record against 0.67 us in
small pages, one of a single record 3 % more."""
CHECKPOINT_PAGES = 4000
BUSY_CODES = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})

SENTENCES = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "the file or its directory is read-only",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened; does its directory exist?",
    sqlite3.SQLITE_IOERR: "the disk reported an error",
    sqlite3.SQLITE_CORRUPT: "the file is damaged",
    sqlite3.SQLITE_NOTADB: "the file is not an SQLite database",
    sqlite3.SQLITE_PERM: "permission was denied",
}


def _tell_nobody(_change: int) -> None:
    """Where nobody wants to know of locks."""


def _primary_code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


class Database:
    """One connection to one file. Autocommit outside `transaction()`.

    Invariant: at most one transaction at a time; none is held between calls of `read`.
    """

    def __init__(
        self,
        path: Path,
        durability: str = "normal",
        *,
        create: str | None = None,
        on_lock: OnLock | None = None,
        page_bytes: int = PAGE_BYTES,
    ) -> None:
        """Opens `path`; with `create` (a schema) makes it first, atomically, when it is empty.

        Args:
            durability: SQLite's `synchronous`: off, normal or full.
            on_lock: told when this connection wants or holds the file's write lock, and when not.
            page_bytes: of a file that is made now.

        Raises:
            StorageProblem: the environment does not let the file be opened or made.
        """
        self.path = path
        self._on_lock = on_lock or _tell_nobody
        self._connection = self._guard(
            lambda: sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
        )
        self._guard(lambda: self._prepare(durability, create, page_bytes))
        self._transaction = _Transaction(self)

    def _prepare(self, durability: str, create: str | None, page_bytes: int) -> None:
        execute = self._connection.execute
        execute(f"PRAGMA page_size = {page_bytes}")
        execute("PRAGMA journal_mode = WAL")
        execute(f"PRAGMA synchronous = {durability}")
        execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        if create is not None and not execute("SELECT 1 FROM sqlite_schema").fetchone():
            self._connection.executescript(f"BEGIN IMMEDIATE; {create} COMMIT;")
        execute("PRAGMA busy_timeout = 0")

    def transaction(self) -> _Transaction:
        """A context manager: one SQLite transaction, rolled back when the block raises."""
        return self._transaction

    def read(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """All rows of one SELECT; inside `transaction()` it sees the transaction's own writes."""
        return self._retry(lambda: self._connection.execute(sql, parameters).fetchall())

    def read_while(
        self, sql: str, parameters: Sequence[object], wanted: Callable[[Row], bool]
    ) -> list[Row]:
        """Rows of one SELECT up to and including the first that `wanted` says False to."""
        return self._retry(lambda: self._take(sql, parameters, wanted))

    def _take(
        self, sql: str, parameters: Sequence[object], wanted: Callable[[Row], bool]
    ) -> list[Row]:
        cursor = self._connection.execute(sql, parameters)
        rows: list[Row] = []
        for row in cursor:
            rows.append(row)
            if not wanted(row):
                break
        cursor.close()
        return rows

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> sqlite3.Cursor:
        """One statement inside `transaction()`."""
        return self._connection.execute(sql, parameters)

    def execute_alone(self, sql: str, parameters: Sequence[object] = ()) -> None:
        """One statement that is a transaction of its own: what `transaction()` around it would
        come to, without asking SQLite three times."""
        self._on_lock(1)
        try:
            self._retry(lambda: self._connection.execute(sql, parameters))
        finally:
            self._on_lock(-1)

    def execute_many(self, sql: str, rows: Iterable[Sequence[object]]) -> int:
        """One statement for each row of parameters, one after the other, inside `transaction()`.

        Returns: how many rows of the table they changed in all.
        """
        return self._connection.executemany(sql, rows).rowcount

    def close(self) -> None:
        """Closes the connection. No other call is allowed after."""
        self._connection.close()

    def begin(self) -> None:
        """Takes the write lock, retrying while another process holds it."""
        self._on_lock(1)
        try:
            self._retry(self._begin)
        except BaseException:
            self._on_lock(-1)
            raise

    def commit(self) -> None:
        """Makes the transaction durable."""
        try:
            self._connection.execute("COMMIT")
        except BaseException as error:
            self.roll_back()
            if isinstance(error, sqlite3.Error):
                raise self.problem(error) from error
            raise
        self._on_lock(-1)

    def _begin(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def roll_back(self) -> None:
        """Undoes the transaction; nothing when SQLite has done so itself (disk full)."""
        try:
            if self._connection.in_transaction:
                self._guard(lambda: self._connection.execute("ROLLBACK"))
        finally:
            self._on_lock(-1)

    def problem(self, error: sqlite3.Error) -> StorageProblem:
        """The environment's error as one sentence; re-raises an error that is a bug of ours."""
        sentence = SENTENCES.get(_primary_code(error))
        if _primary_code(error) in BUSY_CODES:
            return StorageBusy(f"{self.path.name} is locked by another program")
        if sentence is None:
            raise error
        return StorageProblem(f"{self.path.name}: {sentence}")

    def _guard(self, operation: Callable[[], T]) -> T:
        try:
            return operation()
        except sqlite3.Error as error:
            raise self.problem(error) from error

    def _retry(self, operation: Callable[[], T]) -> T:
        pause_s, deadline_s = FIRST_RETRY_S, 0.0
        while True:
            try:
                return operation()
            except sqlite3.Error as error:
                now_s = time.monotonic()
                deadline_s = deadline_s or now_s + BUSY_TIMEOUT_S
                if _primary_code(error) not in BUSY_CODES or now_s > deadline_s:
                    raise self.problem(error) from error
            time.sleep(pause_s)
            pause_s = min(pause_s * 1.5, LAST_RETRY_S)


class _Transaction:
    """Reused by every `Database.transaction()`: entering costs one statement and no object."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __enter__(self) -> None:
        self._database.begin()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self._database.commit()
            return
        self._database.roll_back()
        if isinstance(error, sqlite3.Error):
            raise self._database.problem(error) from error
