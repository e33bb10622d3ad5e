"""One window a test, with a bench that only pretends, settings of its own and no display."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

if sys.platform.startswith("linux"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from bench_gui.bench.progress import Progress
from bench_gui.bench.records.results import SummaryRow
from bench_gui.bench.settings import RunSettings
from bench_gui.window.main_window import MainWindow
from bench_gui.window.measure_tools import MeasureTools
from bench_gui.window.tools import Tools
from tests.gui.fake_client import FakeClient
from tests.gui.fake_measuring import FakeMeasureClient
from tests.gui.lives import PlannedLives
from tests.gui.pressing import show_active

Opened = Callable[..., MainWindow]


@pytest.fixture
def store(tmp_path: Path) -> QSettings:
    """Settings that no other test sees."""
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def client() -> FakeClient:
    """A run of twenty simulated seconds a real one."""
    return FakeClient(speed=20.0)


@pytest.fixture
def measuring() -> Iterator[FakeMeasureClient]:
    """One run of a measurement at each poll."""
    client = FakeMeasureClient()
    yield client
    client.close()


class PlannedExport:
    """Writes nothing and says that it did, or raises what a test plans.

    Fields:
        asked: the stretches of time that were asked for; None is the whole run.
        go_on: cleared by a test that wants it to take a while.
    """

    def __init__(self) -> None:
        self.problem: Exception | None = None
        self.asked: list[tuple[float, float] | None] = []
        self.go_on = Event()
        self.go_on.set()

    def __call__(
        self, run_dir: Path, folder: Path, stretch: tuple[float, float] | None, progress: Progress
    ) -> list[Path]:
        self.asked.append(stretch)
        progress(0.5)
        assert self.go_on.wait(10)
        progress(1.0)
        if self.problem is not None:
            raise self.problem
        return [folder / "summary.csv"]

    def report(self, run_dir: Path, path: Path, progress: Progress) -> list[Path]:
        """As if a page had been written."""
        return self(run_dir, path, None, progress)


@pytest.fixture
def export() -> PlannedExport:
    """The export of the window under test."""
    return PlannedExport()


@pytest.fixture
def lives() -> PlannedLives:
    """What the window under test finds when it looks an event up."""
    return PlannedLives()


class PlannedSummary:
    """What the run of the window under test came to.

    Fields:
        asked: the run directories that it was asked about.
    """

    def __init__(self) -> None:
        self.rows: list[SummaryRow] = []
        self.asked: list[Path] = []

    def __call__(self, run_dir: Path) -> list[SummaryRow]:
        self.asked.append(run_dir)
        return self.rows


@pytest.fixture
def results() -> PlannedSummary:
    """The results of the window under test."""
    return PlannedSummary()


@pytest.fixture
def open_window(
    qtbot: QtBot,
    tmp_path: Path,
    store: QSettings,
    client: FakeClient,
    export: PlannedExport,
    lives: PlannedLives,
    results: PlannedSummary,
    measuring: FakeMeasureClient,
) -> Iterator[Opened]:
    """Opens windows as they are asked for; closes every one at the end."""
    windows: list[MainWindow] = []

    def open_(settings: RunSettings | None = None) -> MainWindow:
        folder = tmp_path / "exported"
        measure = MeasureTools(client=lambda: measuring, choose_folder=lambda *_: folder)
        file = tmp_path / "settings.toml"
        tools = Tools(
            lambda *_: folder, export, lives.life_of, lives.harm_of, results, measure,
            settings_to_open=lambda *_: file, settings_to_save=lambda *_: file,
            choose_script=lambda *_: tmp_path / "script.toml",
            report=export.report, choose_run=lambda *_: tmp_path / "recorded",
        )  # fmt: skip
        store.setValue("export/folder", str(folder))
        window = MainWindow(client, store, tmp_path / "runs", settings, tools)
        windows.append(window)
        qtbot.addWidget(window)
        show_active(qtbot, window)
        return window

    yield open_
    for window in filter(isValid, windows):  # qtbot may have deleted those closed in a test
        window.close()


@pytest.fixture
def window(open_window: Opened) -> MainWindow:
    """A window with the default settings."""
    return open_window(RunSettings())
