"""The tables of run.db and how the bench's values become rows. Knows no SQLite.

run           one row: what was asked, by whom, and how far it came
lanes         one row a lane: verdict, reason, latency histogram
samples       the time series: the fields of LaneSample
faults        one row a fault: the fields of FaultReport, by fault_id
anomalies     one row a range: the fields of AnomalyRange, by (lane, anomaly_id)
incarnations  one row a worker process, by (lane, incarnation)
summary       one row a lane: the fields of SummaryRow
frames        what the watchers were shown, up to 20 times a second: see `recording`
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from types import NoneType
from typing import Any, ClassVar, Protocol, TypeVar, get_args, get_type_hints

from bench_gui.bench.records.results import SummaryRow
from bench_gui.bench.snapshot import AnomalyRange, FaultReport, LaneSample

RUN_DB = "run.db"
LANES_DIRECTORY = "lanes"
"""Below a run's directory: one directory a lane, named by its slug."""

Row = dict[str, Any]
Columns = dict[str, type]
Key = str | tuple[str, ...] | None


class Record(Protocol):
    """A dataclass of plain values."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


R = TypeVar("R", bound=Record)


@cache
def columns_of(record: type[Record]) -> Columns:
    """A column a field, with the field's type; `int | None` is a column of integers."""
    return {name: _plain_type(hint) for name, hint in get_type_hints(record).items()}


def row_of(record: Record) -> Row:
    """The fields' values by name."""
    return {name: getattr(record, name) for name in _names(type(record))}


@cache
def _names(kind: type[Record]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def record_of(kind: type[R], row: Mapping[str, Any]) -> R:
    """The inverse of `row_of`, from a database's row: it keeps a bool as 0 or 1.

    A column that a file of an earlier version lacks has the field's default.
    """
    types = columns_of(kind)
    there = [name for name in types if name in row]
    values = {name: bool(row[name]) if types[name] is bool else row[name] for name in there}
    return kind(**values)


def _plain_type(hint: Any) -> type:
    """`int` of `int | None`."""
    plain = [part for part in get_args(hint) or (hint,) if part is not NoneType]
    only: type = plain[0]
    return only


RUN_COLUMNS: Columns = {
    "run_id": str,
    "state": str,
    "seed": int,
    "settings": str,
    "start_ns": int,
    "sources_end_ns": int,
    "rate_eps": int,
    "producers": int,
    "started_at": str,
    "ended_at": str,
    "command_line": str,
    "bench_pid": int,
    "bench_token": str,
    "disagreement": str,
    "version": str,
    "python": str,
    "platform": str,
}
"""`settings` is JSON of `options.to_texts`; `rate_eps` is NULL for a closed loop; `sources_end_ns`
is NULL until known; `bench_token` tells the bench's process from a later one with its pid."""

LANE_COLUMNS: Columns = {
    "slug": str,
    "name": str,
    "rule": str,
    "verdict": str,
    "reason": str,
    "histogram": str,
}

INCARNATION_COLUMNS: Columns = {
    "lane": str,
    "incarnation": int,
    "role": str,
    "slot": int,
    "generation": int,
    "pid": int,
    "started_ns": int,
    "first_step_ns": int,
    "ended_ns": int,
    "fault_id": int,
    "acked_sequence": int,
    "exit": str,
}

MARK_COLUMNS: Columns = {
    "mark_id": int,
    "lane": str,
    "incarnation": int,
    "kind": str,
    "fault_id": int,
    "at_ns": int,
    "source": int,
    "first_sequence": int,
    "next_sequence": int,
}
"""One row a `FaultMark`, numbered in the order of writing."""

FRAME_COLUMNS: Columns = {
    "sequence": int,
    "at_ns": int,
    "key_frame": int,
    "samples": int,
    "faults": bytes,
    "body": bytes,
}
"""One row a frame, from 0. `at_ns` is on the monotonic clock; `key_frame` is the sequence of the
whole frame from which on it is read; `samples` is how many rows of samples there were by then;
`faults` are those new or changed with it, NULL when there are none."""

LATER_TABLES = frozenset({"frames"})
"""Those that a run of an earlier version may lack."""

TABLES: dict[str, tuple[Columns, Key]] = {
    "run": (RUN_COLUMNS, "run_id"),
    "lanes": (LANE_COLUMNS, "slug"),
    "samples": (columns_of(LaneSample), None),
    "faults": (columns_of(FaultReport), "fault_id"),
    "anomalies": (columns_of(AnomalyRange), ("lane", "anomaly_id")),
    "incarnations": (INCARNATION_COLUMNS, ("lane", "incarnation")),
    "marks": (MARK_COLUMNS, "mark_id"),
    "summary": (columns_of(SummaryRow), "lane"),
    "frames": (FRAME_COLUMNS, "sequence"),
}
"""Columns and primary key of each table."""


@cache
def put_sql(table: str, columns: tuple[str, ...]) -> str:
    """Adds a row of these columns, given by name; one with the same key is replaced by it."""
    key = TABLES[table][1]
    keys = (key,) if isinstance(key, str) else key or ()
    values = ", ".join(f":{column}" for column in columns)
    sql = f"INSERT INTO {table}({', '.join(columns)}) VALUES ({values})"
    if not keys or not set(keys) <= set(columns):
        return sql
    changes = ", ".join(f"{c} = excluded.{c}" for c in columns if c not in keys)
    return f"{sql} ON CONFLICT({', '.join(keys)}) DO UPDATE SET {changes}"
