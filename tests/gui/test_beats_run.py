"""Beats against real processes: each deed hits somebody, and what the scenario expects holds.

Two scenarios; `BEATS=all` in the environment walks every one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from bench_gui.bench.beats import Verb
from bench_gui.bench.client import BenchClient
from bench_gui.bench.scenario import Scenario, scenario_of, scenarios
from bench_gui.window.main_window import MainWindow
from bench_gui.window.session import Phase
from bench_gui.window.story import AS_TOLD
from tests.gui.pressing import find, press, show_active, text_of

SHOWN = ("crash-after-processing", "coordinator-dies")
CHOSEN = scenarios() if os.environ.get("BEATS") == "all" else tuple(map(scenario_of, SHOWN))
END_MS = 60_000
NO_FAULT = {Verb.START, Verb.STOP, Verb.CUT_OFF, Verb.HOLD, Verb.LIVE}


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, store: QSettings) -> Iterator[MainWindow]:
    """A window with a bench of its own."""
    opened = MainWindow(BenchClient(), store, tmp_path / "runs")
    qtbot.addWidget(opened)
    show_active(qtbot, opened)
    yield opened
    opened.close()


def by_hand(window: MainWindow) -> int:
    """How many faults by hand have been reported."""
    model = window.faults.model
    return sum(not model.fault(row).scheduled for row in range(model.rowCount()))


def aimed_at(window: MainWindow) -> tuple[str, ...]:
    """The lanes that a beat's faults hit; in those that are shown here, each of them is."""
    lane = window.stage.focus.lane
    return tuple(window.session.model.lanes) if lane is None else (lane,)


def everybody_works(window: MainWindow) -> bool:
    """Whether every lane has delivered something, and nobody is on the way back."""
    latest = window.session.model.latest
    lanes = list(latest.lanes.values()) if latest is not None else []
    return bool(lanes) and all(
        lane.counts.delivered_unique > 200
        and all(worker.pid is not None and worker.state == "up" for worker in lane.workers)
        for lane in lanes
    )


@pytest.mark.parametrize("scenario", CHOSEN, ids=lambda one: one.slug)
def test_the_beats_show_what_the_scenario_promises(
    window: MainWindow, qtbot: QtBot, scenario: Scenario
) -> None:
    window.scenarios.choose(scenario)
    for beat in scenario.beats:
        before = by_hand(window)
        press(window, Qt.Key.Key_PageDown)
        hit = len(aimed_at(window)) if scenario.slug in SHOWN else 1
        assert "cannot" not in text_of(window, "status-message")
        if any(deed.verb not in NO_FAULT for deed in beat.deeds):
            enough = before + hit
            qtbot.waitUntil(lambda enough=enough: by_hand(window) >= enough, timeout=END_MS)
        if Verb.STOP not in (deed.verb for deed in beat.deeds) and window.session.phase.active:
            qtbot.waitUntil(lambda: everybody_works(window), timeout=END_MS)
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED, timeout=END_MS)
    outcome = find(window, QLabel, "story-outcome")
    qtbot.waitUntil(outcome.isVisible, timeout=END_MS)
    assert outcome.text() == AS_TOLD, outcome.toolTip()
