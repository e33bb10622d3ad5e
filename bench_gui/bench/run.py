"""One run from its settings to its verdict, in the bench's own process.

One loop waits for whatever comes first: the end of a worker, the auditor's report, the watcher's
command, the next kill or restart. Nothing in it waits for a watcher.
"""

from __future__ import annotations

import os
import random
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench_gui.bench.audit_messages import (
    AuditFailure,
    AuditReport,
    Begin,
    FinalReport,
    Finish,
    SourcesEnd,
)
from bench_gui.bench.audit_process import audit_run
from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.faults import FaultLog
from bench_gui.bench.lane_run import LaneRun, WorkerFailure
from bench_gui.bench.plan import fault_schedule, lane_config
from bench_gui.bench.results import SummaryRow, summarize
from bench_gui.bench.scoreboard import Scoreboard
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import LaneSample, RunSnapshot, RunState
from bench_gui.bench.store import RunStore
from bench_gui.bench.watcher import Abort, Command, Kill, Stop, Watcher
from workers.control import end_sources
from workers.lanes import Role
from workers.log.errors import StorageProblem
from workers.processes import Child, Connection, pipe, start_from_fork_server, wait

SECOND_NS = 1_000_000_000
MS_NS = 1_000_000
READY_TIMEOUT_S = 30.0
START_MARGIN_NS = 20 * MS_NS
TICK_S = 0.05
STORE_EVERY_NS = SECOND_NS
FAREWELL_S = 5.0


class _Aborted(Exception):
    """The watcher wants every process ended now, or is gone."""


class AuditorFailed(Exception):
    """The auditor failed by a bug of ours. `details` is its traceback."""

    def __init__(self, sentence: str, details: str) -> None:
        super().__init__(sentence)
        self.details = details


@dataclass(frozen=True, slots=True)
class RunOrder:
    """What the bench's process is asked to do.

    Fields:
        run_dir: exists and holds no run.
        keep_data: keep the lanes' databases.
        command_line: that repeats the run.
    """

    settings: RunSettings
    run_dir: Path
    keep_data: bool
    command_line: str


class Run:
    """One run. `execute` does all of it."""

    def __init__(self, order: RunOrder, watcher: Watcher) -> None:
        """Raises EnvironmentProblem when run.db cannot be made."""
        settings = order.settings
        self._order = order
        self._settings = settings
        self._watcher = watcher
        now = datetime.now(UTC)
        self._run_id = f"{now:%Y%m%d-%H%M%S}-s{settings.seed}"
        self._store = RunStore.create(
            order.run_dir,
            settings,
            run_id=self._run_id,
            start_ns=0,
            started_at_iso=now.isoformat(timespec="milliseconds"),
            command_line=order.command_line,
            bench_pid=os.getpid(),
        )
        self._faults = FaultLog()
        self._board = Scoreboard(settings.lanes, self._faults)
        self._schedule = fault_schedule(settings)
        self._chance = random.Random()
        self._lanes: dict[str, LaneRun] = {}
        self._state = RunState.STARTING
        self._message = "starting the workers"
        self._disagreement: str | None = None
        self._start_ns = self._end_ns = self._stored_ns = self._drain_by_ns = 0
        self._unstored: list[LaneSample] = []
        self._auditor: Child | None = None
        self._audit: Connection | None = None
        self._auditor_cpu_s = 0.0

    def execute(self) -> None:
        """Runs to the end, whatever the end is; the last snapshot says which."""
        try:
            self._prepare()
            self._start()
            self._loop(lambda: self._state is RunState.COUNTING)
            self._count()
        except _Aborted:
            self._end_early(RunState.CUT_OFF, "cut off: every process was ended")
        except (EnvironmentProblem, StorageProblem) as problem:
            self._end_early(RunState.FAILED, str(problem))
        except OSError as problem:
            self._end_early(RunState.FAILED, f"{problem.strerror}: {problem.filename}")
        except (WorkerFailure, AuditorFailed) as failure:
            self._keep_details(failure.details)
            self._end_early(RunState.FAILED, str(failure))
        finally:
            self._end_processes()
        self._say_farewell()

    # before the sources start

    def _prepare(self) -> None:
        order = self._order
        delay_ns = int(self._settings.restart_delay_ms * MS_NS)
        for slug in self._settings.lanes:
            config = lane_config(self._settings, slug, order.run_dir)
            self._lanes[slug] = LaneRun(config, self._store, self._faults, delay_ns)
        self._audit, far_end = pipe()
        self._auditor = start_from_fork_server(audit_run, far_end, order.run_dir, self._settings)
        far_end.close()
        for lane in self._lanes.values():
            lane.start_all()
        deadline_s = time.monotonic() + READY_TIMEOUT_S
        self._loop(lambda: self._all_ready(deadline_s), poll_s=0.002)

    def _all_ready(self, deadline_s: float) -> bool:
        if time.monotonic() > deadline_s:
            raise EnvironmentProblem("the workers did not start within 30 s; is the machine busy?")
        return all(lane.ready for lane in self._lanes.values())

    def _start(self) -> None:
        self._start_ns = time.monotonic_ns() + START_MARGIN_NS
        self._end_ns = self._start_ns + int(self._settings.duration_s * SECOND_NS)
        self._stored_ns = self._start_ns
        self._store.set_state(
            RunState.RUNNING, start_ns=self._start_ns, sources_end_ns=self._end_ns
        )
        for lane in self._lanes.values():
            lane.control.set_sources_end(self._end_ns)
            lane.control.set_sources_start(self._start_ns)
        self._board.begin(self._start_ns)
        self._tell_auditor(Begin(self._start_ns))
        self._tell_auditor(SourcesEnd(self._end_ns))
        self._state, self._message = RunState.RUNNING, "running"

    # the loop

    def _loop(self, over: Callable[[], bool], poll_s: float = TICK_S) -> None:
        """Deals with whatever comes until `over`."""
        while not over():
            sentinels = {
                sentinel: (lane, slot)
                for lane in self._lanes.values()
                for sentinel, slot in lane.sentinels.items()
            }
            waited = [self._watcher.connection, self._audit, *sentinels]
            ready = wait([one for one in waited if one is not None], self._patience_s(poll_s))
            for one in ready:
                if isinstance(one, int):
                    lane, slot = sentinels[one]
                    lane.deal_with_end(slot, self._t_s())
                elif one is self._audit:
                    self._take_report()
                else:
                    self._obey(self._watcher.receive())
            self._act_on_time()
            self._publish()

    def _patience_s(self, poll_s: float) -> float:
        now_ns = time.monotonic_ns()
        times = [t for lane in self._lanes.values() if (t := lane.next_restart_ns) is not None]
        if self._state is RunState.RUNNING:
            times.append(self._end_ns)
            times += [self._start_ns + kill.at_ns for kill in self._schedule[:1]]
        rest_s = min((t - now_ns for t in times), default=SECOND_NS) / SECOND_NS
        return min(poll_s, max(0.0, rest_s))

    def _act_on_time(self) -> None:
        now_ns = time.monotonic_ns()
        if self._state is RunState.RUNNING:
            self._kill_on_schedule(now_ns)
            if now_ns >= self._end_ns:
                self._start_drain()
        for lane in self._lanes.values():
            lane.restart_due(now_ns)
            lane.note_recoveries()
        if self._state is RunState.DRAINING:
            self._drain(now_ns)
        if now_ns - self._stored_ns >= STORE_EVERY_NS:
            self._store_news(now_ns)

    def _kill_on_schedule(self, now_ns: int) -> None:
        while self._schedule and self._start_ns + self._schedule[0].at_ns <= now_ns:
            kill = self._schedule.pop(0)
            self._kill(kill.role, kill.slot, list(self._lanes), scheduled=True)

    def _kill(self, role: Role, number: int, slugs: list[str], *, scheduled: bool) -> None:
        for slug in slugs:
            lane = self._lanes[slug]
            lane.kill(lane.of_role(role)[number], self._t_s(), scheduled=scheduled)

    def _start_drain(self) -> None:
        self._state, self._message = RunState.DRAINING, "sources ended; workers finish what is left"
        self._drain_by_ns = time.monotonic_ns() + int(self._settings.drain_timeout_s * SECOND_NS)
        self._store.set_state(RunState.DRAINING, sources_end_ns=self._end_ns)
        self._tell_auditor(SourcesEnd(self._end_ns))

    def _drain(self, now_ns: int) -> None:
        for lane in self._lanes.values():
            lane.drain_if_produced()
        if all(lane.finished for lane in self._lanes.values()):
            self._state, self._message = RunState.COUNTING, "counting again, and a third time"
        elif now_ns > self._drain_by_ns:
            for lane in self._lanes.values():
                lane.end_all()
            self._state = RunState.COUNTING
            self._message = "the drain took too long and was cut short; counting"

    # watcher and auditor

    def _obey(self, command: Command | None) -> None:
        if command is None or isinstance(command, Abort):
            raise _Aborted
        if isinstance(command, Stop):
            self._stop()
        if isinstance(command, Kill) and self._state is RunState.RUNNING:
            role = Role(command.role)
            lanes = list(self._lanes) if command.lane is None else [command.lane]
            count = len(self._lanes[lanes[0]].of_role(role))
            self._kill(role, self._chance.randrange(count), lanes, scheduled=False)

    def _stop(self) -> None:
        if self._state is RunState.STARTING:
            raise _Aborted
        if self._state is RunState.RUNNING:
            self._end_ns = end_sources([lane.control for lane in self._lanes.values()])
            self._start_drain()

    def _tell_auditor(self, message: object) -> None:
        assert self._audit is not None
        try:
            self._audit.send(message)
        except OSError as error:
            raise AuditorFailed("the auditor's process has ended", "") from error

    def _take_report(self) -> AuditReport | FinalReport:
        assert self._audit is not None
        try:
            report: AuditReport | FinalReport | AuditFailure = self._audit.recv()
        except (EOFError, OSError) as error:
            raise AuditorFailed("the auditor's process has ended", "") from error
        if isinstance(report, AuditFailure):
            raise AuditorFailed(report.sentence, report.details)
        newest = report.report if isinstance(report, FinalReport) else report
        self._auditor_cpu_s = newest.cpu_s
        states = {slug: lane.states() for slug, lane in self._lanes.items()}
        samples = self._board.take(newest, states)
        self._unstored += samples
        self._store_anomalies(newest)
        self._watcher.note(samples, ())
        return report

    def _store_anomalies(self, report: AuditReport) -> None:
        found = [anomaly for audit in report.lanes.values() for anomaly in audit.anomalies]
        if found:
            self._store.put_anomalies(found)

    def _publish(self) -> None:
        changed = self._faults.take_changed()
        if changed:
            self._store.put_faults(changed)
            self._watcher.note((), changed)
        if self._watcher.asked:
            self._watcher.send(self._snapshot())

    def _snapshot(self) -> RunSnapshot:
        news = self._watcher.take_news()
        return RunSnapshot(
            run_id=self._run_id,
            state=self._state,
            t_s=self._t_s(),
            seed=self._settings.seed,
            lanes={
                slug: self._board.snapshot(slug, lane.states())
                for slug, lane in self._lanes.items()
            },
            samples=tuple(news.samples),
            faults=tuple(news.faults.values()),
            disagreement=self._disagreement,
            message=self._message,
            bench_cpu=self._bench_cpu(),
        )

    def _bench_cpu(self) -> float:
        own = resource.getrusage(resource.RUSAGE_SELF)
        used_s = own.ru_utime + own.ru_stime + self._auditor_cpu_s
        return used_s / max(1.0, self._t_s())

    def _t_s(self) -> float:
        if not self._start_ns:
            return 0.0
        return (time.monotonic_ns() - self._start_ns) / SECOND_NS

    # the end

    def _store_news(self, now_ns: int) -> None:
        self._stored_ns = now_ns
        samples, self._unstored = self._unstored, []
        self._store.add_samples(samples)

    def _count(self) -> None:
        self._store.set_state(RunState.COUNTING)
        self._publish()
        self._tell_auditor(Finish())
        report = self._await_final_report()
        self._board.final = True
        self._disagreement = report.disagreement
        self._store_news(time.monotonic_ns())
        self._store_results(report.histograms)
        self._end(RunState.COMPLETE, self._message_of_end())

    def _await_final_report(self) -> FinalReport:
        while True:
            ready = wait([self._watcher.connection, self._audit])
            if self._watcher.connection in ready:
                self._obey(self._watcher.receive())
                self._publish()
            if self._audit in ready:
                report = self._take_report()
                if isinstance(report, FinalReport):
                    return report

    def _message_of_end(self) -> str:
        if self._disagreement is not None:
            return "the counts disagree: an error of the bench"
        return "complete: live count, final count and recount agree event by event"

    def _store_results(self, histograms: dict[str, str]) -> None:
        self._store.put_faults(self._faults.take_changed())
        for slug, lane in self._lanes.items():
            shown = self._board.snapshot(slug, lane.states())
            self._store.set_lane(slug, shown.verdict, shown.verdict_reason, histograms.get(slug))
        self._store.put_summary(self._summary(slug) for slug in self._lanes)

    def _summary(self, slug: str) -> SummaryRow:
        audit = self._board.audit(slug)
        duration_s = max(0.0, min(self._t_s(), (self._end_ns - self._start_ns) / SECOND_NS))
        return summarize(
            self._run_id,
            self._settings,
            slug,
            audit.counts,
            self._faults.reports,
            audit.total,
            duration_s=duration_s,
            verdict=self._board.snapshot(slug, ()).verdict,
        )

    def _end_early(self, state: RunState, message: str) -> None:
        """Keeps what was measured so far."""
        self._end_processes()
        try:
            if self._start_ns:
                self._board.final = True
                self._store_news(time.monotonic_ns())
                self._store_results({})
            self._end(state, message)
        except EnvironmentProblem:
            self._state, self._message = state, message

    def _end(self, state: RunState, message: str) -> None:
        self._state, self._message = state, message
        self._store.set_state(
            state,
            ended_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
            disagreement=self._disagreement,
        )

    def _keep_details(self, details: str) -> None:
        if details:
            path = self._order.run_dir / "failure.txt"
            path.write_text(details, encoding="utf-8")

    def _end_processes(self) -> None:
        for lane in self._lanes.values():
            lane.end_all()
            lane.close(keep_data=self._order.keep_data)
        if self._auditor is not None:
            self._auditor.kill()
            self._auditor.join()

    def _say_farewell(self) -> None:
        """Gives the watcher the last snapshot once it asks, if it is there to ask."""
        self._watcher.note((), self._faults.reports)
        deadline_s = time.monotonic() + FAREWELL_S
        while not (self._watcher.gone or self._watcher.asked):
            rest_s = deadline_s - time.monotonic()
            if rest_s <= 0 or not wait([self._watcher.connection], rest_s):
                break
            self._watcher.receive()
        if self._watcher.asked:
            self._watcher.send(self._snapshot())
        self._watcher.close(FAREWELL_S)
        self._store.close()
