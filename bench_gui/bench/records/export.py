"""Writes a run's CSV files and latency histograms from run.db, at any time, also cut off.

Columns are as the README says. UTF-8, comma, dot, a header always, "\\n" line ends, an unknown
value is empty. Only its own files are replaced, all of them together or none.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import fields
from itertools import islice
from pathlib import Path

from bench_gui.bench.metrics import hgrm_text
from bench_gui.bench.progress import Progress, followed, unwatched
from bench_gui.bench.records.atomic_file import written_together
from bench_gui.bench.records.readable import readable
from bench_gui.bench.records.results import SUMMARY_COLUMNS
from bench_gui.bench.records.run_tables import Record
from bench_gui.bench.records.stored_run import StoredRun
from bench_gui.bench.snapshot import AnomalyRange, LaneSample

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


Stretch = tuple[float, float]
"""From when until when, seconds since the run's start, both ends inclusive."""

WHOLE: Stretch = (-math.inf, math.inf)
ROWS_A_PIECE = 1000


def export_run(
    run_dir: Path, out_dir: Path, stretch: Stretch = WHOLE, progress: Progress = unwatched
) -> list[Path]:
    """Writes the run in `run_dir` to `out_dir`, which is made if need be.

    Args:
        stretch: to which timeseries.csv, faults.csv (by their moment) and anomalies.csv (by the
            moment of the fault that caused them; those without one stay) are cut. The summary and
            the histograms are of the whole run always.

    Returns: the files written, which appear together. Raises EnvironmentProblem, and Cancelled, and
    then there are none of them.
    """
    with readable(run_dir), closing(StoredRun(run_dir)) as run, written_together() as write:
        files = _csv_pieces(run, stretch, progress)
        files |= {name: [text] for name, text in _histogram_texts(run).items()}
        for name, pieces in files.items():
            write(out_dir / name, pieces)
        progress(1.0)
    return [out_dir / name for name in files]


def csv_text(columns: Sequence[str], records: Iterable[Record]) -> str:
    """A CSV table of the records' fields named by `columns`."""
    return "".join(csv_pieces(columns, records))


def csv_pieces(columns: Sequence[str], records: Iterable[Record]) -> Iterator[str]:
    """As `csv_text`, a piece at a time."""
    rows = ([_cell(getattr(record, name)) for name in columns] for record in records)
    yield _lines([columns])
    while piece := list(islice(rows, ROWS_A_PIECE)):
        yield _lines(piece)


def _lines(rows: Iterable[Sequence[object]]) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


def _csv_pieces(run: StoredRun, stretch: Stretch, progress: Progress) -> dict[str, Iterable[str]]:
    """The time series, which may be long, is read as it is written, and tells how far it is."""
    count, samples = run.each_sample(*stretch)
    faults = [fault for fault in run.faults() if stretch[0] <= fault.t_s <= stretch[1]]
    anomalies: Iterable[AnomalyRange] = run.anomalies()
    if stretch != WHOLE:
        known = {fault.fault_id for fault in faults} | {None}
        anomalies = [one for one in anomalies if one.fault_id in known]
    watched = followed(samples, count, progress)
    return {
        "summary.csv": csv_pieces(SUMMARY_COLUMNS, run.summary()),
        "timeseries.csv": csv_pieces(TIMESERIES_COLUMNS, watched),
        "faults.csv": csv_pieces(FAULT_COLUMNS, faults),
        "anomalies.csv": csv_pieces(ANOMALY_COLUMNS, anomalies),
    }


def _histogram_texts(run: StoredRun) -> dict[str, str]:
    """A lane of a run cut off has none yet."""
    lanes = [lane for lane in run.lanes() if lane["histogram"]]
    return {f"latency-{lane['slug']}.hgrm": hgrm_text(lane["histogram"]) for lane in lanes}


def _cell(value: object) -> object:
    """The csv module writes None as empty, and the others as `str` does."""
    return round(value, DECIMALS) if isinstance(value, float) else value
