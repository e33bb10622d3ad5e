"""A presenter's script: opened by key and menu, read again when it changes, kept when wrong."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from bench_gui.bench.beats import CHART_ROWS, DEEDS, PARTS, VIEWS
from bench_gui.bench.scenario import scenario_of
from bench_gui.bench.script_file import read_script
from bench_gui.opening import Opening
from bench_gui.window.app import begin_with
from bench_gui.window.command_table import Command
from bench_gui.window.main_window import MainWindow
from bench_gui.window.session import Phase
from tests.bench.test_script_file import GOOD, written
from tests.gui.fake_client import FakeClient
from tests.gui.pressing import choose_from_menu, press, text_of

TELLS = """title = "Mine"

[settings]
rate = "300"

[[beats]]
text = "One."

[[beats]]
text = "Two."
"""
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
DOCUMENT = Path(__file__).parents[2] / "docs" / "SCRIPTS.md"


def choose(window: MainWindow, monkeypatch: pytest.MonkeyPatch, path: Path | None) -> None:
    """What the file dialog will give."""
    parts = replace(window.stage._parts, choose_script=lambda *_: path)
    monkeypatch.setattr(window.stage, "_parts", parts)


def test_by_key_and_by_menu(
    window: MainWindow,
    client: FakeClient,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    client.speed = 0.1
    choose(window, monkeypatch, written(tmp_path, GOOD))
    press(window, Qt.Key.Key_P, CONTROL, SHIFT)
    assert text_of(window, "story-title") == "Mine"
    choose_from_menu(window, "Scenarios", "Open a script...")
    press(window, Qt.Key.Key_PageDown)
    assert text_of(window, "story-beat") == "It runs."
    assert client.started[-1][0].rate_eps == 300
    press(window, Qt.Key.Key_PageDown)
    qtbot.waitUntil(lambda: len(client.kills) == 1)


def test_nothing_happens_when_none_is_chosen(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(window, monkeypatch, None)
    press(window, Qt.Key.Key_P, CONTROL, SHIFT)
    assert window.scenarios.scenario is None


def test_a_script_that_cannot_be_read_is_one_sentence(window: MainWindow, tmp_path: Path) -> None:
    assert not window.stage.open_script(written(tmp_path, "title = "))
    assert "mine.toml, line 1: this is not TOML" in window.banner.text
    assert window.scenarios.scenario is None


@pytest.mark.parametrize("replaced", [(False, False), (True, True), (True, False)])
def test_it_is_read_again_and_one_stays_at_the_beat_where_one_is(
    window: MainWindow, client: FakeClient, qtbot: QtBot, tmp_path: Path, replaced: tuple[bool, ...]
) -> None:
    client.speed = 0.1
    path = written(tmp_path, GOOD)
    assert window.stage.open_script(path)
    for _ in range(2):
        press(window, Qt.Key.Key_PageDown)
    for words, anew in zip(("It dies once.", "It dies again."), replaced, strict=True):
        text = GOOD.replace("It dies.", words)
        if anew:
            other = tmp_path / "mine.toml~"
            other.write_text(text, "utf-8")
            other.replace(path)
        else:
            path.write_text(text, "utf-8")
        qtbot.waitUntil(lambda words=words: text_of(window, "story-beat") == words)
        assert text_of(window, "story-place") == "beat 2 of 2"
    qtbot.waitUntil(lambda: len(client.kills) == 1)
    assert len(client.started) == 1


def test_a_mistake_keeps_the_last_good_version(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = written(tmp_path, GOOD)
    window.stage.open_script(path)
    path.write_text(GOOD.replace("kill consumer", "kil consumer"), "utf-8")
    qtbot.waitUntil(lambda: "line 13: beat 2" in window.banner.text)
    assert window.banner.text.endswith("the version before stays")
    assert text_of(window, "story-place") == "2 beats"
    path.write_text(GOOD.replace("Mine", "Yours"), "utf-8")
    qtbot.waitUntil(lambda: text_of(window, "story-title") == "Yours")
    assert window.banner.text == ""
    path.write_text(GOOD.replace("kill consumer", "kil consumer"), "utf-8")
    qtbot.waitUntil(lambda: "line 13: beat 2" in window.banner.text)
    path.write_text(GOOD.replace("Mine", "Yours"), "utf-8")  # as it was before the mistake
    qtbot.waitUntil(lambda: window.banner.text == "")


def test_a_scenario_takes_its_place_and_the_file_is_let_go(
    window: MainWindow, tmp_path: Path
) -> None:
    window.stage.open_script(written(tmp_path, GOOD))
    press(window, Qt.Key.Key_1, CONTROL)
    assert window.stage.script.path is None
    assert window.stage.script._watcher.files() == []


def undo(window: MainWindow) -> None:
    window.commands[Command.UNDO_SETTINGS].trigger()


def test_undo_keeps_what_a_script_says_now_and_where_one_is(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = written(tmp_path, TELLS)
    window.stage.open_script(path)
    press(window, Qt.Key.Key_PageDown)
    window.panel.show_texts({"seed": "4242"})
    path.write_text(TELLS.replace("Mine", "Yours"), "utf-8")
    qtbot.waitUntil(lambda: text_of(window, "story-title") == "Yours")
    title = window.commands[Command.UNDO_SETTINGS].text()
    window.panel.show_texts({"rate": "3k"})
    undo(window)
    assert window.commands[Command.UNDO_SETTINGS].text() == title
    assert text_of(window, "story-title") == "Yours"
    assert text_of(window, "story-place") == "beat 1 of 2"
    assert window.stage.script.path == path


def test_a_script_that_undo_brings_back_is_watched_again_at_the_beat_where_one_was(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = written(tmp_path, TELLS)
    window.stage.open_script(path)
    press(window, Qt.Key.Key_PageDown)
    press(window, Qt.Key.Key_1, CONTROL)
    undo(window)
    assert text_of(window, "story-place") == "beat 1 of 2"
    assert text_of(window, "story-beat") == "One."
    path.write_text(TELLS.replace("One.", "Once."), "utf-8")
    qtbot.waitUntil(lambda: text_of(window, "story-beat") == "Once.")


def test_settings_written_during_a_run_arrive_at_its_end(
    window: MainWindow, client: FakeClient, qtbot: QtBot, tmp_path: Path
) -> None:
    client.speed = 0.1
    path = written(tmp_path, TELLS)
    window.stage.open_script(path)
    press(window, Qt.Key.Key_F5)
    path.write_text(TELLS.replace("300", "500").replace("Mine", "Yours"), "utf-8")
    qtbot.waitUntil(lambda: text_of(window, "story-title") == "Yours")
    assert window.panel.texts()["rate"] == "300"
    window.session.abort()
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    assert window.panel.texts()["rate"] == "500"


def test_its_expectations_are_none_and_it_is_not_called_as_told(
    window: MainWindow, client: FakeClient, qtbot: QtBot, tmp_path: Path
) -> None:
    window.stage.open_script(written(tmp_path, GOOD))
    assert window.scenarios.scenario is not None
    assert window.scenarios.scenario.expectations == ()


def example() -> str:
    found = re.search(r"```toml\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def test_the_documented_example_can_be_shown(
    window: MainWindow, client: FakeClient, tmp_path: Path
) -> None:
    client.speed = 0.1
    path = written(tmp_path, example())
    assert window.stage.open_script(path), window.banner.text
    for beat in read_script(path).beats:
        press(window, Qt.Key.Key_PageDown)
        assert text_of(window, "story-beat") == beat.text
        assert "cannot" not in text_of(window, "status-message")


def test_the_document_names_everything_that_can_be_done_and_looked_at() -> None:
    text = DOCUMENT.read_text("utf-8")
    missing = [one for one in (*DEEDS, *VIEWS, *CHART_ROWS, *PARTS) if f"`{one}`" not in text]
    assert missing == []


def test_the_window_begins_with_what_was_asked_for(window: MainWindow, tmp_path: Path) -> None:
    begin_with(window, Opening(script=written(tmp_path, GOOD)))
    assert window.scenarios.scenario is not None
    assert window.scenarios.scenario.title == "Mine"
    assert not window.stage.presenting.on
    begin_with(window, Opening(scenario="retry-storm", present=True))
    assert window.scenarios.scenario == scenario_of("retry-storm")
    assert window.stage.presenting.on
