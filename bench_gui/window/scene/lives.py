"""Who lives in a lane's slots: deaths and arrivals as they are seen in snapshots. Knows no Qt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from bench_gui.bench.snapshot import FaultReport, WorkerState
from bench_gui.window.fault_kinds import kind_of

DEATH_S = 1.4
STANDS_S = 0.35
"""Of that, for how long the dead one stands before it falls; its replacement comes in after."""
ARRIVAL_S = 1.0
PIDS_KEPT = 256
ENDED = "ended"
KILLED = "killed"
NOT_STARTED = "not started"
"""The state of a slot before the run."""


class Mood(Enum):
    """What a slot is like."""

    UP = "up"
    PAUSED = "paused"
    EMPTY = "empty"
    FINISHED = "finished"


MOODS = {"up": Mood.UP, "paused": Mood.PAUSED, "finished": Mood.FINISHED}


@dataclass(frozen=True, slots=True)
class Death:
    """A process that is gone: `age` from 0 (now) to 1 (forgotten)."""

    pid: int
    word: str
    age: float


@dataclass(frozen=True, slots=True)
class SlotView:
    """A slot at a moment.

    Fields:
        arrival: how long its process has been there, from 0 (or not seen yet) to 1; None when it
            is no news.
        death: of the process before; None when it is no news.
    """

    worker: WorkerState
    mood: Mood
    arrival: float | None = None
    death: Death | None = None


def mood_of(worker: WorkerState) -> Mood:
    """A process that is there is up or paused; a slot without one is empty, unless it is done."""
    if worker.pid is None:
        return Mood.EMPTY if worker.state not in {"finished", ENDED} else Mood.FINISHED
    return MOODS.get(worker.state, Mood.UP)


@dataclass(slots=True)
class _Life:
    worker: WorkerState
    arrived_s: float | None = None
    died_s: float | None = None
    dead_pid: int = 0


class Lives:
    """The slots of a lane."""

    def __init__(self) -> None:
        self._slots: dict[tuple[str, int], _Life] = {}
        self._hit: dict[int, str] = {}

    def clear(self) -> None:
        """As before the first snapshot."""
        self._slots.clear()

    def take_faults(self, faults: Iterable[FaultReport]) -> None:
        """Whom a fault has ended: what ends a process otherwise is not called a kill."""
        for fault in faults:
            if fault.pid is not None and kind_of(fault).ends:
                self._hit[fault.pid] = KILLED if "kill" in fault.kind else fault.kind
        for pid in list(self._hit)[:-PIDS_KEPT]:
            del self._hit[pid]

    def take(
        self,
        workers: Iterable[WorkerState],
        now_s: float,
        *,
        news: bool = True,
        stands_s: float = STANDS_S,
    ) -> None:
        """The slots now.

        Args:
            stands_s: for how long a dead one has its place to itself.
            news: whether what is new happened just now; otherwise it is only how things stand.
        """
        for worker in workers:
            key = (worker.role, worker.slot)
            life = self._slots.get(key)
            if life is None or not news:
                self._slots[key] = _Life(worker)
            else:
                self._follow(life, worker, now_s, stands_s)

    @staticmethod
    def _follow(life: _Life, worker: WorkerState, now_s: float, stands_s: float) -> None:
        before, life.worker = life.worker, worker
        if worker.pid == before.pid:
            return
        if before.pid is not None and mood_of(worker) is not Mood.FINISHED:
            life.died_s, life.dead_pid = now_s, before.pid
        free_s = now_s if life.died_s is None else life.died_s + stands_s
        life.arrived_s = None if worker.pid is None else max(now_s, free_s)

    def views(self, role: str, now_s: float) -> tuple[SlotView, ...]:
        """A role's slots, in their order."""
        return tuple(
            self._view(self._slots[key], now_s) for key in sorted(self._slots) if key[0] == role
        )

    def _view(self, life: _Life, now_s: float) -> SlotView:
        arrival = _age(life.arrived_s, now_s, ARRIVAL_S)
        death_age = _age(life.died_s, now_s, DEATH_S)
        death = None
        if death_age is not None:
            death = Death(life.dead_pid, self._hit.get(life.dead_pid, ENDED), death_age)
        return SlotView(life.worker, mood_of(life.worker), arrival, death)

    def living(self, role: str) -> list[int]:
        """The slots of a role that have a process."""
        return [
            slot
            for (of, slot), life in sorted(self._slots.items())
            if of == role and life.worker.pid is not None
        ]

    def count(self, role: str) -> int:
        """Slots of a role."""
        return sum(of == role for of, _ in self._slots)

    def newest(self, role: str) -> int | None:
        """The slot in which something happened last; None while nothing did."""
        moments = [
            (max(life.died_s or 0.0, life.arrived_s or 0.0), slot)
            for (of, slot), life in self._slots.items()
            if of == role and (life.died_s is not None or life.arrived_s is not None)
        ]
        return max(moments)[1] if moments else None


def _age(since_s: float | None, now_s: float, lasts_s: float) -> float | None:
    if since_s is None or now_s - since_s >= lasts_s:
        return None
    return max(0.0, (now_s - since_s) / lasts_s)
