"""A view of the run that is a table with a sentence above it. Costs nothing while out of sight."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import RunSnapshot
from bench_gui.window.grid.cells import Grid
from bench_gui.window.grid.table import GridTable
from bench_gui.window.palette import Theme
from bench_gui.window.run_model import RunModel
from bench_gui.window.widgets import ElidedLabel, text_label

BEFORE = "There is no run yet. F5 starts one."
AT_FIRST = "The run begins; there are no numbers yet."
COPY_HELP = "Ctrl+C copies the chosen lines, or all, for a spreadsheet. A click on a header sorts."


class TablePage(QWidget):
    """Title, what it is, a sentence of now, and the table.

    Args:
        name: object name; the table's is "<name>-table".

    Signals:
        told: what was done, in a sentence.
    """

    told = Signal(str)

    def __init__(self, name: str, title: str, about: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.settings = RunSettings()
        self._model: RunModel | None = None
        self._sentence = text_label(BEFORE, "view-sentence")
        self._sentence.setWordWrap(True)
        self._sentence.setObjectName(f"{name}-sentence")
        self.table = GridTable(f"{name}-table", title)
        self.table.copied_lines.connect(lambda count: self.told.emit(_copied_in_words(count)))
        words = ElidedLabel(f"{about} {COPY_HELP}", "view-about")
        words.setToolTip(f"{about} {COPY_HELP}")
        self.top = QHBoxLayout()
        self.top.addWidget(text_label(title, "view-title"))
        self.top.addSpacing(10)
        self.top.addWidget(words, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(5)
        layout.addLayout(self.top)
        layout.addWidget(self._sentence)
        layout.addWidget(self.table, 1)
        self.setFocusProxy(self.table)

    def grid_of(self, snapshot: RunSnapshot) -> Grid:
        """The table at a moment of the run."""
        raise NotImplementedError

    def sentence_of(self, snapshot: RunSnapshot) -> str:
        """What it comes to."""
        raise NotImplementedError

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self.table.set_theme(theme)

    def begin(self, settings: RunSettings) -> None:
        """A run of these settings begins."""
        self.clear()
        self.settings = settings
        self._sentence.setText(AT_FIRST)

    def clear(self) -> None:
        """There is no run: nothing of the one before is left."""
        self._model = None
        self.table.clear()
        self._sentence.setText(BEFORE)

    def show_numbers(self, model: RunModel) -> None:
        """What the model shows now: at once if this is in sight, or as soon as it is."""
        self._model = model
        if self.isVisible():
            self._show()

    def _show(self) -> None:
        snapshot = self._model.shown if self._model is not None else None
        if snapshot is None:
            return
        self.table.show_grid(self.grid_of(snapshot))
        sentence = self.sentence_of(snapshot)
        if sentence != self._sentence.text():
            self._sentence.setText(sentence)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """It comes in sight: what it says is brought up to date."""
        super().showEvent(event)
        self._show()


def _copied_in_words(count: int) -> str:
    return "1 line copied" if count == 1 else f"{count} lines copied"
