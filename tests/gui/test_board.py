"""Lanes side by side: as many as there are, in rows that line up, at every size of the window."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from bench_gui.bench.settings import RunSettings
from bench_gui.window.board import Board
from bench_gui.window.chart import Chart
from bench_gui.window.gutters import RowGutter
from bench_gui.window.lane_names import title_and_addition
from bench_gui.window.main_window import MainWindow
from bench_gui.window.rows import ROWS, rows_for
from bench_gui.window.session import Phase
from bench_gui.window.views import View
from tests.gui.conftest import Opened
from tests.gui.pressing import click, find, number_of, text_of
from workers.lanes import LANES, lane_of

ALL = tuple(lane.slug for lane in LANES)
SIZES = [(1280, 720), (1920, 1080)]
OWN = [f"retry+process-first+counter@batch={size}" for size in range(1, 8)]


def sized(window: MainWindow, qtbot: QtBot, width: int, height: int) -> None:
    window.resize(width, height)
    qtbot.waitUntil(lambda: window.width() == width)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_seven_lanes_fit_without_scrolling(
    open_window: Opened, qtbot: QtBot, width: int, height: int
) -> None:
    window = open_window(RunSettings(lanes=ALL))
    sized(window, qtbot, width, height)
    assert window.board.horizontalScrollBar().maximum() == 0
    assert window.board.verticalScrollBar().maximum() == 0
    for slug in ALL:
        assert find(window, QLabel, f"lost-{slug}").isVisible()


def captions(window: MainWindow) -> set[str]:
    return {label.text() for label in window.board.findChildren(QLabel) if label.isVisible()}


def test_narrow_columns_say_less_and_wide_ones_all_of_it(open_window: Opened, qtbot: QtBot) -> None:
    window = open_window(RunSettings(lanes=ALL))
    sized(window, qtbot, *SIZES[0])
    assert "DUPLICATES" not in captions(window)
    assert "must be 0" in captions(window)
    sized(window, qtbot, *SIZES[1])
    qtbot.waitUntil(lambda: "DUPLICATES" in captions(window))
    assert "must stay 0" in captions(window)


def test_the_latency_in_the_corner_follows_the_width(open_window: Opened, qtbot: QtBot) -> None:
    window = open_window(RunSettings(lanes=ALL, duration_s=1.0))
    window.views.show_view(View.CHARTS)
    sized(window, qtbot, *SIZES[0])
    click(window, "start")
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    assert not any(text.startswith("p50") for text in captions(window))
    sized(window, qtbot, *SIZES[1])
    qtbot.waitUntil(lambda: any(text.startswith("p50") for text in captions(window)))


def test_more_lanes_than_fit_are_scrolled_and_the_scales_stay_in_sight(
    open_window: Opened, qtbot: QtBot
) -> None:
    window = open_window(RunSettings(lanes=(*ALL, *OWN)))
    sized(window, qtbot, *SIZES[0])
    bar = window.board.horizontalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    for gutter in shown_gutters(window.board):
        place = gutter.mapTo(window.board, gutter.rect().topLeft())
        assert 0 <= place.x() < 20


def shown_gutters(board: Board) -> list[RowGutter]:
    return [gutter for gutter in board.findChildren(RowGutter) if gutter.isVisible()]


def tops(widgets: list[RowGutter] | list[Chart]) -> set[int]:
    return {widget.y() for widget in widgets}


@pytest.mark.parametrize("lanes", [ALL[:4], ALL, ("two-phase-commit",)], ids=len)
def test_rows_line_up_across_the_scales_and_the_lanes(
    open_window: Opened, lanes: tuple[str, ...]
) -> None:
    window = open_window(RunSettings(lanes=lanes))
    window.views.show_view(View.CHARTS)
    charts = [chart for chart in window.board.findChildren(Chart) if chart.isVisible()]
    rows = rows_for(lanes)
    assert len(charts) == len(rows) * len(lanes)
    assert len(tops(charts)) == len(rows)
    assert tops(charts) == tops(shown_gutters(window.board))


def test_blocked_time_is_charted_only_where_something_blocks() -> None:
    assert [row.key for row in rows_for(ALL[:4])] == ["throughput", "latency", "errors", "lag"]
    assert rows_for(ALL) == ROWS
    assert rows_for(["transactional+two-phase+counter"]) == ROWS


def test_what_blocked_is_told_in_its_lane_and_the_others_say_that_they_prepare_nothing(
    open_window: Opened, qtbot: QtBot
) -> None:
    window = open_window(RunSettings(lanes=("at-least-once", "two-phase-commit"), duration_s=2.0))
    window.views.show_view(View.CHARTS)
    click(window, "start")
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    lane = window.session.model.lane("two-phase-commit")
    assert lane is not None
    assert lane.blocked_ms > 0
    shown = text_of(window, "blocked-two-phase-commit")
    assert shown.endswith(" ms")
    assert float(shown.split()[0]) == pytest.approx(lane.blocked_ms, rel=0.01)
    assert "The longest" in find(window, QLabel, "blocked-two-phase-commit").toolTip()
    assert "prepares nothing" in captions(window)
    assert window.findChild(QLabel, "blocked-at-least-once") is None
    assert number_of(window, "suppressed-at-least-once") == 0


def test_a_lane_is_known_by_the_beginning_of_its_name() -> None:
    wide = {lane.slug: title_and_addition(lane) for lane in LANES}
    assert wide["exactly-once"] == ("Exactly-once", "(log to log)")
    assert wide["cross-system"] == (
        "Exactly-once + database",
        "Exactly-once log, ordinary database",
    )
    assert len({title for title, _ in wide.values()}) == len(LANES)
    assert wide["two-phase-commit"] == ("Two-phase commit", "")
    narrow = {lane.slug: title_and_addition(lane, narrow=True) for lane in LANES}
    assert narrow["cross-system"] == ("Database", "exactly-once log")
    assert narrow["two-phase-commit"] == ("Two-phase", "commit")
    assert len({title for title, _ in narrow.values()}) == len(LANES)
    own = lane_of("idempotent+process-first+deduplicating")
    assert title_and_addition(own) == ("idempotent + process-first", "+ deduplicating")
    assert title_and_addition(own, narrow=True) == (
        "idempotent",
        "+ process-first + deduplicating",
    )
