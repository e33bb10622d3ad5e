"""Every fault by hand: by its key, its button and its menu; at every lane or at one."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from bench_gui.bench.settings import RunSettings
from bench_gui.window.command_table import Command
from bench_gui.window.fault_table import HAND, FaultColumn
from bench_gui.window.main_window import MainWindow
from bench_gui.window.session import Phase
from bench_gui.window.worker_strip import WorkerStrip, chip_text
from tests.gui.conftest import Opened
from tests.gui.fake_client import FakeClient
from tests.gui.pressing import choose_from_menu, click, find, press, text_of
from workers.failpoints import Failpoint
from workers.lanes import Role
from workers.steps import Step

SHIFT = Qt.KeyboardModifier.ShiftModifier
PLAIN = Qt.KeyboardModifier.NoModifier
FAULTS = [
    ("kill-producer", Qt.Key.Key_P, PLAIN, "Kill a producer now", "kills", Role.PRODUCER),
    ("kill-consumer", Qt.Key.Key_C, PLAIN, "Kill a consumer now", "kills", Role.CONSUMER),
    ("pause-producer", Qt.Key.Key_Z, SHIFT, "Pause a producer now", "pauses", Role.PRODUCER),
    ("pause-consumer", Qt.Key.Key_Z, PLAIN, "Pause a consumer now", "pauses", Role.CONSUMER),
    ("down-producers", Qt.Key.Key_P, SHIFT, "Take all producers down", "downs", Role.PRODUCER),
    ("down-consumers", Qt.Key.Key_C, SHIFT, "Take all consumers down", "downs", Role.CONSUMER),
]
OF_FAULTS = pytest.mark.parametrize(
    ("name", "key", "modifier", "text", "asked", "role"), FAULTS, ids=[fault[0] for fault in FAULTS]
)


@OF_FAULTS
def test_a_fault_by_key_by_button_and_by_menu(
    window: MainWindow,
    client: FakeClient,
    name: str,
    key: Qt.Key,
    modifier: Qt.KeyboardModifier,
    text: str,
    asked: str,
    role: Role,
) -> None:
    click(window, "start")
    press(window, key, modifier)
    click(window, name)
    choose_from_menu(window, "Run", text)
    assert getattr(client, asked) == [(role, None)] * 3
    others = {"kills", "pauses", "downs"} - {asked}
    assert not any(getattr(client, other) for other in others)


def test_after_the_start_no_button_waits_for_the_space_bar(
    window: MainWindow, client: FakeClient
) -> None:
    click(window, "start")
    press(window, Qt.Key.Key_Space)
    assert client.running
    assert not client.kills
    assert not client.stops


def test_a_fault_is_aimed_at_one_lane(window: MainWindow, client: FakeClient) -> None:
    click(window, "start")
    aim = find(window, QComboBox, "aim")
    aim.setCurrentIndex(aim.findData("exactly-once"))
    press(window, Qt.Key.Key_C)
    aim.setCurrentIndex(0)
    press(window, Qt.Key.Key_C)
    assert client.kills == [(Role.CONSUMER, "exactly-once"), (Role.CONSUMER, None)]


def test_the_target_is_reached_by_key_and_leaves_letters_to_the_faults(
    window: MainWindow, client: FakeClient
) -> None:
    click(window, "start")
    press(window, Qt.Key.Key_G, Qt.KeyboardModifier.AltModifier)
    aim = find(window, QComboBox, "aim")
    assert window.focusWidget() is aim
    press(window, Qt.Key.Key_C)
    assert client.kills == [(Role.CONSUMER, None)]
    assert aim.currentIndex() == 0


@OF_FAULTS
def test_without_a_run_a_fault_is_off_and_says_why(
    window: MainWindow,
    client: FakeClient,
    name: str,
    key: Qt.Key,
    modifier: Qt.KeyboardModifier,
    text: str,
    asked: str,
    role: Role,
) -> None:
    del text, role
    button = find(window, QPushButton, f"{name}-button")
    assert not button.isEnabled()
    assert "no run is going on" in button.toolTip()
    window.setFocus()
    press(window, key, modifier)
    assert getattr(client, asked) == []


def test_a_kill_at_a_step_from_the_menu(window: MainWindow, client: FakeClient) -> None:
    click(window, "start")
    choose_from_menu(window, "Run", "Kill at a step", "consumer", "before offsets-committed")
    assert client.failpoints == [(Failpoint(Role.CONSUMER, before=Step.OFFSETS_COMMITTED), None)]
    assert text_of(window, "status-message").startswith("Armed: consumer 0 kills itself before")


def test_the_steps_come_up_by_key_and_are_those_of_the_lane_aimed_at(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    click(window, "start")
    aim = find(window, QComboBox, "aim")
    aim.setCurrentIndex(aim.findData("at-most-once"))
    press(window, Qt.Key.Key_K)
    menu = window.commands[Command.KILL_AT_STEP].menu()
    assert isinstance(menu, QMenu)
    qtbot.waitUntil(menu.isVisible)
    producer = find(window, QMenu, "steps-producer")
    texts = [action.text() for action in producer.actions() if not action.isSeparator()]
    assert texts[:4] == [
        "before events-taken",
        "after events-taken",
        "before position-advanced",
        "after position-advanced",
    ]
    assert not any("transaction" in text for text in texts)
    producer.actions()[1].trigger()
    menu.close()
    assert client.failpoints == [
        (Failpoint(Role.PRODUCER, before=Step.EVENTS_TAKEN), "at-most-once")
    ]


def test_a_step_says_which_lanes_pass_it(window: MainWindow) -> None:
    window.board.show_lanes(())
    menu = window.commands[Command.KILL_AT_STEP].menu()
    assert isinstance(menu, QMenu)
    menu.aboutToShow.emit()
    producer = find(window, QMenu, "steps-producer")
    tips = {action.text(): action.toolTip() for action in producer.actions()}
    assert "every lane" in tips["after appended"]
    assert "Exactly-once (log to log)" in tips["after transaction-begun"]
    assert "At-most-once" not in tips["after transaction-begun"]


def test_a_paused_process_is_shown_in_words_and_goes_on(
    open_window: Opened, client: FakeClient, qtbot: QtBot
) -> None:
    window = open_window(RunSettings(kill_every_s=None, pause_ms=60_000, duration_s=3600))
    client.speed = 1.0
    click(window, "start")
    strip = find(window, WorkerStrip, "workers-at-least-once")
    qtbot.waitUntil(lambda: bool(strip.workers))
    press(window, Qt.Key.Key_Z)
    qtbot.waitUntil(lambda: "paused" in strip.toolTip())
    (paused,) = (worker for worker in strip.workers if worker.state == "paused")
    assert chip_text(paused, 110) == f"C{paused.slot}  paused"
    assert f"pid {paused.pid}, paused" in strip.accessibleDescription()
    marks = window.session.model.lanes["at-least-once"].marks(0.0, 600.0, 0.0)
    assert marks.pauses.shape == (2, 1)
    assert marks.pauses[1, 0] - marks.pauses[0, 0] == 60.0
    assert not len(marks.kills)
    client.speed = 60.0
    qtbot.waitUntil(lambda: "paused" not in strip.toolTip())


def test_a_fault_says_its_kind_in_the_list(
    open_window: Opened, client: FakeClient, qtbot: QtBot
) -> None:
    window = open_window(RunSettings(kill_every_s=None, duration_s=20))
    click(window, "start")
    for key, modifier in ((Qt.Key.Key_C, PLAIN), (Qt.Key.Key_Z, PLAIN), (Qt.Key.Key_C, SHIFT)):
        press(window, key, modifier)
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    model = window.faults.model
    words = {
        model.data(model.index(row, FaultColumn.KIND)): model.data(
            model.index(row, FaultColumn.RECOVERY)
        )
        for row in range(model.rowCount())
    }
    assert set(words) == {f"{kind} {HAND}" for kind in ("kill", "pause", "all down")}
    assert words[f"pause {HAND}"] == "\N{EN DASH}"
    assert words[f"kill {HAND}"].endswith("ms")
    assert client.kept_data


def test_an_acknowledgement_is_lost_by_key_by_button_and_by_menu(
    window: MainWindow, client: FakeClient
) -> None:
    press(window, Qt.Key.Key_A)
    assert not client.acks_lost
    click(window, "start")
    press(window, Qt.Key.Key_A)
    click(window, "lose-ack")
    aim = find(window, QComboBox, "aim")
    aim.setCurrentIndex(aim.findData("at-least-once"))
    choose_from_menu(window, "Run", "Lose an acknowledgement")
    assert client.acks_lost == [None, None, "at-least-once"]
