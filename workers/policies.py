"""The parts that a lane is made of, as data, and the contract that follows from them. Pure.

A policy is the order in which a worker does its actions; `producer.py` and `consumer.py` carry the
actions out and decide nothing about their order. What a combination of parts may lose or duplicate
follows from that order alone, so it is worked out here (`contract`) and never written down twice.

Source: Kafka documentation, "Message Delivery Semantics"; KIP-98 (idempotent producer and
transactions); KIP-447 (offsets fenced by the group's generation); KIP-618 (a source's position
committed in the producer's transaction); KIP-939 (a log transaction that takes part in two-phase
commit); Gray, "Notes on Data Base Operating Systems" (1978), two-phase commit.
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
    PREPARE_LOG = "prepare the log's transaction"
    PREPARE_SINK = "prepare the database's transaction"
    DECIDE = "decide durably"
    COMMIT_SINK = "commit the database's transaction"
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


class OffsetsHome(Enum):
    """Where a lane's committed offsets are kept."""

    LOG = "log"
    SINK = "sink"


@dataclass(frozen=True, slots=True)
class ProducerPolicy:
    """The order of a producer's actions.

    Fields:
        slug: its name in files and arguments. rule: what it does, in a few words.
        actions: one cycle, repeated.
        retries: whether what was not acknowledged is appended again, by the next incarnation if
            need be; if not, what the position has passed is given up.
        idempotent: whether batches carry (producer id, epoch, sequence), so that the log knows a
            repetition by the same process.
    """

    slug: str
    rule: str
    actions: tuple[Action, ...]
    retries: bool
    idempotent: bool

    @property
    def transactional(self) -> bool:
        """Whether the append and the source position share one log transaction."""
        return Action.BEGIN_TRANSACTION in self.actions


@dataclass(frozen=True, slots=True)
class ConsumerPolicy:
    """The order of a consumer's actions.

    Fields:
        slug: its name in files and arguments. rule: what it does, in a few words.
        actions: one cycle, repeated. FETCH does nothing while fetched events wait; the commit
            actions do nothing until the commit interval is over, unless they come first.
        offsets: where the committed offsets are kept.
    """

    slug: str
    rule: str
    actions: tuple[Action, ...]
    offsets: OffsetsHome = OffsetsHome.LOG

    @property
    def transactional(self) -> bool:
        """Whether consumed offsets are committed by a log transaction."""
        return Action.BEGIN_TRANSACTION in self.actions

    @property
    def two_phase(self) -> bool:
        """Whether log and database are committed together by two-phase commit."""
        return Action.DECIDE in self.actions

    @property
    def commits_first(self) -> bool:
        """Whether offsets are committed before the events they cover are processed."""
        if Action.COMMIT_OFFSETS not in self.actions:
            return False
        order = self.actions
        return order.index(Action.COMMIT_OFFSETS) < order.index(Action.PROCESS)


@dataclass(frozen=True, slots=True)
class SinkPolicy:
    """Where results go.

    Fields:
        slug: its name in files and arguments. rule: what it is, in a few words.
        result: a table of counters, or the log's output topic.
        deduplicates: whether it keeps a UNIQUE event id and counts only new ones.
    """

    slug: str
    rule: str
    result: Result
    deduplicates: bool = False


@dataclass(frozen=True, slots=True)
class Contract:
    """What a lane allows and forbids. Invariant: disjoint; a forbidden anomaly is BROKEN.

    Fields:
        blocks: whether a death may leave an in-doubt transaction that blocks until it is resolved.
        why: one sentence a consequence, for a reader.
    """

    allowed: frozenset[Anomaly]
    forbidden: frozenset[Anomaly]
    blocks: bool
    why: tuple[str, ...]


class IncompatibleParts(ValueError):
    """Parts that cannot go together: one sentence that says why."""


FIRE_AND_FORGET = ProducerPolicy(
    "fire-and-forget",
    "advance position, then append; never retry",
    (Action.TAKE, Action.ADVANCE_POSITION, Action.LINGER, Action.APPEND),
    retries=False,
    idempotent=False,
)
RETRY_UNTIL_ACKED = ProducerPolicy(
    "retry",
    "append, retry until acknowledged, then advance position",
    (Action.TAKE, Action.LINGER, Action.APPEND, Action.ADVANCE_POSITION),
    retries=True,
    idempotent=False,
)
IDEMPOTENT_PRODUCER = ProducerPolicy(
    "idempotent",
    "as retry, with producer id and sequence numbers, so that a retry is stored once",
    (Action.TAKE, Action.LINGER, Action.APPEND, Action.ADVANCE_POSITION),
    retries=True,
    idempotent=True,
)
TRANSACTIONAL_PRODUCER = ProducerPolicy(
    "transactional",
    "append and source position in one log transaction, fenced by epoch",
    (
        Action.TAKE,
        Action.LINGER,
        Action.BEGIN_TRANSACTION,
        Action.APPEND,
        Action.SEND_OFFSETS,
        Action.COMMIT_TRANSACTION,
    ),
    retries=True,
    idempotent=True,
)
PRODUCERS = (FIRE_AND_FORGET, RETRY_UNTIL_ACKED, IDEMPOTENT_PRODUCER, TRANSACTIONAL_PRODUCER)

COMMIT_THEN_PROCESS = ConsumerPolicy(
    "commit-first",
    "commit offsets, then process",
    (Action.FETCH, Action.COMMIT_OFFSETS, Action.PROCESS),
)
PROCESS_THEN_COMMIT = ConsumerPolicy(
    "process-first",
    "process, then commit offsets",
    (Action.FETCH, Action.PROCESS, Action.COMMIT_OFFSETS),
)
TRANSACTION = ConsumerPolicy(
    "transaction",
    "consumed offsets in a log transaction, results inside it",
    (
        Action.FETCH,
        Action.BEGIN_TRANSACTION,
        Action.PROCESS,
        Action.SEND_OFFSETS,
        Action.COMMIT_TRANSACTION,
    ),
)
OFFSETS_IN_SINK = ConsumerPolicy(
    "offsets-in-sink",
    "results and consumed offsets in one sink transaction",
    (Action.FETCH, Action.PROCESS, Action.COMMIT_OFFSETS),
    offsets=OffsetsHome.SINK,
)
TWO_PHASE = ConsumerPolicy(
    "two-phase",
    "prepare log and database, decide durably, commit both",
    (
        Action.FETCH,
        Action.BEGIN_TRANSACTION,
        Action.PROCESS,
        Action.SEND_OFFSETS,
        Action.PREPARE_LOG,
        Action.PREPARE_SINK,
        Action.DECIDE,
        Action.COMMIT_SINK,
        Action.COMMIT_TRANSACTION,
    ),
)
CONSUMERS = (
    COMMIT_THEN_PROCESS,
    PROCESS_THEN_COMMIT,
    TRANSACTION,
    OFFSETS_IN_SINK,
    TWO_PHASE,
)

COUNTER = SinkPolicy("counter", "an ordinary table of counters", Result.COUNTER)
DEDUPLICATING = SinkPolicy(
    "deduplicating",
    "counters beside a UNIQUE event id; only new ids count",
    Result.COUNTER,
    deduplicates=True,
)
OUTPUT_TOPIC = SinkPolicy("output-topic", "the log's output topic", Result.OUTPUT_TOPIC)
SINKS = (COUNTER, DEDUPLICATING, OUTPUT_TOPIC)

ALWAYS_FORBIDDEN = frozenset({Anomaly.PHANTOM, Anomaly.ABORTED_READ})


def check_parts(consumer: ConsumerPolicy, sink: SinkPolicy) -> None:
    """Every producer goes with every consumer; a sink must suit its consumer.

    Raises:
        IncompatibleParts: one sentence.
    """
    if sink.result is Result.OUTPUT_TOPIC and consumer != TRANSACTION:
        raise IncompatibleParts(
            f"the output topic is written in the consumer's log transaction, which the consumer "
            f"{consumer.slug!r} does not have; choose {TRANSACTION.slug!r}, or another sink"
        )
    if sink.deduplicates and consumer.two_phase:
        raise IncompatibleParts(
            "two-phase commit already counts each record once; choose the sink "
            f"{COUNTER.slug!r}, or another consumer"
        )


def contract(producer: ProducerPolicy, consumer: ConsumerPolicy, sink: SinkPolicy) -> Contract:
    """What may happen to an event when any process may die or stop at any moment.

    Raises:
        IncompatibleParts: the parts cannot go together.
    """
    check_parts(consumer, sink)
    why: list[str] = []
    if not producer.retries:
        why.append("the position passes events before they are appended, so they may be lost")
    if consumer.commits_first:
        why.append("offsets are committed before processing, so events in hand may be lost")
    repeated = _repetitions(producer, consumer, sink)
    why += repeated
    allowed: set[Anomaly] = set()
    if not producer.retries or consumer.commits_first:
        allowed.add(Anomaly.LOST)
    if repeated:
        allowed.add(Anomaly.REDELIVERY)
        if sink.deduplicates:
            why.append("the sink knows each event by its id, so what is delivered again is refused")
        else:
            allowed.add(Anomaly.DUPLICATE)
    if consumer.two_phase:
        why.append("a transaction in doubt blocks its partitions until it is resolved")
    if not allowed:
        why.insert(0, "nothing may be lost and nothing counted twice")
    forbidden = ALWAYS_FORBIDDEN | ({Anomaly.LOST, Anomaly.DUPLICATE} - allowed)
    return Contract(frozenset(allowed), forbidden, consumer.two_phase, tuple(why))


def _repetitions(producer: ProducerPolicy, consumer: ConsumerPolicy, sink: SinkPolicy) -> list[str]:
    """Why an event may be delivered twice, one sentence a reason."""
    reasons: list[str] = []
    if producer.retries and not producer.transactional:
        reasons.append("an append that was not noted is made again, so the log may hold it twice")
    offsets_follow = consumer.offsets is OffsetsHome.LOG and not consumer.commits_first
    together = consumer.two_phase or sink.result is Result.OUTPUT_TOPIC
    if offsets_follow and not together:
        reasons.append("results are committed before their offsets, so they may be made again")
    return reasons
