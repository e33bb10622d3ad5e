"""Measure mode in the window with the real thing: real runs, one lane at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from multiprocess import resource_tracker
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from bench_gui.bench.client import BenchClient
from bench_gui.bench.measure.records import MEASURE_DB, read_measurement
from bench_gui.bench.measure.snapshot import MeasureState
from bench_gui.bench.settings import RunSettings
from bench_gui.window.main_window import MainWindow
from bench_gui.window.measure_tools import MeasureTools
from bench_gui.window.measure_window import MeasureWindow
from bench_gui.window.tools import Tools
from tests.gui.pressing import show_active
from tests.process.bench_runs import alive, children_of

SETTINGS = RunSettings(
    lanes=("at-most-once", "exactly-once"), rate_eps=1000, kill_every_s=None, seed=3
)
TINY = {"rounds": "1", "duration": "2s", "warm-up": "0s"}
END_MS = 120_000


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, store: QSettings) -> Iterator[MainWindow]:
    """A window with a bench and a measurement of its own; closed at the end, whatever happens."""
    tools = Tools(measuring=MeasureTools(choose_folder=lambda *_: tmp_path / "out"))
    opened = MainWindow(BenchClient(), store, tmp_path / "runs", SETTINGS, tools)
    qtbot.addWidget(opened)
    show_active(qtbot, opened)
    yield opened
    opened.close()


def press(measure: MeasureWindow, name: str) -> None:
    button = measure.findChild(QPushButton, f"measure-{name}")
    assert button is not None
    button.click()


def said(measure: MeasureWindow) -> str:
    label = measure.findChild(QLabel, "measure-now")
    assert label is not None
    return label.text()


def test_two_lanes_are_measured_shown_and_exported(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window.measurer.open()
    measure = window.measurer.window
    measure.form.show_texts(TINY)
    press(measure, "start")
    qtbot.waitUntil(lambda: said(measure).startswith("Complete"), timeout=END_MS)
    assert measure.banner.text == ""
    assert measure.session.directory is not None
    result = read_measurement(measure.session.directory)
    assert result.state is MeasureState.COMPLETE
    assert {cell.lane for cell in result.cells} == set(SETTINGS.lanes)
    press(measure, "export")
    qtbot.waitUntil(lambda: said(measure).startswith("4 files"), timeout=END_MS)
    assert len(list((tmp_path / "out").iterdir())) == 4


def is_tracker(pid: int) -> bool:
    """Whether it is this process's own resource tracker, which lives as long as it does."""
    return b"resource_tracker" in Path(f"/proc/{pid}/cmdline").read_bytes()


def test_closing_the_window_in_the_middle_leaves_no_process(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.measurer.open()
    measure = window.measurer.window
    measure.form.show_texts(TINY | {"duration": "60s"})
    resource_tracker.ensure_running()  # lives as long as this process, whatever starts it
    before = children_of(os.getpid())
    press(measure, "start")
    qtbot.waitUntil(
        lambda: (
            "round 1 of 1" in said(measure).lower() and len(children_of(os.getpid()) - before) >= 4
        ),
        timeout=END_MS,
    )
    family = {pid for pid in children_of(os.getpid()) - before if not is_tracker(pid)}
    directory = measure.session.directory
    window.close()
    qtbot.waitUntil(lambda: not any(map(alive, family)), timeout=END_MS)
    assert directory is not None
    assert [path.name for path in directory.iterdir()] == [MEASURE_DB]
    assert read_measurement(directory).state in {MeasureState.STOPPED, MeasureState.CUT_OFF}
