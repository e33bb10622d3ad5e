"""Explains events and faults: looks them up in the background and shows what comes back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from bench_gui.bench.lifeline.model import EventId, FaultEvents, Lifeline
from bench_gui.bench.snapshot import FaultReport
from bench_gui.window.life_window import LifeWindow
from bench_gui.window.palette import LIGHT, Theme
from bench_gui.window.session import Session
from bench_gui.window.tools import Tools

HARMLESS = "The fault harmed no event"
Look = Callable[[Path], object]
Show = Callable[[object], None]


class Explainer(QObject):
    """One window for all lives, made when it is first needed; an answer that is late is dropped.

    Signals:
        told: a sentence, where there is nothing to open the window for.
    """

    told = Signal(str)

    def __init__(self, parent: QWidget, session: Session, tools: Tools) -> None:
        super().__init__(parent)
        self._parent = parent
        self._session = session
        self._tools = tools
        self._theme = LIGHT
        self._window: LifeWindow | None = None
        self._asked = 0

    @property
    def window(self) -> LifeWindow:
        """Where lives are shown."""
        if self._window is None:
            self._window = LifeWindow(self._parent)
            self._window.set_theme(self._theme)
            self._window.wanted.connect(self.explain_event)
        return self._window

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self._theme = theme
        if self._window is not None:
            self._window.set_theme(theme)

    def ask(self) -> None:
        """Opens the window and waits for an event to be named."""
        self._open()
        self.window.ask_for_event()

    def explain_fault(self, fault: FaultReport) -> None:
        """Shows an event that the fault harmed, and which others; opens nothing when none was."""
        if self._open_now:
            self._open()
            self.window.show_looking(fault.lane, None)
        self._look_up(lambda run_dir: self._tools.harm_of(run_dir, fault.fault_id), self._on_harm)

    def explain_event(self, lane: str, event: EventId) -> None:
        """Shows the life of one event."""
        self._open()
        self.window.show_looking(lane, event)
        self._look_up(lambda run_dir: self._tools.life_of(run_dir, lane, *event), self._on_life)

    def close(self) -> None:
        """Shows nothing any more."""
        self._asked += 1
        if self._window is not None:
            self._window.close()

    @property
    def _open_now(self) -> bool:
        return self._window is not None and self._window.isVisible()

    def _open(self) -> None:
        self.window.show_lanes(tuple(self._session.model.lanes))
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def _look_up(self, work: Look, then: Show) -> None:
        self._asked += 1
        number = self._asked

        def done(found: object) -> None:
            if number == self._asked:
                then(found)

        def failed(sentence: str) -> None:
            if number == self._asked:
                self._open()
                self.window.show_problem(sentence)

        self._session.look_up(work, done, failed)

    def _on_harm(self, found: object) -> None:
        assert isinstance(found, FaultEvents)
        if found.example is None and not self._open_now:
            self.told.emit(HARMLESS)
            return
        self._open()
        self.window.show_harm(found)

    def _on_life(self, found: object) -> None:
        assert isinstance(found, Lifeline)
        self.window.show_life(found)
