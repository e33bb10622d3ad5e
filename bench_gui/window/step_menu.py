"""The menu of protocol steps at which a process can be made to kill itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from bench_gui.window.passed_steps import cycle_of, steps_of_any
from workers.failpoints import Failpoint
from workers.lanes import Lane, Role, lane_of
from workers.steps import Step

MNEMONICS = {Role.PRODUCER: "&producer", Role.CONSUMER: "&consumer"}


class StepMenu(QMenu):
    """A menu a role, and in it two places a step: just before it and just after it.

    Signals:
        chosen: a Failpoint.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Kill at a step", parent)
        self.setToolTipsVisible(True)
        self._slugs: tuple[str, ...] = ()
        self._menus = {role: self._role_menu(role) for role in Role}

    def _role_menu(self, role: Role) -> QMenu:
        menu = self.addMenu(MNEMONICS[role])
        menu.setObjectName(f"steps-{role.value}")
        menu.setToolTipsVisible(True)
        return menu

    def show_lanes(self, slugs: Iterable[str]) -> None:
        """The steps of these lanes; nothing happens when they are the same."""
        wanted = tuple(slugs)
        if wanted == self._slugs:
            return
        self._slugs = wanted
        lanes = [lane_of(slug) for slug in wanted]
        for role, menu in self._menus.items():
            menu.clear()
            for step in steps_of_any(lanes, role):
                menu.addSeparator()
                tip = _passed_in(lanes, role, step)
                self._add(menu, f"before {step.value}", tip, Failpoint(role, before=step))
                self._add(menu, f"after {step.value}", tip, Failpoint(role, after=step))

    def _add(self, menu: QMenu, text: str, tip: str, failpoint: Failpoint) -> None:
        action = QAction(text, menu)
        action.setObjectName(f"{failpoint.role.value} {text}")
        action.setToolTip(tip)
        action.triggered.connect(lambda: self.chosen.emit(failpoint))
        menu.addAction(action)


def _passed_in(lanes: Sequence[Lane], role: Role, step: Step) -> str:
    names = [lane.name for lane in lanes if step in cycle_of(lane, role)]
    where = "every lane" if len(names) == len(lanes) else ", ".join(names)
    return f"The next {role.value} 0 to come there kills itself. Passed in {where}."


def in_words(failpoint: Failpoint) -> str:
    """ "consumer 0 kills itself before offsets-committed"."""
    slot = (
        "" if failpoint.slot is None and failpoint.every is not None else f" {failpoint.slot or 0}"
    )
    where = [
        f"{word} {step.value}"
        for word, step in (("after", failpoint.after), ("before", failpoint.before))
        if step is not None
    ]
    return f"{failpoint.role.value}{slot} kills itself {', '.join(where)}"
