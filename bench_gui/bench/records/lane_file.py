"""Reads one of a lane's databases as it stood at one moment, for explaining and exporting a run.

Unlike the auditor, who comes again every moment, a reader here wants everything once. Each file is
seen as it was when it was opened, also while workers write it, so a reader who opens causes before
their consequences never takes a thing for lost that was only late. Writes nothing, knows no tables.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.records.database import BUSY_TIMEOUT_S, environment_problems
from workers.files import LaneFiles
from workers.lanes import Lane, Result

Row = tuple[Any, ...]

TABLES_SQL = "SELECT name FROM sqlite_master WHERE type = 'table'"


def require_files(lane: Lane, files: LaneFiles) -> None:
    """A lane of which a part is missing tells nothing true: a sink that is gone looks like a loss.

    Raises EnvironmentProblem that names the file.
    """
    needed = [files.clicks, files.results]
    needed += [files.sink] if lane.result is Result.COUNTER else []
    for path in needed:
        if not path.is_file():
            raise EnvironmentProblem(
                f"{path} is missing, and without it the lane cannot be told; put it back"
            )


class LaneFile:
    """One database. A file that was never made, or not yet, is empty."""

    def __init__(self, path: Path) -> None:
        """Raises EnvironmentProblem when it cannot be read."""
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._tables: frozenset[str] = frozenset()
        if path.is_file():
            self._open()

    def _open(self) -> None:
        with environment_problems(self._path):
            self._connection = sqlite3.connect(
                self._uri(), uri=True, isolation_level=None, timeout=BUSY_TIMEOUT_S
            )
            self._connection.execute("BEGIN")
            found = self._connection.execute(TABLES_SQL)
            self._tables = frozenset(name for (name,) in found)

    def _uri(self) -> str:
        """Read only. Where nothing can be written beside it, as it stands in its one file.

        Never so while a write-ahead log lies beside it: what is in there would not be seen.
        """
        uri = f"{self._path.resolve().as_uri()}?mode=ro"
        has_log = self._path.with_name(f"{self._path.name}-wal").exists()
        writable = os.access(self._path.parent, os.W_OK)
        return uri if has_log or writable else f"{uri}&immutable=1"

    def has(self, table: str) -> bool:
        """Whether the table was there when the file was opened."""
        return table in self._tables

    def rows(self, sql: str, *parameters: object, table: str) -> Iterator[Row]:
        """The rows of one SELECT, one after the other; none when `table` is not there.

        Raises EnvironmentProblem when the file cannot be read.
        """
        if self._connection is None or not self.has(table):
            return
        with environment_problems(self._path):
            yield from self._connection.execute(sql, parameters)

    def make_temporary(self, sql: str, *parameters: object) -> None:
        """Makes a table or an index of this reader's own; the file stays as it is."""
        if self._connection is not None:
            with environment_problems(self._path):
                self._connection.execute(sql, parameters)

    def close(self) -> None:
        """Closes it."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
