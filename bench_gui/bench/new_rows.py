"""Rows that are new in a table which other processes write, read only and never waiting."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from bench_gui.bench.records.database import environment_problems

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
"""A file locked or being recovered: worth another try a moment later."""


class NewRows:
    """One table whose rows are numbered in the order of their commits."""

    def __init__(self, path: Path, sql: str) -> None:
        """`sql`: selects the number first, where it is above ?1, in its order."""
        self._path = path
        self._sql = sql
        self._last = 0
        self._connection: sqlite3.Connection | None = None

    def take(self) -> list[tuple[Any, ...]] | None:
        """The rows since the last call, without their numbers; None when they cannot be read now.

        Raises EnvironmentProblem when they never will be.
        """
        with environment_problems(self._path):
            try:
                rows = self._connect().execute(self._sql, (self._last,)).fetchall()
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF in LATER_CODES:
                    return None
                raise
        if rows:
            self._last = rows[-1][0]
        return [row[1:] for row in rows]

    def _connect(self) -> sqlite3.Connection:
        if self._connection is None:
            uri = f"{self._path.resolve().as_uri()}?mode=ro"
            self._connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=0)
        return self._connection

    def close(self) -> None:
        """Closes the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
