"""The settings explained: from the field that has the focus, and one after another."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLineEdit, QTextBrowser

from bench_gui.bench.option_help import HELP_BY_KEY
from bench_gui.window.explore.settings_help import SettingsHelp
from bench_gui.window.main_window import MainWindow
from tests.gui.pressing import choose_from_menu, fill_in, find, press

SHIFT = Qt.KeyboardModifier.ShiftModifier


def page(window: MainWindow) -> str:
    return find(window, QTextBrowser, "setting-page").toPlainText()


def test_the_field_that_has_the_focus_is_explained(window: MainWindow) -> None:
    fill_in(window, "linger", "7ms")
    press(window, Qt.Key.Key_F1, SHIFT)
    text = page(window)
    for part in ("linger.ms", "7ms", "2ms", "0s to 1s", "--linger", HELP_BY_KEY["linger"].here):
        assert part in text


def test_the_lanes_are_explained_too(window: MainWindow) -> None:
    find(window, QCheckBox, "lane-at-least-once").setFocus()
    press(window, Qt.Key.Key_F1, SHIFT)
    assert "enable.idempotence" in page(window)


def test_up_and_down_lead_through_every_setting(window: MainWindow) -> None:
    choose_from_menu(window, "Settings", "Explain the settings")
    dialog = find(window, SettingsHelp, "settings-help")
    seen = set()
    dialog.show_setting("lanes")
    for _ in HELP_BY_KEY:
        seen.add(page(window).splitlines()[0])
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Down)
    assert seen == {one.title for one in HELP_BY_KEY.values()}


def test_every_field_s_tooltip_has_its_default_and_its_bounds(window: MainWindow) -> None:
    tip = find(window, QLineEdit, "field-producers").toolTip()
    assert "Default 1; 1 to 16" in tip
    assert "Shift+F1" in tip
