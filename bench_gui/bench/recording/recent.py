"""What the newest runs came to, for a list of them. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.recording.about import RecentRun
from bench_gui.bench.records.readable import UNREADABLE
from bench_gui.bench.records.stored_run import StoredRun
from bench_gui.bench.snapshot import Verdict


def read_recent(run_dirs: Iterable[Path]) -> list[RecentRun]:
    """Those of the directories that hold a run that can be read, in the same order."""
    return [run for run_dir in run_dirs if (run := _read(run_dir)) is not None]


def _read(run_dir: Path) -> RecentRun | None:
    try:
        with closing(StoredRun(run_dir)) as run:
            return RecentRun(
                run_dir=run_dir,
                run_id=run.run_id,
                started_at=str(run.columns["started_at"] or ""),
                seed=int(run.columns["seed"]),
                state=run.state,
                verdicts={row["slug"]: Verdict(row["verdict"]) for row in run.lanes()},
            )
    except (EnvironmentProblem, OSError, *UNREADABLE):
        return None
