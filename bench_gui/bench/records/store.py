"""Writes run.db: the bench's process alone does, one SQLite transaction a call, or for
several calls `together`.

What is in a call is there for every reader when it returns, or not at all: a bench killed at any
moment leaves a file that opens. Reading is `stored_run`'s.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from sqlite_utils import Database

from bench_gui import __version__
from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.incarnations import FaultMark
from bench_gui.bench.options import to_texts
from bench_gui.bench.records.database import (
    close_database,
    create_database,
    environment_problems,
    transaction,
)
from bench_gui.bench.records.process_identity import process_token
from bench_gui.bench.records.results import SummaryRow
from bench_gui.bench.records.run_tables import RUN_DB, TABLES, Row, put_sql, record_of, row_of
from bench_gui.bench.records.stored_run import StoredRun
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import AnomalyRange, FaultReport, LaneSample, RunState, Verdict
from workers.lanes import lane_of

HURRIED_MS = 500

FAULT_SQL = "SELECT * FROM faults WHERE fault_id = ?"
END_SQL = """
UPDATE incarnations
SET first_step_ns = :first_step_ns, ended_ns = :ended_ns, fault_id = :fault_id,
    acked_sequence = :acked_sequence, exit = :exit
WHERE lane = :lane AND incarnation = :incarnation
"""
"""Does nothing for a process whose start a full disk did not take."""


class RunStore:
    """The run's database, open for writing. Raises EnvironmentProblem from every method."""

    def __init__(self, database: Database, path: Path, run_id: str) -> None:
        """Use `create` or `open`."""
        self._database = database
        self._path = path
        self._run_id = run_id

    @classmethod
    def create(
        cls,
        run_dir: Path,
        settings: RunSettings,
        *,
        run_id: str,
        start_ns: int,
        started_at_iso: str,
        command_line: str,
        bench_pid: int,
    ) -> RunStore:
        """A new run.db in `run_dir`, which exists. Raises EnvironmentProblem if there is one.

        Args:
            start_ns: the run's start on the monotonic clock.
            started_at_iso: the same by the wall clock, ISO-8601.
            bench_pid: the process that writes; while it lives the run is not cut off.
        """
        path = run_dir / RUN_DB
        if path.exists():
            raise EnvironmentProblem(f"{path} is there already; choose another directory")
        store = cls(create_database(path), path, run_id)
        run: Row = {
            "run_id": run_id,
            "state": RunState.STARTING.value,
            "seed": settings.seed,
            "settings": json.dumps(to_texts(settings)),
            "start_ns": start_ns,
            "rate_eps": settings.rate_eps,
            "producers": settings.producers,
            "started_at": started_at_iso,
            "command_line": command_line,
            "bench_pid": bench_pid,
            "bench_token": process_token(bench_pid) or "",
            "version": __version__,
            "python": platform.python_version(),
            "platform": platform.platform(),
        }
        store._create_tables(run, settings.lanes)
        return store

    @staticmethod
    def open(run_dir: Path) -> StoredRun:
        """The run in `run_dir`, read only. Raises EnvironmentProblem if there is none."""
        return StoredRun(run_dir)

    def close(self) -> None:
        """Closes; run.db is then one plain file, unless someone still reads it."""
        with environment_problems(self._path):
            close_database(self._database)

    def hurry(self) -> None:
        """From now on a locked run.db is waited for only a moment: the run has failed anyway."""
        self._database.conn.execute(f"PRAGMA busy_timeout = {HURRIED_MS}")

    def together(self) -> AbstractContextManager[None]:
        """One SQLite transaction for all calls inside it; none of them counts if one fails."""
        return transaction(self._database, self._path)

    def add_samples(self, samples: Iterable[LaneSample]) -> None:
        """Adds time series buckets."""
        self._put("samples", map(row_of, samples))

    def add_frames(self, frames: Iterable[Row]) -> None:
        """Adds frames of the recording, as `recording.recorder` makes them."""
        self._put("frames", frames)

    def put_faults(self, faults: Iterable[FaultReport]) -> None:
        """Adds faults, replacing those with the same fault_id."""
        self._put("faults", map(row_of, faults))

    def fault(self, fault_id: int) -> FaultReport:
        """The fault as it was put last. Raises KeyError when there is none."""
        with environment_problems(self._path):
            rows = list(self._database.query(FAULT_SQL, (fault_id,)))
        if not rows:
            raise KeyError(fault_id)
        return record_of(FaultReport, rows[0])

    def put_anomalies(self, anomalies: Iterable[AnomalyRange]) -> None:
        """Adds anomalies, replacing those with the same lane and anomaly_id."""
        self._put("anomalies", map(row_of, anomalies))

    def add_marks(self, lane: str, marks: Iterable[FaultMark]) -> None:
        """Faults that hit living processes of the lane. Their faults must have been put before."""
        named = ({**row_of(mark), "lane": lane, "kind": mark.kind.value} for mark in marks)
        self._put("marks", named)

    def put_summary(self, rows: Iterable[SummaryRow]) -> None:
        """Adds the lanes' results, replacing those of the same lanes."""
        self._put("summary", map(row_of, rows))

    def start_incarnation(
        self,
        lane: str,
        incarnation: int,
        role: str,
        slot: int,
        generation: int,
        pid: int,
        started_ns: int,
    ) -> None:
        """A worker process started."""
        row: Row = {
            "lane": lane,
            "incarnation": incarnation,
            "role": role,
            "slot": slot,
            "generation": generation,
            "pid": pid,
            "started_ns": started_ns,
        }
        self._put("incarnations", [row])

    def end_incarnation(
        self,
        lane: str,
        incarnation: int,
        *,
        first_step_ns: int | None,
        ended_ns: int,
        fault_id: int | None,
        acked_sequence: int | None,
        exit: str,  # noqa: A002 -- the column's name
    ) -> None:
        """A worker process ended. Written before its replacement starts: the auditor relies on it.

        Args:
            first_step_ns: when it first did its work, None when it never came so far.
            fault_id: the fault that ended it, if one did.
            acked_sequence: a producer's last acknowledged sequence.
            exit: how it ended, in words.
        """
        row: Row = {
            "first_step_ns": first_step_ns,
            "ended_ns": ended_ns,
            "fault_id": fault_id,
            "acked_sequence": acked_sequence,
            "exit": exit,
        }
        with self._transaction():
            self._database.execute(END_SQL, {**row, "lane": lane, "incarnation": incarnation})

    def set_lane(
        self, slug: str, verdict: Verdict, reason: str, histogram_json: str | None
    ) -> None:
        """A lane's verdict, its reason in one sentence, and its latency histogram."""
        row: Row = {"verdict": verdict.value, "reason": reason, "histogram": histogram_json}
        with self._transaction():
            self._database.table("lanes").update(slug, row)

    def set_state(self, state: RunState, **columns: object) -> None:
        """Where the run stands, and other columns of the run's row, such as `sources_end_ns`."""
        with self._transaction():
            self._database.table("run").update(self._run_id, {"state": state.value, **columns})

    def _create_tables(self, run: Row, lanes: Iterable[str]) -> None:
        with self._transaction():
            for table, (columns, key) in TABLES.items():
                self._database.table(table).create(columns, pk=key)
            self._database.table("incarnations").create_index(["ended_ns"])
            self._database.table("run").insert(run)
            self._database.table("lanes").insert_all(_lane_row(slug) for slug in lanes)

    def _put(self, table: str, rows: Iterable[Row]) -> None:
        """Adds rows that all have the same columns, replacing those with the same key.

        Not by `sqlite_utils`: it asks for the table's columns each time, and makes a statement for
        each number of rows (measured: a fault in 0.5 ms of CPU, and in 0.03 so).
        """
        values = list(rows)
        if values:
            with self._transaction():
                self._database.conn.executemany(put_sql(table, tuple(values[0])), values)

    def _transaction(self) -> AbstractContextManager[None]:
        if self._database.conn.in_transaction:
            return nullcontext()
        return transaction(self._database, self._path)


def _lane_row(slug: str) -> Row:
    lane = lane_of(slug)
    return {"slug": slug, "name": lane.name, "rule": lane.rule, "verdict": Verdict.PENDING.value}
