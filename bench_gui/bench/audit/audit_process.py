"""The auditor's process: counts every lane in rounds while the run goes on, and at its end again.

It reads the lanes' files and run.db and writes nothing. It hears from the bench when the sources
start and end and when every worker is gone, and sends a report after each round.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from bench_gui.bench.audit.attribution import FaultEffects
from bench_gui.bench.audit.audit_messages import (
    AuditFailure,
    AuditReport,
    Begin,
    Caused,
    FinalReport,
    Finish,
    LaneAudit,
    Ready,
)
from bench_gui.bench.audit.auditor import LaneAuditor, SourcesEnd, compare, final_count
from bench_gui.bench.audit.committed_reader import CommittedReader
from bench_gui.bench.audit.recount import disagreement, recount
from bench_gui.bench.audit.second_count import SecondCount
from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.incarnations import IncarnationEnd
from bench_gui.bench.metrics import LatencyHistogram
from bench_gui.bench.plan import lane_directory
from bench_gui.bench.read_marks import ReadMarks
from bench_gui.bench.records.results import Latencies
from bench_gui.bench.records.run_tables import RUN_DB
from bench_gui.bench.records.stored_run import IncarnationReader
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import LinkClicks
from workers.control import ControlPage
from workers.entry import die_with_parent
from workers.events import Timetable
from workers.files import LaneFiles
from workers.lanes import Result, lane_of
from workers.processes import Connection
from workers.time_units import SECOND_NS

ROUND_S = 0.1
LEAST_PAUSE_S = 0.02
LINKS_EVERY_NS = SECOND_NS // 4
"""So often the links are told; every round's would be read by nobody."""
LINKS_TOLD = 20
LAST_ROUND_S = 10.0
"""How long the last round is tried again while a file is locked."""


def audit_run(connection: Connection, run_dir: Path, settings: RunSettings) -> None:
    """The process's main: audits until the final count is sent or the bench is gone."""
    die_with_parent()
    try:
        _Audit(connection, run_dir, settings).run()
    except (EOFError, BrokenPipeError):
        return
    except EnvironmentProblem as problem:
        connection.send(AuditFailure(str(problem), ""))
    except Exception as error:  # noqa: BLE001  the last to see it: handed to the bench
        sentence = f"the auditor failed, which is a bug: {error!r}"
        connection.send(AuditFailure(sentence, traceback.format_exc()))


class _LiveAuditor(LaneAuditor):
    """The running count of one lane, which reports what is new."""

    _links: tuple[LinkClicks, ...] = ()
    _links_ns = 0

    def take_caused(self) -> dict[int, FaultEffects]:
        """What each fault has caused so far, of those of which that changed since the last call."""
        return self._tables.causes.take_caused()

    def take_links(self, now_ns: int, *, last: bool) -> tuple[LinkClicks, ...] | None:
        """The links clicked most; None when they were told a moment ago or have not changed."""
        if not last and now_ns - self._links_ns < LINKS_EVERY_NS:
            return None
        self._links_ns = now_ns
        before, self._links = self._links, self.links(LINKS_TOLD)
        return None if before == self._links else self._links


class _Audit:
    def __init__(self, connection: Connection, run_dir: Path, settings: RunSettings) -> None:
        self._connection = connection
        self._run_dir = run_dir
        self._settings = settings
        self._reader = IncarnationReader(run_dir)
        self._last_end_ns = 0
        self._control: dict[str, ControlPage] = {}
        self._timetable = Timetable(0, settings.rate_eps, settings.producers)
        self._lanes: dict[str, _LiveAuditor] = {}
        self._seconds: dict[str, SecondCount] = {}
        """Where rows are removed before the end."""
        self._removable: dict[str, ReadMarks] = {}
        self._polled_ns = dict.fromkeys(settings.lanes, 0)

    def run(self) -> None:
        """Rounds until told to finish."""
        self._connection.send(Ready())
        self._hear_until(Begin)
        due_s = time.monotonic()
        while not self._told_to_finish(due_s):
            began_s = time.monotonic()
            self._round()
            self._connection.send(self._report())
            due_s = max(began_s + ROUND_S, time.monotonic() + LEAST_PAUSE_S)
        self._finish()

    # what the bench says

    def _hear_until(self, kind: type) -> None:
        while not isinstance(self._hear(), kind):
            pass

    def _hear(self) -> object:
        message = self._connection.recv()
        if isinstance(message, Begin):
            self._begin(message)
        return message

    def _begin(self, begin: Begin) -> None:
        settings = self._settings
        self._timetable = Timetable(begin.start_ns, settings.rate_eps, settings.producers)
        self._lanes = {slug: self._auditor(slug) for slug in settings.lanes}
        for auditor in self._lanes.values():
            auditor.leave_out_latencies_before(begin.latencies_from_ns)
        self._control = {slug: ControlPage(self._files(slug).control) for slug in settings.lanes}
        if settings.retention_s is not None:
            kept_ns = int(settings.retention_s * SECOND_NS)
            for slug in settings.lanes:
                self._seconds[slug] = SecondCount(
                    partial(self._counting, slug), self._sources_end(slug), begin.start_ns, kept_ns
                )

    def _told_to_finish(self, due_s: float) -> bool:
        while self._connection.poll(max(0.0, due_s - time.monotonic())):
            if isinstance(self._hear(), Finish):
                return True
        return False

    # rounds

    def _files(self, slug: str) -> LaneFiles:
        return LaneFiles(lane_directory(self._run_dir, slug))

    def _counting(self, slug: str) -> LaneAuditor:
        return LaneAuditor(lane_of(slug), self._files(slug), self._settings, self._timetable)

    def _auditor(self, slug: str) -> _LiveAuditor:
        lane, files, settings = lane_of(slug), self._files(slug), self._settings
        reader = None
        if lane.result is Result.OUTPUT_TOPIC:
            reader = CommittedReader(files.results, settings.partitions, settings.durability)
        return _LiveAuditor(lane, files, settings, self._timetable, reader, since_append=True)

    def _round(self) -> bool:
        """One round of every lane. Returns whether every file could be read."""
        complete = True
        new_ends = self._new_ends()
        new_marks = (
            self._reader.new_marks()
        )  # after the ends: what came before one is known with it
        for slug, lane in self._lanes.items():
            ends, marks = new_ends.get(slug, {}), new_marks.get(slug, ())
            now_ns = self._polled_ns[slug] = time.monotonic_ns()
            read = lane.poll(ends, now_ns, self._sources_end(slug), marks)
            if slug in self._seconds:
                self._seconds[slug].tell(ends, marks)
                if read:
                    self._read_second(slug, now_ns)
            complete &= read
        return complete

    def _read_second(self, slug: str, now_ns: int) -> None:
        marks = self._seconds[slug].read(now_ns)
        if marks is not None:
            self._removable[slug] = marks

    def _sources_end(self, slug: str) -> SourcesEnd:
        control = self._control[slug]
        return lambda: control.sources_end_ns

    def _new_ends(self) -> Mapping[str, Mapping[int, IncarnationEnd]]:
        new = {}
        for slug, ends in self._reader.ended_since(self._last_end_ns).items():
            new[slug] = {end.incarnation: end for end in ends}
            self._last_end_ns = max(self._last_end_ns, *(end.ended_ns for end in ends))
        return new

    def _report(self, *, last: bool = False) -> AuditReport:
        return AuditReport(
            lanes={slug: self._lane_audit(slug, last=last) for slug in self._lanes},
            cpu_s=time.process_time(),
            removable=self._take_removable(),
        )

    def _take_removable(self) -> dict[str, ReadMarks]:
        taken, self._removable = self._removable, {}
        return taken

    def _lane_audit(self, slug: str, *, last: bool) -> LaneAudit:
        auditor = self._lanes[slug]
        blocked_ns, blocked_max_ns = auditor.blocked_ns()
        return LaneAudit(
            counts=auditor.counts(),
            lag=auditor.lag(),
            bucket=_latencies(auditor.take_bucket_histogram()),
            total=_latencies(auditor.total_histogram),
            since_append=_latencies(auditor.since_append),
            anomalies=tuple(auditor.new_anomalies()),
            caused={
                fault_id: Caused(effects.lost, effects.duplicates, effects.suppressed)
                for fault_id, effects in auditor.take_caused().items()
            },
            blocked_ns=blocked_ns,
            blocked_max_ns=blocked_max_ns,
            at_ns=self._polled_ns[slug],
            partitions=auditor.partitions(),
            links=auditor.take_links(self._polled_ns[slug], last=last),
        )

    # the end

    def _finish(self) -> None:
        """Live count to its end, the same from the first row again, and a recount in SQL."""
        deadline_s = time.monotonic() + LAST_ROUND_S
        while not self._round() and time.monotonic() < deadline_s:
            time.sleep(LEAST_PAUSE_S)
        for auditor in self._lanes.values():
            auditor.finish()
        sentences = [self._disagreement(slug) for slug in self._lanes]
        report = FinalReport(
            report=self._report(last=True),
            disagreement="; ".join(filter(None, sentences)) or None,
            histograms={
                slug: auditor.total_histogram.to_json() for slug, auditor in self._lanes.items()
            },
        )
        self._connection.send(report)

    def _disagreement(self, slug: str) -> str | None:
        """One sentence naming the lane when its counts differ, None when they agree."""
        live = self._lanes[slug]
        final = self._final(slug)
        counted = recount(self._run_dir / RUN_DB, slug, self._files(slug))
        found = compare(live, final) or disagreement(final, counted) or final.check_counters()
        return f"{lane_of(slug).name}: {found}" if found else None

    def _final(self, slug: str) -> LaneAuditor:
        second = self._seconds.get(slug)
        begun = second and second.finish()
        return begun or final_count(
            lane_of(slug),
            self._files(slug),
            self._settings,
            self._timetable,
            {end.incarnation: end for end in self._reader.ends_of(slug)},
            now_ns=time.monotonic_ns(),
            sources_end=self._sources_end(slug),
            marks=self._reader.marks_of(slug),
        )


def _latencies(histogram: LatencyHistogram) -> Latencies:
    if not histogram.count:
        return Latencies()
    p50_ns, p90_ns, p99_ns, p999_ns = (histogram.percentile(q) for q in (50, 90, 99, 99.9))
    return Latencies(p50_ns, p90_ns, p99_ns, p999_ns, histogram.max_ns)
