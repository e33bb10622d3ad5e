"""What a storm came to: counts by lane and step, and everything that must be 0. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bench_gui.bench.ranks import nearest_rank
from bench_gui.bench.records.results import SummaryRow
from bench_gui.bench.snapshot import FaultReport
from workers.lanes import Anomaly, lane_of

KILLS = "kill"
COUNTS = {
    Anomaly.LOST: "lost",
    Anomaly.DUPLICATE: "duplicates",
    Anomaly.REDELIVERY: "redelivered",
    Anomaly.ABORTED_READ: "aborted_reads",
    Anomaly.PHANTOM: "phantoms",
}
"""The column of summary.csv that counts each anomaly."""


@dataclass
class Tally:
    """Sums over the runs so far.

    Fields:
        landed: faults that hit a process, by (lane, kind).
        windows: kills by (lane, step after which the process died).
        allowed, forbidden: events by (lane, anomaly).
        recoveries_ms: from death to the replacement's first step, by lane.
        problems: one sentence each; a storm that holds has none.
    """

    runs: int = 0
    events: int = 0
    unattributed: int = 0
    disagreements: int = 0
    orphans: int = 0
    unfinished: int = 0
    dirty_reads: int = 0
    committed_reads: int = 0
    landed: Counter[tuple[str, str]] = field(default_factory=Counter)
    windows: Counter[tuple[str, str]] = field(default_factory=Counter)
    allowed: Counter[tuple[str, Anomaly]] = field(default_factory=Counter)
    forbidden: Counter[tuple[str, Anomaly]] = field(default_factory=Counter)
    recoveries_ms: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    problems: list[str] = field(default_factory=list)

    @property
    def kills(self) -> int:
        """Processes killed by a signal of ours, of every kind."""
        return sum(count for (_, kind), count in self.landed.items() if kind.startswith(KILLS))

    def add(
        self,
        name: str,
        summary: Sequence[SummaryRow],
        faults: Iterable[FaultReport],
        disagreement: str | None,
        orphans: int,
        *,
        complete: bool,
    ) -> None:
        """A run that has ended. `name`: how to repeat it."""
        self.runs += 1
        self.orphans += orphans
        for row in summary:
            self._add_row(name, row)
        for fault in faults:
            self._add_fault(fault)
        if disagreement is not None:
            self.disagreements += 1
            self.problems.append(f"{name}: {disagreement}")
        if orphans:
            self.problems.append(f"{name}: {orphans} processes were left behind")
        if not complete:
            self.unfinished += 1
            self.problems.append(f"{name}: the run did not come to its end")

    def _add_row(self, name: str, row: SummaryRow) -> None:
        self.events += row.offered
        self.unattributed += row.unattributed
        self.dirty_reads += row.dirty_reads
        self.committed_reads += row.committed_reads
        lane = lane_of(row.lane)
        for anomaly, column in COUNTS.items():
            number = getattr(row, column)
            if anomaly in lane.forbidden and number:
                self.forbidden[row.lane, anomaly] += number
                self.problems.append(f"{name}: {row.lane}: {number} {anomaly.value}, forbidden")
            elif number:
                self.allowed[row.lane, anomaly] += number
        for column in ("unattributed", "dirty_reads", "in_flight"):
            if getattr(row, column):
                said = f"{getattr(row, column)} {column.replace('_', ' ')}"
                self.problems.append(f"{name}: {row.lane}: {said}")

    def _add_fault(self, fault: FaultReport) -> None:
        if fault.pid is None:
            return
        self.landed[fault.lane, fault.kind] += 1
        if fault.kind.startswith(KILLS) and fault.after_step is not None:
            self.windows[fault.lane, fault.after_step] += 1
        if fault.recovery_ms is not None:
            self.recoveries_ms[fault.lane].append(fault.recovery_ms)

    def text(self) -> str:
        """The whole tally for a reader."""
        lanes = sorted({lane for lane, _ in self.landed})
        lines = [line for lane in lanes for line in self._lane_lines(lane)]
        lines += [
            f"runs {self.runs}, events {self.events:,}, kills {self.kills:,}",
            f"forbidden {sum(self.forbidden.values())}, unattributed {self.unattributed}, "
            f"disagreements {self.disagreements}, orphans {self.orphans}, "
            f"unfinished {self.unfinished}, dirty reads {self.dirty_reads} "
            f"of {self.committed_reads:,}",
        ]
        return "\n".join([*lines, *(f"PROBLEM {sentence}" for sentence in self.problems)]) + "\n"

    def _lane_lines(self, lane: str) -> list[str]:
        kinds = [f"{kind} {n}" for (slug, kind), n in sorted(self.landed.items()) if slug == lane]
        steps = [f"{step} {n}" for (slug, step), n in self.windows.most_common() if slug == lane]
        seen = [f"{kind.value} {n}" for (slug, kind), n in self.allowed.items() if slug == lane]
        times = self.recoveries_ms[lane]
        recovery = ""
        if times:
            recovery = (
                f"; recovery p50 {nearest_rank(times, 0.5):.0f} ms, "
                f"p99 {nearest_rank(times, 0.99):.0f} ms, max {max(times):.0f} ms"
            )
        return [
            f"{lane}: {', '.join(kinds)}{recovery}",
            f"  killed after {', '.join(steps)}",
            f"  allowed and seen: {', '.join(seen) or 'nothing'}",
        ]
