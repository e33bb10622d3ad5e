"""Clicks by link: those that happened, those the effects explain, those the counters show. Pure."""

from __future__ import annotations

import numpy as np

from bench_gui.bench.audit.columns import Ints, Rows, distinct
from bench_gui.bench.snapshot import REST, LinkClicks
from workers.events import LINK_COUNT, LinkChooser

PIECE = 1 << 16
"""Events whose links are found at once."""


class ClickTally:
    """Running totals by link id, 1..LINK_COUNT."""

    def __init__(self, seed: int, slots: int, *, counters: bool) -> None:
        """`counters`: whether the lane has a table of counters; else its effects are counted."""
        self._chooser = LinkChooser(seed)
        self._happened = [0] * slots
        self._counters = counters
        self._true = np.zeros(LINK_COUNT + 1, dtype=np.int64)
        self._explained = np.zeros(LINK_COUNT + 1, dtype=np.int64)
        self._shown = np.zeros(LINK_COUNT + 1, dtype=np.int64)
        self._lost = np.zeros(LINK_COUNT + 1, dtype=np.int64)
        self._extra = np.zeros(LINK_COUNT + 1, dtype=np.int64)
        self._unknown_links: dict[int, int] = {}

    def happened(self, counts: Ints) -> None:
        """The events of each slot below `counts` exist now, (slots,) int64; never fewer."""
        for slot, count in enumerate(counts.tolist()):
            for first in range(self._happened[slot], count, PIECE):
                sequences = np.arange(first, min(first + PIECE, count), dtype=np.int64)
                self._true += self._count(self._chooser.links(slot, sequences))
            self._happened[slot] = max(self._happened[slot], count)

    def applied(self, slots: Ints, sequences: Ints) -> None:
        """Events were counted, each as often as it stands here. Slots below 0 are left out."""
        self._add(self._explained, slots, sequences)

    def lost(self, slots: Ints, sequences: Ints) -> None:
        """Events are certainly lost, each named once."""
        self._add(self._lost, slots, sequences)

    def extra(self, slots: Ints, sequences: Ints) -> None:
        """Of those that were counted, these should not have been (again)."""
        self._add(self._extra, slots, sequences)

    def _add(self, totals: Ints, slots: Ints, sequences: Ints) -> None:
        for slot in distinct(slots[slots >= 0]):
            totals += self._count(self._chooser.links(slot, sequences[slots == slot]))

    def show(self, links: Rows) -> None:
        """The counters as they are now: rows of ledger_reader.LINK."""
        ids, clicks = links["link_id"], links["clicks"]
        known = (ids >= 1) & (ids <= LINK_COUNT)
        self._shown[:] = 0
        self._shown[ids[known]] = clicks[known]
        self._unknown_links = dict(links[~known].tolist())

    def error(self) -> int:
        """Sum over links of |clicks counted - clicks that happened|."""
        strays = sum(abs(clicks) for clicks in self._unknown_links.values())
        return int(np.abs(self._counted - self._true).sum()) + strays

    def most_clicked(self, lines: int) -> tuple[LinkClicks, ...]:
        """The links clicked most, `lines` of them, by clicks that happened; then REST."""
        order = np.argsort(-self._true[1:], kind="stable") + 1
        top = order[:lines]
        columns = (self._true, self._counted, self._lost, self._extra)
        rows = zip(top.tolist(), *(column[top].tolist() for column in columns), strict=True)
        found = [LinkClicks(*row) for row in rows]
        happened, counted, lost, extra = (
            int(column.sum() - column[top].sum()) for column in columns
        )
        counted += sum(self._unknown_links.values())
        error = self.error() - sum(one.error for one in found)
        return (*found, LinkClicks(REST, happened, counted, lost, extra, error))

    @property
    def _counted(self) -> Ints:
        return self._shown if self._counters else self._explained

    def disagreement(self) -> str | None:
        """One sentence when the counters are not the sum of the effects."""
        if not self._counters:
            return None
        for link, clicks in self._unknown_links.items():
            return f"the counters show {clicks} clicks of link {link}, which does not exist"
        differing = np.flatnonzero(self._shown != self._explained)
        if not len(differing):
            return None
        link = int(differing[0])
        return (
            f"the counter of link {link} shows {self._shown[link]} clicks "
            f"and the effects ledger explains {self._explained[link]}"
        )

    @staticmethod
    def _count(links: np.ndarray[tuple[int], np.dtype[np.uint32]]) -> Ints:
        return np.bincount(links.astype(np.int64), minlength=LINK_COUNT + 1)
