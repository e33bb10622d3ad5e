"""What a run.db from anywhere may hold that this program does not write. Knows no SQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.records.run_tables import RUN_DB

UNREADABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError)
"""What a run.db raises whose values are not what this program writes."""


@contextmanager
def readable(run_dir: Path) -> Iterator[None]:
    """Raises EnvironmentProblem for a run.db that holds what this program does not write."""
    try:
        yield
    except UNREADABLE as error:
        raise EnvironmentProblem(
            f"{run_dir / RUN_DB} is damaged, or of another version ({error}); choose another run"
        ) from error
