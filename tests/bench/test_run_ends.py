"""Runs that cannot go on: each says why in run.db, and leaves nothing behind."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bench_gui.bench import audit_link as audit_module
from bench_gui.bench import run as run_module
from bench_gui.bench import slot as slot_module
from bench_gui.bench.audit_link import AuditLink
from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.records.reserve import NAME
from bench_gui.bench.records.store import RunStore
from bench_gui.bench.run import Run, RunOrder
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import RunSnapshot, RunState
from bench_gui.bench.watcher import Next, Watcher
from workers import processes
from workers.processes import Child, pipe

SETTINGS = RunSettings(lanes=("at-least-once", "exactly-once"))


class Server:
    """A fork server that lives, or does not."""

    def __init__(self, *, ends: bool) -> None:
        self.ends = ends


def ask_in_vain(monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    """Every process is asked for in vain from now on."""

    def ask(*_: Any) -> Child:
        ours, theirs = os.pipe()
        os.close(theirs)
        return Child(processes._Forked(ours, server))  # type: ignore[arg-type]

    for module in (slot_module, audit_module):
        monkeypatch.setattr(module, "start_from_fork_server", ask)
    monkeypatch.setattr(run_module, "keep_spares", lambda _: None)


def executed(run_dir: Path) -> RunSnapshot:
    """The last snapshot of a run."""
    near, far = pipe()
    order = RunOrder(SETTINGS, run_dir, keep_data=False, command_line="")
    with closing(near), closing(far):
        near.send(Next())
        Run(order, Watcher(far)).execute()
        last: RunSnapshot = near.recv()
    return last


@pytest.mark.parametrize(("ends", "why"), [(False, "no room for one more"), (True, "fork server")])
def test_a_run_without_processes_fails_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, why: str, *, ends: bool
) -> None:
    ask_in_vain(monkeypatch, Server(ends=ends))
    last = executed(tmp_path)
    assert last.state is RunState.FAILED
    assert why in last.message
    assert last.message.endswith("run again")
    assert not (tmp_path / NAME).exists()
    assert not (tmp_path / "lanes").exists() or not any((tmp_path / "lanes").iterdir())
    with closing(RunStore.open(tmp_path)) as stored:
        assert stored.state is RunState.FAILED


def test_an_auditor_that_never_was_is_no_bug(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_in_vain(monkeypatch, Server(ends=False))
    link = AuditLink(tmp_path, SETTINGS)
    with pytest.raises(EnvironmentProblem, match="no room for one more process"):
        link.receive()
    link.end()
