"""One lane of a running run: its slots, their incarnations, faults and restarts.

Knows processes; knows nothing of audits and watchers. Every end is written to run.db before the
replacement starts: the auditor relies on that order.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.faults import CUT_SHORT, KILL, KILL_AT_STEP, KILL_OF_ROLE, PAUSE, FaultLog
from bench_gui.bench.lane_files import create_lane_files, make_network_file, remove_lane_files
from bench_gui.bench.pausing import Pausing
from bench_gui.bench.records.store import RunStore
from bench_gui.bench.roster import Incarnation, Roster
from bench_gui.bench.slot import Outcome, Slot, WorkerEnd
from bench_gui.bench.snapshot import WorkerState
from bench_gui.bench.step_orders import StepOrders
from workers.config import LaneConfig
from workers.failpoints import Failpoint
from workers.lanes import Role
from workers.log.types import IncarnationId
from workers.recorder import Cost, StepEntry


class WorkerFailure(Exception):
    """A worker failed by a bug of ours. `str()` is one sentence; `details` its traceback."""

    def __init__(self, sentence: str, details: str) -> None:
        super().__init__(sentence)
        self.details = details


class LaneRun:
    """The processes of one lane.

    Fields:
        config: what its workers are told.
        control: the lane's control page.
        slots: every worker position.
        roster: the incarnations that may still be asked about.
    """

    def __init__(
        self,
        config: LaneConfig,
        store: RunStore,
        faults: FaultLog,
        restart_delay_ns: int,
        kill_at: Sequence[Failpoint] = (),
    ) -> None:
        """`kill_at`: protocol steps at which processes are to kill themselves."""
        self.config = config
        self.control = create_lane_files(config)
        self.slots = [Slot(config, Role.PRODUCER, n) for n in range(config.producers)]
        self.slots += [Slot(config, Role.CONSUMER, n) for n in range(config.consumers)]
        self.roster = Roster()
        self._store = store
        self._faults = faults
        self._restart_delay_ns = restart_delay_ns
        self._orders = StepOrders(config.lane, kill_at)
        self._pausing = Pausing(faults, self.roster)
        self._begun = False
        self._incarnations = 0
        self._cost_of_ended = Cost()
        self._starting: list[tuple[Slot, int]] = []
        self._ends: list[tuple[WorkerEnd, int | None]] = []
        self._recovering: dict[Slot, list[tuple[int, int]]] = {}

    def of_role(self, role: Role) -> list[Slot]:
        """The slots of one role, by number."""
        return [slot for slot in self.slots if slot.role is role]

    def last_step_of(self, who: Incarnation) -> StepEntry | None:
        """What the process completed last; None once it is gone."""
        slot = self.of_role(who.role)[who.slot]
        return slot.last if slot.incarnation == who.number else None

    def awaits_its_end(self, who: Incarnation) -> bool:
        """Whether the process has ended and that was not dealt with yet."""
        slot = self.of_role(who.role)[who.slot]
        return slot.incarnation == who.number and slot.has_ended

    # starting

    def start_all(self) -> None:
        """Fills every slot for the first time."""
        for slot in self.slots:
            self._start(slot)

    def _start(self, slot: Slot) -> None:
        """Asks for the process; `note_starts` must follow before anything else is done with it."""
        self._incarnations += 1
        slot.start(IncarnationId(self._incarnations), self._orders_for_start(slot))
        self._starting.append((slot, time.monotonic_ns()))

    @property
    def starting(self) -> bool:
        """Whether processes were asked for and not noted yet."""
        return bool(self._starting)

    def note_starts(self) -> None:
        """Waits until the processes asked for are there, and notes who they are."""
        started, self._starting = self._starting, []
        for slot, started_ns in started:
            assert slot.child is not None
            pid = slot.child.pid
            who = (slot.incarnation, slot.role, slot.number, slot.generation, pid)
            self.roster.started(*who)
            self._store.start_incarnation(
                self.config.slug,
                slot.incarnation,
                slot.role.value,
                slot.number,
                slot.generation,
                pid,
                started_ns,
            )

    def _orders_for_start(self, slot: Slot) -> list[Failpoint]:
        """A replacement before the sources start has none yet, or the run might never begin."""
        if slot.generation and not self._begun:
            return []
        return self._orders.meant_for(slot.role, slot.number)

    def begin(self) -> None:
        """The sources start."""
        self._begun = True
        for slot in self.slots:
            self._order(slot)

    def _order(self, slot: Slot) -> None:
        for failpoint in self._orders.meant_for(slot.role, slot.number):
            slot.order(failpoint)

    @property
    def ready(self) -> bool:
        """Whether every worker has found its place."""
        return all(slot.ready for slot in self.slots)

    @property
    def sentinels(self) -> dict[int, Slot]:
        """What to wait on for the end of each live process."""
        return {slot.child.sentinel: slot for slot in self.slots if slot.child is not None}

    def restart_due(self, now_ns: int) -> None:
        """Fills the slots whose time to stay empty is over."""
        for slot in self.slots:
            if slot.due_ns is not None and slot.due_ns <= now_ns:
                self._start(slot)

    def act(self, now_ns: int, t_s: float) -> None:
        """Does what is due besides restarts: pauses, recoveries, tidying up."""
        self._pausing.act(now_ns, t_s)
        self.note_recoveries()
        for slot in self.slots:
            slot.tidy()

    @property
    def next_ns(self) -> int | None:
        """When something is due; None when nothing is."""
        times = [slot.due_ns for slot in self.slots]
        return min((t for t in [*times, self._pausing.next_ns] if t is not None), default=None)

    # faults

    def kill(self, slot: Slot, t_s: float, *, scheduled: bool, kind: str = KILL) -> None:
        """Kills the slot's process, or notes that there was none."""
        fault_id, hit = self._aim(slot, t_s, kind, scheduled=scheduled, there=slot.vulnerable)
        if hit:
            slot.kill(fault_id)

    def pause(
        self, slot: Slot, duration_ns: int, now_ns: int, t_s: float, *, scheduled: bool
    ) -> None:
        """Stops the slot's process as soon as that harms nobody else, for `duration_ns`."""
        there = slot.vulnerable and not self._pausing.holds(slot)
        fault_id, hit = self._aim(slot, t_s, PAUSE, scheduled=scheduled, there=there)
        if hit:
            self._pausing.want(slot, fault_id, duration_ns, now_ns)

    def take_down(
        self, role: Role, duration_ns: int, now_ns: int, t_s: float, *, scheduled: bool
    ) -> None:
        """Kills every process of the role; its slots stay empty for `duration_ns`."""
        for slot in self.of_role(role):
            slot.down_ns = duration_ns
            slot.down_until_ns = max(slot.down_until_ns, now_ns + duration_ns)
            self.kill(slot, t_s, scheduled=scheduled, kind=KILL_OF_ROLE)

    def kill_at(self, failpoint: Failpoint) -> bool:
        """Orders processes to kill themselves there, those that run now too.

        Returns: whether there was room for one more order; nothing is ordered without.
        """
        if not self._orders.has_room_for(failpoint):
            return False
        if self._orders.add(failpoint):
            for slot in self.slots:
                self._order(slot)
        return True

    def lose_ack(self, slot: Slot) -> None:
        """The next acknowledgement of an append that reaches the producer's slot is lost.

        The report of it comes from the durable row that the producer writes.
        """
        make_network_file(self.config, slot.number)
        slot.lose_ack()

    def ack_lost(self, who: Incarnation) -> None:
        """The process has lost an acknowledgement that it was ordered to lose."""
        self.of_role(who.role)[who.slot].ack_lost()

    def end_faults(self, now_ns: int) -> None:
        """Faults stop: orders are taken back, paused processes go on, no slot is held empty."""
        self._orders.end()
        self._pausing.end(now_ns)
        for slot in self.slots:
            slot.clear_orders()
            slot.down_until_ns = 0

    def _aim(
        self, slot: Slot, t_s: float, kind: str, *, scheduled: bool, there: bool
    ) -> tuple[int, bool]:
        """A new fault of the slot's process, if there is one. Returns its number, and whether."""
        child = slot.child if there else None
        fault_id = self._faults.add(
            t_s,
            self.config.slug,
            slot.role,
            slot.number,
            child.pid if child is not None else None,
            scheduled=scheduled,
            kind=kind,
        )
        return fault_id, child is not None

    # dying

    def plan_replacement(self, slot: Slot, end: WorkerEnd) -> None:
        """The end of the slot's process is written down: another takes its place.

        Raises:
            WorkerFailure: it ended by a bug of ours.
            EnvironmentProblem: the environment did not let it work.
        """
        _raise_failure(end, self.config.slug)
        if not slot.finished:
            slot.restart_at_ns = end.ended_ns + self._restart_delay_ns
            if end.died_ns <= slot.down_until_ns:  # the outage lasts from the death, not the order
                slot.down_until_ns = max(slot.down_until_ns, end.died_ns + slot.down_ns)

    def take_end(self, slot: Slot, t_s: float) -> WorkerEnd:
        """A slot's process has ended: notes how. `store_ends` must follow."""
        aimed = slot.fault_id
        self._cost_of_ended += slot.cost
        end = slot.take_end()
        self._note_recovery(slot, end.first_step_ns)
        fault_id = self._note_fault(slot, end, aimed, t_s)
        self._pausing.ended(slot, end.died_ns)
        self.roster.ended(end.incarnation, end.died_ns, fault_id)
        self._ends.append((end, fault_id))
        return end

    @property
    def has_ends(self) -> bool:
        """Whether there are ends to be written down."""
        return bool(self._ends)

    def store_ends(self) -> None:
        """Writes down the ends noted; again, until it is told that they are durable."""
        for end, fault_id in self._ends:
            self._store.end_incarnation(
                self.config.slug,
                end.incarnation,
                first_step_ns=end.first_step_ns,
                ended_ns=end.ended_ns,
                fault_id=fault_id,
                acked_sequence=end.acked_sequence,
                exit=end.in_words(),
            )

    def ends_stored(self) -> None:
        """What `store_ends` wrote is durable."""
        self._ends.clear()

    def _note_fault(self, slot: Slot, end: WorkerEnd, aimed: int | None, t_s: float) -> int | None:
        if aimed is not None and end.fault_id != aimed:
            self._faults.missed(aimed)
        if end.outcome is not Outcome.KILLED:
            return None
        fault_id = end.fault_id
        if fault_id is None:
            fault_id = self._note_own_end(slot, end, t_s)
        last = end.last
        self._faults.landed(
            fault_id, end.generation, end.pid, last.after, last.before, last.exposed
        )
        self._recovering.setdefault(slot, []).append((fault_id, end.died_ns))
        return fault_id

    def _note_own_end(self, slot: Slot, end: WorkerEnd, t_s: float) -> int:
        """It killed itself as it was ordered to, or somebody else did it."""
        ordered = end.failpoint is not None
        return self._faults.add(
            t_s,
            self.config.slug,
            slot.role,
            slot.number,
            end.pid,
            scheduled=end.failpoint is not None and self._orders.fired(end.failpoint),
            kind=KILL_AT_STEP if ordered else KILL,
        )

    def note_recoveries(self) -> None:
        """Measures, for each death, when its slot did work again."""
        for slot in list(self._recovering):
            self._note_recovery(slot, slot.first_step_ns)

    def _note_recovery(self, slot: Slot, first_step_ns: int | None) -> None:
        if first_step_ns is not None:
            for fault_id, died_ns in self._recovering.pop(slot, ()):
                self._faults.recovered(fault_id, first_step_ns - died_ns)

    # ending

    def drain_if_produced(self) -> None:
        """Tells the consumers to finish once every producer has."""
        if not self.control.draining and all(s.finished for s in self.of_role(Role.PRODUCER)):
            self.control.start_drain()

    @property
    def finished(self) -> bool:
        """Whether every slot's work is done."""
        return all(slot.finished for slot in self.slots)

    def cut_short(self, t_s: float) -> None:
        """Ends what still works after the drain's time; each end is a fault, with what it cost."""
        for slot in self.slots:
            slot.restart_at_ns = None
            if slot.vulnerable:
                self.kill(slot, t_s, scheduled=False, kind=CUT_SHORT)
        for slot in self.slots:
            if slot.child is not None:
                self.take_end(slot, t_s)

    def kill_all(self) -> None:
        """Kills what lives, stopped or not; nothing is restarted after."""
        for slot in self.slots:
            slot.restart_at_ns = None
            slot.kill(None)

    def end_all(self) -> None:
        """As `kill_all`, then waits for the ends and writes them down."""
        self.kill_all()
        self._ends += [(slot.take_end(), None) for slot in self.slots if slot.child is not None]
        with suppress(EnvironmentProblem):
            self.store_ends()
            self.ends_stored()

    def close(self, *, keep_data: bool) -> None:
        """Unmaps the control page, and removes the lane's files unless they are kept."""
        self.control.close()
        for slot in self.slots:
            slot.tidy()
        if not keep_data:
            remove_lane_files(self.config)

    def cost(self) -> Cost:
        """What the lane's processes have used so far, those that have ended too."""
        return sum((slot.cost for slot in self.slots), self._cost_of_ended)

    def states(self) -> tuple[WorkerState, ...]:
        """Every slot now."""
        return tuple(slot.state() for slot in self.slots)


def _raise_failure(end: WorkerEnd, lane: str) -> None:
    if end.outcome is Outcome.LOST:
        raise EnvironmentProblem(f"the run could not go on: {end.problem}")
    if end.outcome is Outcome.ENVIRONMENT:
        reason = end.problem.strip() or "its disk is full or read-only"
        raise EnvironmentProblem(f"the lane {lane} could not go on: {reason}")
    if end.outcome is Outcome.BUG:
        lines = end.problem.strip().splitlines()
        reason = lines[-1] if lines else "it left no word (was its parent process ended?)"
        raise WorkerFailure(f"a worker process failed, which is a bug: {reason}", end.problem)
