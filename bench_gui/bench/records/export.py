"""Writes a run's CSV files and latency histograms from run.db, at any time, also cut off.

Columns are as the README says. UTF-8, comma, dot, a header always, "\\n" line ends, an unknown
value is empty. Only its own files are replaced, each whole or not at all.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import fields
from pathlib import Path

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.metrics import hgrm_text
from bench_gui.bench.records.atomic_file import write_whole
from bench_gui.bench.records.results import SUMMARY_COLUMNS
from bench_gui.bench.records.run_tables import Record
from bench_gui.bench.records.stored_run import StoredRun
from bench_gui.bench.snapshot import LaneSample

TIMESERIES_COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(LaneSample))

FAULT_COLUMNS: tuple[str, ...] = (
    "fault_id", "t_s", "lane", "kind", "role", "slot", "incarnation", "pid", "after_step",
    "before_step", "recovery_ms", "lost_caused", "duplicates_caused",
)  # fmt: skip

ANOMALY_COLUMNS: tuple[str, ...] = (
    "anomaly_id", "lane", "kind", "slot", "first_sequence", "last_sequence", "count", "partition",
    "first_offset", "last_offset", "fault_id", "explanation",
)  # fmt: skip

DECIMALS = 6
"""Of a time or a rate: beyond a microsecond there is only floating point noise."""


def export_run(run_dir: Path, out_dir: Path) -> list[Path]:
    """Writes the run in `run_dir` to `out_dir`, which is made if need be.

    Returns: the files written. Raises EnvironmentProblem.
    """
    with closing(StoredRun(run_dir)) as run:
        texts = _csv_texts(run) | _histogram_texts(run)
    _make_directory(out_dir)
    for name, text in texts.items():
        write_whole(out_dir / name, text)
    return [out_dir / name for name in texts]


def csv_text(columns: Sequence[str], records: Iterable[Record]) -> str:
    """A CSV table of the records' fields named by `columns`."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(getattr(record, name)) for name in columns] for record in records)
    return buffer.getvalue()


def _csv_texts(run: StoredRun) -> dict[str, str]:
    return {
        "summary.csv": csv_text(SUMMARY_COLUMNS, run.summary()),
        "timeseries.csv": csv_text(TIMESERIES_COLUMNS, run.samples()),
        "faults.csv": csv_text(FAULT_COLUMNS, run.faults()),
        "anomalies.csv": csv_text(ANOMALY_COLUMNS, run.anomalies()),
    }


def _histogram_texts(run: StoredRun) -> dict[str, str]:
    """A lane of a run cut off has none yet."""
    lanes = [lane for lane in run.lanes() if lane["histogram"]]
    return {f"latency-{lane['slug']}.hgrm": hgrm_text(lane["histogram"]) for lane in lanes}


def _cell(value: object) -> object:
    """The csv module writes None as empty, and the others as `str` does."""
    return round(value, DECIMALS) if isinstance(value, float) else value


def _make_directory(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise EnvironmentProblem(
            f"{directory} cannot be made ({reason}); choose another directory"
        ) from error
