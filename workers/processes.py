"""Starting, waiting for and ending processes: `multiprocess`, typed. Its only importer.

Workers come from a fork server of our own (`fork_server`) that has their modules loaded already.
It is spawned clean, so no child inherits a window, a thread or a lock. Where nothing can fork
(Windows), processes are spawned.
"""

from __future__ import annotations

import atexit
import ctypes
import io
import math
import os
import pickle
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import multiprocess
from multiprocess import connection as _connection
from multiprocess import resource_tracker

from workers import fork_server
from workers.fork_server import HEADER, NUMBER

PRELOAD = ("workers.entry", "workers.warm_up")
TERMINATED = frozenset({1, signal.SIGTERM, -signal.SIGTERM})
"""The exit codes that TerminateProcess leaves behind on Windows: from a task manager, from the
process's own `os.kill`, and from here."""
SUSPEND_RESUME = 0x0800
"""The right on a Windows process that suspending it takes."""
CAN_FORK = hasattr(os, "fork")
NO_ROOM_CODE, LOST_CODE = 256, 257
"""Exit codes that no process has: there was no room for it; its fork server ended before it could
tell how it ended."""
LOSSES = {
    NO_ROOM_CODE: "the system has no room for one more process; end other programs and run again",
    LOST_CODE: "the fork server, which starts the workers and tells of their ends, ended before "
    "the run did (did somebody kill it, or was memory short?); run again",
}
START_S = 30.0
"""A fork server that has not told so long after it was asked who the child is, is ended."""
REAP_S = 10.0
"""One that has not told so long after a child was killed how it ended, is ended."""
SERVER_END_S = 2.0
ENDING_S = 0.2
SERVE = (
    "import sys; sys.path[:] = {path!r}; from workers.fork_server import serve; serve{arguments!r}"
)
"""The server's program. It is given this process's module path: what it loads must be found from
every working directory."""


class NoProcess(OSError):
    """A process asked for is not there. `str()` is one sentence that says why and what to do."""


class Connection(Protocol):
    """One end of a pipe between two processes. `recv` raises EOFError or OSError once torn."""

    def send(self, message: Any, /) -> None: ...
    def recv(self) -> Any: ...
    def poll(self, timeout: float = 0.0) -> bool: ...
    def close(self) -> None: ...


class Channel:
    """One end of a pipe. Messages are pickled by the standard library's C pickler: measured, a
    snapshot costs a tenth of what it costs `multiprocess`, whose pickler (dill) is Python."""

    def __init__(self, raw: Any) -> None:
        """`raw`: a connection of `multiprocess`."""
        self.raw = raw

    def send(self, message: Any, /) -> None:
        """Waits while the pipe is full. Raises OSError once torn."""
        self.raw.send_bytes(pickle.dumps(message, pickle.HIGHEST_PROTOCOL))

    def recv(self) -> Any:
        """Waits for a message. Raises EOFError or OSError once torn."""
        return pickle.loads(self.raw.recv_bytes())

    def poll(self, timeout: float = 0.0) -> bool:
        """Whether there is something to receive, after at most `timeout` seconds."""
        return bool(self.raw.poll(timeout))

    def close(self) -> None:
        """Closes this end."""
        self.raw.close()


def pipe() -> tuple[Connection, Connection]:
    """Both ends of a two-way pipe."""
    near, far = multiprocess.Pipe()
    return Channel(near), Channel(far)


class Child:
    """A process of ours."""

    def __init__(self, process: Any) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        """Its process id; stays after the end. Raises NoProcess when it never was, but only once:
        it is 0 from then on."""
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

    @property
    def loss(self) -> str:
        """Why nobody knows how it ended, in one sentence; "" while it lives or if that is known."""
        return LOSSES.get(self.exit_code or 0, "")

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

    def reap(self) -> None:
        """As `join`, for one that was killed or has ended: waits no longer than REAP_S for a fork
        server that does not tell."""
        self._process.join(REAP_S)
        if self.exit_code is None and isinstance(self._process, _Forked):
            self._process.give_up()

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


class _Forked:
    """A child of the fork server, with what `Child` uses of a process of `multiprocess`.

    Its status pipe tells its pid and later its exit code; it ends early when the server does.
    """

    def __init__(self, status: int, server: _ForkServer) -> None:
        self._status = status
        self._server = server
        self._pid: int | None = None
        self._code: int | None = None

    @property
    def pid(self) -> int:
        """Waits for it the first time. Raises NoProcess, once, when there is none; then it is 0."""
        if self._pid is None and not self._is_there():
            assert self._code is not None
            raise NoProcess(LOSSES[self._code])
        assert self._pid is not None
        return self._pid

    def _is_there(self) -> bool:
        """Waits until it is known whether there is a process, at most START_S for the server."""
        if self._pid is None:
            if not self._told_within(START_S):
                self._server.kill()
            self._pid = self._read()
            if self._pid is None:
                self._pid, self._code = 0, LOST_CODE if self._server.ends else NO_ROOM_CODE
        return self._pid != 0

    @property
    def sentinel(self) -> int:
        assert self._pid is not None  # known first, or the pid would look like the end
        return self._status

    @property
    def exitcode(self) -> int | None:
        if self._code is None:
            self.join(0.0)
        return self._code

    def kill(self) -> None:
        if self.exitcode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def join(self, timeout_s: float | None = None) -> None:
        if self._code is None and self._is_there() and self._told_within(timeout_s):
            code = self._read()
            self._code = LOST_CODE if code is None else code

    def give_up(self) -> None:
        """Ends the server, which does not tell, and with it all that came from it."""
        self._server.kill()
        self.join()

    def _told_within(self, timeout_s: float | None) -> bool:
        poll = select.poll()
        poll.register(self._status, select.POLLIN)
        return bool(poll.poll(None if timeout_s is None else timeout_s * 1000))

    def _read(self) -> int | None:
        """The next number; None when none will come."""
        word = os.read(self._status, NUMBER.size)
        return int(NUMBER.unpack(word)[0]) if word else None

    def close(self) -> None:
        os.close(self._status)


class _Pickler(pickle.Pickler):
    """Pickles a request. A pipe's end in it travels as a descriptor, and is made anew there."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self.descriptors: list[int] = []

    def reducer_override(self, thing: Any) -> Any:
        """How a pipe's end is pickled; all else as usual."""
        if not isinstance(thing, Channel):
            return NotImplemented
        self.descriptors.append(thing.raw.fileno())
        return _handed_over, (len(self.descriptors) - 1,)


def _handed_over(number: int) -> Channel:
    """In a fork server's child: the end of a pipe that it was handed."""
    return Channel(_connection.Connection(fork_server.handed_over[number]))


class _ForkServer:
    """The bench's side of the fork server: its process and the socket to it."""

    def __init__(self, spares: int = 0) -> None:
        self.spares = spares
        self._socket, theirs = socket.socketpair()
        lifeline, self._lifeline = os.pipe()
        path = [entry or str(Path.cwd()) for entry in sys.path]
        arguments = (theirs.fileno(), lifeline, PRELOAD)
        command = [sys.executable, "-c", SERVE.format(path=path, arguments=arguments)]
        with _interrupts_held_back():
            self._process = _server_process(command, arguments[:2])
        theirs.close()
        os.close(lifeline)

    @property
    def lives(self) -> bool:
        return self._process.poll() is None

    @property
    def ends(self) -> bool:
        """Whether it has ended or is about to: what it held open is closed a moment before."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(ENDING_S)
        return not self.lives

    def start(self, target: Callable[..., None], arguments: tuple[object, ...]) -> _Forked:
        """Asks for a child; does not wait for it. Raises NoProcess when nobody hears."""
        buffer = io.BytesIO()
        pickler = _Pickler(buffer)
        pickler.dump((target, arguments))
        ours, theirs = os.pipe()
        try:
            header = HEADER.pack(buffer.tell(), self.spares)
            socket.send_fds(self._socket, [header], [theirs, *pickler.descriptors])
            self._socket.sendall(buffer.getbuffer())
        except OSError as problem:
            os.close(ours)
            raise NoProcess(LOSSES[LOST_CODE]) from problem
        finally:
            os.close(theirs)
        return _Forked(ours, self)

    def kill(self) -> None:
        """SIGKILL, stopped or not. On Linux all that came from it ends, too."""
        self._process.kill()

    def end(self) -> None:
        """Ends the server, and with it whatever still comes from it."""
        self._socket.close()
        os.close(self._lifeline)
        try:
            self._process.wait(SERVER_END_S)
        except subprocess.TimeoutExpired:
            self.kill()


def _server_process(command: list[str], descriptors: tuple[int, int]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            pass_fds=descriptors,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        )
    except BlockingIOError as problem:
        raise NoProcess(LOSSES[NO_ROOM_CODE]) from problem


_servers: list[_ForkServer] = []


def _fork_server() -> _ForkServer:
    """This process's, started when it is needed first. The next one keeps as many spares."""
    if not _servers or not _servers[-1].lives:
        _servers.append(_ForkServer(_servers[-1].spares if _servers else 0))
        atexit.register(_servers[-1].end)
    return _servers[-1]


def keep_spares(count: int) -> None:
    """From the next start on, so many processes are kept ready to become children at once."""
    if CAN_FORK:
        _fork_server().spares = count


def start_from_fork_server(target: Callable[..., None], *arguments: object) -> Child:
    """A child with the workers' modules loaded ahead. Its pid is waited for when it is asked for.

    Args:
        target: a function of a module.
        arguments: what can be pickled; ends of pipes only directly, or in plain containers.
    """
    if CAN_FORK:
        return Child(_fork_server().start(target, arguments))
    return start_spawned(target, *arguments)


def start_spawned(target: Callable[..., None], *arguments: object) -> Child:
    """A child that starts from nothing: for processes that start others themselves."""
    context = multiprocess.get_context("spawn")
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
    by_raw = {one.raw if isinstance(one, Channel) else one: one for one in waited}
    if not CAN_FORK:
        return [by_raw[raw] for raw in _connection.wait(list(by_raw), timeout_s)]
    by_descriptor = {_descriptor(raw): one for raw, one in by_raw.items()}
    poll = select.poll()
    for descriptor in by_descriptor:
        poll.register(descriptor, select.POLLIN)
    timeout_ms = None if timeout_s is None else math.ceil(timeout_s * 1000)
    return [by_descriptor[descriptor] for descriptor, _ in poll.poll(timeout_ms)]


def _descriptor(raw: Any) -> int:
    return raw if isinstance(raw, int) else int(raw.fileno())


def wait_for_spawner() -> None:
    """In a spawned child: returns when the process that started it has ended."""
    parent = multiprocess.parent_process()
    if parent is not None:
        _connection.wait([parent.sentinel])
