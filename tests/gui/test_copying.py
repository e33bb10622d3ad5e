"""Ctrl+C in the views that are tables: at the first try, wherever the focus is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QLineEdit, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from bench_gui.bench.settings import RunSettings
from bench_gui.window.command_table import Command
from bench_gui.window.palette import LIGHT
from bench_gui.window.session import Phase
from tests.gui.conftest import Opened
from tests.gui.pressing import activate, click, fill_in, find, press, text_of

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.mark.parametrize("key", [Qt.Key.Key_F2, Qt.Key.Key_F3])
def test_all_lines_are_copied_wherever_the_focus_is(
    open_window: Opened, qtbot: QtBot, key: Qt.Key
) -> None:
    window = open_window(RunSettings(duration_s=3, lanes=("at-most-once", "at-least-once")))
    activate(qtbot, window)
    click(window, "start")
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    press(window, key, SHIFT)
    page = window.results if key == Qt.Key.Key_F3 else window.links
    assert page.table.view.hasFocus()
    lines = page.table.sorted.rowCount()
    for focus in (page.table.view, window):
        focus.setFocus()
        QGuiApplication.clipboard().setText("old")
        press(window, Qt.Key.Key_C, CONTROL)
        assert len(QGuiApplication.clipboard().text().splitlines()) == lines + 1
        assert text_of(window, "status-message") == f"{lines} lines copied"


def test_a_text_field_copies_its_own_text(open_window: Opened, qtbot: QtBot) -> None:
    window = open_window(RunSettings())
    activate(qtbot, window)
    press(window, Qt.Key.Key_F3, SHIFT)
    field = fill_in(window, "rate", "1234")
    field.selectAll()
    press(window, Qt.Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text() == "1234"
    assert find(window, QLineEdit, field.objectName()) is field


def test_columns_are_as_wide_as_larger_type_needs(open_window: Opened, qtbot: QtBot) -> None:
    window = open_window(RunSettings(duration_s=3, lanes=("at-most-once", "at-least-once")))
    click(window, "start")
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    press(window, Qt.Key.Key_F3, SHIFT)
    table = window.results.table

    def cut() -> list[int]:
        metrics = table.view.fontMetrics()
        return [
            number
            for line in table.model.grid.lines
            for number, cell in enumerate(line.cells)
            if not table.view.isColumnHidden(number)
            and table.view.columnWidth(number) < metrics.horizontalAdvance(cell.text)
        ]

    qtbot.waitUntil(lambda: not cut())
    window.commands[Command.PRESENT].trigger()
    qtbot.waitUntil(lambda: table.view.fontMetrics().height() > 18)
    qtbot.waitUntil(lambda: not cut())


def test_a_lane_has_its_shape_before_its_name(open_window: Opened, qtbot: QtBot) -> None:
    window = open_window(RunSettings(duration_s=3, lanes=("at-most-once",)))
    click(window, "start")
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    press(window, Qt.Key.Key_F3, SHIFT)
    table = window.results.table
    table.set_theme(LIGHT)
    option = QStyleOptionViewItem()
    option.font = table.view.font()
    option.font.setPointSizeF(9.5)
    option.rect.setRect(0, 0, 200, 24)
    image = QImage(200, 24, QImage.Format.Format_RGB32)
    image.fill(QColor(LIGHT.card))
    with QPainter(image) as painter:
        table._painter.paint(painter, option, table.sorted.index(0, 0))
    lane = QColor(LIGHT.lane("at-most-once")).rgb()
    assert sum(image.pixel(x, y) == lane for x in range(30) for y in range(24)) > 12
