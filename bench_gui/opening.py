"""What the window is to open with, by the command line: `open`, `play`, `window`. Knows no Qt.

A path alone is short for `open`, so that a run's directory can be dropped on the program.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.options import from_texts
from bench_gui.bench.recording.about import SPEEDS, find_run
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.settings_file import read_texts

WINDOW_COMMANDS = ("open", "play", "window")


@dataclass(frozen=True, slots=True)
class Opening:
    """What the window shows first.

    Fields:
        run_dir: a recorded run; None for none.
        speed: at which it is played from its beginning; None shows its end.
        settings: what is filled in; None for the settings used last.
    """

    run_dir: Path | None = None
    speed: float | None = None
    settings: RunSettings | None = None


OpenWindow = Callable[[Opening], int]


def named(argv: Sequence[str]) -> list[str]:
    """A path alone with the command that it is short for."""
    if len(argv) == 1 and _is_path(argv[0]):
        return ["open", argv[0]]
    return list(argv)


def _is_path(word: str) -> bool:
    return not word.startswith("-") and ("/" in word or "\\" in word or Path(word).exists())


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
    shown.add_argument("--settings", metavar="FILE", type=Path, help="a settings file (TOML)")


def opening_of(arguments: argparse.Namespace) -> Opening:
    """What the arguments ask for.

    Raises EnvironmentProblem for a run that cannot be read, SettingsError for such settings.
    """
    if arguments.command == "window":
        texts = {} if arguments.settings is None else read_texts(arguments.settings)
        return Opening(settings=from_texts(texts) if arguments.settings is not None else None)
    run_dir = find_run(arguments.run_dir)
    _try(run_dir)
    return Opening(run_dir, arguments.speed if arguments.command == "play" else None)


def no_window(opening: Opening) -> int:
    """For a command line without one."""
    raise EnvironmentProblem("there is no window here")


def _try(run_dir: Path) -> None:
    """Said here, a problem is one line on the terminal and not a window that shows nothing."""
    from bench_gui.bench.recording.film import open_film  # noqa: PLC0415 -- the window has its own

    with closing(open_film(run_dir)):
        pass
