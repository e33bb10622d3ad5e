"""Scenarios can be run as they stand, promise what can be checked, and the check can fail."""

from __future__ import annotations

import shlex
import tomllib
from pathlib import Path

import pytest

from bench_gui.bench.options import command_line, from_texts
from bench_gui.bench.records.table import WIDTH
from bench_gui.bench.scenario import (
    Expectation,
    Scenario,
    parse_expectation,
    scenario_of,
    scenarios,
    unmet,
)
from bench_gui.bench.settings import SettingsError
from bench_gui.scenario_text import scenario_list, scenario_text
from tests.values import summary
from workers.lanes import LANES

ROOT = Path(__file__).parents[2]
WANTED = {
    "crash-after-processing", "retry-storm", "lost-requests", "zombie-consumer",
    "exactly-once-meets-a-database", "coordinator-dies", "role-down", "no-faults",
}  # fmt: skip


def test_those_that_every_reader_needs_are_there() -> None:
    assert {one.slug for one in scenarios()} >= WANTED


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda one: one.slug)
def test_a_scenario_is_whole(scenario: Scenario) -> None:
    settings = scenario.settings()
    assert settings.duration_s <= 6
    assert {one.lane for one in scenario.expectations} == set(settings.lanes)
    assert len(scenario.line) <= WIDTH
    assert scenario.story
    assert scenario.watch_for


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda one: one.slug)
def test_the_command_line_shown_stands_for_it(scenario: Scenario) -> None:
    words = shlex.split(command_line(scenario.settings()))[3:]
    given = {
        key.removeprefix("--"): text for key, text in zip(words[::2], words[1::2], strict=True)
    }
    assert from_texts(given) == scenario.settings()


def test_the_scenarios_are_packed_with_the_program() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert project["tool"]["setuptools"]["package-data"]["bench_gui.bench"] == ["scenarios/*.toml"]


def test_together_they_show_every_lane() -> None:
    shown = {slug for one in scenarios() for slug in one.settings().lanes}
    assert shown == {lane.slug for lane in LANES}


def expect(*texts: str) -> list[Expectation]:
    return [parse_expectation("at-least-once", text) for text in texts]


def test_what_is_so_is_no_problem() -> None:
    row = summary(duplicates=3, verdict="NOT TESTED", blocked_ms=1.5)
    met = expect("duplicates > 0", "duplicates == 3", "lost == 0", "verdict == NOT TESTED",
                 "verdict != BROKEN", "blocked_ms >= 1.5", "blocked_ms < 2")  # fmt: skip
    assert unmet(met, [row]) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("duplicates > 3", "at-least-once: duplicates > 3, but it was 3"),
        ("duplicates != 3", "at-least-once: duplicates != 3, but it was 3"),
        ("verdict == HOLDS", "at-least-once: verdict == HOLDS, but it was NOT TESTED"),
        ("blocked_ms <= 1.25", "at-least-once: blocked_ms <= 1.25, but it was 1.5"),
        ("recovery_max_ms > 0", "at-least-once: recovery_max_ms > 0, but it was unknown"),
        ("latency_max_ns > 700000000", "at-least-once: latency_max_ns > 700000000, but it was"
         " 5000000"),
    ],
)  # fmt: skip
def test_what_is_not_so_is_said(text: str, problem: str) -> None:
    row = summary(duplicates=3, verdict="NOT TESTED", blocked_ms=1.5)
    assert unmet(expect(text), [row]) == [problem]


def test_a_lane_that_did_not_run_showed_nothing() -> None:
    told = unmet(expect("duplicates > 0", "lost == 0"), [summary("exactly-once")])
    assert told == ["at-least-once did not run"]


@pytest.mark.parametrize("text", ["dupes > 0", "duplicates => 0", "duplicates"])
def test_an_expectation_that_cannot_be_checked_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"expectation|unpack"):
        parse_expectation("at-least-once", text)


@pytest.mark.parametrize(
    ("name", "hint"),
    [("retry-strom", "did you mean 'retry-storm'"), ("zzz", "there are no-faults, ")],
)
def test_an_unknown_name_is_one_sentence(name: str, hint: str) -> None:
    with pytest.raises(SettingsError, match=hint) as caught:
        scenario_of(name)
    assert caught.value.field == "scenario"
    assert "\n" not in str(caught.value)


def test_the_list_and_the_story_fit_a_terminal() -> None:
    for text in (scenario_list(scenarios()), *map(scenario_text, scenarios())):
        commands = ("It stands for: ",)
        lines = [line for line in text.splitlines() if not line.startswith(commands)]
        assert max(map(len, lines)) <= WIDTH


def test_the_story_says_what_to_watch_for_and_how_to_run_it() -> None:
    text = scenario_text(scenario_of("retry-storm"))
    assert text.startswith("Acknowledgements that never come\n")
    assert "Watch for:\n\n- Duplicates in the log" in text
    assert "python main.py run --scenario retry-storm" in text
    assert "  exactly-once: lost == 0, duplicates == 0" in text
