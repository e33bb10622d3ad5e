"""What is to be reached, once, as data; and what a benchmark came to. Knows no measuring."""

from __future__ import annotations

from dataclasses import dataclass

from tests.benchmarks.tables import Table


@dataclass(frozen=True, slots=True)
class Target:
    """One figure to be reached.

    Fields:
        key: unique; its benchmark's name stands before the point.
        what: the figure, for a reader.
        bound: the least value, or the greatest where `at_most`.
        unit: of the bound, with its leading space; "" for a ratio.
        limit: what stands in the way where it is missed.
    """

    key: str
    what: str
    bound: float
    unit: str = ""
    at_most: bool = False
    limit: str = ""

    def met_by(self, value: float) -> bool:
        """Whether the value is good enough."""
        return value <= self.bound if self.at_most else value >= self.bound

    @property
    def text(self) -> str:
        """The bound for a reader."""
        return f"{'<=' if self.at_most else '>='} {figure(self.bound)}{self.unit}"


def figure(value: float) -> str:
    """Three digits, or the whole number where there are more."""
    return f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"


NO_VERDICT = "- (smoke run)"
"""Stands where a verdict would."""

SHARED = "The observers share the cores with producer and consumer; their CPU is in the table."
THREE = "Three SQLite transactions an event bound it: see how far two processes by hand come."
INTERVAL = "A result shows when its transaction commits, every commit interval of 100 ms."
A_ROW = (
    "At default settings an event is a row of the ledger, and a row read through Python costs CPU."
)
IMPORTS = "The last row says what the imports take alone."

TARGETS: tuple[Target, ...] = (
    Target("append.off", "log append, synchronous off, times a loop by hand", 0.80),
    Target("append.normal", "log append, synchronous normal, times a loop by hand", 0.80),
    Target("append.full", "log append, synchronous full, times a loop by hand", 0.80),
    Target("end_to_end.floor", "end to end, times two processes by hand", 0.80, limit=SHARED),
    Target("end_to_end.peers", "end to end, times the best queue library", 10),
    Target("single.peers", "one event at a time, times the best queue library", 3, limit=THREE),
    Target("latency.counters_p50", "latency p50, the worst lane with counters, no faults", 2, " ms",
           at_most=True),
    Target("latency.counters_p99", "latency p99, the worst lane with counters, no faults", 10,
           " ms", at_most=True),
    Target("latency.output_p50", "latency p50, exactly-once, no faults", 2, " ms", at_most=True,
           limit=INTERVAL),
    Target("latency.output_p99", "latency p99, exactly-once, no faults", 10, " ms", at_most=True,
           limit=INTERVAL),
    Target("load.cpu", "bench, auditor and window of four lanes at 10,000/s", 40, " % of a core",
           at_most=True),
    Target("load.lag", "growth of lag in the second half, the worst lane", 100, " records/s",
           at_most=True),
    Target("watching.ratio", "throughput with the window open, times headless", 0.95),
    Target("window.frame", "frame time p99", 16, " ms", at_most=True),
    Target("window.stall", "longest stall of the event loop", 50, " ms", at_most=True),
    Target("recovery.p50", "kill to the replacement's first step, p50", 30, " ms", at_most=True),
    Target("recovery.p99", "kill to the replacement's first step, p99", 100, " ms", at_most=True),
    Target("startup.painted", "start to a painted window", 1.5, " s", at_most=True, limit=IMPORTS),
    Target("startup.point", "Start to the first point on a chart", 1, " s", at_most=True),
    Target("audit.live", "auditor, live", 1_000_000, " events/s", limit=A_ROW),
    Target("audit.final", "auditor, final count", 1_000_000, " events/s", limit=A_ROW),
    Target("audit.recount", "recount in plain SQL", 1_000_000, " events/s", limit=A_ROW),
    Target("audit.ten_million", "final count of 10 million events", 15, " s", at_most=True,
           limit=A_ROW),
    Target("memory.bench", "growth of the bench in ten minutes", 5, " MB", at_most=True),
    Target("memory.auditor", "growth of the auditor in ten minutes", 5, " MB", at_most=True),
    Target("memory.window", "growth of the window in ten minutes", 5, " MB", at_most=True),
    Target("disk.eight_hours", "an eight-hour run, projected", 10, " GB", at_most=True),
)  # fmt: skip


def target(key: str) -> Target:
    """Raises KeyError for an unknown key."""
    return {one.key: one for one in TARGETS}[key]


@dataclass(frozen=True, slots=True)
class Finding:
    """A target and the figure that was measured for it."""

    target: Target
    value: float

    @property
    def met(self) -> bool:
        """Whether the target is reached."""
        return self.target.met_by(self.value)

    @property
    def text(self) -> str:
        """The verdict for a reader."""
        limit = f" {self.target.limit}" if self.target.limit and not self.met else ""
        return f"{self.figure_text}: {'met' if self.met else 'MISSED.'}{limit}"

    @property
    def smoke_text(self) -> str:
        """As `text`, without a verdict: of a run whose figures mean little."""
        return f"{self.figure_text}: {NO_VERDICT}"

    @property
    def figure_text(self) -> str:
        """The figure beside its target."""
        unit = self.target.unit
        return f"{self.target.what}: {figure(self.value)}{unit} (target {self.target.text})"


@dataclass(frozen=True, slots=True)
class Result:
    """What one benchmark came to.

    Fields:
        says: what was measured, with which settings.
        notes: what a reader should know of these figures.
    """

    name: str
    title: str
    says: str
    tables: tuple[Table, ...]
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
