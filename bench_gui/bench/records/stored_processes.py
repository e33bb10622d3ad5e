"""A lane's worker processes as run.db has them: who they were, and how each ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench_gui.bench.records.run_tables import Row

if TYPE_CHECKING:  # a reader of a life's values needs no database
    from bench_gui.bench.records.stored_run import StoredRun

FINISHED = "finished"
"""As `slot.Outcome` says it; the supervisor's modules are not for readers of a run."""


@dataclass(frozen=True, slots=True)
class Worker:
    """One worker process.

    Fields:
        incarnation: its lane-unique number, as in the lane's files.
        role, slot: 'producer' or 'consumer', from 0.
        generation: which process of its slot it is, from 1. pid: None when run.db has no row of it.
    """

    incarnation: int
    role: str
    slot: int
    generation: int
    pid: int | None

    def __str__(self) -> str:
        pid = "" if self.pid is None else f", pid {self.pid}"
        return f"{self.role} {self.slot} (generation {self.generation}{pid})"


@dataclass(frozen=True, slots=True)
class Process:
    """How a worker process began and ended; times are monotonic nanoseconds.

    Fields:
        ended_ns: None while it lives, or when the run was cut off before.
        fault_id: the fault that ended it; None when it finished by itself.
        acked_sequence: the sequence after the last one acknowledged to this producer, exclusive.
        finished: whether it came to its own end.
    """

    worker: Worker
    started_ns: int
    ended_ns: int | None
    fault_id: int | None
    acked_sequence: int | None
    finished: bool = False

    @property
    def killed(self) -> bool:
        """Whether a fault ended it."""
        return self.ended_ns is not None and self.fault_id is not None


def processes_of(run: StoredRun, slug: str) -> dict[int, Process]:
    """Every worker process of the lane, by incarnation."""
    rows = [row for row in run.incarnations() if row["lane"] == slug]
    return {row["incarnation"]: _process(row) for row in rows}


def _process(row: Row) -> Process:
    worker = Worker(row["incarnation"], row["role"], row["slot"], row["generation"], row["pid"])
    return Process(
        worker,
        row["started_ns"],
        row["ended_ns"],
        row["fault_id"],
        row["acked_sequence"],
        finished=row["exit"] == FINISHED,
    )
