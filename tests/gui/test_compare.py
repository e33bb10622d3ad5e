"""Two recorded runs side by side, in a window of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import RunSnapshot
from bench_gui.window.main_window import MainWindow
from bench_gui.window.palette import DARK
from bench_gui.window.replay.compare_charts import MOST_POINTS, ROWS, curves_of
from bench_gui.window.replay.compare_window import CompareWindow
from bench_gui.window.session import Phase
from bench_gui.window.tools import Tools
from tests.gui.fake_client import FakeClient
from tests.gui.pressing import press, show_active
from tests.gui.recorded import record
from tests.values import sample

A = RunSettings(duration_s=3.0, kill_every_s=0.8, seed=5)
B = replace(A, seed=6, kill_every_s=0.3, lanes=A.lanes[:2])
SLUG = "at-least-once"


class Runs:
    def __init__(self, folder: Path) -> None:
        self.a, self.b = folder / "a", folder / "b"
        self.shown_a: list[RunSnapshot] = record(self.a, A)
        self.shown_b: list[RunSnapshot] = record(self.b, B)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    return Runs(tmp_path_factory.mktemp("runs"))


@pytest.fixture
def window(
    qtbot: QtBot, tmp_path: Path, store: QSettings, client: FakeClient, runs: Runs
) -> Iterator[MainWindow]:
    tools = Tools(choose_run=lambda *_: runs.b)
    made = MainWindow(client, store, tmp_path / "runs", RunSettings(), tools)
    qtbot.addWidget(made)
    show_active(qtbot, made)
    made.replay.open(runs.a)
    qtbot.waitUntil(lambda: made.session.phase is Phase.ENDED, timeout=20_000)
    yield made
    made.close()


@pytest.fixture
def compared(window: MainWindow, qtbot: QtBot) -> CompareWindow:
    """Asked for by its key."""
    modifiers = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    press(window, Qt.Key.Key_D, *modifiers)
    made = window.replay.comparer.window
    qtbot.waitUntil(made.isVisible)
    return made


def text(window: CompareWindow, name: str) -> str:
    label = window.findChild(QLabel, name)
    assert label is not None, name
    return label.text()


def test_results_and_differences_stand_side_by_side(compared: CompareWindow, runs: Runs) -> None:
    a, b = (run[-1].lanes[SLUG].counts.duplicates for run in (runs.shown_a, runs.shown_b))
    assert a != b
    assert text(compared, f"compare-{SLUG}-duplicates-a") == f"{a:,}"
    assert text(compared, f"compare-{SLUG}-duplicates-b") == f"{b:,}"
    assert text(compared, f"compare-{SLUG}-duplicates-change").lstrip("+\N{MINUS SIGN}") == (
        f"{abs(b - a):,}"
    )
    assert text(compared, "compare-exactly-once-lost-b") == "-"
    assert "seed 5 in A, 6 in B" in text(compared, "compare-settings")
    assert "fake-5" in text(compared, "compare-run-a")
    assert "fake-6" in text(compared, "compare-run-b")


def test_it_is_copied_for_a_spreadsheet(compared: CompareWindow) -> None:
    button = compared.findChild(QPushButton, "copy-comparison")
    assert button is not None
    button.click()
    assert QGuiApplication.clipboard().text() == compared_text(compared)
    assert len(QGuiApplication.clipboard().text().splitlines()) == 1 + 4 * 7


def compared_text(window: CompareWindow) -> str:
    window.copy()
    return QGuiApplication.clipboard().text()


def test_it_is_drawn_in_either_theme(compared: CompareWindow) -> None:
    light = compared.grab().toImage()
    compared.set_theme(DARK)
    assert compared.grab().toImage() != light


def test_curves_keep_what_was_sampled() -> None:
    samples = [sample(t_s=0.1 * k, latency_p99_ns=None if k % 3 else 10**6) for k in range(5000)]
    for row in ROWS:
        curves = curves_of(samples, row)
        assert curves.t_s.size <= MOST_POINTS
        assert all(values.size == curves.t_s.size for values in curves.values)
    latency = curves_of(samples[:6], ROWS[1]).values[0]
    assert list(np.isfinite(latency)) == [True, False, False, True, False, False]


def test_a_run_that_cannot_be_read_is_one_sentence(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "run.db").write_bytes(b"no database at all")
    window.replay.comparer.compare(tmp_path)
    qtbot.waitUntil(lambda: "choose" in window.banner.text)
    window.replay.comparer.compare(tmp_path / "nowhere" / "x")
    assert "is not there" in window.banner.text
