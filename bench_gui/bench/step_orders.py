"""Which processes of one lane are ordered to kill themselves at which protocol step. Pure.

An order without `every` is for once in the lane's life: it goes to one slot, to each process of it
in turn until one has died by it.
"""

from __future__ import annotations

from collections.abc import Iterable

from bench_gui.bench.lane_steps import passes
from workers.failpoints import ENTRIES, Failpoint
from workers.lanes import Lane, Role


class StepOrders:
    """The orders of one lane that stand."""

    def __init__(self, lane: Lane, failpoints: Iterable[Failpoint]) -> None:
        """`failpoints`: of the settings, for every lane; those this lane cannot pass fall away."""
        self._lane = lane
        self._scheduled = {one: True for one in failpoints if passes(lane, one)}
        self._over = False

    def has_room_for(self, failpoint: Failpoint) -> bool:
        """Whether a process's page can take it besides what is ordered already."""
        return failpoint in self._scheduled or len(self._scheduled) < ENTRIES

    def add(self, failpoint: Failpoint) -> bool:
        """By the user's key; there must be room. Returns: whether the lane can come to it."""
        possible = passes(self._lane, failpoint)
        if possible:
            self._scheduled.setdefault(failpoint, False)
        return possible

    def meant_for(self, role: Role, slot: int) -> list[Failpoint]:
        """What a process of the slot is to be ordered."""
        if self._over:
            return []
        return [one for one in self._scheduled if one.meant_for(role, slot)]

    def fired(self, failpoint: Failpoint) -> bool:
        """A process has died by it. Returns: whether the settings ordered it."""
        scheduled = self._scheduled.get(failpoint, False)
        if failpoint.every is None:
            self._scheduled.pop(failpoint, None)
        return scheduled

    def end(self) -> None:
        """Nothing is ordered any more."""
        self._over = True
