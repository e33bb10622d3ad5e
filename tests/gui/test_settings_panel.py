"""Settings are checked as one types, marked in place, and remembered."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from bench_gui.bench.settings import CommitInterval, RunSettings
from bench_gui.window.command_table import Command
from bench_gui.window.main_window import MainWindow
from bench_gui.window.stored import load_settings
from tests.gui.conftest import Opened
from tests.gui.pressing import click, fill_in, find, press, text_of

ALT = Qt.KeyboardModifier.AltModifier


def test_a_wrong_value_is_marked_where_it_stands_and_nothing_else_is(window: MainWindow) -> None:
    field = fill_in(window, "rate", "quick")
    assert field.property("wrong") is True
    assert "quick" in text_of(window, "problem-rate")
    assert find(window, QLabel, "problem-rate").isVisible()
    others = [e for e in window.findChildren(QLineEdit) if e is not field]
    assert not any(e.property("wrong") for e in others)


def test_start_is_off_while_something_is_wrong_and_says_why(window: MainWindow) -> None:
    start = find(window, QPushButton, "start-button")
    fill_in(window, "producers", "99")
    assert not start.isEnabled()
    assert "producers must be from 1 to 16" in start.toolTip()
    fill_in(window, "producers", "2")
    assert start.isEnabled()
    assert "Not now" not in start.toolTip()


def test_no_lane_is_a_problem_that_is_shown(window: MainWindow, qtbot: QtBot) -> None:
    for number in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4):
        press(window, number, ALT)
    qtbot.waitUntil(lambda: "at least one lane" in text_of(window, "problem-lane"))
    press(window, Qt.Key.Key_4, ALT)
    qtbot.waitUntil(lambda: not find(window, QLabel, "problem-lane").isVisible())


def test_a_role_to_kill_is_needed_unless_nothing_is_killed(window: MainWindow) -> None:
    find(window, QCheckBox, "kill-producer").click()
    find(window, QCheckBox, "kill-consumer").click()
    assert find(window, QLabel, "problem-kill").isVisible()
    fill_in(window, "kill-every", "never")
    assert not find(window, QLabel, "problem-kill").isVisible()


def test_a_wrong_value_in_the_folded_part_unfolds_it(window: MainWindow) -> None:
    assert not window.panel.more.unfolded
    window.panel.show_texts({"batch": "0"})
    assert window.panel.more.unfolded


def test_a_letter_typed_into_a_field_is_typed_and_nothing_more(window: MainWindow) -> None:
    dark = window.commands[Command.DARK].isChecked()
    field = fill_in(window, "seed", "tnpc")
    assert field.text() == "tnpc"
    assert window.commands[Command.DARK].isChecked() == dark


def test_a_letter_typed_into_a_list_of_values_chooses_and_nothing_more(window: MainWindow) -> None:
    window.panel.more.unfold(True)
    seed = window.panel.texts()["seed"]
    box = find(window, QComboBox, "field-durability")
    box.setCurrentText("off")
    box.setFocus()
    press(window, Qt.Key.Key_N)
    assert box.currentText() == "normal"
    assert window.panel.texts()["seed"] == seed


def test_a_mnemonic_leads_to_its_field(window: MainWindow) -> None:
    window.activateWindow()
    press(window, Qt.Key.Key_R, ALT)
    assert window.focusWidget() is find(window, QLineEdit, "field-rate")


def test_every_field_and_button_says_its_key_and_what_it_is(window: MainWindow) -> None:
    asked = [*window.findChildren(QLineEdit), *window.findChildren(QPushButton)]
    asked += window.findChildren(QCheckBox)
    silent = [w.objectName() for w in asked if w.objectName() and "<b>" not in w.toolTip()]
    assert silent == []


def test_new_seed_draws_another_seed_by_click_and_by_key(window: MainWindow) -> None:
    seeds = [window.panel.texts()["seed"]]
    click(window, "new-seed")
    seeds.append(window.panel.texts()["seed"])
    window.setFocus()
    press(window, Qt.Key.Key_N)
    seeds.append(window.panel.texts()["seed"])
    assert len(set(seeds)) == 3


def test_settings_are_there_again_at_the_next_start(open_window: Opened, store: QSettings) -> None:
    first = open_window()
    fill_in(first, "rate", "3k")
    fill_in(first, "commit-interval", "250")
    fill_in(first, "kill-every", "never")
    find(first, QCheckBox, "lane-exactly-once").click()
    first.panel.more.unfold(True)
    first.close()
    second = open_window()
    settings = second.panel.reading.settings
    assert settings is not None
    assert settings.rate_eps == 3000
    assert settings.commit_interval == CommitInterval(records=250)
    assert settings.kill_every_s is None
    assert settings.lanes == ("at-most-once", "at-least-once", "idempotent-consumer")
    assert second.panel.more.unfolded


def test_settings_named_at_the_start_win_over_the_stored(
    open_window: Opened, store: QSettings
) -> None:
    store.setValue("settings/seed", "99")
    window = open_window(RunSettings(seed=12))
    assert window.panel.texts()["seed"] == "12"


@pytest.mark.parametrize("text", ["nonsense", "", "-1"])
def test_stored_nonsense_is_left_at_the_default(store: QSettings, text: str) -> None:
    store.setValue("settings/producers", text)
    assert load_settings(store).producers == RunSettings().producers


def test_the_defaults_come_back_with_one_key(window: MainWindow) -> None:
    fill_in(window, "rate", "wrong")
    press(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert window.panel.reading.settings == RunSettings()
