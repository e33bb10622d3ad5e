"""The faults of a run and what each one did, as far as is known. Pure bookkeeping."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import islice

from bench_gui.bench.fault_tally import FaultTally
from bench_gui.bench.snapshot import FaultReport
from workers.lanes import Role, lane_of
from workers.steps import Step
from workers.time_units import MS_NS, SECOND_NS

KILL = "kill"
KILL_AT_STEP = "kill at a step"
KILL_OF_ROLE = "kill of a role"
PAUSE = "pause"
EXPIRY = "expiry"
"""A living process was silent for the session timeout, and no pause explains it."""
REQUEST_LOSS = "request loss"
ACK_LOSS = "ack loss"
CUT_SHORT = "cut short"

VERBS: dict[str, str] = {
    KILL: "killed",
    KILL_AT_STEP: "killed at a step,",
    KILL_OF_ROLE: "killed with its whole role",
    PAUSE: "paused",
    EXPIRY: "silent for the session timeout",
    REQUEST_LOSS: "lost a request",
    ACK_LOSS: "lost an acknowledgement",
    CUT_SHORT: "ended unfinished",
}
"""What happened to a process that was hit."""

MISSES: dict[str, str] = {
    PAUSE: "no process there to pause",
    CUT_SHORT: "finished just before its time was over",
}
"""What is said of a fault that hit nothing; of the others, that there was nothing to kill."""


KEPT = 2000
"""Reports kept in memory though nothing about them is new."""


class FaultLog:
    """The fault reports of a run: those that are new, changed or young, and what all come to.

    An older one is in run.db only. It is called back when something more becomes known of it.
    """

    def __init__(
        self, recall: Callable[[int], FaultReport] | None = None, kept: int = KEPT
    ) -> None:
        """
        Args:
            recall: gives a report as it was last taken (`take_changed`), by number; without it all
                are kept.
            kept: how many of the youngest reports are kept in any case.
        """
        self._recall = recall
        self._kept = kept
        self._reports: dict[int, FaultReport] = {}
        self._last_id = 0
        self._changed: set[int] = set()
        self._tallies: dict[str, FaultTally] = defaultdict(FaultTally)

    def add(
        self,
        t_s: float,
        lane: str,
        role: Role,
        slot: int,
        pid: int | None,
        *,
        scheduled: bool,
        kind: str = KILL,
    ) -> int:
        """A fault is carried out on a process (`pid`), or found the slot empty (None).

        Returns: its number.
        """
        self._last_id += 1
        report = FaultReport(
            fault_id=self._last_id,
            t_s=t_s,
            lane=lane,
            kind=kind,
            role=role.value,
            slot=slot,
            incarnation=None,
            pid=pid,
            after_step=None,
            before_step=None,
            exposed=0,
            recovery_ms=None,
            lost_caused=0,
            duplicates_caused=0,
            suppressed_caused=0,
            scheduled=scheduled,
            text="",
        )
        self._put(None, report)
        return self._last_id

    def landed(
        self,
        fault_id: int,
        generation: int,
        pid: int,
        after: Step | None,
        before: Step | None,
        exposed: int,
    ) -> None:
        """The process hit is known, and where it stood, as far as its flight recorder says."""
        self._change(
            fault_id,
            incarnation=generation,
            pid=pid,
            after_step=None if after is None else after.value,
            before_step=None if before is None else before.value,
            exposed=exposed,
        )

    def paused(self, fault_id: int, duration_ns: int, t_s: float) -> None:
        """The process stands since `t_s`, and will for so long."""
        self._change(fault_id, paused_ns=duration_ns, t_s=t_s)

    def resumed(self, fault_id: int, duration_ns: int) -> None:
        """It stood for so long, until it was resumed or ended."""
        self._change(fault_id, paused_ns=duration_ns)

    def session_expired(self, fault_id: int) -> None:
        """The paused process's session expired: others took its work over."""
        self._change(fault_id, session_expired=True)

    def missed(self, fault_id: int) -> None:
        """The process had ended before the signal came, or could not be stopped."""
        self._change(fault_id, pid=None)

    def recovered(self, fault_id: int, recovery_ns: int) -> None:
        """The slot works again, `recovery_ns` after the death."""
        self._change(fault_id, recovery_ms=recovery_ns / MS_NS)

    def caused(self, fault_id: int, lost: int, duplicates: int, suppressed: int) -> None:
        """What the auditor laid at its door so far, totals."""
        self._change(
            fault_id,
            lost_caused=lost,
            duplicates_caused=duplicates,
            suppressed_caused=suppressed,
        )

    def get(self, fault_id: int) -> FaultReport:
        """One report."""
        return self._told(self._found(fault_id))

    def tally(self, lane: str) -> FaultTally:
        """What the lane's faults come to so far; to be read, and at once."""
        return self._tallies[lane]

    def in_window(self, lane: str) -> int:
        """Faults of the lane that landed where they could hurt."""
        return self._tallies[lane].in_window

    def take_changed(self) -> list[FaultReport]:
        """Reports that are new or changed since the last call, by number.

        Whoever takes them stores them before anything else is asked of this log, or puts them back.
        """
        changed = [self._told(self._reports[fault_id]) for fault_id in sorted(self._changed)]
        self._changed.clear()
        self._forget()
        return changed

    def put_back(self, reports: Iterable[FaultReport]) -> None:
        """They could not be stored: they are still to be taken."""
        for report in reports:
            self._reports.setdefault(report.fault_id, report)
            self._changed.add(report.fault_id)

    def _forget(self) -> None:
        """All but the youngest, and those that were called back last."""
        if self._recall is not None:
            for fault_id in list(islice(self._reports, max(0, len(self._reports) - self._kept))):
                del self._reports[fault_id]

    def _told(self, report: FaultReport) -> FaultReport:
        text = sentence(report)
        return report if text == report.text else replace(report, text=text)

    def _found(self, fault_id: int) -> FaultReport:
        if self._recall is None or fault_id in self._reports:
            return self._reports[fault_id]
        return self._recall(fault_id)

    def _change(self, fault_id: int, **values: object) -> None:
        before = self._found(fault_id)
        after = replace(before, **values)  # type: ignore[arg-type]
        if after != before:
            self._put(before, after)

    def _put(self, before: FaultReport | None, after: FaultReport) -> None:
        self._tallies[after.lane].change(before, after)
        self._reports[after.fault_id] = after
        self._changed.add(after.fault_id)


def sentence(report: FaultReport) -> str:
    """What happened, in one sentence, for the event list."""
    who = f"{report.role} {report.slot} of {lane_of(report.lane).name}"
    if report.pid is None:
        return f"{who}: {MISSES.get(report.kind, 'no process there to kill')}"
    said = f"{who}, pid {report.pid}, {VERBS[report.kind]}"
    if report.paused_ns:
        said += f" {report.paused_ns / SECOND_NS:.1f} s"
    if report.after_step is not None:
        said += _place(report)
    if report.session_expired:
        said += ", past its session timeout"
    if report.incarnation is None:
        return said.rstrip(",")
    if report.kind == ACK_LOSS and not lane_of(report.lane).producer.retries:
        return f"{said}: it waits for none, so nothing follows"
    return f"{said}: {harm(report)}"


def _place(report: FaultReport) -> str:
    """Between which steps; a process's page says "started" twice until it has started."""
    if report.after_step == report.before_step == Step.STARTED.value:
        return " before its first step"
    return f" after {report.after_step}, before {report.before_step}"


def harm(report: FaultReport) -> str:
    """What the fault did to events, in words."""
    again = "redelivered" if report.role == Role.CONSUMER.value else "appended twice"
    parts = [
        f"{_events(count)} {words}"
        for count, words in (
            (report.lost_caused, "lost"),
            (report.duplicates_caused, again),
            (report.suppressed_caused, "redelivered, suppressed"),
        )
        if count
    ]
    if parts:
        return "; ".join(parts)
    if report.exposed:
        return f"{_events(report.exposed)} in hand, none harmed"
    return "nothing in hand, nothing harmed"


def _events(count: int) -> str:
    return "1 event" if count == 1 else f"{count:,} events"
