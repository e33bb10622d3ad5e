"""Type grows and shrinks by key, everywhere, is remembered, and nothing needs a new start."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from bench_gui.window.main_window import MainWindow
from bench_gui.window.palette import LIGHT
from bench_gui.window.stage.zoom import STEPS, nearest_step, stepped
from bench_gui.window.style import stylesheet
from bench_gui.window.theme import BASE_FONT_PX
from bench_gui.window.widgets import ActionButton, type_px
from tests.gui.conftest import Opened
from tests.gui.pressing import choose_from_menu, find, press

CONTROL = Qt.KeyboardModifier.ControlModifier
SIZES = re.compile(r"font-size: (\d+)px")


def test_steps_end_where_type_would_be_too_small_or_too_large() -> None:
    assert (min(STEPS), max(STEPS)) == (0.8, 2.0)
    assert stepped(1.0, 1) > 1.0 > stepped(1.0, -1)
    assert stepped(min(STEPS), -1) == min(STEPS)
    assert stepped(max(STEPS), 1) == max(STEPS)
    assert nearest_step(1.04) == 1.0
    assert nearest_step(50) == max(STEPS)


def app_px() -> int:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app.font().pixelSize()


@pytest.mark.parametrize("larger", [Qt.Key.Key_Plus, Qt.Key.Key_Equal])
def test_larger_smaller_and_as_it_was_by_key(window: MainWindow, larger: Qt.Key) -> None:
    press(window, larger, CONTROL)
    press(window, larger, CONTROL)
    assert window.stage.zoom.factor == 1.3
    assert app_px() == round(BASE_FONT_PX * 1.3)
    press(window, Qt.Key.Key_Minus, CONTROL)
    assert window.stage.zoom.factor == 1.15
    press(window, Qt.Key.Key_0, CONTROL)
    assert app_px() == BASE_FONT_PX


def test_by_menu(window: MainWindow) -> None:
    choose_from_menu(window, "View", "Larger type")
    assert window.stage.zoom.factor > 1
    choose_from_menu(window, "View", "Smaller type")
    choose_from_menu(window, "View", "Smaller type")
    assert window.stage.zoom.factor < 1
    choose_from_menu(window, "View", "Type as it was")
    assert window.stage.zoom.factor == 1


def test_every_size_of_the_stylesheet_follows() -> None:
    plain = [int(size) for size in SIZES.findall(stylesheet(LIGHT))]
    large = [int(size) for size in SIZES.findall(stylesheet(LIGHT, 1.6))]
    assert large == [round(size * 1.6) for size in plain]


def test_labels_painted_type_and_what_has_a_fixed_width_follow(
    window: MainWindow, qtbot: QtBot
) -> None:
    name = find(window, QLabel, "run-clock")
    before = (name.fontMetrics().height(), window.console.width(), type_px(window.board, 10))
    for _ in range(4):
        press(window, Qt.Key.Key_Plus, CONTROL)
    assert window.stage.zoom.factor == 1.6

    def grown() -> bool:
        now = (name.fontMetrics().height(), window.console.width(), type_px(window.board, 10))
        return all(a > 1.4 * b for a, b in zip(now, before, strict=True))

    qtbot.waitUntil(grown)


@pytest.mark.parametrize("steps", [0, 2, 4])
def test_no_button_has_less_room_than_its_words(
    window: MainWindow, qtbot: QtBot, steps: int
) -> None:
    for _ in range(steps):
        press(window, Qt.Key.Key_Plus, CONTROL)

    def cut() -> list[str]:
        buttons = [one for one in window.findChildren(ActionButton) if one.isVisible()]
        assert len(buttons) > 10
        return [one.text() for one in buttons if one.width() < words_of(one)]

    qtbot.waitUntil(lambda: not cut())


def words_of(button: QPushButton) -> int:
    """The width of its name, and of the key beside it."""
    keys = [label.fontMetrics().horizontalAdvance(label.text())
            for label in button.findChildren(QLabel)]  # fmt: skip
    return button.fontMetrics().horizontalAdvance(button.text()) + sum(keys)


def test_it_is_remembered(open_window: Opened, store: QSettings) -> None:
    first = open_window()
    press(first, Qt.Key.Key_Plus, CONTROL)
    assert float(str(store.value("zoom"))) == first.stage.zoom.factor
    press(first, Qt.Key.Key_F12)
    press(first, Qt.Key.Key_Plus, CONTROL)
    on_stage = first.stage.zoom.factor
    press(first, Qt.Key.Key_Escape)
    second = open_window()
    assert second.stage.zoom.factor == 1.15
    press(second, Qt.Key.Key_F12)
    assert second.stage.zoom.factor == on_stage > 1.3
    press(second, Qt.Key.Key_F12)


def test_what_is_stored_and_no_number_is_left_alone(open_window: Opened, store: QSettings) -> None:
    store.setValue("zoom", "huge")
    assert open_window().stage.zoom.factor == 1.0
