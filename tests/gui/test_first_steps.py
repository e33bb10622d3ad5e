"""What somebody does who has the window for the first time: each key answers."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from bench_gui.bench.settings import RunSettings
from bench_gui.window.explore.costs_table import NOT_RUN
from bench_gui.window.export.dialog import ExportDialog
from bench_gui.window.main_window import MainWindow
from bench_gui.window.session import Phase
from tests.gui.conftest import Opened
from tests.gui.fake_client import FakeClient
from tests.gui.pressing import activate, click, fill_in, find, press, text_of
from tests.gui.test_decide import ACROSS, IN_LOG, button, cell, opened, run

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_a_field_gives_the_keyboard_back(window: MainWindow, qtbot: QtBot, key: Qt.Key) -> None:
    activate(qtbot, window)
    field = fill_in(window, "rate", "1500")
    QTest.keyClick(field, key)
    assert window.hasFocus()
    assert field.text() == "1500"


def test_ctrl_with_a_letter_is_the_windows_inside_a_field_too(
    window: MainWindow, qtbot: QtBot
) -> None:
    run(window, qtbot)
    activate(qtbot, window)
    field = fill_in(window, "rate", "1500")
    QTest.keyClick(field, Qt.Key.Key_A, CONTROL)
    assert field.selectedText() == "1500"
    QTest.keyClick(field, Qt.Key.Key_E, CONTROL)
    dialog = window.findChild(ExportDialog)
    assert dialog is not None
    assert dialog.isVisible()


def test_f5_with_a_wrong_field_says_why_and_goes_there(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    activate(qtbot, window)
    fill_in(window, "payload", "much")
    window.setFocus()
    press(window, Qt.Key.Key_F5)
    assert not client.started
    assert find(window, QLineEdit, "field-payload").hasFocus()
    assert window.panel.problem() in text_of(window, "status-message")
    fill_in(window, "payload", "100")
    press(window, Qt.Key.Key_F5)
    assert len(client.started) == 1


def test_f5_without_a_lane_goes_to_the_lanes(window: MainWindow, qtbot: QtBot) -> None:
    activate(qtbot, window)
    window.panel.lanes.choose(())
    window.panel._on_changed()
    press(window, Qt.Key.Key_F5)
    focus = window.focusWidget()
    assert isinstance(focus, QWidget)
    assert window.panel.lanes.isAncestorOf(focus)


def test_decide_is_answered_with_arrows_and_tab(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window)
    activate(qtbot, dialog)
    assert find(window, QRadioButton, "loss-yes").hasFocus()
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Down)
    assert find(window, QRadioButton, "loss-no").isChecked()
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Up)
    assert find(window, QRadioButton, "loss-yes").isChecked()
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Down)
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
    assert find(window, QRadioButton, "idempotent-yes").hasFocus()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    activate(qtbot, window)
    activate(qtbot, opened(window))
    assert find(window, QRadioButton, "loss-no").hasFocus()


def test_a_proof_before_any_run_is_the_run_whose_cost_is_shown(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    client.speed = 1.0
    dialog = opened(window, IN_LOG)
    button(window, "prove").click()
    assert "Proof of Exactly-once" in text_of(window, "status-message")
    assert text_of(window, "run-state").startswith("PROOF, ")
    client.speed = 100.0
    qtbot.waitUntil(dialog.isVisible)
    assert cell(window, 0, 1) != NOT_RUN
    assert "Cost in the proof, run" in text_of(window, "advice-note")
    assert text_of(window, "run-state") == "COMPLETE"


def test_a_proof_of_a_lane_that_was_in_no_run_shows_its_cost(
    window: MainWindow, qtbot: QtBot
) -> None:
    run(window, qtbot)
    dialog = opened(window, ACROSS)
    assert cell(window, 0, 1) == NOT_RUN
    button(window, "prove").click()
    qtbot.waitUntil(dialog.isVisible)
    assert cell(window, 0, 1) != NOT_RUN


def test_the_menu_of_steps_closes_with_the_run(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    client.speed = 1.0
    click(window, "start")
    qtbot.waitUntil(lambda: window.session.model.latest is not None)
    press(window, Qt.Key.Key_K)
    assert window.hand.menu.isVisible()
    window.session.stop()
    assert not window.hand.menu.isVisible()


def test_a_bookmark_is_told(open_window: Opened, qtbot: QtBot) -> None:
    window = open_window(RunSettings(duration_s=3))
    click(window, "start")
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    window.setFocus()
    press(window, Qt.Key.Key_B)
    (mark,) = window.time.bookmarks
    said = find(window, QLabel, "status-message")
    assert said.text() == f"Bookmark 1 at {mark.t_s:.1f} s"
    press(window, Qt.Key.Key_B)
    assert said.text() == f"The bookmark at {mark.t_s:.1f} s is taken away"
