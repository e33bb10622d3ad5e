"""The settings by keyboard in a small window: what has the focus can be seen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from bench_gui.window.choices import LABEL_PX
from bench_gui.window.command_table import Command
from bench_gui.window.field_row import key_of
from bench_gui.window.fields import FIELDS, Field
from bench_gui.window.lane_names import short_name
from bench_gui.window.main_window import MainWindow
from tests.gui.pressing import find
from workers.lanes import LANES, Lane

SMALL = (1280, 720)


def area_of(widget: QWidget) -> QScrollArea:
    """The scroll area around it."""
    around = widget.parentWidget()
    while not isinstance(around, QScrollArea):
        assert around is not None
        around = around.parentWidget()
    return around


def is_seen(widget: QWidget) -> bool:
    """Whether all of it is inside the part that is scrolled into view."""
    view = area_of(widget).viewport()
    place = QRect(widget.mapTo(view, QPoint(0, 0)), widget.size())
    return view.rect().contains(place)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.key)
def test_the_key_of_a_field_brings_it_into_view(
    window: MainWindow, qtbot: QtBot, field: Field
) -> None:
    window.resize(*SMALL)
    window.panel.more.unfold(True)
    window.panel.more_faults.unfold(True)
    QTest.keySequence(window, key_of(field))
    editor = find(window, QWidget, f"field-{field.key}")
    qtbot.waitUntil(editor.hasFocus)
    qtbot.waitUntil(lambda: is_seen(editor))


def test_tab_goes_through_the_panel_and_what_it_reaches_is_seen(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.resize(*SMALL)
    first = find(window, QCheckBox, f"lane-{LANES[0].slug}")
    first.setFocus()
    reached: list[str] = []
    for _ in range(60):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        now = window.focusWidget()
        if not window.panel.isAncestorOf(now):
            break
        qtbot.waitUntil(lambda now=now: is_seen(now))
        reached.append(now.objectName())
    assert reached[0] == f"lane-{LANES[1].slug}"
    shown = [edit.objectName() for edit in window.panel.findChildren(QLineEdit) if edit.isVisible()]
    assert set(shown) <= set(reached)


@pytest.mark.parametrize("lane", LANES, ids=lambda lane: lane.slug)
def test_no_lane_s_name_is_cut(window: MainWindow, lane: Lane) -> None:
    box = find(window, QCheckBox, f"lane-{lane.slug}")
    assert box.text() == short_name(lane)
    assert QFontMetrics(box.font()).horizontalAdvance(box.text()) <= LABEL_PX
    assert box.accessibleName() == lane.name
    assert lane.name in box.toolTip()


def test_larger_type_is_scrolled_and_not_squeezed(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(*SMALL)
    for _ in range(4):
        window.commands[Command.LARGER_TYPE].trigger()
    parts = [
        find(window, QPushButton, "compose-button"),
        find(window, QLineEdit, "field-rate"),
        find(window, QCheckBox, "lane-exactly-once"),
    ]
    qtbot.waitUntil(lambda: all(one.height() >= one.sizeHint().height() for one in parts))
    name = parts[-1]
    assert name.text() == "Exactly-once (log to log)"
    assert name.shortcut().toString() == "Alt+4"
