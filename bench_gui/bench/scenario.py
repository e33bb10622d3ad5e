"""Prepared demonstrations: a story, the settings that show it, and what is to be seen. Pure.

Each is one file in `scenarios/`:

    title = "..."           a heading
    line = "..."            what it shows, in one line
    story = '''...'''       what happens and why; one paragraph a line
    watch-for = '''...'''   where to look; one paragraph a line
    [settings]              as in a settings file
    [[beats]]               how it is shown step by step, see `beats`
    [expect]                lane = ["column relation value", ...], columns as in summary.csv
"""

from __future__ import annotations

import difflib
import operator
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from importlib.resources import files
from typing import Any

from bench_gui.bench.beats import Beat, check_lanes, parse_beat
from bench_gui.bench.options import from_texts
from bench_gui.bench.records.results import SUMMARY_COLUMNS, SummaryRow
from bench_gui.bench.settings import RunSettings, SettingsError
from bench_gui.bench.settings_file import texts_of

DIRECTORY = "scenarios"
SUFFIX = ".toml"

WORD_COLUMNS = frozenset(one.name for one in fields(SummaryRow) if one.type == "str")
"""The columns that are no numbers."""

RELATIONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


@dataclass(frozen=True, slots=True)
class Expectation:
    """What one column of one lane's result must be.

    Fields:
        lane: its slug. column: of summary.csv. relation: one of RELATIONS.
        value: a number, or a word.
    """

    lane: str
    column: str
    relation: str
    value: float | str

    def __str__(self) -> str:
        value = self.value
        whole = isinstance(value, float) and value.is_integer()
        return f"{self.column} {self.relation} {int(value) if whole else value}"

    def problem(self, row: SummaryRow) -> str | None:
        """None when the lane's row is so, otherwise one sentence."""
        seen = getattr(row, self.column)
        if seen is not None and RELATIONS[self.relation](seen, self.value):
            return None
        return f"{self.lane}: {self}, but it was {'unknown' if seen is None else seen}"


@dataclass(frozen=True, slots=True)
class Scenario:
    """One prepared demonstration.

    Fields:
        slug: its name in arguments.
        title: a heading. line: what it shows, in one line.
        story: what happens and why. watch_for: where to look. Paragraphs.
        texts: its settings as text, by key; the others are at their defaults.
        expectations: what is surely seen at the end.
        beats: how it is shown step by step.
    """

    slug: str
    title: str
    line: str
    story: tuple[str, ...]
    watch_for: tuple[str, ...]
    texts: tuple[tuple[str, str], ...]
    expectations: tuple[Expectation, ...]
    beats: tuple[Beat, ...] = ()

    def settings(self) -> RunSettings:
        """What to run."""
        return from_texts(dict(self.texts))

    def settings_at(self, beat: int) -> RunSettings:
        """What to run when it is started at a beat, from 0: with the changes of those up to it."""
        changed = [pair for one in self.beats[: beat + 1] for pair in one.texts]
        return from_texts(dict(self.texts) | dict(changed))


def unmet(expectations: Iterable[Expectation], rows: Sequence[SummaryRow]) -> list[str]:
    """What is not as expected, one sentence each; of a lane that did not run, that it did not."""
    by_lane = {row.lane: row for row in rows}
    problems = [
        one.problem(by_lane[one.lane]) if one.lane in by_lane else f"{one.lane} did not run"
        for one in expectations
    ]
    return list(dict.fromkeys(problem for problem in problems if problem is not None))


@lru_cache(maxsize=1)
def scenarios() -> tuple[Scenario, ...]:
    """All of them, in the order in which one would show them."""
    directory = files("bench_gui.bench") / DIRECTORY
    found = [
        (tomllib.loads(entry.read_text("utf-8")), entry.name.removesuffix(SUFFIX))
        for entry in directory.iterdir()
        if entry.name.endswith(SUFFIX)
    ]
    found.sort(key=lambda one: (one[0]["order"], one[1]))
    return tuple(scenario_from(slug, table) for table, slug in found)


def scenario_of(slug: str) -> Scenario:
    """The scenario with this name.

    Raises:
        SettingsError: there is none; the nearest name is given.
    """
    known = {one.slug: one for one in scenarios()}
    if slug in known:
        return known[slug]
    nearest = difflib.get_close_matches(slug, known, n=1, cutoff=0.4)
    hint = f"did you mean {nearest[0]!r}?" if nearest else f"there are {', '.join(known)}"
    raise SettingsError("scenario", f"no scenario is called {slug!r}; {hint}")


def parse_expectation(lane: str, text: str) -> Expectation:
    """From "duplicates > 0". Raises ValueError for one that could never be checked."""
    wrong = f"{text!r} is not an expectation such as 'duplicates > 0'"
    parts = text.split(maxsplit=2)
    if len(parts) != 3 or parts[0] not in SUMMARY_COLUMNS or parts[1] not in RELATIONS:
        raise ValueError(wrong)
    column, relation, value = parts
    if column in WORD_COLUMNS:
        return Expectation(lane, column, relation, value)
    try:
        return Expectation(lane, column, relation, float(value))
    except ValueError:
        raise ValueError(f"{wrong}: {column} is a number") from None


def scenario_from(slug: str, table: dict[str, Any]) -> Scenario:
    """A scenario from its file's table.

    Only title, settings and beats must be there; without a line the title is one.

    Raises:
        ValueError: something is missing or cannot be run; BeatError says which beat it is.
    """
    title = _text(table, "title")
    scenario = Scenario(
        slug=slug,
        title=title,
        line=_text(table, "line", title),
        story=_paragraphs(_text(table, "story", "")),
        watch_for=_paragraphs(_text(table, "watch-for", "")),
        texts=tuple(texts_of(_table(table, "settings", 'rate = "1k"')).items()),
        expectations=tuple(_expectations(table)),
        beats=tuple(_beat(number, one) for number, one in enumerate(_beats(table))),
    )
    _check_beats(scenario)
    _check_expectations(scenario)
    return scenario


def _text(table: Mapping[str, Any], key: str, without: str | None = None) -> str:
    value = table.get(key, without)
    if not isinstance(value, str):
        raise ValueError(f'{key} is a text, such as {key} = "..."')
    return value


def _table(table: Mapping[str, Any], key: str, example: str) -> Mapping[str, Any]:
    value = table.get(key, {})
    if not isinstance(value, Mapping):
        raise ValueError(f"{key} is a table: [{key}] with lines such as {example}")
    return value


def _expectations(table: Mapping[str, Any]) -> Iterator[Expectation]:
    for lane, texts in _table(table, "expect", 'at-least-once = ["lost == 0"]').items():
        if not isinstance(texts, list) or not all(isinstance(one, str) for one in texts):
            raise ValueError(f'expect: {lane} has a list of texts such as ["lost == 0"]')
        yield from (parse_expectation(lane, text) for text in texts)


def _beats(table: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    beats = table.get("beats", [])
    if not isinstance(beats, list) or not all(isinstance(one, Mapping) for one in beats):
        raise ValueError('beats are tables: [[beats]] with lines such as text = "..."')
    return beats


class BeatError(ValueError):
    """A beat that cannot be: one sentence.

    Fields:
        number: which beat, from 0.
    """

    def __init__(self, number: int, sentence: str) -> None:
        super().__init__(f"beat {number + 1}: {sentence}")
        self.number = number


def _beat(number: int, table: Mapping[str, Any]) -> Beat:
    try:
        return parse_beat(table)
    except ValueError as error:
        raise BeatError(number, str(error)) from None


def _check_beats(scenario: Scenario) -> None:
    """Everything in them can be run, and is about lanes that are there."""
    scenario.settings()
    for number, beat in enumerate(scenario.beats):
        try:
            check_lanes(beat, scenario.settings_at(number).lanes)
        except ValueError as error:
            raise BeatError(number, str(error)) from None


def _check_expectations(scenario: Scenario) -> None:
    """Each is about a lane that runs, at one beat at least."""
    starts = [scenario.settings(), *map(scenario.settings_at, range(len(scenario.beats)))]
    running = {slug for settings in starts for slug in settings.lanes}
    for one in scenario.expectations:
        if one.lane not in running:
            raise ValueError(f"expect: {one.lane} is not one of the lanes that run")


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
