"""What is told of a bug: a sentence, and a report for whoever mends it. Pure; knows no widget."""

from __future__ import annotations

import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from bench_gui.versions import versions

SENTENCE = "Something in the window went wrong ({what}). The run is not affected."
AGAIN = "It has happened {count} times."
LIBRARIES = "site-packages"
ROOT = Path(__file__).parents[2]
MOST_DETAILS = 20
"""Different problems that are kept; more of them only count."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that went wrong. `trace`: the traceback as text, without private paths."""

    kind: str
    trace: str

    @property
    def sentence(self) -> str:
        """For the reader."""
        return SENTENCE.format(what=self.kind)


def problem_of(
    kind: type[BaseException], problem: BaseException, trace: TracebackType | None
) -> Problem:
    """What Python tells of what nobody caught."""
    text = "".join(traceback.format_exception(kind, problem, trace))
    return Problem(kind.__name__, without_private_paths(text))


def without_private_paths(text: str, home: Path | None = None) -> str:
    """The same, files named from the program or the library they belong to."""
    libraries = sorted({one for one in sys.path if LIBRARIES in one}, key=len, reverse=True)
    for path in (*libraries, str(ROOT), sys.base_prefix):
        text = text.replace(f"{path}/", "")
    return text.replace(str(home or Path.home()), "~")


def report_text(problems: tuple[Problem, ...], count: int, run_id: str) -> str:
    """For a bug report.

    Args:
        count: how often something went wrong, in all.
        run_id: of the run on screen; "" for none.
    """
    lines = [f"{name}: {value}" for name, value in versions()]
    lines += [f"run: {run_id or 'none'}", f"problems: {count}"]
    return "\n".join([*lines, "", *(problem.trace for problem in problems)])
