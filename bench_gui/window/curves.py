"""From a time series to the points of a picture, as pure functions. Knows no Qt.

A picture has a few hundred columns of pixels. More points than that in a curve cost time and show
nothing, so a long series is thinned to its extremes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bench_gui.window.series import Array

LEAST_GROUP = 3
"""Samples a column from which on two extremes are fewer."""

GAP_LEAST_S = 1.0
GAP_STEPS = 5.0
"""Samples further apart than both this and so many usual steps are not joined."""


def thinned(x: Array, y: Array, columns: int) -> tuple[Array, Array]:
    """The smallest and the largest value of about every column; as it is when there are few.

    They alternate, so that the line goes once through a column and not back again.

    Args:
        x: ascending; y: as many values, NaN for a gap.
        columns: of pixels, above 0.
    """
    group = len(x) // columns
    if group < LEAST_GROUP:
        return x, y
    whole = len(x) - len(x) % group
    grouped = y[:whole].reshape(-1, group).T
    extremes = np.column_stack((np.fmin.reduce(grouped, axis=0), np.fmax.reduce(grouped, axis=0)))
    extremes[::2] = extremes[::2, ::-1]
    places = np.repeat(x[:whole:group], 2)
    return np.concatenate((places, x[whole:])), np.concatenate((extremes.ravel(), y[whole:]))


def gap_places(times_s: Array) -> NDArray[np.intp]:
    """Before which samples there is a gap in time; indices, ascending."""
    steps = np.diff(times_s)
    if len(steps) == 0 or steps.max() <= GAP_LEAST_S:
        return np.zeros(0, dtype=np.intp)
    return np.flatnonzero(steps > max(GAP_LEAST_S, GAP_STEPS * float(np.median(steps)))) + 1


def with_gaps(view: Array, time_row: int) -> Array:
    """The series with a NaN where nothing was sampled for long, so that no line is drawn there.

    Args:
        view: shape (columns, count). time_row: which of its rows is the time, ascending.
    """
    places = gap_places(view[time_row])
    if len(places) == 0:
        return view
    opened = np.insert(view, places, np.nan, axis=1)
    opened[time_row] = np.insert(view[time_row], places, view[time_row, places])
    return opened


def value_at(times: Array, values: Array, t_s: float) -> float:
    """The value of the sample that tells of a moment: the first that is not before it; or NaN."""
    place = int(np.searchsorted(times, t_s - SAME_MOMENT_S))
    return float(values[place]) if place < len(values) else math.nan


SAME_MOMENT_S = 1e-9


def spread(places: Sequence[float], apart: float, length: float) -> list[float]:
    """Places near the wanted ones, in the same order, none nearer to another than `apart`.

    Args:
        length: all of them are put between 0 and this, if there is room.
    """
    order = sorted(range(len(places)), key=lambda number: places[number])
    found = list(places)
    lowest = 0.0
    for number in order:
        found[number] = lowest = max(found[number], lowest)
        lowest += apart
    highest = length
    for number in reversed(order):
        found[number] = highest = min(found[number], highest)
        highest -= apart
    return found
