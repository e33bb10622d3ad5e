"""What befalls the processes of a world, and at which of its positions. Pure.

A position is a moment in a process's work at which it could be killed or stopped: after each step
it records, before its first, and between two SQLite transactions with no step between them. The
positions of a world are counted over all of its processes, from 0, in the order in which they come
about; a fault changes what comes after it and nothing before.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import Enum


class FaultKind(Enum):
    """What happens to the process at its position. The value is its name on the command line."""

    CRASH = "crash"
    """Killed; its slot's next process starts with the next round."""
    CRASH_LATE = "late"
    """Killed; its slot stays empty until others have taken its partitions and come to rest."""
    PAUSE = "pause"
    """Stopped until others have taken its partitions and come to rest; then it goes on."""
    PAUSE_SHORT = "short"
    """Stopped until just past the session timeout."""
    STALL = "stall"
    """Stopped as in PAUSE, but before it reads a file; such places are counted by themselves."""
    REPLACE = "replace"
    """A producer stopped as in PAUSE and taken for dead: meanwhile its slot's next process runs."""


PAUSES = frozenset(FaultKind) - {FaultKind.CRASH, FaultKind.CRASH_LATE}
SEED_MARK = "#"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `position`: counted in the world that the earlier faults have made; of a STALL,
    the number of readings before it."""

    kind: FaultKind
    position: int

    def __str__(self) -> str:
        return f"{self.kind.value}@{self.position}"


@dataclass(frozen=True, slots=True)
class Schedule:
    """A world to be.

    Fields:
        faults: by ascending position.
        seed: 0: the small shape, and turns in the order of the slots; else the shape and the order
            of each round are drawn from it.
    """

    scenario: str
    faults: tuple[Fault, ...] = ()
    seed: int = 0

    def __str__(self) -> str:
        seed = f"{SEED_MARK}{self.seed}" if self.seed else ""
        return f"{self.scenario}{seed}:{','.join(map(str, self.faults))}"


def drawn_schedule(scenario: str, seed: int, most_faults: int, positions: int) -> Schedule:
    """Any shape, order and faults, 1 to `most_faults` of them at the first `positions`; seed > 0.

    A fault beyond a world's last position comes to nothing.
    """
    chance = random.Random(f"schedule {scenario} {seed}")
    places = sorted(chance.sample(range(positions), chance.randint(1, most_faults)))
    kinds = [chance.choice(tuple(FaultKind)) for _ in places]
    return Schedule(scenario, tuple(map(Fault, kinds, places)), seed)


def parse(text: str) -> Schedule:
    """The inverse of `str(schedule)`.

    Raises:
        ValueError: it is none; one sentence.
    """
    place, colon, faults = text.rpartition(":")
    scenario, _, seed = place.partition(SEED_MARK)
    if not colon or not (seed.isdecimal() or not seed):
        raise ValueError(f"{text!r} is no schedule such as at-least-once:crash@17,pause@30")
    found = tuple(_fault(fault) for fault in faults.split(",") if fault)
    return Schedule(scenario, found, int(seed or 0))


def _fault(text: str) -> Fault:
    kind, _, position = text.partition("@")
    if kind not in {known.value for known in FaultKind} or not position.isdecimal():
        kinds = ", ".join(known.value for known in FaultKind)
        raise ValueError(f"{text!r} is no fault such as crash@17; the kinds are {kinds}")
    return Fault(FaultKind(kind), int(position))
