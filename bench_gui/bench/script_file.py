"""A presenter's script in a file: a scenario of one's own, whose problems name their line. Pure."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.options import OPTIONS
from bench_gui.bench.scenario import BeatError, Scenario, scenario_from
from bench_gui.bench.settings import SettingsError
from bench_gui.bench.small_file import read_small

BEAT_HEADING = re.compile(r"\s*\[\[\s*beats\s*\]\]")
TOML_LINE = re.compile(r"\(at line (\d+), column \d+\)|\(at end of document\)")
HEADING = re.compile(r"\s*\[")
BEAT_PREFIX = re.compile(r"^beat \d+: ")
QUOTED = re.compile(r"'([^']+)'")
WORD = re.compile(r"^[\w-]+")
KNOWN = ("title", "line", "story", "watch-for", "settings", "beats", "order", "expect")


class ScriptError(ValueError):
    """A script that cannot be shown: one sentence that names the file, and its line if known."""

    def __init__(self, path: Path, line: int | None, sentence: str) -> None:
        where = f"{path.name}, line {line}" if line is not None else path.name
        super().__init__(f"{where}: {sentence}")
        self.line = line


def read_script(path: Path) -> Scenario:
    """The scenario that the file is.

    Raises:
        EnvironmentProblem: it cannot be read. ScriptError: it says what cannot be shown.
    """
    try:
        text = read_small(path)
    except UnicodeDecodeError:
        raise ScriptError(path, None, "it is not UTF-8 text") from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise EnvironmentProblem(f"script {path} cannot be read ({reason})") from error
    except ValueError:  # a NUL in its name
        raise EnvironmentProblem(
            f"script {str(path)!r} cannot be read: no file is so called"
        ) from None
    return _scenario(path, text)


def _scenario(path: Path, text: str) -> Scenario:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScriptError(path, _toml_line(str(error), text), _said(str(error))) from None
    except RecursionError:
        raise ScriptError(path, None, "its lists or tables are nested too deeply") from None
    unknown = sorted(set(table) - set(KNOWN))
    if unknown:
        line = _line_of(text, rf"\s*\[?\[?\s*{re.escape(unknown[0])}\b")
        raise ScriptError(path, line, f"a script has no {unknown[0]!r}; it has {', '.join(KNOWN)}")
    if not isinstance(table.get("title"), str) or not table.get("beats"):
        raise ScriptError(path, None, "a script has a title and at least one [[beats]]")
    try:
        return scenario_from(path.stem, table)
    except BeatError as error:
        heading = _line_of(text, BEAT_HEADING, error.number)
        line = _line_within(text, heading, str(error)) if heading is not None else None
        raise ScriptError(path, line or heading, str(error)) from None
    except SettingsError as error:
        line = _line_of(text, rf"\s*\"?{re.escape(_key_of(error.field))}\b")
        raise ScriptError(path, line, str(error)) from None
    except ValueError as error:
        raise ScriptError(path, _line_within(text, 0, str(error)), str(error)) from None


def _line_within(text: str, heading: int, sentence: str) -> int | None:
    """The line of a table that a sentence is about, by the value that it quotes or its key.

    Args:
        heading: the line of the table's heading, from 1; 0 for the whole file.
    """
    lines = text.splitlines()[heading:]
    ends = [n for n, line in enumerate(lines) if HEADING.match(line)] if heading else []
    table = lines[: ends[0]] if ends else lines
    said = BEAT_PREFIX.sub("", sentence)
    quoted, words = QUOTED.findall(said)[:1], WORD.findall(said)[:1]
    for wanted in (*map(re.escape, quoted), *(rf"^\s*\"?{re.escape(word)}\b" for word in words),
                   *(rf"\b{re.escape(word)}\s*=" for word in words)):  # fmt: skip
        for number, line in enumerate(table, start=heading + 1):
            if re.search(wanted, line):
                return number
    return None


def _key_of(field: str) -> str:
    """A setting's name in a file; a key that is none is its own."""
    return next((option.key for option in OPTIONS if option.field == field), field)


def _toml_line(sentence: str, text: str) -> int | None:
    found = TOML_LINE.search(sentence)
    if found is None:
        return None
    return int(found[1]) if found[1] else text.count("\n") + 1


def _said(sentence: str) -> str:
    """What is wrong, as a part of a sentence, without the place that is named already."""
    plain = TOML_LINE.sub("", sentence).strip()
    return f"this is not TOML: {plain[:1].lower()}{plain[1:]}"


def _line_of(text: str, start: str | re.Pattern[str], number: int = 0) -> int | None:
    """The line, from 1, that is the `number`-th (from 0) to begin so; None when there is none."""
    pattern = re.compile(start)
    lines = [n for n, line in enumerate(text.splitlines(), start=1) if pattern.match(line)]
    return lines[number] if number < len(lines) else None
