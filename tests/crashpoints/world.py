"""One lane's workers in one process, on a clock that only the world moves, and their faults.

The workers take turns, one round of work each, always in the same order, so that a schedule of
faults comes about in the same way each time. A process that is paused stays where it is on this
process's own stack, while the rest of the world goes on above it.
"""

from __future__ import annotations

import random
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from unittest.mock import patch

from bench_gui.bench.incarnations import IncarnationEnd
from tests.crashpoints.process import BETWEEN, Crashed, Key, Process
from tests.crashpoints.scenarios import SESSION_NS, START_NS, Shape
from tests.crashpoints.schedules import PAUSES, Fault, FaultKind
from workers import wakeup
from workers.config import LaneConfig
from workers.control import ControlPage
from workers.lanes import Role
from workers.log.database import Database
from workers.log.errors import Fenced
from workers.log.types import IncarnationId
from workers.time_units import MS_NS

READING_NS = 1_000
ROUND_NS = MS_NS
QUIET_ROUND_NS = SESSION_NS // 4
PAST_SESSION_NS = SESSION_NS + 2 * QUIET_ROUND_NS
MOST_ROUNDS = 400
MOST_ROUNDS_PAUSED = 60
SETTLED_ROUNDS = 2
MOST_QUIET_ROUNDS = 20
"""In a row, of which each is a quarter of a session: nothing more will happen."""


class NeverEnds(Exception):
    """The lane did not come to its end: one sentence."""


def without_fifos() -> AbstractContextManager[object]:
    """Nobody waits here to be woken, and no kernel closes the FIFOs of a process that died."""
    return patch.object(wakeup, "HAS_FIFOS", False)


@contextmanager
def before_each_reading(tell: Callable[[], None]) -> Iterator[None]:
    """Has `tell` called before any SELECT of a worker's."""
    with ExitStack() as stack:
        for name in ("read", "read_while"):
            told = _told(getattr(Database, name), tell)
            stack.enter_context(patch.object(Database, name, told))
        yield


def _told(read: Callable[..., object], tell: Callable[[], None]) -> Callable[..., object]:
    def told(*arguments: object) -> object:
        tell()
        return read(*arguments)

    return told


class WorldClock:
    """Each reading is a little later than the one before, so that what follows has a later time."""

    def __init__(self, now_ns: int) -> None:
        self._now_ns = now_ns

    def now_ns(self) -> int:
        """Now."""
        self._now_ns += READING_NS
        return self._now_ns

    def sleep_ns(self, duration_ns: int) -> None:
        """Moves on at once."""
        self._now_ns += max(0, duration_ns)


@dataclass(frozen=True, slots=True)
class Position:
    """Where a world came past: whose process, and what it had done or was going to do."""

    incarnation: int
    key: Key
    label: str

    def __str__(self) -> str:
        role, slot = self.key
        return f"{role.value} {slot} (incarnation {self.incarnation}): {self.label}"


class World:
    """A lane's workers from their start until everything is drained.

    Fields:
        positions: those passed so far. readings: how often a process has read a file.
        ends: of incarnations, by number. paused: the fault by which each was paused.
        happened: faults that came about. A pause does not where the process holds a lock, nor is
            anything but a producer replaced.
        failures: tracebacks of processes that ended by a bug.
        on_round: called after each round.
    """

    def __init__(
        self,
        lane: LaneConfig,
        control: ControlPage,
        shape: Shape,
        faults: Iterable[Fault] = (),
        seed: int = 0,
    ) -> None:
        """The lane's files are there. `faults`, `seed`: as in `schedules.Schedule`."""
        self.clock = WorldClock(shape.sources_end_ns)
        self.positions: list[Position] = []
        self.ends: dict[int, IncarnationEnd] = {}
        self.paused: dict[int, int] = {}
        self.readings = 0
        self.happened: list[Fault] = []
        self.failures: list[str] = []
        self.on_round: Callable[[], None] = lambda: None
        self._lane = lane
        self._shape = shape
        self._control = control
        control.hold_sources_end(moving=True)
        control.set_sources_end(shape.first_half_ns)
        control.set_sources_start(START_NS)
        numbered = list(enumerate(faults, 1))
        stalls = [(n, fault) for n, fault in numbered if fault.kind is FaultKind.STALL]
        self._stalls = {fault.position: (n, fault) for n, fault in stalls}
        self._faults = {f.position: (n, f) for n, f in numbered if (n, f) not in stalls}
        self._turns: list[Process] = []
        self._producers = [(Role.PRODUCER, slot) for slot in range(lane.producers)]
        self._consumers = [(Role.CONSUMER, slot) for slot in range(lane.consumers)]
        self._order = [*self._producers, *self._consumers]
        self._chance = random.Random(seed) if seed else None
        self._current: dict[Key, Process] = {}
        self._replaced: list[Process] = []
        self._empty_since: dict[Key, int] = {}
        self._done: set[Key] = set()
        self._started = 0
        self._quiet = False
        self._quiet_rounds = 0

    def run(self) -> None:
        """Until every slot has finished.

        Raises:
            NeverEnds: they did not, in MOST_ROUNDS; or nothing happened for MOST_QUIET_ROUNDS.
        """
        with without_fifos(), before_each_reading(self._before_reading):
            try:
                self._run()
            finally:
                for process in self._processes():
                    process.close()

    def _run(self) -> None:
        for _ in range(MOST_ROUNDS):
            if len(self._done) == len(self._order) and not self._replaced:
                return
            self._round()
            if self._quiet_rounds > MOST_QUIET_ROUNDS:
                break
        raise NeverEnds("not everything was drained, and nothing more happens")

    def _processes(self) -> list[Process]:
        return [*self._current.values(), *self._replaced]

    # rounds

    def _round(self) -> None:
        """Every process takes a turn; the time moves on faster when there is nothing to do."""
        self._quiet = True
        if self._chance is not None:
            self._chance.shuffle(self._order)
        for key in list(self._order):
            process = self._current.get(key) or self._fill(key)
            if process is not None and not process.stopped:
                self._turn(process)
        for process in [p for p in self._replaced if not p.stopped]:
            self._turn(process)
        self._pass_time()
        self._lead()
        self.on_round()

    def _pass_time(self) -> None:
        stopped = any(process.stopped for process in self._processes())
        waiting = self._quiet or stopped or self._empty_since
        self.clock.sleep_ns(QUIET_ROUND_NS if waiting else ROUND_NS)
        self._quiet_rounds = self._quiet_rounds + 1 if self._quiet and not stopped else 0

    def _lead(self) -> None:
        """What the bench tells the workers: that there are more events, and that none will come."""
        if self._quiet_rounds >= SETTLED_ROUNDS and not self._empty_since:
            self._control.set_sources_end(self._shape.sources_end_ns)
            self._control.hold_sources_end(moving=False)
        if self._done.issuperset(self._producers) and not self._replaced:
            self._control.start_drain()

    def _fill(self, key: Key) -> Process | None:
        """The next process of an empty slot, if it is time for one."""
        since_ns = self._empty_since.get(key)
        if key in self._done or (since_ns is not None and not self._rested(since_ns)):
            return None
        self._empty_since.pop(key, None)
        self._started += 1
        number = IncarnationId(self._started)
        process = Process(self._lane, key, number, self.clock, self._control, self._at)
        self._current[key] = process
        return process

    def _rested(self, since_ns: int) -> bool:
        """Whether the session has timed out since, and others have nothing more to do."""
        return self._quiet and self._past_session(since_ns)

    def _past_session(self, since_ns: int) -> bool:
        return self.clock.now_ns() - since_ns > PAST_SESSION_NS

    def _turn(self, process: Process) -> None:
        self._turns.append(process)
        try:
            if process.turn():
                if process in self._replaced and not self._lane.lane.producer.transactional:
                    self._leave(process)
                return
            self._done.add(process.key)
            self._end(process, None)
        except Crashed:
            pass
        except Fenced:
            self._end(process, None)
        except Exception:  # noqa: BLE001  a bug of the worker's: the schedule is a violation
            self.failures.append(traceback.format_exc())
            self._done.add(process.key)
            self._end(process, None)
        finally:
            self._turns.pop()
        self._leave(process)

    def _leave(self, process: Process) -> None:
        process.close()
        if self._current.get(process.key) is process:
            del self._current[process.key]
        if process in self._replaced:
            self._replaced.remove(process)

    def _end(self, process: Process, fault_id: int | None) -> None:
        """Writes the end down, as the supervisor does; a second end of the same is not noticed."""
        number = process.config.incarnation
        if number in self.ends:
            return
        role, slot = process.key
        self.ends[number] = IncarnationEnd(
            number, role.value, slot, self.clock.now_ns(), fault_id, process.acked_sequence
        )

    # faults

    def _at(self, process: Process, label: str) -> None:
        """A position is passed."""
        number = len(self.positions)
        self._quiet &= label == BETWEEN
        self.positions.append(Position(process.config.incarnation, process.key, label))
        if number not in self._faults:
            return
        fault_id, fault = self._faults[number]
        replaceable = self._replaceable(process)
        if fault.kind not in PAUSES:
            self.happened.append(fault)
            self._crash(process, fault_id, late=fault.kind is FaultKind.CRASH_LATE)
        elif not process.locks and (fault.kind is not FaultKind.REPLACE or replaceable):
            self._pause(process, fault_id, fault)

    def _before_reading(self) -> None:
        """The process whose turn it is reads a file, outside of any SQLite transaction."""
        if not self._turns or self._turns[-1].locks:
            return
        number, self.readings = self.readings, self.readings + 1
        if number in self._stalls:
            self._pause(self._turns[-1], *self._stalls[number])

    def _replaceable(self, process: Process) -> bool:
        """Whether it is a producer whose slot may have two processes: one that never repeats an
        append has nothing to be fenced by."""
        if process.key[0] is not Role.PRODUCER or not self._lane.lane.producer.retries:
            return False
        return process in self._current.values()

    def _crash(self, process: Process, fault_id: int, *, late: bool) -> None:
        self._end(process, fault_id)
        process.die()
        if late and self._current.get(process.key) is process:
            self._empty_since[process.key] = self.clock.now_ns()
        raise Crashed

    def _pause(self, process: Process, fault_id: int, fault: Fault) -> None:
        self.happened.append(fault)
        process.stopped = True
        self.paused[process.config.incarnation] = fault_id
        if fault.kind is FaultKind.REPLACE:
            self._end(process, fault_id)
            self._replaced.append(self._current.pop(process.key))
        since_ns = self.clock.now_ns()
        for _ in range(MOST_ROUNDS_PAUSED):
            self._round()
            awake = fault.kind is FaultKind.PAUSE_SHORT or self._quiet
            if awake and self._past_session(since_ns):
                break
        process.stopped = False
