"""Where a beat says to look: the view that shows it is brought up, and the place is marked."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDockWidget, QWidget

from bench_gui.bench.beats import CHART_ROWS, VIEWS
from bench_gui.window.arrangement import ARRANGEMENTS
from bench_gui.window.board import Board
from bench_gui.window.stage.spotlight import Spotlight
from bench_gui.window.views import View, Views

FAULTS = "faults"
WORKERS = "workers"
VIEW_BY_NAME = {name: View(f"{name}-view") for name in VIEWS}


def view_for(name: str, now: View) -> View:
    """The view in which something can be seen: the one shown now, if it can be seen there."""
    if name in VIEW_BY_NAME:
        return VIEW_BY_NAME[name]
    if name == FAULTS:
        return now
    here = ARRANGEMENTS.get(now)
    if here is None:
        return View.CHARTS if name in {*CHART_ROWS, WORKERS} else View.PIPELINES
    shown = here.charts is None or name in here.charts
    if (name in CHART_ROWS and not shown) or (name == WORKERS and not here.workers):
        return View.CHARTS
    return now


class Looking(QObject):
    """Turns a beat's `look` into something that is seen.

    Args:
        presenting: whether docks are away, so that one that was brought up goes again.

    Fields:
        spotlight: the mark on the board. on_faults: that on the list of faults.
    """

    def __init__(
        self, views: Views, board: Board, faults: QWidget, presenting: Callable[[], bool]
    ) -> None:
        super().__init__(views)
        self._views = views
        self._faults = faults
        self._presenting = presenting
        self._brought = False
        self.spotlight = Spotlight(board.content, board.place_of)
        inner = faults.widget() if isinstance(faults, QDockWidget) else faults
        self.on_faults = Spotlight(inner, lambda _: inner.rect())
        self._name: str | None = None
        views.changed.connect(lambda _: self.spotlight.follow())

    def at(self, name: str | None) -> None:
        """A lane, a row, a part or a view; None for nowhere in particular."""
        self._name = name
        self._take_away()
        if name is not None:
            view = view_for(name, self._views.view)
            if view is not self._views.view:
                self._views.show_view(view)
        if name == FAULTS and self._faults.isHidden():
            self._brought = True
            self._faults.show()
        self.spotlight.mark(None if name in {*VIEWS, FAULTS} else name)
        self.on_faults.mark(name if name == FAULTS else None)

    def again(self) -> None:
        """What was put away for an audience, and is to be looked at, comes back."""
        if self._name == FAULTS:
            self.at(FAULTS)

    def _take_away(self) -> None:
        if self._brought and self._presenting():
            self._faults.hide()
        self._brought = False
