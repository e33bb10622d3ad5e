"""What the window knows of the run on screen: snapshots folded into series. Knows no Qt.

It owns no truth: every number is the bench's, kept only as long as it takes to draw it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from bench_gui.bench.faults import PAUSE
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import (
    FaultReport,
    LaneSample,
    LaneSnapshot,
    RunSnapshot,
    RunState,
)
from bench_gui.window.fault_kinds import kind_of
from bench_gui.window.series import Array, History, Ring, sample_values
from bench_gui.window.timeline.moments import Moments

MARKS_SHOWN = 2000
"""Marks of a kind kept a lane, the newest stay; beyond this a mark is narrower than a pixel."""


@dataclass(frozen=True, slots=True)
class Marks:
    """When a lane's workers were hit, in seconds.

    Fields:
        kills: processes that ended. pauses: shape (2, count), from when until when.
    """

    kills: Array
    pauses: Array

    @property
    def count(self) -> int:
        """Marks of both kinds."""
        return int(self.kills.size + self.pauses.shape[1])

    def within(self, frame_start_s: float, width_s: float, now_s: float) -> Marks:
        """Those that can be seen, from the frame's left edge; a pause reaches no further than now.

        Args:
            frame_start_s, width_s: the visible stretch. now_s: the newest sample's time.
        """
        kills = self.kills - frame_start_s
        pauses = np.minimum(self.pauses, max(now_s, frame_start_s)) - frame_start_s
        kept = (pauses[1] >= 0) & (pauses[0] <= width_s) & (pauses[1] > pauses[0])
        return Marks(kills[(kills >= 0) & (kills <= width_s)], np.clip(pauses[:, kept], 0, width_s))


NO_MARKS = Marks(np.zeros(0), np.zeros((2, 0)))


class LaneModel:
    """One lane's series and the times at which its workers were hit.

    Args:
        pause_s: how long a paused process stays stopped.
    """

    def __init__(self, pause_s: float = 0.0) -> None:
        self.ring = Ring()
        self.history = History()
        self._pause_s = pause_s
        self._last_sample_s = 0.0
        self._kill_times: dict[int, float] = {}
        self._pause_times: dict[int, float] = {}

    def take_sample(self, sample: LaneSample) -> None:
        """Adds it to the series."""
        bucket_s = sample.t_s - self._last_sample_s
        self._last_sample_s = sample.t_s
        values = sample_values(sample, bucket_s if bucket_s > 0 else 1.0)
        self.ring.append(values)
        self.history.append(values)

    def take_fault(self, fault: FaultReport) -> None:
        """Remembers when a process was hit; a fault that hit nothing leaves no mark."""
        if kind_of(fault).ends:
            times = self._kill_times
        elif fault.kind == PAUSE:
            times = self._pause_times
        else:
            return
        if fault.pid is None:
            times.pop(fault.fault_id, None)
            return
        times[fault.fault_id] = fault.t_s
        if len(times) > MARKS_SHOWN:
            del times[next(iter(times))]

    def marks(self) -> Marks:
        """Seconds since the run's start, in order of arrival."""
        starts = np.fromiter(self._pause_times.values(), dtype=np.float64)
        kills = np.fromiter(self._kill_times.values(), dtype=np.float64)
        return Marks(kills, np.array([starts, starts + self._pause_s]))


class RunModel:
    """The run on screen, from its first snapshot to its last.

    What a reader sees is `shown`; what decides what can be done is `latest`.

    Fields:
        latest: the newest snapshot, None before there is one.
        lanes: by slug.
        duration_s: how long the sources run, as asked for.
        held_s: the moment at which the display is held, seconds since the start; None while it
            follows the run.
    """

    def __init__(self) -> None:
        self.latest: RunSnapshot | None = None
        self.lanes: dict[str, LaneModel] = {}
        self.duration_s = 0.0
        self.held_s: float | None = None
        self._moments = Moments()

    def begin(self, settings: RunSettings) -> None:
        """Forgets the run before."""
        self.latest = None
        self.held_s = None
        self._moments.clear()
        self.duration_s = settings.duration_s
        self.lanes = {slug: LaneModel(settings.pause_ms / 1000) for slug in settings.lanes}

    def take(self, snapshots: Iterable[RunSnapshot]) -> list[FaultReport]:
        """Folds snapshots in, oldest first. Returns the new and the changed faults."""
        faults: list[FaultReport] = []
        for snapshot in snapshots:
            self.latest = snapshot
            self._moments.add(snapshot)
            self._take_samples(snapshot)
            faults.extend(snapshot.faults)
        for fault in faults:
            if fault.lane in self.lanes:
                self.lanes[fault.lane].take_fault(fault)
        return faults

    def _take_samples(self, snapshot: RunSnapshot) -> None:
        for sample in snapshot.samples:
            lane = self.lanes.get(sample.lane)
            if lane is not None:
                lane.take_sample(sample)

    @property
    def shown(self) -> RunSnapshot | None:
        """What stands on the screen: the newest snapshot, or that of the held moment."""
        if self.held_s is None or self.held_s >= self.now_s:
            return self.latest
        return self._moments.at(self.held_s)

    @property
    def shown_ended(self) -> bool:
        """Whether what is shown is the run's end."""
        shown = self.shown
        return shown is not None and shown.state.ended

    def hold(self, t_s: float) -> None:
        """Shows a moment of the run while the run goes on.

        Args:
            t_s: seconds since the start; kept between the start and now.
        """
        if self.latest is not None:
            self.held_s = min(max(t_s, 0.0), self.now_s)

    def release(self) -> None:
        """Follows the run again."""
        self.held_s = None

    @property
    def now_s(self) -> float:
        """How far the run is, seconds since its start; 0 before it has begun."""
        return max(self.latest.t_s, 0.0) if self.latest is not None else 0.0

    def lane(self, slug: str) -> LaneSnapshot | None:
        """The lane as it is shown, None before the first snapshot that has it."""
        shown = self.shown
        return shown.lanes.get(slug) if shown is not None else None

    @property
    def ended(self) -> bool:
        """Whether the bench has said its last word about this run."""
        return self.latest is not None and self.latest.state.ended

    @property
    def draining(self) -> bool:
        """Whether the sources have ended and the run has not."""
        return self.latest is not None and self.latest.state in {
            RunState.DRAINING,
            RunState.COUNTING,
        }

    def last_sample_s(self) -> float:
        """The time of the newest sample of any lane, 0 before the first."""
        views = (lane.ring.view() for lane in self.lanes.values())
        return max((float(view[0, -1]) for view in views if view.shape[1]), default=0.0)
