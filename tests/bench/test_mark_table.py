"""Marks are found as if all of them had been looked at, however they were added."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bench_gui.bench.audit.columns import GrowingRows, row_type
from bench_gui.bench.audit.mark_table import MARK, NO_FAULT, MarkTable

Mark = tuple[int, int, int]
"""Owner, number of its range, time."""
marks = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 4)), max_size=6)
WIDTH, APART = 3, 4


def row_of(number: int, mark: Mark) -> tuple[int, ...]:
    owner, place, at_ns = mark
    return owner, place * APART, place * APART + WIDTH, at_ns, number, 100 + number


def looked_up(told: list[Mark], owner: int, event: int, at_ns: int) -> tuple[int, int, int]:
    held = [
        (mark[2], number)
        for number, mark in enumerate(told)
        if mark[0] == owner and mark[1] * APART <= event < mark[1] * APART + WIDTH
    ]
    if not held:
        return NO_FAULT, 0, 0
    early = [one for one in held if one[0] <= at_ns]
    time, number = max(early) if early else min(held)
    return number, 100 + number, time


@given(parts=st.lists(marks, max_size=12))
def test_each_event_has_its_latest_earlier_mark_or_else_its_first(parts: list[list[Mark]]) -> None:
    table, told = MarkTable(), list[Mark]()
    for part in parts:
        numbered = [row_of(len(told) + n, mark) for n, mark in enumerate(part)]
        table.add(np.array(numbered, dtype=MARK))
        told += part
    asked = [(o, e, t) for o in range(4) for e in range(-1, 17) for t in range(-1, 6)]
    owners, events, times = np.array(asked).T
    found = np.stack(table.find(owners, events, times), axis=1).tolist()
    assert found == [list(looked_up(told, *one)) for one in asked]


def test_many_additions_leave_few_runs_to_look_through() -> None:
    table = MarkTable()
    for number in range(1000):
        table.add(np.array([row_of(number, (0, number, number))], dtype=MARK))
    assert len(table) == 1000
    assert len(table._runs) <= 10


@given(lengths=st.lists(st.integers(0, 300), max_size=8))
def test_rows_that_grow_keep_what_they_were_given(lengths: list[int]) -> None:
    kept, given_ = GrowingRows(row_type("value")), []
    for length in lengths:
        values = list(range(len(given_), len(given_) + length))
        kept.add(np.array([(value,) for value in values], dtype=row_type("value")))
        given_ += values
        kept.reach(len(given_))
    assert len(kept) == len(given_)
    assert kept.rows["value"].tolist() == given_
