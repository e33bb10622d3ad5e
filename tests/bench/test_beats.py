"""Beats: what a file can say, what it cannot, and that every scenario's beats can be shown."""

from __future__ import annotations

import pytest

from bench_gui.bench.beats import (
    CHART_ROWS,
    DEEDS,
    VIEWS,
    Beat,
    Deed,
    Verb,
    parse_beat,
    parse_deed,
)
from bench_gui.bench.lane_steps import passes
from bench_gui.bench.scenario import BeatError, Scenario, scenario_from, scenarios
from bench_gui.bench.settings import SettingsError
from bench_gui.scenario_text import scenario_text
from bench_gui.window.rows import ROWS
from bench_gui.window.views import View
from workers.failpoints import Failpoint
from workers.lanes import Role, lane_of
from workers.steps import Step

AT_A_STEP = "kill at consumer:after=effect-applied,before=offsets-committed"
ALL = pytest.mark.parametrize("scenario", scenarios(), ids=lambda one: one.slug)


@pytest.mark.parametrize("text", [*DEEDS, AT_A_STEP])
def test_a_deed_is_read_as_it_is_written(text: str) -> None:
    assert str(parse_deed(text)) == text


def test_a_deed_knows_its_role_and_its_step() -> None:
    assert parse_deed("take  producers down") == Deed(Verb.TAKE_DOWN, Role.PRODUCER)
    assert parse_deed(AT_A_STEP).failpoint == Failpoint(
        Role.CONSUMER, after=Step.EFFECT_APPLIED, before=Step.OFFSETS_COMMITTED
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("kill consumers", "did you mean 'kill consumer'?"),
        ("sing", "there are cut off, "),
        ("kill at consumer:after=efect-applied", "did you mean 'effect-applied'?"),
        (f"{AT_A_STEP};producer:before=acked", "more than one step"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        parse_deed(text)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_beat_is_read() -> None:
    table = {
        "text": "Two words\n  here.",
        "settings": {"rate": 5, "duration": "3m"},
        "do": ["start", "kill consumer"],
        "look": "lag",
        "lane": "all",
    }
    assert parse_beat(table) == Beat(
        "Two words here.",
        (("rate", "5"), ("duration", "3m")),
        (Deed(Verb.START), Deed(Verb.KILL, Role.CONSUMER)),
        "lag",
        "all",
    )


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({}, "text is missing"),
        ({"text": 3}, "text is a text"),
        ({"text": "x", "doo": "start"}, "did you mean 'do'?"),
        ({"text": "x", "do": [3]}, "do is a list of texts"),
        ({"text": "x", "settings": 3}, "settings is a table"),
        ({"text": "x", "settings": {"rate": True}}, "rate"),
        ({"text": "x", "look": "lagg"}, "did you mean 'lag'?"),
        ({"text": "x", "lane": "exactly"}, "or a lane"),
    ],
)
def test_a_beat_that_cannot_be_is_one_sentence(table: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        parse_beat(table)
    assert sentence in str(caught.value)


def scenario_with(*beats: dict[str, object]) -> Scenario:
    table = {"title": "t", "settings": {"lanes": "at-least-once"}, "beats": list(beats)}
    return scenario_from("t", table)


def test_a_beat_about_a_lane_that_does_not_run_is_refused_by_its_number() -> None:
    with pytest.raises(BeatError, match="beat 2: lane: exactly-once is not one") as caught:
        scenario_with({"text": "x"}, {"text": "y", "lane": "exactly-once"})
    assert caught.value.number == 1


def test_settings_that_cannot_run_are_refused_by_the_beat_s_number() -> None:
    with pytest.raises(BeatError, match="beat 1: rate"):
        scenario_with({"text": "x", "settings": {"rate": "fast"}})
    with pytest.raises(SettingsError):
        scenario_from("t", {"title": "t", "settings": {"rate": "fast"}})


def test_settings_add_up_from_beat_to_beat() -> None:
    scenario = scenario_with(
        {"text": "x", "settings": {"rate": 5}}, {"text": "y", "settings": {"seed": 9}}
    )
    assert scenario.settings_at(-1) == scenario.settings()
    assert scenario.settings_at(0).rate_eps == 5
    assert (scenario.settings_at(1).rate_eps, scenario.settings_at(1).seed) == (5, 9)


def test_what_there_is_to_look_at_is_what_the_window_has() -> None:
    assert tuple(row.key for row in ROWS) == CHART_ROWS
    assert tuple(f"{name}-view" for name in VIEWS) == tuple(view.value for view in View)


@ALL
def test_a_scenario_has_four_to_seven_short_beats(scenario: Scenario) -> None:
    assert 4 <= len(scenario.beats) <= 7
    for beat in scenario.beats:
        assert len(beat.text) <= 125, "two lines on a projector"
        assert beat.look is not None


@ALL
def test_a_scenario_starts_with_its_first_beat_stops_in_the_end_and_lasts_long_enough(
    scenario: Scenario,
) -> None:
    deeds = [[deed.verb for deed in beat.deeds] for beat in scenario.beats]
    assert deeds[0] == [Verb.START]
    done = [verb for beat in deeds for verb in beat]
    assert done.count(Verb.START) == 1
    assert done[-1] is Verb.STOP
    assert scenario.settings_at(0).duration_s >= 120
    assert not any(beat.texts for beat in scenario.beats[1:]), "a run goes on"


@ALL
def test_a_step_to_kill_at_is_passed_by_the_lane_in_focus(scenario: Scenario) -> None:
    aim = "all"
    for beat in scenario.beats:
        aim = beat.lane or aim
        lanes = scenario.settings().lanes if aim == "all" else (aim,)
        for deed in beat.deeds:
            if deed.failpoint is not None:
                assert any(passes(lane_of(slug), deed.failpoint) for slug in lanes)


@ALL
def test_the_command_line_tells_the_beats(scenario: Scenario) -> None:
    told = " ".join(scenario_text(scenario).split())
    for number, beat in enumerate(scenario.beats, start=1):
        assert f"{number}. {beat.text}" in told
