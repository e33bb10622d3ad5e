"""What the window knows of the run on screen: snapshots folded into series. Knows no Qt.

It owns no truth: every number is the bench's, kept only as long as it takes to draw it.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from bench_gui.bench.snapshot import FaultReport, LaneSnapshot, RunSnapshot, RunState
from bench_gui.window.series import Array, History, Ring, sample_values

KILLS_SHOWN = 2000
"""Kill marks kept a lane, newest first to stay; beyond this a mark is narrower than a pixel."""


class LaneModel:
    """One lane's series and the times at which its workers were hit."""

    def __init__(self) -> None:
        self.ring = Ring()
        self.history = History()
        self._kill_times: dict[int, float] = {}

    def take_fault(self, fault: FaultReport) -> None:
        """Remembers when a process was hit; a fault that hit nothing leaves no mark."""
        if fault.pid is None:
            return
        self._kill_times[fault.fault_id] = fault.t_s
        if len(self._kill_times) > KILLS_SHOWN:
            del self._kill_times[next(iter(self._kill_times))]

    def kill_times_s(self) -> Array:
        """Seconds since the run's start, in order of arrival."""
        return np.fromiter(self._kill_times.values(), dtype=np.float64)


class RunModel:
    """The run on screen, from its first snapshot to its last.

    Fields:
        latest: the newest snapshot, None before there is one.
        lanes: by slug.
        duration_s: how long the sources run, as asked for.
    """

    def __init__(self) -> None:
        self.latest: RunSnapshot | None = None
        self.lanes: dict[str, LaneModel] = {}
        self.duration_s = 0.0

    def begin(self, lanes: Iterable[str], duration_s: float) -> None:
        """Forgets the run before."""
        self.latest = None
        self.duration_s = duration_s
        self.lanes = {slug: LaneModel() for slug in lanes}

    def take(self, snapshots: Iterable[RunSnapshot]) -> list[FaultReport]:
        """Folds snapshots in, oldest first. Returns the new and the changed faults."""
        faults: list[FaultReport] = []
        for snapshot in snapshots:
            self.latest = snapshot
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
                values = sample_values(sample)
                lane.ring.append(values)
                lane.history.append(values)

    def lane(self, slug: str) -> LaneSnapshot | None:
        """The lane now, None before the first snapshot that has it."""
        return self.latest.lanes.get(slug) if self.latest is not None else None

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
