"""Where a kill hurts a lane most, worked out from the order in which its parts commit. Pure."""

from __future__ import annotations

from bench_gui.bench.lane_steps import course_of
from workers.failpoints import Failpoint
from workers.lanes import Anomaly, Lane, Result, Role
from workers.policies import (
    OFFSETS_IN_SINK,
    TRANSACTIONAL_PRODUCER,
    ConsumerPolicy,
    SinkPolicy,
    contract,
)
from workers.steps import Step

SEVERITY = (Anomaly.REDELIVERY, Anomaly.DUPLICATE, Anomaly.LOST)
"""What a death can do to an event, the least first."""


def worst_step(lane: Lane) -> Failpoint:
    """The gap in which a process's death does the most that it can do in this lane.

    The consumer's, which holds everything since its last commit, unless only the producer can do
    harm, or greater harm.
    """
    by_consumer = contract(TRANSACTIONAL_PRODUCER, lane.consumer, lane.sink)
    by_producer = contract(lane.producer, *_harmless(lane))
    if _severity(by_producer.allowed) > _severity(by_consumer.allowed):
        return _of_producer(lane)
    return _of_consumer(lane)


def _harmless(lane: Lane) -> tuple[ConsumerPolicy, SinkPolicy]:
    """A consumer beside which everything that goes wrong is the producer's doing."""
    if lane.result is Result.OUTPUT_TOPIC:
        return lane.consumer, lane.sink
    return OFFSETS_IN_SINK, lane.sink


def _severity(allowed: frozenset[Anomaly]) -> int:
    return max((SEVERITY.index(one) + 1 for one in allowed if one in SEVERITY), default=0)


def _of_producer(lane: Lane) -> Failpoint:
    """Position advanced and nothing appended: it is lost. Appended and the position not advanced:
    it is appended again."""
    cycle = course_of(lane, Role.PRODUCER).cycle
    place = cycle.index(Step.POSITION_ADVANCED)
    if not lane.producer.retries:
        return Failpoint(Role.PRODUCER, after=cycle[place], before=cycle[place + 1])
    return Failpoint(Role.PRODUCER, after=cycle[place - 1], before=cycle[place])


def _of_consumer(lane: Lane) -> Failpoint:
    """Offsets committed and events not yet processed: they are lost. Results committed and offsets
    not: they are made again. One transaction for both: everything is written and nothing is
    committed, so that all of it must vanish. Two-phase commit: both have promised and nothing is
    decided, so that the transaction stands in doubt.
    """
    cycle = course_of(lane, Role.CONSUMER).cycle
    if lane.consumer.commits_first:
        before = cycle[cycle.index(Step.OFFSETS_COMMITTED) + 1]
    elif lane.consumer.two_phase:
        before = Step.DECIDED
    else:
        before = cycle[-1]
    after = cycle[cycle.index(before) - 1]
    return Failpoint(Role.CONSUMER, after=after, before=before)
