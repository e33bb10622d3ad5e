"""Our own bugs on screen: one sentence with folded details, never a traceback."""

from __future__ import annotations

import sys
import traceback
from types import TracebackType

from bench_gui.window.banner import Banner

SENTENCE = "Something in the window went wrong ({what}). The run is not affected."


class ProblemHook:
    """A `sys.excepthook` that tells the reader, and the terminal for who wants to mend it."""

    def __init__(self, banner: Banner) -> None:
        self._banner = banner

    def __call__(
        self, kind: type[BaseException], problem: BaseException, trace: TracebackType | None
    ) -> None:
        """Called by Python for what nobody caught."""
        details = "".join(traceback.format_exception(kind, problem, trace))
        if sys.stderr is not None:
            sys.stderr.write(details)
        if issubclass(kind, Exception):
            self._banner.alarm(SENTENCE.format(what=kind.__name__), details)
