"""Ties the lane in focus to the parts of the window that follow it, and to the one that sets it."""

from __future__ import annotations

from bench_gui.window.board import Board
from bench_gui.window.fault_pad import FaultPad
from bench_gui.window.stage.focus import LaneFocus


def follow_focus(focus: LaneFocus, pad: FaultPad, board: Board) -> None:
    """The pad aims at the lane in focus and its aim sets it; the board marks it."""

    def show_lanes() -> None:
        pad.show_lanes(focus.lanes)
        pad.aim(focus.lane)

    focus.lanes_changed.connect(show_lanes)
    focus.changed.connect(lambda: pad.aim(focus.lane))
    pad.aimed.connect(lambda: focus.set(pad.lane))
    mark = getattr(board, "set_focus", None)
    if mark is not None:
        focus.changed.connect(lambda: mark(focus.lane))
        focus.lanes_changed.connect(lambda: mark(focus.lane))
