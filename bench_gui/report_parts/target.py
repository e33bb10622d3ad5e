"""Where a page may be written: nothing is lost for it but an older page."""

from __future__ import annotations

from pathlib import Path

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.records.run_directory import spare_the_run

SUFFIXES = (".html", ".htm")
TITLE = "Delivery Bench: run "
"""How the title of every page begins."""
HEAD_BYTES = 1000
"""Of a page, in which its title is."""


def check_target(run_dir: Path, path: Path) -> None:
    """Raises EnvironmentProblem where something else than an older page would be lost."""
    if path.is_dir():
        example = path / "report.html"
        raise EnvironmentProblem(f"{path} is a directory; name the page's file, such as {example}")
    spare_the_run(run_dir, path, SUFFIXES)
    if path.exists() and not _is_page(path):
        raise EnvironmentProblem(f"{path} is there and is no report of a run; name another file")


def _is_page(path: Path) -> bool:
    if not path.is_file():  # a pipe would be waited for
        return False
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError:
        return False
    return head.startswith(b"<!DOCTYPE html>") and f"<title>{TITLE}".encode() in head
