"""A recorded run in the window: opened, played, and never to be taken for a live one."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QSettings, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QSlider, QTableView
from pytestqt.qtbot import QtBot

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.recording.about import Film
from bench_gui.bench.recording.film import open_film
from bench_gui.bench.records.run_tables import RUN_DB
from bench_gui.bench.scenario import scenario_of
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import RunSnapshot, RunState
from bench_gui.window.command_table import Command
from bench_gui.window.main_window import MainWindow
from bench_gui.window.session import Phase
from bench_gui.window.tools import Tools
from tests.gui.fake_client import FakeClient
from tests.gui.pressing import find, number_of, press, show_active, text_of
from tests.gui.recorded import Torn, record

SETTINGS = RunSettings(duration_s=6.0, kill_every_s=0.8, seed=5)
BY_HAND = (Command.START, Command.STOP, Command.ABORT, Command.KILL_PRODUCER,
           Command.PAUSE_CONSUMER, Command.DOWN_PRODUCERS, Command.KILL_AT_STEP)  # fmt: skip


class Chosen:
    """What the user names when asked for a run."""

    def __init__(self) -> None:
        self.path: Path | None = None
        self.asked: list[Path] = []

    def __call__(self, parent: object, start: Path) -> Path | None:
        self.asked.append(start)
        return self.path


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[RunSnapshot]]:
    run_dir = tmp_path_factory.mktemp("recorded") / "20240101-120000-seed5"
    return run_dir, record(run_dir, SETTINGS)


@pytest.fixture
def run_dir(recorded: tuple[Path, list[RunSnapshot]]) -> Path:
    return recorded[0]


@pytest.fixture
def chosen() -> Chosen:
    return Chosen()


@pytest.fixture
def window(
    qtbot: QtBot, tmp_path: Path, store: QSettings, client: FakeClient, chosen: Chosen
) -> Iterator[MainWindow]:
    """Over the real files."""
    tools = Tools(choose_run=chosen)
    made = MainWindow(client, store, tmp_path / "runs", RunSettings(), tools)
    qtbot.addWidget(made)
    show_active(qtbot, made)
    yield made
    made.close()


def until_phase(window: MainWindow, qtbot: QtBot, phase: Phase) -> None:
    qtbot.waitUntil(lambda: window.session.phase is phase, timeout=20_000)


def play(window: MainWindow, qtbot: QtBot, run_dir: Path, speed: float = 1.0) -> None:
    window.replay.play(run_dir, speed)
    until_phase(window, qtbot, Phase.PLAYING)
    qtbot.waitUntil(lambda: window.session.model.latest is not None)


def shows_the_end(window: MainWindow, shown: list[RunSnapshot]) -> None:
    last = shown[-1]
    for slug, lane in last.lanes.items():
        assert number_of(window, f"lost-{slug}") == lane.counts.lost
        assert number_of(window, f"duplicates-{slug}") == lane.counts.duplicates
    told = {fault.fault_id for one in shown for fault in one.faults}
    assert find(window, QTableView, "fault-list").model().rowCount() == len(told)


def test_a_run_is_played_to_its_end(
    window: MainWindow, qtbot: QtBot, recorded: tuple[Path, list[RunSnapshot]]
) -> None:
    play(window, qtbot, recorded[0], 16.0)
    until_phase(window, qtbot, Phase.ENDED)
    shows_the_end(window, recorded[1])
    assert window.session.label == "RECORDED RUN"


def test_it_is_marked_all_the_time(window: MainWindow, qtbot: QtBot, run_dir: Path) -> None:
    play(window, qtbot, run_dir)
    window.replay.refresh()
    assert window.session.label == "PLAY-BACK x1"
    assert window.windowTitle() == "Delivery Bench - run fake-5 seed 5 (play-back x1)"
    for name in ("play-back-badge", "play-back-mark"):
        assert find(window, QLabel, name).isVisible()
        assert "PLAY-BACK x1" in text_of(window, name)
    assert "recorded 2024-01-01" in text_of(window, "play-back-told")
    qtbot.waitUntil(lambda: text_of(window, "run-state") == "RECORDED, RUNNING")


def test_a_live_run_is_not_marked(window: MainWindow, qtbot: QtBot) -> None:
    press(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: window.windowTitle().endswith("(running)"))
    assert window.session.label == ""
    assert not find(window, QLabel, "play-back-badge").isVisible()
    until_phase(window, qtbot, Phase.ENDED)
    assert window.windowTitle() == "Delivery Bench - run fake-7 seed 7 (complete)"


def test_what_acts_on_processes_is_off_and_says_why(
    window: MainWindow, qtbot: QtBot, run_dir: Path, client: FakeClient
) -> None:
    play(window, qtbot, run_dir)
    for command in BY_HAND:
        assert not window.commands[command].isEnabled()
        assert "this is a play-back" in window.commands[command].toolTip()
    press(window, Qt.Key.Key_F5)
    press(window, Qt.Key.Key_P)
    assert not client.started
    assert not client.kills


def test_slower_and_faster_by_key(window: MainWindow, qtbot: QtBot, run_dir: Path) -> None:
    play(window, qtbot, run_dir)
    window.setFocus()
    press(window, Qt.Key.Key_Greater)
    assert window.session.label == "PLAY-BACK x2"
    for _ in range(9):
        window.commands[Command.SLOWER].trigger()
    assert window.session.label == "PLAY-BACK x0.25"
    for _ in range(9):
        window.commands[Command.FASTER].trigger()
    assert window.session.label == "PLAY-BACK x16"


def test_hold_and_seek_on_the_bar(window: MainWindow, qtbot: QtBot, run_dir: Path) -> None:
    play(window, qtbot, run_dir)
    model = window.session.model
    press(window, Qt.Key.Key_H)
    assert window.session.label == "PLAY-BACK held"
    slider = find(window, QSlider, "play-back-slider")
    slider.setValue(40)
    qtbot.waitUntil(lambda: model.latest is not None and 3.9 < model.latest.t_s < 4.8)
    faults = find(window, QTableView, "fault-list").model()
    many = faults.rowCount()
    slider.setValue(20)
    qtbot.waitUntil(lambda: model.latest is not None and 1.9 < model.latest.t_s < 2.8)
    assert 0 < faults.rowCount() < many
    assert window.session.label == "PLAY-BACK x1"
    assert not window.commands[Command.HOLD].isChecked()
    qtbot.waitUntil(lambda: model.latest is not None and model.latest.t_s > 2.3)


def test_open_shows_the_end_and_r_plays_it(
    window: MainWindow,
    qtbot: QtBot,
    recorded: tuple[Path, list[RunSnapshot]],
    chosen: Chosen,
    tmp_path: Path,
) -> None:
    chosen.path = recorded[0]
    press(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    until_phase(window, qtbot, Phase.ENDED)
    assert chosen.asked == [tmp_path / "runs"]
    shows_the_end(window, recorded[1])
    assert window.windowTitle().endswith("(complete, recorded)")
    for command in (Command.EXPORT, Command.EXPLAIN_EVENT, Command.OPEN_RUN, Command.START):
        assert window.commands[command].isEnabled()
    window.setFocus()
    press(window, Qt.Key.Key_R)
    until_phase(window, qtbot, Phase.PLAYING)
    model = window.session.model
    qtbot.waitUntil(lambda: model.latest is not None and model.latest.t_s < 3)


def test_the_run_that_has_just_ended_is_played_back(
    window: MainWindow, qtbot: QtBot, client: FakeClient
) -> None:
    press(window, Qt.Key.Key_F5)
    until_phase(window, qtbot, Phase.ENDED)
    record(client.started[0][1], replace(client.started[0][0], duration_s=2.0))
    press(window, Qt.Key.Key_R)
    until_phase(window, qtbot, Phase.PLAYING)
    assert window.session.run_dir == client.started[0][1]


def test_ctrl_w_goes_to_the_end_and_then_closes_the_run(
    window: MainWindow, qtbot: QtBot, run_dir: Path
) -> None:
    play(window, qtbot, run_dir)
    press(window, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    until_phase(window, qtbot, Phase.ENDED)
    press(window, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    assert window.session.phase is Phase.IDLE
    assert window.session.label == ""
    assert window.windowTitle() == "Delivery Bench"
    assert not window.replay.bar.isVisible()
    assert not window.commands[Command.PLAY_BACK].isEnabled()


def test_a_start_takes_the_place_of_an_opened_run(
    window: MainWindow, qtbot: QtBot, run_dir: Path, client: FakeClient
) -> None:
    window.replay.open(run_dir)
    until_phase(window, qtbot, Phase.ENDED)
    press(window, Qt.Key.Key_F5)
    assert len(client.started) == 1
    assert window.session.label == ""
    assert not window.replay.bar.isVisible()
    until_phase(window, qtbot, Phase.ENDED)


def test_nothing_is_opened_while_a_run_goes_on(
    window: MainWindow, run_dir: Path, client: FakeClient
) -> None:
    client.speed = 1.0
    press(window, Qt.Key.Key_F5)
    for command in (Command.OPEN, Command.PLAY_BACK, Command.COMPARE):
        assert not window.commands[command].isEnabled()
        assert "a run is going on" in window.commands[command].toolTip()
    window.replay.open(run_dir)
    assert not window.session.opening
    window.session.abort()


@pytest.mark.parametrize("name", ["", RUN_DB])
def test_a_run_that_is_dropped_is_opened(
    window: MainWindow, qtbot: QtBot, run_dir: Path, name: str
) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(run_dir / name))])
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(9, 9), action, data, button, none)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(9, 9), action, data, button, none))
    until_phase(window, qtbot, Phase.ENDED)
    assert window.session.run_dir == run_dir


def test_recent_runs(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    for day in range(1, 13):
        run_dir = tmp_path / "runs" / f"202401{day:02}-120000-seed5"
        record(run_dir, replace(SETTINGS, duration_s=0.5, seed=day))
    (tmp_path / "runs" / "20240201-120000-seed5").mkdir()
    menu = find(window, QMenu, "recent-runs")
    menu.aboutToShow.emit()
    qtbot.waitUntil(lambda: len(menu.actions()) > 1)
    texts = [action.text() for action in menu.actions()]
    assert len(texts) == 9, "nine of the newest ten directories hold a run"
    assert "seed 12   4 lanes" in texts[0]
    assert "\N{CHECK MARK}" in texts[0]
    menu.actions()[1].trigger()
    until_phase(window, qtbot, Phase.ENDED)
    assert window.session.run_dir == tmp_path / "runs" / "20240111-120000-seed5"


def test_a_run_that_was_killed_says_so(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    record(tmp_path / "cut", SETTINGS, upto_s=2.0)
    window.replay.open(tmp_path / "cut")
    until_phase(window, qtbot, Phase.ENDED)
    assert "The run was cut off" in window.banner.text
    assert text_of(window, "play-back-mark") == "RECORDED RUN, cut off"
    assert window.windowTitle().endswith("(cut off, recorded)")


DAMAGES = {
    "garbage": None,
    "settings": "UPDATE run SET settings = '{'",
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_run_is_one_sentence_and_leaves_the_screen_as_it_was(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, run_dir: Path, damage: str | None
) -> None:
    window.replay.open(run_dir)
    until_phase(window, qtbot, Phase.ENDED)
    bad = tmp_path / "bad"
    record(bad, SETTINGS, upto_s=1.0)
    if damage is None:
        (bad / RUN_DB).write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 64)
    else:
        with sqlite3.connect(bad / RUN_DB) as database:
            database.execute(damage)
        database.close()
    window.replay.open(bad)
    qtbot.waitUntil(lambda: "choose" in window.banner.text)
    assert window.session.phase is Phase.ENDED
    assert window.session.run_dir == run_dir
    assert window.session.label == "RECORDED RUN"


def test_a_damaged_frame_is_played_around_and_the_label_says_so(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    record(tmp_path / "bad", SETTINGS)
    with sqlite3.connect(tmp_path / "bad" / RUN_DB) as database:
        database.execute("UPDATE frames SET body = x'0011' WHERE sequence = 0")
    database.close()
    window.replay.open(tmp_path / "bad")
    until_phase(window, qtbot, Phase.ENDED)
    qtbot.waitUntil(lambda: window.session.label == "RECORDED RUN, damaged")
    assert window.session.model.latest is not None
    assert window.session.model.latest.state is RunState.COMPLETE


def test_a_recording_that_tears_is_shown_as_far_as_it_goes_and_can_be_tried_again(
    qtbot: QtBot, tmp_path: Path, store: QSettings, client: FakeClient, run_dir: Path
) -> None:
    torn: list[Film] = []

    def tear(path: Path) -> Film:
        torn.append(Torn(open_film(path), 30, EnvironmentProblem("the disk is gone")))
        return torn[-1]

    window = MainWindow(client, store, tmp_path, RunSettings(), Tools(open_film=tear))
    qtbot.addWidget(window)
    window.show()
    window.replay.play(run_dir, 16.0)
    qtbot.waitUntil(lambda: "the disk is gone" in window.banner.text, timeout=20_000)
    assert window.session.phase is Phase.ENDED
    assert window.session.label == "RECORDED RUN"
    window.session.seek(1.0)
    assert window.session.phase is Phase.ENDED
    window.commands[Command.PLAY_BACK].trigger()
    until_phase(window, qtbot, Phase.PLAYING)
    assert len(torn) == 2
    window.close()


def test_what_is_no_run_is_one_sentence(window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    window.replay.open(tmp_path / "empty")
    assert "holds no run" in window.banner.text


def test_the_closing_window_is_out_of_sight_and_answers_while_the_bench_ends(
    window: MainWindow, client: FakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = Event()
    visible: list[bool] = []
    ended: list[bool] = []

    def answer() -> None:
        visible.append(window.isVisible())
        answered.set()

    monkeypatch.setattr(client, "close", lambda: ended.append(answered.wait(5)))
    QTimer.singleShot(0, answer)
    window.close()
    assert (ended, visible) == ([True], [False])


def test_closing_ends_the_player(window: MainWindow, qtbot: QtBot, run_dir: Path) -> None:
    play(window, qtbot, run_dir)
    player = window.session.playing
    window.close()
    assert window.session.playing is None
    assert player is not None


def test_a_display_that_is_held_makes_the_play_back_wait(
    window: MainWindow, qtbot: QtBot, run_dir: Path
) -> None:
    play(window, qtbot, run_dir)
    model, player = window.session.model, window.session.playing
    assert player is not None
    qtbot.waitUntil(lambda: model.run.now_s > 0.5)
    press(window, Qt.Key.Key_H)
    assert window.session.label == "PLAY-BACK held"
    press(window, Qt.Key.Key_Left)
    assert model.shown is not None
    assert model.shown.t_s <= model.timeline.held_s < model.run.now_s  # type: ignore[operator]
    press(window, Qt.Key.Key_End)
    assert not player.held
    press(window, Qt.Key.Key_H)
    find(window, QSlider, "play-back-slider").setValue(40)
    qtbot.waitUntil(lambda: model.latest is not None and model.latest.t_s > 3.9)
    assert model.timeline.held_s is None, "whoever seeks wants to see what is there"
    assert not player.held


def test_a_run_that_was_opened_is_scrubbed_and_has_its_bookmarks(
    window: MainWindow, qtbot: QtBot, recorded: tuple[Path, list[RunSnapshot]], tmp_path: Path
) -> None:
    run_dir = tmp_path / "again"
    shutil.copytree(recorded[0], run_dir)
    window.replay.open(run_dir)
    until_phase(window, qtbot, Phase.ENDED)
    for _ in range(50):
        press(window, Qt.Key.Key_Left)
    held_s = window.session.model.timeline.held_s
    assert held_s is not None
    then = [one for one in recorded[1] if one.t_s <= held_s][-1]
    for slug, lane in then.lanes.items():
        assert number_of(window, f"duplicates-{slug}") == lane.counts.duplicates
        assert number_of(window, f"delivered-{slug}") == lane.counts.delivered_unique
    press(window, Qt.Key.Key_B)
    window.session.leave_play_back()
    assert len(window.time.bookmarks) == 0
    window.replay.open(run_dir)
    until_phase(window, qtbot, Phase.ENDED)
    assert [mark.t_s for mark in window.time.bookmarks] == [pytest.approx(held_s, abs=0.001)]


def test_closing_the_play_back_of_one_s_own_run_brings_it_back(
    window: MainWindow, qtbot: QtBot, client: FakeClient
) -> None:
    press(window, Qt.Key.Key_F5)
    until_phase(window, qtbot, Phase.ENDED)
    run_dir = client.started[0][1]
    record(run_dir, replace(client.started[0][0], duration_s=2.0))
    for early in (True, False):
        press(window, Qt.Key.Key_R)
        until_phase(window, qtbot, Phase.PLAYING)
        assert "RECORDED" in text_of(window, "run-state")
        if early:
            press(window, Qt.Key.Key_H)
        else:
            until_phase(window, qtbot, Phase.ENDED)
        press(window, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: window.session.playing is None)
        assert window.session.phase is Phase.ENDED
        assert window.session.run_dir == run_dir
        assert window.session.model.timeline.held_s is None
        assert text_of(window, "run-state") == "COMPLETE"
        assert window.replay.bar.isHidden()
        assert not window.commands[Command.CLOSE_PLAY_BACK].isEnabled()


def test_the_play_button_says_what_it_does(window: MainWindow, qtbot: QtBot, run_dir: Path) -> None:
    window.replay.play(run_dir, 0.5)
    until_phase(window, qtbot, Phase.PLAYING)
    action = window.commands[Command.PLAY_BACK]
    qtbot.waitUntil(lambda: window.session.model.last_sample_s() > 0.2)
    player = window.session.playing
    assert player is not None
    for key, words in (
        (Qt.Key.Key_R, "Play"), (Qt.Key.Key_R, "Pause"),
        (Qt.Key.Key_H, "Play"), (Qt.Key.Key_H, "Pause"),
    ):  # fmt: skip
        before_s = player.position_s
        press(window, key)
        qtbot.waitUntil(lambda words=words: action.iconText() == words)
        assert player.held is (words == "Play")
        assert player.position_s >= before_s - 0.1, "it does not begin again"


def test_the_story_of_another_run_is_put_away(
    window: MainWindow, qtbot: QtBot, run_dir: Path
) -> None:
    window.scenarios.choose(scenario_of("retry-storm"))
    window.stage.looking.spotlight.mark("lag")
    window.replay.open(run_dir)
    until_phase(window, qtbot, Phase.ENDED)
    assert window.story.isHidden()
    assert not window.commands[Command.STORY].isChecked()
    assert window.stage.looking.spotlight.name is None
    press(window, Qt.Key.Key_F4)
    assert window.story.isVisible()


def test_a_scenario_takes_the_screen_of_a_run_that_is_over(
    window: MainWindow, qtbot: QtBot, run_dir: Path
) -> None:
    window.replay.open(run_dir)
    until_phase(window, qtbot, Phase.ENDED)
    scenario = scenario_of("retry-storm")
    window.scenarios.choose(scenario)
    assert window.session.phase is Phase.IDLE
    assert window.stage.focus.lanes == scenario.settings().lanes
    assert window.session.model.latest is None


def test_how_long_a_run_is_belongs_to_the_run_on_the_screen(
    window: MainWindow, qtbot: QtBot, run_dir: Path
) -> None:
    of = window.console._of
    window.replay.open(run_dir)
    until_phase(window, qtbot, Phase.ENDED)
    assert of.text() == "of 6s"
    window.panel.show_texts({"duration": "3s"})
    assert of.text() == "of 6s"
    press(window, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    assert of.text() == "of 3s"
