"""The links view: true clicks beside counted ones, the error exact, in flight no error."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import (
    REST,
    LaneCounts,
    LaneSnapshot,
    LinkClicks,
    RunSnapshot,
    RunState,
    Verdict,
)
from bench_gui.window.grid.cells import Cell, Grid, Mark
from bench_gui.window.links_grid import TOO_FEW, TOO_MANY, grid_of, sentence_of
from bench_gui.window.main_window import MainWindow
from bench_gui.window.session import Phase
from bench_gui.window.views import View
from tests.gui.conftest import Opened
from tests.gui.fake_client import FakeClient
from tests.gui.pressing import click, press, text_of

RIGHT = (LinkClicks(7, 50, 50), LinkClicks(2, 30, 28), LinkClicks(REST, 20, 20, rest_error=0))
FEW = (LinkClicks(7, 50, 46, 4), LinkClicks(2, 30, 30), LinkClicks(REST, 20, 19, 1, 0, 1))
MANY = (LinkClicks(7, 50, 61, 0, 11), LinkClicks(2, 30, 30), LinkClicks(REST, 20, 20, 0, 0, 0))


def lane(slug: str, links: tuple[LinkClicks, ...]) -> LaneSnapshot:
    return LaneSnapshot(
        slug, LaneCounts(), 0, 0.0, None, None, None, (), 0, Verdict.PENDING, "", links=links
    )


def snapshot(**links: tuple[LinkClicks, ...]) -> RunSnapshot:
    lanes = {slug.replace("_", "-"): lane(slug.replace("_", "-"), of) for slug, of in links.items()}
    return RunSnapshot("run", RunState.RUNNING, 3.0, 7, lanes)


def cell(grid: Grid, line: int, key: str) -> Cell:
    keys = [column.key for column in grid.columns]
    return grid.lines[line].cells[keys.index(key)]


def test_each_line_has_the_truth_and_what_each_lane_counted() -> None:
    grid = grid_of(snapshot(at_most_once=FEW, exactly_once=RIGHT), same_clicks=True)
    keys = ["rank", "link_id", "happened", "at-most-once counted", "at-most-once error"]
    assert [column.key for column in grid.columns][:5] == keys
    texts = [[one.text for one in line.cells] for line in grid.lines]
    assert texts == [
        ["1", "/7", "50", "46", f"{TOO_FEW} \N{MINUS SIGN}4", "50", "0"],
        ["2", "/2", "30", "30", "0", "28", "0"],
        ["", "all other links", "20", "19", f"{TOO_FEW} \N{MINUS SIGN}1", "20", "0"],
        ["", "all links", "100", "95", f"{TOO_FEW} \N{MINUS SIGN}5", "98", "0"],
    ]


def test_what_is_in_flight_is_no_error_but_is_shown() -> None:
    one = cell(grid_of(snapshot(exactly_once=RIGHT), same_clicks=True), 1, "exactly-once error")
    assert (one.text, one.mark) == ("0", Mark.CALM)
    assert one.bar is not None
    assert one.bar.waiting > 0 == one.bar.wrong
    assert "2 in flight" in one.tip


@pytest.mark.parametrize(
    ("slug", "links", "mark", "text"),
    [
        ("at-most-once", FEW, Mark.EXPECTED, f"{TOO_FEW} \N{MINUS SIGN}4"),
        ("at-least-once", MANY, Mark.EXPECTED, f"{TOO_MANY} +11"),
        ("exactly-once", MANY, Mark.FORBIDDEN, "\N{MULTIPLICATION X} +11"),
        ("at-least-once", FEW, Mark.FORBIDDEN, "\N{MULTIPLICATION X} \N{MINUS SIGN}4"),
        ("at-most-once", RIGHT, Mark.CALM, "0"),
    ],
)
def test_an_error_is_expected_where_the_lane_allows_it(
    slug: str, links: tuple[LinkClicks, ...], mark: Mark, text: str
) -> None:
    grid = grid_of(snapshot(**{slug.replace("-", "_"): links}), same_clicks=True)
    found = cell(grid, 0, f"{slug} error")
    assert (found.mark, found.text) == (mark, text)


def test_a_loss_and_a_duplicate_of_one_link_do_not_hide_each_other() -> None:
    both = (LinkClicks(7, 50, 50, 3, 3), LinkClicks(REST, 0, 0, rest_error=0))
    found = cell(grid_of(snapshot(exactly_once=both), same_clicks=True), 0, "exactly-once error")
    assert (found.mark, found.text) == (Mark.FORBIDDEN, "\N{MULTIPLICATION X} 0")


def test_in_a_closed_loop_each_lane_has_clicks_of_its_own() -> None:
    more = (LinkClicks(7, 80, 80), LinkClicks(9, 40, 40), LinkClicks(REST, 0, 0, rest_error=0))
    grid = grid_of(snapshot(at_most_once=FEW, exactly_once=more), same_clicks=False)
    assert cell(grid, 0, "at-most-once happened").text == "50"
    assert cell(grid, 0, "exactly-once happened").text == "80"
    assert cell(grid, 1, "at-most-once counted").text == "\N{EN DASH}"
    assert grid.fixed == 2


def test_the_sentence_says_by_how_much_each_dashboard_is_wrong() -> None:
    assert sentence_of(snapshot(exactly_once=RIGHT)).startswith("Every dashboard")
    said = sentence_of(snapshot(at_most_once=FEW, at_least_once=MANY, exactly_once=RIGHT))
    assert said == (
        "A dashboard would be wrong for good by: At-most-once 5 too few; At-least-once 11 too many."
        " The other would show the truth. Besides, up to 2 a lane are in flight: not counted yet, "
        "and no error."
    )


def test_the_view_shows_the_run_and_its_totals_are_the_counters(
    open_window: Opened, client: FakeClient, qtbot: QtBot
) -> None:
    window = open_window(RunSettings(duration_s=20))
    press(window, Qt.Key.Key_F2, Qt.KeyboardModifier.ShiftModifier)
    assert window.views.view is View.LINKS
    assert "no run yet" in text_of(window, "links-sentence")
    click(window, "start")
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    model = window.links.table.model
    assert len(model.grid.lines) == 22
    for slug, shown in window.session.model.latest.lanes.items():  # type: ignore[union-attr]
        counts = shown.counts
        total = [cell(model.grid, -1, f"{slug} {what}").copied for what in ("counted", "error")]
        assert total == [str(counts.effects), str(counts.duplicates - counts.lost)]
    assert cell(model.grid, -1, "happened").copied == str(counts.offered)


def test_out_of_sight_it_costs_nothing_and_is_up_to_date_when_shown(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    click(window, "start")
    qtbot.waitUntil(lambda: window.links._model is not None)
    assert window.links.table.model.grid.lines == ()
    window.views.show_view(View.LINKS)
    assert len(window.links.table.model.grid.lines) == 22
    window.links.table.copy()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t")[:4] == ["rank", "link_id", "happened", "at-most-once counted"]
    assert len(lines) == 23


def test_a_held_display_shows_the_links_of_its_moment(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    window.views.show_view(View.LINKS)
    click(window, "start")
    model = window.session.model
    qtbot.waitUntil(lambda: model.last_sample_s() > 8)
    model.timeline.hold(3.0, model.run)
    window.links.show_numbers(model)
    shown = int(cell(window.links.table.model.grid, -1, "happened").copied)
    assert model.shown is not None
    assert model.latest is not None
    offered = [one.lanes["at-most-once"].counts.offered for one in (model.shown, model.latest)]
    assert shown == offered[0] < offered[1]


def test_more_lanes_are_other_columns(window: MainWindow) -> None:
    window.links._model = window.session.model
    window.session.model.latest = snapshot(at_most_once=FEW)
    window.views.show_view(View.LINKS)
    assert len(window.links.table.model.grid.columns) == 5
    window.session.model.latest = replace(snapshot(at_most_once=FEW, exactly_once=RIGHT))
    window.links.show_numbers(window.session.model)
    assert len(window.links.table.model.grid.columns) == 7
