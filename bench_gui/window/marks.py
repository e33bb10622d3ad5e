"""What happened to a lane's workers, as times. Knows no Qt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bench_gui.run_drawing.outages import Seen, sampled_outages
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


def sampled_bands(view: Array, until_s: float, told: Array = NO_BANDS) -> Array:
    """Stretches in which a sample found a role without a live process, shape (2, count).

    Args:
        view: shape (columns, count). until_s: when the sources ended; workers then end as well.
        told: outages whose times are known better, shape (2, count).
    """
    known = zip(*told.tolist(), strict=True)
    return bands(sampled_outages(seen_in(view, until_s), known))


def seen_in(view: Array, sources_end_s: float) -> Seen:
    """What the samples of a series, shape (columns, count), found."""
    up = view[Column.PRODUCERS_UP], view[Column.CONSUMERS_UP]
    return Seen(view[Column.T_S], *up, sources_end_s)
