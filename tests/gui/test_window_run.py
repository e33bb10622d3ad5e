"""The window with the real bench: real processes, really killed, pressed by its own controls."""

from __future__ import annotations

import csv
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from bench_gui.bench.client import BenchClient
from bench_gui.bench.faults import KILL_AT_STEP, KILL_OF_ROLE, PAUSE
from bench_gui.bench.scenario import scenarios
from bench_gui.bench.settings import RunSettings
from bench_gui.window import session
from bench_gui.window.export.choice import Choice, What
from bench_gui.window.life_view import LifeView
from bench_gui.window.life_window import LifeWindow
from bench_gui.window.main_window import MainWindow
from bench_gui.window.presenter import SILENT
from bench_gui.window.session import Phase
from bench_gui.window.story import AS_TOLD
from bench_gui.window.tools import Tools
from bench_gui.window.worker_strip import WorkerStrip
from tests.gui.pressing import (
    choose_from_menu,
    click,
    find,
    number_of,
    press,
    show_active,
    text_of,
)

SETTINGS = RunSettings(duration_s=60.0, rate_eps=1000, kill_every_s=0.5, seed=3)
FIELDS = {
    "lost": "lost",
    "duplicates": "duplicates",
    "suppressed": "suppressed",
    "delivered": "delivered_unique",
    "in-flight": "in_flight",
}
END_MS = 60_000


@pytest.fixture
def bench() -> BenchClient:
    """The real one."""
    return BenchClient()


@pytest.fixture
def window(
    qtbot: QtBot, tmp_path: Path, store: QSettings, bench: BenchClient
) -> Iterator[MainWindow]:
    """A window with a bench of its own; closed at the end, whatever happens."""
    opened = MainWindow(
        bench, store, tmp_path / "runs", SETTINGS, Tools(lambda *_: tmp_path / "csv")
    )
    qtbot.addWidget(opened)
    show_active(qtbot, opened)
    yield opened
    opened.close()


def pids_of(window: MainWindow) -> set[int]:
    """The worker processes that the newest snapshot names, and those that were killed."""
    latest = window.session.model.latest
    lanes = latest.lanes.values() if latest is not None else ()
    alive = {worker.pid for lane in lanes for worker in lane.workers}
    model = window.faults.model
    killed = {model.fault(row).pid for row in range(model.rowCount())}
    return {pid for pid in alive | killed if pid is not None}


def is_alive(pid: int) -> bool:
    """Whether a process of this number is there and is not merely waiting to be reaped."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or ") Z" not in stat.read_text(encoding="utf-8")


def begin(window: MainWindow, qtbot: QtBot) -> None:
    """Starts a run and waits until every lane has delivered something."""
    press(window, Qt.Key.Key_F5)
    lanes = SETTINGS.lanes
    qtbot.waitUntil(
        lambda: all(
            (lane := window.session.model.lane(slug)) is not None
            and lane.counts.delivered_unique > 0
            for slug in lanes
        ),
        timeout=END_MS,
    )


def test_a_run_pressed_from_start_to_export(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    begin(window, qtbot)
    pids = pids_of(window)
    press(window, Qt.Key.Key_C)
    click(window, "kill-producer")
    model = window.faults.model
    qtbot.waitUntil(
        lambda: sum(not model.fault(row).scheduled for row in range(model.rowCount())) >= 8,
        timeout=END_MS,
    )
    pids |= pids_of(window)
    press(window, Qt.Key.Key_F6)
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED, timeout=END_MS)
    assert text_of(window, "run-state") == "COMPLETE", window.banner.text
    assert window.banner.text == ""

    window.exporter.export(Choice(What.TABLES, folder=tmp_path / "csv"))
    qtbot.waitUntil(lambda: "files written" in text_of(window, "status-message"), timeout=END_MS)
    with (tmp_path / "csv" / "summary.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["lane"]: row for row in csv.DictReader(file)}
    assert set(rows) == set(SETTINGS.lanes)
    for slug, row in rows.items():
        shown = {field: number_of(window, f"{name}-{slug}") for name, field in FIELDS.items()}
        assert shown == {field: int(row[field]) for field in FIELDS.values()}, slug
        assert text_of(window, f"verdict-{slug}").endswith(row["verdict"])
    qtbot.waitUntil(lambda: not any(map(is_alive, pids)), timeout=END_MS)


def kinds_listed(window: MainWindow) -> set[str]:
    """Kinds of faults in the list that hit a process."""
    model = window.faults.model
    faults = map(model.fault, range(model.rowCount()))
    return {fault.kind for fault in faults if fault.pid is not None}


def harmful_rows(window: MainWindow) -> list[int]:
    """Rows of kills at a step that made an event count twice."""
    model = window.faults.model
    faults = enumerate(map(model.fault, range(model.rowCount())))
    return [row for row, one in faults if one.kind == KILL_AT_STEP and one.duplicates_caused]


def test_every_fault_by_hand_really_happens_and_one_is_explained(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.panel.show_texts({"kill-every": "never", "pause": "8s", "down": "100ms"})
    begin(window, qtbot)
    choose_from_menu(window, "Run", "Kill at a step", "consumer", "before offsets-committed")
    qtbot.waitUntil(lambda: bool(harmful_rows(window)), timeout=END_MS)
    press(window, Qt.Key.Key_Z)
    strips = window.findChildren(WorkerStrip)
    qtbot.waitUntil(
        lambda: any(worker.state == "paused" for strip in strips for worker in strip.workers),
        timeout=END_MS,
    )
    press(window, Qt.Key.Key_P, Qt.KeyboardModifier.ShiftModifier)
    wanted = {KILL_AT_STEP, PAUSE, KILL_OF_ROLE}
    qtbot.waitUntil(lambda: kinds_listed(window) >= wanted, timeout=END_MS)
    press(window, Qt.Key.Key_F6)
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED, timeout=END_MS)
    assert text_of(window, "run-state") == "COMPLETE", window.banner.text
    assert window.banner.text == ""
    row = harmful_rows(window)[0]
    window.faults.choose(row)
    press(window, Qt.Key.Key_E)
    qtbot.waitUntil(lambda: window.findChild(LifeWindow) is not None, timeout=END_MS)
    life = find(window, LifeWindow, "life")
    sentence = life.findChild(QLabel, "life-sentence")
    assert sentence is not None
    fault_id = window.faults.model.fault(row).fault_id
    qtbot.waitUntil(lambda: f"fault {fault_id}" in sentence.text(), timeout=END_MS)
    assert "applied 2 times" in sentence.text()
    view = life.findChild(LifeView)
    assert view is not None
    assert any(mark.decisive for mark in view.drawing.marks)


def test_a_scenario_shows_what_it_tells(window: MainWindow, qtbot: QtBot) -> None:
    number = [one.slug for one in scenarios()].index("retry-storm") + 1
    press(window, Qt.Key(Qt.Key.Key_0.value + number), Qt.KeyboardModifier.ControlModifier)
    press(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED, timeout=END_MS)
    outcome = find(window, QLabel, "story-outcome")
    qtbot.waitUntil(outcome.isVisible, timeout=END_MS)
    assert outcome.text() == AS_TOLD, outcome.toolTip()


@pytest.mark.skipif(sys.platform == "win32", reason="has no such signals")
@pytest.mark.parametrize("how", ["SIGKILL", "SIGSTOP"])
def test_a_bench_that_is_killed_or_stopped_is_a_sentence_and_the_next_run_works(
    window: MainWindow, bench: BenchClient, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    begin(window, qtbot)
    pids = pids_of(window) | {bench.bench_pid or 0}
    os.kill(bench.bench_pid or 0, signal.Signals[how])
    if how == "SIGSTOP":
        monkeypatch.setattr(session, "SILENCE_S", 0.5)
        monkeypatch.setattr(session, "CUT_OFF_PATIENCE_S", 0.5)
        qtbot.waitUntil(lambda: window.banner.text == SILENT, timeout=END_MS)
        press(window, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED, timeout=END_MS)
    said = {"SIGKILL": "ended unexpectedly", "SIGSTOP": session.ENDED_BY_FORCE}[how]
    assert said in window.banner.text
    qtbot.waitUntil(lambda: not any(map(is_alive, pids)), timeout=END_MS)
    monkeypatch.undo()
    begin(window, qtbot)
    assert window.banner.text == ""


def test_closing_the_window_ends_every_process(window: MainWindow, qtbot: QtBot) -> None:
    window.panel.show_texts({"kill-every": "never"})
    begin(window, qtbot)
    pids = pids_of(window)
    assert len(pids) == SETTINGS.workers_per_lane() * len(SETTINGS.lanes)
    assert all(map(is_alive, pids))
    window.close()
    assert not window.isVisible()
    qtbot.waitUntil(lambda: not any(map(is_alive, pids)), timeout=END_MS)
