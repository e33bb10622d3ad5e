"""Reads one topic of a log incrementally: what became readable, what was aborted, what waits.

A record is readable under read_committed once its transaction is committed and every earlier
transaction in its partition has ended (the last stable offset). Until then it waits; it may yet be
delivered, so nobody may call its event lost.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bench_gui.bench.audit.columns import Ints, Rows, no_rows, pick, row_type, widen
from bench_gui.bench.audit.ledger_reader import LedgerFile, News, PieceSize
from workers.log.schema import OFFSET_BITS

BATCH = row_type(
    "partition", "base_offset", "count", "source", "first_sequence", "due_ns", "appended_ns",
    "incarnation", "transaction_id", "committed_ns",
)  # fmt: skip
"""`transaction_id` is 0 outside a transaction; `committed_ns` is `appended_ns` there."""
STORED = row_type(
    "base_offset", "count", "source", "first_sequence", "due_ns", "appended_ns", "incarnation",
    "transaction_id",
)  # fmt: skip
PARTITION = row_type("partition_id", "partition")
TRANSACTION = row_type("transaction_id", "state", "ended_ns")
STABLE = row_type("partition_id", "first_offset")

BATCHES_AT_ONCE = 1 << 13
"""Of one partition."""
ONGOING, COMMITTED, ABORTED = 0, 1, 2

PARTITIONS_SQL = "SELECT partition_id, partition FROM partitions WHERE topic = ?"
BATCHES_SQL = f"""
SELECT position & {(1 << OFFSET_BITS) - 1}, count, source, first_sequence, due_ns, appended_ns,
       incarnation, coalesce(transaction_id, 0)
FROM batches WHERE position >= ?1 AND position < ?2 ORDER BY position
"""
TRANSACTIONS_SQL = f"""
SELECT transaction_id,
       CASE state WHEN 'committed' THEN {COMMITTED} WHEN 'aborted' THEN {ABORTED}
                  ELSE {ONGOING} END,
       coalesce(ended_ns, 0)
FROM transactions WHERE transaction_id >= ? ORDER BY transaction_id
"""
STABLE_SQL = "SELECT partition_id, min(first_offset) FROM open_partitions GROUP BY partition_id"


@dataclass(frozen=True, slots=True)
class LogNews:
    """What one read found; every field has rows of BATCH.

    Fields:
        readable: became readable, by time of append.
        aborted: their transaction was aborted.
        seen: found for the first time and neither of the two yet.
        decided: were `seen` in an earlier read and are now in `readable` or `aborted`.
        more: whether there are more to read at once.
        before_ns: what is more was appended after this moment, or at it; 0 where nothing is.
    """

    readable: Rows
    aborted: Rows
    seen: Rows
    decided: Rows
    more: bool = False
    before_ns: int = 0


NOTHING_NEW = LogNews(no_rows(BATCH), no_rows(BATCH), no_rows(BATCH), no_rows(BATCH))


class LogReader:
    """The batches of one topic, each reported once for each change of its standing."""

    def __init__(self, file: LedgerFile, topic: str, partitions: int) -> None:
        self._file = file
        self._topic = topic
        self.ends: Ints = np.zeros(partitions, dtype=np.int64)
        """High watermark of each partition as read so far, exclusive."""
        self.stable_ends: Ints = np.zeros(partitions, dtype=np.int64)
        """Last stable offset of each partition as read so far, exclusive."""
        self._waiting = no_rows(BATCH)
        self._news = News(file)
        self._piece = PieceSize()

    def read(self) -> LogNews:
        """What changed since the last call, in one consistent state. Raises ReadLater.

        Of batches found for the first time, those up to a moment at which at most so many of each
        partition are new as make a piece.
        """
        if not self._news.any():
            return NOTHING_NEW
        with self._file.snapshot():
            partitions = self._file.rows(PARTITIONS_SQL, (self._topic,), PARTITION)
            fresh, before_ns = self._fresh(partitions)
            waiting = np.concatenate([self._waiting, fresh])
            transactions = self._transactions(waiting)
            stable = self._file.rows(STABLE_SQL, (), STABLE)
        np.maximum.at(self.ends, fresh["partition"], fresh["base_offset"] + fresh["count"])
        limits = _limits(partitions, stable, len(self.ends))
        self.stable_ends = np.minimum(limits, self.ends)
        more = before_ns is not None
        self._news.read(more=more)
        news = self._sort_out(waiting, len(self._waiting), transactions, limits)
        return replace(news, more=more, before_ns=before_ns or 0)

    def _fresh(self, partitions: Rows) -> tuple[Rows, int | None]:
        """New batches, and if there are more, a moment before which those were not appended."""
        found, limit = [no_rows(BATCH)], self._piece.rows(BATCHES_AT_ONCE, len(self.ends))
        for partition_id, partition in partitions[["partition_id", "partition"]].tolist():
            start = partition_id << OFFSET_BITS
            bounds = (start + int(self.ends[partition]), start + (1 << OFFSET_BITS))
            stored = self._file.rows(BATCHES_SQL, bounds, STORED, limit)
            found.append(widen(stored, BATCH, partition=partition, committed_ns=0))
        full = [int(rows["appended_ns"].max()) for rows in found if len(rows) == limit]
        fresh = np.concatenate([_until(rows, min(full)) for rows in found] if full else found)
        fresh["committed_ns"] = fresh["appended_ns"]
        self._piece.see(fresh["count"])
        return fresh, min(full) if full else None

    def _transactions(self, batches: Rows) -> Rows:
        inside = batches["transaction_id"][batches["transaction_id"] > 0]
        if not len(inside):
            return no_rows(TRANSACTION)
        return self._file.rows(TRANSACTIONS_SQL, (int(inside.min()),), TRANSACTION)

    def _sort_out(
        self, batches: Rows, known: int, transactions: Rows, stable_offsets: Ints
    ) -> LogNews:
        """`known`: how many of the batches were waiting before."""
        states = _stamp(batches, transactions)
        below = batches["base_offset"] < stable_offsets[batches["partition"]]
        readable = (states == COMMITTED) & below
        aborted = states == ABORTED
        rest = ~(readable | aborted)
        was_known = np.arange(len(batches)) < known
        self._waiting = batches[rest]
        return LogNews(
            readable=_by_time(pick(batches, readable)),
            aborted=batches[aborted],
            seen=batches[rest & ~was_known],
            decided=batches[~rest & was_known],
        )


def _until(rows: Rows, at_ns: int) -> Rows:
    """The rows before the first one that was appended after a moment."""
    later = rows["appended_ns"] > at_ns
    upto: Rows = rows[: int(later.argmax())] if later.any() else rows
    return upto


def _stamp(batches: Rows, transactions: Rows) -> Ints:
    """The state of each batch's transaction; writes `committed_ns` into `batches`."""
    states = np.full(len(batches), COMMITTED, dtype=np.int64)
    inside = np.flatnonzero(batches["transaction_id"])
    if len(inside):
        ids = batches["transaction_id"][inside]
        place = np.searchsorted(transactions["transaction_id"], ids)
        states[inside] = transactions["state"][place]
        batches["committed_ns"][inside] = transactions["ended_ns"][place]
    return states


def _limits(partitions: Rows, stable: Rows, count: int) -> Ints:
    """The last stable offset of each partition; beyond any offset where nothing is open."""
    limits = np.full(count, 1 << OFFSET_BITS, dtype=np.int64)
    number = dict(partitions[["partition_id", "partition"]].tolist())
    for partition_id, first_offset in stable.tolist():
        if partition_id in number:
            limits[number[partition_id]] = first_offset
    return limits


def _by_time(batches: Rows) -> Rows:
    times = batches["appended_ns"]
    if np.all(times[1:] >= times[:-1]):
        return batches
    in_order: Rows = batches[np.argsort(times, kind="stable")]
    return in_order
