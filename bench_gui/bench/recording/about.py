"""What a recorded run is to those who show it. Knows no database."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.records.results import SummaryRow
from bench_gui.bench.records.run_tables import RUN_DB
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import LaneSample, RunSnapshot, RunState, Verdict

MEASURE_DB = "measure.db"
"""As `measure.records` names it, which knows a database."""

SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""How fast a run can be played back, times as fast as it was."""


@dataclass(frozen=True, slots=True)
class About:
    """What a recorded run is, apart from its frames.

    Fields:
        started_at: ISO-8601.
        cut_off: one sentence when it was cut off, None otherwise.
        coarse: whether its frames were made up from its samples, for want of a recording.
        damaged: whether a part of the recording could not be read, as far as it was read.
    """

    run_id: str
    settings: RunSettings
    started_at: str
    state: RunState
    cut_off: str | None
    coarse: bool
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class RunView:
    """What a run came to.

    Fields:
        results: by lane, in display order; of a run that was cut off those of its last moment.
        samples: the time series by lane.
        by_hand: faults that the user made.
    """

    run_dir: Path
    about: About
    results: dict[str, SummaryRow]
    samples: dict[str, list[LaneSample]]
    by_hand: int = 0


class Film(Protocol):
    """Frames in the order of time. Every method may raise EnvironmentProblem.

    Fields:
        times_s: of each frame, seconds since the sources' start; negative before it. There is one
            frame at least.
    """

    times_s: Sequence[float]

    @property
    def about(self) -> About:
        """What the run is, as far as it was read."""
        ...

    def read(self, after: int, upto: int) -> RunSnapshot:
        """Frame `upto`, with the samples and faults that are new since frame `after`.

        Args:
            after: the frame that was read last, less than `upto`; -1 to begin again.
        """
        ...

    def whole_before(self, number: int) -> int:
        """The nearest frame up to `number` that takes no other to read."""
        ...

    def close(self) -> None:
        """Closes what it reads."""
        ...


@dataclass(frozen=True, slots=True)
class RecentRun:
    """One run.

    Fields:
        started_at: ISO-8601. verdicts: by lane, in display order.
    """

    run_dir: Path
    run_id: str
    started_at: str
    seed: int
    state: RunState
    verdicts: dict[str, Verdict]


def find_run(path: Path) -> Path:
    """The directory of a run that was named by itself, by its run.db or by what is in it.

    Raises EnvironmentProblem when there is none.
    """
    with suppress(OSError):
        for place in (path, path.parent):
            if (place / RUN_DB).is_file():
                return place
    if not path.exists():
        raise EnvironmentProblem(f"{path} is not there; name the directory of a run")
    if (path / MEASURE_DB).is_file():
        raise EnvironmentProblem(f"{path} is a measurement, not a run; Ctrl+M opens measurements")
    raise EnvironmentProblem(f"{path} holds no run (no {RUN_DB}); name the directory of a run")
