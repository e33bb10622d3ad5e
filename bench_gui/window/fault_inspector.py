"""Looks up which events the chosen fault harmed, in the background, and again as more is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer

from bench_gui.bench.lifeline.model import FaultEvents
from bench_gui.bench.snapshot import AnomalyRange, FaultReport
from bench_gui.window.fault_dock import FaultDock
from bench_gui.window.fault_filter import caused
from bench_gui.window.session import Session
from bench_gui.window.tools import Tools

AGAIN_MS = 700
"""A fault that is being counted changes many times a second, and a look reads a file."""


class FaultInspector(QObject):
    """Fills the pane beside the list.

    Args:
        highlight: marks a fault, or none, wherever else faults are drawn.
    """

    def __init__(
        self,
        dock: FaultDock,
        session: Session,
        tools: Tools,
        highlight: Callable[[FaultReport | None], object],
    ) -> None:
        super().__init__(dock)
        self._dock = dock
        self._session = session
        self._tools = tools
        self._highlight = highlight
        self._shown: FaultReport | None = None
        self._ranges: Sequence[AnomalyRange] | None = None
        self._asked = 0
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(self._look)
        dock.chosen.connect(self.follow)
        dock.renewed.connect(self.follow)

    def follow(self) -> None:
        """Another fault is chosen, or none, or more is known of the chosen one."""
        before, fault = self._shown, self._dock.fault
        if fault == before:
            return
        self._shown = fault
        self._highlight(fault)
        if fault is not None and before is not None and fault.fault_id == before.fault_id:
            self._dock.show_detail(fault, self._ranges)
            if not self._again.isActive():
                self._again.start()
            return
        self._asked += 1
        self._ranges = None
        self._dock.show_detail(fault)
        self._look()

    def _look(self) -> None:
        fault = self._shown
        if fault is None or not caused(fault):
            return
        self._asked += 1
        number, fault_id = self._asked, fault.fault_id

        def done(found: object) -> None:
            assert isinstance(found, FaultEvents)
            self._show(number, found.ranges)

        self._session.look_up(
            lambda run_dir: self._tools.harm_of(run_dir, fault_id),
            done,
            lambda _: self._show(number, ()),  # its numbers stand in the pane all the same
        )

    def _show(self, number: int, ranges: Sequence[AnomalyRange]) -> None:
        """An answer that is late is dropped."""
        if number == self._asked and self._shown is not None:
            self._ranges = ranges
            self._dock.show_detail(self._shown, ranges)
