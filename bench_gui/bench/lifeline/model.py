"""What the life of one event is made of: plain values for terminal and window. Knows no files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.records.stored_processes import Worker
from bench_gui.bench.snapshot import AnomalyRange, FaultReport
from workers.files import SEQUENCE_BITS

_EVENT = re.compile(r"(\d+):(\d+)")


class NothingToExplain(EnvironmentProblem):
    """There is no such event, lane or fault in the run: one sentence that says what there is."""


class EventId(NamedTuple):
    """An event's identity: its source slot and its sequence number there."""

    slot: int
    sequence: int

    def __str__(self) -> str:
        return f"{self.slot}:{self.sequence}"


def parse_event(text: str) -> EventId:
    """The event named by "SLOT:SEQ". Raises NothingToExplain."""
    found = _EVENT.fullmatch(text.strip())
    if found is None:
        raise NothingToExplain(f"{text!r} names no event; write SLOT:SEQ, such as 0:1234")
    slot, sequence = int(found[1]), int(found[2])
    if max(slot, sequence) >= 1 << SEQUENCE_BITS:
        raise NothingToExplain(f"event {text.strip()} never existed: no source gets that far")
    return EventId(slot, sequence)


class LifeKind(Enum):
    """What happened. The value is shown to the reader."""

    DUE = "due"
    POSITION_PASSED = "position advanced"
    POSITION_WENT_BACK = "position went back"
    REQUEST_LOST = "request lost"
    ACK_LOST = "acknowledgement lost"
    APPENDED = "appended"
    TRANSACTION_COMMITTED = "transaction committed"
    TRANSACTION_ABORTED = "transaction aborted"
    FETCHED = "fetched"
    OUTPUT_WRITTEN = "output written"
    EFFECT = "effect"
    EFFECT_AGAIN = "effect again"
    SUPPRESSED = "suppressed"
    LOG_PREPARED = "log prepared"
    SINK_PREPARED = "database prepared"
    DECIDED = "decided"
    OFFSETS_COMMITTED = "offsets committed"
    OFFSETS_WENT_BACK = "offsets went back"
    ENDED = "ended"
    PAUSED = "paused"
    EXPIRED = "session expired"
    ANOMALY = "counted"
    """What the auditor noted, where the lane's own files are not kept; it has no time."""


class Fate(Enum):
    """What became of the event. The value is shown to the reader."""

    DELIVERED = "delivered once"
    DUPLICATE = "duplicate"
    SUPPRESSED = "delivered once, repetition suppressed"
    LOST_BEFORE_LOG = "lost before the log"
    LOST_AFTER_LOG = "lost after the log"
    IN_FLIGHT = "in flight"
    PHANTOM = "phantom"
    ABORTED_READ = "aborted read"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """One thing that happened to the event, or to a process that had it in hand.

    Fields:
        t_s: seconds since the sources' start; None where no record has the time.
        who: the process that did it or that it befell; None where no one process did.
        where: the place in the log, "clicks 2 @ 1041"; empty without one.
        fault_id: the fault that it is, or that caused it; None without one.
        text: a few words more, for a reader.
    """

    t_s: float | None
    kind: LifeKind
    who: Worker | None
    where: str
    fault_id: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Lifeline:
    """The life of one event in one lane.

    Fields:
        entries: in the order of time; those without a time last.
        fault_ids: the faults that decided the fate, the first one first; empty without one.
        sentence: the fate and its cause, in one sentence.
        notes: what the reader must know of the records themselves, one sentence each.
    """

    run_id: str
    lane: str
    event: EventId
    entries: tuple[LifeEvent, ...]
    fate: Fate
    fault_ids: tuple[int, ...]
    sentence: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FaultEvents:
    """What one fault did to events.

    Fields:
        ranges: the anomalies laid at its door, the worst kind first.
        example: an event to show; None when it harmed none.
    """

    fault: FaultReport
    ranges: tuple[AnomalyRange, ...]
    example: EventId | None
