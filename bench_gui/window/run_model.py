"""What the window knows of the run on screen: snapshots folded into series. Knows no Qt.

It owns no truth: every number is the bench's, kept only as long as it takes to draw it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import TypeVar

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
from bench_gui.run_drawing.outages import empties_slot, found_alive_s, role_outages
from bench_gui.window.fault_kinds import kind_of
from bench_gui.window.marks import Marks, bands
from bench_gui.window.series import Array, Column, History, Ring, sample_values
from bench_gui.window.timeline.moments import Moments
from bench_gui.window.timeline.timeline import Run, Timeline
from workers.lanes import Role

ROLES = PRODUCER, CONSUMER = Role.PRODUCER.value, Role.CONSUMER.value

MARKS_SHOWN = 2000
"""Marks of a kind kept a lane, the newest stay; beyond this a mark is narrower than a pixel."""


Death = tuple[int, int, float, float]
"""Of a process: its role by its place in ROLES, its slot, when, and until when the slot was empty;
infinite until that is known."""


class LaneModel:
    """One lane's series and the times at which its workers were hit.

    Args:
        pause_s: how long a paused process stays stopped.
        slots: how many each role has.

    Fields:
        sources_end_s: when its sources ended; infinite while they run.
    """

    def __init__(self, pause_s: float = 0.0, slots: Mapping[str, int] | None = None) -> None:
        self.ring = Ring()
        self.history = History()
        self.sources_end_s = math.inf
        self._pause_s = pause_s
        self._slots = dict(slots or {})
        self._last_sample_s = 0.0
        self._kill_times: dict[int, float] = {}
        self._pause_times: dict[int, float] = {}
        self._deaths: dict[int, Death] = {}
        self._missing: dict[int, FaultReport] = {}
        self._known: tuple[Array, Array, Array] | None = None

    def take_sample(self, sample: LaneSample) -> None:
        """Adds it to the series."""
        bucket_s = sample.t_s - self._last_sample_s
        self._last_sample_s = sample.t_s
        values = sample_values(sample, bucket_s if bucket_s > 0 else 1.0)
        self.ring.append(values)
        self.history.append(values)
        if self._missing:
            self._look_for_the_missing(sample)

    def _look_for_the_missing(self, sample: LaneSample) -> None:
        """A role that a sample finds alive is not down, whatever has become of its faults."""
        up = {PRODUCER: sample.producers_up, CONSUMER: sample.consumers_up}
        for fault in list(self._missing.values()):
            if sample.t_s > fault.t_s and up[fault.role]:
                self._see_again(fault, sample.t_s)

    def take_fault(self, fault: FaultReport) -> None:
        """Remembers when a process was hit; a fault that hit nothing leaves no mark."""
        ends = kind_of(fault).ends
        if not ends and fault.kind != PAUSE:
            return
        self._known = None
        times = self._kill_times if ends else self._pause_times
        if fault.pid is None:
            times.pop(fault.fault_id, None)
            return
        _remember(times, fault.fault_id, fault.t_s)
        if empties_slot(fault):
            self._take_death(fault)

    def _take_death(self, fault: FaultReport) -> None:
        number, recovery_ms = fault.fault_id, fault.recovery_ms
        if recovery_ms is not None:
            self._missing.pop(number, None)
            _remember(self._deaths, number, _death(fault, fault.t_s + recovery_ms / 1000))
        elif number not in self._deaths or number in self._missing:
            _remember(self._deaths, number, _death(fault, math.inf))
            _remember(self._missing, number, fault)
            self._look_back(fault)

    def _look_back(self, fault: FaultReport) -> None:
        """A fault may be told after the samples that find its role alive again."""
        view = self.ring.view()
        column = Column.PRODUCERS_UP if fault.role == PRODUCER else Column.CONSUMERS_UP
        alive_s = found_alive_s(fault.t_s, view[Column.T_S], view[column])
        if math.isfinite(alive_s):
            self._see_again(fault, alive_s)

    def _see_again(self, fault: FaultReport, t_s: float) -> None:
        del self._missing[fault.fault_id]
        self._deaths[fault.fault_id] = _death(fault, t_s)
        self._known = None

    def marks(self, start_s: float, end_s: float, pixel_s: float) -> Marks:
        """What faults did; of outages those that are inside and at least a pixel wide."""
        if self._known is None:
            self._known = self._arrays()
        kills, pauses, dead = self._known
        return Marks(kills, pauses, bands(self._outages(dead, start_s, end_s, pixel_s)))

    def _arrays(self) -> tuple[Array, Array, Array]:
        starts = np.fromiter(self._pause_times.values(), dtype=np.float64)
        kills = np.fromiter(self._kill_times.values(), dtype=np.float64)
        dead = np.fromiter(chain.from_iterable(self._deaths.values()), dtype=np.float64)
        return kills, np.array([starts, starts + self._pause_s]), dead.reshape(-1, 4)

    def _outages(
        self, dead: Array, start_s: float, end_s: float, pixel_s: float
    ) -> list[tuple[float, float]]:
        """Few are long enough to be seen, so that few are looked at."""
        inside = (dead[:, 3] > start_s) & (dead[:, 2] < end_s)
        seen = dead[inside & (dead[:, 3] - dead[:, 2] >= pixel_s)].tolist()
        found: list[tuple[float, float]] = []
        for number, role in enumerate(ROLES):
            slots = [(int(slot), since, until) for of, slot, since, until in seen if of == number]
            if slots:
                found += role_outages(slots, self._slots.get(role, 1))
        return found

    def full_resolution(self, start_s: float) -> bool:
        """Whether every sample since then is still there."""
        ring = self.ring.view()
        whole = ring.shape[1] == self.history.samples
        return whole or bool(ring.shape[1] and ring[Column.T_S, 0] <= start_s)

    def view(self, start_s: float) -> Array:
        """Its series, at full resolution if that goes back to `start_s`; valid until a sample."""
        return self.ring.view() if self.full_resolution(start_s) else self.history.view()


def _death(fault: FaultReport, end_s: float) -> Death:
    return ROLES.index(fault.role), fault.slot, fault.t_s, end_s


Kept = TypeVar("Kept")


def _remember(kept: dict[int, Kept], number: int, value: Kept) -> None:
    """The newest stay."""
    kept[number] = value
    if len(kept) > MARKS_SHOWN:
        del kept[next(iter(kept))]


class RunModel:
    """The run on screen, from its first snapshot to its last.

    What a reader sees is `shown`; what decides what can be done is `latest`.

    Fields:
        latest: the newest snapshot, None before there is one.
        lanes: by slug.
        duration_s: how long the sources run, as asked for.
        timeline: which stretch of the run and which moment of it is on the screen.
    """

    def __init__(self) -> None:
        self.latest: RunSnapshot | None = None
        self.lanes: dict[str, LaneModel] = {}
        self.duration_s = 0.0
        self.timeline = Timeline()
        self._moments = Moments()

    def begin(self, settings: RunSettings) -> None:
        """Forgets the run before."""
        self.latest = None
        self.timeline.reset()
        self._moments.clear()
        self.duration_s = settings.duration_s
        slots = {PRODUCER: settings.producers, CONSUMER: settings.consumers}
        self.lanes = {slug: LaneModel(settings.pause_ms / 1000, slots) for slug in settings.lanes}

    def take(self, snapshots: Iterable[RunSnapshot]) -> list[FaultReport]:
        """Folds snapshots in, oldest first. Returns the new and the changed faults."""
        faults: list[FaultReport] = []
        for snapshot in snapshots:
            self.latest = snapshot
            self._moments.add(snapshot)
            self._mind_the_sources(snapshot)
            self._take_samples(snapshot)
            faults.extend(snapshot.faults)
        for fault in faults:
            if fault.lane in self.lanes:
                self.lanes[fault.lane].take_fault(fault)
        return faults

    def _mind_the_sources(self, snapshot: RunSnapshot) -> None:
        if snapshot.state not in {RunState.STARTING, RunState.RUNNING}:
            for lane in self.lanes.values():
                lane.sources_end_s = min(lane.sources_end_s, snapshot.t_s, self.duration_s)

    def _take_samples(self, snapshot: RunSnapshot) -> None:
        for sample in snapshot.samples:
            lane = self.lanes.get(sample.lane)
            if lane is not None:
                lane.take_sample(sample)

    @property
    def shown(self) -> RunSnapshot | None:
        """What stands on the screen: the newest snapshot, or that of the held moment."""
        until_s = self.shown_until_s
        return self.latest if until_s == math.inf else self._moments.at(until_s)

    @property
    def shown_until_s(self) -> float:
        """What came later is not seen: the held moment, infinite while the newest is shown."""
        held_s = self.timeline.held_s
        if held_s is None or (self.ended and held_s >= self.last_sample_s()):
            return math.inf
        return held_s

    @property
    def shown_ended(self) -> bool:
        """Whether what is shown is the run's end."""
        shown = self.shown
        return shown is not None and shown.state.ended

    @property
    def now_s(self) -> float:
        """How far the run is, seconds since its start; 0 before it has begun."""
        return max(self.latest.t_s, 0.0) if self.latest is not None else 0.0

    @property
    def run(self) -> Run:
        """How far the run is."""
        return Run(self.last_sample_s(), self.duration_s, self.ended)

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
