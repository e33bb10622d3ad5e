"""The window is found as it was left, can be put back, and is never out of reach."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, QSettings, Qt
from PySide6.QtWidgets import QDockWidget, QToolButton
from pytestqt.qtbot import QtBot

from bench_gui.window.command_table import Command
from bench_gui.window.layout import FIRST_SIZE, in_sight
from bench_gui.window.main_window import MainWindow
from bench_gui.window.views import View
from tests.gui.conftest import Opened
from tests.gui.fake_client import FakeClient
from tests.gui.pressing import find, press

SCREEN = QRect(0, 0, 1920, 1080)
HEIGHT_LEFT = 654
LEFT = QRect(-1920, 0, 1920, 1080)


@pytest.mark.parametrize(
    ("place", "screens", "wanted"),
    [
        (QRect(100, 80, 1280, 720), [SCREEN], QRect(100, 80, 1280, 720)),
        (QRect(-1800, 80, 1280, 720), [SCREEN, LEFT], QRect(-1800, 80, 1280, 720)),
        (QRect(-1800, 80, 1280, 720), [SCREEN], QRect(320, 180, 1280, 720)),
        (QRect(1900, 1060, 1280, 720), [SCREEN], QRect(320, 180, 1280, 720)),
        (QRect(4000, 0, 3000, 2000), [SCREEN], QRect(0, 0, 1920, 1080)),
        (QRect(1500, 900, 1280, 720), [SCREEN], QRect(1500, 900, 1280, 720)),
    ],
    ids=["there", "second screen", "second screen gone", "a corner only", "too large", "partly"],
)
def test_a_window_is_never_out_of_reach(place: QRect, screens: list[QRect], wanted: QRect) -> None:
    assert in_sight(place, screens) == wanted


def test_it_is_found_as_it_was_left(open_window: Opened, qtbot: QtBot) -> None:
    window = open_window()
    window.commands[Command.CHARTS_VIEW].trigger()
    window.commands[Command.EVENTS].trigger()
    window.panel.more.unfold(True)
    window.resize(FIRST_SIZE.width(), HEIGHT_LEFT)  # the screen of a test is less wide
    qtbot.waitUntil(lambda: window.height() == HEIGHT_LEFT)
    window.close()
    again = open_window()
    assert again.height() == HEIGHT_LEFT
    assert again.views.view is View.CHARTS
    assert not again.faults.isVisible()
    assert again.panel.more.unfolded


def test_a_place_on_a_screen_that_is_gone_is_left(open_window: Opened, store: QSettings) -> None:
    window = open_window()
    window.setGeometry(30_000, 20_000, 1280, 720)
    window.close()
    again = open_window()
    assert any(screen.geometry().intersects(again.geometry()) for screen in [again.screen()])
    assert again.geometry().x() < 30_000


def test_the_layout_is_put_back(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1500, 900)
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, window.faults)
    window.commands[Command.CONSOLE].trigger()
    window.commands[Command.CHARTS_VIEW].trigger()
    window.commands[Command.LARGER_TYPE].trigger()
    window.panel.more.unfold(True)
    assert not window.console.isVisible()
    press(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier,
          Qt.KeyboardModifier.ShiftModifier)  # fmt: skip
    qtbot.waitUntil(lambda: window.size() == FIRST_SIZE)
    bottom = Qt.DockWidgetArea.BottomDockWidgetArea
    assert window.dockWidgetArea(find(window, QDockWidget, "faults")) == bottom
    assert window.console.isVisible()
    assert window.views.view is View.PIPELINES
    assert window.stage.zoom.factor == 1.0
    assert not window.panel.more.unfolded
    assert not window.toolbar.isVisible()


def test_present_mode_is_left_when_the_layout_is_put_back(window: MainWindow, qtbot: QtBot) -> None:
    window.stage.presenting.set(True)
    window.commands[Command.RESET_LAYOUT].trigger()
    assert not window.stage.presenting.on
    qtbot.waitUntil(lambda: not window.isFullScreen())
    assert window.menuBar().isVisible()


def test_no_toolbar_comes_in_front_of_an_audience(window: MainWindow, qtbot: QtBot) -> None:
    window.stage.presenting.set(True)
    for _ in range(2):
        press(window, Qt.Key.Key_F9)
        assert not window.toolbar.isVisible()
    window.stage.presenting.set(False)
    qtbot.waitUntil(lambda: not window.isFullScreen())
    assert not window.toolbar.isVisible()


def test_the_toolbar_comes_when_the_console_goes(window: MainWindow) -> None:
    console = window.commands[Command.CONSOLE]
    toolbar = window.commands[Command.TOOLBAR]
    assert not window.toolbar.isVisible()
    console.trigger()
    assert window.toolbar.isVisible()
    assert toolbar.isChecked()
    console.trigger()
    assert not window.toolbar.isVisible()
    toolbar.trigger()
    console.trigger()
    console.trigger()
    assert window.toolbar.isVisible(), "it was asked for"


def test_present_mode_has_no_toolbar(window: MainWindow, qtbot: QtBot) -> None:
    window.stage.presenting.set(True)
    qtbot.waitUntil(lambda: not window.console.isVisible())
    assert not window.toolbar.isVisible()


def test_esc_leaves_present_mode_wherever_the_focus_is(window: MainWindow, qtbot: QtBot) -> None:
    window.stage.presenting.set(True)
    qtbot.waitUntil(window.isFullScreen)
    press(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.stage.presenting.on)


def test_the_toolbar_does_what_its_commands_do(window: MainWindow, client: FakeClient) -> None:
    window.toolbar.want(True)
    for name in ("start-tool", "kill-producer-tool"):
        find(window, QToolButton, name).click()
    assert client.running
    assert len(client.kills) == 1
    assert not find(window, QToolButton, "start-tool").isEnabled()
    find(window, QToolButton, "console-tool").click()
    assert not window.console.isVisible()
    assert not find(window, QToolButton, "console-tool").isChecked()
