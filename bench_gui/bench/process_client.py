"""A process of the bench's own as its watcher holds it: starts it and listens to it.

Qt-free, and nothing of it blocks: a daemon thread reads the pipe, so that neither a slow process
nor one that stopped in the middle of a message can hold up a window.

A process gets its order by the pipe, so it can be started before there is one and get ready: see
`prepare`. One without an order has no children and no files, and ends when its watcher is gone.
"""

from __future__ import annotations

import atexit
import shutil
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Condition, Lock, Thread
from typing import Generic, Protocol, TypeVar

from bench_gui.bench.watcher import Next
from workers.processes import Child, Connection, pipe, start_spawned

END_S = 4.0


GONE = (EOFError, OSError)


def ordered(
    connection: Connection, target: Callable[..., None], get_ready: Callable[[], None] | None
) -> None:
    """In the process: gets ready, and does what it is ordered to, if it ever is."""
    if get_ready is not None:
        get_ready()
    try:
        order = connection.recv()
    except GONE:
        return
    target(connection, order)


class State(Protocol):
    """Where it stands."""

    @property
    def ended(self) -> bool: ...


class Snapshot(Protocol):
    """What the process tells of itself when it is asked."""

    @property
    def state(self) -> State: ...


S = TypeVar("S", bound=Snapshot)


class ProcessClient(Generic[S]):
    """One process after the other; at most one at a time."""

    def __init__(self, what: str, get_ready: Callable[[], None] | None = None) -> None:
        """`what` runs in the process, in a sentence: "the bench".

        Args:
            get_ready: called in the process before it has its order.
        """
        self._what = what
        self._get_ready = get_ready
        self._spare: tuple[Child, Connection] | None = None
        self._spare_lock = Lock()
        self._child: Child | None = None
        self._news: deque[S] = deque()
        self._changed = Condition()
        self._outbox: SimpleQueue[object] | None = None
        self._ended = True
        self._failure: str | None = None
        self._leftovers: Path | None = None
        atexit.register(self.close)

    def _start(self, target: Callable[..., None], order: object, leftovers: Path | None) -> None:
        """Starts `target(connection, order)` in a process of its own.

        Args:
            leftovers: a directory that is removed when all is over, which may be a while after the
                last snapshot; None: nothing is.

        Raises:
            RuntimeError: one is running.
        """
        if self.running:
            raise RuntimeError("a run is going on")
        Thread(target=self._release, args=(self._child, self._leftovers), daemon=True).start()
        self._child, near = self._ordered(target, order)
        self._leftovers = leftovers
        self._ended, self._failure = False, None
        self._news.clear()
        self._outbox = SimpleQueue()
        Thread(target=self._send_all, args=(near, self._outbox), daemon=True).start()
        Thread(target=self._listen, args=(near, self._outbox), daemon=True).start()

    def _ordered(self, target: Callable[..., None], order: object) -> tuple[Child, Connection]:
        """A process with its order: the one that is ready, or a new one."""
        with self._spare_lock:
            made, self._spare = self._spare, None
        if made is not None:
            with suppress(OSError):
                made[1].send(order)
                return made
            made[0].close()
        made = self._spawned(target)
        made[1].send(order)
        return made

    def _spawned(self, target: Callable[..., None]) -> tuple[Child, Connection]:
        near, far = pipe()
        child = start_spawned(ordered, far, target, self._get_ready)
        far.close()
        return child, near

    def _prepare(self, target: Callable[..., None]) -> None:
        """Starts a process that gets ready for the next order, if there is none yet.

        It is started away from the caller's thread, which it would hold up.
        """

        def make() -> None:
            with self._spare_lock:
                if self._spare is None:
                    self._spare = self._spawned(target)

        Thread(target=make, daemon=True).start()

    def _dismiss_spare(self) -> None:
        with self._spare_lock:
            spare, self._spare = self._spare, None
        if spare is not None:
            child, near = spare
            near.close()
            child.kill()
            child.join()
            child.close()

    @property
    def running(self) -> bool:
        """Whether something was started and has not ended."""
        return not self._ended

    @property
    def failure(self) -> str | None:
        """One sentence when the process ended without a word; None otherwise."""
        return self._failure

    @property
    def bench_pid(self) -> int | None:
        """The process, or None when there is none."""
        return self._child.pid if self._child is not None else None

    def poll(self) -> list[S]:
        """The snapshots that came since the last call, oldest first; never waits."""
        with self._changed:
            news = list(self._news)
            self._news.clear()
        return news

    def wait(self, timeout_s: float) -> list[S]:
        """As `poll`, after waiting at most `timeout_s` for something new or for the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._news or self._ended, timeout_s)
        return self.poll()

    def abort(self) -> None:
        """Ends every process now."""
        raise NotImplementedError

    def close(self) -> None:
        """Ends what runs and its processes, if there are any, and the one that is ready."""
        self._dismiss_spare()
        if self.running:
            self.abort()
        child, self._child = self._child, None
        self._release(child, self._leftovers)

    @staticmethod
    def _release(child: Child | None, leftovers: Path | None) -> None:
        """Waits for the end of a process, not for long, and frees it.

        Args:
            leftovers: what a process that was killed could not remove.
        """
        if child is None:
            return
        child.join(END_S)
        if child.exit_code is None:
            child.kill()
            child.join()
        child.close()
        if leftovers is not None:
            shutil.rmtree(leftovers, ignore_errors=True)

    def _say(self, command: object) -> None:
        """Hands the command over; never waits, even for a process that was stopped."""
        if self._outbox is not None:
            self._outbox.put(command)

    @staticmethod
    def _send_all(connection: Connection, outbox: SimpleQueue[object]) -> None:
        while (command := outbox.get()) is not None:
            try:
                connection.send(command)
            except OSError:
                return

    def _listen(self, connection: Connection, outbox: SimpleQueue[object]) -> None:
        outbox.put(Next())
        while True:
            try:
                snapshot: S = connection.recv()
            except GONE:
                self._note_end(f"{self._what}'s process ended unexpectedly")
                outbox.put(None)
                return
            self._note(snapshot)
            if snapshot.state.ended:
                outbox.put(None)
                return
            outbox.put(Next())

    def _note(self, snapshot: S) -> None:
        with self._changed:
            self._news.append(snapshot)
            self._ended = snapshot.state.ended
            self._changed.notify_all()

    def _note_end(self, failure: str) -> None:
        with self._changed:
            self._ended = True
            self._failure = failure
            self._changed.notify_all()
