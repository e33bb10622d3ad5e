"""Whether the memory of bench, auditor and window stays flat while a run goes on."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.benchmarks.children import Children
from tests.benchmarks.figures import slope
from tests.benchmarks.options import Options, run_alone
from tests.benchmarks.processes import Reading, Sampler
from tests.benchmarks.rounds import say
from tests.benchmarks.shares import Measured
from tests.benchmarks.tables import Table, exact
from tests.benchmarks.targets import Finding, Result, target
from tests.benchmarks.windows import Probe

RATE_EPS, LANES = 5000, 4
TEN_MINUTES_S = 600.0
SAMPLE_S = 1.0
SIZE = (1920, 1080)
PROCESSES = ("bench", "auditor", "window")
MB = exact(1)
Part = tuple[str, list[Reading]]


def measure(options: Options) -> Result:
    """Growth of memory in a four-lane run at 5,000 events/s."""
    from_s, to_s = options.pick(8, 40, 120), options.pick(20, 100, 720)
    say(f"a run of {to_s + 2:g} s")
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        parts, start_s = _run(Path(directory), to_s + 2)
    inside = [
        (name, [one for one in readings if from_s <= one.at_s - start_s <= to_s])
        for name, readings in parts
    ]
    million = RATE_EPS * LANES * (to_s - from_s) / 1e6
    rows = tuple(_row(part, million) for part in inside)
    grown = {name: _growth(readings, TEN_MINUTES_S) for name, readings in inside}
    minutes = "measured" if options.full else "projected from this stretch's slope"
    return Result(
        "memory",
        "Memory",
        f"Four lanes at {RATE_EPS:,} events/s each, a kill a second each, with the window at"
        f" {SIZE[0]}x{SIZE[1]}; from second {from_s:g} to second {to_s:g} of the run, read every"
        " second. RSS is what a process has in memory, PSS shares out what several have together.",
        (
            Table("memory, MB", ("", "RSS then", "RSS at the end", "greatest", "growth",
                                 "per million events", "PSS then", "PSS at the end"), rows),
        ),
        tuple(Finding(target(f"memory.{name}"), grown[name]) for name in PROCESSES),
        (f"Growth is the slope by least squares times the time; that of ten minutes is {minutes}"
         " (`--full` takes twelve minutes).",),
    )  # fmt: skip


def _run(home: Path, seconds: float) -> tuple[list[Part], float]:
    run = {"rate": str(RATE_EPS), "duration": f"{seconds:g}s"}
    with Children() as children:
        probe = Probe(children, home, run, size=SIZE)
        sampler = Sampler(probe.process.pid, SAMPLE_S, pss=True)
        for key in ("painted_ns", "started_ns", "point_ns"):
            probe.hear(key)
        run_dir = probe.run_dir()
        sampler.stop()
        measured = Measured(run_dir, sampler, probe.process.pid)
    who = measured.who
    pids = {"window": who.client, "bench": who.bench, "auditor": who.auditor,
            "fork server": who.fork_server}  # fmt: skip
    parts = [(name, sampler.readings[pid]) for name, pid in pids.items() if pid is not None]
    return parts, measured.start_s


def _growth(readings: list[Reading], seconds: float) -> float:
    """Megabytes in so much time."""
    return slope([one.at_s for one in readings], [one.rss_mb for one in readings]) * seconds


def _row(part: Part, million: float) -> tuple[str, ...]:
    name, readings = part
    first, last = readings[0], readings[-1]
    grown = _growth(readings, last.at_s - first.at_s)
    greatest = max(one.rss_mb for one in readings)
    figures = (first.rss_mb, last.rss_mb, greatest, grown, grown / million)
    return (name, *(MB(value) for value in (*figures, first.pss_mb, last.pss_mb)))


if __name__ == "__main__":
    sys.exit(run_alone(measure))
