"""What the window asks of the bench. `bench.client.BenchClient` is one; tests have another."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import RunSnapshot
from workers.failpoints import Failpoint
from workers.lanes import Role


class Client(Protocol):
    """A bench in a process of its own. None of this blocks."""

    @property
    def running(self) -> bool:
        """Whether a run is going on."""
        ...

    @property
    def failure(self) -> str | None:
        """One sentence if the bench process died or failed."""
        ...

    def prepare(self) -> None:
        """A run is likely to be asked for soon."""
        ...

    def start(
        self,
        settings: RunSettings,
        run_dir: Path,
        *,
        keep_data: bool = False,
        command_line: str = "",
    ) -> None:
        """Begins a run in an empty directory. Raises RuntimeError if one is going on."""
        ...

    def poll(self) -> list[RunSnapshot]:
        """What is new since the last call, oldest first."""
        ...

    def stop(self) -> None:
        """Sources stop, workers drain, the final count is made."""
        ...

    def kill(self, role: Role, lane: str | None = None) -> None:
        """SIGKILL to a random live process of the role; in every lane when none is named."""
        ...

    def pause(self, role: Role, lane: str | None = None) -> None:
        """SIGSTOP to a random live process of the role; SIGCONT after the settings' pause."""
        ...

    def take_down(self, role: Role, lane: str | None = None) -> None:
        """SIGKILL to every live process of the role; their slots stay empty for a while."""
        ...

    def kill_at(self, failpoint: Failpoint, lane: str | None = None) -> None:
        """Arms a failpoint in the processes that it is meant for."""
        ...

    def lose_ack(self, lane: str | None = None) -> None:
        """A producer's next append happens and is not acknowledged in time; in every lane when none
        is named."""
        ...

    def abort(self) -> None:
        """Ends every process now."""
        ...

    def close(self) -> None:
        """As abort, then ends the bench process."""
        ...
