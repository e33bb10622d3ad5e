"""Medians, spreads and ratios of interleaved rounds. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

Rounds = Mapping[str, Sequence[float]]
"""By contender's name: one value a round, in the rounds' order."""


@dataclass(frozen=True, slots=True)
class Spread:
    """What several rounds came to. Invariant: least <= middle <= most."""

    middle: float
    least: float
    most: float


def spread(values: Sequence[float]) -> Spread:
    """Median, least and most. Raises ValueError of no values."""
    if not values:
        raise ValueError("no round was measured")
    return Spread(median(values), min(values), max(values))


def ratio(rounds: Rounds, name: str, base: str) -> Spread:
    """How many times the base the contender is: worked out within each round, then summed up.

    What slows a whole round down (another program, a hot CPU) is in both and cancels out.

    Raises:
        ValueError: the two were not measured equally often.
    """
    pairs = zip(rounds[name], rounds[base], strict=True)
    return spread([value / of if of else math.inf for value, of in pairs])


def best(rounds: Rounds, names: Sequence[str]) -> str:
    """Of the names, the one with the greatest median."""
    return max(names, key=lambda name: median(rounds[name]))


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least `percent` (0 to 100) of the values do not exceed."""
    if not values:
        raise ValueError("a percentile of nothing")
    return sorted(values)[max(0, math.ceil(percent / 100 * len(values)) - 1)]


def slope(times: Sequence[float], values: Sequence[float]) -> float:
    """Least-squares growth of the values per unit of time; 0 of fewer than two points."""
    if len(times) < 2:
        return 0.0
    middle_t, middle_v = sum(times) / len(times), sum(values) / len(values)
    over = sum((t - middle_t) * (v - middle_v) for t, v in zip(times, values, strict=True))
    under = sum((t - middle_t) ** 2 for t in times)
    return over / under if under else 0.0
