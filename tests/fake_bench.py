"""A bench without processes: it writes run.db as a real one would and plays prepared snapshots."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.records.store import RunStore
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import RunSnapshot, RunState, Verdict
from tests.values import fault, sample, summary


class FakeBench:
    """Ends by itself after two snapshots, or as it is told.

    Args:
        lane: the only one that comes to a result.
        verdict: of that lane.
        disagreement: what run.db says of it.
        when_running: called at every wait, with the number of the wait.
        endless: runs until it is stopped.
        boot_failure: what it says instead of starting.
    """

    def __init__(
        self,
        *,
        lane: str = "at-least-once",
        verdict: Verdict = Verdict.HOLDS,
        disagreement: str | None = None,
        when_running: Callable[[int], None] = lambda number: None,
        endless: bool = False,
        boot_failure: str | None = None,
    ) -> None:
        self._lane = lane
        self._verdict = verdict
        self._disagreement = disagreement
        self._when_running = when_running
        self._endless = endless
        self._boot_failure = boot_failure
        self._waits = 0
        self._final: RunState | None = None
        self._at_close = ExitStack()
        self.calls: list[str] = []
        self.settings: RunSettings | None = None
        self.running = False
        self.failure: str | None = None

    def start(
        self,
        settings: RunSettings,
        run_dir: Path,
        *,
        keep_data: bool = False,
        command_line: str = "",
    ) -> None:
        self.settings = settings
        self.calls.append(f"start keep_data={keep_data} {command_line}")
        if self._boot_failure is not None:
            raise EnvironmentProblem(self._boot_failure)
        self.running = True
        self._store = RunStore.create(
            run_dir,
            settings,
            run_id="run-1",
            start_ns=0,
            started_at_iso="2024-01-01T00:00:00+00:00",
            command_line=command_line,
            bench_pid=os.getpid(),
        )
        self._at_close.callback(self._store.close)
        self._store.put_faults([fault()])
        self._store.add_samples([sample()])

    def wait(self, timeout_s: float) -> list[RunSnapshot]:
        self._waits += 1
        self._when_running(self._waits)
        if self._waits > 2 and not self._endless:
            self._final = self._final or RunState.COMPLETE
        if self._final is None:
            return [self._snapshot(RunState.RUNNING)]
        self._finish(self._final)
        return [self._snapshot(self._final)]

    def stop(self) -> None:
        self.calls.append("stop")

    def abort(self) -> None:
        self.calls.append("abort")
        self._final = RunState.CUT_OFF

    def drained(self) -> None:
        """The drain that `stop` asked for is over."""
        self._final = RunState.COMPLETE

    def close(self) -> None:
        self.calls.append("close")
        self._at_close.close()
        self.running = False

    def _finish(self, state: RunState) -> None:
        if state is RunState.COMPLETE:
            self._store.put_summary([summary(self._lane, verdict=self._verdict.value)])
            self._store.set_lane(self._lane, self._verdict, "because", None)
        self._store.set_state(state, disagreement=self._disagreement)

    def _snapshot(self, state: RunState) -> RunSnapshot:
        return RunSnapshot("run-1", state, 0.1 * self._waits, 7)
