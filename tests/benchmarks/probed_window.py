"""The window with a probe in it. Its lines of JSON are read by `windows.Probe`."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, ClassVar

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QShowEvent

from bench_gui.bench.options import from_texts
from bench_gui.window.main_window import MainWindow
from bench_gui.window.session import Phase
from tests.benchmarks.children import tell

LOOK_MS = 50


class ProbedWindow(MainWindow):
    """A window that begins the run that it is ordered as soon as it is painted.

    Fields:
        order: `settings`, texts by the command line's names; `size`, width and height; `until`:
            "point" closes the window after the first point on a chart, "end" after the run.
    """

    order: ClassVar[Mapping[str, Any]]

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._painted = self._pointed = False
        self._look = QTimer(self)
        self._look.timeout.connect(self._look_for_the_end)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """In the ordered size, whatever was restored."""
        self.resize(*self.order["size"])
        super().showEvent(event)

    def event(self, event: QEvent) -> bool:
        """Sees the first painting, and later the first one with a point."""
        kind = event.type()
        handled = super().event(event)
        if kind == QEvent.Type.Paint and not self._painted:
            self._painted = True
            QTimer.singleShot(0, self._on_painted)
        if kind == QEvent.Type.UpdateRequest and self._painted and not self._pointed:
            self._note_point()
        return handled

    def _on_painted(self) -> None:
        self.panel.show_settings(from_texts(self.order["settings"]))
        tell({"painted_ns": time.monotonic_ns()})
        self.start()
        self._look.start(LOOK_MS)

    def start(self) -> None:
        """As Start does."""
        tell({"started_ns": time.monotonic_ns()})
        super().start()

    def _note_point(self) -> None:
        if self.session.model.last_sample_s() <= 0:
            return
        self._pointed = True
        tell({"point_ns": time.monotonic_ns()})
        if self.order["until"] == "point":
            QTimer.singleShot(0, self.close)

    def _look_for_the_end(self) -> None:
        if self.session.phase is Phase.ENDED:
            self._look.stop()
            tell({"run_dir": str(self.session.run_dir)})
            self.close()


def probed(order: Mapping[str, Any]) -> type[ProbedWindow]:
    """The class of a window with this order."""
    return type("OrderedWindow", (ProbedWindow,), {"order": order})
