"""From a kill to the replacement's first protocol step."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from tests.benchmarks.bench import LANE, run_bench
from tests.benchmarks.figures import percentile
from tests.benchmarks.options import Options, run_alone
from tests.benchmarks.rounds import Contender, Figures, interleaved
from tests.benchmarks.tables import Table, exact
from tests.benchmarks.targets import Finding, Result, target
from workers.lanes import DEFAULT_LANES

MS = exact(1)
PERCENTS = (50, 90, 99)


def measure(options: Options) -> Result:
    """Recovery times of killed workers, one lane and four."""
    seconds = options.pick(6, 30, 120)
    one, four = (LANE,), DEFAULT_LANES
    recoveries: dict[str, list[float]] = {"one lane": [], "four lanes": []}
    made = [
        Contender(name, partial(_run, lanes, seconds, recoveries[name]))
        for name, lanes in (("one lane", one), ("four lanes", four))
    ]
    interleaved(made, options.rounds_or(1))
    rows = tuple(
        (name, f"{len(ms):,}", *(MS(percentile(ms, p)) for p in PERCENTS), MS(max(ms)))
        for name, ms in recoveries.items()
    )
    columns = ("", "kills", *(f"p{p} ms" for p in PERCENTS), "max ms")
    worst = {p: max(percentile(ms, p) for ms in recoveries.values()) for p in (50, 99)}
    return Result(
        "recovery",
        "Recovery",
        "From the death of a worker to the first protocol step of the process that replaces it:"
        f" 1,000 events/s a lane, one producer and two consumers each, {seconds:g} s; a kill every"
        " quarter of a second in the one lane, and one a second in each of the four, at the same"
        " moments in all. Percentiles are over all kills.",
        (Table("kill to first step", columns, rows),),
        tuple(Finding(target(f"recovery.p{p}"), value) for p, value in worst.items()),
    )


def _run(lanes: tuple[str, ...], seconds: float, recoveries: list[float], at: Path) -> Figures:
    every = "250ms" if len(lanes) == 1 else "1s"
    options = {"lanes": ",".join(lanes), "duration": f"{seconds:g}s", "kill-every": every}
    with run_bench(at, options).stored() as run:
        found = [f.recovery_ms for f in run.faults() if f.recovery_ms is not None]
    recoveries += found
    return {"kills": len(found)}


if __name__ == "__main__":
    sys.exit(run_alone(measure))
