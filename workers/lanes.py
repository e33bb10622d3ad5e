"""The delivery semantics as data: one table, one row a lane, and lanes of the user's own.

A lane is a producer policy, a consumer policy and a sink (`policies.py`). What a lane of the table
allows and forbids is SPEC's and stands in its row; a test holds it against the contract that
follows from the parts. A lane of the user's own is named by its parts,
"retry+process-first+deduplicating", so that its slug is all that anyone needs to know it; knobs
that differ from the run's follow after "@": "retry+process-first+counter@sink-batch=10".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, TypeVar

from workers.policies import (
    ALWAYS_FORBIDDEN,
    COMMIT_THEN_PROCESS,
    CONSUMERS,
    COUNTER,
    DEDUPLICATING,
    FIRE_AND_FORGET,
    OFFSETS_IN_SINK,
    OUTPUT_TOPIC,
    PROCESS_THEN_COMMIT,
    PRODUCERS,
    RETRY_UNTIL_ACKED,
    SINKS,
    TRANSACTION,
    TRANSACTIONAL_PRODUCER,
    TWO_PHASE,
    Action,
    Anomaly,
    ConsumerPolicy,
    Contract,
    IncompatibleParts,
    ProducerPolicy,
    Result,
    Role,
    SinkPolicy,
    contract,
)

__all__ = ["ALWAYS_FORBIDDEN", "LANES", "LANE_BY_SLUG", "Action", "Anomaly", "Lane", "Result",
           "Role", "UnknownLane", "lane_of", "own_slug"]  # fmt: skip

PART = "+"
KNOB = "@"
KNOBS = ("batch", "linger", "commit-interval", "sink-batch", "work")
"""The settings that a lane of the user's own may have for itself."""


class UnknownLane(ValueError):
    """A slug that names no lane: one sentence that says why."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One delivery semantic.

    Fields:
        slug: its name in files and arguments.
        name: its name for a reader.
        rule: its consumer's order in one line.
        allowed, forbidden: disjoint; a forbidden anomaly makes the verdict BROKEN.
        knobs: (setting, text) where the lane has its own; empty in the table's lanes.
    """

    slug: str
    name: str
    rule: str
    producer: ProducerPolicy
    consumer: ConsumerPolicy
    sink: SinkPolicy
    allowed: frozenset[Anomaly]
    forbidden: frozenset[Anomaly]
    knobs: tuple[tuple[str, str], ...] = ()

    @property
    def result(self) -> Result:
        """Where its result is read."""
        return self.sink.result

    @property
    def contract(self) -> Contract:
        """What follows from its parts."""
        return contract(self.producer, self.consumer, self.sink)

    @property
    def own(self) -> bool:
        """Whether the user composed it."""
        return self.slug not in LANE_BY_SLUG


LANES: tuple[Lane, ...] = (
    Lane(
        "at-most-once",
        "At-most-once",
        "commit offsets, then process",
        FIRE_AND_FORGET,
        COMMIT_THEN_PROCESS,
        COUNTER,
        allowed=frozenset({Anomaly.LOST}),
        forbidden=frozenset({Anomaly.DUPLICATE}) | ALWAYS_FORBIDDEN,
    ),
    Lane(
        "at-least-once",
        "At-least-once",
        "process, then commit offsets",
        RETRY_UNTIL_ACKED,
        PROCESS_THEN_COMMIT,
        COUNTER,
        allowed=frozenset({Anomaly.DUPLICATE, Anomaly.REDELIVERY}),
        forbidden=frozenset({Anomaly.LOST}) | ALWAYS_FORBIDDEN,
    ),
    Lane(
        "idempotent-consumer",
        "At-least-once + idempotent consumer",
        "process new ids only, then commit offsets",
        RETRY_UNTIL_ACKED,
        PROCESS_THEN_COMMIT,
        DEDUPLICATING,
        allowed=frozenset({Anomaly.REDELIVERY}),
        forbidden=frozenset({Anomaly.LOST, Anomaly.DUPLICATE}) | ALWAYS_FORBIDDEN,
    ),
    Lane(
        "exactly-once",
        "Exactly-once (log to log)",
        "output and offsets in one log transaction",
        TRANSACTIONAL_PRODUCER,
        TRANSACTION,
        OUTPUT_TOPIC,
        allowed=frozenset(),
        forbidden=frozenset({Anomaly.LOST, Anomaly.DUPLICATE}) | ALWAYS_FORBIDDEN,
    ),
    Lane(
        "cross-system",
        "Exactly-once log, ordinary database",
        "offsets in a log transaction, counters beside it",
        TRANSACTIONAL_PRODUCER,
        TRANSACTION,
        COUNTER,
        allowed=frozenset({Anomaly.DUPLICATE, Anomaly.REDELIVERY}),
        forbidden=frozenset({Anomaly.LOST}) | ALWAYS_FORBIDDEN,
    ),
    Lane(
        "transactional-sink",
        "Offsets stored with the result",
        "counters and offsets in one sink transaction",
        TRANSACTIONAL_PRODUCER,
        OFFSETS_IN_SINK,
        COUNTER,
        allowed=frozenset(),
        forbidden=frozenset({Anomaly.LOST, Anomaly.DUPLICATE}) | ALWAYS_FORBIDDEN,
    ),
    Lane(
        "two-phase-commit",
        "Two-phase commit",
        "prepare log and database, decide, commit both",
        TRANSACTIONAL_PRODUCER,
        TWO_PHASE,
        COUNTER,
        allowed=frozenset(),
        forbidden=frozenset({Anomaly.LOST, Anomaly.DUPLICATE}) | ALWAYS_FORBIDDEN,
    ),
)

LANE_BY_SLUG: dict[str, Lane] = {lane.slug: lane for lane in LANES}
DEFAULT_LANES: tuple[str, ...] = tuple(lane.slug for lane in LANES[:4])
"""The default view."""


class _Named(Protocol):
    @property
    def slug(self) -> str: ...


N = TypeVar("N", bound=_Named)


@lru_cache(maxsize=256)
def lane_of(slug: str) -> Lane:
    """The lane that a slug names, of the table or of the user's own.

    Raises:
        UnknownLane: it names none; one sentence.
    """
    if slug in LANE_BY_SLUG:
        return LANE_BY_SLUG[slug]
    parts, *knobs = slug.split(KNOB)
    if PART not in parts:
        known = ", ".join(LANE_BY_SLUG)
        raise UnknownLane(
            f"no lane is called {slug!r}; the lanes are {known}, "
            f"or one of your own such as retry{PART}process-first{PART}deduplicating"
        )
    return _own_lane(slug, parts.split(PART), tuple(_knob(text) for text in knobs))


def own_slug(
    producer: ProducerPolicy,
    consumer: ConsumerPolicy,
    sink: SinkPolicy,
    knobs: Sequence[tuple[str, str]] = (),
) -> str:
    """The slug of a lane of the user's own. The inverse of `lane_of`."""
    parts = PART.join((producer.slug, consumer.slug, sink.slug))
    return parts + "".join(f"{KNOB}{key}={text}" for key, text in knobs)


def _own_lane(slug: str, parts: list[str], knobs: tuple[tuple[str, str], ...]) -> Lane:
    if len(parts) != 3:
        raise UnknownLane(f"a lane of your own is producer{PART}consumer{PART}sink, not {slug!r}")
    producer = _part("producer", PRODUCERS, parts[0])
    consumer = _part("consumer", CONSUMERS, parts[1])
    sink = _part("sink", SINKS, parts[2])
    keys = [key for key, _ in knobs]
    if len(set(keys)) != len(keys):
        raise UnknownLane(f"a setting is named twice in {slug!r}")
    try:
        follows = contract(producer, consumer, sink)
    except IncompatibleParts as problem:
        raise UnknownLane(str(problem)) from None
    name = f"{producer.slug} + {consumer.slug} + {sink.slug}"
    rule = "; ".join([consumer.rule, *(f"{key} {text}" for key, text in knobs)])
    return Lane(
        slug, name, rule, producer, consumer, sink, follows.allowed, follows.forbidden, knobs
    )


def _part(kind: str, known: Sequence[N], slug: str) -> N:
    for part in known:
        if part.slug == slug:
            return part
    names = ", ".join(part.slug for part in known)
    raise UnknownLane(f"no {kind} is called {slug!r}; there are {names}")


def _knob(text: str) -> tuple[str, str]:
    key, found, value = text.partition("=")
    if not found or not value or key not in KNOBS:
        raise UnknownLane(f"{text!r} is not a setting of a lane; it has {', '.join(KNOBS)}")
    return key, value
