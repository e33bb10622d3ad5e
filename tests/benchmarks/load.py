"""Four lanes at 10,000 events/s under kills, window open: does lag grow, and who uses the CPU."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from tests.benchmarks.bench import run_bench
from tests.benchmarks.children import Children
from tests.benchmarks.figures import spread
from tests.benchmarks.options import Options, run_alone
from tests.benchmarks.processes import Sampler
from tests.benchmarks.rounds import Contender, Figures, interleaved
from tests.benchmarks.shares import Measured
from tests.benchmarks.tables import Table, between, count, exact
from tests.benchmarks.targets import Finding, Result, target
from tests.benchmarks.windows import Probe
from workers.lanes import DEFAULT_LANES

OPTIONS = {"rate": "10k", "kill-every": "1s"}
SAMPLE_S = 0.25
SIZE = (1920, 1080)
WINDOW, HEADLESS = "with the window", "headless"
OBSERVERS = ("client", "bench", "auditor")
PARTS = (*OBSERVERS, "fork server", "workers")
PERCENT = exact(1)


def measure(options: Options) -> Result:
    """Four lanes at 10,000 events/s each, a kill a second each."""
    run = {**OPTIONS, "duration": f"{options.pick(6, 20, 120):g}s"}
    made = [
        Contender(WINDOW, partial(_with_window, run)),
        Contender(HEADLESS, partial(_headless, run)),
    ]
    figures = interleaved(made, options.rounds_or(2))
    shares = {part: figures[part] for part in PARTS if part in figures}
    rows = tuple(
        (f"{part}, {name}", PERCENT(spread(values).middle), between(spread(values), PERCENT))
        for part, rounds in shares.items()
        for name, values in rounds.items()
    )
    lag_rows = tuple(
        (f"{lane}, {name}", PERCENT(spread(values).middle), between(spread(values), PERCENT),
         count(spread(figures[f"lag {lane}"][name]).middle),
         count(spread(figures[f"delivered {lane}"][name]).middle))
        for lane in DEFAULT_LANES
        for name, values in figures[f"growth {lane}"].items()
    )  # fmt: skip
    observers = sum(spread(shares[part][WINDOW]).middle for part in OBSERVERS if part in shares)
    growth = max(spread(figures[f"growth {lane}"][WINDOW]).middle for lane in DEFAULT_LANES)
    return Result(
        "load",
        "Under load",
        f"Four lanes at 10,000 events/s each, one producer and two consumers each, a kill a second"
        f" in each, {run['duration']}, everything else at its default (one event a sink"
        f" transaction); the window at {SIZE[0]}x{SIZE[1]} on Qt's offscreen platform. CPU from"
        " /proc between the second second and the end of the sources.",
        (
            Table("CPU, % of one core", ("", "%", "spread"), rows),
            Table("lag in the second half of the run",
                  ("", "growth, records/s", "spread", "greatest", "delivered/s"), lag_rows),
        ),
        (Finding(target("load.cpu"), observers), Finding(target("load.lag"), growth)),
        ("Lag's growth is that of its least value in each second, by least squares: what a kill"
         " piled up and is worked off does not count. 1 % of the rate is taken as not growing.",
         "The client is the window, or the command line. The fork server's part is the forking of"
         " replacements.",),
    )  # fmt: skip


def _with_window(run: Mapping[str, str], directory: Path) -> Figures:
    with Children() as children:
        probe = Probe(children, directory, run, size=SIZE)
        sampler = Sampler(probe.process.pid, SAMPLE_S)
        for key in ("painted_ns", "started_ns", "point_ns"):
            probe.hear(key)
        run_dir = probe.run_dir()
        sampler.stop()
        return _figures(Measured(run_dir, sampler, probe.process.pid))


def _headless(run: Mapping[str, str], directory: Path) -> Figures:
    samplers: list[tuple[Sampler, int]] = []

    def sample(process: subprocess.Popen[str]) -> None:
        samplers.append((Sampler(process.pid, SAMPLE_S), process.pid))

    ran = run_bench(directory, run, meanwhile=sample)
    sampler, pid = samplers[0]
    sampler.stop()
    return _figures(Measured(ran.directory, sampler, pid))


def _figures(measured: Measured) -> Figures:
    rates = {row.lane: row.throughput_eps for row in measured.summary}
    return {
        **{part: share * 100 for part, share in measured.shares().items()},
        **{f"growth {lane}": measured.lag_slope(lane) for lane in measured.lanes},
        **{f"lag {lane}": measured.greatest_lag(lane) for lane in measured.lanes},
        **{f"delivered {lane}": rates[lane] for lane in measured.lanes},
    }


if __name__ == "__main__":
    sys.exit(run_alone(measure))
