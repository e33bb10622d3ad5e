"""The list of faults at the bottom: what each one did, newest on top."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QTableView,
    QToolButton,
    QWidget,
)

from bench_gui.bench.snapshot import FaultReport
from bench_gui.window.fault_table import FaultColumn, FaultTable
from bench_gui.window.palette import Theme
from bench_gui.window.widgets import TYPE_CHANGES, ActionButton, text_label, type_px

ROW_PX = 20
WIDTHS = {
    FaultColumn.TIME: 78,
    FaultColumn.LANE: 27,
    FaultColumn.KIND: 104,
    FaultColumn.EFFECT: 128,
    FaultColumn.RECOVERY: 88,
}
TITLE = "Faults: what each one did"


class _Table(QTableView):
    """Signals:
    entered: Enter was pressed.
    escaped: Escape was pressed.
    """

    entered = Signal()
    escaped = Signal()

    def sizeHint(self) -> QSize:  # noqa: N802
        """A few rows; the user may drag it larger."""
        return QSize(600, 24 + 4 * type_px(self, ROW_PX))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """The header and a row."""
        return QSize(200, 24 + 2 * ROW_PX)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Rows and columns are as large as their type."""
        super().changeEvent(event)
        if event.type() in TYPE_CHANGES and self.model() is not None:
            self.fit_type()

    def fit_type(self) -> None:
        """Rows and columns for type of this size."""
        self.verticalHeader().setDefaultSectionSize(type_px(self, ROW_PX))
        for column, width in WIDTHS.items():
            self.setColumnWidth(column, type_px(self, width))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter, which a table would take for the wish to edit, and Escape."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)


class FaultDock(QDockWidget):
    """Movable, not floatable: floating docks are broken on Wayland.

    Args:
        explain: the command that explains the chosen fault.

    Signals:
        chosen: another fault is chosen, or none.
    """

    chosen = Signal()

    def __init__(self, explain: QAction) -> None:
        super().__init__(TITLE)
        self.setObjectName("faults")
        features = QDockWidget.DockWidgetFeature
        self.setFeatures(features.DockWidgetMovable | features.DockWidgetClosable)
        self._explain = explain
        self._model = FaultTable()
        self._view = _table(self._model)
        self.setWidget(self._view)
        self.setTitleBarWidget(self._title_bar())
        self._view.entered.connect(explain.trigger)
        self._view.escaped.connect(self._follow_again)
        self._view.doubleClicked.connect(lambda _: explain.trigger())
        self._view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._view.customContextMenuRequested.connect(self._show_menu)
        self._view.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit())
        self._model.modelReset.connect(self.chosen)

    def _title_bar(self) -> QWidget:
        close = QToolButton()
        close.setObjectName("close-faults")
        close.setProperty("part", "remove")
        close.setText("\N{MULTIPLICATION X}")
        close.setAccessibleName("Hide the faults")
        close.setToolTip("<b>F8</b>&nbsp; Hide the list of faults.")
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.clicked.connect(self.close)
        bar = QWidget()
        bar.setObjectName("fault-title")
        line = QHBoxLayout(bar)
        line.setContentsMargins(10, 1, 4, 2)
        line.addWidget(text_label(TITLE, "small"))
        line.addStretch()
        button = ActionButton(self._explain, small=True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        line.addWidget(button)
        line.addWidget(close)
        button.setSizePolicy(close.sizePolicy())
        return bar

    def _follow_again(self) -> None:
        """Nothing is chosen, and the newest is in sight."""
        self._view.clearSelection()
        self._view.setCurrentIndex(QModelIndex())
        self._view.scrollToTop()

    def _show_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.addAction(self._explain)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._view.viewport().mapToGlobal(place))

    @property
    def model(self) -> FaultTable:
        """What is listed."""
        return self._model

    @property
    def fault(self) -> FaultReport | None:
        """The chosen fault."""
        rows = self._view.selectionModel().selectedRows()
        return self._model.fault(rows[0].row()) if rows else None

    def choose(self, row: int) -> None:
        """Chooses the fault in a row."""
        self._view.selectRow(row)

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self._model.set_theme(theme)

    def clear(self) -> None:
        """For a new run."""
        self._model.clear()

    def take(self, faults: Iterable[FaultReport]) -> None:
        """New and changed faults; what is read stays in place once one is chosen or scrolled to."""
        bar = self._view.verticalScrollBar()
        follows = bar.value() == bar.minimum() and self.fault is None
        before = self._model.rowCount()
        self._model.take(faults)
        if follows:
            self._view.scrollToTop()
        else:
            bar.setValue(bar.value() + self._model.rowCount() - before)

    def focus(self) -> None:
        """Shows it and takes the focus, the newest fault selected."""
        self.show()
        self._view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if self.fault is None:
            self._view.selectRow(0)


def _table(model: FaultTable) -> _Table:
    view = _Table()
    view.setObjectName("fault-list")
    view.setAccessibleName("Faults, newest first")
    view.setModel(model)
    view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QTableView.SelectionMode.SingleSelection)
    view.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    view.setTextElideMode(Qt.TextElideMode.ElideRight)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.verticalHeader().hide()
    view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    header = view.horizontalHeader()
    header.setHighlightSections(False)
    header.setMinimumSectionSize(20)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    header.setSectionResizeMode(FaultColumn.WHAT, QHeaderView.ResizeMode.Stretch)
    view.fit_type()
    return view
