"""The recount reads its ranges piece by piece, and none that is no number."""

from __future__ import annotations

import sqlite3

import pytest

from bench_gui.bench.audit import recount as recounting
from bench_gui.bench.audit.recount_edges import read_ranges
from tests.bench.planted import C1, P1, MakeWorld


@pytest.mark.parametrize("at_once", [1, 3, 1000])
@pytest.mark.parametrize("slug", ["at-least-once", "exactly-once"])
def test_how_much_is_read_at_once_makes_no_difference(
    world: MakeWorld, monkeypatch: pytest.MonkeyPatch, slug: str, at_once: int
) -> None:
    lane = world(slug, events=20)
    for first in range(0, 20, 4):
        lane.append(0, first, 4, P1, partition=first // 4 % 2)
    before = lane.recount()
    monkeypatch.setattr(recounting, "ROWS_AT_ONCE", at_once)
    assert before.totals.appended == 20
    assert lane.recount() == before


def test_each_delivery_is_read_once_however_few_are_read_at_once(
    world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    lane = world("at-least-once", events=20)
    lane.append(0, 0, 20, P1)
    for first in range(0, 20, 2):
        lane.apply(0, first, 2, C1, offset=first)
    monkeypatch.setattr(recounting, "ROWS_AT_ONCE", 3)
    assert lane.recount().totals.effects == 20


@pytest.mark.parametrize("value", ["NULL", "'x'", "1.5", "'3 x'", "'3,4'"])
def test_a_value_that_is_no_whole_number_is_an_error(value: str) -> None:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE seen(slot, first, what)")
    database.execute(f"INSERT INTO seen VALUES (0, 1, 'readable'), ({value}, 2, 'readable')")
    with pytest.raises(ValueError, match=r"slot of seen: 2 rows|could not be read"):
        read_ranges(database, "seen", "1", ("slot", "first", "place"))
    database.close()


def test_a_fate_that_has_no_place_is_an_error() -> None:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE seen(what)")
    database.execute("INSERT INTO seen VALUES ('readable'), ('readible')")
    with pytest.raises(ValueError, match="place of seen: 2 rows and 1 whole"):
        read_ranges(database, "seen", "1", ("place",))
    database.close()
