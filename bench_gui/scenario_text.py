"""Scenarios as a terminal shows them. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from itertools import groupby

from bench_gui.bench.beats import Beat
from bench_gui.bench.options import command_line
from bench_gui.bench.records.table import WIDTH
from bench_gui.bench.scenario import Scenario

INDENT = "  "


def scenario_list(scenarios: Sequence[Scenario]) -> str:
    """One paragraph each: name, title, and what it shows in one line."""
    width = max(len(one.slug) for one in scenarios)
    told = (f"{one.slug.ljust(width)}{INDENT}{one.title}\n{INDENT}{one.line}" for one in scenarios)
    return "\n".join(told) + "\n\nRun one with: python main.py run --scenario NAME\n"


def scenario_text(scenario: Scenario) -> str:
    """Its story, what to watch for, how to run it and what will surely be seen."""
    parts = [
        f"{scenario.title}\n{'-' * len(scenario.title)}",
        *map(_filled, scenario.story),
        "Watch for:",
        *map(_listed, scenario.watch_for),
        *_beats(scenario),
        f"Run it with: python main.py run --scenario {scenario.slug}\n"
        f"It stands for: {command_line(scenario.settings())}",
        "Surely seen at the end:\n" + "\n".join(_expected(scenario)),
    ]
    return "\n\n".join(parts) + "\n"


def _filled(paragraph: str) -> str:
    return textwrap.fill(paragraph, WIDTH)


def _listed(paragraph: str) -> str:
    return textwrap.fill(paragraph, WIDTH, initial_indent="- ", subsequent_indent=INDENT)


def _beats(scenario: Scenario) -> list[str]:
    """In the window, step by step: what is said, and what is done then."""
    if not scenario.beats:
        return []
    told = [_beat(number, beat) for number, beat in enumerate(scenario.beats, start=1)]
    return ["Beats, in the window (PageDown):", "\n".join(told)]


def _beat(number: int, beat: Beat) -> str:
    done = f" [{'; '.join(map(str, beat.deeds))}]" if beat.deeds else ""
    mark = f"{number}. "
    return textwrap.fill(
        beat.text + done, WIDTH, initial_indent=mark, subsequent_indent=" " * len(mark)
    )


def _expected(scenario: Scenario) -> Iterable[str]:
    for lane, group in groupby(scenario.expectations, key=lambda one: one.lane):
        said = f"{INDENT}{lane}: {', '.join(map(str, group))}"
        yield textwrap.fill(said, WIDTH, subsequent_indent=2 * INDENT)
