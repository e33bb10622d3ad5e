"""A run as its watcher holds it: starts the bench in a process of its own and listens to it.

Qt-free, and nothing of it blocks: a daemon thread reads the pipe, so that neither a slow bench nor
one that stopped in the middle of a message can hold up a window.
"""

from __future__ import annotations

import signal
from collections import deque
from pathlib import Path
from threading import Condition, Lock, Thread

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.run import Run, RunOrder
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import RunSnapshot, RunState
from bench_gui.bench.watcher import Abort, Command, Kill, Next, Stop, Watcher
from workers.lanes import Role
from workers.processes import Child, Connection, pipe, start_spawned

END_S = 2.0


def bench_process(connection: Connection, order: RunOrder) -> None:
    """The bench's process: one run, then the end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    watcher = Watcher(connection)
    try:
        run = Run(order, watcher)
    except EnvironmentProblem as problem:
        watcher.send(
            RunSnapshot("", RunState.FAILED, 0.0, order.settings.seed, message=str(problem))
        )
        watcher.close(END_S)
        return
    run.execute()


class BenchClient:
    """One run after the other; at most one at a time."""

    def __init__(self) -> None:
        self._child: Child | None = None
        self._connection: Connection | None = None
        self._news: deque[RunSnapshot] = deque()
        self._changed = Condition()
        self._sending = Lock()
        self._ended = True
        self._failure: str | None = None

    def start(
        self,
        settings: RunSettings,
        run_dir: Path,
        *,
        keep_data: bool = False,
        command_line: str = "",
    ) -> None:
        """Starts a run in `run_dir`, which exists and is empty.

        Raises:
            RuntimeError: one is running.
        """
        if self.running:
            raise RuntimeError("a run is going on")
        Thread(target=self._release, args=(self._child,), daemon=True).start()
        near, far = pipe()
        order = RunOrder(settings, run_dir, keep_data, command_line)
        self._child = start_spawned(bench_process, far, order)
        far.close()
        self._connection = near
        self._ended, self._failure = False, None
        self._news.clear()
        Thread(target=self._listen, args=(near,), daemon=True).start()

    @property
    def running(self) -> bool:
        """Whether a run was started and has not ended."""
        return not self._ended

    @property
    def failure(self) -> str | None:
        """One sentence when the bench's process ended without a word; None otherwise."""
        return self._failure

    @property
    def bench_pid(self) -> int | None:
        """The bench's process, or None when there is none."""
        return self._child.pid if self._child is not None else None

    def poll(self) -> list[RunSnapshot]:
        """The snapshots that came since the last call, oldest first; never waits."""
        with self._changed:
            news = list(self._news)
            self._news.clear()
        return news

    def wait(self, timeout_s: float) -> list[RunSnapshot]:
        """As `poll`, after waiting at most `timeout_s` for something new or for the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._news or self._ended, timeout_s)
        return self.poll()

    def stop(self) -> None:
        """Ends the sources; the run drains and counts."""
        self._say(Stop())

    def abort(self) -> None:
        """Ends every process now; the run is cut off."""
        self._say(Abort())

    def kill(self, role: Role, lane: str | None = None) -> None:
        """Kills a process of the role, in one lane or (None) in the same slot of every lane."""
        self._say(Kill(role.value, lane))

    def close(self) -> None:
        """Ends the run and its processes, if there are any."""
        if self.running:
            self.abort()
        child, self._child = self._child, None
        self._release(child)

    @staticmethod
    def _release(child: Child | None) -> None:
        """Waits for the end of a run's process, not for long, and frees it."""
        if child is None:
            return
        child.join(END_S)
        if child.exit_code is None:
            child.kill()
            child.join()
        child.close()

    def _say(self, command: Command) -> None:
        connection = self._connection
        if connection is None:
            return
        with self._sending:
            try:
                connection.send(command)
            except OSError:
                return

    def _listen(self, connection: Connection) -> None:
        self._say(Next())
        while True:
            try:
                snapshot: RunSnapshot = connection.recv()
            except (EOFError, OSError):
                self._note_end("the bench's process ended unexpectedly")
                return
            self._note(snapshot)
            if snapshot.state.ended:
                self._note_end(None)
                return
            self._say(Next())

    def _note(self, snapshot: RunSnapshot) -> None:
        with self._changed:
            self._news.append(snapshot)
            self._changed.notify_all()

    def _note_end(self, failure: str | None) -> None:
        with self._changed:
            self._ended = True
            self._failure = failure
            self._changed.notify_all()
