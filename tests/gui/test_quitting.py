"""Leaving while a run goes on: asked once, or a key that is pressed twice."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from bench_gui.window.main_window import MainWindow
from bench_gui.window.quitting import AGAIN, AGAIN_WITHIN_S, QUESTION, Quitting
from tests.gui.fake_client import FakeClient
from tests.gui.pressing import press

CONTROL = Qt.KeyboardModifier.ControlModifier


def quit_by_key(window: MainWindow) -> None:
    press(window, Qt.Key.Key_Q, CONTROL)


def test_without_a_run_it_closes_at_once(window: MainWindow) -> None:
    quit_by_key(window)
    assert not window.isVisible()


def test_a_run_is_asked_about_once(window: MainWindow, client: FakeClient) -> None:
    client.speed = 0.1
    press(window, Qt.Key.Key_F5)
    quit_by_key(window)
    box = window.quitting.box
    assert box is not None
    assert box.text() == QUESTION
    box.button(QMessageBox.StandardButton.No).click()
    assert window.isVisible()
    assert window.session.phase.active
    quit_by_key(window)
    box = window.quitting.box
    assert box is not None
    box.button(QMessageBox.StandardButton.Yes).click()
    assert not window.isVisible()


def test_a_signal_is_no_slip(window: MainWindow, client: FakeClient) -> None:
    client.speed = 0.1
    press(window, Qt.Key.Key_F5)
    window.close()
    assert not window.isVisible()


def test_on_stage_the_key_is_pressed_twice(window: MainWindow, client: FakeClient) -> None:
    client.speed = 0.1
    press(window, Qt.Key.Key_F12)
    press(window, Qt.Key.Key_F5)
    quit_by_key(window)
    assert window.isVisible()
    assert window.quitting.box is None
    toast = window.stage.toaster
    assert (toast.key, toast.words) == ("Ctrl+Q", AGAIN)
    quit_by_key(window)
    assert not window.isVisible()


def test_a_press_long_ago_is_forgotten(qtbot: QtBot, window: MainWindow) -> None:
    now = [0.0]
    said: list[str] = []
    quitting = Quitting(
        window, lambda: True, lambda: True, lambda _, words: said.append(words), lambda: now[0]
    )
    for moment in (0.0, AGAIN_WITHIN_S + 0.1):
        now[0] = moment
        assert not quitting.may()
    assert said == [AGAIN, AGAIN]
    now[0] += AGAIN_WITHIN_S
    assert quitting.may()
