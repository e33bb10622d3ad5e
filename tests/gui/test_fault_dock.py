"""The list of faults: filtered by hand, and the chosen one told beside it and on the charts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QTableView
from pytestqt.qtbot import QtBot

from bench_gui.bench.faults import ACK_LOSS
from bench_gui.bench.lifeline.model import FaultEvents
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import FaultReport
from bench_gui.window.fault_facts import RANGES_SHOWN, facts_of, html_of, title_of
from bench_gui.window.main_window import MainWindow
from bench_gui.window.session import Phase
from tests.gui.conftest import Opened
from tests.gui.fake_client import FakeClient
from tests.gui.lives import PlannedLives
from tests.gui.pressing import click, find, press, text_of
from tests.values import anomaly, fault

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def listed(window: MainWindow) -> list[FaultReport]:
    return [window.faults.listed.fault(row) for row in range(window.faults.listed.rowCount())]


@pytest.fixture
def ended(open_window: Opened, client: FakeClient, qtbot: QtBot) -> MainWindow:
    """A run that has ended, with faults of the schedule and one by hand."""
    window = open_window(RunSettings(duration_s=20, seed=3))
    click(window, "start")
    qtbot.waitUntil(lambda: window.session.model.latest is not None)
    press(window, Qt.Key.Key_A)
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    return window


def test_the_key_goes_to_the_filter_and_typing_filters_at_once(ended: MainWindow) -> None:
    press(ended, Qt.Key.Key_F, CTRL_SHIFT)
    edit = find(ended, QLineEdit, "fault-filter")
    assert ended.focusWidget() is edit
    everything = listed(ended)
    QTest.keyClicks(edit, "kind:ack by:hand")
    assert {one.kind for one in listed(ended)} == {ACK_LOSS}
    assert len(listed(ended)) == 4
    assert text_of(ended, "fault-count") == f"4 of {len(everything):,}"
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert listed(ended) == everything
    assert text_of(ended, "fault-count") == f"{len(everything):,}"
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert ended.focusWidget() is find(ended, QTableView, "fault-list")


def test_letters_in_the_filter_are_no_commands(ended: MainWindow, client: FakeClient) -> None:
    ended.start()
    press(ended, Qt.Key.Key_F, CTRL_SHIFT)
    QTest.keyClicks(find(ended, QLineEdit, "fault-filter"), "pack")
    assert find(ended, QLineEdit, "fault-filter").text() == "pack"
    assert client.kills == []


def test_a_kind_a_lane_and_harm_can_be_chosen(ended: MainWindow) -> None:
    lane, kind = find(ended, QComboBox, "filter-lane"), find(ended, QComboBox, "filter-kind")
    lane.setCurrentIndex(lane.findData("at-most-once"))
    assert {one.lane for one in listed(ended)} == {"at-most-once"}
    kind.setCurrentIndex(kind.findData("kill"))
    assert {one.kind for one in listed(ended)} == {"kill"}
    lane.setCurrentIndex(0)
    find(ended, QCheckBox, "filter-harm").setChecked(True)
    assert {one.lane for one in listed(ended)} == {"at-most-once", "at-least-once"}
    assert all(one.lost_caused + one.duplicates_caused for one in listed(ended))


def test_new_faults_are_filtered_too_and_a_change_can_bring_one_in(window: MainWindow) -> None:
    find(window, QCheckBox, "filter-harm").setChecked(True)
    harmless = fault(duplicates_caused=0, lost_caused=0)
    window.faults.take([harmless, fault(fault_id=2, lost_caused=4)])
    assert [one.fault_id for one in listed(window)] == [2]
    assert text_of(window, "fault-count") == "1 of 2"
    window.faults.take([replace(harmless, lost_caused=1)])
    assert [one.fault_id for one in listed(window)] == [2, 1]
    assert text_of(window, "fault-count") == "2 of 2"


def test_a_chosen_fault_that_is_filtered_out_is_chosen_no_more(window: MainWindow) -> None:
    window.faults.take([fault(), fault(fault_id=2, kind="pause")])
    window.faults.choose(1)
    assert window.faults.fault is not None
    window.faults.bar.edit.setText("kind:pause")
    assert window.faults.fault is None
    assert not find(window, QLabel, "fault-detail-title").isVisible()


def test_the_chosen_fault_stays_chosen_when_the_filter_lets_others_in(window: MainWindow) -> None:
    window.faults.take([fault(fault_id=n) for n in range(1, 6)])
    window.faults.bar.edit.setText("id:2")
    window.faults.choose(0)
    window.faults.bar.clear()
    assert window.faults.fault is not None
    assert window.faults.fault.fault_id == 2


def test_a_new_run_has_its_own_lanes_to_choose_from(open_window: Opened) -> None:
    window = open_window(RunSettings(lanes=("exactly-once", "two-phase-commit")))
    click(window, "start")
    lane = find(window, QComboBox, "filter-lane")
    found = [lane.itemData(number) for number in range(1, lane.count())]
    assert found == ["exactly-once", "two-phase-commit"]


def test_a_click_tells_what_the_fault_caused_and_marks_it_on_the_charts(
    ended: MainWindow, lives: PlannedLives, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    marked: list[FaultReport | None] = []
    monkeypatch.setattr(ended.inspector, "_highlight", marked.append)
    ranges = (anomaly(kind="lost after the log", first_sequence=1200, last_sequence=1263),)
    asked: list[int] = []

    def harm_of(_run_dir: object, fault_id: int) -> FaultEvents:
        asked.append(fault_id)
        return FaultEvents(fault(fault_id=fault_id), ranges, None)

    monkeypatch.setattr(ended.inspector, "_tools", replace(ended.inspector._tools, harm_of=harm_of))
    find(ended, QCheckBox, "filter-harm").setChecked(True)
    view = find(ended, QTableView, "fault-list")
    place = view.visualRect(ended.faults.listed.index(1, 3)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    chosen = listed(ended)[1]
    assert marked == [chosen]
    qtbot.waitUntil(lambda: "1,200 to 1,263" in text_of(ended, "fault-detail-text"))
    assert asked == [chosen.fault_id]
    assert text_of(ended, "fault-detail-title") == title_of(chosen)
    assert f"pid {chosen.pid}" in text_of(ended, "fault-detail-text")
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert marked == [chosen, None]
    assert not find(ended, QLabel, "fault-detail-title").isVisible()


def test_what_becomes_known_of_the_chosen_fault_is_told(window: MainWindow) -> None:
    window.faults.take([fault(duplicates_caused=0, recovery_ms=None)])
    window.faults.choose(0)
    assert "..." in text_of(window, "fault-detail-text")
    window.faults.take([fault(duplicates_caused=0, recovery_ms=31.0)])
    assert "31 ms" in text_of(window, "fault-detail-text")


def test_more_than_four_faults_can_be_seen_at_1280x720(ended: MainWindow, qtbot: QtBot) -> None:
    ended.resize(1280, 720)
    view = find(ended, QTableView, "fault-list")
    ended.resizeDocks([ended.faults], [300], Qt.Orientation.Vertical)
    qtbot.waitUntil(lambda: view.viewport().height() > 8 * 20)
    assert ended.size().height() == 720


def test_the_facts_leave_out_what_does_not_apply() -> None:
    told = dict(facts_of(fault(duplicates_caused=64, lost_caused=0, recovery_ms=12.0)))
    assert told == {
        "effect": "64 events counted twice",
        "step": "after effect-applied, before offsets-committed",
        "process": "consumer 1, pid 4711, incarnation 2",
        "recovery": "12 ms from death to the next first step",
    }
    missed = dict(facts_of(fault(pid=None, incarnation=None, after_step=None, before_step=None)))
    assert missed == {"process": "consumer 1: no process there"}
    paused = dict(facts_of(fault(kind="pause", paused_ns=1_500_000_000, session_expired=True)))
    assert paused["paused"] == "1.5 s; its session expired"
    assert "recovery" not in paused
    harmless = fault(duplicates_caused=0, lost_caused=0, suppressed_caused=0, exposed=7)
    assert dict(facts_of(harmless))["effect"] == "none; 7 events in hand"


def test_many_ranges_are_cut_and_said() -> None:
    ranges = [anomaly(first_sequence=n, last_sequence=n, count=1) for n in range(20)]
    told = html_of(fault(duplicates_caused=20), ranges, "#000000")
    assert f"and {20 - RANGES_SHOWN} ranges more" in told
    assert "looking" in html_of(fault(duplicates_caused=20), None, "#000000")
    nothing = fault(duplicates_caused=0, lost_caused=0, suppressed_caused=0)
    assert "looking" not in html_of(nothing, None, "#000000")
