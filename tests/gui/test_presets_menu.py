"""Presets: those that come with the program, and the user's own from one start to the next."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QInputDialog, QMenu

from bench_gui.bench.presets import PRESETS
from bench_gui.bench.settings import RunSettings
from bench_gui.window.command_table import Command
from bench_gui.window.explore.own_presets import OwnPresets
from bench_gui.window.main_window import MainWindow
from tests.gui.conftest import Opened
from tests.gui.fake_client import FakeClient
from tests.gui.other_settings import OTHER
from tests.gui.pressing import choose_from_menu, click, fill_in, find, press

CONTROL = Qt.KeyboardModifier.ControlModifier


def presets(window: MainWindow) -> QMenu:
    return find(window, QMenu, "presets")


def names(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.text()]


def test_every_preset_fills_its_settings_in_as_one_step(window: MainWindow) -> None:
    before = window.panel.texts()
    for number, preset in enumerate(PRESETS[1:], start=2):
        choose_from_menu(window, "Settings", "Presets", f"{number}  {preset.name}")
        assert window.panel.reading.settings == preset.settings()
        assert window.commands[Command.UNDO_SETTINGS].text() == f"&Undo: the preset {preset.name}"
        press(window, Qt.Key.Key_Z, CONTROL)
        assert window.panel.texts() == before


def save_as(window: MainWindow, name: str) -> None:
    choose_from_menu(window, "Settings", "Presets", "Save these settings as a preset...")
    dialog = window.findChildren(QInputDialog)[-1]
    dialog.setTextValue(name)
    dialog.accept()


def test_a_preset_of_one_s_own_is_there_at_the_next_start_and_can_be_deleted(
    open_window: Opened, store: QSettings
) -> None:
    first = open_window(OTHER)
    save_as(first, "Mine & yours / 1")
    first.close()
    second = open_window(RunSettings())
    choose_from_menu(second, "Settings", "Presets", "Mine  yours / 1")
    assert second.panel.reading.settings == OTHER
    choose_from_menu(second, "Settings", "Presets", "Delete a preset", "Mine  yours / 1")
    assert "Mine && yours / 1" not in names(presets(second))
    assert OwnPresets(store).names() == []


def test_the_same_name_replaces_and_no_name_saves_nothing(
    window: MainWindow, store: QSettings
) -> None:
    save_as(window, "Mine")
    fill_in(window, "rate", "2k")
    save_as(window, "Mine")
    save_as(window, "  ")
    assert OwnPresets(store).names() == ["Mine"]
    assert OwnPresets(store).texts("Mine")["rate"] == "2k"


def test_settings_with_a_problem_are_no_preset(window: MainWindow, store: QSettings) -> None:
    fill_in(window, "rate", "quick")
    choose_from_menu(window, "Settings", "Presets", "Save these settings as a preset...")
    assert "problem" in window.banner.text
    assert not window.findChildren(QInputDialog)


def test_a_preset_that_can_no_longer_be_run_says_so(open_window: Opened, store: QSettings) -> None:
    store.setValue("presets", json.dumps({"Old": {"rate": "quick", "gone": "1"}}))
    window = open_window(RunSettings())
    choose_from_menu(window, "Settings", "Presets", "Old")
    assert "Old can no longer be run" in window.banner.text
    assert window.panel.reading.settings == RunSettings()


@pytest.mark.parametrize("kept", ["", "nonsense", "[]", '{"a": 3}'])
def test_nonsense_that_was_kept_is_no_preset(store: QSettings, kept: str) -> None:
    store.setValue("presets", kept)
    assert OwnPresets(store).names() == []


def test_presets_wait_while_a_run_goes_on(window: MainWindow, client: FakeClient) -> None:
    client.speed = 0.1
    click(window, "start")
    assert not presets(window).isEnabled()
    assert "a run is going on" in presets(window).menuAction().toolTip()
