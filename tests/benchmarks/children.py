"""Processes of a benchmark: started, spoken with by lines, and ended whatever happens."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).parents[2]
PATIENCE_S = 20.0


class Children:
    """Ends every process that was started through it, also on Ctrl-C."""

    def __init__(self) -> None:
        self.started: list[subprocess.Popen[str]] = []

    def __enter__(self) -> Children:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in self.started:
            end(process)

    def start(
        self, *arguments: str, environment: Mapping[str, str] | None = None
    ) -> subprocess.Popen[str]:
        """Starts Python with these arguments from the project's root."""
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        return process


def end(process: subprocess.Popen[str]) -> None:
    """Ends one process; a bench that still runs gets the time to end its own."""
    if process.poll() is None:
        process.terminate()
        process.terminate()
        try:
            process.wait(PATIENCE_S / 4)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()


def told(process: subprocess.Popen[str]) -> dict[str, Any]:
    """The next line that the process prints, as JSON.

    Raises:
        RuntimeError: it ended without one.
    """
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(f"{process.args!r} ended without a word, code {process.wait()}")
    said: dict[str, Any] = json.loads(line)
    return said


def go(process: subprocess.Popen[str]) -> None:
    """Lets a process that said that it is ready begin."""
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def ready_and_wait() -> None:
    """In the process: says that it is ready and waits to be told to begin."""
    tell({"ready": True})
    sys.stdin.readline()


def tell(values: Mapping[str, Any]) -> None:
    """In the process: prints a line of JSON."""
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()
