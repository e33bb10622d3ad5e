"""How much disk a run takes as it goes on, with and without a retention."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from threading import Event, Thread

from bench_gui.bench.options import OPTIONS
from tests.benchmarks.bench import run_bench
from tests.benchmarks.figures import slope, spread
from tests.benchmarks.options import Options, run_alone
from tests.benchmarks.rounds import Contender, Figures, interleaved
from tests.benchmarks.tables import Table, count, exact
from tests.benchmarks.targets import Finding, Result, target

EIGHT_HOURS_S = 8 * 3600.0
EVERY_S = 0.5
WITHOUT, WITH = "no retention", "with a retention"
RETENTION = "retention"
KEPT_S = 5
MB = exact(1)


def measure(options: Options) -> Result:
    """Growth of a run's directory at default settings."""
    seconds = options.pick(8, 30, 600)
    run = {"duration": f"{seconds:g}s"}
    made = [Contender(WITHOUT, partial(_grow, run, seconds))]
    retained = any(option.key == RETENTION for option in OPTIONS)
    if retained:
        kept = {**run, RETENTION: f"{KEPT_S}s"}
        made.append(Contender(WITH, partial(_grow, kept, seconds)))
    figures = interleaved(made, options.rounds_or(1))
    best = WITH if retained else WITHOUT
    names = ("MB at half time", "MB at the end", "MB/s", "bytes/event", "GB in eight hours")
    rows = tuple(
        (one.name, *(MB(spread(figures[name][one.name]).middle) for name in names[:2]),
         exact(2)(spread(figures["MB/s"][one.name]).middle),
         count(spread(figures["bytes/event"][one.name]).middle),
         exact(2)(spread(figures["GB in eight hours"][one.name]).middle))
        for one in made
    )  # fmt: skip
    said = "" if retained else " There is no retention setting yet: everything is kept."
    return Result(
        "disk",
        "Disk",
        f"A run of four lanes at default settings (1,000 events/s a lane, a kill a second each),"
        f" {seconds:g} s; the size of its directory, the write-ahead logs and run.db included,"
        f" every {EVERY_S:g} s. Growth is the slope of the second half.{said}",
        (Table("size of the run's directory", ("", *names), rows),),
        (Finding(target("disk.eight_hours"), spread(figures["GB in eight hours"][best]).middle),),
        (f"With a retention: `--retention {KEPT_S}s`.",) * retained,
    )


class _Scale:
    """Weighs a directory again and again."""

    def __init__(self, directory: Path) -> None:
        self.readings: list[tuple[float, float]] = []
        self._directory = directory
        self._over = Event()
        self._thread = Thread(target=self._weigh, daemon=True)
        self._thread.start()

    def _weigh(self) -> None:
        while not self._over.wait(EVERY_S):
            self.readings.append((time.monotonic(), _megabytes(self._directory)))

    def stop(self) -> None:
        self._over.set()
        self._thread.join()


def _megabytes(directory: Path) -> float:
    size = 0
    for path in directory.rglob("*"):
        try:
            if path.is_file():
                size += path.stat().st_blocks * 512
        except OSError:
            continue
    return size / 1e6


def _grow(run: Mapping[str, str], seconds: float, directory: Path) -> Figures:
    scale = _Scale(directory)
    ran = run_bench(directory, run)
    scale.stop()
    with ran.stored() as stored:
        start_s = stored.columns["start_ns"] / 1e9
    inside = [(t - start_s, mb) for t, mb in scale.readings if 0 < t - start_s <= seconds]
    half = [(t, mb) for t, mb in inside if t >= seconds / 2]
    growth = slope([t for t, _ in half], [mb for _, mb in half])
    events = sum(row["offered"] for row in ran.summary.values())
    return {
        "MB at half time": half[0][1],
        "MB at the end": half[-1][1],
        "MB/s": growth,
        "bytes/event": growth * 1e6 / (events / seconds),
        "GB in eight hours": (half[-1][1] + growth * EIGHT_HOURS_S) / 1000,
    }


if __name__ == "__main__":
    sys.exit(run_alone(measure))
