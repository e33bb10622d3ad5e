"""The run's snapshots, kept so that a moment of the past can be shown again. Knows no Qt.

At most `MOMENTS` of them: when there is no more room every second one is dropped, and from then on
only every second one (fourth, eighth, ...) is kept, so that a day takes as much memory as ten
minutes. They are kept packed: as objects they would take ten times the memory, and the garbage
collector would look at every one of them again and again, which is a stutter.
"""

from __future__ import annotations

import io
import pickle
import zlib
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import fields, replace
from operator import attrgetter
from typing import Any

from bench_gui.bench.snapshot import (
    LaneCounts,
    LaneSnapshot,
    LinkClicks,
    PartitionState,
    RunSnapshot,
    WorkerState,
)

MOMENTS = 2048
"""A hundred seconds at twenty a second; 4 MB at the most (less than 2 kB each with seven lanes)."""

FASTEST = 1


class Moments:
    """Snapshots of one run in the order of their times.

    Args:
        most: how many are kept, even and above 0.
    """

    def __init__(self, most: int = MOMENTS) -> None:
        self._most = most
        self._times: list[float] = []
        self._packed: list[bytes] = []
        self._stride = 1
        self._skipped = 0
        self._unpacked: tuple[bytes, RunSnapshot] | None = None

    def __len__(self) -> int:
        return len(self._times)

    def add(self, snapshot: RunSnapshot) -> None:
        """Keeps it, or not: see above. One of the same moment as the newest takes its place."""
        if self._times and snapshot.t_s <= self._times[-1]:
            self._packed[-1] = _packed(snapshot)
            return
        self._skipped += 1
        if self._skipped < self._stride:
            return
        self._skipped = 0
        self._times.append(snapshot.t_s)
        self._packed.append(_packed(snapshot))
        if len(self._times) >= self._most:
            self._halve()

    def _halve(self) -> None:
        del self._times[1::2]
        del self._packed[1::2]
        self._stride *= 2

    def at(self, t_s: float) -> RunSnapshot | None:
        """The newest that is not after `t_s`, or the first; without samples and faults."""
        if not self._times:
            return None
        packed = self._packed[max(bisect_right(self._times, t_s) - 1, 0)]
        if self._unpacked is None or self._unpacked[0] is not packed:
            self._unpacked = (packed, _unpacked(packed))
        return self._unpacked[1]

    def clear(self) -> None:
        """For another run."""
        self._times.clear()
        self._packed.clear()
        self._stride, self._skipped, self._unpacked = 1, 0, None


def _packed(snapshot: RunSnapshot) -> bytes:
    """Samples and faults are kept elsewhere."""
    room = io.BytesIO()
    pickler = pickle.Pickler(room, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = REDUCERS
    pickler.dump(replace(snapshot, samples=(), faults=()))
    return zlib.compress(room.getvalue(), FASTEST)


def _reducer(kind: type) -> Callable[[Any], tuple[type, tuple[Any, ...]]]:
    values = attrgetter(*(one.name for one in fields(kind)))
    return lambda value: (kind, values(value))


REDUCERS: dict[type, Any] = {
    kind: _reducer(kind)
    for kind in (LaneCounts, LaneSnapshot, LinkClicks, PartitionState, RunSnapshot, WorkerState)
}
"""A dataclass with slots packs itself five times as slowly."""


def _unpacked(packed: bytes) -> RunSnapshot:
    snapshot: RunSnapshot = pickle.loads(zlib.decompress(packed))
    return snapshot
