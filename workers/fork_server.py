"""The fork server: a small process that has the workers' modules loaded and forks itself on demand.

It runs no threads, knows no bench and no Qt, and imports no more than the workers do, because what
it maps is what every fork copies.

The bench talks to it over one socket. A request is a header with the file descriptors meant for the
child, then the pickled (function, arguments). The first descriptor is the write end of the child's
status pipe: the server writes its pid there at once, and its exit code when it has ended. The
server ends with the bench, which closes the socket by that.

Spares are children forked ahead, when nothing else is asked for. They have gone once through what a
child goes through and wait for their request, as the children of a preforking server do: most of
what a start costs is the first touch of each page after the fork, and that is behind them.
"""

from __future__ import annotations

import _thread
import ctypes
import gc
import importlib
import os
import pickle
import select
import signal
import socket
import struct
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress

HEADER = struct.Struct("=II")
"""Bytes of the pickled request; spares to be kept from now on."""
NUMBER = struct.Struct("=q")
MOST_DESCRIPTORS = 8
CHUNK_BYTES = 1 << 16
PR_SET_PDEATHSIG = 1
EXIT_ORPHANED = 3
REST_S = 0.05
"""After a request, no spare is made for so long: the processes just started need the machine."""
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None

handed_over: list[int] = []
"""In a child: the descriptors that came with its request."""


def serve(requests: int, lifeline: int, preload: Sequence[str]) -> None:
    """The server's process: forks until the bench closes its end of the socket.

    Args:
        requests: descriptor of the socket. lifeline: of a pipe that only the bench can write to.
        preload: modules that every child has loaded; `warm_up` of each, where there is one, is
            called here and again in each spare.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGCONT)  # stopped, it would not see the bench end
    modules = [importlib.import_module(name) for name in preload]
    warm_ups = [module.warm_up for module in modules if hasattr(module, "warm_up")]
    warm_ups = [warm_up for warm_up in warm_ups if _done(warm_up)]
    gc.collect()
    gc.freeze()  # a collection in a child would write to, and so copy, every page it looks at
    with socket.socket(fileno=requests) as bench:
        _Server(bench, lifeline, warm_ups).run()


def _done(warm_up: Callable[[], None]) -> bool:
    """Whether it came to its end; a start without it, on a full disk say, is only slower."""
    try:
        warm_up()
    except Exception:  # noqa: BLE001  two spares may fence each other, too
        return False
    return True


def end_with_bench(lifeline: int) -> None:
    """Makes sure that this child does not outlive the bench, stopped or not.

    Linux ends it when the fork server ends, which ends with the bench; everywhere, a thread waits
    for the bench itself.
    """
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    _thread.start_new_thread(_end_after, (lifeline,))


def _end_after(lifeline: int) -> None:
    os.read(lifeline, 1)
    os._exit(EXIT_ORPHANED)


class _Request:
    """What a child is to do: the pickled call, and descriptors that belong to it."""

    def __init__(self, payload: bytes, descriptors: list[int]) -> None:
        self.payload = payload
        self.descriptors = descriptors

    @classmethod
    def receive(cls, connection: socket.socket) -> tuple[_Request, int] | None:
        """The next one, and how many spares are wanted; None when there will be none."""
        header, descriptors, _, _ = socket.recv_fds(connection, HEADER.size, MOST_DESCRIPTORS)
        if not header:
            return None
        size, spares = HEADER.unpack(header)
        payload = _read(connection, size)
        return (cls(payload, descriptors), spares) if payload else None

    def send(self, connection: socket.socket, spares: int = 0) -> None:
        """Hands it over; the descriptors stay open here."""
        header = HEADER.pack(len(self.payload), spares)
        socket.send_fds(connection, [header], self.descriptors)
        connection.sendall(self.payload)

    def carry_out(self) -> int:
        """Returns: the exit code."""
        handed_over.extend(self.descriptors)
        target, arguments = pickle.loads(self.payload)
        return _run(target, arguments)

    def close(self) -> None:
        """Closes the descriptors here."""
        for descriptor in self.descriptors:
            os.close(descriptor)


class _Server:
    """The server's loop: requests on one side, ends of children on the other."""

    def __init__(
        self, bench: socket.socket, lifeline: int, warm_ups: Sequence[Callable[[], None]]
    ) -> None:
        self._bench = bench
        self._lifeline = lifeline
        self._warm_ups = warm_ups
        self._status: dict[int, int] = {}
        self._spares: dict[int, socket.socket] = {}
        self._spares_wanted = 0
        self._spare_due_s = 0.0
        self._woken, self._wake = os.pipe()
        for end in (self._woken, self._wake):
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wake)

    def run(self) -> None:
        """Until the bench has ended."""
        poll = select.poll()
        poll.register(self._bench, select.POLLIN)
        poll.register(self._woken, select.POLLIN)
        while True:
            ready = {descriptor for descriptor, _ in poll.poll(self._patience_ms())}
            if self._woken in ready:
                self._reap()
            if self._bench.fileno() in ready:
                if not self._take_request():
                    return
            elif self._patience_ms() == 0:
                self._make_spare()

    def _patience_ms(self) -> int | None:
        """Until the next spare is to be made; None when there are enough."""
        if len(self._spares) >= self._spares_wanted:
            return None
        return max(0, int((self._spare_due_s - time.monotonic()) * 1000))

    def _reap(self) -> None:
        """Tells the bench of every child that has ended."""
        with suppress(BlockingIOError):
            os.read(self._woken, CHUNK_BYTES)
        with suppress(ChildProcessError):
            while (found := os.waitpid(-1, os.WNOHANG))[0]:
                self._note_end(found[0], os.waitstatus_to_exitcode(found[1]))

    def _note_end(self, pid: int, code: int) -> None:
        if pid in self._spares:
            self._spares.pop(pid).close()
        elif pid in self._status:  # not a spare that had died before it could be given its work
            status = self._status.pop(pid)
            _tell(status, code)
            os.close(status)

    def _take_request(self) -> bool:
        """Gives one process its work. Returns: False when the bench has ended."""
        received = _Request.receive(self._bench)
        if received is None:
            return False
        request, self._spares_wanted = received
        self._spare_due_s = time.monotonic() + REST_S
        status = request.descriptors.pop(0)
        pid = self._start(request, status)
        request.close()
        if pid is None:
            os.close(status)  # the bench finds it closed: there was no room for a process
        else:
            self._status[pid] = status
            _tell(status, pid)
        return True

    def _start(self, request: _Request, status: int) -> int | None:
        while self._spares:
            pid, spare = self._spares.popitem()
            with spare, suppress(OSError):  # it may have been killed
                request.send(spare)
                return pid
        return self._fork(request.carry_out, status)

    def _make_spare(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            pid = self._fork(lambda: self._be_spare(theirs), ours.fileno())
        if pid is None:
            ours.close()
            self._spare_due_s = time.monotonic() + 1.0
        else:
            self._spares[pid] = ours

    def _be_spare(self, server: socket.socket) -> int:
        """In the child."""
        for warm_up in self._warm_ups:
            _done(warm_up)
        received = _Request.receive(server)
        server.close()
        return received[0].carry_out() if received is not None else 0

    def _fork(self, work: Callable[[], int], not_the_childs: int) -> int | None:
        """Returns: the child's pid; None when the system has no room for it."""
        try:
            pid = os.fork()
        except OSError:
            return None
        if pid == 0:
            self._be_child(work, not_the_childs)
        return pid

    def _be_child(self, work: Callable[[], int], not_the_childs: int) -> None:
        """Never returns."""
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            end_with_bench(self._lifeline)
            spares = [spare.detach() for spare in self._spares.values()]
            servers = (self._bench.detach(), self._woken, self._wake, not_the_childs)
            for descriptor in (*servers, *spares, *self._status.values()):
                os.close(descriptor)
            code = work()
        except BaseException:  # noqa: BLE001  the last to see it
            traceback.print_exc()
        finally:
            os._exit(code)


def _run(target: Callable[..., None], arguments: tuple[object, ...]) -> int:
    """Calls it. Returns: the exit code it asked for, 0 when it returned."""
    try:
        target(*arguments)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def _tell(status: int, number: int) -> None:
    with suppress(BrokenPipeError):
        os.write(status, NUMBER.pack(number))


def _read(connection: socket.socket, count: int) -> bytes:
    """So many bytes; none when the other side ended before they came."""
    parts = bytearray()
    while len(parts) < count:
        part = connection.recv(min(CHUNK_BYTES, count - len(parts)))
        if not part:
            return b""
        parts += part
    return bytes(parts)
