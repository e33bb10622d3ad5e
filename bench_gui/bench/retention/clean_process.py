"""The cleaner's process: removes what it is told that both counts have read. Killed at any moment.

It is told lane by lane up to where; it counts those rows with the recount's SQL, keeps that count
durably, and only then removes them.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from bench_gui.bench.plan import lane_directory
from bench_gui.bench.read_marks import ReadMarks
from bench_gui.bench.records.run_tables import RUN_DB
from bench_gui.bench.retention.counting import count_removable
from bench_gui.bench.retention.removing import remove_rows
from workers.entry import die_with_parent
from workers.files import LaneFiles
from workers.processes import Child, Connection, pipe, start_from_fork_server

LIVING_SQL = "SELECT incarnation FROM incarnations WHERE lane = ? AND ended_ns IS NULL"


def clean_run(connection: Connection, run_dir: Path) -> None:
    """The process's main: removes until the bench is gone."""
    die_with_parent()
    try:
        while True:
            for slug, marks in connection.recv().items():
                clean_lane(run_dir, slug, marks)
    except (EOFError, BrokenPipeError):
        return
    except sqlite3.Error as error:
        connection.send(f"old rows are not removed any more: {error}")


def clean_lane(run_dir: Path, slug: str, marks: ReadMarks) -> None:
    """Removes what the marks of one lane allow."""
    run_db, files = run_dir / RUN_DB, LaneFiles(lane_directory(run_dir, slug))
    removable = count_removable(run_db, slug, files, marks)
    with closing(sqlite3.connect(f"{run_db.resolve().as_uri()}?mode=ro", uri=True)) as run:
        living = [number for (number,) in run.execute(LIVING_SQL, (slug,))]
    remove_rows(files, removable, marks, living)


class CleanLink:
    """The bench's end of the pipe to the cleaner."""

    def __init__(self, run_dir: Path) -> None:
        """Starts the process."""
        self._connection, far_end = pipe()
        self._child: Child = start_from_fork_server(clean_run, far_end, run_dir)
        far_end.close()
        self._problem: str | None = None

    def tell(self, marks: dict[str, ReadMarks]) -> None:
        """These rows may go. Nothing is asked of a cleaner that has stopped."""
        if marks and self.problem is None:
            try:
                self._connection.send(marks)
            except OSError:
                self._problem = "old rows are not removed any more: the cleaner's process has ended"

    @property
    def problem(self) -> str | None:
        """One sentence when it has stopped, for whatever reason."""
        try:
            if self._problem is None and self._connection.poll():
                self._problem = str(self._connection.recv())
        except (EOFError, OSError):
            self._problem = "old rows are not removed any more: the cleaner's process has ended"
        return self._problem

    def end(self) -> None:
        """Ends the process; what it was at is as if it had not begun it, or is done."""
        self._child.kill()
        self._child.reap()
        self._connection.close()
