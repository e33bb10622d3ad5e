"""What a worker process carries with it, and that it never outlives its bench."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from typing import Any

import pytest

from tests.process.bench_runs import alive, wait_until
from workers.processes import Child, pipe, start_from_fork_server


def tell_modules(connection: Any) -> None:
    connection.send(sorted(sys.modules))


def test_a_worker_has_no_qt_even_when_its_parent_has() -> None:
    import PySide6.QtCore  # not above: the child imports this module for `tell_modules`

    assert PySide6.QtCore.__name__ in sys.modules
    near, far = pipe()
    child = start_from_fork_server(tell_modules, far)
    modules = near.recv()
    child.join()
    child.close()
    near.close()
    far.close()
    assert "workers.entry" in modules
    assert not [name for name in modules if name.startswith(("PySide6", "pyqtgraph", "shiboken6"))]


def echo(connection: Any) -> None:
    while True:
        connection.send(connection.recv())


@pytest.fixture
def echoing() -> Any:
    """A child that answers, and the pipe to it."""
    near, far = pipe()
    child = start_from_fork_server(echo, far)
    far.close()
    near.send("hello")
    assert near.recv() == "hello"
    yield child, near
    child.kill()
    child.join()
    child.close()
    near.close()


def test_a_paused_process_does_nothing_until_it_is_resumed(echoing: tuple[Child, Any]) -> None:
    child, near = echoing
    assert not child.stopped
    child.pause()
    wait_until(lambda: child.stopped)
    near.send("anybody there?")
    assert not near.poll(0.3)
    assert alive(child.pid)
    child.resume()
    assert near.recv() == "anybody there?"
    assert not child.stopped


def test_a_paused_process_can_be_killed(echoing: tuple[Child, Any]) -> None:
    child, _ = echoing
    child.pause()
    wait_until(lambda: child.stopped)
    child.kill()
    child.join(30)
    assert child.exit_code == -signal.SIGKILL
    assert not child.stopped


@pytest.mark.parametrize("act", [Child.pause, Child.resume, Child.kill])
def test_nothing_can_be_done_to_a_process_that_has_ended(
    echoing: tuple[Child, Any], act: Callable[[Child], None]
) -> None:
    child, _ = echoing
    child.kill()
    child.join()
    act(child)
    assert not child.stopped
