"""How the tests use a window: by its keys, its buttons and what stands on it."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from bench_gui.window.main_window import MainWindow

Found = TypeVar("Found", bound=QWidget)


def find(window: MainWindow, kind: type[Found], name: str) -> Found:
    """The widget of this name."""
    widget = window.findChild(kind, name)
    assert widget is not None, f"no {kind.__name__} is called {name}"
    return widget


def text_of(window: MainWindow, name: str) -> str:
    """What a label says."""
    return find(window, QLabel, name).text()


def number_of(window: MainWindow, name: str) -> int:
    """What a label counts, to the last digit."""
    return int(text_of(window, name).replace(",", ""))


def click(window: MainWindow, command: str) -> None:
    """Presses the button of a command."""
    QTest.mouseClick(find(window, QPushButton, f"{command}-button"), Qt.MouseButton.LeftButton)


def press(window: MainWindow, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    """Presses a key where the focus is."""
    target = window.focusWidget() or window
    held = Qt.KeyboardModifier.NoModifier
    for modifier in modifiers:
        held |= modifier
    QTest.keyClick(target, key, held)


def choose_from_menu(window: MainWindow, *texts: str) -> None:
    """Chooses from the menu bar as one does by hand: opens every menu on the way."""
    actions: list[QAction] = window.menuBar().actions()
    for text in texts:
        menu = next(a for a in actions if a.text().replace("&", "") == text).menu()
        if menu is None:
            break
        menu.aboutToShow.emit()
        actions = menu.actions()
    chosen = next(a for a in actions if a.text().replace("&", "") == texts[-1])
    assert chosen.isEnabled(), f"{texts[-1]} is not available"
    chosen.trigger()


def fill_in(window: MainWindow, key: str, text: str) -> QLineEdit:
    """Types into a setting's field, replacing what is there."""
    field = find(window, QLineEdit, f"field-{key}")
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    return field


def show_active(qtbot: QtBot, window: QWidget) -> None:
    """Shows the window and waits for the keyboard, also where no window manager hands it out."""
    with qtbot.waitExposed(window):
        window.show()
    activate(qtbot, window)


def activate(qtbot: QtBot, window: QWidget) -> None:
    """Waits for the keyboard."""
    handle = window.windowHandle()
    assert handle is not None
    handle.requestActivate()
    qtbot.waitUntil(window.isActiveWindow, timeout=20_000)
