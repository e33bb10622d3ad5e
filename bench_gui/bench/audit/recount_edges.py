"""Writes the recount's edges, those left out that go up and down at one place. Shares no code.

It does what `recount_sql.EDGES_OF` does, and for the same sums: an edge of step 0 changes none (a
test runs EDGES_OF in its place on every lane that the audit's tests make, and compares). A
sink transaction of one event leaves one row an event, and SQLite alone takes microseconds to sort
each of them; here a column comes out of SQLite as one text, and numpy sorts it.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
KINDS = 1 << 32
SUMMED_AT = 1_000_000
"""Ranges that are kept before they are summed up."""
NOTHING = np.zeros(0, dtype=np.int64)

WHATS = (
    "readable", "aborted", "waiting", "output", "aborted output", "waiting output", "applied",
    "suppressed",
)  # fmt: skip
COLUMNS = ("slot", "first", "next", "partition", "first_offset", "place")
"""Of `records`, `outputs` and `valid`; the last one is a place in WHATS."""
SET_PIECE = "UPDATE temp.piece SET first = ?, after = ?"
ALL = (0, 1 << 62)


def add_edges(database: sqlite3.Connection, view: str, bounds: str, at_once: int) -> None:
    """Adds the edges of a view's ranges of events to `event_edges` and `offset_edges`.

    Args:
        bounds: SQL of rows with the least and the greatest key of the ledger behind the view, or of
            parts of it; two NULLs where there is none.
        at_once: how many keys are read at a time.

    Raises ValueError as `read_ranges`.
    """
    events, offsets = Edges(), Edges()
    for piece in _pieces(database.execute(bounds).fetchall(), at_once):
        database.execute(SET_PIECE, piece)
        slot, first, after, partition, offset, what = read_ranges(database, view, "1")
        events.add(slot, what, first, after)
        offsets.add(partition, what, offset, offset + after - first)
    database.execute(SET_PIECE, ALL)
    for target, edges in (("event_edges", events), ("offset_edges", offsets)):
        named = ((line, at, WHATS[kind], step) for line, at, kind, step in edges.rows())
        database.executemany(f"INSERT INTO temp.{target} VALUES (?, ?, ?, ?)", named)


def _pieces(bounds: Sequence[tuple[int, int]], at_once: int) -> Iterator[tuple[int, int]]:
    """Key ranges, exclusive at their end, that together hold each key within the bounds once."""
    for first, last in bounds:
        for start in range(first, last + 1, at_once) if first is not None else ():
            yield start, min(start + at_once, last + 1)


class Edges:
    """Edges along one axis, summed up by line (source slot, or partition), kind and place."""

    def __init__(self) -> None:
        self._ups: dict[int, Numbers] = defaultdict(lambda: NOTHING)
        self._downs: dict[int, Numbers] = defaultdict(lambda: NOTHING)

    def add(self, lines: Numbers, kinds: Numbers, firsts: Numbers, nexts: Numbers) -> None:
        """Ranges from `firsts` to `nexts` (exclusive); kinds are from 0 to KINDS, exclusive."""
        keys = lines * KINDS + kinds
        for key in np.unique(keys).tolist():
            mine = keys == key
            self._ups[key] = np.append(self._ups[key], firsts[mine])
            self._downs[key] = np.append(self._downs[key], nexts[mine])
            if len(self._ups[key]) > SUMMED_AT:
                places, steps = _summed(self._ups[key], self._downs[key])
                self._ups[key] = np.repeat(places, np.maximum(steps, 0))
                self._downs[key] = np.repeat(places, np.maximum(-steps, 0))

    def rows(self) -> Iterator[tuple[int, int, int, int]]:
        """Line, place, kind, step."""
        for key in self._ups:
            places, steps = _summed(self._ups[key], self._downs[key])
            line, kind = divmod(key, KINDS)
            for at, step in zip(places.tolist(), steps.tolist(), strict=True):
                yield line, at, kind, step


def _summed(ups: Numbers, downs: Numbers) -> tuple[Numbers, Numbers]:
    """Each place once and how many ranges more begin there than end, unless that is 0."""
    edges = np.sort(np.append(ups << 1, downs << 1 | 1), kind="stable")
    places, steps = edges >> 1, 1 - 2 * (edges & 1)
    starts = np.flatnonzero(np.concatenate([[True], places[1:] != places[:-1]]))
    sums = np.add.reduceat(steps, starts)
    return places[starts][sums != 0], sums[sums != 0]


def read_ranges(
    database: sqlite3.Connection, view: str, where: str, columns: Sequence[str] = COLUMNS
) -> list[Numbers]:
    """Columns of one of the views, each (n,).

    Raises ValueError when a value is no whole number: it would be left out, and its row's other
    values would be taken for another row's.
    """
    cases = " ".join(f"WHEN '{what}' THEN {place}" for place, what in enumerate(WHATS))
    texts = ", ".join(f"group_concat({column})" for column in columns)
    sql = (
        f"SELECT count(*), {texts} FROM"
        f" (SELECT *, CASE what {cases} END AS place FROM {view} WHERE {where})"
    )
    count, *found = database.execute(sql).fetchone()
    named = zip(columns, found, strict=True)
    return [_numbers(text or "", count, f"{column} of {view}") for column, text in named]


def _numbers(text: str, count: int, name: str) -> Numbers:
    numbers = np.fromstring(text, dtype=np.int64, sep=",")
    if len(numbers) != count:
        raise ValueError(f"{name}: {count} rows and {len(numbers)} whole numbers")
    return numbers
