"""Latency at 1,000 events/s a lane, four lanes, and that of others at the same rate."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from tests.benchmarks.bench import no_faults, run_bench
from tests.benchmarks.figures import Rounds, spread
from tests.benchmarks.flows import HAND, installed
from tests.benchmarks.options import Options, run_alone
from tests.benchmarks.order import Order
from tests.benchmarks.pipeline import run_pipeline
from tests.benchmarks.rounds import Contender, Figures, interleaved
from tests.benchmarks.tables import Table, between, exact
from tests.benchmarks.targets import Finding, Result, target
from workers.lanes import DEFAULT_LANES, lane_of
from workers.lanes import Result as Outcome

RATE_EPS = 1000
QUIET, KILLS = "no faults", "a kill a second"
PERCENTILES = ("p50 ms", "p99 ms")
MS = exact(2)


def measure(options: Options) -> Result:
    """Latency from due time to effect at 1,000 events/s."""
    seconds = options.pick(3, 6, 60)
    every = {"duration": f"{seconds:g}s"}
    made = [
        Contender(QUIET, partial(_ours, QUIET, no_faults(**every))),
        Contender(KILLS, partial(_ours, KILLS, {**every, "kill-every": "1s"})),
        *(Contender(kind, partial(_other, kind, seconds / 3)) for kind in ("hand", *installed())),
    ]
    figures = interleaved(made, options.rounds_or(3))
    names = sorted({name.removesuffix(p) for name in figures for p in PERCENTILES
                    if name.endswith(p)}, key=_order)  # fmt: skip
    rows = tuple(_row(name, figures) for name in names)
    groups = {
        "counters": [lane for lane in DEFAULT_LANES if lane_of(lane).result is Outcome.COUNTER],
        "output": [lane for lane in DEFAULT_LANES if lane_of(lane).result is Outcome.OUTPUT_TOPIC],
    }
    findings = tuple(
        Finding(
            target(f"latency.{group}_{percentile.partition(' ')[0]}"),
            max(_middle(figures, _name(lane, QUIET), percentile) for lane in lanes),
        )
        for group, lanes in groups.items()
        for percentile in PERCENTILES
    )
    return Result(
        "latency",
        "Latency",
        f"From an event's due time to the commit of its effect, {RATE_EPS:,} events/s. The bench:"
        " four lanes at once, one producer and two consumers each, defaults otherwise (a batch"
        " lingers for 2 ms). By hand and over the libraries: one pipeline alone, nothing lingers;"
        " their consumers look every millisecond, the one by hand is woken.",
        (Table("latency", ("", "p50 ms", "spread", "p99 ms", "spread"), rows),),
        findings,
        ("Under kills an event that waits for the replacement counts from when it was due.",),
    )


def _name(lane: str, faults: str) -> str:
    return f"{lane}, {faults}: "


def _order(name: str) -> tuple[int, int, str]:
    """Ours first, those without faults before the others, in the lanes' order."""
    lane = name.partition(",")[0]
    if lane not in DEFAULT_LANES:
        return 2, 0, name
    return int(KILLS in name), DEFAULT_LANES.index(lane), name


def _row(name: str, figures: Mapping[str, Rounds]) -> tuple[str, ...]:
    cells = [name.removesuffix(": ")]
    for percentile in PERCENTILES:
        found = spread(next(iter(figures[name + percentile].values())))
        cells += [MS(found.middle), between(found, MS)]
    return tuple(cells)


def _middle(figures: Mapping[str, Rounds], name: str, percentile: str) -> float:
    return spread(next(iter(figures[name + percentile].values()))).middle


def _ours(faults: str, options: Mapping[str, str], directory: Path) -> Figures:
    ran = run_bench(directory, options)
    return {
        f"{_name(lane, faults)}{percentile}": ran.summary[lane][column] / 1e6
        for lane in DEFAULT_LANES
        for percentile, column in zip(
            PERCENTILES, ("latency_p50_ns", "latency_p99_ns"), strict=True
        )
    }


def _other(kind: str, seconds: float, directory: Path) -> Figures:
    order = Order(kind, "", seconds, 1000, 1, "off", rate_eps=RATE_EPS)
    found = run_pipeline(order, directory)
    name = HAND if kind == "hand" else kind
    return {f"{name}: {percentile}": found[percentile] for percentile in PERCENTILES}


if __name__ == "__main__":
    sys.exit(run_alone(measure))
