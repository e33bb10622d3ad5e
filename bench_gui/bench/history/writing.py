"""Writes the histories of a run's lanes: all of the files whole, or none of them."""

from __future__ import annotations

from contextlib import closing
from enum import Enum
from pathlib import Path

from bench_gui.bench.history.jepsen import history_lines
from bench_gui.bench.history.lane_snapshot import LaneSnapshot
from bench_gui.bench.history.verifiable import consumer_lines, producer_lines
from bench_gui.bench.lifeline.run_reading import lane_in
from bench_gui.bench.records.atomic_file import WriteFile, written_together
from bench_gui.bench.records.readable import readable
from bench_gui.bench.records.run_directory import spare_the_run
from bench_gui.bench.records.stored_run import StoredRun

HISTORY = ".edn"


class HistoryFormat(Enum):
    """A format of histories. The value is its name on the command line."""

    JEPSEN = "jepsen"
    JSONL = "jsonl"


def export_history(
    run_dir: Path, out: Path, form: HistoryFormat, lane: str | None = None
) -> list[Path]:
    """Writes the history of one lane, or of every lane of the run.

    Args:
        out: a directory, which is made if need be; of a single lane's JEPSEN history a file may be
            named instead.

    Returns: the files written. Raises EnvironmentProblem: no run, no such lane, no lanes' data, a
    file that cannot be read or written; nothing is written then.
    """
    with readable(run_dir), closing(StoredRun(run_dir)) as run:
        known = [row["slug"] for row in run.lanes()]
        lanes = known if lane is None else [lane_in(run, lane).slug]
    paths: list[Path] = []
    with readable(run_dir), written_together() as write:
        for slug in lanes:
            with closing(LaneSnapshot(run_dir, slug)) as snapshot:
                if form is HistoryFormat.JEPSEN:
                    paths.append(_jepsen_file(out, slug, alone=lane is not None))
                    spare_the_run(run_dir, paths[-1], [HISTORY])
                    write(paths[-1], history_lines(snapshot))
                else:
                    paths += _write_tools(write, out / slug, snapshot)
    return paths


def _jepsen_file(out: Path, slug: str, *, alone: bool) -> Path:
    if alone and out.suffix and not out.is_dir():
        return out
    return out / f"{slug}{HISTORY}"


def _write_tools(write: WriteFile, directory: Path, snapshot: LaneSnapshot) -> list[Path]:
    """One file a worker slot."""
    paths = []
    for slot in range(snapshot.producers):
        paths.append(directory / f"producer-{slot}.jsonl")
        write(paths[-1], producer_lines(snapshot, slot))
    for slot in range(snapshot.consumers):
        paths.append(directory / f"consumer-{slot}.jsonl")
        write(paths[-1], consumer_lines(snapshot, slot))
    return paths
