"""Two runs side by side, in words and numbers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bench_gui.bench.recording.about import About, RunView
from bench_gui.bench.records.results import SummaryRow
from bench_gui.bench.scenario import scenarios
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import RunState
from bench_gui.compare import compare, difference_sentence, settings_sentence, spreadsheet
from tests.values import summary

LANES = ("at-most-once", "at-least-once")


def view(settings: RunSettings, *rows: SummaryRow) -> RunView:
    about = About(f"run-{settings.seed}", settings, "", RunState.COMPLETE, None, coarse=False)
    return RunView(Path("runs"), about, {row.lane: row for row in rows}, {})


def changes(**of_b: Any) -> dict[str, str]:
    """What is said of at-least-once in B against the same with other results."""
    settings = RunSettings(lanes=("at-least-once",))
    row = summary(lost=0, duplicates=1200, throughput_eps=1000.0, recovery_p50_ms=40.0)
    (lane,) = compare(view(settings, row), view(settings, replace(row, **of_b)))
    return {line.title: line.change for line in lane.lines if line.differs}


@pytest.mark.parametrize(
    ("of_b", "said"),
    [
        ({}, {}),
        ({"lost": 3}, {"lost": "+3"}),
        ({"duplicates": 100}, {"duplicates": "\N{MINUS SIGN}1,100"}),
        ({"throughput_eps": 900.0}, {"throughput": "\N{MINUS SIGN}10 %"}),
        ({"throughput_eps": 1001.0}, {}),
        ({"latency_p50_ns": 1_500_000}, {"latency p50": "+50 %"}),
        ({"latency_p99_ns": 30_000_000}, {"latency p99": "10.0 times"}),
        ({"recovery_p50_ms": None}, {}),
        ({"verdict": "BROKEN"}, {"verdict": "changed"}),
    ],
)
def test_a_change_is_b_against_a(of_b: dict[str, Any], said: dict[str, str]) -> None:
    assert changes(**of_b) == said


def test_lanes_of_either_run_are_there_and_what_is_missing_is_empty() -> None:
    a = view(RunSettings(lanes=LANES), *(summary(slug) for slug in LANES))
    b = view(RunSettings(lanes=("exactly-once", LANES[1])), summary("exactly-once"))  # cut off
    lanes = compare(a, b)
    assert [(lane.slug, lane.in_a, lane.in_b) for lane in lanes] == [
        ("at-most-once", True, False),
        ("at-least-once", True, True),
        ("exactly-once", False, True),
    ]
    assert {line.b for line in lanes[0].lines} == {"-"}
    assert not any(line.differs for line in lanes[0].lines)


def test_what_was_set_differently_is_a_sentence() -> None:
    a = RunSettings(lanes=LANES, seed=7, kill_every_s=1.0)
    b = replace(a, lanes=LANES[:1], seed=8, kill_every_s=None)
    assert settings_sentence(a, b) == (
        "Set differently: kill-every 1s in A, never in B; seed 7 in A, 8 in B; "
        "At-least-once only in A."
    )
    assert settings_sentence(a, a).startswith("Both runs have the same settings")


def test_scenario_and_faults_by_hand_are_named() -> None:
    scenario = next(iter(scenarios()))
    a = replace(view(replace(scenario.settings(), seed=99)), by_hand=3)
    b = view(replace(scenario.settings(), seed=99))
    said = difference_sentence(a, b)
    assert said.startswith("Both runs have the same settings. A has the settings of the scenario")
    assert repr(scenario.title) in said
    assert said.endswith("Faults by hand: 3 in A.")


def test_the_spreadsheet_has_every_cell_as_a_number() -> None:
    settings = RunSettings(lanes=LANES[1:])
    a = view(settings, summary(duplicates=1200))
    lines = spreadsheet(compare(a, view(settings, summary(duplicates=0)))).splitlines()
    assert lines[0] == "lane\tresult\tunit\tA\tB\tchange"
    assert "At-least-once\tduplicates\t\t1200\t0\t\N{MINUS SIGN}1,200" in lines
    assert {line.count("\t") for line in lines} == {5}
