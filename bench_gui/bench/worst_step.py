"""Where a kill hurts a lane most, worked out from the order in which its consumer commits. Pure."""

from __future__ import annotations

from bench_gui.bench.lane_steps import course_of
from workers.failpoints import Failpoint
from workers.lanes import Lane, Role
from workers.steps import Step


def worst_step(lane: Lane) -> Failpoint:
    """The gap in which a consumer's death does the most that it can do in this lane.

    Offsets committed and events not yet processed: they are lost. Results committed and offsets
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
