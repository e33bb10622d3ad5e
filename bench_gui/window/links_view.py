"""The view of the links: what a dashboard would show, lane by lane, beside the truth."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from bench_gui.bench.snapshot import RunSnapshot
from bench_gui.window.grid.cells import Grid
from bench_gui.window.grid.page import TablePage
from bench_gui.window.links_grid import grid_of, sentence_of
from bench_gui.window.palette import LIGHT, Theme
from bench_gui.window.widgets import text_label

TITLE = "What a dashboard would show"
ABOUT = "Clicks by link as each lane's result shows them, beside those that really happened."
SAMPLE_PX = (26, 12)


class LinksView(TablePage):
    """The links clicked most, all others together, and the sum."""

    def __init__(self) -> None:
        super().__init__("links", TITLE, ABOUT)
        self._key = BarKey()
        self.top.addWidget(self._key)

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        super().set_theme(theme)
        self._key.set_theme(theme)

    def grid_of(self, snapshot: RunSnapshot) -> Grid:
        """In a closed loop every lane has clicks of its own."""
        return grid_of(snapshot, same_clicks=self.settings.rate_eps is not None)

    def sentence_of(self, snapshot: RunSnapshot) -> str:
        """By how much the dashboards are wrong."""
        return sentence_of(snapshot)


class BarKey(QWidget):
    """What the bars mean.

    Fields:
        theme: whose colours it wears.
    """

    def __init__(self) -> None:
        super().__init__()
        self.theme = LIGHT
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for hollow, text in ((False, "error"), (True, "in flight: no error")):
            layout.addWidget(_Sample(self, hollow=hollow))
            layout.addWidget(text_label(text, "view-about"))

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self.theme = theme
        self.update()


class _Sample(QWidget):
    def __init__(self, key: BarKey, *, hollow: bool) -> None:
        super().__init__()
        self._key = key
        self._hollow = hollow
        self.setFixedSize(*SAMPLE_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """A small bar."""
        del event
        theme = self._key.theme
        place = QRectF(4.5, 2.5, self.width() - 6, 7)
        with QPainter(self) as painter:
            painter.setPen(QColor(theme.muted))
            if self._hollow:
                painter.drawRect(place)
            else:
                painter.fillRect(place, QColor(theme.text))
