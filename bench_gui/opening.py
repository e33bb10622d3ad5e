"""What the window is to open with, by the command line: `open`, `play`, `window`. Knows no Qt.

A path alone is short for `open`, and a TOML file for `window` with it, so that each can be dropped
on the program.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Callable, Collection, Sequence
from contextlib import closing
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.recording.about import SPEEDS, find_run
from bench_gui.bench.scenario import scenario_of
from bench_gui.bench.script_file import ScriptError, read_script
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.settings_file import load_settings
from bench_gui.bench.small_file import read_small

SUFFIX = ".toml"
TITLE = "title"
"""A presenter's script has one, a settings file has none."""
WINDOW_COMMANDS = ("open", "play", "window")


@dataclass(frozen=True, slots=True)
class Opening:
    """What the window shows first.

    Fields:
        run_dir: a recorded run; None for none.
        speed: at which it is played from its beginning; None shows its end.
        settings: what is filled in; None for the settings used last.
        script: a presenter's script to show; None for none.
        scenario: a prepared demonstration to show, by its name; None for none.
        present: whether it starts in present mode.
    """

    run_dir: Path | None = None
    speed: float | None = None
    settings: RunSettings | None = None
    script: Path | None = None
    scenario: str | None = None
    present: bool = False


OpenWindow = Callable[[Opening], int]


def named(argv: Sequence[str], commands: Collection[str]) -> list[str]:
    """A path alone with the command that it is short for; a command's name is no path."""
    if len(argv) == 1 and argv[0] not in commands and _is_path(argv[0]):
        path = Path(argv[0])
        if path.suffix.lower() == SUFFIX and path.is_file():
            return ["window", "--script" if is_script(path) else "--settings", argv[0]]
        return ["open", argv[0]]
    return list(argv)


def is_script(path: Path) -> bool:
    """Whether a TOML file is a presenter's script; one that cannot be read counts as settings."""
    try:
        return TITLE in tomllib.loads(read_small(path))
    except (OSError, ValueError, RecursionError):
        return False


def no_command(word: str, commands: Collection[str]) -> str:
    """What to say of a first word that is neither a command nor a path."""
    near = get_close_matches(word, commands, 1)
    meant = f" (did you mean {near[0]!r}?)" if near else ""
    return (
        f"{word!r} is no command{meant} and no file; give one of {', '.join(commands)}, the "
        "directory of a run, a settings file or a script (.toml)"
    )


def _is_path(word: str) -> bool:
    if not word or word.startswith("-"):
        return False
    return "/" in word or "\\" in word or Path(word).exists()


def add_window_commands(commands: argparse._SubParsersAction[Any]) -> None:
    """Their arguments."""
    opened = commands.add_parser("open", help="show a recorded run", allow_abbrev=False)
    played = commands.add_parser("play", help="play a recorded run back", allow_abbrev=False)
    for parser in (opened, played):
        parser.add_argument("run_dir", metavar="RUN_DIR", type=Path, help="the directory of a run")
    speeds = ", ".join(f"{speed:g}" for speed in SPEEDS)
    played.add_argument(
        "--speed", metavar="X", type=float, choices=SPEEDS, default=1.0,
        help=f"times as fast as it was (default 1): {speeds}",
    )  # fmt: skip
    shown = commands.add_parser("window", help="open the window", allow_abbrev=False)
    first = shown.add_mutually_exclusive_group()
    first.add_argument("--settings", metavar="FILE", type=Path, help="a settings file (TOML)")
    first.add_argument("--script", metavar="FILE", type=Path, help="a presenter's script (TOML)")
    first.add_argument("--scenario", metavar="NAME", help="one of `scenarios`")
    shown.add_argument("--present", action="store_true", help="start in present mode")


def opening_of(arguments: argparse.Namespace) -> Opening:
    """What the arguments ask for.

    Raises EnvironmentProblem for a run or a script that cannot be read, SettingsError for such
    settings and for a scenario that is none.
    """
    if arguments.command == "window":
        return _of_window(arguments)
    run_dir = find_run(arguments.run_dir)
    _try(run_dir)
    return Opening(run_dir, arguments.speed if arguments.command == "play" else None)


def _of_window(arguments: argparse.Namespace) -> Opening:
    if arguments.script is not None:
        _try_script(arguments.script)
    return Opening(
        settings=None if arguments.settings is None else load_settings(arguments.settings),
        script=arguments.script,
        scenario=None if arguments.scenario is None else scenario_of(arguments.scenario).slug,
        present=arguments.present,
    )


def _try_script(path: Path) -> None:
    """As `_try`."""
    try:
        read_script(path)
    except ScriptError as error:
        raise EnvironmentProblem(str(error)) from None


def no_window(opening: Opening) -> int:
    """For a command line without one."""
    raise EnvironmentProblem("there is no window here")


def _try(run_dir: Path) -> None:
    """Said here, a problem is one line on the terminal and not a window that shows nothing."""
    from bench_gui.bench.recording.film import open_film  # noqa: PLC0415 -- the window has its own

    with closing(open_film(run_dir)):
        pass
