"""Delivery Bench: `python main.py` opens the window, `python main.py run ...` does without one.

Worker processes import this file again when they start, so it imports nothing before it must.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench_gui.opening import Opening

INTERRUPTED = 130
"""The shell's code for Ctrl-C, before there was a run to stop."""


def main(argv: Sequence[str] | None = None) -> int:
    """The window without arguments, otherwise the command line. Returns the exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    if not arguments:
        return window()
    try:
        from bench_gui.cli import main as command_line

        return command_line(arguments, open_window=window)
    except KeyboardInterrupt:
        return INTERRUPTED


def window(opening: Opening | None = None) -> int:
    """Opens the window, or says in one line why it cannot. Returns the exit code.

    Args:
        opening: what to show first.
    """
    import os

    from bench_gui.display import display_problem, import_problem

    problem = display_problem(os.environ)
    if problem is None:
        try:
            from bench_gui.window.app import main as open_window
        except ImportError as error:
            problem = import_problem(error)
            if problem is None:
                raise
    if problem is not None:
        print(f"delivery-bench: {problem}", file=sys.stderr)
        return 2
    return open_window() if opening is None else open_window(opening.settings, opening)


if __name__ == "__main__":
    sys.exit(main())
