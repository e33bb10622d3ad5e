"""A bench that only pretends: scripted snapshots on the caller's thread, no process, no file.

It stands in for `bench.client.BenchClient` where a test is about the window and not about the run.
"""

from __future__ import annotations

import itertools
import random
import time
from dataclasses import replace
from pathlib import Path

from bench_gui.bench.faults import ACK_LOSS, KILL, KILL_AT_STEP, KILL_OF_ROLE, PAUSE
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import (
    FaultReport,
    FaultTotals,
    LaneCounts,
    LaneSample,
    LaneSnapshot,
    RunSnapshot,
    RunState,
    Verdict,
    WorkerState,
)
from tests.gui.fake_picture import fake_links, fake_partitions
from workers.failpoints import Failpoint
from workers.lanes import Anomaly, Role, lane_of

BUCKET_S = 0.1
ENDING = (KILL, KILL_AT_STEP, KILL_OF_ROLE)
"""Kinds of faults that end a process."""


class FakeClient:
    """A run of `speed` simulated seconds a real second; time also moves by `advance`.

    Fields:
        deaf: as a bench that was stopped: says nothing, obeys nothing, and can only be ended.
        kills, pauses, downs, failpoints, acks_lost, stops, aborts, closes, prepared: what was asked
            for, for a test to look at.
        kept_data: whether the newest run keeps its lanes' databases.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed
        self.deaf = False
        self.start_problem: OSError | None = None
        self.kills: list[tuple[Role, str | None]] = []
        self.pauses: list[tuple[Role, str | None]] = []
        self.downs: list[tuple[Role, str | None]] = []
        self.failpoints: list[tuple[Failpoint, str | None]] = []
        self.acks_lost: list[str | None] = []
        self.kept_data = False
        self.stops = self.aborts = self.closes = self.prepared = 0
        self.failure: str | None = None
        self.disagreement: str | None = None
        self.started: list[tuple[RunSettings, Path]] = []
        self._run: FakeRun | None = None
        self._began = 0.0

    @property
    def running(self) -> bool:
        return self._run is not None and not self._run.state.ended

    def prepare(self) -> None:
        self.prepared += 1

    def start(
        self,
        settings: RunSettings,
        run_dir: Path,
        *,
        keep_data: bool = False,
        command_line: str = "",
    ) -> None:
        del command_line
        self.kept_data = keep_data
        if self.running:
            raise RuntimeError("a run is going on")
        if self.start_problem is not None:
            raise self.start_problem
        self.failure = None
        self.started.append((settings, run_dir))
        self._run = FakeRun(settings)
        self._began = time.perf_counter()

    def poll(self) -> list[RunSnapshot]:
        if self._run is None or self._run.told or self.deaf:
            return []
        now_s = (time.perf_counter() - self._began) * self.speed
        return [replace(self._run.snapshot(now_s), disagreement=self.disagreement)]

    def stop(self) -> None:
        self.stops += 1
        if self._run is not None:
            self._run.ends_s = min(self._run.ends_s, self._run.now_s)

    def kill(self, role: Role, lane: str | None = None) -> None:
        self.kills.append((role, lane))
        if self._run is not None:
            self._run.hit(role, lane)

    def pause(self, role: Role, lane: str | None = None) -> None:
        self.pauses.append((role, lane))
        if self._run is not None:
            self._run.hit(role, lane, kind=PAUSE)

    def take_down(self, role: Role, lane: str | None = None) -> None:
        self.downs.append((role, lane))
        if self._run is not None:
            self._run.hit(role, lane, kind=KILL_OF_ROLE)

    def kill_at(self, failpoint: Failpoint, lane: str | None = None) -> None:
        self.failpoints.append((failpoint, lane))
        if self._run is not None:
            self._run.hit(failpoint.role, lane, kind=KILL_AT_STEP)

    def lose_ack(self, lane: str | None = None) -> None:
        self.acks_lost.append(lane)
        if self._run is not None:
            self._run.hit(Role.PRODUCER, lane, kind=ACK_LOSS)

    def abort(self) -> None:
        self.aborts += 1
        if self._run is not None and not self.deaf:
            self._run.state = RunState.CUT_OFF

    def close(self) -> None:
        self.closes += 1
        if self.deaf:
            self.deaf, self.failure = False, "the bench's process ended unexpectedly"
        self._run = None


class FakeRun:
    """What a run would tell, made up but consistent."""

    def __init__(self, settings: RunSettings) -> None:
        self.settings = settings
        self.state = RunState.RUNNING
        self.told = False
        self.now_s = 0.0
        self.ends_s = settings.duration_s
        self._random = random.Random(settings.seed)
        self._fault_ids = itertools.count(1)
        self._pids = itertools.count(41_700)
        self._lanes = {slug: FakeLane(slug, settings, self._pids) for slug in settings.lanes}
        self._next_kill_s = self._gap()
        self._faults: list[FaultReport] = []
        self._unfinished: list[FaultReport] = []

    def _gap(self) -> float:
        every = self.settings.kill_every_s
        return float("inf") if every is None else self._random.expovariate(1 / every)

    def hit(
        self,
        role: Role,
        slug: str | None = None,
        *,
        kind: str = KILL,
        scheduled: bool = False,
    ) -> None:
        for lane in self._lanes.values():
            if slug in {None, lane.lane.slug}:
                number = next(self._fault_ids)
                fault = lane.hit(number, self.now_s, role, self._random, kind, scheduled)
                self._faults.append(fault)
                self._unfinished.append(fault)

    def _scheduled(self) -> None:
        """As the settings ask for: kills, pauses and losses side by side."""
        settings = self.settings
        if self.now_s >= self._next_kill_s:
            self.hit(self._random.choice(list(Role)), scheduled=True)
            self._next_kill_s += self._gap()
        if settings.pause_every_s and self._random.random() < BUCKET_S / settings.pause_every_s:
            self.hit(Role.CONSUMER, kind=PAUSE, scheduled=True)
        if settings.down_every_s and self._random.random() < BUCKET_S / settings.down_every_s:
            self.hit(Role.CONSUMER, kind=KILL_OF_ROLE, scheduled=True)
        if self._random.random() < settings.ack_loss:
            self.hit(Role.PRODUCER, kind=ACK_LOSS, scheduled=True)

    def snapshot(self, until_s: float) -> RunSnapshot:
        self._finish_faults()
        samples = []
        while self.now_s + BUCKET_S <= min(until_s, self.ends_s) + 1e-9:
            self.now_s += BUCKET_S
            self._scheduled()
            samples += [lane.step(self.now_s, self._random) for lane in self._lanes.values()]
        if not self.state.ended and until_s >= self.ends_s:
            self.state = RunState.COMPLETE
        self.told = self.state.ended
        faults, self._faults = tuple(self._faults), []
        return RunSnapshot(
            run_id=f"fake-{self.settings.seed}",
            state=self.state,
            t_s=self.now_s,
            seed=self.settings.seed,
            lanes={slug: lane.snapshot(self.state) for slug, lane in self._lanes.items()},
            samples=tuple(samples),
            faults=faults,
            message="Four lanes, one schedule",
            bench_cpu=0.11,
            ran_s=self.now_s,
        )

    def _finish_faults(self) -> None:
        for fault in self._unfinished:
            lane = self._lanes[fault.lane]
            self._faults.append(lane.consequences(fault, self._random))
        self._unfinished.clear()


class FakeLane:
    """One lane's made-up numbers."""

    def __init__(self, slug: str, settings: RunSettings, pids: itertools.count[int]) -> None:
        self.lane = lane_of(slug)
        self.pause_s = settings.pause_ms / 1000
        self.blocked_ms = self.blocked_max_ms = 0.0
        self._resumed: dict[int, float] = {}
        self.rate = settings.rate_eps or 50_000
        self._partitions = settings.partitions
        self.counts = LaneCounts()
        self._pids = pids
        self._lag = 0
        self._outage_s = 0.0
        self._workers = [
            WorkerState("producer", k, 0, next(pids), "up", "appended")
            for k in range(settings.producers)
        ] + [
            WorkerState("consumer", k, 0, next(pids), "up", "effect-applied")
            for k in range(settings.consumers)
        ]

    def hit(
        self,
        fault_id: int,
        t_s: float,
        role: Role,
        rng: random.Random,
        kind: str,
        scheduled: bool,
    ) -> FaultReport:
        places = [i for i, worker in enumerate(self._workers) if worker.role == role.value]
        place = rng.choice(places)
        worker = self._workers[place]
        if kind == PAUSE:
            self._workers[place] = replace(worker, state="paused")
            self._resumed[place] = t_s + self.pause_s
        elif kind in ENDING:
            self._workers[place] = replace(
                worker, incarnation=worker.incarnation + 1, pid=next(self._pids)
            )
            self._outage_s = 0.2
        word = {PAUSE: "paused", ACK_LOSS: "an acknowledgement was lost"}.get(kind, "killed")
        text = (
            f"{role.value} {worker.slot} of {self.lane.name}, pid {worker.pid}, {word} after "
            "effect-applied, before offsets-committed"
        )
        return FaultReport(
            fault_id, t_s, self.lane.slug, kind, role.value, worker.slot, worker.incarnation,
            worker.pid, "effect-applied", "offsets-committed", 40, None, 0, 0, 0, scheduled, text,
        )  # fmt: skip

    def consequences(self, fault: FaultReport, rng: random.Random) -> FaultReport:
        many = rng.randrange(8, 120)
        recovery_ms = rng.uniform(6, 60) if fault.kind in ENDING else None
        counts = self.counts
        if Anomaly.LOST in self.lane.allowed:
            self.counts = replace(counts, lost_after_log=counts.lost_after_log + many)
            return replace(
                fault, recovery_ms=recovery_ms, lost_caused=many,
                text=f"{fault.text}: {many} events lost",
            )  # fmt: skip
        if Anomaly.DUPLICATE in self.lane.allowed:
            self.counts = replace(
                counts, duplicates=counts.duplicates + many, redelivered=counts.redelivered + many
            )
            return replace(
                fault, recovery_ms=recovery_ms, duplicates_caused=many,
                text=f"{fault.text}: {many} events redelivered",
            )  # fmt: skip
        if Anomaly.REDELIVERY in self.lane.allowed:
            self.counts = replace(
                counts,
                suppressed=counts.suppressed + many,
                redelivered=counts.redelivered + many,
            )
            return replace(fault, recovery_ms=recovery_ms, suppressed_caused=many)
        return replace(fault, recovery_ms=recovery_ms)

    def _resume(self, t_s: float) -> None:
        for place in [place for place, until_s in self._resumed.items() if t_s >= until_s]:
            del self._resumed[place]
            self._workers[place] = replace(self._workers[place], state="up")

    def _block(self, rng: random.Random) -> float:
        if not self.lane.consumer.two_phase:
            return 0.0
        blocked_ms = rng.uniform(2, 6) + 30 * (self._outage_s > 0)
        self.blocked_ms += blocked_ms
        self.blocked_max_ms = max(self.blocked_max_ms, blocked_ms)
        return blocked_ms

    def step(self, t_s: float, rng: random.Random) -> LaneSample:
        self._resume(t_s)
        blocked_ms = self._block(rng)
        offered = round(self.rate * BUCKET_S)
        stalled = self._outage_s > 0
        self._outage_s = max(0.0, self._outage_s - BUCKET_S)
        behind = self.counts.offered - self.counts.delivered_unique - self.counts.lost
        delivered = 0 if stalled else min(offered + behind, int(offered * rng.uniform(0.97, 1.6)))
        self.counts = replace(
            self.counts,
            offered=self.counts.offered + offered,
            appended=self.counts.appended + offered,
            delivered_unique=self.counts.delivered_unique + delivered,
        )
        counts = self.counts
        in_flight = counts.offered - counts.delivered_unique - counts.lost
        self.counts = replace(
            counts, in_flight=in_flight, effects=counts.delivered_unique + counts.duplicates
        )
        self._lag = max(0, in_flight + rng.randrange(60))
        p50 = None if stalled else int(rng.lognormvariate(14.2, 0.15)) + in_flight * 100_000
        return LaneSample(
            t_s, self.lane.slug, offered / BUCKET_S, offered / BUCKET_S, delivered / BUCKET_S,
            self._lag, in_flight, counts.lost, counts.duplicates, counts.suppressed, p50,
            None if p50 is None else p50 * 4, None if p50 is None else p50 * 9,
            sum(w.role == "producer" for w in self._workers),
            sum(w.role == "consumer" for w in self._workers), blocked_ms,
        )  # fmt: skip

    def snapshot(self, state: RunState) -> LaneSnapshot:
        verdict = Verdict.HOLDS if state is RunState.COMPLETE else Verdict.PENDING
        workers = tuple(self._workers)
        if state.ended:
            workers = tuple(replace(w, pid=None, state="finished") for w in workers)
        return LaneSnapshot(
            self.lane.slug, self.counts, self._lag, float(self.rate), 1_480_000, 5_910_000,
            41_000_000, workers, 11, verdict, "nothing forbidden was seen; 11 kills could hurt",
            self.blocked_ms, self.blocked_max_ms,
            fake_partitions(self.counts, self._lag, self._partitions), fake_links(self.counts),
            2_900_000, 17_000_000, FaultTotals(5, 6, in_window=11, recovery_p50_ms=12.25),
        )  # fmt: skip
