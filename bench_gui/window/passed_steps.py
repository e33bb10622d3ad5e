"""Which protocol steps the processes of a role pass in a lane, in order. Knows no Qt.

A lane says its actions (`workers.policies`); an action completes these steps. Steps that only a
start or a rebalance brings are left out: a failpoint there waits for another fault.
"""

from __future__ import annotations

from collections.abc import Iterable

from workers.lanes import Lane, Role
from workers.policies import Action, OffsetsHome, Result
from workers.steps import Step

STEPS_OF_ACTION: dict[Action, tuple[Step, ...]] = {
    Action.TAKE: (Step.EVENTS_TAKEN,),
    Action.LINGER: (),
    Action.ADVANCE_POSITION: (Step.POSITION_ADVANCED,),
    Action.APPEND: (Step.APPENDED, Step.ACKED),
    Action.FETCH: (Step.FETCHED,),
    Action.PROCESS: (Step.EFFECT_APPLIED, Step.SINK_COMMITTED),
    Action.COMMIT_OFFSETS: (Step.OFFSETS_COMMITTED,),
    Action.BEGIN_TRANSACTION: (Step.TRANSACTION_BEGUN,),
    Action.SEND_OFFSETS: (Step.OFFSETS_SENT,),
    Action.PREPARE_LOG: (Step.LOG_PREPARED,),
    Action.PREPARE_SINK: (Step.SINK_PREPARED,),
    Action.DECIDE: (Step.DECIDED,),
    Action.COMMIT_SINK: (Step.SINK_COMMITTED,),
    Action.COMMIT_TRANSACTION: (Step.TRANSACTION_COMMITTED,),
}


def steps_of(lane: Lane, role: Role) -> tuple[Step, ...]:
    """The steps that a process of the role passes again and again, in the order of its cycle."""
    policy = lane.producer if role is Role.PRODUCER else lane.consumer
    steps = [step for action in policy.actions for step in STEPS_OF_ACTION[action]]
    left_out = _left_out(lane) if role is Role.CONSUMER else frozenset()
    return tuple(step for step in dict.fromkeys(steps) if step not in left_out)


def _left_out(lane: Lane) -> frozenset[Step]:
    """Steps that a consumer's actions would complete elsewhere, and here do not."""
    if lane.consumer.offsets is OffsetsHome.SINK:
        return frozenset({Step.OFFSETS_COMMITTED})  # they are stored with the results
    if lane.result is Result.OUTPUT_TOPIC:
        return frozenset({Step.SINK_COMMITTED})
    return frozenset()


def steps_of_any(lanes: Iterable[Lane], role: Role) -> tuple[Step, ...]:
    """The steps of several lanes, each once, so that no lane's own order is broken up needlessly.

    A step is put after those that come before it in every lane that has it.
    """
    cycles = [steps_of(lane, role) for lane in lanes]
    order: list[Step] = []
    left = {step for cycle in cycles for step in cycle}
    while left:
        heads = [
            next(step for step in cycle if step in left) for cycle in cycles if left & set(cycle)
        ]
        free = [head for head in heads if not _waits(head, cycles, left)]
        order.append((free or heads)[0])
        left.discard(order[-1])
    return tuple(order)


def _waits(step: Step, cycles: list[tuple[Step, ...]], left: set[Step]) -> bool:
    """Whether a lane has other steps to come before this one."""
    return any(step in cycle and bool(left & set(cycle[: cycle.index(step)])) for cycle in cycles)
