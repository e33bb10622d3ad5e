"""The real log in a place where its clients can be killed at any statement. Knows no model.

A killed client's connection is dropped without any verb, as SIGKILL drops it: before a statement
of an SQLite transaction, before its COMMIT, or after the COMMIT and before the client hears of it.
When everyone is killed, the files are taken as they lie there, the write-ahead log and all.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Protocol
from unittest import mock

from workers.log.api import Log
from workers.log.database import Database, Row
from workers.log.memory import MemoryTables, open_memory_log
from workers.log.sqlite import open_log


class Accident(Enum):
    """What is to befall a client inside one of its next verbs."""

    DEATH = "it dies before a statement, its COMMIT being one"
    DEATH_AFTER_COMMIT = "it dies when its next COMMIT is done"
    FULL_DISK = "a statement finds the disk full; the client lives on"


class Killed(BaseException):
    """The client's process ended in the middle of a verb.

    Fields:
        committed: whether the verb's SQLite transaction was committed before.
    """

    def __init__(self, *, committed: bool) -> None:
        super().__init__(committed)
        self.committed = committed


class FullDisk(sqlite3.OperationalError):
    """SQLite's own error, told from all the others."""

    sqlite_errorcode = sqlite3.SQLITE_FULL


class FakeClock:
    """Time as the machine says: `workers.clock.Clock` that nobody waits for."""

    def __init__(self) -> None:
        self.time_ns = 1

    def now_ns(self) -> int:
        return self.time_ns

    def sleep_ns(self, duration_ns: int) -> None:
        self.time_ns += max(0, duration_ns)


class MortalDatabase(Database):
    """One client's connection, to which an accident can be ordered.

    Fields:
        during_read: what others do after the next statement that reads outside transactions.
        before_begin: what others do just before the next transaction begins.
        begun: transactions that have begun.
    """

    def __init__(self, path: Path, durability: str, **options: Any) -> None:
        super().__init__(path, durability, **options)
        self.during_read: Callable[[], None] | None = None
        self.before_begin: Callable[[], None] | None = None
        self.begun = 0
        self._accident: Accident | None = None
        self._statements = 0
        self._dead = False

    def order(self, accident: Accident, statements: int) -> None:
        """It happens after so many more statements inside transactions."""
        self._accident, self._statements = accident, statements

    def read(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        rows = super().read(sql, parameters)
        self._let_others_in()
        return rows

    def read_while(
        self, sql: str, parameters: Sequence[object], wanted: Callable[[Row], bool]
    ) -> list[Row]:
        rows = super().read_while(sql, parameters, wanted)
        self._let_others_in()
        return rows

    def _let_others_in(self) -> None:
        others, self.during_read = self.during_read, None
        if others is not None:
            others()

    def begin(self) -> None:
        self._die_if_due()
        others, self.before_begin = self.before_begin, None
        if others is not None:
            others()
        super().begin()
        self.begun += 1

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> sqlite3.Cursor:
        self._die_if_due()
        if self._is_due(Accident.FULL_DISK):
            self._accident = None
            raise FullDisk
        return super().execute(sql, parameters)

    def commit(self) -> None:
        self._die_if_due()
        super().commit()
        if self._accident is Accident.DEATH_AFTER_COMMIT:
            self._die(committed=True)

    def roll_back(self) -> None:
        if not self._dead:
            super().roll_back()

    def _die_if_due(self) -> None:
        if self._is_due(Accident.DEATH):
            self._die(committed=False)
        self._statements -= 1

    def _is_due(self, accident: Accident) -> bool:
        return self._accident is accident and self._statements <= 0

    def _die(self, *, committed: bool) -> None:
        self._dead = True
        self.close()
        raise Killed(committed=committed)


@dataclass
class Process:
    """A client of the log. `database` None: it cannot be killed inside a verb."""

    log: Log
    database: MortalDatabase | None = None

    def drop(self) -> None:
        """Ends it without any verb."""
        if self.database is not None:
            self.database.close()


class World(Protocol):
    """One log, whatever holds it.

    Fields:
        is_file: whether clients can die inside verbs and the tables can be read with SQL.
    """

    is_file: bool

    def __init__(self, clock: FakeClock) -> None: ...

    def open(self) -> Process:
        """One more client."""

    def rows(self, sql: str) -> list[Row]:
        """What anyone sees with plain SQL."""

    def survive(self) -> None:
        """Goes on with what is left when every client has been killed at this instant."""

    def close(self) -> None:
        """Forgets everything."""


class Files:
    """One SQLite file below a temporary directory, and what is left of it when everyone dies."""

    def __init__(self) -> None:
        self._directory = tempfile.TemporaryDirectory()
        self._lives = 0
        self.path = self._place()
        self._plain: sqlite3.Connection | None = None

    def _place(self) -> Path:
        directory = Path(self._directory.name) / str(self._lives)
        directory.mkdir()
        return directory / "one.db"

    def rows(self, sql: str) -> list[Row]:
        """What anyone sees with plain SQL."""
        if self._plain is None:
            self._plain = sqlite3.connect(self.path)
        return self._plain.execute(sql).fetchall()

    def survive(self) -> None:
        """The file and its write-ahead log as they lie there, and nothing of the clients."""
        self._stop_reading()
        old = self.path
        self._lives += 1
        self.path = self._place()
        for suffix in ("", "-wal"):
            shutil.copy(f"{old}{suffix}", f"{self.path}{suffix}")

    def _stop_reading(self) -> None:
        if self._plain is not None:
            self._plain.close()
            self._plain = None

    def close(self) -> None:
        """Forgets everything."""
        self._stop_reading()
        self._directory.cleanup()


class SqliteWorld(Files):
    """The log in one file."""

    is_file = True

    def __init__(self, clock: FakeClock) -> None:
        super().__init__()
        self._clock = clock

    def open(self) -> Process:
        opened: list[MortalDatabase] = []

        def connect(path: Path, durability: str, **options: Any) -> MortalDatabase:
            opened.append(MortalDatabase(path, durability, **options))
            return opened[0]

        with mock.patch("workers.log.sqlite.Database", connect):
            log = open_log(self.path, "off", self._clock.now_ns)
        return Process(log, opened[0])


class MemoryWorld:
    """The log in plain Python objects; a client's death between verbs leaves no trace there."""

    is_file = False

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self._tables = MemoryTables()

    def open(self) -> Process:
        return Process(open_memory_log(self._tables, self._clock.now_ns))

    def rows(self, sql: str) -> list[Row]:
        raise NotImplementedError

    def survive(self) -> None:
        """Nothing is lost with the clients."""

    def close(self) -> None:
        """Nothing to forget."""
