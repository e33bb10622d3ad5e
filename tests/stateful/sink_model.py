"""The analytics database as the words describe it, in plain lists and dicts.

Written from the words of `workers/files.py` and `workers/sink.py`; shares no rule with the sink.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from tests.stateful.group_model import Refusals
from workers.pieces import Piece
from workers.sink import SinkFenced
from workers.two_phase import RowsLocked


@dataclass(frozen=True)
class Intent:
    """A prepared transaction: who prepared it, and the effects to come."""

    coordinator: int
    incarnation: int
    prepared_ns: int
    pieces: tuple[Piece, ...]

    def links(self) -> set[int]:
        """The counters that it will change, and locks until then."""
        return {link for piece in self.pieces for link in piece.links}


class SinkModel:
    """Counters, the ledger that explains them, and what hangs on both.

    Fields:
        effects: the ledger's rows, but for their ids, which count from 1.
        seen: events that a deduplicating sink has counted, as (source, sequence).
    """

    def __init__(self) -> None:
        self.clicks: Counter[int] = Counter()
        self.effects: list[tuple[int, ...]] = []
        self.seen: set[tuple[int, int]] = set()
        self.stored: dict[int, int] = {}
        self.commits: list[tuple[int, int, int, int, int]] = []
        self.prepared: dict[int, Intent] = {}

    # counting at once

    def why_not_store(self, known: Mapping[int, int], partitions: set[int]) -> Refusals:
        """Someone else has stored an offset since this process looked."""
        moved = any(known[p] != self.stored.get(p, 0) for p in partitions)
        return {SinkFenced} if moved else set()

    def apply(
        self, pieces: list[Piece], incarnation: int, now_ns: int, *, deduplicates: bool
    ) -> None:
        """Every event is a click, or every new one; one row a range of events with one fate."""
        first_row = len(self.effects) + 1
        for piece in pieces:
            fates = [not deduplicates or self._is_new(piece, n) for n in range(len(piece.links))]
            self.clicks.update(link for link, new in zip(piece.links, fates, strict=True) if new)
            for new, group in groupby(range(len(fates)), fates.__getitem__):
                self._note(first_row, incarnation, now_ns, piece, list(group), applied=new)

    def _is_new(self, piece: Piece, index: int) -> bool:
        event = (piece.source, piece.first_sequence + index)
        if event in self.seen:
            return False
        self.seen.add(event)
        return True

    def _note(
        self,
        first_row: int,
        incarnation: int,
        now_ns: int,
        piece: Piece,
        events: list[int],
        *,
        applied: bool,
    ) -> None:
        at = events[0]
        who = (first_row, incarnation, now_ns, piece.source, piece.first_sequence + at)
        where = (len(events), piece.partition, piece.first_offset + at)
        self.effects.append((*who, *where, int(applied), piece.fetched_ns))

    def store(self, offsets: Mapping[int, int], incarnation: int, now_ns: int) -> None:
        """The next offsets to read, and how they came to be."""
        for partition, offset in offsets.items():
            before = self.stored.get(partition, 0)
            self.stored[partition] = offset
            self.commits.append((partition, before, offset, incarnation, now_ns))

    # counting in two phases

    def why_not_prepare(self, pieces: list[Piece]) -> Refusals:
        """A counter is locked by a transaction in doubt."""
        wanted = {link for piece in pieces for link in piece.links}
        return {RowsLocked} if wanted & set(self.locks()) else set()

    def locks(self) -> dict[int, int]:
        """Who holds each locked counter."""
        return {link: number for number, i in self.prepared.items() for link in i.links()}

    def prepare(self, number: int, intent: Intent) -> None:
        """It promises; nothing is counted."""
        self.prepared[number] = intent

    def commit_prepared(self, number: int, incarnation: int, now_ns: int) -> None:
        """It counts, once; nothing if it is not there any more."""
        intent = self.prepared.pop(number, None)
        if intent is not None:
            self.apply(list(intent.pieces), incarnation, now_ns, deduplicates=False)

    def roll_back_prepared(self, number: int) -> None:
        """As if it had never been."""
        self.prepared.pop(number, None)
