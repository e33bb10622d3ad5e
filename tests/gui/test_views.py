"""The views of a run: one at a time, by key, menu and button, and remembered."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bench_gui.bench.scenario import scenario_of
from bench_gui.bench.settings import RunSettings
from bench_gui.window.arrangement import ARRANGEMENTS, arranged
from bench_gui.window.chart import Chart
from bench_gui.window.command_table import Command
from bench_gui.window.lane_header import LaneHeader
from bench_gui.window.main_window import MainWindow
from bench_gui.window.scene.widget import LaneScene
from bench_gui.window.session import Phase
from bench_gui.window.views import View, ViewButton
from bench_gui.window.worker_strip import WorkerStrip
from tests.gui.conftest import Opened
from tests.gui.pressing import click, find, press
from workers.lanes import LANES


def shown(window: MainWindow, kind: type[QWidget]) -> int:
    return sum(widget.isVisible() for widget in window.board.findChildren(kind))


def test_the_keys_the_menu_and_the_switch_show_the_same_views(
    window: MainWindow, qtbot: QtBot
) -> None:
    assert window.views.view is View.PIPELINES
    press(window, Qt.Key.Key_F3)
    assert window.views.view is View.CHARTS
    window.commands[Command.PIPELINES_VIEW].trigger()
    assert window.views.view is View.PIPELINES
    click(window, "charts-view")
    assert window.views.view is View.CHARTS
    click(window, "charts-view")
    press(window, Qt.Key.Key_F3)
    assert window.views.view is View.CHARTS
    assert pressed(window) == ["charts-view-button"]
    press(window, Qt.Key.Key_F2)
    assert pressed(window) == ["pipelines-view-button"]


def pressed(window: MainWindow) -> list[str]:
    return [one.objectName() for one in window.findChildren(ViewButton) if one.isChecked()]


def test_pipelines_show_the_scenes_and_two_small_charts_a_lane(window: MainWindow) -> None:
    lanes = len(RunSettings().lanes)
    assert shown(window, LaneScene) == lanes
    assert shown(window, Chart) == 2 * lanes
    assert shown(window, WorkerStrip) == 0
    scene = find(window, LaneScene, "scene-at-most-once")
    chart = next(one for one in window.board.findChildren(Chart) if one.isVisible())
    assert scene.height() > 2 * chart.height()


def test_charts_show_every_chart_and_the_workers(window: MainWindow) -> None:
    press(window, Qt.Key.Key_F3)
    lanes = len(RunSettings().lanes)
    assert shown(window, LaneScene) == 0
    assert shown(window, Chart) == 4 * lanes
    assert shown(window, WorkerStrip) == lanes
    press(window, Qt.Key.Key_F2)
    assert shown(window, LaneScene) == lanes


def test_the_charts_of_a_run_that_ended_are_there_when_their_view_is_shown(
    open_window: Opened, qtbot: QtBot
) -> None:
    window = open_window(RunSettings(duration_s=1.0))
    click(window, "start")
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    press(window, Qt.Key.Key_F3)
    latency = window.board._columns["at-most-once"].charts["latency"]
    picture = latency.canvas.grab().toImage()
    colours = {picture.pixel(x, y) for x in range(picture.width()) for y in range(40)}
    assert len(colours) > 3


def test_the_view_shown_last_comes_again(open_window: Opened) -> None:
    window = open_window(RunSettings())
    press(window, Qt.Key.Key_F3)
    window.close()
    assert open_window(RunSettings()).views.view is View.CHARTS


def test_a_view_remembered_from_another_program_is_not_asked_for(open_window: Opened) -> None:
    window = open_window(RunSettings())
    window.close()
    window._store.setValue("view", "no such view")
    assert open_window(RunSettings()).views.view is View.PIPELINES


def test_lanes_chosen_in_a_view_are_shown_in_it(open_window: Opened) -> None:
    window = open_window(RunSettings())
    press(window, Qt.Key.Key_F3)
    window.board.show_lanes(["at-most-once", "two-phase-commit"])
    assert shown(window, Chart) == 2 * 5
    assert shown(window, LaneScene) == 0
    press(window, Qt.Key.Key_F2)
    assert shown(window, LaneScene) == 2


def test_the_board_has_both_of_its_views() -> None:
    assert set(ARRANGEMENTS) == {View.PIPELINES, View.CHARTS}


@pytest.mark.parametrize("lanes", [4, 7])
def test_with_story_and_faults_open_everything_still_fits_a_small_projector(
    open_window: Opened, qtbot: QtBot, lanes: int
) -> None:
    window = open_window(RunSettings(lanes=tuple(lane.slug for lane in LANES[:lanes])))
    window.resize(1280, 720)
    window.scenarios.choose(scenario_of("zombie-consumer"))
    window.panel.show_settings(RunSettings(lanes=tuple(lane.slug for lane in LANES[:lanes])))
    assert window.faults.isVisible()
    board = window.board
    qtbot.waitUntil(lambda: board.verticalScrollBar().maximum() == 0)
    column = next(iter(board._columns.values()))
    cells = [cell.geometry() for cell in column.cells if cell.isVisible()]
    assert all(above.bottom() < below.top() for above, below in pairwise(cells))
    assert column.scene.height() >= 110


def test_without_height_the_charts_give_way_to_the_pictures() -> None:
    assert arranged(View.PIPELINES, 300).charts == frozenset()
    assert arranged(View.PIPELINES, 700).charts
    assert arranged(View.CHARTS, 300).charts is None


def test_with_little_height_a_rule_takes_one_line_and_is_told_in_full_by_the_tooltip(
    window: MainWindow, qtbot: QtBot
) -> None:
    header = find(window, LaneHeader, "header-idempotent-consumer")
    window.resize(1600, 1400)
    qtbot.waitUntil(lambda: header.height() > 70)
    high = header.height()
    window.resize(1280, 720)
    qtbot.waitUntil(lambda: header.height() < high)
    assert "process new ids only, then commit offsets" in header.toolTip()
