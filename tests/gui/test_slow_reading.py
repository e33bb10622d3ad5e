"""What takes its time to be read says so, and can be given up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.recording.about import Film, RunView
from bench_gui.bench.recording.film import open_film
from bench_gui.bench.settings import RunSettings
from bench_gui.window.command_table import Command
from bench_gui.window.main_window import MainWindow
from bench_gui.window.session import Phase
from bench_gui.window.tools import Tools, read_run_view
from tests.gui.fake_client import FakeClient
from tests.gui.pressing import find, press, show_active, text_of
from tests.gui.recorded import record

CONTROL = Qt.KeyboardModifier.ControlModifier
PATIENCE_S = 20


class Disk:
    """Slow until `go_on` is set."""

    def __init__(self) -> None:
        self.go_on = Event()
        self.problem: EnvironmentProblem | None = None

    def film(self, run_dir: Path) -> Film:
        assert self.go_on.wait(PATIENCE_S)
        if self.problem is not None:
            raise self.problem
        return open_film(run_dir)

    def view(self, run_dir: Path) -> RunView:
        assert self.go_on.wait(PATIENCE_S)
        return read_run_view(run_dir)


@pytest.fixture
def disk() -> Iterator[Disk]:
    made = Disk()
    yield made
    made.go_on.set()


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("recorded") / "20240101-120000-seed5"
    record(made, RunSettings(duration_s=2.0, kill_every_s=0.8, seed=5))
    return made


@pytest.fixture
def window(
    qtbot: QtBot, tmp_path: Path, store: QSettings, client: FakeClient, disk: Disk
) -> Iterator[MainWindow]:
    tools = Tools(open_film=disk.film, read_view=disk.view)
    made = MainWindow(client, store, tmp_path / "runs", RunSettings(duration_s=3.0), tools)
    qtbot.addWidget(made)
    show_active(qtbot, made)
    yield made
    disk.go_on.set()
    made.close()


def test_it_is_told_until_it_is_open(
    window: MainWindow, qtbot: QtBot, disk: Disk, run_dir: Path
) -> None:
    window.replay.open(run_dir)
    assert window.replay.bar.isVisible()
    assert text_of(window, "play-back-badge").endswith("OPENING")
    assert run_dir.name in text_of(window, "play-back-told")
    assert text_of(window, "status-message") == f"Opening {run_dir.name} ..."
    disk.go_on.set()
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    assert text_of(window, "play-back-badge").endswith("RECORDED RUN")
    assert text_of(window, "play-back-told").endswith("seed 5")
    assert window.replay.bar.slider.isVisible()
    assert not text_of(window, "status-message").startswith("Opening")


@pytest.mark.parametrize("keys", [(Qt.Key.Key_Escape,), (Qt.Key.Key_W, CONTROL)])
def test_it_can_be_given_up(
    window: MainWindow,
    qtbot: QtBot,
    disk: Disk,
    run_dir: Path,
    keys: tuple[Qt.Key, *tuple[Qt.KeyboardModifier, ...]],
) -> None:
    window.replay.open(run_dir)
    press(window, *keys)
    assert window.session.opening is None
    assert not window.replay.bar.isVisible()
    assert "cancelled" in text_of(window, "status-message")
    assert not window.commands[Command.CLOSE_PLAY_BACK].isEnabled()
    disk.go_on.set()
    press(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    assert window.session.playing is None


def test_the_run_that_is_open_stays_when_another_is_given_up_or_cannot_be_read(
    window: MainWindow, qtbot: QtBot, disk: Disk, run_dir: Path
) -> None:
    disk.go_on.set()
    window.replay.open(run_dir)
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    told = text_of(window, "play-back-told")
    disk.go_on.clear()
    window.replay.open(run_dir)
    window.replay.refresh()
    assert text_of(window, "play-back-badge").endswith("OPENING")
    press(window, Qt.Key.Key_Escape)
    assert text_of(window, "play-back-badge").endswith("RECORDED RUN")
    assert text_of(window, "play-back-told") == told
    disk.problem = EnvironmentProblem("the disk is gone")
    window.replay.open(run_dir)
    disk.go_on.set()
    qtbot.waitUntil(lambda: "the disk is gone" in window.banner.text)
    assert text_of(window, "play-back-badge").endswith("RECORDED RUN")
    assert text_of(window, "status-message") == "the disk is gone"


def test_a_comparison_says_that_it_reads_and_can_be_given_up(
    window: MainWindow, qtbot: QtBot, disk: Disk, run_dir: Path
) -> None:
    disk.go_on.set()
    window.replay.open(run_dir)
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    disk.go_on.clear()
    window.replay.comparer.compare(run_dir)
    strip = find(window, QWidget, "task-strip")
    assert strip.isVisible()
    assert text_of(window, "task-title").startswith(f"Reading {run_dir.name} and ")
    press(window, Qt.Key.Key_Escape)
    disk.go_on.set()
    qtbot.waitUntil(lambda: not strip.isVisible())
    assert "cancelled" in text_of(window, "status-message")
    assert not window.replay.comparer.window.isVisible()
    window.replay.comparer.compare(run_dir)
    qtbot.waitUntil(window.replay.comparer.window.isVisible)
