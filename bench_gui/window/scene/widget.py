"""One lane's picture as a widget."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy, QWidget

from bench_gui.window.palette import LIGHT, Theme
from workers.lanes import Lane


class LaneScene(QWidget):
    """Producers, log, consumers, result: from top to bottom."""

    def __init__(self, lane: Lane) -> None:
        super().__init__()
        self._lane = lane
        self._theme = LIGHT
        self.setObjectName(f"scene-{lane.slug}")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self._theme = theme
        self.update()
