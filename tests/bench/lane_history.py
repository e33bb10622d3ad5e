"""Workers stepped, killed, paused and cut off by a test, and a second opinion in plain dicts.

A `History` lets producers and consumers of a lane take single steps in any order and writes the
rows that real ones would. Beside the files it keeps notes event by event (`lane_truth`), so that a
test can ask for the truth without SQL, numpy or intervals.
"""

from __future__ import annotations

from bench_gui.bench.incarnations import MarkKind
from tests.bench.lane_consumers import Consumers
from tests.bench.lane_process import Process, Slot
from tests.bench.lane_producers import Producers
from tests.bench.lane_truth import Notebook
from tests.bench.lane_world import LaneWorld
from workers.lanes import Role

TELL_EVERY = 5
"""Rounds after which the bench tells of a loss or an expiry at the latest."""


class History:
    """One lane's workers."""

    def __init__(self, world: LaneWorld, *, events: int, consumers: int, prompt: bool) -> None:
        """`prompt`: whether marks are told at once, or only with the process's end or later."""
        self.world = world
        notes = Notebook(output=world.output)
        self.truth = notes.truth
        self._culprits = notes.culprits
        self._producers = Producers(world, notes, events, self._mark)
        self._consumers = Consumers(world, notes, self._producers, consumers)
        self._slots = [(Role.PRODUCER, n) for n in range(world.settings.producers)]
        self._slots += [(Role.CONSUMER, n) for n in range(consumers)]
        self._processes: dict[Slot, Process] = {}
        self._dead: dict[Slot, Process] = {}
        self._unresolved: dict[Slot, Process] = {}
        self._next_incarnation = 1
        self._prompt = prompt
        self._untold: list[tuple[int, MarkKind, int, int, tuple[int, int, int]]] = []
        self._looks = 0

    def slots(self) -> list[Slot]:
        """Every worker slot."""
        return list(self._slots)

    def step(self, slot: Slot) -> bool:
        """One step of the slot's process, started if need be. Returns False when it has ended."""
        process = self._processes.get(slot) or self._start(slot)
        try:
            next(process.steps)
        except StopIteration:
            self._end(slot, self._processes.pop(slot), None)
            return False
        return True

    def _start(self, slot: Slot) -> Process:
        self._notice(slot)
        process = Process(self._next_incarnation, slot[1], iter(()))
        self._next_incarnation += 1
        left = self._unresolved.pop(slot, None)
        if slot[0] is Role.PRODUCER:
            self._abort(left)
            process.steps = self._producers.steps(slot[1], process)
        else:
            if left is not None:
                self._consumers.resolve(left, process.incarnation)
            process.steps = self._consumers.steps(process)
        self._processes[slot] = process
        return process

    def _abort(self, left: Process | None) -> None:
        if left is not None and left.transaction is not None:
            self.world.decide(self.world.files.clicks, left.transaction, "aborted")
            self.truth.aborted += len(left.in_transaction)

    # faults

    def kill(self, slot: Slot, fault: int) -> None:
        """SIGKILL. The end is written down only when the slot is next used."""
        process = self._processes.pop(slot, None)
        if process is None:
            return
        self._culprits.killed[process.incarnation] = fault
        self.truth.lost_by[fault] += len(process.endangered)
        self._dead[slot] = process

    def expire(self, slot: Slot, fault: int) -> None:
        """A consumer was silent for the session timeout, dead or paused, and another noticed."""
        role, number = slot
        others = [s for s, p in self._processes.items() if s[0] is role and s != slot]
        heirs = [s for s in others if not self._processes[s].expired]
        if role is not Role.CONSUMER or not heirs:
            return
        self._notice(slot)
        process = self._processes.get(slot)
        if process is not None and not process.expired:
            process.expired = True
            self._mark(process, MarkKind.EXPIRY, fault, (-1, -1, -1))
            self._culprits.expired[process.incarnation].append((self.world.now_ns, fault))
        self._consumers.group.expire(number, heirs[0][1])

    def lose(self, slot: Slot, kind: MarkKind, fault: int) -> None:
        """The producer's next request, or the next acknowledgement to it, is lost."""
        if slot[0] is Role.PRODUCER:
            self._producers.network[slot[1]] = (kind, fault)

    # what the bench writes down

    def _mark(
        self, process: Process, kind: MarkKind, fault: int, events: tuple[int, int, int]
    ) -> None:
        self._untold.append((process.incarnation, kind, fault, self.world.tick(), events))
        if self._prompt:
            self._tell()

    def _tell(self, incarnation: int | None = None) -> None:
        """Marks, of one incarnation or of all, reach run.db."""
        for mark in list(self._untold):
            if incarnation in {None, mark[0]}:
                self._untold.remove(mark)
                number, kind, fault, at_ns, events = mark
                self.world.mark(number, kind, fault, at_ns=at_ns, events=events)

    def _notice(self, slot: Slot) -> None:
        process = self._dead.pop(slot, None)
        if process is not None:
            self._end(slot, process, self._culprits.killed[process.incarnation])
            self._unresolved[slot] = process

    def _end(self, slot: Slot, process: Process, fault: int | None) -> None:
        role, number = slot
        self._tell(process.incarnation)
        self.world.end(process.incarnation, role.value, number, fault=fault, acked=process.acked)
        self._culprits.ended_ns[process.incarnation] = self.world.now_ns

    def look(self) -> None:
        """A round of the live auditor is about to be made."""
        self._looks += 1
        if self._looks % TELL_EVERY == 0:
            self._tell()

    def drain(self) -> None:
        """Everything goes on without faults until nothing is left to do."""
        self._producers.network.clear()
        for role in Role:
            self._consumers.draining = role is Role.CONSUMER
            working = [slot for slot in self._slots if slot[0] is role]
            while working:
                working = [slot for slot in working if self.step(slot)]
        self._tell()
