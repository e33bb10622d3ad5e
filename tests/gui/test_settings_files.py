"""Settings files: saved, opened and dropped, and the same to the window and the command line."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFrame
from pytestqt.qtbot import QtBot

from bench_gui.bench.settings import RunSettings
from bench_gui.bench.settings_file import load_settings, save_settings
from bench_gui.bench.small_file import MOST_BYTES
from bench_gui.cli import main as command_line
from bench_gui.window import drops
from bench_gui.window.command_table import Command
from bench_gui.window.drops import Dropped, kind_of
from bench_gui.window.main_window import MainWindow
from tests.fake_bench import FakeBench
from tests.gui.conftest import Opened
from tests.gui.fake_client import FakeClient
from tests.gui.other_settings import OTHER
from tests.gui.pressing import choose_from_menu, click, fill_in, find, press

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_settings_go_through_a_file_to_the_command_line_and_back(
    open_window: Opened, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(OTHER)
    press(window, Qt.Key.Key_S, CONTROL)
    file = tmp_path / "settings.toml"
    qtbot.waitUntil(file.exists)
    bench = FakeBench(lane=OTHER.lanes[0])
    command_line(["run", "--settings", str(file), "--out", str(tmp_path / "out")], lambda: bench)
    assert bench.settings == OTHER
    press(window, Qt.Key.Key_D, CONTROL)
    assert window.panel.reading.settings == RunSettings()
    press(window, Qt.Key.Key_L, CONTROL, SHIFT)
    qtbot.waitUntil(lambda: window.panel.reading.settings == OTHER)
    assert window.commands[Command.UNDO_SETTINGS].text() == "&Undo: the file settings.toml"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rate = 'quick'", "quick"),
        ("no toml at all", "not TOML"),
        ("speed = '3'", "no setting is called 'speed'"),
        ("producers = '99'", "from 1 to 16"),
    ],
)
def test_a_bad_file_is_one_sentence_and_changes_nothing(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, text: str, said: str
) -> None:
    fill_in(window, "rate", "2k")
    before = window.panel.texts()
    (tmp_path / "settings.toml").write_text(text, "utf-8")
    choose_from_menu(window, "Settings", "Open settings...")
    qtbot.waitUntil(lambda: said in window.banner.text)
    assert "\n" not in window.banner.text
    assert window.panel.texts() == before


def test_a_file_that_is_not_there_is_one_sentence(window: MainWindow, qtbot: QtBot) -> None:
    choose_from_menu(window, "Settings", "Open settings...")
    qtbot.waitUntil(lambda: "cannot be read" in window.banner.text)


def test_a_name_without_an_ending_gets_one(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window.explorer.files, "_ask_save", lambda *_: tmp_path / "mine")
    press(window, Qt.Key.Key_S, CONTROL)
    qtbot.waitUntil((tmp_path / "mine.toml").exists)
    assert load_settings(tmp_path / "mine.toml") == RunSettings()


def drop(window: MainWindow, path: Path) -> bool:
    """Whether it was taken. Drags and drops as a file manager does."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    buttons = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(600, 300), Qt.DropAction.CopyAction, data, *buttons)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    if not enter.isAccepted():
        return False
    event = QDropEvent(QPointF(600, 300), Qt.DropAction.CopyAction, data, *buttons)
    QApplication.sendEvent(window, event)
    return event.isAccepted()


def test_a_settings_file_dropped_on_the_window_is_filled_in(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    save_settings(tmp_path / "dropped.toml", OTHER)
    assert drop(window, tmp_path / "dropped.toml")
    qtbot.waitUntil(lambda: window.panel.reading.settings == OTHER)


def test_a_file_dropped_while_a_run_goes_on_changes_nothing(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, client: FakeClient
) -> None:
    client.speed = 0.1
    save_settings(tmp_path / "dropped.toml", OTHER)
    click(window, "start")
    assert drop(window, tmp_path / "dropped.toml")
    qtbot.waitUntil(lambda: "a run is going on" in window.banner.text)
    assert window.panel.reading.settings == RunSettings()


def test_a_dragged_file_is_looked_at_once(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_settings(tmp_path / "dragged.toml", OTHER)
    looked_at: list[Path] = []
    monkeypatch.setattr(drops, "kind_of", lambda path: looked_at.append(path) or Dropped.SETTINGS)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "dragged.toml"))])
    buttons = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    for kind in (QDragEnterEvent, QDragMoveEvent, QDragMoveEvent):
        event = kind(QPoint(600, 300), Qt.DropAction.CopyAction, data, *buttons)
        window.drops.eventFilter(window, event)
        assert event.isAccepted()
    assert drop(window, tmp_path / "dragged.toml")
    assert len(looked_at) == 2, "once a drag"


def test_a_large_file_is_one_sentence_however_it_comes(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "large.toml"
    path.write_text('title = "x"\n' + "#" * MOST_BYTES, "utf-8")
    assert drop(window, path)
    qtbot.waitUntil(lambda: "it is larger than 1 MB" in window.banner.text)
    window.banner.clear()
    assert not window.stage.open_script(path)
    assert "it is larger than 1 MB" in window.banner.text


def test_what_nobody_opens_is_not_taken(window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"")
    assert not drop(window, tmp_path / "picture.png")
    assert not drop(window, tmp_path)


def test_a_script_that_is_dropped_is_told(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    script = files("bench_gui.bench") / "scenarios" / "no-faults.toml"
    (tmp_path / "talk.toml").write_text(script.read_text("utf-8"), "utf-8")
    assert drop(window, tmp_path / "talk.toml")
    qtbot.waitUntil(find(window, QFrame, "story").isVisible)


def test_what_is_dropped_is_told_apart_by_its_name_and_by_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "run.db").write_bytes(b"")
    (tmp_path / "script.toml").write_text('title = "A talk"', "utf-8")
    (tmp_path / "settings.TOML").write_text('rate = "1k"', "utf-8")
    (tmp_path / "broken.toml").write_text("=", "utf-8")
    kinds = {
        "run": Dropped.RUN,
        "run/run.db": Dropped.RUN,
        "script.toml": Dropped.SCRIPT,
        "settings.TOML": Dropped.SETTINGS,
        "broken.toml": Dropped.SETTINGS,
        "nothing.toml": None,
        ".": None,
    }
    assert {name: kind_of(tmp_path / name) for name in kinds} == kinds
