"""Settings in a file: TOML, one setting a line, with the command line's names and units.

    lanes = "at-most-once,exactly-once"
    duration = "30s"
    rate = "2k"
    commit-interval = "100ms"

TOML, because people write these files: it has comments, and the units are in the text.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.options import OPTION_BY_KEY, from_texts, to_texts
from bench_gui.bench.records.atomic_file import write_whole
from bench_gui.bench.settings import RunSettings, SettingsError
from bench_gui.bench.small_file import read_small

HEADING = "# Delivery Bench settings. Run them with: python main.py run --settings FILE\n"


def read_texts(path: Path) -> dict[str, str]:
    """The settings that the file names, as text by key; what they mean is not looked at.

    Raises EnvironmentProblem when it cannot be read, SettingsError when it is not such a file.
    """
    try:
        table = tomllib.loads(read_small(path))
    except OSError as error:
        reason = error.strerror or str(error)
        raise EnvironmentProblem(f"settings file {path} cannot be read ({reason})") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError("settings", f"settings file {path} is not TOML: {error}") from None
    except UnicodeDecodeError:
        raise SettingsError("settings", f"settings file {path} is not UTF-8 text") from None
    except RecursionError:
        sentence = f"settings file {path} is nested too deeply"
        raise SettingsError("settings", sentence) from None
    except ValueError:  # a NUL in its name
        sentence = f"settings file {str(path)!r} cannot be read: no file is so called"
        raise EnvironmentProblem(sentence) from None
    return texts_of(table)


def load_settings(path: Path) -> RunSettings:
    """The file's settings; what it does not name is at its default.

    Raises EnvironmentProblem when it cannot be read, SettingsError when it says what cannot be run.
    """
    return from_texts(read_texts(path))


def save_settings(path: Path, settings: RunSettings) -> None:
    """Writes every setting, so that another version's defaults change nothing.

    Raises EnvironmentProblem.
    """
    lines = [
        f"{key} = {json.dumps(text, ensure_ascii=False)}\n"
        for key, text in to_texts(settings).items()
    ]
    write_whole(path, HEADING + "".join(lines))


def texts_of(table: Mapping[str, object]) -> dict[str, str]:
    """A TOML table of settings as text by key. Raises SettingsError for a value that is none."""
    return {key: _text(key, value) for key, value in table.items()}


def _text(key: str, value: object) -> str:
    """A TOML value as the command line would have it: 3 is "3", ["a", "b"] is "a,b"."""
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        option = OPTION_BY_KEY.get(key)
        return ((option and option.joined_by) or ",").join(value)
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value)
    raise SettingsError(key, f'{key}: write the value as text, such as {key} = "..."')
