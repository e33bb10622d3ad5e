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
WAL = ("-wal", "-shm")
MB, GB = exact(1), exact(2)
GREATEST, CLOSED, GROWTH, EACH, EIGHT = (
    "MB at the most", "MB when it has ended", "MB/s", "bytes/event", "GB in eight hours",
)  # fmt: skip


def measure(options: Options) -> Result:
    """Growth of a run's directory at default settings."""
    seconds = options.pick(8, 30, 600)
    run = {"duration": f"{seconds:g}s"}
    made = [Contender(WITHOUT, partial(_grow, run, False))]
    retained = any(option.key == RETENTION for option in OPTIONS)
    if retained:
        kept = {**run, RETENTION: f"{KEPT_S}s"}
        made.append(Contender(WITH, partial(_grow, kept, True)))
    figures = interleaved(made, options.rounds_or(1))
    texts = {GREATEST: MB, CLOSED: MB, GROWTH: GB, EACH: count, EIGHT: GB}
    rows = tuple(
        (one.name, *(text(spread(figures[key][one.name]).middle) for key, text in texts.items()))
        for one in made
    )
    eight_hours_gb = spread(figures[EIGHT][WITH if retained else WITHOUT]).middle
    said = f"With a retention: `--retention {KEPT_S}s`, and the slope of the second half."
    missing = "There is no retention setting yet: everything is kept."
    return Result(
        "disk",
        "Disk",
        "Four lanes at default settings (1,000 events/s a lane, a kill a second each),"
        f" {seconds:g} s; the run's directory with the lanes' databases. At the most: with"
        " write-ahead logs, while it runs. Growth: of the databases alone, as they stand when the"
        f" run has ended, over its time. {said if retained else missing}",
        (Table("size of the run's directory", ("", *texts), rows),),
        (Finding(target("disk.eight_hours"), eight_hours_gb),),
    )


class _Scale:
    """Weighs a directory again and again.

    Fields:
        readings: time, megabytes with write-ahead logs, megabytes without.
    """

    def __init__(self, directory: Path) -> None:
        self.readings: list[tuple[float, float, float]] = []
        self._directory = directory
        self._over = Event()
        self._thread = Thread(target=self._weigh, daemon=True)
        self._thread.start()

    def _weigh(self) -> None:
        while not self._over.wait(EVERY_S):
            self.readings.append((time.monotonic(), *_megabytes(self._directory)))

    def stop(self) -> None:
        self._over.set()
        self._thread.join()


def _megabytes(directory: Path) -> tuple[float, float]:
    """Of all files, and of those that are no write-ahead log."""
    whole = without = 0
    for path in directory.rglob("*"):
        try:
            size = path.lstat().st_blocks * 512
        except OSError:  # gone meanwhile
            continue
        whole += size
        without += size * (not path.name.endswith(WAL))
    return whole / 1e6, without / 1e6


def _grow(run: Mapping[str, str], retained: bool, directory: Path) -> Figures:
    scale = _Scale(directory)
    ran = run_bench(directory, run, keep_data=True)
    scale.stop()
    with ran.stored() as stored:
        columns = stored.columns
    start_s, end_s = columns["start_ns"] / 1e9, columns["sources_end_ns"] / 1e9
    closed_mb = _megabytes(ran.directory)[0]
    growth = closed_mb / (end_s - start_s)
    if retained:
        half_s = (start_s + end_s) / 2
        late = [(t, mb) for t, _, mb in scale.readings if half_s <= t <= end_s]
        growth = slope([t for t, _ in late], [mb for _, mb in late])
    events = sum(row["offered"] for row in ran.summary.values())
    greatest_mb = max(mb for _, mb, _ in scale.readings)
    return {
        GREATEST: greatest_mb,
        CLOSED: closed_mb,
        GROWTH: growth,
        EACH: growth * 1e6 * (end_s - start_s) / events,
        EIGHT: (greatest_mb + growth * EIGHT_HOURS_S) / 1000,
    }


if __name__ == "__main__":
    sys.exit(run_alone(measure))
