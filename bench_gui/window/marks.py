"""What happened to a lane's workers, as times. Knows no Qt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bench_gui.window.series import Array, Column


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """When a lane's workers were hit, in seconds since the run's start. Never changed.

    Fields:
        kills: processes that ended. pauses: shape (2, count), from when until when.
        outages: the same, of stretches in which a role had no live process; may overlap.
    """

    kills: Array
    pauses: Array
    outages: Array

    @property
    def count(self) -> int:
        """Marks of every kind."""
        return int(self.kills.size + self.pauses.shape[1] + self.outages.shape[1])


NO_BANDS: Array = np.zeros((2, 0))
NO_MARKS = Marks(np.zeros(0), NO_BANDS, NO_BANDS)

Dead = tuple[int, float, float]
"""A slot without a process: which, from when, until when."""


def bands(pairs: Sequence[tuple[float, float]]) -> Array:
    """Stretches as an array of shape (2, count)."""
    return np.array(pairs, dtype=np.float64).T if pairs else NO_BANDS


def together(marks: Iterable[Marks]) -> Marks:
    """The marks of several lanes at once."""
    every = list(marks) or [NO_MARKS]
    return Marks(
        np.concatenate([one.kills for one in every]),
        np.concatenate([one.pauses for one in every], axis=1),
        np.concatenate([one.outages for one in every], axis=1),
    )


def role_outages(dead: Iterable[Dead], slots: int) -> list[tuple[float, float]]:
    """When every slot of a role was without a process at once.

    A slot that died again had come back before, even if nobody told.

    Args:
        slots: how many the role has, above 0.
    """
    changes: list[tuple[float, int]] = []
    for slot in range(slots):
        for start, end in _one_slot([(s, e) for number, s, e in dead if number == slot]):
            changes += [(start, 1), (end, -1)]
    found: list[tuple[float, float]] = []
    empty, since = 0, 0.0
    for t_s, change in sorted(changes):
        if empty == slots and change < 0 and t_s > since:
            found.append((since, t_s))
        empty += change
        if empty == slots and change > 0:
            since = t_s
    return found


def _one_slot(stretches: list[tuple[float, float]]) -> list[tuple[float, float]]:
    stretches.sort()
    starts = [*(start for start, _ in stretches), np.inf][1:]
    return [(start, min(end, after)) for (start, end), after in zip(stretches, starts, strict=True)]


def sampled_outages(view: Array, until_s: float) -> Array:
    """Stretches in which a sample found a role without a live process, shape (2, count).

    Args:
        view: shape (columns, count). until_s: when the sources ended; workers then end as well.
    """
    times = view[Column.T_S]
    down = (view[Column.PRODUCERS_UP] == 0) | (view[Column.CONSUMERS_UP] == 0)
    down &= times <= until_s
    if not down.any():
        return NO_BANDS
    before = np.concatenate((times[:1], times[:-1]))
    return np.array([before[down], times[down]])
