"""A process is told from a later one with its pid."""

from __future__ import annotations

import os
import subprocess
import sys

from bench_gui.bench.records.process_identity import process_token, still_runs


def test_a_process_that_runs() -> None:
    token = process_token(os.getpid())
    assert token is not None
    assert still_runs(os.getpid(), token)


def test_a_process_that_ended_does_not_run_before_and_after_it_is_reaped() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    token = process_token(child.pid)
    assert token is not None
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert not still_runs(child.pid, token), "a zombie"
    child.communicate()
    assert not still_runs(child.pid, token)


def test_another_process_is_another() -> None:
    token = process_token(os.getpid())
    assert token is not None
    assert not still_runs(os.getpid(), f"{token}0")
