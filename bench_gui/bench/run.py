"""One run from its settings to its verdict, in the bench's own process.

One loop waits for whatever comes first: the end of a worker, the auditor's report, the watcher's
command, the next kill or restart. Nothing in it waits for a watcher.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from bench_gui.bench.audit.audit_messages import AuditReport, Begin, FinalReport, Finish
from bench_gui.bench.audit_link import AuditLink, AuditorFailed
from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.fault_maker import FaultMaker
from bench_gui.bench.fault_writing import FaultWriter
from bench_gui.bench.faults import FaultLog
from bench_gui.bench.lane_run import LaneRun, WorkerFailure
from bench_gui.bench.plan import lane_config
from bench_gui.bench.recording.recorder import Recorder
from bench_gui.bench.records.reserve import Reserve
from bench_gui.bench.records.run_records import RunRecords
from bench_gui.bench.records.store import RunStore
from bench_gui.bench.retention.clean_process import CleanLink
from bench_gui.bench.run_order import RunOrder
from bench_gui.bench.scoreboard import Scoreboard
from bench_gui.bench.slot import Slot
from bench_gui.bench.snapshot import FaultReport, LaneSample, RunSnapshot, RunState
from bench_gui.bench.watcher import (
    Abort,
    Command,
    Down,
    Kill,
    KillAt,
    LoseAck,
    Pause,
    Stop,
    Watcher,
)
from workers.control import end_sources
from workers.log.errors import StorageProblem
from workers.processes import NoProcess, keep_spares, wait
from workers.time_units import MS_NS, SECOND_NS

READY_TIMEOUT_S = 30.0
START_MARGIN_NS = 20 * MS_NS
LEAST_REST_NS = 200 * MS_NS
"""With less left than this, a stop changes nothing: the sources are about to end as planned."""
TICK_S = 0.05
READY_TICK_S = 0.002
FAREWELL_S = 5.0
LAST_READING_S = 10.0
"""How long the bench tries to read what the workers left while another program locks it."""


class _Aborted(Exception):
    """The watcher wants every process ended now, or is gone."""


class Run:
    """One run. `execute` does all of it."""

    def __init__(self, order: RunOrder, watcher: Watcher) -> None:
        """Raises EnvironmentProblem when run.db cannot be made."""
        settings = order.settings
        self._order = order
        self._settings = settings
        self._watcher = watcher
        self._run_id, self._store = _new_store(order)
        self._reserve = Reserve(order.run_dir)
        self._faults = FaultLog(self._store.fault)
        self._board = Scoreboard(settings.lanes, self._faults)
        self._recorder = Recorder()
        self._records = RunRecords(self._store, settings, self._recorder)
        self._lanes: dict[str, LaneRun] = {}
        self._fault_maker = FaultMaker(settings, self._lanes)
        self._fault_writer = FaultWriter(self._faults, self._store, self._lanes, self._note)
        self._auditor: AuditLink | None = None
        self._cleaner: CleanLink | None = None
        self._final: FinalReport | None = None
        self._shown_last: RunSnapshot | None = None
        self._state = RunState.STARTING
        self._message = "starting the workers"
        self._start_ns = self._end_ns = self._drain_by_ns = 0
        self._cpu_before_s = 0.0

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
        except NoProcess as problem:
            self._end_early(RunState.FAILED, f"the run could not go on: {problem}")
        except OSError as problem:
            self._end_early(RunState.FAILED, _in_words(problem))
        except (WorkerFailure, AuditorFailed) as failure:
            self._keep_details(failure.details)
            self._end_early(RunState.FAILED, str(failure))
        finally:
            self._end_processes()
        self._say_farewell()

    # before the sources start

    def _prepare(self) -> None:
        delay_ns = int(self._settings.restart_delay_ms * MS_NS)
        for slug in self._settings.lanes:
            config = lane_config(self._settings, slug, self._order.run_dir)
            self._lanes[slug] = LaneRun(
                config, self._store, self._faults, delay_ns, self._settings.kill_at
            )
        self._auditor = AuditLink(self._order.run_dir, self._settings)
        keep_spares(len(self._lanes))
        for lane in self._lanes.values():
            lane.start_all()
        self._note_starts()
        deadline_s = time.monotonic() + READY_TIMEOUT_S
        self._loop(lambda: self._all_ready(deadline_s), READY_TICK_S)

    def _all_ready(self, deadline_s: float) -> bool:
        if time.monotonic() > deadline_s:
            raise EnvironmentProblem("the workers did not start within 30 s; is the machine busy?")
        assert self._auditor is not None
        return self._auditor.ready and all(lane.ready for lane in self._lanes.values())

    def _start(self) -> None:
        """The sources start in every lane at once, when every worker is ready for them."""
        self._cpu_before_s = time.process_time()
        self._start_ns = time.monotonic_ns() + START_MARGIN_NS
        self._end_ns = self._start_ns + int(self._settings.duration_s * SECOND_NS)
        self._store.set_state(
            RunState.RUNNING, start_ns=self._start_ns, sources_end_ns=self._end_ns
        )
        for lane in self._lanes.values():
            lane.control.set_sources_end(self._end_ns)
            lane.control.set_sources_start(self._start_ns)
        self._board.begin(self._start_ns)
        self._fault_writer.begin(self._start_ns)
        self._tell_auditor(
            Begin(self._start_ns, self._start_ns + int(self._order.cut_s * SECOND_NS))
        )
        self._fault_maker.begin(self._start_ns)
        self._state, self._message = RunState.RUNNING, "running"

    def _tell_auditor(self, message: Begin | Finish) -> None:
        assert self._auditor is not None
        self._auditor.tell(message)

    # the loop

    def _loop(self, over: Callable[[], bool], tick_s: float = TICK_S) -> None:
        """Deals with whatever comes until `over`, looking at least every `tick_s`."""
        while not over():
            self._deal_with_what_comes(self._patience_s(tick_s))
            self._act_on_time()
            self._publish()

    def _deal_with_what_comes(self, timeout_s: float | None) -> None:
        ends = {
            sentinel: (lane, slot)
            for lane in self._lanes.values()
            for sentinel, slot in lane.sentinels.items()
        }
        audit = self._auditor.connection if self._auditor is not None else None
        waited = [one for one in (self._watcher.connection, audit, *ends) if one is not None]
        came = wait(waited, timeout_s)
        self._deal_with_ends([ends[ready] for ready in came if isinstance(ready, int)])
        if audit in came:
            self._take_report()
        if self._watcher.connection in came:
            self._obey(self._watcher.receive())

    def _deal_with_ends(self, ended: list[tuple[LaneRun, Slot]]) -> None:
        """Writes the ends down, then starts the replacements: all lanes' at once, as they died."""
        if not ended:
            return
        self._fault_writer.read()
        taken = [(lane, slot, lane.take_end(slot, self._t_s())) for lane, slot in ended]
        self._fault_writer.write()
        for lane, slot, end in taken:
            lane.plan_replacement(slot, end)
        self._restart(time.monotonic_ns())

    def _restart(self, now_ns: int) -> None:
        """Fills the slots whose time to stay empty is over."""
        for lane in self._lanes.values():
            lane.restart_due(now_ns)
        self._note_starts()

    def _note_starts(self) -> None:
        """Every process is asked for before the first one is waited for."""
        if any(lane.starting for lane in self._lanes.values()):
            with self._store.together():
                for lane in self._lanes.values():
                    lane.note_starts()

    def _patience_s(self, tick_s: float) -> float:
        now_ns = time.monotonic_ns()
        due = [lane.next_ns for lane in self._lanes.values()]
        if self._state is RunState.RUNNING:
            due += [self._end_ns, self._fault_maker.next_ns]
        times = [time_ns for time_ns in due if time_ns is not None]
        rest_s = min((t - now_ns for t in times), default=SECOND_NS) / SECOND_NS
        return min(tick_s, max(0.0, rest_s))

    def _act_on_time(self) -> None:
        now_ns = time.monotonic_ns()
        self._restart(now_ns)
        if self._state is RunState.RUNNING:
            self._fault_maker.act(now_ns, self._end_ns)
        if self._state is RunState.RUNNING and now_ns >= self._end_ns:
            self._start_drain()
        for lane in self._lanes.values():
            lane.act(now_ns, self._t_s())
        self._fault_writer.read_in_time(now_ns)
        if self._state is RunState.DRAINING:
            self._drain(now_ns)
        if self._start_ns and self._records.due:
            self._fault_writer.write()
            self._records.write_now(self._snapshot())

    def _start_drain(self) -> None:
        self._state = RunState.DRAINING
        self._message = "sources ended; the workers finish what is left"
        now_ns = time.monotonic_ns()
        self._fault_maker.end(now_ns)
        self._drain_by_ns = now_ns + int(self._settings.drain_timeout_s * SECOND_NS)
        self._store.set_state(RunState.DRAINING, sources_end_ns=self._end_ns)

    def _drain(self, now_ns: int) -> None:
        for lane in self._lanes.values():
            lane.drain_if_produced()
        if all(lane.finished for lane in self._lanes.values()):
            self._state, self._message = RunState.COUNTING, "counting again, and a third time"
        elif now_ns > self._drain_by_ns:
            for lane in self._lanes.values():
                lane.cut_short(self._t_s())
            self._state = RunState.COUNTING
            self._message = "the drain took too long and was cut short; counting"

    # watcher and auditor

    def _obey(self, command: Command | None) -> None:
        if command is None or isinstance(command, Abort):
            raise _Aborted
        if isinstance(command, Stop):
            self._stop()
        if isinstance(command, Kill | Pause | Down | KillAt | LoseAck):
            refusal = self._fault_maker.obey(command, time.monotonic_ns())
            self._message = refusal or self._message

    def _stop(self) -> None:
        if self._state is RunState.STARTING:
            raise _Aborted
        rest_ns = self._end_ns - time.monotonic_ns()
        if self._state is RunState.RUNNING and rest_ns > LEAST_REST_NS:
            self._end_ns = end_sources([lane.control for lane in self._lanes.values()])
            self._start_drain()

    def _take_report(self) -> None:
        assert self._auditor is not None
        message = self._auditor.receive()
        if message is None:
            return
        self._final = message if isinstance(message, FinalReport) else None
        report = message.report if isinstance(message, FinalReport) else message
        states = {slug: lane.states() for slug, lane in self._lanes.items()}
        costs = {slug: lane.cost() for slug, lane in self._lanes.items()}
        samples = self._board.take(report, states, costs)
        self._records.keep_samples(samples)
        self._records.write_anomalies(report)
        self._clean(report)
        self._note((), samples)

    def _note(self, faults: Sequence[FaultReport], samples: Sequence[LaneSample] = ()) -> None:
        """What is new, for those who watch and for the recording."""
        self._watcher.note(samples, faults)
        self._recorder.note(len(samples), faults)

    def _clean(self, report: AuditReport) -> None:
        """What both counts have read may go, unless they are at their end."""
        if report.removable and self._cleaner is None:
            self._cleaner = CleanLink(self._order.run_dir)
        if self._cleaner is not None:
            self._cleaner.tell(report.removable)
            self._message = self._cleaner.problem or self._message

    def _end_cleaner(self) -> None:
        if self._cleaner is not None:
            self._cleaner.end()
            self._cleaner = None

    def _publish(self) -> None:
        self._fault_writer.write()
        asked = self._watcher.due
        if asked or self._recorder.due:
            shown = self._snapshot()
            self._recorder.take(shown)
            if asked:
                self._watcher.send(shown)

    def _snapshot(self) -> RunSnapshot:
        """As it is shown, without what is new."""
        lanes = {
            slug: self._board.snapshot(slug, lane.states()) for slug, lane in self._lanes.items()
        }
        t_s = self._t_s()
        return RunSnapshot(
            run_id=self._run_id,
            state=self._state,
            t_s=t_s,
            seed=self._settings.seed,
            lanes=lanes,
            disagreement=self._disagreement,
            message="; ".join(filter(None, (self._message, self._recorder.problem))),
            bench_cpu=self._bench_cpu(),
            ran_s=self._ran_s(t_s),
        )

    @property
    def _disagreement(self) -> str | None:
        return self._final.disagreement if self._final is not None else None

    def _bench_cpu(self) -> float:
        """CPU of this process and the auditor's since the sources started, in cores."""
        auditor_s = self._auditor.cpu_s if self._auditor is not None else 0.0
        used_s = time.process_time() - self._cpu_before_s + auditor_s
        return used_s / max(1.0, self._t_s())

    def _t_s(self) -> float:
        if not self._start_ns:
            return 0.0
        return (time.monotonic_ns() - self._start_ns) / SECOND_NS

    # the end

    def _count(self) -> None:
        self._store.set_state(RunState.COUNTING)
        self._read_last_faults()
        self._end_cleaner()
        self._tell_auditor(Finish())
        while self._final is None:
            self._publish()
            self._deal_with_what_comes(None)
        agreed = "complete: live count, final count and recount agree event by event"
        differ = "the counts disagree, which is an error of the bench"
        self._end(RunState.COMPLETE, agreed if self._disagreement is None else differ)

    def _read_last_faults(self) -> None:
        """What the workers wrote down before they ended, for the auditor to know when it counts."""
        deadline_s = time.monotonic() + LAST_READING_S
        self._loop(lambda: self._all_read(deadline_s))
        self._publish()

    def _all_read(self, deadline_s: float) -> bool:
        if time.monotonic() > deadline_s:
            raise EnvironmentProblem(
                "a lane's files are locked by another program; close it and run again"
            )
        return self._fault_writer.read()

    def _ran_s(self, t_s: float) -> float:
        """How long the sources have run at a moment of the run, seconds."""
        return max(0.0, min(t_s, (self._end_ns - self._start_ns) / SECOND_NS))

    def _end_early(self, state: RunState, message: str) -> None:
        """Keeps what was measured so far."""
        self._store.hurry()
        self._end_ns = min(self._end_ns, time.monotonic_ns())
        self._end_processes()
        self._reserve.release()
        try:
            self._end(state, message)
        except EnvironmentProblem:
            return  # the disk that failed the run cannot take its end either

    def _end(self, state: RunState, message: str) -> None:
        self._state, self._message = state, message
        self._board.final = begun = bool(self._start_ns)
        self._shown_last = self._snapshot()
        self._fault_writer.write()
        histograms = self._final.histograms if self._final is not None else {}
        self._records.write_end(self._shown_last, histograms, begun=begun)

    def _keep_details(self, details: str) -> None:
        if details:
            with suppress(OSError):
                (self._order.run_dir / "failure.txt").write_text(details, encoding="utf-8")

    def _end_processes(self) -> None:
        for lane in self._lanes.values():
            lane.kill_all()  # before anything that may fail: this process waits for them at its end
        self._fault_writer.close()
        self._end_cleaner()
        for lane in self._lanes.values():
            lane.end_all()
            lane.close(keep_data=self._order.keep_data)
        if self._auditor is not None:
            self._auditor.end()
            self._auditor = None

    def _say_farewell(self) -> None:
        """Gives the watcher the last snapshot once it asks, if it is there to ask."""
        self._reserve.release()
        self._store.close()
        self._watcher.note((), self._faults.take_changed())
        deadline_s = time.monotonic() + FAREWELL_S
        while not (self._watcher.gone or self._watcher.asked):
            rest_s = deadline_s - time.monotonic()
            if rest_s <= 0 or not wait([self._watcher.connection], rest_s):
                break
            self._watcher.receive()
        if self._watcher.asked:
            self._watcher.send(self._shown_last or self._snapshot())
        self._watcher.close(FAREWELL_S)


def _new_store(order: RunOrder) -> tuple[str, RunStore]:
    """The run's name, and its database."""
    now = datetime.now(UTC)
    run_id = f"{now:%Y%m%d-%H%M%S}-s{order.settings.seed}"
    store = RunStore.create(
        order.run_dir,
        order.settings,
        run_id=run_id,
        start_ns=0,
        started_at_iso=now.isoformat(timespec="milliseconds"),
        command_line=order.command_line,
        bench_pid=os.getpid(),
    )
    return run_id, store


def _in_words(problem: OSError) -> str:
    """One sentence; an error of the system need not name a file."""
    reason = problem.strerror or str(problem)
    where = f" ({problem.filename})" if problem.filename is not None else ""
    return f"the run could not go on: {reason}{where}; make room or choose another directory"
