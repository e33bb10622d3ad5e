"""Two-phase commit across the log and the database, from the consumer that coordinates it.

    OPEN --prepare log--> LOG_PREPARED --prepare sink--> SINK_PREPARED --decide--> DECIDED
    DECIDED --commit sink--> SINK_COMMITTED --commit transaction--> OPEN

Both stores promise first (prepare): each holds what it needs to commit whatever happens, and the
locks that keep others away from it. One durable row then decides. Until the outcome has reached
both stores the transaction is in doubt: its partitions and the counters it touches stand blocked.
A coordinator that dies leaves it so, and the next process of its slot ends it by the decision; no
decision means abort (presumed abort). The sink commits before the log, so that no committed offset
ever passes an event that has no effect yet.

Source: Gray, "Notes on Data Base Operating Systems" (1978); Mohan, Lindsay, Obermarck (1986) for
presumed abort; PostgreSQL, "PREPARE TRANSACTION"; KIP-939.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from enum import Enum
from pathlib import Path

from workers.clock import Clock
from workers.files import COORDINATOR_SCHEMA
from workers.log.api import Log
from workers.log.database import Database, OnLock
from workers.log.types import IncarnationId, ProducerIdentity
from workers.pieces import Piece
from workers.sink import Entry, count_clicks, write_ledger


class RowsLocked(Exception):
    """Counters that a transaction would change are locked by another that is in doubt."""


class Stage(Enum):
    """How far the current transaction has come."""

    OPEN = "open"
    LOG_PREPARED = "log prepared"
    SINK_PREPARED = "sink prepared"
    DECIDED = "decided"
    SINK_COMMITTED = "sink committed"


class Decisions:
    """The coordinator's durable memory: which transactions are to commit."""

    def __init__(
        self,
        path: Path,
        durability: str,
        incarnation: IncarnationId,
        clock: Clock,
        on_lock: OnLock | None = None,
    ) -> None:
        self._database = Database(path, durability, create=COORDINATOR_SCHEMA, on_lock=on_lock)
        self._incarnation = incarnation
        self._clock = clock

    def decide(self, transaction_id: int) -> None:
        """Decides to commit, for good."""
        with self._database.transaction():
            self._database.execute(
                "INSERT INTO decisions VALUES (?, ?, ?)",
                (transaction_id, self._incarnation, self._clock.now_ns()),
            )

    def is_decided(self, transaction_id: int) -> bool:
        """Whether it is to commit."""
        found = self._database.read(
            "SELECT 1 FROM decisions WHERE transaction_id = ?", (transaction_id,)
        )
        return bool(found)

    def close(self) -> None:
        """Closes the database."""
        self._database.close()


class PreparingSink:
    """The analytics database with prepared transactions, as PostgreSQL has them."""

    def __init__(
        self, database: Database, coordinator: int, incarnation: IncarnationId, clock: Clock
    ) -> None:
        """`coordinator`: the consumer slot. The database stays the caller's to close."""
        self._database = database
        self._coordinator = coordinator
        self._incarnation = incarnation
        self._clock = clock

    def prepare(self, transaction_id: int, pieces: list[Piece]) -> None:
        """Stores effects to come and locks the counters they change.

        Raises:
            RowsLocked: another prepared transaction holds one of them; nothing was stored.
        """
        with self._database.transaction():
            self._lock({link for piece in pieces for link in piece.links}, transaction_id)
            self._database.execute(
                "INSERT INTO prepared_transactions VALUES (?, ?, ?, ?)",
                (transaction_id, self._coordinator, self._incarnation, self._clock.now_ns()),
            )
            for piece in pieces:
                self._intend(transaction_id, piece)

    def _lock(self, links: set[int], transaction_id: int) -> None:
        locks = ((link, transaction_id) for link in sorted(links))
        locked = self._database.execute_many(
            "INSERT OR IGNORE INTO locked_links VALUES (?, ?)", locks
        )
        if locked != len(links):
            raise RowsLocked(f"{len(links) - locked} counters are locked by a transaction in doubt")

    def _intend(self, transaction_id: int, piece: Piece) -> None:
        self._database.execute(
            "INSERT INTO prepared_effects(transaction_id, source, first_sequence, count, partition,"
            " first_offset, fetched_ns, links) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (transaction_id, piece.source, piece.first_sequence, len(piece.links),
             piece.partition, piece.first_offset, piece.fetched_ns,
             array("I", piece.links).tobytes()),
        )  # fmt: skip

    def commit_prepared(self, transaction_id: int) -> None:
        """Counts the clicks and gives the locks back; nothing when that was done before."""
        with self._database.transaction():
            now_ns = self._clock.now_ns()
            entries: list[Entry] = []
            for source, first, count, partition, offset, fetched_ns, links in self._intents(
                transaction_id
            ):
                count_clicks(self._database, array("I", links).tolist())
                entries.append((source, first, count, partition, offset, True, fetched_ns))
            write_ledger(self._database, self._incarnation, now_ns, entries)
            self._forget(transaction_id)

    def _intents(self, transaction_id: int) -> list[tuple[int, int, int, int, int, int, bytes]]:
        return self._database.read(
            "SELECT source, first_sequence, count, partition, first_offset, fetched_ns, links"
            " FROM prepared_effects WHERE transaction_id = ? ORDER BY prepared_id",
            (transaction_id,),
        )

    def roll_back_prepared(self, transaction_id: int) -> None:
        """Forgets the effects to come and gives the locks back."""
        with self._database.transaction():
            self._forget(transaction_id)

    def _forget(self, transaction_id: int) -> None:
        for table in ("locked_links", "prepared_effects", "prepared_transactions"):
            self._database.execute(
                f"DELETE FROM {table} WHERE transaction_id = ?", (transaction_id,)
            )

    def prepared(self) -> list[int]:
        """The prepared transactions of this coordinator."""
        rows = self._database.read(
            "SELECT transaction_id FROM prepared_transactions WHERE coordinator = ?",
            (self._coordinator,),
        )
        return [row[0] for row in rows]


class TwoPhaseCommit:
    """One consumer process's transaction across both stores. A `Results` while it is open.

    Fields:
        stage: of the current transaction.
    """

    def __init__(
        self, log: Log, identity: ProducerIdentity, sink: PreparingSink, decisions: Decisions
    ) -> None:
        self._log = log
        self._identity = identity
        self._sink = sink
        self._decisions = decisions
        self._pieces: list[Piece] = []
        self._transaction_id = 0
        self.stage = Stage.OPEN

    def apply(self, pieces: list[Piece], applied: Callable[[], None]) -> None:
        """Takes events into the open transaction; nothing is stored before it is prepared."""
        self._pieces += pieces
        applied()

    def prepare_log(self) -> None:
        """The log promises. Raises Fenced, UnstableOffsets: nothing has changed."""
        self._transaction_id = self._log.prepare_transaction(self._identity)
        self.stage = Stage.LOG_PREPARED

    def prepare_sink(self) -> None:
        """The database promises. Raises RowsLocked: nothing has changed; try again."""
        self._sink.prepare(self._transaction_id, self._pieces)
        self.stage = Stage.SINK_PREPARED

    def decide(self) -> None:
        """From here on it commits, whoever lives."""
        self._decisions.decide(self._transaction_id)
        self.stage = Stage.DECIDED

    def commit_sink(self) -> None:
        """The outcome reaches the database."""
        self._sink.commit_prepared(self._transaction_id)
        self.stage = Stage.SINK_COMMITTED

    def end(self) -> None:
        """The outcome has reached both stores: the next transaction may begin."""
        self._pieces = []
        self.stage = Stage.OPEN

    def abort_sink(self) -> bool:
        """Before the decision: takes the database's promise back. Returns: whether it gave one."""
        promised = self.stage is Stage.SINK_PREPARED
        if promised:
            self._sink.roll_back_prepared(self._transaction_id)
        self.end()
        return promised

    def resolve(self, sink_resolved: Callable[[], None] = lambda: None) -> int:
        """Ends what earlier processes of the slot left in doubt, by their decisions.

        Args:
            sink_resolved: called when one of them has ended in the database and not yet in the log.

        Returns: how many transactions were in doubt.
        """
        in_log = self._log.prepared_transaction(self._identity)
        in_doubt = sorted({*self._sink.prepared(), *([in_log] if in_log is not None else [])})
        for transaction_id in in_doubt:
            self._resolve(transaction_id, sink_resolved, in_log=transaction_id == in_log)
        return len(in_doubt)

    def _resolve(
        self, transaction_id: int, sink_resolved: Callable[[], None], *, in_log: bool
    ) -> None:
        if self._decisions.is_decided(transaction_id):
            self._sink.commit_prepared(transaction_id)
            sink_resolved()
            if in_log:
                self._log.commit_transaction(self._identity)
            return
        self._sink.roll_back_prepared(transaction_id)
        sink_resolved()
        if in_log:
            self._log.abort_transaction(self._identity)
