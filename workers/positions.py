"""A producer slot's source position: the next event to take, stored outside the log.

Each advance is one row, so that who passed which event can be told afterwards.
"""

from __future__ import annotations

import time
from pathlib import Path

from workers.files import POSITIONS_SCHEMA
from workers.log.database import Database
from workers.log.types import IncarnationId, Sequence


class Positions:
    """The position database of one producer slot."""

    def __init__(self, path: Path, durability: str, incarnation: IncarnationId) -> None:
        self._database = Database(path, durability, create=POSITIONS_SCHEMA)
        self._incarnation = incarnation

    def read(self) -> Sequence:
        """The next event to take; 0 at first."""
        rows = self._database.read(
            "SELECT next_sequence FROM positions ORDER BY position_id DESC LIMIT 1"
        )
        return Sequence(rows[0][0] if rows else 0)

    def advance(self, first: Sequence, next_sequence: Sequence) -> None:
        """Durably passes events `first` to `next_sequence` (exclusive)."""
        with self._database.transaction():
            self._database.execute(
                "INSERT INTO positions(first_sequence, next_sequence, incarnation, advanced_ns)"
                " VALUES (?, ?, ?, ?)",
                (first, next_sequence, self._incarnation, time.monotonic_ns()),
            )

    def close(self) -> None:
        """Closes the database."""
        self._database.close()
