"""How long a measurement will still take, from how long its runs took so far. Pure."""

from __future__ import annotations

from bench_gui.bench.measure.cells import PlannedCell
from bench_gui.bench.measure.settings import MeasureSettings

FIRST_GUESS_S = 2.0
"""What a run takes beyond the time for which its sources run: start, drain, count."""


class TimeLeft:
    """Knows what runs take beyond their sources' time."""

    def __init__(self, settings: MeasureSettings) -> None:
        self._counted_s = settings.warm_up_s + settings.run.duration_s
        self._warm_up_s = settings.warm_up_s
        self._beyond_s = 0.0
        self._runs = 0

    def note(self, sources_s: float, took_s: float) -> None:
        """A run has ended; its sources ran for `sources_s`, all of it took `took_s`."""
        self._beyond_s += max(0.0, took_s - sources_s)
        self._runs += 1

    def estimate_s(
        self, counted: int, warm_ups: int, current: PlannedCell | None, current_t_s: float
    ) -> float:
        """For so many runs that have not begun, and for what is left of the current one.

        Args:
            warm_ups: with the current one, if it is one.
            current_t_s: for how long its sources have run.
        """
        beyond_s = self._beyond_s / self._runs if self._runs else FIRST_GUESS_S
        whole_s = counted * (self._counted_s + beyond_s) + warm_ups * (self._warm_up_s + beyond_s)
        if current is None:
            return whole_s
        if current.round:
            whole_s += self._counted_s + beyond_s
        return max(0.0, whole_s - current_t_s)


def planned_runs(settings: MeasureSettings) -> tuple[int, int]:
    """Counted runs and warm-ups, before any is made; a walk up the rates may need fewer."""
    lanes = len(settings.run.lanes)
    counted = settings.rounds * len(settings.values) * lanes * len(settings.conditions)
    return counted, lanes if settings.warm_up_s else 0


def first_estimate_s(settings: MeasureSettings) -> float:
    """How long a measurement will take, before anything is known of its runs; seconds."""
    return TimeLeft(settings).estimate_s(*planned_runs(settings), None, 0.0)
