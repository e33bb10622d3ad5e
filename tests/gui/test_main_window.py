"""The window as its user meets it, with a bench that only pretends."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QSettings, Qt
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QPushButton, QTableView
from pytestqt.qtbot import QtBot

from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import RunState
from bench_gui.window import session
from bench_gui.window.charts import MOST_SKIPPED
from bench_gui.window.command_table import Command
from bench_gui.window.lane_facts import facts_of
from bench_gui.window.main_window import MainWindow
from bench_gui.window.palette import DARK, LIGHT
from bench_gui.window.presenter import SILENT
from bench_gui.window.session import Phase
from bench_gui.window.worker_strip import WorkerStrip
from tests.gui.conftest import Opened
from tests.gui.fake_client import FakeClient
from tests.gui.pressing import click, fill_in, find, number_of, press, text_of
from workers.lanes import LANES, Role


def run_to_the_end(window: MainWindow, qtbot: QtBot) -> None:
    """Starts a run by its key and waits for its last word."""
    press(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)


def test_before_the_first_run_it_says_how_to_begin(window: MainWindow) -> None:
    hint = find(window, QFrame, "hint")
    assert hint.isVisible()
    window.resize(1280, 720)
    for _ in range(10):
        window.commands[Command.LARGER_TYPE].trigger()
    assert hint.geometry().right() < window.board.content.width()
    window.commands[Command.NORMAL_TYPE].trigger()
    click(window, "start")
    assert not hint.isVisible()


def test_start_and_stop_by_click(window: MainWindow, client: FakeClient, qtbot: QtBot) -> None:
    click(window, "start")
    assert client.running
    assert not find(window, QPushButton, "start-button").isEnabled()
    click(window, "stop")
    assert client.stops == 1
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    assert text_of(window, "run-state") == "COMPLETE"


def test_start_kill_and_stop_by_key(window: MainWindow, client: FakeClient, qtbot: QtBot) -> None:
    window.setFocus()
    for key in (Qt.Key.Key_F5, Qt.Key.Key_P, Qt.Key.Key_C, Qt.Key.Key_F6):
        press(window, key)
    assert client.kills == [(Role.PRODUCER, None), (Role.CONSUMER, None)]
    assert client.stops == 1
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)


def test_kill_by_click(window: MainWindow, client: FakeClient) -> None:
    click(window, "start")
    click(window, "kill-producer")
    click(window, "kill-consumer")
    assert client.kills == [(Role.PRODUCER, None), (Role.CONSUMER, None)]


def test_what_makes_no_sense_now_is_off_and_says_why(window: MainWindow) -> None:
    for command, reason in (
        ("stop", "no run is going on"),
        ("kill-producer", "no run is going on"),
        ("kill-consumer", "no run is going on"),
        ("export", "there is no run yet"),
    ):
        button = find(window, QPushButton, f"{command}-button")
        assert not button.isEnabled()
        assert reason in button.toolTip()


def test_the_numbers_on_the_screen_are_the_last_snapshot_s(
    window: MainWindow, qtbot: QtBot
) -> None:
    run_to_the_end(window, qtbot)
    latest = window.session.model.latest
    assert latest is not None
    for slug, lane in latest.lanes.items():
        assert number_of(window, f"lost-{slug}") == lane.counts.lost
        assert number_of(window, f"duplicates-{slug}") == lane.counts.duplicates
        assert number_of(window, f"suppressed-{slug}") == lane.counts.suppressed
        assert number_of(window, f"delivered-{slug}") == lane.counts.delivered_unique
        assert number_of(window, f"in-flight-{slug}") == lane.counts.in_flight
        assert text_of(window, f"verdict-{slug}").endswith(lane.verdict.value)
    assert number_of(window, "lost-at-most-once") > 0
    assert number_of(window, "duplicates-at-least-once") > 0


def test_only_the_chosen_lanes_are_shown(open_window: Opened, qtbot: QtBot) -> None:
    window = open_window(RunSettings(lanes=("at-least-once",), duration_s=2.0))
    run_to_the_end(window, qtbot)
    visible = [lane.slug for lane in LANES if window.board.shows(lane.slug)]
    assert visible == ["at-least-once"]


def test_a_second_run_starts_from_nothing(window: MainWindow, qtbot: QtBot) -> None:
    run_to_the_end(window, qtbot)
    many = window.faults.model.rowCount()
    fill_in(window, "kill-every", "never")
    run_to_the_end(window, qtbot)
    assert many > 0
    assert window.faults.model.rowCount() == 0
    assert number_of(window, "lost-at-most-once") == 0


def test_settings_wait_while_a_run_goes_on(window: MainWindow, qtbot: QtBot) -> None:
    click(window, "start")
    assert not window.panel.isEnabled()
    click(window, "stop")
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    assert window.panel.isEnabled()


def test_a_disagreement_cannot_be_missed(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    client.disagreement = "lane at-least-once: live 3 duplicates, recount 4"
    run_to_the_end(window, qtbot)
    assert "live 3 duplicates, recount 4" in window.banner.text
    assert window.banner.property("banner") == "alarm"
    window.banner.dismiss()
    assert "live 3 duplicates, recount 4" in window.banner.text
    window.banner.alarm("the disk is full")
    press(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: "live 3 duplicates, recount 4" in window.banner.text)


def test_any_other_message_is_dismissed_by_key(window: MainWindow, qtbot: QtBot) -> None:
    window.banner.alarm("the disk is full", "details")
    press(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.banner.text == "")


class Repaints(QObject):
    """Counts how often a window was painted and flushed."""

    count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        self.count += event.type() == QEvent.Type.UpdateRequest
        return super().eventFilter(watched, event)


def test_a_frame_is_painted_in_one_pass(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    client.speed = 1.0
    click(window, "start")
    qtbot.waitUntil(lambda: window.session.model.last_sample_s() > 0.5)
    window._timer.stop()
    drawn_s = window.session.model.last_sample_s()
    qtbot.waitUntil(
        lambda: window.session.poll() and window.session.model.last_sample_s() > drawn_s + 0.5
    )
    QApplication.processEvents()
    repaints = Repaints()
    window.installEventFilter(repaints)
    window._presenter.draw(window.session.model)
    QApplication.processEvents()
    assert 1 <= repaints.count <= 2, "one flush for all charts, not one each"


def test_charts_are_drawn_again_only_when_they_would_look_different(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    click(window, "start")
    qtbot.waitUntil(lambda: window.session.model.last_sample_s() > 0.5)
    window._timer.stop()
    drawn: list[object] = []
    monkeypatch.setattr(window.board.charts, "_draw_apart", lambda *_: drawn.append(None))
    before_s = window.session.model.last_sample_s()
    qtbot.waitUntil(
        lambda: window.session.poll() and window.session.model.last_sample_s() > before_s + 0.5
    )
    for _ in range(1 + MOST_SKIPPED):
        window._presenter.draw(window.session.model)
    assert len(drawn) == 1
    window._presenter.draw(window.session.model)
    assert len(drawn) == 2, "a mark may have come late"


def test_a_bench_gets_ready_for_the_next_run_when_one_has_ended(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    click(window, "start")
    assert client.prepared == 0
    qtbot.waitUntil(lambda: window.session.phase is Phase.RUNNING)
    window.session.abort()
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    assert client.prepared == 1


def test_a_run_that_ended_stays_ended(window: MainWindow, qtbot: QtBot) -> None:
    run_to_the_end(window, qtbot)
    window.session.abort()
    window.session.stop()
    assert window.session.phase is Phase.ENDED


def test_full_screen_by_key_and_back(window: MainWindow, qtbot: QtBot) -> None:
    window.setFocus()
    press(window, Qt.Key.Key_F11)
    qtbot.waitUntil(window.isFullScreen)
    assert window.commands[Command.FULL_SCREEN].isChecked()
    press(window, Qt.Key.Key_F11)
    qtbot.waitUntil(lambda: not window.isFullScreen())
    window.setWindowState(Qt.WindowState.WindowFullScreen)
    qtbot.waitUntil(window.commands[Command.FULL_SCREEN].isChecked)


def test_every_number_says_whose_it_is_to_a_screen_reader(window: MainWindow) -> None:
    window.board.show_lanes([lane.slug for lane in LANES])
    for lane in LANES:
        for name in ("lost", "duplicates", *(fact.name for fact in facts_of(lane))):
            said = find(window, QLabel, f"{name}-{lane.slug}").accessibleName()
            assert said.endswith(lane.name)


def test_a_bench_that_fails_is_one_sentence(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    click(window, "start")
    client.failure = "the bench's process ended unexpectedly"
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    assert window.banner.text.endswith("the bench's process ended unexpectedly")
    assert text_of(window, "run-state") == "FAILED"
    assert find(window, QPushButton, "start-button").isEnabled()


def test_a_bench_that_dies_leaves_no_worker_on_the_screen(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    click(window, "start")
    strip = find(window, WorkerStrip, "workers-exactly-once")
    qtbot.waitUntil(lambda: bool(strip.workers))
    client.failure = "the bench's process ended unexpectedly"
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    assert strip.workers
    assert all(worker.pid is None for worker in strip.workers)


def test_a_bench_that_was_stopped_is_noticed_and_can_be_ended(
    window: MainWindow, client: FakeClient, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "SILENCE_S", 0.2)
    monkeypatch.setattr(session, "CUT_OFF_PATIENCE_S", 0.2)
    client.speed = 1.0
    click(window, "start")
    qtbot.waitUntil(lambda: window.session.model.latest is not None)
    client.deaf = True
    qtbot.waitUntil(lambda: window.banner.text == SILENT)
    press(window, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    assert client.closes == 1
    assert window.banner.text.endswith(session.ENDED_BY_FORCE)
    click(window, "start")
    assert client.running
    assert window.banner.text == ""


def test_a_bench_that_answers_again_takes_the_notice_away(
    window: MainWindow, client: FakeClient, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "SILENCE_S", 0.2)
    client.speed = 0.1
    click(window, "start")
    client.deaf = True
    qtbot.waitUntil(lambda: window.banner.text == SILENT)
    client.deaf = False
    qtbot.waitUntil(lambda: window.banner.text == "")


def test_a_process_that_cannot_be_started_is_one_sentence(
    window: MainWindow, client: FakeClient, tmp_path: Path
) -> None:
    client.start_problem = OSError(errno.EAGAIN, "no processes left")
    click(window, "start")
    assert "no processes left" in window.banner.text
    assert "Something in the window" not in window.banner.text
    assert not list((tmp_path / "runs").iterdir())
    client.start_problem = None
    click(window, "start")
    assert client.running


def test_a_run_cut_off_says_so(window: MainWindow, client: FakeClient, qtbot: QtBot) -> None:
    click(window, "start")
    press(window, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    assert client.aborts == 1
    assert text_of(window, "run-state") == RunState.CUT_OFF.value.upper()
    assert "cut off" in window.banner.text


def test_a_run_that_cannot_begin_is_one_sentence(
    window: MainWindow, tmp_path: Path, client: FakeClient
) -> None:
    (tmp_path / "runs").write_text("in the way", encoding="utf-8")
    click(window, "start")
    assert not client.started
    assert str(tmp_path / "runs") in window.banner.text


def test_every_run_has_a_directory_of_its_own(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    run_to_the_end(window, qtbot)
    run_to_the_end(window, qtbot)
    first, second = (run_dir for _, run_dir in client.started)
    assert first != second
    assert first.is_dir()


def test_the_theme_changes_with_a_key_and_is_remembered(
    open_window: Opened, store: QSettings
) -> None:
    window = open_window()
    window.set_theme(LIGHT)
    window.setFocus()
    press(window, Qt.Key.Key_T)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    assert app.palette().window().color().name().upper() == DARK.window
    window.close()
    again = open_window()
    assert again.commands[Command.DARK].isChecked()


def test_the_faults_are_reached_by_key_and_read_by_arrows(window: MainWindow, qtbot: QtBot) -> None:
    run_to_the_end(window, qtbot)
    press(window, Qt.Key.Key_F7)
    table = find(window, QTableView, "fault-list")
    assert window.focusWidget() is table
    assert table.currentIndex().row() == 0
    press(window, Qt.Key.Key_Down)
    assert table.currentIndex().row() == 1


def test_closing_ends_the_run_at_once(window: MainWindow, client: FakeClient, qtbot: QtBot) -> None:
    click(window, "start")
    window.close()
    assert client.closes == 1
    assert not window.isVisible()


def test_the_observer_s_own_cost_is_on_the_screen(window: MainWindow, qtbot: QtBot) -> None:
    click(window, "start")
    qtbot.waitUntil(lambda: "frame p99" in text_of(window, "status-cost"))
    assert "bench 0.11 cores" in text_of(window, "status-cost")


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080)])
def test_everything_fits_without_scrolling(
    window: MainWindow, qtbot: QtBot, width: int, height: int
) -> None:
    window.resize(width, height)
    qtbot.waitUntil(lambda: window.width() == width)
    assert window.board.horizontalScrollBar().maximum() == 0
    assert window.board.verticalScrollBar().maximum() == 0


@pytest.mark.parametrize(
    ("key", "held", "said"),
    [
        (Qt.Key.Key_C, (), "Kill a consumer: not now, no run is going on"),
        (Qt.Key.Key_2, (Qt.KeyboardModifier.ControlModifier,), "not now, a run is going on"),
    ],
)
def test_a_key_that_does_nothing_now_says_why_in_the_status_line(
    window: MainWindow,
    client: FakeClient,
    key: Qt.Key,
    held: tuple[Qt.KeyboardModifier, ...],
    said: str,
) -> None:
    client.speed = 0.1
    if held:
        press(window, Qt.Key.Key_F5)
    press(window, key, *held)
    assert said in text_of(window, "status-message")
    assert not window.stage.toaster.isVisible()
