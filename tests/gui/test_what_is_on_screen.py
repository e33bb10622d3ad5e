"""What stands on the screen is one run at one moment: none of the run before, none of later."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from bench_gui.bench.options import command_line
from bench_gui.bench.settings import RunSettings
from bench_gui.window.command_table import Command
from bench_gui.window.grid.page import AT_FIRST, BEFORE
from bench_gui.window.main_window import MainWindow
from bench_gui.window.scene.widget import LaneScene
from bench_gui.window.session import Phase
from bench_gui.window.views import View
from tests.gui.conftest import Opened
from tests.gui.fake_client import FakeClient
from tests.gui.pressing import fill_in, find, number_of, press, text_of
from tests.gui.recorded import record

SETTINGS = RunSettings(duration_s=6.0, kill_every_s=0.8, seed=5)
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recorded run."""
    made = tmp_path_factory.mktemp("recorded") / "20240101-120000-seed5"
    record(made, SETTINGS)
    return made


@pytest.fixture
def window(open_window: Opened) -> MainWindow:
    return open_window(RunSettings(duration_s=20.0, seed=3))


def until_phase(window: MainWindow, qtbot: QtBot, phase: Phase) -> None:
    qtbot.waitUntil(lambda: window.session.phase is phase, timeout=20_000)


def shows_no_run(window: MainWindow) -> None:
    """Neither a number nor a name nor a fault."""
    assert window.faults.model.rowCount() == 0
    for page in (window.links, window.results):
        assert page.table.sorted.rowCount() == 0
    assert text_of(window, "run-clock") == "0.0 s"
    assert text_of(window, "status-run") == text_of(window, "status-cost") == ""
    assert text_of(window, "lost-at-most-once") == "\N{EN DASH}"
    assert window.banner.text == ""


@pytest.mark.parametrize("problem", [False, True])
def test_of_a_run_that_was_closed_nothing_stays(
    window: MainWindow, qtbot: QtBot, run_dir: Path, problem: bool
) -> None:
    window.views.show_view(View.RESULTS)
    window.replay.open(run_dir)
    until_phase(window, qtbot, Phase.ENDED)
    assert text_of(window, "run-state") == "RECORDED, COMPLETE"
    assert window.results.table.sorted.rowCount() == 4
    if problem:
        fill_in(window, "rate", "nonsense")
    window.commands[Command.CLOSE_PLAY_BACK].trigger()
    assert window.session.phase is Phase.IDLE
    shows_no_run(window)
    assert text_of(window, "run-state") == "READY"
    assert text_of(window, "results-sentence") == BEFORE
    window.views.show_view(View.LINKS)
    assert text_of(window, "links-sentence") == BEFORE
    shows_no_run(window)


def test_a_run_of_which_nothing_is_known_yet_shows_nothing_of_the_one_before(
    window: MainWindow, qtbot: QtBot, client: FakeClient
) -> None:
    window.views.show_view(View.RESULTS)
    window.start()
    until_phase(window, qtbot, Phase.ENDED)
    assert text_of(window, "results-sentence").startswith("Final")
    client.deaf = True
    window.start()
    shows_no_run(window)
    assert text_of(window, "run-state") == "STARTING"
    assert text_of(window, "results-sentence") == AT_FIRST


def test_on_stage_the_header_tells_the_held_moment(window: MainWindow, qtbot: QtBot) -> None:
    window.start()
    qtbot.waitUntil(lambda: window.session.model.now_s > 6)
    press(window, Qt.Key.Key_F12)
    qtbot.waitUntil(window.stage.header.isVisible)
    window.time.go(3.0)
    at = text_of(window, "stage-clock")
    assert float(at.split()[0]) < 6
    assert at.split()[0] == text_of(window, "run-clock").split()[0]
    until_phase(window, qtbot, Phase.ENDED)
    assert text_of(window, "stage-clock") == at
    assert text_of(window, "stage-state") == "RUNNING"
    press(window, Qt.Key.Key_End)
    assert text_of(window, "stage-clock").startswith("20.0 s")
    assert text_of(window, "stage-state") == "COMPLETE"


def test_closing_a_play_back_that_is_held_shows_its_end(
    window: MainWindow, qtbot: QtBot, run_dir: Path
) -> None:
    window.replay.play(run_dir)
    qtbot.waitUntil(lambda: window.session.model.now_s > 0.5)
    press(window, Qt.Key.Key_H)
    press(window, Qt.Key.Key_W, CONTROL)
    until_phase(window, qtbot, Phase.ENDED)
    assert window.session.model.timeline.held_s is None
    assert text_of(window, "run-clock") == "6.0 s"
    assert text_of(window, "run-state") == "RECORDED, COMPLETE"
    assert window.results.settings == SETTINGS


def test_faults_of_later_than_the_held_moment_are_not_listed(
    window: MainWindow, qtbot: QtBot, run_dir: Path
) -> None:
    window.replay.open(run_dir)
    until_phase(window, qtbot, Phase.ENDED)
    every = [window.faults.model.fault(row) for row in range(window.faults.model.rowCount())]
    window.faults.choose(0)
    window.time.go(2.0)
    then = [fault for fault in every if fault.t_s <= 2.0]
    listed = window.faults.listed
    assert [listed.fault(row) for row in range(listed.rowCount())] == then
    assert 0 < len(then) < len(every)
    assert text_of(window, "fault-count") == f"{len(then)}, {len(every) - len(then)} later"
    assert window.faults.fault is None, "the one of later is no longer chosen, nor its neighbour"
    press(window, Qt.Key.Key_End)
    assert listed.rowCount() == len(every)
    assert text_of(window, "fault-count") == f"{len(every)}"


def test_a_fault_that_comes_while_the_display_is_held_waits_for_its_moment(
    window: MainWindow, qtbot: QtBot, client: FakeClient
) -> None:
    client.speed = 4.0
    window.start()
    qtbot.waitUntil(lambda: window.session.model.now_s > 1.5)
    window.time.go(1.0)
    before = window.faults.listed.rowCount()
    press(window, Qt.Key.Key_P)
    known = window.faults.model.rowCount()
    qtbot.waitUntil(lambda: window.faults.model.rowCount() > known)
    assert window.faults.listed.rowCount() == before
    client.speed = 100.0
    until_phase(window, qtbot, Phase.ENDED)
    window.start()
    client.speed = 20.0
    qtbot.waitUntil(lambda: window.faults.listed.rowCount() > 0)


def test_the_command_line_is_that_of_the_run_on_the_screen(
    window: MainWindow, qtbot: QtBot, run_dir: Path
) -> None:
    copy = window.commands[Command.COPY_COMMAND]
    clipboard = QGuiApplication.clipboard()
    filled_in = window.panel.reading.settings
    assert filled_in is not None
    copy.trigger()
    assert clipboard.text() == command_line(filled_in)
    assert text_of(window, "status-message").startswith("The command line of the settings ")
    window.replay.open(run_dir)
    until_phase(window, qtbot, Phase.ENDED)
    fill_in(window, "rate", "nonsense")
    assert copy.isEnabled()
    copy.trigger()
    assert clipboard.text() == command_line(SETTINGS)
    assert "of the run on the screen" in text_of(window, "status-message")
    window.commands[Command.CLOSE_PLAY_BACK].trigger()
    assert not copy.isEnabled(), "there is neither a run nor settings"


def test_the_counters_tell_harm_as_soon_as_the_pictures_do(window: MainWindow) -> None:
    settings = replace(SETTINGS, lanes=("at-most-once", "exactly-once"))
    client = FakeClient()
    client.start(settings, Path())
    (snapshot,) = client.poll()
    model, board = window.session.model, window.board
    board.show_lanes(settings.lanes)
    model.begin(settings)

    def lose(lost: int) -> None:
        slug, lane = "at-most-once", snapshot.lanes["at-most-once"]
        counts = replace(lane.counts, lost_after_log=lost, suppressed=lost + 1)
        told = replace(snapshot, lanes=snapshot.lanes | {slug: replace(lane, counts=counts)})
        model.take([told])
        board.draw(model)
        assert number_of(window, "lost-at-most-once") == lost
        scene = find(window, LaneScene, "scene-at-most-once")
        assert scene.picture.counts.lost == lost, "a picture's counts are the counters'"

    for lost in (0, 7, 9):
        lose(lost)
    assert text_of(window, "lost-exactly-once") == "\N{EN DASH}", "numbers come at their own pace"
    board.show_numbers(model)
    lose(12)


def ticking(window: MainWindow) -> set[str]:
    """Who has a timer that runs, but for the window's own."""
    timers = [timer for timer in window.findChildren(QTimer) if timer.isActive()]
    return {type(timer.parent()).__name__ for timer in timers} & {"Replay", "Decider"}


def test_nothing_ticks_for_what_stands_still(
    window: MainWindow, qtbot: QtBot, run_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    press(window, Qt.Key.Key_D)
    assert ticking(window) == set()
    window.replay.play(run_dir)
    qtbot.waitUntil(lambda: window.session.model.now_s > 0.5)
    assert ticking(window) == {"Replay", "Decider"}
    window.commands[Command.HOLD].trigger()
    assert ticking(window) == set()
    assert text_of(window, "play-back-badge").endswith("PLAY-BACK held")
    shown: list[object] = []
    monkeypatch.setattr(window.board, "show_numbers", shown.append)
    polls = 0

    def poll() -> bool:
        nonlocal polls
        polls += 1
        return False

    monkeypatch.setattr(window.session, "poll", poll)
    qtbot.waitUntil(lambda: polls > 8)
    assert shown == [], "numbers that cannot have changed are not written again"
    monkeypatch.undo()
    window.commands[Command.LIVE].trigger()
    assert ticking(window) == {"Replay", "Decider"}
    window.commands[Command.CLOSE_PLAY_BACK].trigger()
    until_phase(window, qtbot, Phase.ENDED)
    assert ticking(window) == set()
