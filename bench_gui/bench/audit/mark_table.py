"""Finds the fault mark that explains what happened to an event, among millions of marks. Pure."""

from __future__ import annotations

import numpy as np

from bench_gui.bench.audit.columns import Ints, Mask, Rows, row_type

MARK = row_type("owner", "first", "next", "at_ns", "fault", "incarnation")
"""A fault that hit the events `first` to `next` (exclusive) of an owner (a process or a source)."""
KEPT = row_type("first", "next", "at_ns", "fault", "incarnation")
"""The same, with owner and event in one number."""
OWNER_BITS = 40
NO_FAULT = -1
"""In place of a fault's number: it ended by itself, or nothing is known."""


class MarkTable:
    """Marks by owner and range of events.

    Invariant: ranges of an owner with different firsts do not overlap; a repeated attempt has the
    same range.

    Marks are kept in sorted runs. A new run takes in those before it that are not longer, so there
    are about as many runs as the number of marks has binary digits, and each mark is sorted that
    often, however many times marks are added.
    """

    def __init__(self) -> None:
        self._runs: list[_Run] = []

    def __len__(self) -> int:
        return sum(len(run.rows) for run in self._runs)

    def add(self, marks: Rows) -> None:
        """More marks, rows of MARK in any order; of those with the same time, later ones later."""
        if not len(marks):
            return
        rows = np.empty(len(marks), dtype=KEPT)
        for field in ("at_ns", "fault", "incarnation"):
            rows[field] = marks[field]
        rows["first"] = _key(marks["owner"], marks["first"])
        rows["next"] = _key(marks["owner"], marks["next"])
        while self._runs and len(self._runs[-1].rows) <= len(rows):
            rows = np.concatenate([self._runs.pop().rows, rows])
        self._runs.append(_Run(rows))

    def find(self, owners: Ints, sequences: Ints, at_ns: Ints) -> tuple[Ints, Ints, Ints]:
        """For each event the latest mark that holds it and is not later than `at_ns`.

        A repeated append may bear the time of the first one; then it is the event's first mark.

        Returns: fault, process and time, (n,) each; NO_FAULT, 0 and 0 where no mark holds the
        event.
        """
        keys = _key(owners, sequences)
        best = np.zeros(len(keys), dtype=KEPT)
        best["fault"] = NO_FAULT
        for run in self._runs:
            rows, held = run.find(keys, at_ns)
            best = np.where(held & _better(rows, best, at_ns), rows, best)
        return best["fault"], best["incarnation"], best["at_ns"]


def _key(owners: Ints, sequences: Ints) -> Ints:
    return owners << OWNER_BITS | sequences


def _better(rows: Rows, best: Rows, at_ns: Ints) -> Mask:
    """Whether `rows`, of a younger run, come before what was found so far."""
    early, late = rows["at_ns"] <= at_ns, best["at_ns"] > at_ns
    better: Mask = best["fault"] == NO_FAULT
    better |= early & (late | (rows["at_ns"] >= best["at_ns"]))
    better |= ~early & late & (rows["at_ns"] < best["at_ns"])
    return better


class _Run:
    """Some marks in order."""

    def __init__(self, rows: Rows) -> None:
        rows = rows[np.lexsort((rows["at_ns"], rows["first"]))]
        self.rows, self._firsts, group = rows, *np.unique(rows["first"], return_inverse=True)
        self._times = np.sort(rows["at_ns"])
        self._keys = self._key(group, np.searchsorted(self._times, rows["at_ns"]))

    def _key(self, groups: Ints, earlier: Ints | int) -> Ints:
        """Orders marks by range, then by how many marks are earlier."""
        keys: Ints = groups * (len(self._times) + 1) + earlier
        return keys

    def find(self, keys: Ints, at_ns: Ints) -> tuple[Rows, Mask]:
        """As `MarkTable.find`, among these. Returns: rows of KEPT; whether each holds its event."""
        groups = np.searchsorted(self._firsts, keys, side="right") - 1
        earlier = np.searchsorted(self._times, at_ns, side="right")
        first = np.searchsorted(self._keys, self._key(groups, 0))
        latest = np.searchsorted(self._keys, self._key(groups, earlier)) - 1
        rows = self.rows[np.maximum(first, latest)]
        return rows, (groups >= 0) & (keys < rows["next"])
