"""Decide: answered by key and by mouse, its costs are the run's, and a lane is proved from it."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from bench_gui.bench.faults import KILL_AT_STEP
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import LaneSnapshot
from bench_gui.decide import Answers, decide
from bench_gui.proof import proof_settings
from bench_gui.window.explore.costs_table import NOT_RUN, CostsTable
from bench_gui.window.explore.decide_dialog import NO_RUN, DecideDialog
from bench_gui.window.main_window import MainWindow
from bench_gui.window.session import Phase
from tests.gui.conftest import Opened
from tests.gui.fake_client import FakeClient
from tests.gui.pressing import activate, choose_from_menu, click, find, press, text_of
from tests.values import fault
from workers.lanes import lane_of

ALL = [Answers(*given) for given in itertools.product((True, False), repeat=3)]
ACROSS = Answers(loss=False, idempotent=False, log_to_log=False)
IN_LOG = Answers(loss=False, idempotent=False, log_to_log=True)


def opened(window: MainWindow, answers: Answers | None = None) -> DecideDialog:
    window.setFocus()
    press(window, Qt.Key.Key_D)
    dialog = find(window, DecideDialog, "decide")
    if answers is not None:
        dialog.show_answers(answers)
    return dialog


def run(window: MainWindow, qtbot: QtBot) -> None:
    click(window, "start")
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)


def cell(window: MainWindow, row: int, column: int) -> str:
    item = find(window, CostsTable, "candidates").item(row, column)
    assert item is not None
    return item.text()


def button(window: MainWindow, name: str) -> QPushButton:
    return find(window, QPushButton, name)


@pytest.mark.parametrize("answers", ALL, ids=str)
def test_answers_name_the_lane_and_say_why(window: MainWindow, answers: Answers) -> None:
    opened(window, answers)
    advice = decide(answers)
    assert text_of(window, "advice-lane") == lane_of(advice.lane).name
    assert text_of(window, "advice-why") == advice.why
    for row, slug in enumerate(advice.candidates):
        assert cell(window, row, 0).startswith(lane_of(slug).name)


def test_it_is_answered_by_key_and_by_mouse(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window)
    activate(qtbot, dialog)
    assert dialog.answers is None
    assert not button(window, "prove").isEnabled()
    for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_3):
        QTest.keyClick(dialog, key)
    assert dialog.answers == Answers(loss=True, idempotent=True, log_to_log=False)
    find(window, QRadioButton, "loss-no").click()
    assert dialog.answers == Answers(loss=False, idempotent=True, log_to_log=False)
    assert button(window, "prove").isEnabled()


def test_it_is_opened_from_the_menu_and_from_the_panel(window: MainWindow) -> None:
    choose_from_menu(window, "Help", "Decide which lane...")
    dialog = find(window, DecideDialog, "decide")
    assert dialog.isVisible()
    dialog.reject()
    click(window, "decide")
    assert dialog.isVisible()


def test_the_answers_are_there_at_the_next_start(open_window: Opened, store: QSettings) -> None:
    first = open_window()
    opened(first, ACROSS)
    first.close()
    second = open_window()
    assert opened(second).answers == ACROSS


def test_without_a_run_it_says_so(window: MainWindow) -> None:
    opened(window, IN_LOG)
    assert text_of(window, "advice-note") == NO_RUN
    assert cell(window, 0, 1) == NOT_RUN


def test_the_costs_are_the_run_s(window: MainWindow, qtbot: QtBot) -> None:
    run(window, qtbot)
    opened(window, IN_LOG)
    latest = window.session.model.latest
    assert latest is not None
    lanes: list[LaneSnapshot] = [latest.lanes[slug] for slug in decide(IN_LOG).candidates]
    for row, lane in enumerate(lanes):
        eps = lane.counts.delivered_unique / RunSettings().duration_s
        assert cell(window, row, 1).startswith(f"{eps:,.0f}")
        assert cell(window, row, 4).startswith(f"{lane.counts.lost:,}")
        assert cell(window, row, 5).startswith(f"{lane.counts.duplicates:,}")
    assert latest.run_id in text_of(window, "advice-note")
    assert "measure mode" in text_of(window, "advice-note")
    assert cell(window, 1, 5).endswith("expected")


def test_all_that_is_told_has_room(window: MainWindow, qtbot: QtBot) -> None:
    run(window, qtbot)
    dialog = opened(window, IN_LOG)
    parts = ("advice-why", "candidates", "advice-note", "prove")
    tops = [find(window, QWidget, name).geometry() for name in parts]
    assert all(above.bottom() < below.top() for above, below in itertools.pairwise(tops))
    assert dialog.rect().contains(tops[-1])


def test_candidates_that_were_not_in_the_run_are_run_when_asked_for(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    run(window, qtbot)
    opened(window, ACROSS)
    assert cell(window, 0, 1) == NOT_RUN
    button(window, "run-candidates").click()
    lanes = ("at-most-once", *decide(ACROSS).candidates)
    assert client.started[-1][0] == replace(RunSettings(), lanes=lanes)
    assert window.panel.reading.settings == client.started[-1][0]
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    qtbot.waitUntil(lambda: cell(window, 0, 1) != NOT_RUN)
    activate(qtbot, window)
    press(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.panel.reading.settings == RunSettings()


def test_prove_it_runs_the_lane_named_against_its_worst_step_and_tells_what_was_seen(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    run(window, qtbot)
    dialog = opened(window, IN_LOG)
    before = [cell(window, 0, column) for column in range(1, 6)]
    client.speed = 1.0
    activate(qtbot, dialog)
    QTest.keyClick(dialog, Qt.Key.Key_P, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: len(client.started) == 2)
    assert client.started[-1][0] == proof_settings("exactly-once", RunSettings().seed)
    assert not dialog.isVisible()
    assert window.panel.reading.settings == RunSettings()
    qtbot.waitUntil(lambda: window.session.model.latest is not None)
    window.explorer.decider.prover._on_advanced([  # as the bench tells them
        fault(fault_id=100 + number, kind=KILL_AT_STEP, lane="exactly-once", pid=pid)
        for number, pid in enumerate([4711, 4712, None])
    ])  # fmt: skip
    client.speed = 100.0
    qtbot.waitUntil(dialog.isVisible)
    assert text_of(window, "proof-verdict") == "HOLDS"
    assert "2 kills at its worst step, 0 lost, 0 duplicates" in text_of(window, "proof-outcome")
    assert before == [cell(window, 0, column) for column in range(1, 6)]


def test_no_window_opens_by_itself_in_front_of_an_audience(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    opened(window, IN_LOG)
    dialog = find(window, DecideDialog, "decide")
    button(window, "prove").click()
    window.stage.presenting.set(True)
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    qtbot.waitUntil(lambda: text_of(window, "proof-outcome") != "")
    assert window.stage.toaster.key == "D"
    assert "worst step" in window.stage.toaster.words
    assert not dialog.isVisible()


def test_a_chosen_candidate_is_proved_instead(window: MainWindow, client: FakeClient) -> None:
    opened(window, ACROSS)
    table = find(window, CostsTable, "candidates")
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert "Two-phase commit" in button(window, "prove").toolTip()
    button(window, "prove").click()
    assert client.started[-1][0].lanes == ("two-phase-commit",)


def test_a_proof_that_was_cut_off_proves_nothing(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    client.speed = 0.1
    opened(window, IN_LOG)
    button(window, "prove").click()
    qtbot.waitUntil(lambda: window.session.model.latest is not None)
    window.session.abort()
    qtbot.waitUntil(find(window, QLabel, "proof-outcome").isVisible)
    assert text_of(window, "proof-verdict") == "NOT TESTED"
    assert "cut off" in text_of(window, "proof-outcome")


def test_nothing_is_proved_while_a_run_goes_on(window: MainWindow, client: FakeClient) -> None:
    client.speed = 0.1
    click(window, "start")
    opened(window, IN_LOG)
    for name in ("prove", "run-candidates"):
        assert not button(window, name).isEnabled()
        assert "a run is going on" in button(window, name).toolTip()


def test_a_run_by_hand_after_a_proof_is_no_proof(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    opened(window, IN_LOG)
    button(window, "prove").click()
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    dialog = find(window, DecideDialog, "decide")
    qtbot.waitUntil(dialog.isVisible)
    dialog.reject()
    run(window, qtbot)
    assert not dialog.isVisible()
    assert client.started[-1][0] == RunSettings()
