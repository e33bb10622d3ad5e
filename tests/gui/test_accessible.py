"""Whatever can be used says what it is: a tooltip, a name to be read aloud, a word in the help."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QTextBrowser,
    QWidget,
)
from pytestqt.qtbot import QtBot

from bench_gui.bench import faults
from bench_gui.window.command_table import SPECS, Command
from bench_gui.window.fault_kinds import KINDS
from bench_gui.window.main_window import MainWindow
from tests.gui.pressing import press
from workers.lanes import LANES

USABLE = (QAbstractButton, QComboBox, QLineEdit, QAbstractItemView)
OPENING = [None, Command.COMPOSE, Command.CHOOSE_STEPS, Command.EXPLAIN_EVENT, Command.MEASURE]


def labelled(widget: QWidget, within: QWidget) -> bool:
    """Whether a label names it, as a label with a mnemonic does."""
    return any(label.buddy() is widget for label in within.findChildren(QLabel))


def usable(within: QWidget) -> list[QWidget]:
    """What a user of `within` may reach, parts of Qt's own widgets aside."""
    return [
        widget
        for widget in within.findChildren(QWidget)
        if isinstance(widget, USABLE)
        and widget.objectName()
        and not widget.objectName().startswith("qt_")
        and not isinstance(widget.parentWidget(), QDialogButtonBox)
    ]


@pytest.mark.parametrize("command", OPENING, ids=lambda one: one.value if one else "window")
def test_whatever_can_be_used_says_what_it_is(
    window: MainWindow, qtbot: QtBot, command: Command | None
) -> None:
    window.panel.add_lane("retry+process-first+counter")
    press(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: not window.session.phase.active)
    before = set(window.findChildren(QWidget))
    if command is not None:
        window.commands[command].trigger()
    added = [one for one in window.findChildren(QWidget) if one not in before and one.isWindow()]
    place = added[0] if command is not None else window
    found = usable(place)
    assert found
    without_tip = [w.objectName() for w in found if not w.toolTip()]
    views = {w.objectName() for w in found if isinstance(w, QAbstractItemView)}
    assert set(without_tip) <= views
    nameless = [
        w.objectName()
        for w in found
        if not (w.accessibleName() or labelled(w, place) or getattr(w, "text", str)())
    ]
    assert nameless == []


def test_the_help_has_every_key_lane_fault_and_new_word(window: MainWindow) -> None:
    press(window, Qt.Key.Key_F1)
    browser = window.findChild(QTextBrowser)
    assert browser is not None
    text = browser.toPlainText()
    wanted = [spec.key for spec in SPECS] + [lane.name for lane in LANES]
    wanted += [kind.word for kind in KINDS.values()]
    wanted += ["zombie", "blocked", "contract", "target", "incarnation", "measurement", "knee"]
    assert [word for word in wanted if word not in text] == []


def test_every_kind_of_fault_has_its_word_and_its_sign() -> None:
    kinds = {
        faults.KILL, faults.KILL_AT_STEP, faults.KILL_OF_ROLE, faults.PAUSE, faults.EXPIRY,
        faults.REQUEST_LOSS, faults.ACK_LOSS, faults.CUT_SHORT,
    }  # fmt: skip
    assert set(KINDS) == kinds
    assert len({kind.word for kind in KINDS.values()}) == len(kinds)
    assert len({kind.sign for kind in KINDS.values()}) == len(kinds)
