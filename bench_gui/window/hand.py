"""Faults by hand: what the keys, buttons and menus do to the run. Knows no schedule."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from bench_gui.window.command_table import Command
from bench_gui.window.fault_pad import FaultPad
from bench_gui.window.session import Phase, Session
from bench_gui.window.step_menu import StepMenu, in_words
from workers.failpoints import Failpoint
from workers.lanes import Role

Fault = Callable[[Role, str | None], None]


class Hand(QObject):
    """Hits the lane that the pad is aimed at, or all of them.

    Args:
        say: shows a sentence.

    Fields:
        menu: the steps to kill at.
    """

    def __init__(
        self, parent: QWidget, pad: FaultPad, session: Session, say: Callable[[str], None]
    ) -> None:
        super().__init__(parent)
        self._pad = pad
        self._session = session
        self._say = say
        self.menu = StepMenu(parent)
        self.menu.aboutToShow.connect(self._fill)
        self.menu.chosen.connect(self._kill_at)
        session.phase_changed.connect(self._on_phase)

    def acts(self) -> dict[Command, Callable[[], None]]:
        """What each command does."""
        session = self._session
        return {
            Command.KILL_PRODUCER: self._at(session.kill, Role.PRODUCER),
            Command.KILL_CONSUMER: self._at(session.kill, Role.CONSUMER),
            Command.KILL_AT_STEP: self._show_steps,
            Command.PAUSE_PRODUCER: self._at(session.pause, Role.PRODUCER),
            Command.PAUSE_CONSUMER: self._at(session.pause, Role.CONSUMER),
            Command.DOWN_PRODUCERS: self._at(session.take_down, Role.PRODUCER),
            Command.DOWN_CONSUMERS: self._at(session.take_down, Role.CONSUMER),
            Command.LOSE_ACK: lambda: session.lose_ack(self._pad.lane),
        }

    def _at(self, fault: Fault, role: Role) -> Callable[[], None]:
        return lambda: fault(role, self._pad.lane)

    def _on_phase(self) -> None:
        """A menu that was left open would arm what no process can meet any more."""
        if self._session.phase is not Phase.RUNNING:
            self.menu.close()

    def _fill(self) -> None:
        self.menu.show_lanes(self._pad.aimed_at)

    def _show_steps(self) -> None:
        """Where the hands are: beneath the buttons of the other faults."""
        self._fill()
        self.menu.popup(self._pad.mapToGlobal(self._pad.rect().bottomLeft()))

    def _kill_at(self, failpoint: Failpoint) -> None:
        self._session.kill_at(failpoint, self._pad.lane)
        self._say(f"Armed: {in_words(failpoint)}")
