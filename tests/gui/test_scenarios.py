"""Scenarios: chosen by key and by menu, told in the window, undone, and held to what they tell."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from bench_gui.bench.records.results import SummaryRow
from bench_gui.bench.scenario import Scenario, scenarios
from bench_gui.bench.settings import RunSettings
from bench_gui.window.command_table import Command
from bench_gui.window.main_window import MainWindow
from bench_gui.window.session import Phase
from bench_gui.window.story import AS_TOLD, StoryPanel
from tests.gui.conftest import Opened, PlannedSummary
from tests.gui.fake_client import FakeClient
from tests.gui.pressing import choose_from_menu, click, fill_in, find, press, text_of
from tests.values import summary

CONTROL = Qt.KeyboardModifier.ControlModifier
ALL = scenarios()
IDS = [scenario.slug for scenario in ALL]


def number_key(number: int) -> Qt.Key:
    return Qt.Key(Qt.Key.Key_0.value + number)


def story(window: MainWindow) -> StoryPanel:
    return find(window, StoryPanel, "story")


@pytest.mark.parametrize("number", range(1, min(len(ALL), 9) + 1), ids=IDS[:9])
def test_a_scenario_by_its_key_fills_in_its_settings_and_tells_its_story(
    window: MainWindow, number: int
) -> None:
    scenario = ALL[number - 1]
    press(window, number_key(number), CONTROL)
    assert window.panel.reading.settings == scenario.settings()
    assert story(window).isVisible()
    assert text_of(window, "story-title") == scenario.title
    assert text_of(window, "story-text") == "\n".join(scenario.story)
    for one in scenario.watch_for:
        assert one in text_of(window, "story-watch")
    assert all(window.board.shows(slug) for slug in scenario.settings().lanes)


def test_a_scenario_by_its_menu(window: MainWindow) -> None:
    choose_from_menu(window, "Scenarios", f"2  {ALL[1].title}")
    assert window.panel.reading.settings == ALL[1].settings()


def test_its_beats_begin_from_its_story(window: MainWindow, client: FakeClient) -> None:
    press(window, Qt.Key.Key_2, CONTROL)
    find(window, QPushButton, "story-next-beat-button").click()
    assert client.started[-1][0] == ALL[1].settings_at(0)


def test_while_it_runs_what_to_watch_for_takes_one_line(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    client.speed = 0.1
    press(window, Qt.Key.Key_2, CONTROL)
    assert find(window, QLabel, "story-text").isVisible()
    press(window, Qt.Key.Key_F5)
    assert not find(window, QLabel, "story-text").isVisible()
    brief = find(window, QLabel, "story-watch-brief")
    assert brief.isVisible()
    assert all(one in brief.text() for one in ALL[1].watch_for)
    most = 4 * window.fontMetrics().height()
    qtbot.waitUntil(lambda: story(window).height() < most)  # two lines, and their margins


def test_undo_brings_back_what_was_filled_in_before(window: MainWindow) -> None:
    fill_in(window, "rate", "777")
    window.panel.add_lane("retry+process-first+counter")
    before = window.panel.reading.settings
    window.setFocus()
    press(window, Qt.Key.Key_1, CONTROL)
    press(window, Qt.Key.Key_3, CONTROL)
    assert window.panel.reading.settings == ALL[2].settings()
    press(window, Qt.Key.Key_Z, CONTROL)
    assert window.panel.reading.settings == ALL[0].settings()
    assert text_of(window, "story-title") == ALL[0].title
    press(window, Qt.Key.Key_Z, CONTROL)
    assert window.panel.reading.settings == before
    assert not story(window).isVisible()


def test_a_scenario_that_was_taken_back_comes_again_with_its_story(window: MainWindow) -> None:
    press(window, Qt.Key.Key_1, CONTROL)
    press(window, Qt.Key.Key_Z, CONTROL)
    press(window, Qt.Key.Key_Y, CONTROL)
    assert window.panel.reading.settings == ALL[0].settings()
    assert story(window).isVisible()
    press(window, Qt.Key.Key_D, CONTROL)
    assert not story(window).isVisible()
    assert window.panel.reading.settings == RunSettings()


def test_the_story_is_hidden_and_shown_by_key(window: MainWindow) -> None:
    assert "no scenario was chosen" in window.commands[Command.STORY].toolTip()
    press(window, Qt.Key.Key_1, CONTROL)
    press(window, Qt.Key.Key_F4)
    assert not story(window).isVisible()
    press(window, Qt.Key.Key_F4)
    assert story(window).isVisible()
    assert find(window, QLabel, "story-text").isVisible()


def test_no_scenario_is_chosen_while_a_run_goes_on(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    client.speed = 0.1
    before = window.panel.reading.settings
    click(window, "start")
    press(window, Qt.Key.Key_1, CONTROL)
    assert window.panel.reading.settings == before
    assert all("a run is going on" in action.toolTip() for action in window.scenarios.actions)
    click(window, "stop")
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    assert all(action.isEnabled() for action in window.scenarios.actions)


def test_the_hint_for_beginners_makes_way(window: MainWindow) -> None:
    hint = find(window, QFrame, "hint")
    press(window, Qt.Key.Key_1, CONTROL)
    assert not hint.isVisible()
    press(window, Qt.Key.Key_Z, CONTROL)
    assert hint.isVisible()


def test_the_next_start_has_the_user_s_own_settings(
    open_window: Opened, store: QSettings, qtbot: QtBot
) -> None:
    first = open_window()
    fill_in(first, "rate", "777")
    first.setFocus()
    press(first, Qt.Key.Key_1, CONTROL)
    press(first, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: first.session.phase is Phase.ENDED)
    first.close()
    settings = open_window().panel.reading.settings
    assert settings is not None
    assert settings.rate_eps == 777


def rows(scenario: Scenario, **changes: object) -> list[SummaryRow]:
    """A result that is as the scenario tells only by chance."""
    return [summary(slug, **changes) for slug in scenario.settings().lanes]


def run(window: MainWindow, qtbot: QtBot) -> None:
    press(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)


def test_a_run_is_held_to_what_its_story_tells(
    window: MainWindow, results: PlannedSummary, qtbot: QtBot
) -> None:
    results.rows = rows(ALL[0], verdict="NOT TESTED")
    press(window, Qt.Key.Key_1, CONTROL)
    run(window, qtbot)
    outcome = find(window, QLabel, "story-outcome")
    qtbot.waitUntil(outcome.isVisible)
    assert outcome.text() == AS_TOLD, outcome.toolTip()
    results.rows = rows(ALL[0], verdict="NOT TESTED", lost=3)
    run(window, qtbot)
    qtbot.waitUntil(lambda: "not as told" in outcome.text())
    assert "lost == 0" in outcome.toolTip()


def test_other_settings_are_not_held_to_it(
    window: MainWindow, results: PlannedSummary, qtbot: QtBot
) -> None:
    results.rows = rows(ALL[0], lost=3)
    press(window, Qt.Key.Key_1, CONTROL)
    fill_in(window, "rate", "400")
    window.setFocus()
    run(window, qtbot)
    assert results.asked == []
    assert not find(window, QLabel, "story-outcome").isVisible()


def test_every_scenario_s_settings_have_fields_here(window: MainWindow) -> None:
    for scenario in ALL:
        window.scenarios.choose(scenario)
        assert window.panel.problem() == ""
        assert window.panel.reading.settings == scenario.settings() != RunSettings()


def test_nothing_is_seen_as_told_where_nothing_was_expected(
    window: MainWindow, results: PlannedSummary, qtbot: QtBot
) -> None:
    results.rows = rows(ALL[0], verdict="NOT TESTED")
    window.scenarios.choose(replace(ALL[0], expectations=()))
    run(window, qtbot)
    assert window.session._background.wait(5_000)
    assert results.asked == []
    assert not find(window, QLabel, "story-outcome").isVisible()
