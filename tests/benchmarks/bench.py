"""Real runs of the program, started as a user would: `main.py run`, measured from its files."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench_gui.bench.records.run_tables import row_of
from bench_gui.bench.records.stored_run import StoredRun
from tests.benchmarks.children import Children

LANE = "at-least-once"
SECOND_NS = 1_000_000_000
OneOf = Callable[[subprocess.Popen[str]], None]


@dataclass(frozen=True, slots=True)
class Ran:
    """A run that came to its end.

    Fields:
        directory: with run.db, and the lanes' databases where they were kept.
        summary: of each lane, by its slug.
    """

    directory: Path
    summary: Mapping[str, Mapping[str, Any]]

    @staticmethod
    def kept(directory: Path) -> Ran:
        """A run that somebody else made, such as the window."""
        with closing(StoredRun(directory)) as run:
            return Ran(directory, {row.lane: row_of(row) for row in run.summary()})

    def stored(self) -> closing[StoredRun]:
        """Its records, for a `with`."""
        return closing(StoredRun(self.directory))

    def delivered_per_second(self, lane: str = LANE) -> float:
        """From the start of the sources to the last effect, so that the drain counts too."""
        with self.stored() as run:
            start_ns = run.columns["start_ns"]
        sink = self.directory / "lanes" / lane / "sink.db"
        with closing(sqlite3.connect(sink)) as connection:
            last_ns = connection.execute("SELECT max(effect_ns) FROM effects").fetchone()[0]
        delivered: int = self.summary[lane]["delivered_unique"]
        return delivered * SECOND_NS / (last_ns - start_ns)


def run_bench(
    directory: Path,
    options: Mapping[str, str],
    *,
    keep_data: bool = False,
    meanwhile: OneOf | None = None,
) -> Ran:
    """Runs `main.py run` with these options, to its end.

    Args:
        directory: exists; the run is kept in `run` below it.
        meanwhile: called with the process while it runs.

    Raises:
        RuntimeError: the run did not end well.
    """
    out = directory / "run"
    texts = [text for name, value in options.items() for text in (f"--{name}", value)]
    keep = ["--keep-data"] * keep_data
    with Children() as children:
        process = children.start("main.py", "run", "--json", "--out", str(out), *keep, *texts)
        if meanwhile is not None:
            meanwhile(process)
        assert process.stdout is not None
        said = process.stdout.read()
        code = process.wait()
    if code != 0:
        raise RuntimeError(f"{process.args!r} ended with code {code}: {said}")
    return Ran(out, {row["lane"]: row for row in json.loads(said)["lanes"]})


def no_faults(**options: str) -> dict[str, str]:
    """Options of a run in which nothing is killed."""
    return {"kill-every": "never", **{name.replace("_", "-"): v for name, v in options.items()}}
