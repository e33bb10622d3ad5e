"""The recount as anyone would paste it: `recount_sql` alone, EDGES_OF and all, by its docstring."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np

from bench_gui.bench.audit import recount_sql as sql
from bench_gui.bench.audit.recount import Interval, Recount, RecountTotals
from workers.files import LaneFiles


def pasted_recount(run_db: Path, lane: str, files: LaneFiles, slots: int) -> Recount:
    """Counts a drained lane. `slots`: how many producers the run has."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as shell:
        for name, path in (("run", run_db), ("clicks", files.clicks), ("results", files.results)):
            shell.execute(f"ATTACH '{path}' AS {name}")
        shell.execute("CREATE TEMP TABLE this(lane)")
        shell.execute("INSERT INTO this VALUES (?)", (lane,))
        _gather(shell, files, slots)
        _sweep(shell, files)
        totals = RecountTotals(*shell.execute(sql.TOTALS).fetchone())
        intervals = tuple(Interval(*row) for row in shell.execute(sql.INTERVALS))
    return Recount(totals, intervals)


def _gather(shell: sqlite3.Connection, files: LaneFiles, slots: int) -> None:
    shell.executescript(sql.NOTHING_REMOVED)
    if files.removed.exists():
        shell.execute(f"ATTACH '{files.removed}' AS removed")
        shell.executescript(sql.MARKS + ";" + sql.REMOVED)
    shell.executescript(sql.GATHERED)
    for slot in range(slots):
        if files.positions(slot).exists():
            shell.execute(f"ATTACH '{files.positions(slot)}' AS slot_positions")
            for statement in sql.POSITIONS:
                shell.execute(statement, (slot,))
            shell.execute("DETACH slot_positions")


def _sweep(shell: sqlite3.Connection, files: LaneFiles) -> None:
    stored = files.sink.exists()
    if stored:
        shell.execute(f"ATTACH '{files.sink}' AS sink")
        shell.executescript(sql.STORED_OFFSETS)
    for view in ("records", "outputs"):
        shell.executescript(sql.EDGES_OF.format(view=view))
    shell.executescript(sql.PREPARED)
    if stored:
        shell.executescript(sql.DELIVERIES)
        shell.executescript(sql.EDGES_OF.format(view="valid"))
        shell.executescript(sql.STRAYS)
    else:
        shell.execute(sql.NO_DELIVERIES)
    shell.executescript(sql.SWEPT)


def assert_same(one: Recount, other: Recount, slots: int) -> None:
    """Totals, and every event; where intervals are cut means nothing."""
    assert one.totals == other.totals
    for slot in range(slots):
        assert np.array_equal(one.effects(slot), other.effects(slot))
