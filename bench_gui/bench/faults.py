"""The faults of a run and what each one did, as far as is known. Pure bookkeeping."""

from __future__ import annotations

from dataclasses import replace

from bench_gui.bench.snapshot import FaultReport
from workers.lanes import Role, lane_of
from workers.steps import Step
from workers.time_units import MS_NS

KILL = "kill"
KILL_AT_STEP = "kill at a step"
KILL_OF_ROLE = "kill of a role"
PAUSE = "pause"
EXPIRY = "expiry"
"""A living process was silent for the session timeout, and no pause explains it."""
REQUEST_LOSS = "request loss"
ACK_LOSS = "ack loss"
CUT_SHORT = "cut short"


class FaultLog:
    """All fault reports by number, and which of them changed since they were last taken."""

    def __init__(self) -> None:
        self._reports: dict[int, FaultReport] = {}
        self._changed: set[int] = set()
        self._in_window: dict[str, set[int]] = {}

    @property
    def reports(self) -> list[FaultReport]:
        """Every report, by number."""
        return list(self._reports.values())

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
        """A kill is carried out (`pid`), or found the slot empty (None). Returns its number.

        Args:
            kind: KILL, or CUT_SHORT when the bench ended the process because its time was over.
        """
        fault_id = len(self._reports) + 1
        report = FaultReport(
            fault_id=fault_id,
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
        self._put(report)
        return fault_id

    def landed(
        self, fault_id: int, generation: int, pid: int, after: Step, before: Step, exposed: int
    ) -> None:
        """The process hit is dead, and its flight recorder was read."""
        self._change(
            fault_id,
            incarnation=generation,
            pid=pid,
            after_step=after.value,
            before_step=before.value,
            exposed=exposed,
        )

    def missed(self, fault_id: int) -> None:
        """The process had ended by itself before the signal came."""
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
        return self._reports[fault_id]

    def in_window(self, lane: str) -> int:
        """Faults of the lane that landed where they could hurt."""
        return len(self._in_window.get(lane, ()))

    def take_changed(self) -> list[FaultReport]:
        """Reports that are new or changed since the last call, by number."""
        changed = [self._reports[fault_id] for fault_id in sorted(self._changed)]
        self._changed.clear()
        return changed

    def _change(self, fault_id: int, **values: object) -> None:
        before = self._reports[fault_id]
        after = replace(before, **values)  # type: ignore[arg-type]
        if after != before:
            self._put(after)

    def _put(self, report: FaultReport) -> None:
        self._reports[report.fault_id] = replace(report, text=sentence(report))
        self._changed.add(report.fault_id)
        if report.in_window:
            self._in_window.setdefault(report.lane, set()).add(report.fault_id)


def sentence(report: FaultReport) -> str:
    """What happened, in one sentence, for the event list."""
    name = lane_of(report.lane).name
    who = f"{report.role} {report.slot} of {name}"
    if report.pid is None and report.kind == CUT_SHORT:
        return f"{who}: finished just before its time was over"
    if report.pid is None:
        return f"{who}: no process there to kill"
    if report.after_step is None:
        return f"{who}, pid {report.pid}, killed"
    verb = "ended unfinished" if report.kind == CUT_SHORT else "killed"
    where = f"{verb} after {report.after_step}, before {report.before_step}"
    return f"{who}, pid {report.pid}, {where}: {harm(report)}"


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
