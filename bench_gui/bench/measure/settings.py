"""What a measurement is asked to do. Knows no files, no arguments and no processes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum

from bench_gui.bench.lane_steps import passes
from bench_gui.bench.measure.sweeps import Sweep
from bench_gui.bench.settings import BOUNDS, RunSettings, SettingsError
from workers.lanes import lane_of

DEFAULT_DURATION_S = 10.0
DEFAULT_ROUNDS = 6
"""An even number, after which the order favours nobody, and the least whose range of values holds
the true median with 95 % (96.9 %)."""
DEFAULT_RUN = RunSettings(duration_s=DEFAULT_DURATION_S)
ROUNDS = (1, 1000)
WARM_UP_S = (0.0, 600.0)


class Condition(Enum):
    """Whether a lane is measured with the run's faults. The value is shown to the reader."""

    WITHOUT = "without"
    WITH = "with"


class FaultChoice(Enum):
    """Which conditions are measured."""

    BOTH = "both"
    WITHOUT = "without"
    WITH = "with"

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """In the order in which they are shown."""
        return tuple(c for c in Condition if self is FaultChoice.BOTH or self.value == c.value)


@dataclass(frozen=True, slots=True)
class MeasureSettings:
    """Everything that decides a measurement.

    Fields:
        run: the lanes and every knob of their runs; its `duration_s` is the measured time of one
            run, its faults those of the condition `with`, its seed that of the first round.
        rounds: how often each lane is measured in each condition.
        warm_up_s: how long each lane runs uncounted before the first round, and how much of the
            start of every counted run is cut off.
        faults: which conditions.
        sweep: the knob that takes several values; None: none does.
    """

    run: RunSettings = field(default_factory=lambda: DEFAULT_RUN)
    rounds: int = DEFAULT_ROUNDS
    warm_up_s: float = 1.0
    faults: FaultChoice = FaultChoice.BOTH
    sweep: Sweep | None = None

    def __post_init__(self) -> None:
        """Raises SettingsError for what cannot be measured."""
        _check("rounds", self.rounds, ROUNDS)
        _check("warm-up", self.warm_up_s, WARM_UP_S)
        most = BOUNDS["duration_s"][1]
        if self.warm_up_s + self.run.duration_s > most:
            raise SettingsError("duration_s", f"warm-up and duration together exceed {most:g} s")
        if Condition.WITH in self.faults.conditions and not has_faults(self.run):
            raise SettingsError(
                "faults", "there are no faults to measure with; choose faults without, or name some"
            )
        for condition in self.conditions:
            for value in self.values:
                self.run_settings(condition, value, self.rounds)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """In the order in which they are shown."""
        return self.faults.conditions

    @property
    def values(self) -> tuple[str | None, ...]:
        """The sweep's values as text; one None without a sweep."""
        return (None,) if self.sweep is None else self.sweep.values

    @property
    def reference(self) -> str:
        """The lane that the others' cost is relative to: at-most-once, or else the first."""
        cheapest = "at-most-once"
        return cheapest if cheapest in self.run.lanes else self.run.lanes[0]

    @property
    def closed_loop(self) -> bool:
        """Whether latency has no schedule to be late against."""
        swept = self.sweep is not None and self.sweep.name == "rate"
        return self.run.rate_eps is None and not swept

    def run_settings(
        self,
        condition: Condition,
        value: str | None,
        round_number: int,
        lane: str | None = None,
    ) -> RunSettings:
        """Of one run, the part cut off included.

        Every round has a seed of its own, so that its events and kills are a sample and not the
        same accident again; all runs of a round share it.

        Args:
            round_number: from 1.
            lane: that runs alone; None: all of them.

        Raises SettingsError.
        """
        run = self.run if lane is None else alone(self.run, lane)
        run = replace(
            run,
            duration_s=self.warm_up_s + self.run.duration_s,
            seed=self.run.seed + round_number - 1,
        )
        if condition is Condition.WITHOUT:
            run = without_faults(run)
        if self.sweep is not None and value is not None:
            run = self.sweep.applied(run, value)
        return run


def alone(run: RunSettings, slug: str) -> RunSettings:
    """The run of one of its lanes; without the orders to die where that lane never stands."""
    lane = lane_of(slug)
    kill_at = tuple(failpoint for failpoint in run.kill_at if passes(lane, failpoint))
    return replace(run, lanes=(slug,), kill_at=kill_at)


def has_faults(run: RunSettings) -> bool:
    """Whether the bench does anything to the lanes."""
    return without_faults(run) != run


def without_faults(run: RunSettings) -> RunSettings:
    """The same run left alone."""
    return replace(
        run,
        kill_every_s=None,
        kill_at=(),
        pause_every_s=None,
        down_every_s=None,
        request_loss=0.0,
        ack_loss=0.0,
    )


def _check(name: str, value: float, bounds: tuple[float, float]) -> None:
    least, most = bounds
    if not least <= value <= most:
        raise SettingsError(name, f"{name} must be from {least:g} to {most:g}, not {value:g}")
