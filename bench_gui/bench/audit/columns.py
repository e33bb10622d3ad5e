"""Numpy building blocks of the audit: ledger rows, growing columns, repeated keys. Pure.

Ledger rows are structured arrays with named int64 fields; one row may stand for a range of events,
and `expand` gives each event its own row for the length of one audit round.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.void]
"""Structured, (n,), every field int64."""

FIRST_CAPACITY = 1024


def row_type(*names: str) -> np.dtype[np.void]:
    """A row of int64 fields, in the order of the SELECT that fills it."""
    return np.dtype([(name, np.int64) for name in names])


def no_rows(dtype: np.dtype[np.void]) -> Rows:
    """An empty array of such rows."""
    return np.empty(0, dtype=dtype)


def expand(rows: Rows, *places: str) -> Rows:
    """One row for each of the `count` events a row stands for.

    Args:
        rows: with a field `count` >= 1.
        places: fields that go up by one from event to event (sequence, offset).
    """
    counts = rows["count"]
    each = np.repeat(rows, counts)
    if len(each) != len(rows):
        step = np.arange(len(each)) - np.repeat(np.cumsum(counts) - counts, counts)
        for place in places:
            each[place] += step
    return each


def pick(rows: Rows, mask: Mask) -> Rows:
    """The rows where `mask`; the rows themselves, not a copy, when it is all of them.

    Copying whole rows was a third of the audit's time, and usually every row is picked.
    """
    picked: Rows = rows if mask.all() else rows[mask]
    return picked


def previous_same(keys: Ints) -> Ints:
    """For each key the index of the nearest equal key before it, -1 without one; (n,) int64."""
    previous = np.full(len(keys), -1, dtype=np.int64)
    if not np.all(keys[1:] > keys[:-1]):
        order = np.argsort(keys, kind="stable")
        same = keys[order[1:]] == keys[order[:-1]]
        previous[order[1:][same]] = order[:-1][same]
    return previous


class GrowingTable:
    """Columns by (line, place), such as (slot, sequence); zero until written.

    Invariant: every column has the shape (lines, capacity).
    """

    def __init__(self, lines: int, columns: Mapping[str, npt.DTypeLike]) -> None:
        self.lines = lines
        self.capacity = FIRST_CAPACITY
        self._columns: dict[str, npt.NDArray[Any]] = {
            name: np.zeros((lines, self.capacity), dtype=dtype) for name, dtype in columns.items()
        }

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        """The column itself, to read and write. `reach` may replace it."""
        return self._columns[name]

    def reach(self, length: int) -> None:
        """Makes every place below `length` (exclusive) usable."""
        if length <= self.capacity:
            return
        capacity = max(length, 2 * self.capacity)
        for name, old in self._columns.items():
            column = np.zeros((self.lines, capacity), dtype=old.dtype)
            column[:, : self.capacity] = old
            self._columns[name] = column
        self.capacity = capacity

    def look_up(self, name: str, lines: Ints, places: Ints) -> npt.NDArray[Any]:
        """The column's values, zero outside the table; (n,), (n,) to (n,)."""
        inside = (lines >= 0) & (lines < self.lines) & (places >= 0) & (places < self.capacity)
        column = self._columns[name]
        values = np.zeros(len(lines), dtype=column.dtype)
        values[inside] = column[lines[inside], places[inside]]
        return values
