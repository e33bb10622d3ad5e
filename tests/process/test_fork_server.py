"""Children come from a server that has everything loaded, and some of them were forked ahead."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.process.bench_runs import alive, children_of, wait_until
from workers.processes import Child, keep_spares, pipe, start_from_fork_server

ROOT = Path(__file__).parents[2]
ELSEWHERE = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from tests.process.test_workers import tell_modules
from workers.processes import pipe, start_from_fork_server
near, far = pipe()
start_from_fork_server(tell_modules, far)
print(*near.recv())
"""


def leave(code: Any) -> None:
    if isinstance(code, Exception):
        raise code
    sys.exit(code)


def say_pid(connection: Any) -> None:
    connection.send(os.getpid())
    signal.pause()


def started() -> tuple[Child, int]:
    """A child, and the pid that it says it has. It waits to be killed."""
    near, far = pipe()
    child = start_from_fork_server(say_pid, far)
    far.close()
    return child, near.recv()


def spares() -> set[int]:
    """All children of this process's fork server."""
    child, pid = started()
    end(child)
    server = next(one for one in children_of(os.getpid()) if _is_server(one))
    return children_of(server) - {pid}


def _is_server(pid: int) -> bool:
    command = Path(f"/proc/{pid}/cmdline").read_bytes()
    return b"fork_server" in command and bool(children_of(pid))


def end(child: Child) -> None:
    child.kill()
    child.join()
    child.close()


@pytest.fixture
def two_spares() -> Iterator[set[int]]:
    """Their pids."""
    keep_spares(2)
    wait_until(lambda: len(spares()) == 2)
    yield spares()
    keep_spares(0)
    spares()


def test_modules_are_loaded_ahead_from_any_working_directory(tmp_path: Path) -> None:
    command = [sys.executable, "-c", ELSEWHERE]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "workers.entry" in told.stdout.split()


@pytest.mark.parametrize(
    ("said", "code"), [(0, 0), (None, 0), (4, 4), ("a word", 1), (ValueError("of ours"), 1)]
)
def test_the_exit_code_is_the_childs(said: Any, code: int) -> None:
    child = start_from_fork_server(leave, said)
    child.join(60)
    assert (child.exit_code, child.killed) == (code, False)
    child.close()


def test_the_pid_is_the_childs() -> None:
    child, pid = started()
    assert child.pid == pid
    assert child.exit_code is None
    end(child)


def test_a_child_forked_ahead_is_used_for_the_next_start(two_spares: set[int]) -> None:
    child, pid = started()
    assert pid in two_spares
    assert child.pid == pid
    child.kill()
    child.join(60)
    assert child.exit_code == -signal.SIGKILL
    child.close()


def test_a_spare_that_was_killed_is_not_missed(two_spares: set[int]) -> None:
    for spare in two_spares:
        os.kill(spare, signal.SIGKILL)
    wait_until(lambda: not any(alive(spare) for spare in two_spares))
    child, pid = started()
    assert pid not in two_spares
    assert alive(pid)
    end(child)
