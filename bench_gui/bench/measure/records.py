"""measure.db: a measurement written down cell by cell, and read again, also when it was cut off.

measurement   one row: what was asked, by whom, and how far it came
cells         one row a counted run: the fields of CellResult
histograms    one row a counted run: its latency histogram as JSON (`metrics.LatencyHistogram`)

One SQLite transaction a cell: what is there opens at any moment, whatever was killed.
"""

from __future__ import annotations

import json
import os
import platform
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bench_gui import __version__
from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.measure.cells import CellResult
from bench_gui.bench.measure.figures import MeasureResult
from bench_gui.bench.measure.settings import MeasureSettings
from bench_gui.bench.measure.snapshot import MeasureState
from bench_gui.bench.measure.texts import from_texts, to_texts
from bench_gui.bench.records.database import (
    close_database,
    create_database,
    environment_problems,
    open_database,
    transaction,
)
from bench_gui.bench.records.process_identity import process_token, still_runs
from bench_gui.bench.records.run_tables import Columns, Row, columns_of, record_of, row_of

MEASURE_DB = "measure.db"

MEASUREMENT_COLUMNS: Columns = {
    "state": str,
    "message": str,
    "settings": str,
    "started_at": str,
    "ended_at": str,
    "command_line": str,
    "bench_pid": int,
    "bench_token": str,
    "version": str,
    "python": str,
    "platform": str,
    "cpus": int,
}
"""`settings` is JSON of `texts.to_texts`; `bench_token` tells the process from a later one."""

HISTOGRAM_COLUMNS: Columns = {"cell": int, "histogram": str}
TABLES = ("measurement", "cells", "histograms")
ONLY_ROW = 1


class MeasureStore:
    """measure.db, open for writing. Every method may raise EnvironmentProblem."""

    def __init__(self, directory: Path, settings: MeasureSettings, command_line: str) -> None:
        """A new one in `directory`, which exists."""
        self._path = directory / MEASURE_DB
        if self._path.exists():
            raise EnvironmentProblem(f"{self._path} is there already; choose another directory")
        self._database = create_database(self._path)
        with transaction(self._database, self._path):
            columns = {"measurement": int} | MEASUREMENT_COLUMNS
            self._database.table("measurement").create(columns, pk="measurement")
            self._database.table("cells").create(columns_of(CellResult), pk="cell")
            self._database.table("histograms").create(HISTOGRAM_COLUMNS, pk="cell")
            self._database.table("measurement").insert(_first_row(settings, command_line))

    def add(self, cell: CellResult, histogram: str | None) -> None:
        """A counted run that has ended."""
        with transaction(self._database, self._path):
            self._database.table("cells").insert(row_of(cell))
            self._database.table("histograms").insert({"cell": cell.cell, "histogram": histogram})

    def set_state(self, state: MeasureState, message: str) -> None:
        """Where the measurement stands."""
        row: Row = {"state": state.value, "message": message}
        if state.ended:
            row["ended_at"] = _now()
        with transaction(self._database, self._path):
            self._database.table("measurement").update(ONLY_ROW, row)

    def close(self) -> None:
        """Closes; measure.db is then one plain file, unless someone still reads it."""
        with environment_problems(self._path):
            close_database(self._database)


def _first_row(settings: MeasureSettings, command_line: str) -> Row:
    return {
        "measurement": ONLY_ROW,
        "state": MeasureState.STARTING.value,
        "message": "",
        "settings": json.dumps(to_texts(settings)),
        "started_at": _now(),
        "command_line": command_line,
        "bench_pid": os.getpid(),
        "bench_token": process_token(os.getpid()) or "",
        "version": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "cpus": os.cpu_count(),
    }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def is_measurement(directory: Path) -> bool:
    """Whether there is a measurement in it."""
    return (directory / MEASURE_DB).is_file()


def read_measurement(directory: Path) -> MeasureResult:
    """The measurement in `directory`, as far as it came.

    Raises EnvironmentProblem when there is none or it cannot be read.
    """
    path = directory / MEASURE_DB
    if not path.is_file():
        raise EnvironmentProblem(f"{directory} holds no measurement (no {MEASURE_DB})")
    with closing(open_database(path)) as database, environment_problems(path):
        if not set(database.table_names()) >= set(TABLES):
            raise EnvironmentProblem(f"{path} is not a measurement's database")
        row = next(iter(database.query("SELECT * FROM measurement")))
        cells = [
            record_of(CellResult, cell)
            for cell in database.query("SELECT * FROM cells ORDER BY cell")
        ]
    state, message = _state(row)
    return MeasureResult(
        settings=from_texts(json.loads(row["settings"])),
        state=state,
        message=message,
        cells=tuple(cells),
        started_at=row["started_at"],
        machine=f"{row['platform']}, {row['cpus']} CPUs, Python {row['python']}",
    )


def _state(row: Row) -> tuple[MeasureState, str]:
    """CUT_OFF when it never ended and its process is no more."""
    state = MeasureState(row["state"])

    if state.ended or still_runs(row["bench_pid"], row["bench_token"]):
        return state, row["message"]
    return MeasureState.CUT_OFF, "the measurement was cut off"


def histogram_of(directory: Path, cell: int) -> str | None:
    """A counted run's latency histogram as JSON; None without one."""
    path = directory / MEASURE_DB
    with closing(open_database(path)) as database, environment_problems(path):
        rows = list(database.query("SELECT histogram FROM histograms WHERE cell = ?", (cell,)))
    return rows[0]["histogram"] if rows else None
