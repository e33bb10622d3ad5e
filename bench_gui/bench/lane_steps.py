"""The protocol steps that a lane's processes pass, worked out from its actions. Pure.

What a worker records is the workers' to say; here is said what can be, so that an order to die at
a step which no process ever passes is refused before the run, and a reader can be told where a
process of a lane may be hit. A test holds it against what real workers record.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from workers.failpoints import Failpoint
from workers.lanes import Action, Lane, Result, Role
from workers.policies import OffsetsHome
from workers.steps import Step

PRODUCER_STEPS: dict[Action, tuple[Step, ...]] = {
    Action.TAKE: (Step.EVENTS_TAKEN,),
    Action.LINGER: (),
    Action.ADVANCE_POSITION: (Step.POSITION_ADVANCED,),
    Action.APPEND: (Step.APPENDED, Step.ACKED),
    Action.BEGIN_TRANSACTION: (Step.TRANSACTION_BEGUN,),
    Action.SEND_OFFSETS: (Step.OFFSETS_SENT,),
    Action.COMMIT_TRANSACTION: (Step.TRANSACTION_COMMITTED,),
}
CONSUMER_STEPS: dict[Action, tuple[Step, ...]] = {
    Action.FETCH: (Step.FETCHED,),
    Action.PROCESS: (Step.EFFECT_APPLIED,),
    Action.COMMIT_OFFSETS: (Step.OFFSETS_COMMITTED,),
    Action.BEGIN_TRANSACTION: (Step.TRANSACTION_BEGUN,),
    Action.SEND_OFFSETS: (Step.OFFSETS_SENT,),
    Action.PREPARE_LOG: (Step.LOG_PREPARED,),
    Action.PREPARE_SINK: (Step.SINK_PREPARED,),
    Action.DECIDE: (Step.DECIDED,),
    Action.COMMIT_SINK: (Step.SINK_COMMITTED,),
    Action.COMMIT_TRANSACTION: (Step.TRANSACTION_COMMITTED,),
}


@dataclass(frozen=True, slots=True)
class Course:
    """The steps of one role's processes in one lane.

    Fields:
        start: passed once, in this order, before anything else.
        cycle: passed again and again, in this order.
        at_times: passed when partitions move, a transaction is given up or the network loses
            something; nobody knows before that one comes next.
    """

    start: tuple[Step, ...]
    cycle: tuple[Step, ...]
    at_times: tuple[Step, ...] = ()


def course_of(lane: Lane, role: Role) -> Course:
    """What processes of the role pass in the lane."""
    return _producer(lane) if role is Role.PRODUCER else _consumer(lane)


def steps_of(lane: Lane, role: Role) -> tuple[Step, ...]:
    """The steps that processes of the role pass in the lane, each once, first things first."""
    course = course_of(lane, role)
    return tuple(dict.fromkeys(chain(course.start, course.cycle, course.at_times)))


def passes(lane: Lane, failpoint: Failpoint) -> bool:
    """Whether a process of the lane can come to the failpoint's window while sources run."""
    course = course_of(lane, failpoint.role)
    after, before = failpoint.after, failpoint.before
    if after is not None and after not in steps_of(lane, failpoint.role):
        return False
    if before is None or before in course.cycle:
        return True
    # Nobody knows before it has looked whether there is a doubt to resolve.
    announced = set(course.start[1:]) - {Step.SINK_RESOLVED}
    if before not in announced:
        return False
    return after is None or after in course.start[: course.start.index(before)]


def _producer(lane: Lane) -> Course:
    start: tuple[Step, ...] = (Step.POSITION_READ,)
    if lane.producer.idempotent:
        start = (Step.PRODUCER_INITIALISED, *start)
    cycle = chain.from_iterable(PRODUCER_STEPS[action] for action in lane.producer.actions)
    at_times = (Step.REQUEST_LOST, Step.ACK_LOST) if lane.producer.retries else (Step.REQUEST_LOST,)
    return Course(start, tuple(cycle), at_times)


def _consumer(lane: Lane) -> Course:
    policy = lane.consumer
    start = [Step.GROUP_JOINED]
    if policy.two_phase:
        start = [Step.SINK_RESOLVED, Step.IN_DOUBT_RESOLVED, *start]
    if policy.transactional:
        start.insert(0, Step.PRODUCER_INITIALISED)
    cycle = list(chain.from_iterable(CONSUMER_STEPS[action] for action in policy.actions))
    if lane.result is Result.COUNTER and not policy.two_phase:
        cycle.insert(cycle.index(Step.EFFECT_APPLIED) + 1, Step.SINK_COMMITTED)
    at_times = [Step.REBALANCED, Step.PARTITIONS_RELEASED]
    if policy.two_phase:
        at_times.append(Step.SINK_ROLLED_BACK)
    if policy.transactional:
        at_times.append(Step.TRANSACTION_ABORTED)
    if policy.offsets is OffsetsHome.SINK:
        # Committed with the effects; by itself only where there was nothing but aborted records.
        cycle.remove(Step.OFFSETS_COMMITTED)
        at_times.append(Step.OFFSETS_COMMITTED)
    return Course(tuple(start), tuple(cycle), tuple(at_times))
