"""The list of faults at the bottom: what each kill did, newest on top."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDockWidget, QHeaderView, QTableView

from bench_gui.bench.snapshot import FaultReport
from bench_gui.window.fault_table import FaultColumn, FaultTable
from bench_gui.window.palette import Theme

ROW_PX = 20
WIDTHS = {
    FaultColumn.TIME: 66,
    FaultColumn.LANE: 27,
    FaultColumn.EFFECT: 128,
    FaultColumn.RECOVERY: 88,
}


class _Table(QTableView):
    def sizeHint(self) -> QSize:  # noqa: N802
        """A few rows; the user may drag it larger."""
        return QSize(600, 24 + 4 * ROW_PX)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """The header and a row."""
        return QSize(200, 24 + 2 * ROW_PX)


class FaultDock(QDockWidget):
    """Movable, not floatable: floating docks are broken on Wayland."""

    def __init__(self) -> None:
        super().__init__("Faults: what each kill did")
        self.setObjectName("faults")
        features = QDockWidget.DockWidgetFeature
        self.setFeatures(features.DockWidgetMovable | features.DockWidgetClosable)
        self._model = FaultTable()
        self._view = _table(self._model)
        self.setWidget(self._view)

    @property
    def model(self) -> FaultTable:
        """What is listed."""
        return self._model

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self._model.set_theme(theme)

    def clear(self) -> None:
        """For a new run."""
        self._model.clear()

    def take(self, faults: Iterable[FaultReport]) -> None:
        """New and changed faults; stays at the top unless the reader scrolled away."""
        bar = self._view.verticalScrollBar()
        at_top = bar.value() == bar.minimum()
        self._model.take(faults)
        if at_top:
            self._view.scrollToTop()

    def focus(self) -> None:
        """Shows it and takes the focus, the newest fault selected."""
        self.show()
        self._view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not self._view.currentIndex().isValid():
            self._view.selectRow(0)


def _table(model: FaultTable) -> QTableView:
    view = _Table()
    view.setObjectName("fault-list")
    view.setAccessibleName("Faults, newest first")
    view.setModel(model)
    view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QTableView.SelectionMode.SingleSelection)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    view.setTextElideMode(Qt.TextElideMode.ElideRight)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(ROW_PX)
    view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    header = view.horizontalHeader()
    header.setHighlightSections(False)
    header.setMinimumSectionSize(20)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    header.setSectionResizeMode(FaultColumn.WHAT, QHeaderView.ResizeMode.Stretch)
    for column, width in WIDTHS.items():
        view.setColumnWidth(column, width)
    return view
