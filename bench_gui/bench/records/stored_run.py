"""Reads run.db: after the run, or while the bench writes it. Writes nothing."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.incarnations import FaultMark, IncarnationEnd, MarkKind
from bench_gui.bench.options import from_texts
from bench_gui.bench.records.database import open_database, reading_problems
from bench_gui.bench.records.process_identity import still_runs
from bench_gui.bench.records.results import SummaryRow
from bench_gui.bench.records.run_tables import LATER_TABLES, RUN_DB, TABLES, R, Row, record_of
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import AnomalyRange, FaultReport, LaneSample, RunState

ENDS_SQL = """
SELECT lane, incarnation, role, slot, ended_ns, fault_id, acked_sequence
FROM incarnations WHERE ended_ns >= ? ORDER BY lane, incarnation
"""
ENDS_OF_LANE_SQL = """
SELECT incarnation, role, slot, ended_ns, fault_id, acked_sequence
FROM incarnations WHERE lane = ? AND ended_ns IS NOT NULL ORDER BY incarnation
"""
MARKS_SQL = """
SELECT mark_id, lane, incarnation, kind, fault_id, at_ns, source, first_sequence, next_sequence
FROM marks WHERE mark_id > ? ORDER BY mark_id
"""
MARKS_OF_LANE_SQL = """
SELECT incarnation, kind, fault_id, at_ns, source, first_sequence, next_sequence
FROM marks WHERE lane = ? ORDER BY mark_id
"""


class StoredRun:
    """One run's database, read only."""

    def __init__(self, run_dir: Path) -> None:
        """Raises EnvironmentProblem when `run_dir` holds no run, or it cannot be read."""
        self._path = run_dir / RUN_DB
        self._database = _open_run(self._path)
        self.columns: Row = self._rows("SELECT * FROM run")[0]

    def close(self) -> None:
        """Closes the database."""
        self._database.close()

    @property
    def run_id(self) -> str:
        """The run's name."""
        return str(self.columns["run_id"])

    @property
    def settings(self) -> RunSettings:
        """What the run was asked to do."""
        return from_texts(json.loads(self.columns["settings"]))

    @property
    def state(self) -> RunState:
        """Where the run stands; CUT_OFF when it never ended and its bench is no more."""
        state = RunState(self.columns["state"])
        return state if state.ended or self._bench_lives() else RunState.CUT_OFF

    @property
    def cut_off(self) -> str | None:
        """One sentence when the run was cut off, None otherwise."""
        if self.state is not RunState.CUT_OFF:
            return None
        stood = self.columns["state"]
        when = "" if stood == RunState.CUT_OFF.value else f" while it was {stood}"
        return f"run {self.run_id} was cut off{when}: its counts are those of its last moment"

    @property
    def disagreement(self) -> str | None:
        """One sentence when live, final and recount differ."""
        return None if self.columns["disagreement"] is None else str(self.columns["disagreement"])

    def lanes(self) -> list[Row]:
        """One row a lane, in display order: slug, name, rule, verdict, reason, histogram (JSON)."""
        return self._rows("SELECT * FROM lanes ORDER BY rowid")

    def samples(self) -> list[LaneSample]:
        """The time series in the order it was written."""
        return self._records(LaneSample, "SELECT * FROM samples ORDER BY rowid")

    def each_sample(self, from_s: float, to_s: float) -> tuple[int, Iterator[LaneSample]]:
        """As `samples`, of a stretch of time with both ends, one after another.

        Returns: how many there are, and they.
        """
        where = "FROM samples WHERE t_s BETWEEN ? AND ?"
        stretch = (from_s, to_s)
        count = self.rows(f"SELECT count(*) AS count {where}", stretch)[0]["count"]
        rows = self._each(f"SELECT * {where} ORDER BY rowid", stretch)
        return int(count), (record_of(LaneSample, row) for row in rows)

    def faults(self) -> list[FaultReport]:
        """The faults by their number."""
        return self._records(FaultReport, "SELECT * FROM faults ORDER BY fault_id")

    def anomalies(self) -> list[AnomalyRange]:
        """The anomalies, lane by lane in display order."""
        return self._records(
            AnomalyRange,
            "SELECT anomalies.* FROM anomalies JOIN lanes ON lanes.slug = anomalies.lane"
            " ORDER BY lanes.rowid, anomaly_id",
        )

    def summary(self) -> list[SummaryRow]:
        """The lanes' results in display order; empty before the final count."""
        return self._records(
            SummaryRow,
            "SELECT summary.* FROM summary JOIN lanes ON lanes.slug = summary.lane"
            " ORDER BY lanes.rowid",
        )

    def incarnations(self) -> list[Row]:
        """Every worker process, by lane and number."""
        return self._rows("SELECT * FROM incarnations ORDER BY lane, incarnation")

    def marks(self, lane: str) -> list[FaultMark]:
        """The faults that hit living processes of the lane, in the order of writing."""
        return _marks_of(self._database, self._path, lane)

    def _bench_lives(self) -> bool:
        return still_runs(self.columns["bench_pid"], self.columns["bench_token"])

    def _records(self, kind: type[R], sql: str) -> list[R]:
        return [record_of(kind, row) for row in self._rows(sql)]

    @property
    def tables(self) -> set[str]:
        """The names of its tables."""
        with reading_problems(self._path):
            return set(self._database.table_names())

    def rows(self, sql: str, arguments: tuple[Any, ...] = ()) -> list[Row]:
        """What a reader of a table of its own asks for."""
        return _query(self._database, self._path, sql, arguments)

    def _rows(self, sql: str) -> list[Row]:
        return self.rows(sql)

    def _each(self, sql: str, arguments: tuple[Any, ...]) -> Iterator[Row]:
        with reading_problems(self._path):
            yield from self._database.query(sql, arguments)


class IncarnationReader:
    """What befell worker processes, for the auditor while the bench writes."""

    def __init__(self, run_dir: Path) -> None:
        """Raises EnvironmentProblem when `run_dir` holds no run, or it cannot be read."""
        self._path = run_dir / RUN_DB
        self._database = _open_run(self._path)
        self._last_mark = 0

    def ended_since(self, ended_ns: int) -> Mapping[str, Sequence[IncarnationEnd]]:
        """The ends at `ended_ns` (inclusive, monotonic) or later, by lane, in order of number."""
        ends: dict[str, list[IncarnationEnd]] = defaultdict(list)
        for row in _query(self._database, self._path, ENDS_SQL, (ended_ns,)):
            ends[row.pop("lane")].append(IncarnationEnd(**row))
        return ends

    def new_marks(self) -> Mapping[str, Sequence[FaultMark]]:
        """Faults that hit living processes, new since the last call, by lane."""
        marks: dict[str, list[FaultMark]] = defaultdict(list)
        for row in _query(self._database, self._path, MARKS_SQL, (self._last_mark,)):
            self._last_mark = row.pop("mark_id")
            lane, kind = row.pop("lane"), MarkKind(row.pop("kind"))
            marks[lane].append(FaultMark(kind=kind, **row))
        return marks

    def ends_of(self, lane: str) -> list[IncarnationEnd]:
        """Every end in the lane so far, in order of number."""
        rows = _query(self._database, self._path, ENDS_OF_LANE_SQL, (lane,))
        return [IncarnationEnd(**row) for row in rows]

    def marks_of(self, lane: str) -> list[FaultMark]:
        """Every fault so far that hit a living process of the lane, in the order of writing."""
        return _marks_of(self._database, self._path, lane)

    def close(self) -> None:
        """Closes the database."""
        self._database.close()


def _marks_of(database: Database, path: Path, lane: str) -> list[FaultMark]:
    rows = _query(database, path, MARKS_OF_LANE_SQL, (lane,))
    return [FaultMark(kind=MarkKind(row.pop("kind")), **row) for row in rows]


def _open_run(path: Path) -> Database:
    if not path.is_file():
        raise EnvironmentProblem(f"{path.parent} holds no run (no {RUN_DB}); name a run's own")
    database = open_database(path)
    with reading_problems(path):
        complete = (
            set(database.table_names()) >= TABLES.keys() - LATER_TABLES
            and database.table("run").count
        )
    if not complete:
        database.close()
        raise EnvironmentProblem(f"{path} is not a run's database; name a run's directory")
    return database


def _query(database: Database, path: Path, sql: str, arguments: tuple[Any, ...] = ()) -> list[Row]:
    with reading_problems(path):
        return list(database.query(sql, arguments))
