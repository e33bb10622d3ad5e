"""Which places a position has passed for good, and whose end could have lost what is there. Pure.

A row of a position's history passes the places from the position before it up to its own. The
incarnation that wrote it may still be working on them, so they are passed *for good* only when it
has ended, or has moved the same position again (it had finished those). Only in the first case can
its end have cost something; in the second, a missing event was lost by a living process.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bench_gui.bench.audit.anomalies import NO_CAUSE
from bench_gui.bench.audit.columns import Ints, Mask, Rows, no_rows, row_type

STRETCH = row_type("line", "first", "count", "cause")
"""Places passed for good. `cause`: an incarnation, or NO_CAUSE."""
PENDING = row_type("first", "next", "incarnation", "cause")

UNKNOWN = 0

Ended = Callable[[Ints], Mask]
"""Tells of incarnations whether they have ended; (n,) int64 to (n,) bool."""


def _nobody(incarnations: Ints) -> Mask:
    return np.zeros(len(incarnations), dtype=np.bool_)


class LinePassing:
    """One position: of one slot's source, or of one partition's consumers."""

    def __init__(self) -> None:
        self.position = self.furthest = 0
        """Where it stands now, and where it ever stood, exclusive."""
        self._pending = no_rows(PENDING)

    def add(self, nexts: Ints, incarnations: Ints) -> int:
        """New rows of the history, in order.

        Returns: the lowest position among them; places from there on are not passed any more.
        """
        before = self.position
        new = np.zeros(len(nexts), dtype=PENDING)
        new["first"] = np.concatenate([[before], nexts[:-1]])
        new["next"] = nexts
        new["incarnation"] = incarnations
        self.position = int(nexts[-1])
        self.furthest = max(self.furthest, int(nexts.max()))
        self._pending = np.concatenate([self._pending, new])
        self._take_back()
        self._put_together()
        return min(before, int(nexts.min()))

    def _take_back(self) -> None:
        """A position that went back leaves nothing passed beyond it."""
        lowest_after = np.minimum.accumulate(self._pending["next"][::-1])[::-1]
        self._pending["next"] = lowest_after
        self._pending["first"] = np.minimum(self._pending["first"], lowest_after)

    def _put_together(self) -> None:
        """What one incarnation passed before its last row, it has finished: one stretch of it."""
        pending = self._pending
        self._find_causes(pending, _nobody)
        goes_on = pending["cause"] == NO_CAUSE
        goes_on[1:] &= pending["first"][1:] == pending["next"][:-1]
        goes_on[1:] &= pending["cause"][:-1] == NO_CAUSE
        goes_on[:1] = False
        firsts = np.flatnonzero(~goes_on)
        lasts = np.append(firsts[1:], len(pending)) - 1
        kept = pending[firsts]
        kept["next"] = pending["next"][lasts]
        self._pending = kept

    def settle(self, ended: Ended, limit: int) -> Rows:
        """What is newly passed for good.

        Args:
            limit: places from here on (inclusive) do not exist yet; they are kept for later.

        Returns: rows of PENDING, each with `first` < `next` <= `limit` and a cause.
        """
        pending = self._pending
        if not len(pending):
            return pending
        self._find_causes(pending, ended)
        certain = pending["cause"] != UNKNOWN
        settled: Rows = pending[certain & (pending["first"] < np.minimum(pending["next"], limit))]
        settled["next"] = np.minimum(settled["next"], limit)
        beyond = certain & (pending["next"] > limit)
        pending["first"][beyond] = np.maximum(pending["first"][beyond], limit)
        self._pending = pending[~certain | beyond]
        return settled

    @property
    def passed_for_good(self) -> int:
        """The place below which everything was settled, exclusive."""
        return min(self.position, int(self._pending["first"].min(initial=self.position)))

    @staticmethod
    def _find_causes(pending: Rows, ended: Ended) -> None:
        incarnations = pending["incarnation"]
        _, last, group = np.unique(incarnations[::-1], return_index=True, return_inverse=True)
        moved_again = last[group][::-1] < np.arange(len(pending))[::-1]
        causes = np.where(ended(incarnations), incarnations, UNKNOWN)
        causes = np.where(moved_again, NO_CAUSE, causes)
        undecided = pending["cause"] == UNKNOWN
        pending["cause"][undecided] = causes[undecided]


class Passing:
    """The positions of all lines (slots, or partitions) of one kind."""

    def __init__(self, lines: int) -> None:
        self._lines = [LinePassing() for _ in range(lines)]

    @property
    def positions(self) -> Ints:
        """Where each stands, (lines,) int64."""
        return np.array([line.position for line in self._lines], dtype=np.int64)

    def passed_for_good(self) -> Ints:
        """The place of each line below which everything was settled, (lines,) int64."""
        return np.array([line.passed_for_good for line in self._lines], dtype=np.int64)

    def add(self, advances: Rows) -> list[tuple[int, int, int]]:
        """New rows of ledger_reader.ADVANCE.

        Returns: (line, first, next) of each position that went back: no longer passed from `first`
        on, and never passed beyond `next` (exclusive).
        """
        went_back = []
        for number in np.unique(advances["line"]).tolist():
            rows = advances[advances["line"] == number]
            line = self._lines[number]
            before = line.position
            lowest = line.add(rows["next"], rows["incarnation"])
            if lowest < before:
                went_back.append((number, lowest, line.furthest))
        return went_back

    def settle(self, ended: Ended, limits: Ints) -> Rows:
        """What is newly passed for good, rows of STRETCH.

        Args:
            limits: the first place of each line that does not exist yet, (lines,) int64.
        """
        found = [no_rows(STRETCH)]
        for number, line in enumerate(self._lines):
            settled = line.settle(ended, int(limits[number]))
            stretch = np.empty(len(settled), dtype=STRETCH)
            stretch["line"] = number
            stretch["first"] = settled["first"]
            stretch["count"] = settled["next"] - settled["first"]
            stretch["cause"] = settled["cause"]
            found.append(stretch)
        return np.concatenate(found)
