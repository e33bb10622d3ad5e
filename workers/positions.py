"""A producer slot's source position: the next event to take, stored outside the log.

Each advance is one row, so that who passed which event can be told afterwards.
"""

from __future__ import annotations

from pathlib import Path

from workers.clock import MONOTONIC, Clock
from workers.files import POSITIONS_SCHEMA
from workers.log.database import Database, OnLock
from workers.log.types import IncarnationId, Sequence

ADVANCE_SQL = """
INSERT INTO positions(first_sequence, next_sequence, incarnation, advanced_ns) VALUES (?, ?, ?, ?)
"""


class Positions:
    """The position database of one producer slot."""

    def __init__(
        self,
        path: Path,
        durability: str,
        incarnation: IncarnationId,
        clock: Clock = MONOTONIC,
        on_lock: OnLock | None = None,
    ) -> None:
        self._database = Database(path, durability, create=POSITIONS_SCHEMA, on_lock=on_lock)
        self._incarnation = incarnation
        self._clock = clock

    def read(self) -> Sequence:
        """The next event to take; 0 at first."""
        rows = self._database.read(
            "SELECT next_sequence FROM positions ORDER BY position_id DESC LIMIT 1"
        )
        return Sequence(rows[0][0] if rows else 0)

    def advance(self, first: Sequence, next_sequence: Sequence) -> None:
        """Durably passes events `first` to `next_sequence` (exclusive)."""
        row = (first, next_sequence, self._incarnation, self._clock.now_ns())
        self._database.execute_alone(ADVANCE_SQL, row)

    def close(self) -> None:
        """Closes the database."""
        self._database.close()
