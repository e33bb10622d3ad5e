"""Keeps the anomalies of one lane until the fault behind each is known, and counts them. Pure.

`blame` says which fault it is. While none is known the anomaly waits, because a fault can be
noticed a moment after its consequences are visible; after WAIT_ROUNDS it is shown as unattributed,
and at the end it is. Nothing is given up before the end, so that a count of the whole at once,
which is told everything at its start, comes to the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from bench_gui.bench.audit.anomalies import (
    ACT,
    ANOMALY,
    LOST,
    NO_CAUSE,
    PLACE,
    Kind,
    Rule,
    acts_of,
)
from bench_gui.bench.audit.anomaly_ranges import RangeWriter
from bench_gui.bench.audit.blame import WAITING, blame
from bench_gui.bench.audit.columns import GrowingRows, Ints, Mask, Rows, no_rows, row_type
from bench_gui.bench.audit.known_faults import KnownFaults
from bench_gui.bench.audit.mark_table import NO_FAULT
from bench_gui.bench.incarnations import FaultMark, IncarnationEnd
from bench_gui.bench.snapshot import AnomalyRange

WAIT_ROUNDS = 20
"""Rounds after which an anomaly without a fault is shown as unattributed, until one is told."""

LogDuplicates = Callable[[Ints, Ints], Rows]
"""The ACT of each event's first duplicate in the log, by slot and sequence; `cause` 0 or less
where it has none."""


@dataclass(frozen=True, slots=True)
class FaultEffects:
    """What one fault caused, in events; `duplicates` are effects beyond the first."""

    lost: int = 0
    duplicates: int = 0
    suppressed: int = 0


CAUSED = row_type("named", "lost", "duplicates", "suppressed")
"""By fault id. `named`: whether the fault was ever found behind an anomaly."""


class Attribution:
    """The anomalies of one lane, resolved and waiting."""

    def __init__(self, lane: str, *, retries: bool, log_duplicates: LogDuplicates) -> None:
        """`retries`: whether the lane's producers do."""
        self.known = KnownFaults()
        self._retries = retries
        self._log_duplicates = log_duplicates
        self._waiting = no_rows(ANOMALY)
        self._added = no_rows(ANOMALY)
        self._news = False
        self._round = 0
        self._writer = RangeWriter(lane)
        self._resolved: list[AnomalyRange] = []
        self._caused = GrowingRows(CAUSED)
        self._changed: set[int] = set()
        self._unattributed = 0

    def know(
        self, ends: Mapping[int, IncarnationEnd], marks: Iterable[FaultMark] = ()
    ) -> list[IncarnationEnd]:
        """Incarnations that have ended; faults that hit living ones, each told once.

        Returns: the ends not known before.
        """
        marks = list(marks)
        self.known.know_marks(marks)
        new = self.known.know_ends(ends)
        self._news |= bool(new or marks)
        return new

    def add(
        self, kinds: Kind | Ints, rules: Rule | Ints, places: Rows, acts: Rows, extra: Mask | bool
    ) -> None:
        """Anomalies at `places` by `acts`; the others are as in ANOMALY, each or for all."""
        if not len(places):
            return
        rows = np.empty(len(places), dtype=ANOMALY)
        for field in PLACE.names or ():
            rows[field] = places[field]
        for field in ACT.names or ():
            rows[field] = acts[field]
        rows["kind"], rows["rule"], rows["extra"] = kinds, rules, extra
        rows["round"] = self._round
        self._added = np.concatenate([self._added, rows])
        self._news |= bool(np.any(rows["kind"] == Kind.DUPLICATE_IN_LOG))

    def add_causeless(self, kind: Kind, places: Rows) -> None:
        """Anomalies that no fault explains."""
        nobody = acts_of(np.full(len(places), NO_CAUSE))
        self.add(kind, Rule.NONE, places, nobody, extra=False)

    def resolve(self, *, final: bool) -> None:
        """Resolves what can be; when `final`, the rest as unattributed."""
        self._round += 1
        rows = self._added
        if self._news or final:
            rows = np.concatenate([self._waiting, rows])
            self._waiting = no_rows(ANOMALY)
        self._added, self._news = no_rows(ANOMALY), False
        if len(rows):
            self._resolve(rows, final=final)

    def _resolve(self, rows: Rows, *, final: bool) -> None:
        found = self._blame(rows)
        if final:
            found["fault"][found["fault"] == WAITING] = NO_FAULT
        waiting = found["fault"] == WAITING
        self._waiting = np.concatenate([self._waiting, rows[waiting]])
        rows, found = rows[~waiting], found[~waiting]
        self._count(rows, found["fault"])
        self._resolved += self._writer.ranges(rows, found, self.known)

    def _blame(self, rows: Rows) -> Rows:
        found = blame(rows, self.known, retries=self._retries)
        outputs = rows["rule"] == Rule.DELIVERY
        outputs &= (rows["offset"] < 0) & (found["fault"] == WAITING)
        if outputs.any():
            found[outputs] = self._blame_log(rows[outputs])
        return found

    def _blame_log(self, rows: Rows) -> Rows:
        """An output made again may be of an event that came to stand in the log twice."""
        acts = self._log_duplicates(rows["slot"], rows["sequence"])
        for field in ACT.names or ():
            rows[field] = acts[field]
        rows["rule"] = Rule.APPEND
        found = blame(rows, self.known, retries=self._retries)
        found["fault"][found["fault"] == NO_FAULT] = WAITING
        return found

    def _count(self, rows: Rows, faults: Ints) -> None:
        lost = np.isin(rows["kind"], LOST)
        extra = rows["extra"] == 1
        suppressed = rows["kind"] == Kind.SUPPRESSED
        self._unattributed += int(np.count_nonzero((lost | extra) & (faults == NO_FAULT)))
        found = faults != NO_FAULT
        if found.any():
            self._caused.reach(int(faults.max()) + 1)
            masks = {"lost": lost, "duplicates": extra, "suppressed": suppressed}
            for what, mask in masks.items():
                np.add.at(self._caused.rows[what], faults[found & mask], 1)
            self._caused.rows["named"][faults[found]] = 1
            self._changed.update(np.unique(faults[found]).tolist())

    @property
    def unattributed(self) -> int:
        """Lost events and duplicate effects for which there is no fault, or none for long."""
        rows = self._waiting
        if not len(rows):
            return self._unattributed
        overdue = rows["round"] <= self._round - WAIT_ROUNDS
        counts = np.isin(rows["kind"], LOST) | (rows["extra"] == 1)
        return self._unattributed + int(np.count_nonzero(overdue & counts))

    @property
    def caused(self) -> dict[int, FaultEffects]:
        """What each fault caused so far, by fault id."""
        return self._effects_of(np.flatnonzero(self._caused.rows["named"]).tolist())

    def take_caused(self) -> dict[int, FaultEffects]:
        """What each fault caused so far, of those of which that changed since the last call."""
        changed, self._changed = self._changed, set()
        return self._effects_of(sorted(changed))

    def _effects_of(self, faults: list[int]) -> dict[int, FaultEffects]:
        rows = self._caused.rows[faults].tolist()
        return {
            fault: FaultEffects(*effects) for fault, (_, *effects) in zip(faults, rows, strict=True)
        }

    def take(self) -> list[AnomalyRange]:
        """The ranges resolved since the last call."""
        taken, self._resolved = self._resolved, []
        return taken
