"""Changes of the settings are taken back and made again, by key and by menu."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from bench_gui.bench.settings import RunSettings
from bench_gui.window.command_table import Command
from bench_gui.window.main_window import MainWindow
from tests.gui.fake_client import FakeClient
from tests.gui.pressing import choose_from_menu, click, fill_in, find, press

CONTROL = Qt.KeyboardModifier.ControlModifier


def test_what_was_typed_into_a_field_is_taken_back_as_one_step_in_the_field(
    window: MainWindow,
) -> None:
    field = fill_in(window, "rate", "2500")
    press(window, Qt.Key.Key_Z, CONTROL)
    assert field.text() == "1k"
    assert window.focusWidget() is field
    press(window, Qt.Key.Key_Y, CONTROL)
    assert field.text() == "2500"


def test_the_menu_says_what_is_taken_back_and_what_is_made_again(window: MainWindow) -> None:
    undo, redo = window.commands[Command.UNDO_SETTINGS], window.commands[Command.REDO_SETTINGS]
    assert "nothing was changed" in undo.toolTip()
    fill_in(window, "rate", "2k")
    fill_in(window, "seed", "9")
    assert undo.text() == "&Undo: seed 7 to 9"
    choose_from_menu(window, "Settings", "Undo: seed 7 to 9")
    assert undo.text() == "&Undo: rate 1k to 2k"
    assert redo.text() == "&Redo: seed 7 to 9"
    choose_from_menu(window, "Settings", "Redo: seed 7 to 9")
    assert window.panel.texts()["seed"] == "9"
    assert not redo.isEnabled()


def test_the_defaults_can_be_taken_back_wrong_fields_too(window: MainWindow) -> None:
    fill_in(window, "rate", "quick")
    window.setFocus()
    press(window, Qt.Key.Key_D, CONTROL)
    assert window.panel.reading.settings == RunSettings()
    press(window, Qt.Key.Key_Z, CONTROL)
    assert window.panel.texts()["rate"] == "quick"


def test_a_box_of_a_lane_is_a_step(window: MainWindow, qtbot: QtBot) -> None:
    press(window, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: "at-most-once" not in window.panel.lanes.chosen())
    press(window, Qt.Key.Key_Z, CONTROL)
    assert "at-most-once" in window.panel.lanes.chosen()


def test_nothing_is_taken_back_while_a_run_goes_on(window: MainWindow, client: FakeClient) -> None:
    client.speed = 0.1
    fill_in(window, "rate", "2k")
    click(window, "start")
    assert "a run is going on" in window.commands[Command.UNDO_SETTINGS].toolTip()
    press(window, Qt.Key.Key_Z, CONTROL)
    assert window.panel.texts()["rate"] == "2k"


def test_what_has_no_field_is_taken_back_too(window: MainWindow) -> None:
    before = window.panel.reading.settings
    assert before is not None
    window.explorer.fill(replace(before, drain_timeout_s=77.0), "a file")
    assert window.panel.reading.settings == replace(before, drain_timeout_s=77.0)
    press(window, Qt.Key.Key_Z, CONTROL)
    assert window.panel.reading.settings == before
    press(window, Qt.Key.Key_Y, CONTROL)
    assert window.panel.reading.settings == replace(before, drain_timeout_s=77.0)


def test_an_unticked_lane_of_one_s_own_that_was_taken_off_the_list_comes_back(
    window: MainWindow,
) -> None:
    own = "retry+process-first+counter"
    window.panel.lanes.add_own([own])
    window.panel.lanes.changed.emit()
    before = window.panel.texts()
    find(window, QToolButton, f"remove-{own}").click()
    assert window.panel.lanes.own == ()
    assert window.commands[Command.UNDO_SETTINGS].text() == "&Undo: the list of lanes"
    press(window, Qt.Key.Key_Z, CONTROL)
    assert window.panel.lanes.own == (own,)
    assert window.panel.texts() == before
    press(window, Qt.Key.Key_Y, CONTROL)
    assert window.panel.lanes.own == ()
