"""Makes a run's directory, or says why it cannot be one. Knows nothing of what goes in."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from bench_gui.bench.errors import EnvironmentProblem


def make_run_directory(path: Path) -> Path:
    """An empty directory that can be written to, with its parents; one that is there may be used.

    Returns: `path`. Raises EnvironmentProblem: not a directory, not empty, cannot be written.
    """
    if path.exists() and not path.is_dir():
        raise EnvironmentProblem(f"{path} is a file; name a directory that is empty or not there")
    try:
        if path.is_dir() and any(path.iterdir()):
            raise EnvironmentProblem(f"{path} is not empty; name a directory that is empty or new")
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentProblem(_no_directory(path, error.strerror or str(error))) from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise EnvironmentProblem(_no_directory(path, "no permission to write"))
    return path


def spare_the_run(run_dir: Path, path: Path, suffixes: Iterable[str]) -> None:
    """Raises EnvironmentProblem where a new file could take the place of one of the run's own.

    Args:
        suffixes: of names that none of those has.
    """
    inside = run_dir.resolve() in path.resolve().parents
    if inside and path.suffix.lower() not in suffixes:
        endings = " or ".join(suffixes)
        raise EnvironmentProblem(
            f"{path} is among the run's own files; name one that ends in {endings}, or another"
            " directory"
        )


def _no_directory(path: Path, reason: str) -> str:
    return f"{path} cannot be used ({reason}); name another directory"
