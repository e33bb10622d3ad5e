"""Medians and their intervals against what can be worked out by hand."""

from __future__ import annotations

from itertools import product
from statistics import median

import numpy as np
import pytest

from bench_gui.bench.measure.statistics import (
    CONFIDENCE,
    Interval,
    coverage_of_range,
    median_interval,
    ratio_interval,
)


def exact_interval(values: list[float]) -> tuple[float, float]:
    """The middle 95 % of the medians of all n**n samples that can be drawn."""
    medians = sorted(median(sample) for sample in product(values, repeat=len(values)))
    tail = (1 - CONFIDENCE) / 2

    def at(share: float) -> float:
        return medians[max(0, int(np.ceil(share * len(medians))) - 1)]

    return at(tail), at(1 - tail)


@pytest.mark.parametrize(
    "values",
    [[5.0], [1.0, 3.0], [3.0, 1.0, 2.0], [1, 2, 4, 8], [10, 1, 7, 3, 5], [1, 2, 3, 4, 5, 90]],
)
def test_the_interval_is_that_of_all_samples_that_can_be_drawn(values: list[float]) -> None:
    found = median_interval(values, seed=7)
    assert found is not None
    assert (found.low, found.high) == exact_interval(values)
    assert (found.median, found.rounds) == (median(values), len(values))


def test_five_rounds_give_an_interval_from_the_least_to_the_greatest() -> None:
    """All five draws' median is the least value with 0.2**5 * ... = 5.8 %, which is above 2.5 %."""
    assert median_interval([5.0, 1.0, 4.0, 2.0, 3.0], 7) == Interval(3.0, 1.0, 5.0, 5)


def test_seven_rounds_leave_the_extremes_out() -> None:
    """Drawing the least of seven values at least four times: 1.0 %, below 2.5 %."""
    assert median_interval([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0], 7) == Interval(4.0, 2.0, 6.0, 7)


def test_equal_values_leave_no_doubt() -> None:
    assert median_interval([2.0] * 9, 1) == Interval(2.0, 2.0, 2.0, 9)


def test_no_value_is_no_interval() -> None:
    assert median_interval([], 7) is None
    assert ratio_interval({1: 2.0}, {2: 4.0}, 7) is None
    assert ratio_interval({1: 2.0}, {1: 0.0}, 7) is None


def test_the_same_values_and_seed_give_the_same_interval() -> None:
    values = list(np.random.default_rng(3).normal(size=40))
    assert median_interval(values, 11) == median_interval(values, 11)


@pytest.mark.parametrize("name", ["normal", "exponential"])
def test_the_interval_holds_the_true_median_about_as_often_as_it_says(name: str) -> None:
    """Thirty rounds of a known distribution, 400 times, seeded."""
    chance = np.random.default_rng(5)
    true = {"normal": 0.0, "exponential": float(np.log(2))}[name]
    draw = {"normal": chance.standard_normal, "exponential": chance.standard_exponential}[name]
    held = 0
    for number in range(400):
        found = median_interval([float(x) for x in draw(30)], number)
        assert found is not None
        held += found.low <= true <= found.high
    assert 0.90 <= held / 400 <= 0.99


@pytest.mark.parametrize("rounds", [3, 5, 8])
def test_the_range_holds_the_true_median_as_often_as_is_said(rounds: int) -> None:
    """By the toss of a coin for each value: above or below."""
    ways = list(product((-1, 1), repeat=rounds))
    outside = sum(abs(sum(way)) == rounds for way in ways)
    assert coverage_of_range(rounds) == 1 - outside / len(ways)


def test_a_ratio_is_taken_within_a_round_before_the_median_is() -> None:
    """A machine that slows down threefold from round to round; the cost stays twice."""
    reference = {1: 1.0, 2: 3.0, 3: 9.0}
    values = {round_: 2 * value for round_, value in reference.items()}
    assert ratio_interval(values, reference, 7) == Interval(2.0, 2.0, 2.0, 3)


def test_a_round_that_one_of_both_lacks_is_left_out() -> None:
    assert ratio_interval({1: 4.0, 2: 5.0}, {1: 2.0, 3: 9.0}, 7) == Interval(2.0, 2.0, 2.0, 1)
