"""Numpy building blocks of the audit: ledger rows, repeated keys. Pure.

Ledger rows are structured arrays with named int64 fields; one row may stand for a range of events,
and `expand` gives each event its own row for the length of one audit round.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.void]
"""Structured, (n,), every field int64."""


def row_type(*names: str) -> np.dtype[np.void]:
    """A row of int64 fields, in the order of the SELECT that fills it."""
    return np.dtype([(name, np.int64) for name in names])


def no_rows(dtype: np.dtype[np.void]) -> Rows:
    """An empty array of such rows."""
    return np.empty(0, dtype=dtype)


class GrowingRows:
    """Rows that become more: kept in an array that doubles, so a row is copied about once."""

    def __init__(self, dtype: np.dtype[np.void]) -> None:
        self._rows = np.zeros(64, dtype=dtype)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    @property
    def rows(self) -> Rows:
        """All of them, to read and write until the next call that adds some."""
        return self._rows[: self._length]

    def add(self, rows: Rows) -> None:
        """More rows, behind the others."""
        before = self._length
        self.reach(before + len(rows))
        self._rows[before : self._length] = rows

    def reach(self, length: int) -> None:
        """At least so many rows; new ones are all zero."""
        self._length = max(self._length, length)
        if self._length > len(self._rows):
            more = max(self._length, 2 * len(self._rows)) - len(self._rows)
            empty = np.zeros(more, dtype=self._rows.dtype)
            self._rows = np.concatenate([self._rows, empty])


def widen(rows: Rows, dtype: np.dtype[np.void], **constants: int) -> Rows:
    """The rows as `dtype`: its fields are those of the rows, and one number each for the others."""
    wide = np.empty(len(rows), dtype=dtype)
    for name in dtype.names or ():
        wide[name] = constants[name] if name in constants else rows[name]
    return wide


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


def ascending(keys: Ints) -> bool:
    """Whether each key is greater than the one before, so that none is there twice."""
    return bool(np.all(keys[1:] > keys[:-1]))


def distinct(numbers: Ints) -> list[int]:
    """Each number once, going up; quick where it is one number only."""
    if len(numbers) and int(numbers.min()) == int(numbers.max()):
        return [int(numbers[0])]
    found: list[int] = np.unique(numbers).tolist()
    return found


def previous_same(keys: Ints) -> Ints:
    """For each key the index of the nearest equal key before it, -1 without one; (n,) int64."""
    previous = np.full(len(keys), -1, dtype=np.int64)
    if not ascending(keys):
        order = np.argsort(keys, kind="stable")
        same = keys[order[1:]] == keys[order[:-1]]
        previous[order[1:][same]] = order[:-1][same]
    return previous
