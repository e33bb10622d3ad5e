"""Writes files whole or not at all. Knows nothing of what is in them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from bench_gui.bench.errors import EnvironmentProblem

WriteFile = Callable[[Path, Iterable[str]], None]


def write_whole(path: Path, content: str | bytes) -> None:
    """Puts `content` (text as UTF-8, line ends as they stand) at `path`, replacing what was there.

    Its directory is made if need be. A reader sees the old file or the new one, never a part.
    Raises EnvironmentProblem.
    """
    with ExitStack() as undo, _problems(path):
        _make_directory(path.parent, undo)
        _write_beside(path, [content], undo).replace(path)
        undo.pop_all()


@contextmanager
def written_together() -> Iterator[WriteFile]:
    """Files that all appear when the block ends, or none of them when it raises.

    Gives: a function that writes one file from pieces of text (UTF-8, line ends as they stand) and
    makes its directory if need be. It and the block's end raise EnvironmentProblem.
    """
    with ExitStack() as undo:
        waiting: list[tuple[Path, Path]] = []

        def write(path: Path, pieces: Iterable[str]) -> None:
            with _problems(path):
                _make_directory(path.parent, undo)
                waiting.append((_write_beside(path, pieces, undo), path))

        yield write
        for temporary, path in waiting:
            with _problems(path):
                temporary.replace(path)
        undo.pop_all()


@contextmanager
def _problems(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise EnvironmentProblem(
            f"{path} cannot be written ({reason}); free some space or choose another place"
        ) from error


def _make_directory(directory: Path, undo: ExitStack) -> None:
    missing = [parent for parent in (directory, *directory.parents) if not parent.exists()]
    for parent in reversed(missing):
        parent.mkdir()
        undo.callback(_remove_if_empty, parent)


def _remove_if_empty(directory: Path) -> None:
    with suppress(OSError):
        directory.rmdir()


def _write_beside(path: Path, pieces: Iterable[str | bytes], undo: ExitStack) -> Path:
    """A temporary file beside it: a rename within one directory is atomic."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    temporary = Path(name)
    undo.callback(temporary.unlink, missing_ok=True)
    with os.fdopen(handle, "wb") as file:
        file.writelines(one.encode() if isinstance(one, str) else one for one in pieces)
    temporary.chmod(0o644)
    return temporary
