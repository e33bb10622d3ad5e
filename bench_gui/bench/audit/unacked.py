"""What each process appended, until it has ended and its last acknowledgement is known. Pure."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from bench_gui.bench.audit.columns import Rows, expand, no_rows, row_type
from bench_gui.bench.incarnations import IncarnationEnd

RANGE = row_type("incarnation", "source", "first_sequence", "count")


class AppendedRanges:
    """Appends of processes that live as far as is known; what follows on is one range.

    A process appends its events in their order, so a range or two a process is all that is kept.
    """

    def __init__(self) -> None:
        self._rows = no_rows(RANGE)

    def add(self, batches: Rows) -> None:
        """More appends, rows with the fields of RANGE, by time of append."""
        rows = np.empty(len(self._rows) + len(batches), dtype=RANGE)
        for field in RANGE.names or ():
            rows[field] = np.concatenate([self._rows[field], batches[field]])
        order = np.argsort(rows["incarnation"] << 16 | rows["source"] & 0xFFFF, kind="stable")
        self._rows = _put_together(rows[order])

    def unacked(self, ends: Mapping[int, IncarnationEnd]) -> Rows:
        """Takes out what these processes appended; `source` may be no slot.

        Returns: a row an event that was appended and never acknowledged to its process.
        """
        found = [no_rows(RANGE)]
        for incarnation in np.unique(self._rows["incarnation"]).tolist():
            if incarnation in ends:
                mine = self._rows["incarnation"] == incarnation
                found.append(_from(self._rows[mine], ends[incarnation].acked_sequence or 0))
                self._rows = self._rows[~mine]
        return expand(np.concatenate(found), "first_sequence")


def _from(rows: Rows, sequence: int) -> Rows:
    """What of the ranges lies at the sequence or beyond it."""
    after = rows["first_sequence"] + rows["count"]
    rows["first_sequence"] = np.maximum(rows["first_sequence"], sequence)
    rows["count"] = after - rows["first_sequence"]
    beyond: Rows = rows[rows["count"] > 0]
    return beyond


def _put_together(rows: Rows) -> Rows:
    """Rows of one process and source that follow each other in sequence, as one."""
    if not len(rows):
        return rows
    goes_on = rows["first_sequence"][1:] == rows["first_sequence"][:-1] + rows["count"][:-1]
    for field in ("incarnation", "source"):
        goes_on &= rows[field][1:] == rows[field][:-1]
    firsts = np.flatnonzero(np.concatenate([[True], ~goes_on]))
    kept: Rows = rows[firsts]
    kept["count"] = np.add.reduceat(rows["count"], firsts)
    return kept
