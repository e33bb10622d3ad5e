"""Puts anomalies of neighbouring events together and says in one sentence what happened. Pure."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bench_gui.bench.audit.anomalies import KIND_NAMES, Kind
from bench_gui.bench.audit.blame import How
from bench_gui.bench.audit.columns import Ints, Mask, Rows
from bench_gui.bench.audit.known_faults import KnownFaults
from bench_gui.bench.snapshot import AnomalyRange
from workers.lanes import Role

EXPLANATIONS: dict[Kind, str] = {
    Kind.LOST_BEFORE_LOG: "the source position had passed them and they were not in the log",
    Kind.LOST_AFTER_LOG: "their offsets were committed and they had no effect",
    Kind.DUPLICATE_IN_LOG: "they were in the log and were appended again",
    Kind.REDELIVERED: "they had been delivered and were delivered again",
    Kind.SUPPRESSED: "they were delivered again and the sink knew them",
    Kind.PHANTOM: "they have an effect and never existed",
    Kind.ABORTED_READ: "they have an effect and their transaction was aborted",
}
CAUSELESS = (Kind.PHANTOM, Kind.ABORTED_READ)

BECAUSE: dict[How, str] = {
    How.END: "when {who} was ended by fault {fault}",
    How.EXPIRY: "after {who} was silent until its session expired (fault {fault})",
    How.REQUEST_LOSS: "because a request of {who} was lost (fault {fault})",
    How.ACK_LOSS: "because an acknowledgement to {who} was lost (fault {fault})",
}
ROLES: dict[How, Role] = {
    How.EXPIRY: Role.CONSUMER,
    How.REQUEST_LOSS: Role.PRODUCER,
    How.ACK_LOSS: Role.PRODUCER,
}
"""The role of a process that lived on; the end of one says its role itself."""


class RangeWriter:
    """Numbers the ranges of one lane."""

    def __init__(self, lane: str) -> None:
        self._lane = lane
        self._next_id = 1

    def ranges(self, rows: Rows, blames: Rows, known: KnownFaults) -> Iterator[AnomalyRange]:
        """Contiguous ranges with the same fate and the same fault.

        Args:
            rows, blames: of ANOMALY and of BLAME, one a row, none of them waiting.
        """
        listed = rows["kind"] != Kind.DUPLICATE_SHOWING
        rows, blames = _in_order(rows[listed], blames[listed])
        firsts = np.flatnonzero(_starts(rows, blames))
        lasts = np.append(firsts[1:], len(rows)) - 1
        for first, last in zip(firsts.tolist(), lasts.tolist() if len(rows) else [], strict=True):
            yield self._range(rows[first], rows[last], blames[first], known)

    def _range(
        self, first: np.void, last: np.void, blamed: np.void, known: KnownFaults
    ) -> AnomalyRange:
        number, self._next_id = self._next_id, self._next_id + 1
        attributed = blamed["fault"] >= 0
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
            incarnation=int(blamed["incarnation"]) if attributed else None,
            fault_id=int(blamed["fault"]) if attributed else None,
            explanation=_explain(first, count, blamed, known),
        )


def _explain(first: np.void, count: int, blamed: np.void, known: KnownFaults) -> str:
    kind = Kind(first["kind"])
    what = f"{count:,} {'event' if count == 1 else 'events'}: {EXPLANATIONS[kind]}"
    if kind in CAUSELESS:
        return what
    if blamed["fault"] < 0:
        return f"{what}; no fault was found that explains it"
    how = How(blamed["how"])
    who = _who(first, int(blamed["incarnation"]), how, known)
    return f"{what} {BECAUSE[how].format(who=who, fault=blamed['fault'])}"


def _who(first: np.void, incarnation: int, how: How, known: KnownFaults) -> str:
    end = known.ends.get(incarnation)
    if end is not None:
        return f"{end.role} {end.slot} (incarnation {incarnation})"
    role = ROLES[how]
    slot = f"{first['slot']} " if role is Role.PRODUCER else ""
    return f"{role.value} {slot}(incarnation {incarnation})"


def _or_none(value: np.int64) -> int | None:
    return None if value < 0 else int(value)


def _in_order(rows: Rows, blames: Rows) -> tuple[Rows, Rows]:
    keys = ("offset", "sequence", "partition", "slot")
    order = np.lexsort(
        (*(rows[key] for key in keys), blames["how"], blames["incarnation"], rows["kind"],
         blames["fault"])
    )  # fmt: skip
    return rows[order], blames[order]


def _starts(rows: Rows, blames: Rows) -> Mask:
    """Whether each row starts a new range."""
    starts = np.ones(len(rows), dtype=np.bool_)
    before, after = rows[:-1], rows[1:]
    goes_on = _same(blames, "fault", "incarnation", "how")
    goes_on &= _same(rows, "kind", "slot", "partition")
    goes_on &= after["sequence"] == before["sequence"] + 1
    step: Ints = np.where(before["offset"] < 0, 0, 1)
    goes_on &= after["offset"] == before["offset"] + step
    starts[1:] = ~goes_on
    return starts


def _same(rows: Rows, *fields: str) -> Mask:
    """Whether each row but the first is equal to the one before in these fields."""
    same = np.ones(max(len(rows) - 1, 0), dtype=np.bool_)
    for field in fields:
        same &= rows[field][1:] == rows[field][:-1]
    return same
