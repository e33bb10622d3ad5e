"""Plants one bug in a copy of the source and runs the checks that should catch it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
COPIED = ("bench_gui", "workers", "tests", "pyproject.toml", "main.py")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc", ".hypothesis")
PATIENCE_S = 240
"""A check that hangs on a bug has caught it too: some bugs keep a drain from ever ending."""
TESTS_FAILED = 1
QUIET = ("-p", "no:cacheprovider")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A bug.

    Fields:
        name: what is wrong, in a few words.
        file: below the root.
        before, after: the text replaced. Invariant: `before` stands in the file exactly once.
        checks: arguments of pytest, in the order tried; the first that fails has caught it.
    """

    name: str
    file: str
    before: str
    after: str
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a mutant. `by`: the test that caught it, or what did not."""

    mutant: Mutant
    caught: bool
    by: str
    seconds: float


def plant(mutant: Mutant, root: Path) -> None:
    """Changes the file below `root`. Raises ValueError when there is not one place to change."""
    path = root / mutant.file
    text = path.read_text("utf-8")
    if text.count(mutant.before) != 1:
        raise ValueError(f"{mutant.name}: {text.count(mutant.before)} places in {mutant.file}")
    path.write_text(text.replace(mutant.before, mutant.after), "utf-8")


def try_mutant(mutant: Mutant) -> Result:
    """Plants the bug in a copy and runs its checks there."""
    began_s = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutant-") as directory:
        root = Path(directory)
        copy_source(root)
        plant(mutant, root)
        by = _caught_by(mutant, root)
    passed_s = time.monotonic() - began_s
    return Result(mutant, by is not None, by or f"passed {', '.join(mutant.checks)}", passed_s)


def copy_source(root: Path) -> None:
    """Copies everything that a check or a run needs below `root`."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name, ignore=LEFT_OUT)
        else:
            shutil.copy(ROOT / name, root / name)


def _caught_by(mutant: Mutant, root: Path) -> str | None:
    for check in mutant.checks:
        found = _run(check, root)
        if found is not None:
            return found
    return None


def _run(check: str, root: Path) -> str | None:
    """Runs one check in the copy. Returns: what failed, None when everything passed."""
    command = [sys.executable, "-m", "pytest", "-x", "-n0", "--no-header", *QUIET]
    try:
        done = _in_a_group([*command, *check.split(" ")], root)
    except subprocess.TimeoutExpired:
        return f"{check} never came to its end"
    if done.returncode == 0:
        return None
    if done.returncode != TESTS_FAILED:
        raise RuntimeError(f"{mutant_output(done)}\n{check} could not be run")
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return failed[0].split(" - ")[0] if failed else check


def _in_a_group(command: list[str], root: Path) -> subprocess.CompletedProcess[str]:
    """Runs the command to its end, or ends it with every process that it started."""
    with subprocess.Popen(
        command,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            out, errors = process.communicate(timeout=PATIENCE_S)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    return subprocess.CompletedProcess(command, process.returncode, out, errors)


def mutant_output(done: subprocess.CompletedProcess[str]) -> str:
    """The end of what the checks said."""
    return (done.stdout + done.stderr)[-2000:]
