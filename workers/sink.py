"""The analytics database: click counters, and a ledger that says which events made them.

The ledger's row is written in the same SQLite transaction as the counters it explains, so that
what happened to every event can be recounted later by anyone with plain SQL.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

from workers.files import SINK_SCHEMA, event_id
from workers.log.database import Database
from workers.log.types import IncarnationId
from workers.pieces import Piece

COUNT_SQL = "INSERT INTO links VALUES (?, 1) ON CONFLICT(link_id) DO UPDATE SET clicks = clicks + 1"
LEDGER_SQL = """
INSERT INTO effects(sink_transaction, incarnation, effect_ns, source, first_sequence, count,
                    partition, first_offset, applied)
VALUES (coalesce(?, (SELECT max(effect_id) + 1 FROM effects), 1),
        ?, ?, ?, ?, ?, ?, ?, ?)
"""
Run = tuple[int, int, bool]
"""Events of a piece with one fate: first index, count, whether they were applied."""


class CounterSink:
    """The sink database as one consumer process uses it."""

    def __init__(
        self, path: Path, durability: str, incarnation: IncarnationId, *, deduplicates: bool
    ) -> None:
        """`deduplicates`: count an event only if its id was never seen (UNIQUE event id)."""
        self._database = Database(path, durability, create=SINK_SCHEMA)
        self._incarnation = incarnation
        self._runs = self._count_new if deduplicates else self._count_all

    def apply(self, pieces: list[Piece], applied: Callable[[], None]) -> None:
        """Counts the events one by one, in one SQLite transaction with their ledger rows.

        Args:
            applied: called after the last counter changed, before the SQLite transaction commits.
        """
        with self._database.transaction():
            counted = [(piece, run) for piece in pieces for run in self._runs(piece)]
            applied()
            self._write_ledger(counted)

    def _count_all(self, piece: Piece) -> list[Run]:
        for link in piece.links:
            self._database.execute(COUNT_SQL, (link,))
        return [(0, len(piece.links), True)]

    def _count_new(self, piece: Piece) -> list[Run]:
        fates = [self._count_if_new(piece, index) for index in range(len(piece.links))]
        return list(_runs(fates))

    def _count_if_new(self, piece: Piece, index: int) -> bool:
        key = event_id(piece.source, piece.first_sequence + index)
        found = self._database.execute("INSERT OR IGNORE INTO processed VALUES (?)", (key,))
        if found.rowcount == 0:
            return False
        self._database.execute(COUNT_SQL, (piece.links[index],))
        return True

    def _write_ledger(self, counted: list[tuple[Piece, Run]]) -> None:
        now_ns = time.monotonic_ns()
        transaction: int | None = None
        for piece, (first, count, was_applied) in counted:
            cursor = self._database.execute(
                LEDGER_SQL,
                (
                    transaction,
                    self._incarnation,
                    now_ns,
                    piece.source,
                    piece.first_sequence + first,
                    count,
                    piece.partition,
                    piece.first_offset + first,
                    int(was_applied),
                ),
            )
            transaction = transaction or cursor.lastrowid

    def close(self) -> None:
        """Closes the database."""
        self._database.close()


def _runs(fates: list[bool]) -> Iterator[Run]:
    first = 0
    for fate, group in groupby(fates):
        count = sum(1 for _ in group)
        yield first, count, fate
        first += count
