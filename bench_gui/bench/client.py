"""A run as its watcher holds it: starts the bench in a process of its own and listens to it.

Qt-free, and nothing of it blocks: a daemon thread reads the pipe, so that neither a slow bench nor
one that stopped in the middle of a message can hold up a window.
"""

from __future__ import annotations

import atexit
import shutil
import signal
from collections import deque
from pathlib import Path
from queue import SimpleQueue
from threading import Condition, Thread

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.records.run_tables import LANES_DIRECTORY
from bench_gui.bench.run import Run, RunOrder
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import RunSnapshot, RunState
from bench_gui.bench.watcher import (
    Abort,
    Command,
    Down,
    Kill,
    KillAt,
    Next,
    Pause,
    Stop,
    Watcher,
)
from workers.failpoints import Failpoint
from workers.lanes import Role
from workers.processes import Child, Connection, pipe, start_spawned

END_S = 4.0


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
        self._news: deque[RunSnapshot] = deque()
        self._changed = Condition()
        self._outbox: SimpleQueue[Command | None] | None = None
        self._ended = True
        self._failure: str | None = None
        self._leftovers: Path | None = None
        atexit.register(self.close)

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
        Thread(target=self._release, args=(self._child, self._leftovers), daemon=True).start()
        near, far = pipe()
        order = RunOrder(settings, run_dir, keep_data, command_line)
        self._child = start_spawned(bench_process, far, order)
        far.close()
        self._leftovers = None if keep_data else run_dir / LANES_DIRECTORY
        self._ended, self._failure = False, None
        self._news.clear()
        self._outbox = SimpleQueue()
        Thread(target=self._send_all, args=(near, self._outbox), daemon=True).start()
        Thread(target=self._listen, args=(near, self._outbox), daemon=True).start()

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

    def kill_at(self, failpoint: Failpoint, lane: str | None = None) -> None:
        """Orders the processes it is meant for to kill themselves there, in one lane or in all."""
        self._say(KillAt(failpoint, lane))

    def pause(self, role: Role, lane: str | None = None) -> None:
        """Stops a process of the role for the settings' `pause_ms`, in one lane or in all."""
        self._say(Pause(role.value, lane))

    def take_down(self, role: Role, lane: str | None = None) -> None:
        """Kills all processes of the role; its slots stay empty for the settings' `down_ms`."""
        self._say(Down(role.value, lane))

    def close(self) -> None:
        """Ends the run and its processes, if there are any."""
        if self.running:
            self.abort()
        child, self._child = self._child, None
        self._release(child, self._leftovers)

    @staticmethod
    def _release(child: Child | None, leftovers: Path | None) -> None:
        """Waits for the end of a run's process, not for long, and frees it.

        Args:
            leftovers: what a bench that was killed could not remove.
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

    def _say(self, command: Command) -> None:
        """Hands the command over; never waits, even for a bench that was stopped."""
        if self._outbox is not None:
            self._outbox.put(command)

    @staticmethod
    def _send_all(connection: Connection, outbox: SimpleQueue[Command | None]) -> None:
        while (command := outbox.get()) is not None:
            try:
                connection.send(command)
            except OSError:
                return

    def _listen(self, connection: Connection, outbox: SimpleQueue[Command | None]) -> None:
        outbox.put(Next())
        while True:
            try:
                snapshot: RunSnapshot = connection.recv()
            except (EOFError, OSError):
                self._note_end("the bench's process ended unexpectedly")
                outbox.put(None)
                return
            self._note(snapshot)
            if snapshot.state.ended:
                outbox.put(None)
                return
            outbox.put(Next())

    def _note(self, snapshot: RunSnapshot) -> None:
        with self._changed:
            self._news.append(snapshot)
            self._ended = snapshot.state.ended
            self._changed.notify_all()

    def _note_end(self, failure: str) -> None:
        with self._changed:
            self._ended = True
            self._failure = failure
            self._changed.notify_all()
