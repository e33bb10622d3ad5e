"""How much disk a run takes as it goes on, with and without a retention."""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from threading import Event, Thread

from bench_gui.bench.settings import RunSettings
from tests.benchmarks.bench import run_bench
from tests.benchmarks.figures import slope, spread
from tests.benchmarks.options import Options, run_alone
from tests.benchmarks.rounds import Contender, Figures, interleaved
from tests.benchmarks.tables import Table, count, exact
from tests.benchmarks.targets import Finding, Result, target

EIGHT_HOURS_S = 8 * 3600.0
EVERY_S = 0.5
KEPT_S = 5
WITHOUT, WITH = "--retention all", f"--retention {KEPT_S}s"
WAL = ("-wal", "-shm")
MB, GB = exact(1), exact(2)
GREATEST, CLOSED, GROWTH, EACH = (
    "MB at the most", "MB when it has ended", "MB/s", "bytes/event",
)  # fmt: skip


def measure(options: Options) -> Result:
    """Growth of a run's directory at default settings."""
    seconds = options.pick(8, 30, 600)
    made = [
        Contender(name, partial(_grow, {"duration": f"{seconds:g}s", "retention": kept}))
        for name, kept in ((WITHOUT, "all"), (WITH, f"{KEPT_S}s"))
    ]
    figures = interleaved(made, options.rounds_or(1))
    texts = {GREATEST: MB, CLOSED: MB, GROWTH: GB, EACH: count}
    rows = tuple(
        (one.name, *(text(spread(figures[key][one.name]).middle) for key, text in texts.items()))
        for one in made
    )
    middle = {(key, one.name): spread(figures[key][one.name]).middle
              for key in texts for one in made}  # fmt: skip
    kept_s = RunSettings().retention_s or EIGHT_HOURS_S
    kept_mb = middle[GREATEST, WITH] + middle[GROWTH, WITHOUT] * kept_s
    eight_hours_gb = (kept_mb + max(0.0, middle[GROWTH, WITH]) * EIGHT_HOURS_S) / 1000
    return Result(
        "disk",
        "Disk",
        "Four lanes at default settings (1,000 events/s a lane, a kill a second each),"
        f" {seconds:g} s; the run's directory with the lanes' databases. At the most: with"
        " write-ahead logs, while it runs. The rest: with the logs worked in. Growth: without a"
        " retention, the whole over the run's time; with one, the slope of the second half.",
        (Table("size of the run's directory", ("", *texts), rows),),
        (Finding(target("disk.eight_hours"), eight_hours_gb),),
        (
            f"Eight hours are projected with the default retention of {kept_s:g} s: what lies"
            " there at the most, so much of the growth without a retention, and eight hours of"
            " that with one.",
        ),
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
    """Of all files as they lie there; and as they will when every write-ahead log is worked in."""
    whole = worked_in = 0
    for path in directory.rglob("*"):
        try:
            size = path.lstat().st_blocks * 512
        except OSError:  # gone meanwhile
            continue
        whole += size
        if path.suffix == ".db":
            worked_in += _database_bytes(path)
        elif not path.name.endswith(WAL):
            worked_in += size
    return whole / 1e6, worked_in / 1e6


def _database_bytes(path: Path) -> int:
    """Its pages, those in the write-ahead log included; 0 of one that is just being made."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            (page_bytes,) = connection.execute("PRAGMA page_size").fetchone()
    except sqlite3.Error:
        return 0
    return int(pages * page_bytes)


def _grow(run: Mapping[str, str], directory: Path) -> Figures:
    scale = _Scale(directory)
    ran = run_bench(directory, run, keep_data=True)
    scale.stop()
    with ran.stored() as stored:
        columns = stored.columns
    start_s, end_s = columns["start_ns"] / 1e9, columns["sources_end_ns"] / 1e9
    closed_mb = _megabytes(ran.directory)[1]
    growth = closed_mb / (end_s - start_s)
    if run["retention"] != "all":
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
    }


if __name__ == "__main__":
    sys.exit(run_alone(measure))
