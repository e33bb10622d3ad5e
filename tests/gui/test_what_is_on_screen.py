"""What stands on the screen is one run at one moment: none of the run before, none of later."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from bench_gui.bench.settings import RunSettings
from bench_gui.window.command_table import Command
from bench_gui.window.grid.page import AT_FIRST, BEFORE
from bench_gui.window.main_window import MainWindow
from bench_gui.window.session import Phase
from bench_gui.window.views import View
from tests.gui.conftest import Opened
from tests.gui.fake_client import FakeClient
from tests.gui.pressing import fill_in, press, text_of
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


def test_on_stage_the_header_tells_the_held_moment(
    window: MainWindow, qtbot: QtBot, client: FakeClient
) -> None:
    window.start()
    qtbot.waitUntil(lambda: window.session.model.now_s > 3)
    press(window, Qt.Key.Key_F12)
    window.time.go(1.0)
    at = text_of(window, "stage-clock")
    assert float(at.split()[0]) <= 1.0
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
