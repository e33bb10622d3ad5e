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

from tests.process.bench_runs import alive, children_of, fork_server_of, wait_until
from workers import processes
from workers.processes import Child, NoProcess, keep_spares, pipe, start_from_fork_server

ROOT = Path(__file__).parents[2]
ELSEWHERE = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from tests.process.test_workers import tell_modules
from workers.processes import pipe, start_from_fork_server
near, far = pipe()
start_from_fork_server(tell_modules, far)
far.close()
print(*near.recv())
"""

FULL = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))"
"""No file grows beyond a page from here on, as on a disk that is nearly full."""


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
    return children_of(fork_server_of(os.getpid())) - {pid}


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


@pytest.mark.parametrize("before", ["", FULL])
def test_modules_are_loaded_ahead_from_anywhere_and_with_a_full_disk(
    tmp_path: Path, before: str
) -> None:
    command = [sys.executable, "-c", before + ELSEWHERE]
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


def server() -> processes._ForkServer:
    """This process's, which has started."""
    end(started()[0])
    return processes._servers[-1]


def unheard() -> Child:
    """A child that the system has no room for: its status pipe is closed at the other end."""
    ours, theirs = os.pipe()
    os.close(theirs)
    return Child(processes._Forked(ours, server()))


def test_no_room_for_a_process_is_said_once() -> None:
    child = unheard()
    with pytest.raises(NoProcess, match="no room for one more process"):
        _ = child.pid
    assert child.pid == 0
    assert "no room" in child.loss
    assert not child.killed
    for harmless in (child.kill, child.pause, child.resume, child.join, child.reap):
        harmless()
    child.close()


def test_a_process_that_never_was_is_killed_before_it_is_asked_for() -> None:
    child = unheard()
    child.kill()
    child.reap()
    assert "no room" in child.loss
    child.close()


@pytest.mark.parametrize("killed", [True, False])
def test_a_fork_server_that_does_not_answer_any_more(
    monkeypatch: pytest.MonkeyPatch, *, killed: bool
) -> None:
    pid = server()._process.pid
    os.kill(pid, signal.SIGSTOP)
    child = start_from_fork_server(leave, 0)
    if killed:
        os.kill(pid, signal.SIGKILL)
    else:
        monkeypatch.setattr(processes, "START_S", 0.5)
    with pytest.raises(NoProcess, match="the fork server, which starts the workers"):
        _ = child.pid
    child.close()


def test_a_fork_server_that_cannot_reap_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "REAP_S", 0.5)
    (killed, pid), (other, other_pid) = started(), started()
    os.kill(processes._servers[-1]._process.pid, signal.SIGSTOP)
    killed.kill()
    killed.reap()
    other.reap()
    assert "the fork server" in killed.loss
    wait_until(lambda: not (alive(pid) or alive(other_pid)))


def open_descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def test_a_start_that_nobody_hears_leaves_nothing_open() -> None:
    deaf = server()
    deaf._process.kill()
    deaf._process.wait()
    before = open_descriptors()
    with pytest.raises(NoProcess):
        deaf.start(leave, (0,))
    assert open_descriptors() == before


def test_the_next_fork_server_keeps_as_many_spares(two_spares: set[int]) -> None:
    first = processes._servers[-1]
    os.kill(first._process.pid, signal.SIGKILL)
    wait_until(lambda: not first.lives)
    wait_until(lambda: len(spares()) == 2)
    assert processes._servers[-1] is not first
