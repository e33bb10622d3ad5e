"""How long Qt's event loop is busy at a time, as a timer of one millisecond sees it."""

from __future__ import annotations

import time
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, QTimer

BEAT_MS = 1
APART_S = 0.008
"""Work with less idle time between belongs to one frame: Qt paints a few ms after it is asked. The
picture of a lane has frames of its own, 40 ms apart, which may come soon after a chart's."""
WORK_MS = 0.5
"""A beat with less CPU than this found the loop idle."""


@dataclass(frozen=True, slots=True)
class Busy:
    """One stretch in which the timer had to wait, or several of one frame.

    Fields:
        ended_s: monotonic.
        wall_ms, cpu_ms: how long it was; cpu is this thread's.
    """

    ended_s: float
    wall_ms: float
    cpu_ms: float


class BusyMeter(QObject):
    """Beats as often as the event loop lets it, and notes the time between two beats."""

    def __init__(self) -> None:
        super().__init__()
        self._beats: list[Busy] = []
        self._before = (time.perf_counter(), time.thread_time())
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(BEAT_MS)

    def _beat(self) -> None:
        now_s, cpu_s = time.perf_counter(), time.thread_time()
        wall_ms, cpu_ms = (now_s - self._before[0]) * 1000, (cpu_s - self._before[1]) * 1000
        self._beats.append(Busy(now_s, wall_ms, cpu_ms))
        self._before = (now_s, cpu_s)

    def take(self) -> list[Busy]:
        """The time between beats since the last call."""
        taken, self._beats = self._beats, []
        return taken


def frames(beats: list[Busy]) -> list[Busy]:
    """The stretches with work in them, those of one frame added up."""
    found: list[Busy] = []
    last_s = float("-inf")
    for beat in beats:
        if beat.cpu_ms < WORK_MS:
            continue
        idle_s = beat.ended_s - beat.wall_ms / 1000 - last_s
        last_s = beat.ended_s
        if found and idle_s < APART_S:
            part = found.pop()
            found.append(_sum(part, beat))
        else:
            found.append(beat)
    return found


def _sum(first: Busy, then: Busy) -> Busy:
    return Busy(then.ended_s, first.wall_ms + then.wall_ms, first.cpu_ms + then.cpu_ms)
