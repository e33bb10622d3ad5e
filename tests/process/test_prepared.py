"""A bench that is ready before there is a run: it does the next run, and it never stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench_gui.bench.client import BenchClient
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import RunState
from tests.process.bench_runs import Watched, alive, children_of, wait_until

ROOT = Path(__file__).parents[2]
SETTINGS = RunSettings(lanes=("at-least-once",), duration_s=0.5, rate_eps=200, kill_every_s=None)
WATCHER = """
import sys, time
from bench_gui.bench.client import BenchClient
if __name__ == "__main__":
    client = BenchClient()
    client.prepare()
    print("asked", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def client() -> Iterator[BenchClient]:
    """One without a run; closed at the end."""
    made = BenchClient()
    yield made
    made.close()


def prepared(client: BenchClient) -> int:
    """Has a process get ready. Returns its pid."""
    before = bench_processes(os.getpid())
    client.prepare()
    wait_until(lambda: bool(bench_processes(os.getpid()) - before))
    return (bench_processes(os.getpid()) - before).pop()


def bench_processes(pid: int) -> set[int]:
    """Children that will be a bench, or are one."""
    return {child for child in children_of(pid) if b"spawn_main" in command_of(child)}


def command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def run(client: BenchClient, directory: Path) -> RunState:
    """One run to its end."""
    directory.mkdir()
    client.start(SETTINGS, directory)
    return Watched(directory, SETTINGS, client).watch_to_the_end().state


def test_the_next_run_is_done_by_the_process_that_is_ready(
    client: BenchClient, tmp_path: Path
) -> None:
    pid = prepared(client)
    assert run(client, tmp_path / "first") is RunState.COMPLETE
    assert client.bench_pid == pid
    assert run(client, tmp_path / "second") is RunState.COMPLETE
    assert client.bench_pid != pid, "one process a run"


def test_being_asked_twice_makes_one_process(client: BenchClient) -> None:
    pid = prepared(client)
    client.prepare()
    client.close()
    wait_until(lambda: not alive(pid))
    assert not bench_processes(os.getpid())


def test_a_ready_process_that_was_killed_is_replaced(client: BenchClient, tmp_path: Path) -> None:
    pid = prepared(client)
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not alive(pid))
    assert run(client, tmp_path / "run") is RunState.COMPLETE
    assert client.bench_pid != pid


def test_a_ready_process_ends_with_its_watcher(tmp_path: Path) -> None:
    program = tmp_path / "watcher.py"
    program.write_text(WATCHER, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(program)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
    ) as watcher:
        assert watcher.stdout is not None
        watcher.stdout.readline()
        wait_until(lambda: bool(bench_processes(watcher.pid)))
        pids = children_of(watcher.pid)
        watcher.kill()
    wait_until(lambda: not any(map(alive, pids)))
