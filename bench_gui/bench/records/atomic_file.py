"""Writes a file whole or not at all. Knows nothing of what is in it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from bench_gui.bench.errors import EnvironmentProblem


def write_whole(path: Path, text: str) -> None:
    """Puts `text` (UTF-8, line ends as they stand) at `path`, replacing what was there.

    A reader sees the old file or the new one, never a part. Raises EnvironmentProblem.
    """
    try:
        _write_and_rename(path, text.encode())
    except OSError as error:
        reason = error.strerror or str(error)
        raise EnvironmentProblem(
            f"{path} cannot be written ({reason}); free some space or choose another place"
        ) from error


def _write_and_rename(path: Path, content: bytes) -> None:
    """Through a temporary file beside it: a rename within one directory is atomic."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
