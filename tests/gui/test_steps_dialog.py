"""The steps to kill at, chosen instead of typed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QListWidget, QPushButton
from pytestqt.qtbot import QtBot

from bench_gui.window.main_window import MainWindow
from bench_gui.window.passed_steps import cycle_of, steps_of_any
from bench_gui.window.steps_dialog import StepsDialog
from tests.gui.pressing import activate, choose_from_menu, press
from workers.failpoints import Failpoint
from workers.lanes import LANES, Role
from workers.steps import Step


def steps_dialog(window: MainWindow) -> StepsDialog:
    """The dialog, opened by its key."""
    press(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    (dialog,) = (one for one in window.findChildren(StepsDialog) if one.isVisible())
    return dialog


def choose(dialog: StepsDialog, name: str, text: str) -> None:
    box = dialog.findChild(QComboBox, f"step-{name}")
    assert box is not None
    assert box.findText(text) >= 0, f"{name} has no {text}"
    box.setCurrentText(text)


def button(dialog: StepsDialog, name: str) -> QPushButton:
    found = dialog.findChild(QPushButton, name)
    assert found is not None
    return found


def accept(dialog: StepsDialog) -> None:
    buttons = dialog.findChild(QDialogButtonBox)
    assert buttons is not None
    buttons.button(QDialogButtonBox.StandardButton.Ok).click()


def test_what_is_chosen_is_what_is_run(window: MainWindow) -> None:
    dialog = steps_dialog(window)
    choose(dialog, "after", "effect-applied")
    choose(dialog, "before", "offsets-committed")
    choose(dialog, "every", "at every process's 100th passing")
    button(dialog, "add-step").click()
    choose(dialog, "role", "producer")
    choose(dialog, "after", "appended")
    choose(dialog, "slot", "producer 0")
    choose(dialog, "every", "at the first passing, once")
    button(dialog, "add-step").click()
    accept(dialog)
    settings = window.panel.reading.settings
    assert settings is not None
    assert settings.kill_at == (
        Failpoint(Role.CONSUMER, Step.EFFECT_APPLIED, Step.OFFSETS_COMMITTED, every=100),
        Failpoint(Role.PRODUCER, Step.APPENDED, slot=0),
    )


def test_what_is_there_already_is_listed_and_can_be_taken_off(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.panel.show_texts({"kill-at": "consumer:after=fetched;producer:before=appended"})
    dialog = steps_dialog(window)
    listed = dialog.findChild(QListWidget)
    assert listed is not None
    assert [listed.item(row).text() for row in range(listed.count())] == [
        "consumer:after=fetched",
        "producer:before=appended",
    ]
    listed.setCurrentRow(0)
    listed.setFocus()
    activate(qtbot, dialog)
    QTest.keyClick(listed, Qt.Key.Key_Delete)
    accept(dialog)
    assert window.panel.texts()["kill-at"] == "producer:before=appended"


def test_nothing_is_added_that_no_process_ever_comes_to(window: MainWindow) -> None:
    dialog = steps_dialog(window)
    add = button(dialog, "add-step")
    assert not add.isEnabled()
    assert "choose a step" in add.toolTip()
    choose(dialog, "after", "fetched")
    assert add.isEnabled()
    choose(dialog, "before", "group-joined")
    assert not add.isEnabled()
    assert "ever comes there" in add.toolTip()


def test_cancel_changes_nothing(window: MainWindow) -> None:
    choose_from_menu(window, "Settings", "Choose the steps to kill at...")
    (dialog,) = (one for one in window.findChildren(StepsDialog) if one.isVisible())
    choose(dialog, "after", "fetched")
    button(dialog, "add-step").click()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert window.panel.texts()["kill-at"] == "never"


def test_the_steps_of_many_lanes_keep_every_lane_s_order() -> None:
    for role in Role:
        order = steps_of_any(LANES, role)
        assert len(set(order)) == len(order)
        for lane in LANES:
            cycle = cycle_of(lane, role)
            assert set(cycle) <= set(order)
    producer = steps_of_any(LANES, Role.PRODUCER)
    assert producer.index(Step.EVENTS_TAKEN) == 0
    consumer = steps_of_any([LANES[1]], Role.CONSUMER)
    assert consumer == (
        Step.FETCHED,
        Step.EFFECT_APPLIED,
        Step.SINK_COMMITTED,
        Step.OFFSETS_COMMITTED,
    )
