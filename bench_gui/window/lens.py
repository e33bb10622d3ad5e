"""How the charts are looked at: over each other, one lane alone, on which scales."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from bench_gui.window.board import Board
from bench_gui.window.command_table import Command
from bench_gui.window.commands import Commands, States


class Lens(QObject):
    """The commands that change how the charts are shown.

    Signals:
        changed: they are shown otherwise.
    """

    changed = Signal()

    def __init__(self, commands: Commands, board: Board) -> None:
        super().__init__(board)
        self._commands = commands
        self._board = board
        commands[Command.SAME_SCALE].setChecked(board.charts.ranges.same)

    def states(self) -> States:
        """What each state switches."""
        return {
            Command.OVERLAY: self._overlay,
            Command.SOLO: self._solo,
            Command.SAME_SCALE: self._same_scale,
            Command.LINEAR_LATENCY: self._linear,
        }

    def _overlay(self, overlaid: bool) -> None:
        self._board.set_overlay(overlaid)
        self.changed.emit()

    def _solo(self, solo: bool) -> None:
        self._board.set_solo(solo)
        self.changed.emit()

    def _same_scale(self, same: bool) -> None:
        self._board.charts.set_same(same)
        self._board.draw_again()
        self.changed.emit()

    def _linear(self, linear: bool) -> None:
        self._board.charts.set_linear(linear)
        self._board.draw_again()
        self.changed.emit()
