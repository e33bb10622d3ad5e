"""Counts a lane a third time, from the files alone. Shares no code with the auditor.

The auditor keeps a column of numbers for every event and reads the files piece by piece, in an
order that matters; the recount asks the finished files once, with sums over intervals. If the two
agree, a mistake would have to be made twice, in two ways.

All rules are plain SQL (`recount_sql`). Only the ends of ranges, of which nearly all cancel, are
summed up by numpy before (`recount_edges`); the SQL alone does that too, slowly, and gives the same
(tests/bench/pasted_recount.py).
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from bench_gui.bench.audit.recount_edges import add_edges
from bench_gui.bench.audit.recount_sql import (
    DELIVERIES,
    GATHERED,
    INTERVALS,
    LOG_BOUNDS,
    MARKS,
    NO_DELIVERIES,
    NOTHING_REMOVED,
    POSITIONS,
    PREPARED,
    REMOVED,
    SINK_BOUNDS,
    STORED_OFFSETS,
    STRAYS,
    SWEPT,
    TOTALS,
)
from workers.files import LaneFiles

ROWS_AT_ONCE = 1_000_000
"""At most so many are read as one text a column; SQLite's limit for it is 10^9 bytes."""
LOG_VIEWS = (
    ("records", "clicks", "input_partitions"),
    ("outputs", "results", "output_partitions"),
)


@dataclass(frozen=True, slots=True)
class RecountTotals:
    """Events of one lane; the words are those of `snapshot.LaneCounts`."""

    offered: int
    appended: int
    delivered_unique: int
    effects: int
    lost_before_log: int
    lost_after_log: int
    duplicates: int
    duplicates_in_log: int
    redelivered: int
    suppressed: int
    in_flight: int
    recovered: int
    aborted_attempts: int
    aborted_reads: int
    phantoms: int


@dataclass(frozen=True, slots=True)
class Interval:
    """Consecutive events of one slot with the same number of effects; `next` is exclusive."""

    slot: int
    first: int
    next: int
    effects: int


@dataclass(frozen=True, slots=True)
class Recount:
    """What the files say.

    Fields:
        totals: of the whole lane.
        intervals: every event that exists, by slot and sequence.
    """

    totals: RecountTotals
    intervals: tuple[Interval, ...]

    def effects(self, slot: int) -> npt.NDArray[np.int64]:
        """How often each event of the slot was applied, (offered,) int64."""
        mine = [interval for interval in self.intervals if interval.slot == slot]
        lengths = [interval.next - interval.first for interval in mine]
        return np.repeat(np.array([i.effects for i in mine], dtype=np.int64), lengths)


class Counted(Protocol):
    """A finished count to compare with, such as `auditor.LaneAuditor`."""

    def counts(self) -> Any:
        """An object with the attributes of RecountTotals."""

    def offered(self) -> npt.NDArray[np.int64]:
        """Events of each slot."""

    def effects(self, slot: int) -> npt.NDArray[np.int64]:
        """How often each event of the slot was applied, (offered,)."""


def recount(run_db: Path, lane: str, files: LaneFiles) -> Recount:
    """Counts a drained lane from its files.

    Args:
        lane: its slug, as in run.db's `incarnations`.
    """
    with closing(sqlite3.connect(":memory:", isolation_level=None, uri=True)) as database:
        _gather(database, run_db, lane, files)
        for view, log, partitions in LOG_VIEWS:
            bounds = LOG_BOUNDS.format(log=log, partitions=partitions)
            add_edges(database, view, bounds, ROWS_AT_ONCE)
        database.executescript(PREPARED)
        _add_deliveries(database, files)
        database.executescript(SWEPT)
        totals = RecountTotals(*database.execute(TOTALS).fetchone())
        rows = database.execute(INTERVALS).fetchall()
    return Recount(totals, tuple(Interval(*row) for row in rows))


def _gather(database: sqlite3.Connection, run_db: Path, lane: str, files: LaneFiles) -> None:
    gather_logs(database, run_db, lane, files)
    if _removed_anything(database, files):
        database.executescript(REMOVED)
    if files.sink.exists():
        attach(database, files.sink, "sink")
        database.executescript(STORED_OFFSETS)
    (slots,) = database.execute("SELECT producers FROM run.run").fetchone()
    for slot in range(slots):
        _add_positions(database, files.positions(slot), slot)


def gather_logs(database: sqlite3.Connection, run_db: Path, lane: str, files: LaneFiles) -> None:
    """Attaches run.db and the lane's logs, and makes the recount's views of the logs."""
    attach(database, run_db, "run")
    attach(database, files.clicks, "clicks")
    attach(database, files.results, "results")
    database.execute("CREATE TEMP TABLE this(lane)")
    database.execute("INSERT INTO this VALUES (?)", (lane,))
    database.executescript(NOTHING_REMOVED)
    if files.removed.exists():
        attach(database, files.removed, "removed")
    if _removed_anything(database, files):
        database.executescript(MARKS)
    database.executescript(GATHERED)


def _removed_anything(database: sqlite3.Connection, files: LaneFiles) -> bool:
    """Not before the attached removed.db has its tables: who made the file may have been killed."""
    made = "SELECT 1 FROM removed.sqlite_master WHERE name = 'marks'"
    return files.removed.exists() and database.execute(made).fetchone() is not None


def _add_positions(database: sqlite3.Connection, path: Path, slot: int) -> None:
    if path.exists():
        attach(database, path, "slot_positions")
        for sql in POSITIONS:
            database.execute(sql, (slot,))
        database.execute("DETACH slot_positions")


def _add_deliveries(database: sqlite3.Connection, files: LaneFiles) -> None:
    if files.sink.exists():
        database.executescript(DELIVERIES)
        add_edges(database, "valid", SINK_BOUNDS, ROWS_AT_ONCE)
        database.executescript(STRAYS)
    else:
        database.execute(NO_DELIVERIES)


def attach(database: sqlite3.Connection, path: Path, name: str) -> None:
    """Attaches a file, read only."""
    uri = f"{path.resolve().as_uri()}?mode=ro"
    database.execute(f"ATTACH ? AS {name}", (uri,))


def disagreement(counted: Counted, recounted: Recount) -> str | None:
    """One sentence naming the first difference between a count and the recount, else None."""
    for slot in range(len(counted.offered())):
        found = _differing_event(slot, counted.effects(slot), recounted.effects(slot))
        if found is not None:
            return found
    counts = counted.counts()
    for field in fields(RecountTotals):
        before, after = getattr(counts, field.name), getattr(recounted.totals, field.name)
        if before != after:
            return f"{field.name} is {before} in the count and {after} in the recount"
    return None


def _differing_event(
    slot: int, counted: npt.NDArray[np.int64], recounted: npt.NDArray[np.int64]
) -> str | None:
    if len(counted) != len(recounted):
        return f"source {slot} has {len(counted)} events and in the recount {len(recounted)}"
    differing = np.flatnonzero(counted != recounted)
    if not len(differing):
        return None
    first = int(differing[0])
    return (
        f"event {first} of source {slot} has {counted[first]} effects "
        f"and in the recount {recounted[first]}"
    )
