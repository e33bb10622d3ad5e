"""Starting, waiting for and ending processes: `multiprocess`, typed. Its only importer.

Workers come from a fork server that has their modules loaded already (measured: 6 ms to a child's
first line, against 59 ms by spawn). The fork server itself is spawned clean, so no child inherits a
window, a thread or a lock. Where there is none (Windows), processes are spawned.
"""

from __future__ import annotations

import ctypes
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import multiprocess
from multiprocess import connection as _connection
from multiprocess import forkserver, resource_tracker

PRELOAD = ["workers.entry", "numpy"]
TERMINATED = frozenset({1, signal.SIGTERM, -signal.SIGTERM})
"""The exit codes that TerminateProcess leaves behind on Windows: from a task manager, from the
process's own `os.kill`, and from here."""
SUSPEND_RESUME = 0x0800
"""The right on a Windows process that suspending it takes."""
FORK_SERVER = "forkserver" in multiprocess.get_all_start_methods()


class Connection(Protocol):
    """One end of a pipe between two processes. `recv` raises EOFError or OSError once torn."""

    def send(self, message: Any, /) -> None: ...
    def recv(self) -> Any: ...
    def send_bytes(self, data: bytes, /) -> None: ...
    def recv_bytes(self) -> bytes: ...
    def poll(self, timeout: float = 0.0) -> bool: ...
    def close(self) -> None: ...


def pipe() -> tuple[Connection, Connection]:
    """Both ends of a two-way pipe."""
    ends: tuple[Connection, Connection] = multiprocess.Pipe()
    return ends


def send_values(connection: Connection, message: object) -> None:
    """As `send`, for values of plain classes: in a tenth of the time, for dill pickles in Python.

    `receive_values` is its other end; `recv` understands it too.
    """
    connection.send_bytes(pickle.dumps(message, pickle.HIGHEST_PROTOCOL))


def receive_values(connection: Connection) -> Any:
    """As `recv`, of what `send_values` or `send` sent."""
    return pickle.loads(connection.recv_bytes())


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
            return self.exit_code in TERMINATED
        return self.exit_code is not None and self.exit_code < 0

    def kill(self) -> None:
        """SIGKILL (TerminateProcess), stopped or not; nothing if it has ended."""
        self._process.kill()

    def pause(self) -> None:
        """SIGSTOP (suspends every thread): on its way when this returns; see `stopped`."""
        if self.exit_code is None:
            _stop_or_continue(self.pid, stop=True)

    def resume(self) -> None:
        """SIGCONT (resumes every thread); nothing if it has ended."""
        if self.exit_code is None:
            _stop_or_continue(self.pid, stop=False)

    @property
    def stopped(self) -> bool:
        """Whether a `pause` has taken effect: the process carries out nothing any more."""
        if sys.platform == "win32":
            return True  # suspended when the call returned
        return self.exit_code is None and _state_letter(self.pid) == "T"

    def join(self, timeout_s: float | None = None) -> None:
        """Waits for the end."""
        self._process.join(timeout_s)

    def close(self) -> None:
        """Frees what the ended process's handle holds."""
        self._process.close()


def _stop_or_continue(pid: int, *, stop: bool) -> None:
    if sys.platform == "win32":
        handle = ctypes.windll.kernel32.OpenProcess(SUSPEND_RESUME, False, pid)
        system = ctypes.windll.ntdll
        (system.NtSuspendProcess if stop else system.NtResumeProcess)(handle)
        ctypes.windll.kernel32.CloseHandle(handle)
        return
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGSTOP if stop else signal.SIGCONT)


def _state_letter(pid: int) -> str:
    """The kernel's letter for the process's state, "T" for stopped; "" when there is none."""
    if sys.platform != "linux":
        command = ["ps", "-o", "stat=", "-p", str(pid)]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout[:1]
    with suppress(OSError):
        status = Path(f"/proc/{pid}/stat").read_bytes()
        return status.rpartition(b")")[2].split()[0].decode("ascii")
    return ""


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
