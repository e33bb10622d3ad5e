"""A run as its watcher holds it: starts the bench in a process of its own and listens to it.

Qt-free, and nothing of it blocks (`process_client`). What a run is made of is imported in the
bench's process and not in its watcher's: it takes longer than all of the window but Qt.
"""

from __future__ import annotations

import signal
from pathlib import Path

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.process_client import END_S, ProcessClient
from bench_gui.bench.records.run_tables import LANES_DIRECTORY
from bench_gui.bench.run_order import RunOrder
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import RunSnapshot, RunState
from bench_gui.bench.watcher import Abort, Down, Kill, KillAt, LoseAck, Pause, Stop, Watcher
from workers.failpoints import Failpoint
from workers.lanes import Role
from workers.processes import Connection


def get_ready() -> None:
    """In the bench's process, before it has its order."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import bench_gui.bench.run  # noqa: F401, PLC0415


def bench_process(connection: Connection, order: RunOrder) -> None:
    """The bench's process: one run, then the end."""
    from bench_gui.bench.run import Run  # noqa: PLC0415

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


class BenchClient(ProcessClient[RunSnapshot]):
    """One run after the other; at most one at a time."""

    def __init__(self) -> None:
        super().__init__("the bench", get_ready)

    def prepare(self) -> None:
        """Has a process get ready for the next run, so that it begins sooner; never waits."""
        self._prepare(bench_process)

    def start(
        self,
        settings: RunSettings,
        run_dir: Path,
        *,
        keep_data: bool = False,
        command_line: str = "",
        cut_s: float = 0.0,
    ) -> None:
        """Starts a run in `run_dir`, which exists and is empty.

        Args:
            cut_s: events due earlier than this after the start are left out of the latencies.

        Raises:
            RuntimeError: one is running.
        """
        order = RunOrder(settings, run_dir, keep_data, command_line, cut_s)
        self._start(bench_process, order, None if keep_data else run_dir / LANES_DIRECTORY)

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

    def lose_ack(self, lane: str | None = None) -> None:
        """A producer's next acknowledgement is lost, in one lane or in the same slot of all.

        The append happens; the producer does not hear of it in time.
        """
        self._say(LoseAck(lane))

    def pause(self, role: Role, lane: str | None = None) -> None:
        """Stops a process of the role for the settings' `pause_ms`, in one lane or in all."""
        self._say(Pause(role.value, lane))

    def take_down(self, role: Role, lane: str | None = None) -> None:
        """Kills all processes of the role; its slots stay empty for the settings' `down_ms`."""
        self._say(Down(role.value, lane))
