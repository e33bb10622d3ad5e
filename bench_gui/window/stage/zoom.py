"""How large the type is: one size for work, one for a talk, both remembered."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QSettings, Signal

from bench_gui.window.command_table import Command

STEPS = (0.8, 0.9, 1.0, 1.15, 1.3, 1.45, 1.6, 1.8, 2.0)
"""Factors of every type size."""
AT_WORK, ON_STAGE = "zoom", "zoom-on-stage"
AT_FIRST = {AT_WORK: 1.0, ON_STAGE: 1.3}


def nearest_step(factor: float) -> float:
    """The step that a stored factor means."""
    return min(STEPS, key=lambda step: abs(step - factor))


def stepped(factor: float, by: int) -> float:
    """`by` steps larger or, below 0, smaller; the first and last step stay where they are."""
    number = STEPS.index(nearest_step(factor)) + by
    return STEPS[min(max(number, 0), len(STEPS) - 1)]


class Zoom(QObject):
    """The factor of all type sizes.

    Signals:
        changed: `factor` is another.
    """

    changed = Signal()

    def __init__(self, store: QSettings, parent: QObject) -> None:
        super().__init__(parent)
        self._store = store
        self._factors = {name: _stored(store, name) for name in AT_FIRST}
        self._which = AT_WORK

    @property
    def factor(self) -> float:
        """By which every type size is multiplied now."""
        return self._factors[self._which]

    def acts(self) -> dict[Command, Callable[[], None]]:
        """What each command does."""
        return {
            Command.LARGER_TYPE: lambda: self._take(stepped(self.factor, 1)),
            Command.SMALLER_TYPE: lambda: self._take(stepped(self.factor, -1)),
            Command.NORMAL_TYPE: lambda: self._take(AT_FIRST[self._which]),
        }

    def go_on_stage(self, on_stage: bool) -> None:
        """The size for a talk, or the one for work as it was."""
        before = self.factor
        self._which = ON_STAGE if on_stage else AT_WORK
        if self.factor != before:
            self.changed.emit()

    def _take(self, factor: float) -> None:
        if factor != self.factor:
            self._factors[self._which] = factor
            self._store.setValue(self._which, factor)
            self.changed.emit()


def _stored(store: QSettings, name: str) -> float:
    try:
        return nearest_step(float(str(store.value(name, AT_FIRST[name]))))
    except ValueError:
        return AT_FIRST[name]
