"""The analytics database: click counters, and a ledger that says which events made them.

The ledger's row is written in the same SQLite transaction as the counters it explains, so that
what happened to every event can be recounted later by anyone with plain SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import compress, groupby

from workers.clock import MONOTONIC, Clock
from workers.files import event_id
from workers.log.database import Database
from workers.log.errors import Fenced
from workers.log.types import IncarnationId, Offset
from workers.pieces import Piece

COUNT_SQL = "INSERT INTO links VALUES (?, 1) ON CONFLICT(link_id) DO UPDATE SET clicks = clicks + 1"
KNOWN_SQL = "SELECT event_id FROM processed WHERE event_id >= ? AND event_id < ?"
REMEMBER_SQL = "INSERT INTO processed VALUES (?)"
REMEMBER_NEW_SQL = "INSERT OR IGNORE INTO processed VALUES (?)"
"""The UNIQUE event id: what is known changes no row, and by REMEMBER_SQL would be refused."""
LEDGER_SQL = """
INSERT INTO effects(sink_transaction, incarnation, effect_ns, source, first_sequence, count,
                    partition, first_offset, applied, fetched_ns)
VALUES (coalesce(?, (SELECT max(effect_id) + 1 FROM effects), 1),
        ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
STORE_OFFSET_SQL = """
INSERT INTO stored_offsets VALUES (?1, ?2) ON CONFLICT(partition)
DO UPDATE SET next_offset = excluded.next_offset WHERE stored_offsets.next_offset = ?3
"""
"""Compare-and-set: changes nothing where the stored offset is not the expected one (?3)."""
Run = tuple[int, int, bool]
"""Events of a piece with one fate: first index, count, whether they were applied."""


class SinkFenced(Fenced):
    """The stored offset is not where this process left it: another one goes on from there."""


def count_clicks(database: Database, links: list[int]) -> None:
    """One increment a click, one after the other, in the open SQLite transaction."""
    database.execute_many(COUNT_SQL, zip(links, strict=True))


Entry = tuple[int, int, int, int, int, bool, int]
"""A row of the effects ledger: source, first sequence, count, partition, first offset, applied,
fetched_ns."""


def write_ledger(
    database: Database, incarnation: IncarnationId, now_ns: int, entries: Iterable[Entry]
) -> None:
    """The ledger's rows of one sink transaction, which is open: ranges of events with one fate."""
    transaction: int | None = None
    for entry in entries:
        cursor = database.execute(LEDGER_SQL, (transaction, incarnation, now_ns, *entry))
        transaction = transaction or cursor.lastrowid


class CounterSink:
    """The sink database as one consumer process uses it."""

    def __init__(
        self,
        database: Database,
        incarnation: IncarnationId,
        clock: Clock = MONOTONIC,
        *,
        deduplicates: bool = False,
        stores_offsets: bool = False,
    ) -> None:
        """The database stays the caller's to close.

        Args:
            deduplicates: count an event only if its id was never seen (UNIQUE event id).
            stores_offsets: store the consumed offsets in the same SQLite transaction.
        """
        self._database = database
        self._transaction = database.transaction()
        self._incarnation = incarnation
        self._clock = clock
        self._runs = self._count_new if deduplicates else self._count_all
        self._stores_offsets = stores_offsets
        self._known: dict[int, int] = {}

    def apply(self, pieces: list[Piece], applied: Callable[[], None]) -> None:
        """Counts the events one by one, in one SQLite transaction with their ledger rows.

        Args:
            applied: called after the last counter changed, before the SQLite transaction commits.

        Raises:
            SinkFenced: another process stored offsets since `stored_offset`; nothing was counted.
        """
        reached = {p.partition: p.next_offset for p in pieces} if self._stores_offsets else {}
        with self._transaction:
            counted = [(piece, run) for piece in pieces for run in self._runs(piece)]
            self._store(reached)
            applied()
            self._write_ledger(counted)
        if reached:
            self._known.update(reached)

    def stored_offset(self, partition: int) -> Offset:
        """As `read_offset`; what is stored from here on follows it."""
        self._known[partition] = self.read_offset(partition)
        return Offset(self._known[partition])

    def read_offset(self, partition: int) -> Offset:
        """The NEXT offset to read, 0 at first."""
        rows = self._database.read(
            "SELECT next_offset FROM stored_offsets WHERE partition = ?", (partition,)
        )
        return Offset(rows[0][0] if rows else 0)

    def store_offsets(self, offsets: Mapping[int, Offset]) -> None:
        """Passes offsets, by partition, that had no events for the sink (aborted records).

        Raises:
            SinkFenced: another process stored offsets since `stored_offset`.
        """
        with self._database.transaction():
            self._store(offsets)
        self._known.update(offsets)

    def _store(self, offsets: Mapping[int, Offset]) -> None:
        for partition, offset in offsets.items():
            before = self._known[partition]
            stored = self._database.execute(STORE_OFFSET_SQL, (partition, offset, before))
            if stored.rowcount == 0:
                raise SinkFenced(f"the stored offset of partition {partition} is not {before}")
            self._database.execute(
                "INSERT INTO offset_commits(partition, from_offset, next_offset, incarnation,"
                " committed_ns) VALUES (?, ?, ?, ?, ?)",
                (partition, before, offset, self._incarnation, self._clock.now_ns()),
            )

    def _count_all(self, piece: Piece) -> list[Run]:
        count_clicks(self._database, piece.links)
        return [(0, len(piece.links), True)]

    def _count_new(self, piece: Piece) -> list[Run]:
        first = event_id(piece.source, piece.first_sequence)
        fates = self._remember(range(first, first + len(piece.links)))
        if all(fates):
            return self._count_all(piece)
        count_clicks(self._database, list(compress(piece.links, fates)))
        return list(_runs(fates))

    def _remember(self, ids: range) -> list[bool]:
        """Stores the ids that are not there yet. Returns: of each whether it was new."""
        if len(ids) == 1:
            found = self._database.execute(REMEMBER_NEW_SQL, (ids.start,))
            return [found.rowcount == 1]
        rows = self._database.read(KNOWN_SQL, (ids.start, ids.stop))
        known = {row[0] for row in rows}
        fates = [key not in known for key in ids]
        self._database.execute_many(REMEMBER_SQL, zip(compress(ids, fates), strict=True))
        return fates

    def _write_ledger(self, counted: list[tuple[Piece, Run]]) -> None:
        entries = [
            (piece.source, piece.first_sequence + first, count, piece.partition,
             piece.first_offset + first, applied, piece.fetched_ns)
            for piece, (first, count, applied) in counted
        ]  # fmt: skip
        write_ledger(self._database, self._incarnation, self._clock.now_ns(), entries)


def _runs(fates: list[bool]) -> Iterator[Run]:
    first = 0
    for fate, group in groupby(fates):
        count = sum(1 for _ in group)
        yield first, count, fate
        first += count
