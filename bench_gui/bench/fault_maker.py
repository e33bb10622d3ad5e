"""Carries faults out, the schedule's and the user's, in every lane alike. Knows no processes.

Faults belong to the time in which sources run: none before it, none in the drain.
"""

from __future__ import annotations

import random
from collections.abc import Mapping

from bench_gui.bench.faults import KILL, KILL_OF_ROLE, PAUSE
from bench_gui.bench.lane_run import LaneRun
from bench_gui.bench.plan import PlannedFault, fault_schedule
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.watcher import Down, Kill, KillAt, LoseAck, Pause
from workers.failpoints import ENTRIES, Failpoint
from workers.lanes import Role, lane_of
from workers.time_units import MS_NS, SECOND_NS

KIND_OF: dict[type, str] = {Kill: KILL, Pause: PAUSE, Down: KILL_OF_ROLE}


class FaultMaker:
    """The faults of one run. Nothing happens before `begin`, nor after `end`."""

    def __init__(self, settings: RunSettings, lanes: Mapping[str, LaneRun]) -> None:
        """`lanes`: by slug; may be filled later."""
        self._lanes = lanes
        self._schedule = fault_schedule(settings)
        self._pause_ns = int(settings.pause_ms * MS_NS)
        self._down_ns = int(settings.down_ms * MS_NS)
        self._chance = random.Random()
        self._start_ns = 0
        self._active = False

    def begin(self, start_ns: int) -> None:
        """The sources start at `start_ns`, monotonic."""
        self._start_ns = start_ns
        self._active = True
        for lane in self._lanes.values():
            lane.begin()

    def end(self, now_ns: int) -> None:
        """The sources have ended: faults stop."""
        self._active = False
        for lane in self._lanes.values():
            lane.end_faults(now_ns)

    @property
    def next_ns(self) -> int | None:
        """When the schedule's next fault is due; None when there is none."""
        if not self._active or not self._schedule:
            return None
        return self._start_ns + self._schedule[0].at_ns

    def act(self, now_ns: int, sources_end_ns: int) -> None:
        """Carries out what is due, if it was due before the sources' end."""
        while self.next_ns is not None and self.next_ns <= now_ns:
            due_ns, planned = self.next_ns, self._schedule.pop(0)
            if due_ns < sources_end_ns:
                self._carry_out(planned, list(self._lanes), now_ns, scheduled=True)

    def obey(self, command: Kill | Pause | Down | KillAt | LoseAck, now_ns: int) -> str | None:
        """The user's key: the same slot in every lane, or in the one named.

        Returns: one sentence when it could not be obeyed everywhere; None otherwise.
        """
        if not self._active:
            return None
        slugs = list(self._lanes) if command.lane is None else [command.lane]
        if isinstance(command, KillAt):
            return self._order(command.failpoint, slugs)
        if isinstance(command, LoseAck):
            return self._lose_ack(slugs)
        role = Role(command.role)
        slot = None if isinstance(command, Down) else self._any_slot(role, slugs)
        planned = PlannedFault(now_ns - self._start_ns, KIND_OF[type(command)], role, slot)
        self._carry_out(planned, slugs, now_ns, scheduled=False)
        return None

    def _any_slot(self, role: Role, slugs: list[str]) -> int:
        return self._chance.randrange(len(self._lanes[slugs[0]].of_role(role)))

    def _lose_ack(self, slugs: list[str]) -> str | None:
        slot = self._any_slot(Role.PRODUCER, slugs)
        for slug in slugs:
            lane = self._lanes[slug]
            lane.lose_ack(lane.of_role(Role.PRODUCER)[slot])
        if any(lane_of(slug).producer.retries for slug in slugs):
            return None
        names = ", ".join(lane_of(slug).name for slug in slugs)
        return f"{names}: the producer waits for no acknowledgement, so losing one changes nothing"

    def _order(self, failpoint: Failpoint, slugs: list[str]) -> str | None:
        full = [slug for slug in slugs if not self._lanes[slug].kill_at(failpoint)]
        if not full:
            return None
        names = ", ".join(lane_of(slug).name for slug in full)
        return f"not ordered in {names}: {ENTRIES} steps to kill at stand there, and no more fit"

    def _carry_out(
        self, planned: PlannedFault, slugs: list[str], now_ns: int, *, scheduled: bool
    ) -> None:
        t_s = (now_ns - self._start_ns) / SECOND_NS
        role = planned.role
        for slug in slugs:
            lane = self._lanes[slug]
            if planned.kind == KILL_OF_ROLE:
                lane.take_down(role, self._down_ns, now_ns, t_s, scheduled=scheduled)
                continue
            assert planned.slot is not None
            slot = lane.of_role(role)[planned.slot]
            if planned.kind == PAUSE:
                lane.pause(slot, self._pause_ns, now_ns, t_s, scheduled=scheduled)
            else:
                lane.kill(slot, t_s, scheduled=scheduled)
