"""The delivery semantics as data: one table, one row a lane.

A policy is the order in which a worker does its actions; `producer.py` and `consumer.py` carry the
actions out and decide nothing about their order. What a lane allows and forbids stands beside it,
so that the verdict is read from the same row as the protocol.

Source: Kafka documentation, "Message Delivery Semantics"; KIP-98 (idempotent producer and
transactions); KIP-447 (offsets fenced by the group's generation); KIP-618 (a source's position
committed in the producer's transaction).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Role(Enum):
    """The two kinds of worker."""

    PRODUCER = "producer"
    CONSUMER = "consumer"


class Action(Enum):
    """One thing a worker does. The value is the verb shown to a reader."""

    TAKE = "take"
    LINGER = "linger"
    ADVANCE_POSITION = "advance position"
    APPEND = "append"
    FETCH = "fetch"
    PROCESS = "process"
    COMMIT_OFFSETS = "commit offsets"
    BEGIN_TRANSACTION = "begin transaction"
    SEND_OFFSETS = "send offsets to transaction"
    COMMIT_TRANSACTION = "commit transaction"


class Anomaly(Enum):
    """What can befall an event."""

    LOST = "lost"
    DUPLICATE = "duplicate"
    REDELIVERY = "redelivery"
    ABORTED_READ = "aborted read"
    PHANTOM = "phantom"


class Result(Enum):
    """Where a lane's result is read."""

    COUNTER = "counter"
    OUTPUT_TOPIC = "output topic"


@dataclass(frozen=True, slots=True)
class ProducerPolicy:
    """The order of a producer's actions.

    Fields:
        actions: one cycle, repeated.
        retries: whether what was not acknowledged is appended again, by the next incarnation if
            need be; if not, what the position has passed is given up.
    """

    actions: tuple[Action, ...]
    retries: bool

    @property
    def transactional(self) -> bool:
        """Whether the append and the source position share one log transaction."""
        return Action.BEGIN_TRANSACTION in self.actions


@dataclass(frozen=True, slots=True)
class ConsumerPolicy:
    """The order of a consumer's actions.

    Fields:
        actions: one cycle, repeated. FETCH does nothing while fetched events wait; the commit
            actions do nothing until the commit interval is over, unless they come first.
        deduplicates: whether the sink keeps a UNIQUE event id and counts only new ones.
    """

    actions: tuple[Action, ...]
    deduplicates: bool = False

    @property
    def transactional(self) -> bool:
        """Whether results and consumed offsets share one log transaction."""
        return Action.BEGIN_TRANSACTION in self.actions

    @property
    def commits_first(self) -> bool:
        """Whether offsets are committed before the events they cover are processed."""
        if Action.COMMIT_OFFSETS not in self.actions:
            return False
        order = self.actions
        return order.index(Action.COMMIT_OFFSETS) < order.index(Action.PROCESS)


@dataclass(frozen=True, slots=True)
class Lane:
    """One delivery semantic.

    Fields:
        slug: its name in files and arguments.
        name: its name for a reader.
        rule: its consumer's order in one line.
        allowed, forbidden: disjoint; a forbidden anomaly makes the verdict BROKEN.
    """

    slug: str
    name: str
    rule: str
    producer: ProducerPolicy
    consumer: ConsumerPolicy
    result: Result
    allowed: frozenset[Anomaly]
    forbidden: frozenset[Anomaly]


FIRE_AND_FORGET = ProducerPolicy(
    (Action.TAKE, Action.ADVANCE_POSITION, Action.LINGER, Action.APPEND), retries=False
)
RETRY_UNTIL_ACKED = ProducerPolicy(
    (Action.TAKE, Action.LINGER, Action.APPEND, Action.ADVANCE_POSITION), retries=True
)
TRANSACTIONAL_PRODUCER = ProducerPolicy(
    (
        Action.TAKE,
        Action.LINGER,
        Action.BEGIN_TRANSACTION,
        Action.APPEND,
        Action.SEND_OFFSETS,
        Action.COMMIT_TRANSACTION,
    ),
    retries=True,
)

COMMIT_THEN_PROCESS = ConsumerPolicy((Action.FETCH, Action.COMMIT_OFFSETS, Action.PROCESS))
PROCESS_THEN_COMMIT = ConsumerPolicy((Action.FETCH, Action.PROCESS, Action.COMMIT_OFFSETS))
DEDUPLICATE_THEN_COMMIT = ConsumerPolicy(
    (Action.FETCH, Action.PROCESS, Action.COMMIT_OFFSETS), deduplicates=True
)
CONSUME_TRANSFORM_PRODUCE = ConsumerPolicy(
    (
        Action.FETCH,
        Action.BEGIN_TRANSACTION,
        Action.PROCESS,
        Action.SEND_OFFSETS,
        Action.COMMIT_TRANSACTION,
    )
)

ALWAYS_FORBIDDEN = frozenset({Anomaly.PHANTOM, Anomaly.ABORTED_READ})

LANES: tuple[Lane, ...] = (
    Lane(
        "at-most-once",
        "At-most-once",
        "commit offsets, then process",
        FIRE_AND_FORGET,
        COMMIT_THEN_PROCESS,
        Result.COUNTER,
        allowed=frozenset({Anomaly.LOST}),
        forbidden=frozenset({Anomaly.DUPLICATE}) | ALWAYS_FORBIDDEN,
    ),
    Lane(
        "at-least-once",
        "At-least-once",
        "process, then commit offsets",
        RETRY_UNTIL_ACKED,
        PROCESS_THEN_COMMIT,
        Result.COUNTER,
        allowed=frozenset({Anomaly.DUPLICATE, Anomaly.REDELIVERY}),
        forbidden=frozenset({Anomaly.LOST}) | ALWAYS_FORBIDDEN,
    ),
    Lane(
        "idempotent-consumer",
        "At-least-once + idempotent consumer",
        "process new ids only, then commit offsets",
        RETRY_UNTIL_ACKED,
        DEDUPLICATE_THEN_COMMIT,
        Result.COUNTER,
        allowed=frozenset({Anomaly.REDELIVERY}),
        forbidden=frozenset({Anomaly.LOST, Anomaly.DUPLICATE}) | ALWAYS_FORBIDDEN,
    ),
    Lane(
        "exactly-once",
        "Exactly-once (log to log)",
        "output and offsets in one log transaction",
        TRANSACTIONAL_PRODUCER,
        CONSUME_TRANSFORM_PRODUCE,
        Result.OUTPUT_TOPIC,
        allowed=frozenset(),
        forbidden=frozenset({Anomaly.LOST, Anomaly.DUPLICATE}) | ALWAYS_FORBIDDEN,
    ),
)

LANE_BY_SLUG: dict[str, Lane] = {lane.slug: lane for lane in LANES}
