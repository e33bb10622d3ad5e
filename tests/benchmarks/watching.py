"""Throughput at full speed with the window open, against the same without one."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from tests.benchmarks.bench import LANE, Ran, no_faults, run_bench
from tests.benchmarks.children import Children
from tests.benchmarks.figures import ratio
from tests.benchmarks.options import Options, run_alone
from tests.benchmarks.rounds import Contender, Figures, interleaved
from tests.benchmarks.tables import comparison
from tests.benchmarks.targets import Finding, Result, target
from tests.benchmarks.windows import Probe

WINDOW, HEADLESS, RATE = "window open", "headless", "events/s"
SIZE = (1920, 1080)


def measure(options: Options) -> Result:
    """Throughput at --rate max, watched and not watched."""
    run = no_faults(
        lanes=LANE, rate="max", duration=f"{options.pick(2, 6, 20):g}s", producers="1",
        consumers="1", partitions="1", batch="1k", linger="0ms", sink_batch="500",
    )  # fmt: skip
    made = [
        Contender(HEADLESS, partial(_headless, run)),
        Contender(WINDOW, partial(_watched, run)),
    ]
    rates = interleaved(made, options.rounds_or(4))[RATE]
    watched = ratio(rates, WINDOW, HEADLESS)
    return Result(
        "watching",
        "Watching",
        f"At-least-once as fast as it goes, one producer and one consumer, {run['duration']}; the"
        f" window at {SIZE[0]}x{SIZE[1]} on Qt's offscreen platform, drawn by the CPU, on the same"
        " cores. Rates are from the start to the last effect.",
        (comparison("at full speed", RATE, rates, [HEADLESS]),),
        (Finding(target("watching.ratio"), watched.middle),),
    )


def _headless(run: Mapping[str, str], directory: Path) -> Figures:
    return {RATE: run_bench(directory, run, keep_data=True).delivered_per_second()}


def _watched(run: Mapping[str, str], directory: Path) -> Figures:
    with Children() as children:
        probe = Probe(children, directory, run, size=SIZE)
        for key in ("painted_ns", "started_ns", "point_ns"):
            probe.hear(key)
        return {RATE: Ran.kept(probe.run_dir()).delivered_per_second()}


if __name__ == "__main__":
    sys.exit(run_alone(measure))
