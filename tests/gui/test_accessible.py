"""Whatever can be used says what it is: a tooltip, a name to be read aloud, a word in the help."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QDialogButtonBox,
    QDockWidget,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QMenuBar,
    QPlainTextEdit,
    QScrollArea,
    QScrollBar,
    QStatusBar,
    QTextBrowser,
    QTextEdit,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from bench_gui.bench import faults
from bench_gui.window.command_table import SPECS, Command
from bench_gui.window.fault_kinds import KINDS
from bench_gui.window.main_window import MainWindow
from bench_gui.window.views import View
from tests.gui.conftest import Opened
from tests.gui.fake_client import FakeClient
from tests.gui.pressing import press
from tests.gui.test_every_action import ROWS, Scene, open_windows
from workers.lanes import LANES

USABLE = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
)
OWN_PARTS = (QScrollBar, QHeaderView)
"""Parts of Qt's own widgets, which are reached through them."""

DIALOGS = [command for command, row in ROWS.items() if row.reads is open_windows]
"""Commands that open a window: all of them, whoever adds one."""


def labelled(widget: QWidget, within: QWidget) -> bool:
    """Whether a label names it, as a label with a mnemonic does."""
    return any(label.buddy() is widget for label in within.findChildren(QLabel))


def part_of_another(widget: QWidget) -> bool:
    """Whether it is a part of a widget of Qt's own."""
    parent = widget.parentWidget()
    names = (widget.objectName(), "" if parent is None else parent.objectName())
    return (
        isinstance(widget, OWN_PARTS)
        or any(name.startswith("qt_") for name in names)
        or isinstance(parent, QComboBox | QDialogButtonBox | QAbstractSpinBox | QAbstractItemView)
        or type(widget).__name__ in {"QComboBoxPrivateContainer", "QMenuBarExtension"}
    )


def usable(within: QWidget) -> list[QWidget]:
    """What a user of `within` may reach and see, painted widgets that take the focus included."""
    return [
        widget
        for widget in within.findChildren(QWidget)
        if widget.isVisibleTo(within)
        and widget.window() is within.window()
        and not part_of_another(widget)
        and (isinstance(widget, USABLE) or takes_tab(widget))
        and not isinstance(widget, QScrollArea | QMenuBar | QStatusBar | QDockWidget)
    ]


def takes_tab(widget: QWidget) -> bool:
    """Whether Tab stops at it."""
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


def reached(widget: QWidget, window: MainWindow) -> bool:
    """Whether it takes the focus, or what stands for it does, or a key does what it does."""
    parent = widget.parentWidget()
    proxy = None if parent is None else parent.focusProxy()
    return takes_tab(widget) or (proxy is not None and takes_tab(proxy)) or has_key(widget, window)


def told(widget: QWidget) -> str:
    """Which widget it is, for a failure to name."""
    return widget.objectName() or f"{type(widget).__name__} in {widget.parent().objectName()}"


def name_of(widget: QWidget, within: QWidget) -> str:
    """What a screen reader says of it."""
    text = getattr(widget, "text", str)() if isinstance(widget, QAbstractButton) else ""
    spoken = text if any(letter.isalpha() for letter in text) else ""
    return widget.accessibleName() or ("labelled" if labelled(widget, within) else spoken)


def has_key(widget: QWidget, window: MainWindow) -> bool:
    """Whether a key does what it does: its own, its command's, or one that its tooltip names."""
    if isinstance(widget, QAbstractButton) and not widget.shortcut().isEmpty():
        return True
    command = next(
        (one for one in Command if widget.objectName().endswith((f"{one.value}-button",
                                                                 f"{one.value}-tool"))), None
    )  # fmt: skip
    if command is not None and not window.commands[command].shortcut().isEmpty():
        return True
    return "<b>" in widget.toolTip()


def check(place: QWidget, window: MainWindow) -> None:
    """Every control of a window can be named, explained and reached without a mouse."""
    found = usable(place)
    assert found
    nameless = [told(widget) for widget in found if not name_of(widget, place)]
    assert nameless == []
    reading = (QAbstractItemView, QPlainTextEdit, QTextEdit)
    unexplained = [told(w) for w in found if not (w.toolTip() or isinstance(w, reading))]
    assert unexplained == []
    out_of_reach = [
        told(widget) for widget in found if widget.isEnabled() and not reached(widget, window)
    ]
    assert out_of_reach == []


def windows(window: MainWindow) -> set[QWidget]:
    """Every window that can be seen, menus and messages that pass aside."""
    return {
        one
        for one in window.findChildren(QWidget)
        if one.isWindow() and one.isVisible() and not isinstance(one, QMenu)
    }


@pytest.mark.parametrize("command", DIALOGS, ids=lambda one: one.value)
def test_every_control_of_a_dialog_is_named_explained_and_reached(
    open_window: Opened, client: FakeClient, qtbot: QtBot, command: Command
) -> None:
    row = ROWS[command]
    window = open_window(row.settings)
    row.prepare(Scene(window, client, qtbot))
    before = windows(window)
    window.commands[command].trigger()
    qtbot.waitUntil(lambda: windows(window) != before)
    (place,) = windows(window) - before
    check(place, window)


@pytest.mark.parametrize("view", list(View), ids=lambda view: view.value)
def test_every_control_of_the_window_is_named_explained_and_reached(
    window: MainWindow, qtbot: QtBot, view: View
) -> None:
    """With a run that has ended, an own lane, a scenario, everything unfolded, and a message."""
    window.scenarios.actions[0].trigger()
    window.panel.add_lane("retry+process-first+counter")
    for fold in (window.panel.more, window.panel.more_faults):
        fold.unfold(True)
    press(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: not window.session.phase.active)
    window.views.show_view(view)
    window.toolbar.want(True)
    window.banner.alarm("the disk is full", "details")
    check(window, window)


def test_a_bug_s_dialog_is_named_explained_and_reached(
    window: MainWindow, capsys: pytest.CaptureFixture[str]
) -> None:
    before = windows(window)
    window.problems(ValueError, ValueError("planted"), None)
    (place,) = windows(window) - before
    check(place, window)


def test_a_control_that_cannot_be_named_or_reached_is_found(window: MainWindow) -> None:
    planted = QToolButton(window.console)
    planted.setText("\N{MULTIPLICATION X}")
    planted.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    planted.setToolTip("Planted.")
    planted.show()
    with pytest.raises(AssertionError, match="QToolButton in console"):
        check(window, window)
    planted.setAccessibleName("Planted")
    with pytest.raises(AssertionError, match="QToolButton in console"):
        check(window, window)
    planted.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    check(window, window)


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
