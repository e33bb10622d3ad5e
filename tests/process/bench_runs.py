"""Real runs for tests: started through the client as window and command line do."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from bench_gui.bench.client import BenchClient
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import FaultReport, LaneSample, RunSnapshot

PATIENCE_S = 250.0
STEP_S = 0.2


@dataclass
class Watched:
    """A run as its watcher saw it."""

    run_dir: Path
    settings: RunSettings
    client: BenchClient
    snapshots: list[RunSnapshot] = field(default_factory=list)

    @property
    def last(self) -> RunSnapshot:
        return self.snapshots[-1]

    @property
    def samples(self) -> list[LaneSample]:
        return [sample for snapshot in self.snapshots for sample in snapshot.samples]

    @property
    def faults(self) -> dict[int, FaultReport]:
        """The newest report of each fault."""
        return {f.fault_id: f for snapshot in self.snapshots for f in snapshot.faults}

    def pids(self) -> set[int]:
        """Every worker's pid ever seen."""
        return {
            worker.pid
            for snapshot in self.snapshots
            for lane in snapshot.lanes.values()
            for worker in lane.workers
            if worker.pid is not None
        }

    def watch_until(self, condition: Callable[[RunSnapshot], bool]) -> RunSnapshot:
        """Watches until a snapshot fulfils the condition, or fails after PATIENCE_S."""
        deadline_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline_s:
            for snapshot in self.client.wait(STEP_S):
                self.snapshots.append(snapshot)
                if condition(snapshot):
                    return snapshot
            if not self.client.running:
                break
        raise AssertionError(f"never seen; failure: {self.client.failure}, last: {self.last}")

    def watch_to_the_end(self) -> RunSnapshot:
        return self.watch_until(lambda snapshot: snapshot.state.ended)


def start(run_dir: Path, settings: RunSettings, *, keep_data: bool = False) -> Watched:
    run_dir.mkdir(parents=True, exist_ok=True)
    client = BenchClient()
    client.start(settings, run_dir, keep_data=keep_data)
    return Watched(run_dir, settings, client)


def alive(pid: int) -> bool:
    """Whether the process exists and is no zombie."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def state_letter(pid: int) -> str:
    """The kernel's letter for the process's state: "T" is stopped."""
    status = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    return status.rpartition(")")[2].split()[0]


def children_of(pid: int) -> set[int]:
    """All descendants of a process."""
    found: set[int] = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and _parent_of(int(entry.name)) == pid:
            found |= {int(entry.name)} | children_of(int(entry.name))
    return found


def fork_server_of(pid: int) -> int:
    """The process that the workers of a bench come from."""
    (found,) = [one for one in children_of(pid) if is_fork_server(one)]
    return found


def is_fork_server(pid: int) -> bool:
    """Whether it is one, and not a child of one, which looks the same."""
    with suppress(FileNotFoundError, ProcessLookupError):
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        return b"fork_server" in command and bool(children_of(pid))
    return False


def _parent_of(pid: int) -> int | None:
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return None
    return int(status.rpartition(")")[2].split()[1])


def wait_until(condition: Callable[[], bool]) -> None:
    """Waits for a condition, or fails after PATIENCE_S."""
    deadline_s = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > deadline_s:
            raise AssertionError("the condition never came true")
        time.sleep(0.01)
