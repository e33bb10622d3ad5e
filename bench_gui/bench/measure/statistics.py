"""Medians over rounds and how sure they are. Pure; the same values always give the same interval.

The interval is the percentile bootstrap's of the median: the rounds are drawn anew with replacement
RESAMPLES times, and the interval holds the middle 95 % of the medians so found. The rounds are what
is drawn, never the events: events of one run are anything but independent of each other.

What few rounds can say is little. For an odd number of them the bootstrap's medians are the values
themselves, so that 3 or 5 rounds give an interval from the least to the greatest value. Whatever
the distribution, that one holds the true median with probability 1 - 2 * 0.5**n: 75 % at 3 rounds,
93.8 % at 5 (see `coverage_of_range`); from 6 on more than 95 % are possible. BCa would not help:
its acceleration is a jackknife's, which is of no use for a median.

Source: B. Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 7 (1979);
    B. Efron and R. J. Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 11 (where the
    jackknife fails) and chapter 13 (percentile intervals).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

RESAMPLES = 10_000
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A median over rounds.

    Fields:
        low, high: of the 95 % interval, inclusive. Invariant: low <= median <= high.
        rounds: values it is made of, at least 1; of one the interval says nothing.
    """

    median: float
    low: float
    high: float
    rounds: int

    @property
    def confidence(self) -> float:
        """With what probability it holds the true median, at most: `confidence_of`."""
        return confidence_of(self.rounds)

    @property
    def ends(self) -> tuple[float, float] | None:
        """`low` and `high`; None where there was but one round."""
        return (self.low, self.high) if self.rounds > 1 else None

    @property
    def sure(self) -> bool:
        """Whether there were rounds enough for an interval of CONFIDENCE."""
        return self.confidence >= CONFIDENCE


def median_interval(values: Sequence[float], seed: int) -> Interval | None:
    """The median and its bootstrap interval; None of no values.

    Args:
        seed: of the resampling.
    """
    return _bootstrapped(tuple(values), seed) if values else None


@lru_cache(maxsize=8192)
def _bootstrapped(values: tuple[float, ...], seed: int) -> Interval:
    """As `median_interval`; kept, since a measurement is looked at after every run."""
    measured = np.array(values, dtype=np.float64)
    chance = np.random.default_rng(seed)
    drawn = chance.integers(len(measured), size=(RESAMPLES, len(measured)))
    medians = np.median(measured[drawn], axis=1)
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(medians, [tail, 1 - tail], method="inverted_cdf")
    median = float(np.median(measured))
    return Interval(median, min(float(low), median), max(float(high), median), len(values))


def ratio_interval(
    values: Mapping[int, float], reference: Mapping[int, float], seed: int
) -> Interval | None:
    """The median over rounds of value / reference of the same round; None without a common one.

    Pairing takes out what befell a whole round. Rounds whose reference is 0 are left out.

    Args:
        values, reference: by round.
    """
    rounds = sorted(round_ for round_ in values if reference.get(round_))
    return median_interval([values[round_] / reference[round_] for round_ in rounds], seed)


def coverage_of_range(rounds: int) -> float:
    """How probably the true median lies between the least and the greatest of so many values."""
    return 1 - 2 * 0.5**rounds


def confidence_of(rounds: int) -> float:
    """What the interval of so many rounds can be sure of: 0, 0.5, 0.75, ... and at most CONFIDENCE.

    Args:
        rounds: at least 1.
    """
    return min(CONFIDENCE, coverage_of_range(rounds))
