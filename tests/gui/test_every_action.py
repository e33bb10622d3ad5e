"""Every command by its key and by its menu: it does something that can be seen.

One row a command. A row prepares the window and reads what the command changes; the command is then
given by hand. A command without a row fails, and so does one that changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from bench_gui.bench.settings import RunSettings
from bench_gui.window.command_table import SPECS, Command
from bench_gui.window.main_window import MainWindow
from bench_gui.window.palette import LIGHT
from bench_gui.window.scene.widget import LaneScene
from bench_gui.window.session import Phase
from bench_gui.window.views import View
from tests.gui.conftest import Opened
from tests.gui.fake_client import FakeClient
from tests.gui.pressing import fill_in, find
from tests.gui.recorded import record

SHORT = RunSettings(duration_s=2.0)
LONG = RunSettings(duration_s=600.0)


@dataclass(frozen=True)
class Scene:
    """What a row may touch."""

    window: MainWindow
    client: FakeClient
    qtbot: QtBot


@dataclass(frozen=True)
class Row:
    """One command.

    Fields:
        reads: what the command changes. It must be steady by itself.
        prepare: brings the window to where the command is available.
        settings: of the window.
    """

    reads: Callable[[Scene], object]
    prepare: Callable[[Scene], None] = lambda scene: None
    settings: RunSettings = LONG


# Where the window is brought to


def running(scene: Scene) -> None:
    """A run goes on, in step with the clock."""
    scene.client.speed = 1.0
    scene.window.start()
    scene.qtbot.waitUntil(lambda: scene.window.session.model.latest is not None)


def ended(scene: Scene) -> None:
    """A run has come to its end."""
    scene.window.start()
    scene.qtbot.waitUntil(lambda: scene.window.session.phase is Phase.ENDED)


def fault_chosen(scene: Scene) -> None:
    """The newest fault of a run that ended."""
    ended(scene)
    scene.window.faults.choose(0)


def scenario_chosen(scene: Scene) -> None:
    """A scenario and its story."""
    scene.window.scenarios.actions[0].trigger()


def taken_back(scene: Scene) -> None:
    """A change of the settings that can be made again."""
    scenario_chosen(scene)
    scene.window.commands[Command.UNDO_SETTINGS].trigger()


def settings_saved(scene: Scene) -> None:
    """A file of the settings, which have changed since."""
    scene.window.commands[Command.SAVE_SETTINGS].trigger()
    scene.qtbot.waitUntil(lambda: "saved" in said(scene))
    seed_filled_in(scene)


def resized(scene: Scene) -> None:
    """Not of the size of the first start."""
    scene.window.resize(1400, 800)
    scene.qtbot.waitUntil(lambda: scene.window.width() == 1400)


def light(scene: Scene) -> None:
    """Whatever the desktop asks for."""
    scene.window.set_theme(LIGHT)


def seed_filled_in(scene: Scene) -> None:
    """A seed that is no default."""
    fill_in(scene.window, "seed", "4711")
    scene.window.setFocus()


def charts(scene: Scene) -> None:
    """The view of the charts."""
    scene.window.views.show_view(View.CHARTS)


def begun(scene: Scene) -> None:
    """The second beat of a scenario."""
    scene.client.speed = 0.1
    scenario_chosen(scene)
    for _ in range(2):
        scene.window.stage.director.go_on()


def script_written(scene: Scene) -> None:
    """A script where the file dialog finds it."""
    path = scene.window.stage._parts.choose_script(scene.window, Path())
    assert path is not None
    path.write_text('title = "Mine"\n[[beats]]\ntext = "One."\n', "utf-8")


def recording(scene: Scene) -> Path:
    """A recorded run where the file dialog finds it."""
    run_dir = scene.window._tools.choose_run(scene.window, Path())
    assert run_dir is not None
    if not run_dir.exists():
        record(run_dir, RunSettings(lanes=("at-least-once",), duration_s=20.0))
    return run_dir


def written_down(scene: Scene) -> None:
    """A recorded run that can be opened, and nothing on the screen."""
    recording(scene)


def opened(scene: Scene) -> None:
    """A recorded run as it stood at its end."""
    scene.window.replay.open(recording(scene))
    scene.qtbot.waitUntil(lambda: phase(scene) is Phase.ENDED, timeout=20_000)


def playing(scene: Scene) -> None:
    """A recorded run that is played back."""
    scene.window.replay.play(recording(scene))
    scene.qtbot.waitUntil(lambda: phase(scene) is Phase.PLAYING, timeout=20_000)


def charts_of_a_run(scene: Scene) -> None:
    """The charts of a run that has ended, with a lane in focus."""
    ended(scene)
    charts(scene)
    scene.window.stage.focus.set("at-least-once")
    scene.window.setFocus()


def held(scene: Scene) -> None:
    """The same, the display held in the middle of it."""
    charts_of_a_run(scene)
    scene.window.time.go(1.0)


def zoomed(scene: Scene) -> None:
    """The same, with a part of the run in sight."""
    held(scene)
    for _ in range(3):
        scene.window.commands[Command.ZOOM_IN].trigger()


def bookmarked(scene: Scene) -> None:
    """The same, with a bookmark elsewhere."""
    held(scene)
    scene.window.time.bookmark()
    scene.window.time.go(1.6)


# What can be read


def held_s(scene: Scene) -> float | None:
    """At which moment the display is held."""
    return scene.window.session.model.timeline.held_s


def stretch(scene: Scene) -> tuple[float, float]:
    """What of the run is in sight."""
    model = scene.window.session.model
    frame = model.timeline.frame(model.run, 1)
    return frame.start_s, frame.end_s


def crosshair_s(scene: Scene) -> float | None:
    """Where the crosshair of all charts is."""
    return scene.window.board.charts.cursor_s


def speed(scene: Scene) -> float:
    """Of the play-back."""
    player = scene.window.session.playing
    assert player is not None
    return player.speed


def zoom(scene: Scene) -> float:
    """Of the type."""
    return scene.window.stage.zoom.factor


def beat(scene: Scene) -> str:
    """Where one is among the beats."""
    return find(scene.window, QLabel, "story-place").text()


def view_shown(scene: Scene) -> View:
    """Of the lanes."""
    return scene.window.views.view


def open_windows(scene: Scene) -> set[QWidget]:
    """Every dialog and window that can be seen."""
    return {one for one in scene.window.findChildren(QWidget) if one.isWindow() and one.isVisible()}


def phase(scene: Scene) -> Phase:
    """Of the run."""
    return scene.window.session.phase


def texts(scene: Scene) -> dict[str, str]:
    """Every setting as it is filled in."""
    return scene.window.panel.texts()


def shown(name: str) -> Callable[[Scene], bool]:
    """Whether the widget of this name can be seen."""
    return lambda scene: find(scene.window, QWidget, name).isVisible()


def said(scene: Scene) -> str:
    """The status line."""
    return find(scene.window, QLabel, "status-message").text()


def clipboard(scene: Scene) -> str:
    """What can be pasted."""
    del scene
    return QApplication.clipboard().text()


ROWS: dict[Command, Row] = {
    Command.START: Row(phase),
    Command.STOP: Row(lambda scene: scene.client.stops, running),
    Command.ABORT: Row(lambda scene: scene.client.aborts, running),
    Command.KILL_PRODUCER: Row(lambda scene: len(scene.client.kills), running),
    Command.KILL_CONSUMER: Row(lambda scene: len(scene.client.kills), running),
    Command.KILL_AT_STEP: Row(lambda scene: scene.window.hand.menu.isVisible(), running),
    Command.KILL_AT_WORST: Row(lambda scene: len(scene.client.failpoints), running),
    Command.PAUSE_PRODUCER: Row(lambda scene: len(scene.client.pauses), running),
    Command.PAUSE_CONSUMER: Row(lambda scene: len(scene.client.pauses), running),
    Command.DOWN_PRODUCERS: Row(lambda scene: len(scene.client.downs), running),
    Command.DOWN_CONSUMERS: Row(lambda scene: len(scene.client.downs), running),
    Command.LOSE_ACK: Row(lambda scene: len(scene.client.acks_lost), running),
    Command.COMPOSE: Row(open_windows),
    Command.CHOOSE_STEPS: Row(open_windows),
    Command.NEW_SEED: Row(texts),
    Command.MEASURE: Row(open_windows),
    Command.UNDO_SETTINGS: Row(texts, scenario_chosen),
    Command.REDO_SETTINGS: Row(texts, taken_back),
    Command.OPEN_SETTINGS: Row(texts, settings_saved),
    Command.SAVE_SETTINGS: Row(said),
    Command.EXPLAIN_SETTINGS: Row(open_windows),
    Command.DECIDE: Row(open_windows),
    Command.STORY: Row(shown("story"), scenario_chosen),
    Command.NEXT_BEAT: Row(beat, scenario_chosen),
    Command.PREVIOUS_BEAT: Row(beat, begun),
    Command.SCRIPT: Row(shown("story"), script_written),
    Command.EXPORT: Row(open_windows, ended, SHORT),
    Command.EXPORT_VIEW: Row(said, ended, SHORT),
    Command.REPORT: Row(said, ended, SHORT),
    Command.OPEN_RUN: Row(lambda scene: list(OPENED), ended, SHORT),
    Command.OPEN: Row(lambda scene: scene.window.session.playing is not None, written_down),
    Command.COMPARE: Row(open_windows, opened),
    Command.PLAY_BACK: Row(phase, opened),
    Command.SLOWER: Row(speed, playing),
    Command.FASTER: Row(speed, playing),
    Command.CLOSE_PLAY_BACK: Row(phase, opened),
    Command.OVERLAY: Row(lambda scene: scene.window.board.charts.overlaid, charts_of_a_run, SHORT),
    Command.SOLO: Row(lambda scene: scene.window.board.solo, charts_of_a_run, SHORT),
    Command.SAME_SCALE: Row(
        lambda scene: scene.window.board.charts.ranges.same, charts_of_a_run, SHORT
    ),
    Command.LINEAR_LATENCY: Row(
        lambda scene: scene.window.board.charts.ranges.linear, charts_of_a_run, SHORT
    ),
    Command.HOLD: Row(held_s, charts_of_a_run, SHORT),
    Command.LIVE: Row(held_s, held, SHORT),
    Command.SCRUB_BACK: Row(held_s, held, SHORT),
    Command.SCRUB_FORWARD: Row(held_s, held, SHORT),
    Command.CROSSHAIR_BACK: Row(crosshair_s, held, SHORT),
    Command.CROSSHAIR_FORWARD: Row(crosshair_s, held, SHORT),
    Command.ZOOM_IN: Row(stretch, held, SHORT),
    Command.ZOOM_OUT: Row(stretch, zoomed, SHORT),
    Command.WHOLE_RUN: Row(stretch, zoomed, SHORT),
    Command.BOOKMARK: Row(lambda scene: len([*scene.window.time.bookmarks]), held, SHORT),
    Command.NEXT_BOOKMARK: Row(held_s, bookmarked, SHORT),
    Command.PREVIOUS_BOOKMARK: Row(held_s, bookmarked, SHORT),
    Command.COPY_COMMAND: Row(clipboard),
    Command.DEFAULTS: Row(texts, seed_filled_in),
    Command.QUIT: Row(lambda scene: scene.window.isVisible()),
    Command.DARK: Row(lambda scene: QApplication.palette().window().color().name(), light),
    Command.PIPELINES_VIEW: Row(view_shown, charts),
    Command.CHARTS_VIEW: Row(view_shown),
    Command.REDUCED_MOTION: Row(
        lambda scene: [one.model.reduced for one in scene.window.board.findChildren(LaneScene)]
    ),
    Command.LINKS_VIEW: Row(view_shown),
    Command.RESULTS_VIEW: Row(view_shown),
    Command.CONSOLE: Row(shown("console")),
    Command.EVENTS: Row(shown("faults")),
    Command.TOOLBAR: Row(shown("toolbar")),
    Command.RESET_LAYOUT: Row(lambda scene: scene.window.size(), resized),
    Command.FULL_SCREEN: Row(lambda scene: scene.window.isFullScreen()),
    Command.FILTER_EVENTS: Row(lambda scene: scene.window.focusWidget(), ended, SHORT),
    Command.PRESENT: Row(shown("stage-header")),
    Command.LARGER_TYPE: Row(zoom),
    Command.SMALLER_TYPE: Row(zoom),
    Command.NORMAL_TYPE: Row(
        zoom, lambda scene: scene.window.commands[Command.LARGER_TYPE].trigger()
    ),
    Command.FOCUS_EVENTS: Row(lambda scene: scene.window.focusWidget(), ended, SHORT),
    Command.EXPLAIN_FAULT: Row(open_windows, fault_chosen, SHORT),
    Command.EXPLAIN_EVENT: Row(open_windows, ended, SHORT),
    Command.CHEAT_SHEET: Row(shown("cheat-sheet")),
    Command.KEYS: Row(open_windows),
    Command.ABOUT: Row(open_windows),
}

SUBMENUS = {Command.KILL_AT_STEP}
"""In the menu bar they are menus, which open by themselves."""

OPENED: list[str] = []
"""What was handed to the desktop to open."""

# How a command is given


def by_key(scene: Scene, command: Command) -> None:
    """Where the focus is."""
    key = next(spec.key for spec in SPECS if spec.command is command)
    QTest.keySequence(scene.window.focusWidget() or scene.window, QKeySequence(key))


def by_menu(scene: Scene, command: Command) -> None:
    """Opens the menu that has it, and chooses it there."""
    action = scene.window.commands[command]
    menu = menu_of(scene.window, action)
    menu.popup(scene.window.mapToGlobal(scene.window.menuBar().geometry().bottomLeft()))
    scene.qtbot.waitUntil(menu.isVisible)
    menu.setActiveAction(action)
    QTest.keyClick(menu, Qt.Key.Key_Return)


def menu_of(window: MainWindow, action: QAction) -> QMenu:
    """The menu of the menu bar that has the action."""
    for heading in window.menuBar().actions():
        menu = heading.menu()
        if isinstance(menu, QMenu) and action in menu.actions():
            return menu
    raise AssertionError(f"{action.objectName()} is in no menu")


@pytest.fixture(autouse=True)
def desktop(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A desktop that only writes down what it is to open."""
    OPENED.clear()
    opened = "PySide6.QtGui.QDesktopServices.openUrl"
    monkeypatch.setattr(opened, lambda url: OPENED.append(url.toString()) or True)
    QApplication.clipboard().clear()
    yield
    for menu in QApplication.topLevelWidgets():
        if isinstance(menu, QMenu):
            menu.close()


WAYS = {"key": by_key, "menu": by_menu}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("command", list(Command), ids=lambda command: command.value)
def test_it_does_what_can_be_seen(
    open_window: Opened, client: FakeClient, qtbot: QtBot, command: Command, way: str
) -> None:
    row = ROWS.get(command)
    assert row is not None, f"{command} has no row in ROWS"
    scene = Scene(open_window(row.settings), client, qtbot)
    row.prepare(scene)
    before = row.reads(scene)
    qtbot.waitUntil(scene.window.commands[command].isEnabled)
    WAYS[way](scene, command)
    qtbot.waitUntil(lambda: row.reads(scene) != before)


def test_every_key_is_taken_once() -> None:
    keys = [spec.key for spec in SPECS if spec.key]
    assert sorted({key for key in keys if keys.count(key) > 1}) == []
    assert [spec.command for spec in SPECS if not spec.key] == []
