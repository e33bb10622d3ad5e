"""A number key puts a lane in focus: faults hit it alone, and the pad shows it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from bench_gui.bench.settings import RunSettings
from bench_gui.window.main_window import MainWindow
from bench_gui.window.stage.focus import LaneFocus
from tests.gui.conftest import Opened
from tests.gui.fake_client import FakeClient
from tests.gui.pressing import choose_from_menu, click, fill_in, find, press
from workers.lanes import DEFAULT_LANES, Role


def test_a_number_aims_faults_at_a_lane_and_nought_at_every_lane(
    window: MainWindow, client: FakeClient
) -> None:
    click(window, "start")
    for key in (Qt.Key.Key_2, Qt.Key.Key_C, Qt.Key.Key_0, Qt.Key.Key_C):
        press(window, key)
    assert client.kills == [(Role.CONSUMER, DEFAULT_LANES[1]), (Role.CONSUMER, None)]


def test_the_aim_and_the_focus_are_one(window: MainWindow) -> None:
    aim = find(window, QComboBox, "aim")
    press(window, Qt.Key.Key_3)
    assert aim.currentData() == window.stage.focus.lane == DEFAULT_LANES[2]
    aim.setCurrentIndex(aim.findData(DEFAULT_LANES[0]))
    assert window.stage.focus.lane == DEFAULT_LANES[0]
    aim.setCurrentIndex(0)
    assert window.stage.focus.lane is None


def test_a_lane_is_put_in_focus_by_menu_and_ticked_there(window: MainWindow) -> None:
    choose_from_menu(window, "View", "Focus a lane", "1  At-most-once")
    assert window.stage.focus.lane == "at-most-once"
    choose_from_menu(window, "View", "Focus a lane", "1  At-most-once")
    assert window.stage.focus.lane == "at-most-once"
    ticked = [a.text() for a in window.stage.focus_keys.menu.actions() if a.isChecked()]
    assert ticked == ["&1  At-most-once"]
    choose_from_menu(window, "View", "Focus a lane", "0  Every lane")
    assert window.stage.focus.lane is None


def test_a_number_typed_into_a_field_stays_there(window: MainWindow) -> None:
    assert fill_in(window, "rate", "321").text() == "321"
    assert window.stage.focus.lane is None


def test_a_key_without_a_lane_does_nothing(open_window: Opened) -> None:
    window = open_window(RunSettings(lanes=("at-least-once", "exactly-once")))
    press(window, Qt.Key.Key_2)
    press(window, Qt.Key.Key_5)
    assert window.stage.focus.lane == "exactly-once"


def test_the_focus_stays_with_its_lane_when_others_come_and_leaves_with_it(qtbot: QtBot) -> None:
    focus = LaneFocus()
    focus.show_lanes(("at-least-once", "exactly-once"))
    focus.set("exactly-once")
    focus.show_lanes(("at-most-once", "exactly-once"))
    assert focus.lane == "exactly-once"
    with qtbot.waitSignal(focus.changed):
        focus.show_lanes(("at-most-once",))
    assert focus.lane is None


def test_a_lane_that_does_not_run_cannot_be_in_focus() -> None:
    focus = LaneFocus()
    focus.show_lanes(("at-least-once",))
    focus.set("exactly-once")
    assert focus.lane is None


def test_other_lanes_in_the_settings_keep_the_aim(window: MainWindow) -> None:
    press(window, Qt.Key.Key_2)
    window.panel.show_settings(RunSettings(lanes=("at-least-once", "exactly-once")))
    assert (
        find(window, QComboBox, "aim").currentData() == "at-least-once" == window.stage.focus.lane
    )
