"""Where things stand in the drawing of an event's life: rows, columns, arrows. Knows no Qt.

One row an actor, one column a moment. Moments of one life lie microseconds and seconds apart, so
columns are set out in order, further apart the longer the time between them, and not to scale.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum

from bench_gui.bench.lifeline.model import LifeEvent, LifeKind, Lifeline
from bench_gui.bench.records.stored_processes import Worker
from workers.lanes import Role

LEAST_COLUMN_PX = 44.0
LABEL_ROOM_PX = 20.0
"""Beside a mark's words: the mark itself, and air."""
LONGEST_GAP_PX = 60.0
GAP_PX_A_DECADE = 9.0
FIRST_PX = 16.0


class Sort(Enum):
    """What an actor is; rows are in this order."""

    SOURCE = 0
    PRODUCER = 1
    LOG = 2
    CONSUMER = 3
    COORDINATOR = 4
    OUTPUT = 5
    SINK = 6
    OFFSETS = 7


class Shape(Enum):
    """How a mark is drawn."""

    RING = "ring"
    DOT = "dot"
    DOUBLE = "double"
    REFUSED = "refused"
    DIAMOND = "diamond"
    SIGN = "sign"


@dataclass(frozen=True, slots=True)
class Actor:
    """One row: who or what it is. `key` is unique in a drawing."""

    sort: Sort
    key: str
    title: str
    subtitle: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """One entry of a life in the drawing.

    Fields:
        entry: its place among the life's entries. x: of its middle, in pixels.
        row: of its actor. other: of what it acts on, or None.
        inward: whether the arrow comes from the other row, not from the actor's.
        decisive: whether its fault decided the event's fate.
    """

    entry: int
    x: float
    row: int
    other: int | None
    inward: bool
    shape: Shape
    label: str
    decisive: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """One column: its place and its time after the event was due, in words."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Span:
    """A process lives from one x to another; `ended` by something we know."""

    row: int
    from_x: float
    to_x: float
    ended: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything that is drawn. Invariant: marks and moments are in the order of time."""

    actors: tuple[Actor, ...] = ()
    marks: tuple[Mark, ...] = ()
    moments: tuple[Moment, ...] = ()
    spans: tuple[Span, ...] = ()
    width: float = 0.0


WORDS: dict[LifeKind, str] = {
    LifeKind.POSITION_PASSED: "position",
    LifeKind.POSITION_WENT_BACK: "position back",
    LifeKind.TRANSACTION_COMMITTED: "committed",
    LifeKind.TRANSACTION_ABORTED: "aborted",
    LifeKind.OFFSETS_COMMITTED: "offsets",
    LifeKind.OFFSETS_WENT_BACK: "offsets back",
    LifeKind.ACK_LOST: "ack lost",
    LifeKind.SINK_PREPARED: "prepared",
    LifeKind.LOG_PREPARED: "prepared",
    LifeKind.EXPIRED: "expired",
    LifeKind.OUTPUT_WRITTEN: "written",
}
"""What stands beside a mark, where the kind's own words are longer."""

SHAPES: dict[LifeKind, Shape] = {
    LifeKind.DUE: Shape.RING,
    LifeKind.POSITION_PASSED: Shape.DIAMOND,
    LifeKind.POSITION_WENT_BACK: Shape.DIAMOND,
    LifeKind.TRANSACTION_COMMITTED: Shape.DIAMOND,
    LifeKind.TRANSACTION_ABORTED: Shape.REFUSED,
    LifeKind.OFFSETS_COMMITTED: Shape.DIAMOND,
    LifeKind.OFFSETS_WENT_BACK: Shape.DIAMOND,
    LifeKind.LOG_PREPARED: Shape.RING,
    LifeKind.SINK_PREPARED: Shape.RING,
    LifeKind.DECIDED: Shape.DIAMOND,
    LifeKind.EFFECT_AGAIN: Shape.DOUBLE,
    LifeKind.SUPPRESSED: Shape.REFUSED,
    LifeKind.REQUEST_LOST: Shape.SIGN,
    LifeKind.ACK_LOST: Shape.SIGN,
    LifeKind.ENDED: Shape.SIGN,
    LifeKind.PAUSED: Shape.SIGN,
    LifeKind.EXPIRED: Shape.SIGN,
}
"""All others are dots."""

TO_SOURCE = {LifeKind.POSITION_PASSED, LifeKind.POSITION_WENT_BACK}
TO_PLACE = {LifeKind.APPENDED, LifeKind.TRANSACTION_COMMITTED, LifeKind.TRANSACTION_ABORTED,
            LifeKind.FETCHED, LifeKind.OUTPUT_WRITTEN, LifeKind.LOG_PREPARED}  # fmt: skip
TO_RESULT = {LifeKind.EFFECT, LifeKind.EFFECT_AGAIN, LifeKind.SUPPRESSED, LifeKind.SINK_PREPARED}
TO_OFFSETS = {LifeKind.OFFSETS_COMMITTED, LifeKind.OFFSETS_WENT_BACK}

SOURCE = Actor(Sort.SOURCE, "source", "source", "the event is due")
SINK = Actor(Sort.SINK, "sink", "database", "the counters")
OFFSETS = Actor(Sort.OFFSETS, "offsets", "committed offsets")
COORDINATOR = Actor(Sort.COORDINATOR, "coordinator", "coordinator", "decides for both")
OUTPUT_TOPIC = "results"


def actor_of(worker: Worker) -> Actor:
    """A process."""
    sort = Sort.PRODUCER if worker.role == Role.PRODUCER.value else Sort.CONSUMER
    pid = "" if worker.pid is None else f", pid {worker.pid}"
    return Actor(
        sort,
        f"process {worker.incarnation}",
        f"{worker.role} {worker.slot}",
        f"generation {worker.generation}{pid}",
    )


def place_of(where: str) -> Actor:
    """A partition of the log, from "clicks 2 @ 1041"."""
    name = where.partition(" @ ")[0]
    topic, _, partition = name.partition(" ")
    output = topic == OUTPUT_TOPIC
    sort = Sort.OUTPUT if output else Sort.LOG
    return Actor(sort, name, "output topic" if output else "log", f"partition {partition}")


def parties(entry: LifeEvent) -> tuple[Actor, Actor | None]:
    """Who acts in an entry, and on what."""
    who = actor_of(entry.who) if entry.who is not None else None
    other: Actor | None = None
    if entry.kind in TO_SOURCE:
        other = SOURCE
    elif entry.kind in TO_PLACE and entry.where:
        other = place_of(entry.where)
    elif entry.kind in TO_RESULT:
        other = place_of(entry.where) if entry.where.startswith(OUTPUT_TOPIC) else SINK
    elif entry.kind in TO_OFFSETS:
        other = OFFSETS
    if who is not None:
        return who, other
    if entry.kind is LifeKind.DECIDED:
        return COORDINATOR, None
    return other or SOURCE, None


def lay_out(life: Lifeline, measure: Callable[[str], float]) -> Drawing:
    """Sets everything out.

    Args:
        measure: how wide a label is, in pixels.
    """
    timed = [(n, entry) for n, entry in enumerate(life.entries) if entry.t_s is not None]
    if not timed:
        return Drawing()
    actors = _ordered(party for _, entry in timed for party in parties(entry) if party is not None)
    rows = {actor.key: row for row, actor in enumerate(actors)}
    columns = _columns(timed, rows, life, measure)
    marks = tuple(
        _mark(number, entry, column.x, rows, life)
        for column in columns
        for number, entry in column.entries
    )
    width = columns[-1].x + columns[-1].width
    moments = tuple(Moment(column.x, column.label) for column in columns)
    return Drawing(tuple(actors), marks, moments, tuple(_spans(actors, marks, life, width)), width)


def _ordered(found: Iterable[Actor]) -> list[Actor]:
    """Each actor once, sort by sort, in the order of appearance."""
    unique = dict.fromkeys(found)
    return sorted(unique, key=lambda actor: actor.sort.value)


@dataclass(slots=True)
class _Column:
    t_s: float
    label: str
    entries: list[tuple[int, LifeEvent]] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)
    width: float = 0.0
    x: float = 0.0


def _columns(
    timed: list[tuple[int, LifeEvent]],
    rows: dict[str, int],
    life: Lifeline,
    measure: Callable[[str], float],
) -> list[_Column]:
    due_s = next((entry.t_s for _, entry in timed if entry.kind is LifeKind.DUE), None)
    columns: list[_Column] = []
    for number, entry in timed:
        assert entry.t_s is not None
        crossed = _crossed(entry, rows)
        if not columns or columns[-1].t_s != entry.t_s or columns[-1].taken & crossed:
            columns.append(_Column(entry.t_s, time_label(entry.t_s, due_s)))
        column = columns[-1]
        column.entries.append((number, entry))
        column.taken |= crossed
        label = measure(label_of(entry)) + LABEL_ROOM_PX
        column.width = max(column.width, label, measure(column.label) + 12, LEAST_COLUMN_PX)
    x = FIRST_PX
    for before, column in zip([None, *columns], columns, strict=False):
        if before is not None:
            x += before.width + gap_px(column.t_s - before.t_s)
        column.x = x
    return columns


def _crossed(entry: LifeEvent, rows: dict[str, int]) -> set[int]:
    """The rows that an entry's mark and arrow cover."""
    actor, other = parties(entry)
    ends = [rows[actor.key], rows[(other or actor).key]]
    return set(range(min(ends), max(ends) + 1))


def gap_px(seconds: float) -> float:
    """The room for a stretch of time in which nothing happens: by decades, from 10 us on."""
    if seconds <= 1e-5:
        return 0.0
    return min(LONGEST_GAP_PX, GAP_PX_A_DECADE * math.log10(seconds / 1e-5))


def time_label(t_s: float, due_s: float | None) -> str:
    """How long after the event was due, in the unit that suits; its own time, as seconds."""
    if due_s is None or t_s == due_s:
        return f"{t_s:.3f} s"
    since_s = t_s - due_s
    sign = "+" if since_s >= 0 else "\N{MINUS SIGN}"
    size = abs(since_s)
    for unit, scale in (("s", 1.0), ("ms", 1e3)):
        if size * scale >= 1:
            return f"{sign}{size * scale:.3g} {unit}"
    return f"{sign}{size * 1e6:.0f} µs"


def label_of(entry: LifeEvent) -> str:
    """The few words beside a mark."""
    words = WORDS.get(entry.kind, entry.kind.value)
    if entry.kind is LifeKind.ENDED and entry.fault_id is not None:
        words = "killed"
    if entry.fault_id is not None:
        words += f", fault {entry.fault_id}"
    return words


def _mark(number: int, entry: LifeEvent, x: float, rows: dict[str, int], life: Lifeline) -> Mark:
    actor, other = parties(entry)
    return Mark(
        entry=number,
        x=x,
        row=rows[actor.key],
        other=None if other is None else rows[other.key],
        inward=entry.kind is LifeKind.FETCHED,
        shape=SHAPES.get(entry.kind, Shape.DOT),
        label=label_of(entry),
        decisive=entry.fault_id is not None and entry.fault_id in life.fault_ids,
    )


def _spans(
    actors: list[Actor], marks: tuple[Mark, ...], life: Lifeline, width: float
) -> Iterable[Span]:
    for row, actor in enumerate(actors):
        if actor.sort not in {Sort.PRODUCER, Sort.CONSUMER}:
            continue
        own = [mark for mark in marks if mark.row == row]
        ends = [mark.x for mark in own if life.entries[mark.entry].kind is LifeKind.ENDED]
        yield Span(row, own[0].x, ends[0] if ends else width, bool(ends))
