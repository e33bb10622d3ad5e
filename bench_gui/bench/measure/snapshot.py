"""What a measurement tells its watchers: plain values, pickled over a pipe. Knows no processes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bench_gui.bench.measure.cells import CellResult, PlannedCell


class MeasureState(Enum):
    """Where a measurement stands. The value is shown to the reader."""

    STARTING = "starting"
    WARMING_UP = "warming up"
    MEASURING = "measuring"
    COMPLETE = "complete"
    STOPPED = "stopped"
    CUT_OFF = "cut off"
    FAILED = "failed"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self in {
            MeasureState.COMPLETE,
            MeasureState.STOPPED,
            MeasureState.CUT_OFF,
            MeasureState.FAILED,
        }


@dataclass(frozen=True, slots=True)
class MeasureSnapshot:
    """The measurement now, and what is new since the snapshot before (to this watcher).

    Fields:
        current: what is being run; None between two runs.
        current_t_s: for how long its sources have run, seconds; 0 before they do.
        done, planned: counted runs; `planned` shrinks while a walk up the rates finds its end.
        left_s: estimate of the time left, seconds; None where nothing is known yet.
        cells: finished since the snapshot before, oldest first.
        message: one sentence about the state, for the status bar.
    """

    state: MeasureState
    message: str
    current: PlannedCell | None = None
    current_t_s: float = 0.0
    done: int = 0
    planned: int = 0
    left_s: float | None = None
    cells: tuple[CellResult, ...] = ()
