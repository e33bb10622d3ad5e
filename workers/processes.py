"""Starting, waiting for and ending processes: `multiprocess`, typed. Its only importer.

Workers come from a fork server that has their modules loaded already (measured: 6 ms to a child's
first line, against 59 ms by spawn). The fork server itself is spawned clean, so no child inherits a
window, a thread or a lock. Where there is none (Windows), processes are spawned.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import multiprocess
from multiprocess import connection as _connection
from multiprocess import forkserver, resource_tracker

PRELOAD = ["workers.entry", "numpy"]
TERMINATED = 1
"""The exit code that TerminateProcess leaves behind on Windows."""
FORK_SERVER = "forkserver" in multiprocess.get_all_start_methods()


class Connection(Protocol):
    """One end of a pipe between two processes. `recv` raises EOFError or OSError once torn."""

    def send(self, message: Any, /) -> None: ...
    def recv(self) -> Any: ...
    def poll(self, timeout: float = 0.0) -> bool: ...
    def close(self) -> None: ...


def pipe() -> tuple[Connection, Connection]:
    """Both ends of a two-way pipe."""
    ends: tuple[Connection, Connection] = multiprocess.Pipe()
    return ends


class Child:
    """A process of ours."""

    def __init__(self, process: Any) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        """Its process id; stays after the end."""
        return int(self._process.pid)

    @property
    def sentinel(self) -> int:
        """What `wait` waits for: ready once the process has ended."""
        return int(self._process.sentinel)

    @property
    def exit_code(self) -> int | None:
        """None while it lives; -N when signal N ended it."""
        code: int | None = self._process.exitcode
        return code

    @property
    def killed(self) -> bool:
        """Whether a signal ended it: SIGKILL of ours, or any other from outside."""
        if sys.platform == "win32":
            return self.exit_code == TERMINATED
        return self.exit_code is not None and self.exit_code < 0

    def kill(self) -> None:
        """SIGKILL (TerminateProcess); nothing if it has ended."""
        self._process.kill()

    def join(self, timeout_s: float | None = None) -> None:
        """Waits for the end."""
        self._process.join(timeout_s)

    def close(self) -> None:
        """Frees what the ended process's handle holds."""
        self._process.close()


def start_from_fork_server(target: Callable[..., None], *arguments: object) -> Child:
    """A child with the workers' modules loaded ahead."""
    context = multiprocess.get_context("forkserver" if FORK_SERVER else "spawn")
    if FORK_SERVER:
        context.set_forkserver_preload(PRELOAD)
    return _start(context, target, arguments)


def start_spawned(target: Callable[..., None], *arguments: object) -> Child:
    """A child that starts from nothing: for processes that start others themselves."""
    return _start(multiprocess.get_context("spawn"), target, arguments)


def _start(context: Any, target: Callable[..., None], arguments: tuple[object, ...]) -> Child:
    process = context.Process(target=target, args=arguments)
    if sys.platform != "win32":
        resource_tracker.ensure_running()  # its start ends with SIGINT unblocked
    with _interrupts_held_back():
        process.start()
    return Child(process)


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """A child starts with the terminal's signals blocked, for good: they are for the watcher."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def wait(waited: Iterable[object], timeout_s: float | None = None) -> list[object]:
    """Those of connections and sentinels that are ready, after at most `timeout_s`."""
    ready: list[object] = _connection.wait(list(waited), timeout_s)
    return ready


def let_go_of_fork_server() -> None:
    """Closes this child's copy of the fork server's lifeline.

    The fork server ends when no process holds the other end of its pipe, and hands a copy to each
    child in case that starts processes too. A child that is stopped with its copy open would keep
    the fork server alive after the bench, and the fork server's end is what ends stopped children.
    """
    server: Any = getattr(forkserver, "_forkserver", None)
    lifeline: int | None = getattr(server, "_forkserver_alive_fd", None)
    if lifeline is not None:
        os.close(lifeline)
        server._forkserver_alive_fd = None


def wait_for_parent() -> None:
    """Returns when the process that asked for this one has ended; never in a process of its own."""
    parent = multiprocess.parent_process()
    if parent is not None:
        _connection.wait([parent.sentinel])
