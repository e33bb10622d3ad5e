"""Opens run.db and turns SQLite's complaints about the world into sentences. Knows no tables.

Only this module and those that use it (`store`, `stored_run`, `lane_file`) know that there is an
SQLite.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlite_utils import Database

from bench_gui.bench.errors import EnvironmentProblem

BUSY_TIMEOUT_S = 10.0

PREPARE = """
PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000
"""
"""Only a checkpoint waits for the disk, and one comes every few minutes: it holds up the bench, and
with it replacements and reports."""

TOUCH = "SELECT count(*) FROM sqlite_master"
"""Reads the file: SQLite opens nothing before the first statement."""

ADVICE: dict[str, str] = {
    "SQLITE_FULL": "the disk is full; free some space and start the run again",
    "SQLITE_READONLY": "it is read-only; choose a directory that you may write to",
    "SQLITE_CANTOPEN": "it cannot be opened; check that the directory exists and is yours",
    "SQLITE_PERM": "it cannot be opened; check its permissions",
    "SQLITE_BUSY": "another program holds it locked; close that program and try again",
    "SQLITE_LOCKED": "another program holds it locked; close that program and try again",
    "SQLITE_IOERR": "the disk could not read or write it; check the disk",
    "SQLITE_NOTADB": "it is not a database; choose the directory of a run",
    "SQLITE_CORRUPT": "it is damaged; choose another run",
}
"""What each of the environment's SQLite errors means for the reader. All others are our bugs."""


@contextmanager
def environment_problems(path: Path) -> Iterator[None]:
    """Turns the environment's SQLite errors into EnvironmentProblem; bugs pass through."""
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", None) or ""
        advice = next((ADVICE[known] for known in ADVICE if name.startswith(known)), None)
        if advice is None:
            raise
        raise EnvironmentProblem(f"{path}: {advice} ({error})") from error


@contextmanager
def reading_problems(path: Path) -> Iterator[None]:
    """As `environment_problems`, of a file that may come from anywhere: it may lack what we ask."""
    try:
        with environment_problems(path):
            yield
    except sqlite3.Error as error:
        raise EnvironmentProblem(f"{path}: it is damaged; choose another run ({error})") from error


def create_database(path: Path) -> Database:
    """A new database for one writer: WAL, synchronous NORMAL, explicit transactions only.

    A reader never waits for the writer, nor the writer for a reader.
    """
    with environment_problems(path):
        uri = f"{path.resolve().as_uri()}?mode=rwc"
        return Database(_connected(uri, PREPARE))


def open_database(path: Path) -> Database:
    """An existing database, read only; also after its writer was killed.

    Raises EnvironmentProblem when it cannot be read.
    """
    uri = path.resolve().as_uri()
    with environment_problems(path):
        try:
            return Database(_connected(f"{uri}?mode=ro", TOUCH))
        except sqlite3.OperationalError:
            # A WAL database on a read-only disk: no shared memory file can be made beside it.
            return Database(_connected(f"{uri}?mode=ro&immutable=1", TOUCH))


def close_database(database: Database) -> None:
    """Closes the writer's database and leaves one plain file, unless someone still reads it.

    In WAL mode a reader leaves files beside the database, and cannot open it on a read-only disk.
    """
    with suppress(sqlite3.OperationalError):
        database.conn.executescript("PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE")
    database.close()


@contextmanager
def transaction(database: Database, path: Path) -> Iterator[None]:
    """One SQLite transaction with the write lock from its start: durable at the end or not at all.

    `BEGIN IMMEDIATE`, because a plain BEGIN that reads and then writes fails at once when another
    writer came between, whatever the timeout. sqlite-utils' own `atomic()` nests as a savepoint.
    """
    with environment_problems(path):
        database.conn.execute("BEGIN IMMEDIATE")
        try:
            yield
            database.conn.execute("COMMIT")
        except BaseException:
            if database.conn.in_transaction:
                database.conn.execute("ROLLBACK")
            raise


def _connected(uri: str, script: str) -> sqlite3.Connection:
    """A connection that has run `script`."""
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=BUSY_TIMEOUT_S)
    try:
        connection.executescript(script)
    except sqlite3.Error:
        connection.close()
        raise
    return connection
