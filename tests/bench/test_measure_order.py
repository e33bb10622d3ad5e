"""Every lane is measured as early, as late and after each other as often as every other."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from bench_gui.bench.measure.cells import PlannedCell
from bench_gui.bench.measure.order import ordered, williams
from bench_gui.bench.measure.settings import Condition, MeasureSettings
from bench_gui.bench.measure.walk import BEHIND_ENOUGH, Walk
from tests.measures import cell, settings

SIZES = range(2, 15)


@pytest.mark.parametrize("size", SIZES)
def test_each_stands_in_each_place_equally_often(size: int) -> None:
    rows = williams(size)
    places = Counter((place, who) for row in rows for place, who in enumerate(row))
    assert len(places) == size * size
    assert len(set(places.values())) == 1


@pytest.mark.parametrize("size", SIZES)
def test_each_follows_each_other_equally_often(size: int) -> None:
    follows = Counter(pair for row in williams(size) for pair in pairwise(row))
    assert len(follows) == size * (size - 1)
    assert set(follows.values()) == {1 if size % 2 == 0 else 2}


@pytest.mark.parametrize("size", SIZES)
def test_a_drift_that_is_linear_in_time_is_even_after_every_second_round(size: int) -> None:
    rows = williams(size)
    for first, second in zip(rows[::2], rows[1::2], strict=True):
        sums = {who: first.index(who) + second.index(who) for who in range(size)}
        assert set(sums.values()) == {size - 1}


def test_the_design_of_four_is_as_in_the_book() -> None:
    assert williams(4) == [(0, 1, 3, 2), (2, 3, 1, 0), (1, 2, 0, 3), (3, 0, 2, 1)]


def test_the_sequences_come_again_when_all_were_used() -> None:
    assert ordered("ABCD", 4) == ordered("ABCD", 0) == ("A", "B", "D", "C")


def walked(asked: MeasureSettings, falls_behind: dict[str, int] | None = None) -> list[PlannedCell]:
    """The runs of a measurement; a lane falls behind above so many events per second."""
    walk, cells = Walk(asked), []
    while (plan := walk.next()) is not None:
        cells.append(plan)
        rate = (asked.sweep.number(plan.value or "") or 0) if asked.sweep is not None else 0
        behind = falls_behind is not None and rate > falls_behind[plan.lane]
        growth = 5_000 if behind else 0
        walk.note(
            cell(
                round=plan.round,
                lane=plan.lane,
                faults=plan.condition.value,
                value=plan.value or "",
                in_flight_growth=growth,
            )
        )
        assert walk.left >= 0
    assert walk.left == 0
    return cells


def test_every_round_has_every_lane_in_both_conditions_once() -> None:
    cells = walked(settings(rounds="5"))
    for round_ in range(1, 6):
        subjects = Counter((c.lane, c.condition) for c in cells if c.round == round_)
        assert set(subjects.values()) == {1}
        assert len(subjects) == 4
    assert [c.round for c in cells] == sorted(c.round for c in cells)


def test_the_rounds_of_two_lanes_in_both_conditions_follow_the_design() -> None:
    asked = settings(rounds="4")
    subjects = [(lane, c) for lane in asked.run.lanes for c in Condition if c in asked.conditions]
    cells = walked(asked)
    rows = [
        tuple(subjects.index((c.lane, c.condition)) for c in cells if c.round == round_)
        for round_ in range(1, 5)
    ]
    assert rows == williams(4)


def test_values_are_measured_in_another_order_in_each_round() -> None:
    cells = walked(settings(sweep="durability", rounds="6"))
    rows = [
        tuple(dict.fromkeys(c.value for c in cells if c.round == round_)) for round_ in range(1, 7)
    ]
    assert len(set(rows)) == 6
    assert all(set(row) == {"off", "normal", "full"} for row in rows)


def test_rates_are_walked_up_until_a_lane_falls_behind_and_a_step_further() -> None:
    asked = settings(sweep="rate", rounds="2")
    cells = walked(asked, {"at-most-once": 4000, "at-least-once": 2000})
    values = {
        lane: [c.value for c in cells if c.lane == lane and c.round == 1]
        for lane in asked.run.lanes
    }
    assert BEHIND_ENOUGH == 2
    assert values["at-most-once"] == ["1k", "2k", "4k", "8k", "16k"]
    assert values["at-least-once"] == ["1k", "2k", "4k", "8k"]


def test_later_rounds_measure_the_rates_of_the_first() -> None:
    cells = walked(settings(sweep="rate", rounds="3"), {"at-most-once": 4000, "at-least-once": 0})
    by_round = [
        Counter((c.lane, c.value) for c in cells if c.round == round_) for round_ in (1, 2, 3)
    ]
    assert by_round[0] == by_round[1] == by_round[2]


def test_one_bad_moment_does_not_end_a_walk() -> None:
    walk = Walk(settings(sweep="rate", values="1k,2k,4k,8k", lanes="at-most-once", rounds="1"))
    seen = []
    while (plan := walk.next()) is not None:
        seen.append(plan.value)
        growth = 5_000 if plan.value in {"1k", "4k"} else 0
        walk.note(cell(lane=plan.lane, value=plan.value or "", in_flight_growth=growth))
    assert seen == ["1k", "2k", "4k", "8k"]


def test_warm_ups_are_one_of_each_lane_and_not_counted() -> None:
    warm_ups = Walk(settings()).warm_ups()
    assert [(w.lane, w.round) for w in warm_ups] == [("at-most-once", 0), ("at-least-once", 0)]
    assert Walk(settings(warm_up="0")).warm_ups() == ()
