"""Outages: when a role had no working process, for the screen and for every picture alike. Pure.

Faults tell them to the millisecond; samples find those that no fault tells.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bench_gui.bench.faults import CUT_SHORT, KILL, KILL_AT_STEP, KILL_OF_ROLE
from bench_gui.bench.snapshot import FaultReport
from workers.lanes import Role

ENDING = (KILL, KILL_AT_STEP, KILL_OF_ROLE, CUT_SHORT)
"""Kinds of faults that end the process they hit."""

Stretch = tuple[float, float]
"""From when until when, seconds since the run's start."""
Dead = tuple[int, float, float]
"""A slot without a process: which, from when, until when; infinite until that is known."""
Values = Sequence[float] | npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a lane's samples found; every sequence has one value a sample.

    Fields:
        t_s: ascending. producers_up, consumers_up: live processes of the role.
        sources_end_s: when the sources ended; workers then end as well. Infinite while they run.
    """

    t_s: Values = ()
    producers_up: Values = ()
    consumers_up: Values = ()
    sources_end_s: float = math.inf

    def up(self, role: str) -> Values:
        """Live processes of the role."""
        return self.producers_up if role == Role.PRODUCER.value else self.consumers_up


def outages_of(
    faults: Iterable[FaultReport], slots: Mapping[str, int], seen: Seen, now_s: float
) -> list[Stretch]:
    """All of a lane's, ascending and apart.

    Args:
        slots: how many a role has. now_s: until when they are known.
    """
    dead: dict[str, list[Dead]] = defaultdict(list)
    for fault in faults:
        if empties_slot(fault):
            dead[fault.role].append((fault.slot, fault.t_s, back_s(fault, seen)))
    told: list[Stretch] = []
    for role, count in slots.items():
        told += role_outages(dead[role], count)
    found = [*told, *sampled_outages(seen, told)]
    return _apart((start, min(end, now_s)) for start, end in found)


def empties_slot(fault: FaultReport) -> bool:
    """Whether a process ended that has to be replaced."""
    return fault.pid is not None and fault.kind in ENDING and fault.kind != CUT_SHORT


def back_s(fault: FaultReport, seen: Seen) -> float:
    """When its slot worked again: as the bench tells, else as a sample finds."""
    if fault.recovery_ms is not None:
        return fault.t_s + fault.recovery_ms / 1000
    return found_alive_s(fault.t_s, seen.t_s, seen.up(fault.role))


def found_alive_s(dead_s: float, times_s: Values, up: Values) -> float:
    """The first sample that finds the role alive after a death; infinite for none."""
    times = np.asarray(times_s, dtype=np.float64)
    first = int(np.searchsorted(times, dead_s, side="right"))
    alive = np.flatnonzero(np.asarray(up)[first:])
    return float(times[first + alive[0]]) if alive.size else math.inf


def role_outages(dead: Iterable[Dead], slots: int) -> list[Stretch]:
    """When every slot of a role was without a process at once.

    A slot that died again had come back before, even if nobody told.

    Args:
        slots: how many the role has, above 0.
    """
    known = list(dead)
    changes: list[tuple[float, int]] = []
    for slot in range(slots):
        for start, end in _one_slot([(s, e) for number, s, e in known if number == slot]):
            changes += [(start, 1), (end, -1)]
    found: list[Stretch] = []
    empty, since = 0, 0.0
    for t_s, change in sorted(changes):
        if empty == slots and change < 0 and t_s > since:
            found.append((since, t_s))
        empty += change
        if empty == slots and change > 0:
            since = t_s
    return found


def _one_slot(stretches: list[Stretch]) -> list[Stretch]:
    stretches.sort()
    starts = [*(start for start, _ in stretches), math.inf][1:]
    ends = [min(end, after) for (_, end), after in zip(stretches, starts, strict=True)]
    pairs = zip((start for start, _ in stretches), ends, strict=True)
    return [(start, end) for start, end in pairs if end > start]


def sampled_outages(seen: Seen, told: Iterable[Stretch] = ()) -> list[Stretch]:
    """The buckets at whose end a sample found a role without a live process.

    Args:
        told: outages whose times are known better; a sample that meets one, or that came a moment
            before it, tells nothing new.
    """
    times = np.asarray(seen.t_s, dtype=np.float64)
    ended = math.isfinite(seen.sources_end_s)
    down = _empty(seen.producers_up, ended=ended) | _empty(seen.consumers_up, ended=ended)
    down &= times <= seen.sources_end_s
    if not down.any():
        return []
    before = np.concatenate((times[:1], times[:-1]))
    down &= ~_meets(times, 2 * times - before, sorted(told))
    return list(zip(before[down].tolist(), times[down].tolist(), strict=True))


def _empty(up: Values, *, ended: bool) -> npt.NDArray[np.bool_]:
    """Which samples found none; once the sources have ended a role that stays empty has finished.

    Its last process may end a moment before the sources do, when there is nothing left to take.
    """
    empty: npt.NDArray[np.bool_] = np.asarray(up) == 0
    if ended:
        alive = np.flatnonzero(~empty)
        empty[alive[-1] + 1 if alive.size else 0 :] = False
    return empty


def _meets(
    since: npt.NDArray[np.float64], until: npt.NDArray[np.float64], told: Sequence[Stretch]
) -> npt.NDArray[np.bool_]:
    """Which of the times from `since` until `until`, ascending, meet one of the stretches."""
    if not told:
        return np.zeros(since.shape, dtype=np.bool_)
    starts, ends = np.array(told, dtype=np.float64).T
    latest_ends = np.maximum.accumulate(ends)
    last = np.searchsorted(starts, until, side="right") - 1
    meets: npt.NDArray[np.bool_] = (last >= 0) & (since <= latest_ends[last])
    return meets


def _apart(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same time, without overlaps and without what has no length."""
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if end <= start:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found
