"""Names the fault behind each lost or repeated event. Pure.

The accounting says which incarnation's end could have caused an anomaly. Until that end is known
the anomaly waits: an end can be noticed a moment after its consequences are visible. An anomaly
without such an incarnation, or whose incarnation finished by itself, has no fault: unattributed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from bench_gui.bench.audit.columns import Ints, Mask, Rows, no_rows, row_type
from bench_gui.bench.incarnations import IncarnationEnd
from bench_gui.bench.snapshot import AnomalyRange


class Kind(IntEnum):
    """What befell an event."""

    LOST_BEFORE_LOG = 1
    LOST_AFTER_LOG = 2
    DUPLICATE_IN_LOG = 3
    REDELIVERED = 4
    SUPPRESSED = 5
    PHANTOM = 6
    ABORTED_READ = 7
    DUPLICATE_SHOWING = 8
    """An effect of the log's duplicate: counted with its fault, listed as DUPLICATE_IN_LOG."""


KIND_NAMES: dict[Kind, str] = {
    Kind.LOST_BEFORE_LOG: "lost before the log",
    Kind.LOST_AFTER_LOG: "lost after the log",
    Kind.DUPLICATE_IN_LOG: "duplicate in the log",
    Kind.REDELIVERED: "redelivered",
    Kind.SUPPRESSED: "suppressed",
    Kind.PHANTOM: "phantom",
    Kind.ABORTED_READ: "aborted read",
}
"""As in AnomalyRange.kind."""

EXPLANATIONS: dict[Kind, str] = {
    Kind.LOST_BEFORE_LOG: "the source position had passed them and they were not in the log",
    Kind.LOST_AFTER_LOG: "their offsets were committed and they had no effect",
    Kind.DUPLICATE_IN_LOG: "they were in the log and were appended again",
    Kind.REDELIVERED: "they had been delivered and were delivered again",
    Kind.SUPPRESSED: "they were delivered again and the sink knew them",
    Kind.PHANTOM: "they have an effect and never existed",
    Kind.ABORTED_READ: "they have an effect and their transaction was aborted",
}

ANOMALY = row_type("kind", "slot", "sequence", "partition", "offset", "cause", "extra")
"""One event. `partition`, `offset`: -1 when unknown. `cause`: the incarnation whose end may be to
blame, 0 or less without one. `extra`: 1 when it is an effect beyond the event's first."""

PLACE = row_type("slot", "sequence", "partition", "offset")

LOST = (Kind.LOST_BEFORE_LOG, Kind.LOST_AFTER_LOG)
CAUSELESS = (Kind.PHANTOM, Kind.ABORTED_READ)
NOT_ENDED, NO_FAULT = -2, -1


@dataclass(frozen=True, slots=True)
class FaultEffects:
    """What one fault caused, in events; `duplicates` are effects beyond the first."""

    lost: int = 0
    duplicates: int = 0
    suppressed: int = 0


class Attribution:
    """The anomalies of one lane, resolved and waiting."""

    def __init__(self, lane: str) -> None:
        self._lane = lane
        self._ends: dict[int, IncarnationEnd] = {}
        self._fault_of: Ints = np.full(64, NOT_ENDED, dtype=np.int64)
        self._pending = no_rows(ANOMALY)
        self._resolved: list[AnomalyRange] = []
        self._caused: dict[int, FaultEffects] = {}
        self._next_id = 1
        self.unattributed = 0
        """Lost events and duplicate effects for which there is no fault."""

    def know(self, ends: Mapping[int, IncarnationEnd]) -> list[IncarnationEnd]:
        """Incarnations that have ended. Returns: those not known before."""
        new = [end for number, end in ends.items() if number not in self._ends]
        for end in new:
            self._ends[end.incarnation] = end
            self._reach(end.incarnation)
            self._fault_of[end.incarnation] = NO_FAULT if end.fault_id is None else end.fault_id
        return new

    def _reach(self, incarnation: int) -> None:
        missing = incarnation + 1 - len(self._fault_of)
        if missing > 0:
            more = np.full(max(missing, len(self._fault_of)), NOT_ENDED, dtype=np.int64)
            self._fault_of = np.concatenate([self._fault_of, more])

    def _faults(self, incarnations: Ints) -> Ints:
        known = (incarnations > 0) & (incarnations < len(self._fault_of))
        faults = np.where(incarnations > 0, NOT_ENDED, NO_FAULT)
        faults[known] = self._fault_of[incarnations[known]]
        return faults

    def ended(self, incarnations: Ints) -> Mask:
        """Whether each has ended, (n,) int64 to (n,) bool."""
        ended: Mask = (incarnations > 0) & (self._faults(incarnations) != NOT_ENDED)
        return ended

    def end_of(self, incarnation: int) -> IncarnationEnd | None:
        """How it ended; None while it lives."""
        return self._ends.get(incarnation)

    def add(self, kind: Kind | Ints, places: Rows, cause: Ints | int, extra: Mask | bool) -> None:
        """Anomalies at `places`, rows of PLACE; the others are as in ANOMALY, each or for all."""
        if not len(places):
            return
        rows = np.empty(len(places), dtype=ANOMALY)
        for field in PLACE.names or ():
            rows[field] = places[field]
        rows["kind"], rows["cause"], rows["extra"] = kind, cause, extra
        self._pending = np.concatenate([self._pending, rows])

    def resolve(self, *, final: bool) -> None:
        """Resolves what can be; when `final`, the rest as unattributed."""
        if not len(self._pending):
            return
        faults = self._faults(self._pending["cause"])
        faults[np.isin(self._pending["kind"], CAUSELESS)] = NO_FAULT
        if final:
            faults[faults == NOT_ENDED] = NO_FAULT
        waiting = faults == NOT_ENDED
        resolved, faults = self._pending[~waiting], faults[~waiting]
        self._pending = self._pending[waiting]
        self._count(resolved, faults)
        self._resolved += self._ranges(resolved, faults)

    def _count(self, rows: Rows, faults: Ints) -> None:
        lost = np.isin(rows["kind"], LOST)
        extra = rows["extra"] == 1
        suppressed = rows["kind"] == Kind.SUPPRESSED
        self.unattributed += int(np.count_nonzero((lost | extra) & (faults == NO_FAULT)))
        for fault in np.unique(faults[faults != NO_FAULT]).tolist():
            mine = faults == fault
            had = self._caused.get(fault, FaultEffects())
            self._caused[fault] = FaultEffects(
                had.lost + int(np.count_nonzero(mine & lost)),
                had.duplicates + int(np.count_nonzero(mine & extra)),
                had.suppressed + int(np.count_nonzero(mine & suppressed)),
            )

    @property
    def caused(self) -> dict[int, FaultEffects]:
        """What each fault caused so far, by fault id."""
        return dict(self._caused)

    def take(self) -> list[AnomalyRange]:
        """The ranges resolved since the last call."""
        taken, self._resolved = self._resolved, []
        return taken

    def _ranges(self, rows: Rows, faults: Ints) -> Iterable[AnomalyRange]:
        listed = rows["kind"] != Kind.DUPLICATE_SHOWING
        rows, faults = _in_order(rows[listed], faults[listed])
        firsts = np.flatnonzero(_starts(rows))
        lasts = np.append(firsts[1:], len(rows)) - 1
        for first, last in zip(firsts.tolist(), lasts.tolist() if len(rows) else [], strict=True):
            yield self._range(rows[first], rows[last], int(faults[first]))

    def _range(self, first: np.void, last: np.void, fault: int) -> AnomalyRange:
        number, self._next_id = self._next_id, self._next_id + 1
        attributed = fault != NO_FAULT
        count = int(last["sequence"] - first["sequence"]) + 1
        return AnomalyRange(
            anomaly_id=number,
            lane=self._lane,
            kind=KIND_NAMES[Kind(first["kind"])],
            slot=int(first["slot"]),
            first_sequence=int(first["sequence"]),
            last_sequence=int(last["sequence"]),
            count=count,
            partition=_or_none(first["partition"]),
            first_offset=_or_none(first["offset"]),
            last_offset=_or_none(last["offset"]),
            incarnation=int(first["cause"]) if attributed else None,
            fault_id=fault if attributed else None,
            explanation=self._explain(first, count, attributed=attributed),
        )

    def _explain(self, first: np.void, count: int, *, attributed: bool) -> str:
        kind = Kind(first["kind"])
        what = f"{count} {'event' if count == 1 else 'events'}: {EXPLANATIONS[kind]}"
        if kind in CAUSELESS:
            return what
        if not attributed:
            return f"{what}; no fault was found that explains it"
        end = self._ends[int(first["cause"])]
        return (
            f"{what} when {end.role} {end.slot} (incarnation {end.incarnation}) "
            f"was ended by fault {end.fault_id}"
        )


def places_of(slots: Ints, sequences: Ints, partitions: Ints | int, offsets: Ints | int) -> Rows:
    """Rows of PLACE; partition and offset are -1 where unknown."""
    places = np.empty(len(slots), dtype=PLACE)
    places["slot"], places["sequence"] = slots, sequences
    places["partition"], places["offset"] = partitions, offsets
    return places


def _or_none(value: np.int64) -> int | None:
    return None if value < 0 else int(value)


def _in_order(rows: Rows, faults: Ints) -> tuple[Rows, Ints]:
    keys = ("offset", "sequence", "partition", "slot", "cause", "kind")
    order = np.lexsort((*(rows[key] for key in keys), faults))
    return rows[order], faults[order]


def _starts(rows: Rows) -> Mask:
    """Whether each row starts a new range."""
    starts = np.ones(len(rows), dtype=np.bool_)
    before, after = rows[:-1], rows[1:]
    goes_on = after["sequence"] == before["sequence"] + 1
    for key in ("kind", "slot", "partition", "cause"):
        goes_on &= after[key] == before[key]
    step = np.where(before["offset"] < 0, 0, 1)
    goes_on &= after["offset"] == before["offset"] + step
    starts[1:] = ~goes_on
    return starts
