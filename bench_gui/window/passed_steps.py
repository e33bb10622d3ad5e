"""The protocol steps of several lanes in one order, for a menu. Knows no Qt.

Which steps a lane's processes pass is `bench.lane_steps`' to say.
"""

from __future__ import annotations

from collections.abc import Iterable

from bench_gui.bench.lane_steps import course_of
from workers.lanes import Lane, Role
from workers.steps import Step

Cycle = tuple[Step, ...]


def cycle_of(lane: Lane, role: Role, *, from_start: bool = False) -> Cycle:
    """The steps that a process of the role passes again and again, each once.

    Args:
        from_start: those that it passes once, at its start, come first.
    """
    course = course_of(lane, role)
    return tuple(dict.fromkeys((*(course.start if from_start else ()), *course.cycle)))


def steps_of_any(lanes: Iterable[Lane], role: Role, *, from_start: bool = False) -> Cycle:
    """The steps of several lanes, each once, after those that come before it in every lane."""
    cycles = [cycle_of(lane, role, from_start=from_start) for lane in lanes]
    left = {step for cycle in cycles for step in cycle}
    order: list[Step] = []
    while left:
        order.append(_next(cycles, left))
        left.discard(order[-1])
    return tuple(order)


def _next(cycles: list[Cycle], left: set[Step]) -> Step:
    heads = [next(step for step in cycle if step in left) for cycle in cycles if left & {*cycle}]
    free = [head for head in heads if not any(_comes_later(head, c, left) for c in cycles)]
    return (free or heads)[0]


def _comes_later(step: Step, cycle: Cycle, left: set[Step]) -> bool:
    """Whether a lane has other steps to come before this one."""
    return step in cycle and bool(left & {*cycle[: cycle.index(step)]})
