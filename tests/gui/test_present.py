"""Present mode: what goes, what comes, what each key says, and that all is as before."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDockWidget, QFrame, QLabel, QToolBar, QWidget
from pytestqt.qtbot import QtBot

from bench_gui.bench.faults import KILL, KILL_AT_STEP
from bench_gui.bench.scenario import scenario_of
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import FaultReport, RunSnapshot, RunState
from bench_gui.window.command_table import Command
from bench_gui.window.main_window import MainWindow
from bench_gui.window.session import Phase
from bench_gui.window.stage.outcome import NOBODY, outcome, title_of
from bench_gui.window.stage.present import RestingCursor
from bench_gui.window.stage.stage_header import StageHeader
from bench_gui.window.story import AS_TOLD
from tests.gui.conftest import Opened, PlannedSummary
from tests.gui.fake_client import FakeClient
from tests.gui.pressing import choose_from_menu, find, press, text_of
from tests.values import summary

SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


def shown(window: MainWindow) -> dict[str, bool]:
    """Which parts around the middle are to be seen."""
    parts: list[QWidget] = [window.menuBar(), window.statusBar(), window.stage.header]
    parts += [*window.findChildren(QDockWidget), *window.findChildren(QToolBar)]
    return {part.objectName() or type(part).__name__: not part.isHidden() for part in parts}


def test_everything_but_the_lanes_goes_and_a_slim_header_comes(
    window: MainWindow, qtbot: QtBot
) -> None:
    press(window, Qt.Key.Key_F12)
    qtbot.waitUntil(window.isFullScreen)
    assert [name for name, there in shown(window).items() if there] == ["stage-header"]
    assert window.commands[Command.PRESENT].isChecked()
    press(window, Qt.Key.Key_F12)
    qtbot.waitUntil(lambda: not window.isFullScreen())


@pytest.mark.parametrize("maximized", [False, True])
def test_leaving_restores_exactly_what_was(
    window: MainWindow, qtbot: QtBot, maximized: bool
) -> None:
    window.resize(1100, 650)
    window.statusBar().setVisible(not maximized)
    if maximized:
        window.showMaximized()
    press(window, Qt.Key.Key_F9)
    press(window, Qt.Key.Key_Plus, CONTROL)
    window.resizeDocks([window.faults], [180], Qt.Orientation.Vertical)
    qtbot.waitUntil(lambda: window.faults.height() >= 170)
    before = (shown(window), window.size(), window.isMaximized(), window.stage.zoom.factor)
    height = window.faults.height()
    choose_from_menu(window, "View", "Present")
    qtbot.waitUntil(window.isFullScreen)
    press(window, Qt.Key.Key_F8)
    press(window, Qt.Key.Key_Minus, CONTROL)
    press(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.isFullScreen())
    qtbot.waitUntil(lambda: window.size() == before[1])
    after = (shown(window), window.size(), window.isMaximized(), window.stage.zoom.factor)
    assert after == before
    qtbot.waitUntil(lambda: abs(window.faults.height() - height) <= 2)
    assert not window.commands[Command.PRESENT].isChecked()


def test_a_window_that_was_full_screen_stays_so(window: MainWindow, qtbot: QtBot) -> None:
    press(window, Qt.Key.Key_F11)
    qtbot.waitUntil(window.isFullScreen)
    press(window, Qt.Key.Key_F12)
    press(window, Qt.Key.Key_F12)
    assert window.isFullScreen()
    assert not window.menuBar().isHidden()


def test_closing_it_while_presenting_remembers_the_window_as_it_was(open_window: Opened) -> None:
    first = open_window()
    press(first, Qt.Key.Key_F12)
    first.close()
    second = open_window()
    assert not second.faults.isHidden()
    assert not second.menuBar().isHidden()
    assert not second.isFullScreen()


def test_type_and_lines_are_larger(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    widths: list[int] = []
    monkeypatch.setattr(window.board, "set_line_px", widths.append)
    before = window.stage.zoom.factor
    press(window, Qt.Key.Key_F12)
    assert window.stage.zoom.factor >= 1.3 * before
    press(window, Qt.Key.Key_F12)
    assert window.stage.zoom.factor == before
    assert widths == [2, 1]


def test_the_header_says_scenario_beat_lane_state_clock_and_seed(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    client.speed = 1.0
    window.scenarios.choose(scenario_of("retry-storm"))
    press(window, Qt.Key.Key_F12)
    assert text_of(window, "stage-state") == "READY"
    assert text_of(window, "stage-seed") == "seed 7"
    press(window, Qt.Key.Key_PageDown)
    press(window, Qt.Key.Key_2)
    title = scenario_of("retry-storm").title
    assert text_of(window, "stage-title") == f"{title} \N{MIDDLE DOT} beat 1 of 6"
    assert text_of(window, "stage-focus").endswith("At-least-once")
    qtbot.waitUntil(lambda: text_of(window, "stage-state") == "RUNNING")
    qtbot.waitUntil(lambda: text_of(window, "stage-clock").endswith(" s of 3m"))
    window.session.abort()
    qtbot.waitUntil(lambda: text_of(window, "stage-state") == "CUT OFF")


def test_the_beat_is_large_and_what_comes_next_is_told(window: MainWindow) -> None:
    scenario = scenario_of("retry-storm")
    window.scenarios.choose(scenario)
    press(window, Qt.Key.Key_PageDown)
    beat = find(window, QWidget, "story-beat")
    small = beat.fontMetrics().height()
    press(window, Qt.Key.Key_F12)
    assert beat.fontMetrics().height() > 1.5 * small
    assert text_of(window, "story-next") == f"next: {scenario.beats[1].text}"
    assert not find(window, QWidget, "story-line").isVisible()


def test_a_key_is_toasted_with_what_it_did(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    client.speed = 1.0
    window.panel.show_settings(RunSettings(kill_every_s=None, duration_s=600))
    press(window, Qt.Key.Key_F12)
    toast = window.stage.toaster
    press(window, Qt.Key.Key_F5)
    assert (toast.key, toast.words) == ("F5", "Start")
    press(window, Qt.Key.Key_2)
    assert (toast.key, toast.words) == ("2", "In focus: At-least-once")
    press(window, Qt.Key.Key_C)
    assert toast.words.startswith("Kill a consumer")
    qtbot.waitUntil(lambda: "pid" in toast.words)
    (fault,) = (one for one in window.faults.model._faults if not one.scheduled)
    assert toast.key == "C"
    assert toast.words == (
        f"Kill a consumer: consumer {fault.slot} of At-least-once, pid {fault.pid}"
    )
    press(window, Qt.Key.Key_T)
    assert (toast.key, toast.words) == ("T", "Dark theme: on")
    assert find(window, QFrame, "toast").isVisible()


def test_a_key_that_does_nothing_now_says_why(window: MainWindow) -> None:
    press(window, Qt.Key.Key_F12)
    press(window, Qt.Key.Key_C)
    toast = window.stage.toaster
    assert (toast.key, toast.words) == ("C", "Kill a consumer: not now, no run is going on")


def test_the_schedule_s_faults_are_no_key_s(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    client.speed = 20.0
    window.panel.show_settings(RunSettings(kill_every_s=0.2, duration_s=20))
    press(window, Qt.Key.Key_F12)
    press(window, Qt.Key.Key_F5)
    press(window, Qt.Key.Key_2)
    press(window, Qt.Key.Key_C)
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    model = window.faults.model
    faults = [model.fault(row) for row in range(model.rowCount())]
    (by_hand,) = (fault for fault in faults if not fault.scheduled)
    assert len(faults) > 1
    assert window.stage.toaster.words.endswith(f"At-least-once, pid {by_hand.pid}")


def test_outside_present_mode_nothing_is_toasted(window: MainWindow) -> None:
    press(window, Qt.Key.Key_T)
    press(window, Qt.Key.Key_F12)
    press(window, Qt.Key.Key_Escape)
    press(window, Qt.Key.Key_T)
    assert not window.stage.toaster.isVisible()


def test_esc_dismisses_a_message_first(window: MainWindow, qtbot: QtBot) -> None:
    press(window, Qt.Key.Key_F12)
    window.banner.alarm("the disk is full")
    press(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.banner.text == "")
    assert window.stage.presenting.on
    press(window, Qt.Key.Key_Escape)
    assert not window.stage.presenting.on


def test_esc_empties_the_filter_and_lets_a_fault_go_before_it_leaves_the_stage(
    window: MainWindow, qtbot: QtBot
) -> None:
    press(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: window.faults.model.rowCount() > 0)
    press(window, Qt.Key.Key_F12)
    window.faults.focus_filter()
    QTest.keyClicks(window.faults.bar.edit, "kill")
    press(window, Qt.Key.Key_Escape)
    assert (window.faults.bar.edit.text(), window.stage.presenting.on) == ("", True)
    window.faults.focus()
    assert window.faults.fault is not None
    press(window, Qt.Key.Key_Escape)
    assert (window.faults.fault, window.stage.presenting.on) == (None, True)
    press(window, Qt.Key.Key_Escape)
    assert not window.stage.presenting.on


def test_a_cursor_that_rests_goes_and_comes_back(qtbot: QtBot) -> None:
    place = QPoint(3, 3)
    parent = QObject()
    cursor = RestingCursor(parent, 10, lambda: QPoint(place), look_ms=2)
    cursor.watch(True)
    qtbot.waitUntil(lambda: cursor.hidden)
    place.setX(9)
    qtbot.waitUntil(lambda: not cursor.hidden)
    qtbot.waitUntil(lambda: cursor.hidden)
    cursor.watch(False)
    assert not cursor.hidden


def report(**changes: object) -> FaultReport:
    """A kill of consumer 1."""
    fields: dict[str, object] = {
        "fault_id": 1, "t_s": 1.0, "lane": "at-least-once", "kind": KILL, "role": "consumer",
        "slot": 1, "incarnation": 2, "pid": 4711, "after_step": "fetched",
        "before_step": "effect-applied", "exposed": 3, "recovery_ms": None, "lost_caused": 0,
        "duplicates_caused": 0, "suppressed_caused": 0, "scheduled": False, "text": "",
    }  # fmt: skip
    return FaultReport(**(fields | changes))  # type: ignore[arg-type]


def test_what_a_key_did_in_words() -> None:
    assert outcome([report()]) == "consumer 1 of At-least-once, pid 4711"
    assert outcome([report(pid=None)]) == NOBODY
    elsewhere = report(lane="at-most-once", pid=4712)
    assert outcome([report(), elsewhere]) == "consumer 1 of 2 lanes, pids 4711, 4712"
    other = report(slot=0, pid=4712)
    assert outcome([report(), other]) == "2 consumers of At-least-once, pids 4711, 4712"
    assert outcome([report(kind=KILL_AT_STEP)]).endswith(
        "4711, after fetched, before effect-applied"
    )
    many = [report(pid=pid) for pid in range(1, 9)]
    assert outcome(many).endswith("pids 1, 2, 3, 4, ...")


def test_a_command_s_name_in_a_sentence() -> None:
    assert title_of("Kill a &consumer now") == "Kill a consumer"
    assert title_of("&Export CSV...") == "Export CSV"


def test_on_stage_it_is_told_whether_all_was_seen(
    window: MainWindow, results: PlannedSummary, qtbot: QtBot
) -> None:
    scenario = scenario_of("no-faults")
    results.rows = [summary(slug, verdict="NOT TESTED") for slug in scenario.settings().lanes]
    window.scenarios.choose(scenario)
    press(window, Qt.Key.Key_F12)
    press(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: text_of(window, "story-next").startswith(AS_TOLD))
    assert find(window, QWidget, "story-next").isVisible()


def test_a_play_back_is_called_recorded_on_stage(qtbot: QtBot) -> None:
    header = StageHeader()
    qtbot.addWidget(header)
    snapshot = RunSnapshot("r", RunState.RUNNING, 3.0, 7)
    header.show_run(snapshot, 30.0, recorded=True)
    state = header.findChild(QLabel, "stage-state")
    assert state is not None
    assert state.text().endswith("RECORDED, RUNNING")
    header.show_run(snapshot, 30.0)
    assert state.text() == "RUNNING"


@pytest.mark.parametrize("held", [Qt.KeyboardModifier.NoModifier, SHIFT])
def test_a_sign_that_needs_shift_says_why_too(
    window: MainWindow, held: Qt.KeyboardModifier
) -> None:
    press(window, Qt.Key.Key_F12)
    QTest.keyClick(window, "<", held)
    assert window.stage.toaster.words.startswith("Play back slower: not now, ")
