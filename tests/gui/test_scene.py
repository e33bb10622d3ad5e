"""The pictures of the lanes in the window: they move while there is something to see."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import LaneCounts, Verdict, WorkerState
from bench_gui.window.badge import VerdictBadge
from bench_gui.window.command_table import Command
from bench_gui.window.counter import Counter
from bench_gui.window.main_window import MainWindow
from bench_gui.window.palette import DARK, LIGHT
from bench_gui.window.scene.widget import LaneScene
from bench_gui.window.session import Phase
from bench_gui.window.widgets import NumberLabel
from tests.gui.conftest import Opened
from tests.gui.fake_client import FakeClient
from tests.gui.pressing import click, find, press
from tests.gui.test_scene_model import WORKERS, killed, snapshot, worker
from workers.lanes import LANES, Role, lane_of

ALL = tuple(lane.slug for lane in LANES)


class Clock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now_s = 10.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def scene(qtbot: QtBot, clock: Clock) -> LaneScene:
    """A picture of 220 x 300 of a lane that runs."""
    scene = LaneScene(lane_of("at-least-once"), clock)
    qtbot.addWidget(scene)
    scene.resize(QSize(220, 300))
    scene.take(snapshot(LaneCounts()))
    scene.advance(100.0)
    return scene


def pixels(scene: LaneScene) -> QImage:
    return scene.grab().toImage()


def test_dots_are_painted_and_their_places_change(scene: LaneScene, clock: Clock) -> None:
    still = pixels(scene)
    clock.now_s += 0.1
    scene.take(snapshot(LaneCounts(delivered_unique=9), ends=((9, 9), (9, 0))))
    shown = []
    for _ in range(3):
        clock.now_s += 0.1
        assert scene.advance(100.0)
        shown.append(pixels(scene))
    assert still != shown[0]
    assert shown[0] != shown[1] != shown[2]


def test_a_death_is_seen_and_told(scene: LaneScene, clock: Clock) -> None:
    clock.now_s += 0.1
    before = pixels(scene)
    scene.take_faults([killed(201)])
    scene.take(snapshot(LaneCounts(), (*WORKERS[:2], worker("consumer", 1, 777))))
    scene.advance(100.0)
    after = pixels(scene)
    assert before != after
    assert "pid 201 killed" in scene.accessibleDescription()
    assert "pid 777" in scene.accessibleDescription()


@pytest.mark.parametrize("state", ["paused", "up"])
def test_what_is_paused_looks_and_reads_different(
    scene: LaneScene, clock: Clock, state: str
) -> None:
    before = pixels(scene)
    clock.now_s += 2.0
    scene.take(snapshot(LaneCounts(), (*WORKERS[:2], worker("consumer", 1, 201, state))))
    scene.advance(100.0)
    assert (pixels(scene) != before) is (state == "paused")
    assert ("paused" in scene.accessibleDescription()) is (state == "paused")


def test_the_description_says_in_words_what_is_drawn(scene: LaneScene, clock: Clock) -> None:
    clock.now_s += 0.1
    counts = LaneCounts(effects=1_234, redelivered=34, delivered_unique=1_200)
    scene.take(snapshot(counts, ends=((1_300, 1_200), (0, 0))))
    scene.advance(100.0)
    scene.grab()
    said = scene.accessibleDescription()
    for words in (
        "producer 0: pid 100",
        "consumer 1: pid 201",
        "partition 0: high watermark",
        "counter: 1,234 effects",
        "+34 again",
    ):
        assert words in said


def test_a_place_is_told_in_full(scene: LaneScene) -> None:
    scene.grab()
    said = {scene.words_at(x, y) for x in range(0, 220, 4) for y in range(0, 300, 4)}
    assert any(words.startswith("producer 0: pid 100") for words in said)
    assert any(words.startswith("partition 0: high watermark") for words in said)


def test_slots_that_share_a_box_are_all_told_there(scene: LaneScene, clock: Clock) -> None:
    clock.now_s += 5.0
    many = tuple(worker("producer", slot, 300 + slot) for slot in range(9))
    scene.take(snapshot(LaneCounts(), (*many, *WORKERS[1:])))
    scene.advance(100.0)
    scene.grab()
    told = [scene.words_at(x, 20) for x in range(0, 220, 4)]
    assert any("producer 8: pid 308" in words and "producer 7" in words for words in told)


def test_both_themes_and_larger_type_are_painted(scene: LaneScene) -> None:
    light = pixels(scene)
    scene.set_theme(DARK)
    dark = pixels(scene)
    assert light != dark
    font = scene.font()
    font.setPixelSize(18)
    scene.setFont(font)
    assert pixels(scene) != dark


# in the window


def running(window: MainWindow, qtbot: QtBot) -> None:
    click(window, "start")
    qtbot.waitUntil(lambda: window.board._stage.moving)


def ended(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)


def test_the_clock_runs_with_the_run_and_stops_when_nothing_moves(
    open_window: Opened, qtbot: QtBot
) -> None:
    window = open_window(RunSettings(duration_s=4.0))
    assert not window.board._stage.moving
    running(window, qtbot)
    ended(window, qtbot)
    qtbot.waitUntil(lambda: not window.board._stage.moving)
    scenes = window.board.findChildren(LaneScene)
    assert not any(scene.picture.dots for scene in scenes)
    assert all(scene.picture.counts.effects > 0 for scene in scenes)


def test_out_of_sight_nothing_moves(open_window: Opened, qtbot: QtBot) -> None:
    window = open_window(RunSettings(duration_s=600.0))
    running(window, qtbot)
    press(window, Qt.Key.Key_F3)
    assert not window.board._stage.moving
    qtbot.waitUntil(lambda: window.session.model.last_sample_s() > 5)
    assert not window.board._stage.moving
    press(window, Qt.Key.Key_F2)
    qtbot.waitUntil(lambda: window.board._stage.moving)


def test_events_are_on_their_way_in_every_lane(open_window: Opened, qtbot: QtBot) -> None:
    window = open_window(RunSettings(duration_s=600.0, lanes=ALL))
    running(window, qtbot)
    scenes = window.board.findChildren(LaneScene)
    assert len(scenes) == len(ALL)
    qtbot.waitUntil(lambda: all(scene.picture.dots for scene in scenes))
    shares = {scene.picture.events_per_dot for scene in scenes}
    assert len(shares) == 1
    share = shares.pop()
    assert f"1 dot = {share:,}" in window.board._scene_gutter.accessibleName()


def test_a_kill_by_key_is_seen_in_the_picture(
    open_window: Opened, qtbot: QtBot, client: FakeClient
) -> None:
    window = open_window(RunSettings(duration_s=600.0, kill_every_s=None))
    running(window, qtbot)
    client.kill(Role.CONSUMER)
    scene = find(window, LaneScene, "scene-at-least-once")
    qtbot.waitUntil(lambda: any(one.death is not None for one in scene.picture.consumers))
    death = next(one.death for one in scene.picture.consumers if one.death is not None)
    qtbot.waitUntil(lambda: f"pid {death.pid} killed" in scene.accessibleDescription())


def test_reduced_motion_is_switched_by_its_key_and_remembered(
    open_window: Opened, qtbot: QtBot
) -> None:
    window = open_window(RunSettings(duration_s=600.0))
    running(window, qtbot)
    control = Qt.KeyboardModifier.ControlModifier
    press(window, Qt.Key.Key_M, control, Qt.KeyboardModifier.ShiftModifier)
    assert window.commands[Command.REDUCED_MOTION].isChecked()
    scene = find(window, LaneScene, "scene-at-least-once")
    qtbot.waitUntil(lambda: scene.picture.rates.delivered > 0)
    assert not scene.picture.dots
    stored = window._store.value("reduced-motion", type=bool)
    assert stored is True


def test_a_remembered_choice_of_reduced_motion_holds_from_the_start(
    open_window: Opened, store_with_calm: None
) -> None:
    window = open_window(RunSettings())
    assert window.commands[Command.REDUCED_MOTION].isChecked()
    assert all(scene.model.reduced for scene in window.board.findChildren(LaneScene))


@pytest.fixture
def store_with_calm(store: object) -> None:
    store.setValue("reduced-motion", True)  # type: ignore[attr-defined]


def test_before_a_run_the_planned_slots_are_shown_and_nothing_is_pending(
    open_window: Opened,
) -> None:
    window = open_window(RunSettings(producers=2, partitions=3, consumers=3))
    picture = find(window, LaneScene, "scene-at-least-once").picture
    assert [len(picture.producers), len(picture.partitions), len(picture.consumers)] == [2, 3, 3]
    shown = [label.text() for label in window.board.findChildren(QLabel) if label.isVisible()]
    assert not any("pending" in text for text in shown)


def test_a_verdict_is_pending_only_while_a_run_goes_on(qtbot: QtBot) -> None:
    badge = VerdictBadge("at-least-once")
    qtbot.addWidget(badge)
    label = badge.findChild(QLabel, "verdict-at-least-once")
    assert isinstance(label, QLabel)
    assert not label.text().strip()
    badge.show_verdict(Verdict.PENDING, "")
    assert label.text() == "pending"
    badge.clear()
    assert not label.text().strip()


def test_when_the_bench_dies_no_process_is_left_in_the_picture(
    open_window: Opened, qtbot: QtBot
) -> None:
    window = open_window(RunSettings(duration_s=600.0))
    running(window, qtbot)
    window.board.forget_workers()
    scene = find(window, LaneScene, "scene-at-least-once")
    assert "pid" not in scene.accessibleDescription()
    assert scene.accessibleDescription().count("no process, ended") == 3


# the giant counters


def counter(qtbot: QtBot, *, allowed: bool) -> Counter:
    made = Counter("lost-x", "LOST", "LOST", "x", allowed=allowed, help_="What is lost.")
    qtbot.addWidget(made)
    made.resize(105, 90)
    made.set_theme(LIGHT, "#0072B2")
    return made


def words(made: Counter) -> str:
    return " ".join(label.text() for label in made.findChildren(QLabel))


def test_expected_and_broken_differ_in_word_sign_and_ground(qtbot: QtBot) -> None:
    expected, broken = counter(qtbot, allowed=True), counter(qtbot, allowed=False)
    for made in (expected, broken):
        made.show_count(3)
    assert "as allowed" in words(expected)
    assert "BROKEN" in words(broken)
    assert (expected.property("tone"), broken.property("tone")) == ("expected", "forbidden")
    assert "forbids" in broken.toolTip()
    assert "allows" in expected.toolTip()


def test_zero_is_calm_and_says_what_must_be(qtbot: QtBot) -> None:
    made = counter(qtbot, allowed=False)
    made.show_count(0)
    assert "must stay 0" in words(made)
    assert made.property("tone") == "calm"
    made.show_count(2)
    made.show_count(0)
    assert "forbids" not in made.toolTip()


def test_in_the_pipelines_counters_are_giant(window: MainWindow) -> None:
    number = find(window, NumberLabel, "lost-at-most-once")
    number.setText("408")
    assert number._fitting_font().pixelSize() >= 40
    press(window, Qt.Key.Key_F3)
    assert number._fitting_font().pixelSize() < 40


def test_in_flight_has_its_own_place_and_is_no_loss(window: MainWindow) -> None:
    label = find(window, QLabel, "in-flight-at-most-once")
    lost = find(window, NumberLabel, "lost-at-most-once")
    column = window.board._columns["at-most-once"]
    column.show_numbers(snapshot(LaneCounts(in_flight=70), slug="at-most-once"), ended=False)
    assert (label.text(), lost.text()) == ("70", "0")
    assert label.mapTo(window, QPoint()).y() > lost.mapTo(window, QPoint()).y()


def test_empty_slots_are_told(scene: LaneScene, clock: Clock) -> None:
    gone = WorkerState("consumer", 1, 1, None, "down", "")
    clock.now_s += 0.1
    scene.take(snapshot(LaneCounts(), (*WORKERS[:2], gone)))
    scene.advance(100.0)
    scene.grab()
    assert "consumer 1: no process, down" in scene.accessibleDescription()
    assert replace(gone, pid=5).pid == 5


def test_numbers_of_the_picture_are_of_the_moment_of_the_lanes_counters(
    open_window: Opened, client: FakeClient, qtbot: QtBot
) -> None:
    window = open_window(RunSettings(duration_s=20, lanes=("at-least-once",)))
    click(window, "start")
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    latest = window.session.model.latest
    assert latest is not None
    lane = latest.lanes["at-least-once"]
    more = replace(lane, counts=replace(lane.counts, effects=lane.counts.effects + 500))
    scene = find(window, LaneScene, "scene-at-least-once")
    scene.take(more)
    scene.advance(100.0)
    assert scene.picture.counts == lane.counts
    scene.tell(more)
    assert scene.picture.counts == more.counts
