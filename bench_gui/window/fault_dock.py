"""The list of faults at the bottom: what each one did, newest on top."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QSplitter,
    QTableView,
    QToolButton,
    QWidget,
)

from bench_gui.bench.snapshot import AnomalyRange, FaultReport
from bench_gui.window.fault_detail import FaultDetail
from bench_gui.window.fault_filter_bar import FaultFilterBar
from bench_gui.window.fault_table import FaultColumn, FaultTable, FilteredFaults
from bench_gui.window.palette import Theme
from bench_gui.window.widgets import TYPE_CHANGES, ActionButton, keeps_escape, text_label, type_px

ROW_PX = 20
WIDTHS = {
    FaultColumn.TIME: 70,
    FaultColumn.LANE: 27,
    FaultColumn.KIND: 92,
    FaultColumn.EFFECT: 122,
    FaultColumn.RECOVERY: 92,
}
TITLE = "Faults"


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

    def event(self, event: QEvent) -> bool:
        """Escape is the window's once nothing is chosen."""
        chosen = self.selectionModel() is not None and self.selectionModel().hasSelection()
        return (chosen and keeps_escape(event)) or super().event(event)

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
        renewed: more is known of the chosen one.
    """

    chosen = Signal()
    renewed = Signal()

    def __init__(self, explain: QAction) -> None:
        super().__init__(TITLE)
        self.setObjectName("faults")
        features = QDockWidget.DockWidgetFeature
        self.setFeatures(features.DockWidgetMovable | features.DockWidgetClosable)
        self._explain = explain
        self._model = FaultTable()
        self._listed = FilteredFaults(self._model)
        self._view = _table(self._listed)
        self._detail = FaultDetail()
        self.bar = FaultFilterBar()
        self.setWidget(self._split())
        self.setTitleBarWidget(self._title_bar())
        self._connect()
        self._show_count()

    def _split(self) -> QSplitter:
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setObjectName("fault-split")
        split.setChildrenCollapsible(False)
        split.addWidget(self._view)
        split.addWidget(self._detail)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 0)
        return split

    def _connect(self) -> None:
        self._view.entered.connect(self._explain.trigger)
        self._view.escaped.connect(self._follow_again)
        self._view.doubleClicked.connect(lambda _: self._explain.trigger())
        self._view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._view.customContextMenuRequested.connect(self._show_menu)
        self._view.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit())
        self._model.modelReset.connect(self.chosen)
        self.bar.changed.connect(self._filter)
        self.bar.edit.left.connect(self.focus)
        for change in (
            self._listed.rowsInserted,
            self._listed.rowsRemoved,
            self._listed.modelReset,
            self._model.rowsInserted,
        ):
            change.connect(self._show_count)

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
        line.setSpacing(8)
        line.addWidget(text_label(TITLE, "small"))
        line.addWidget(self.bar, 1)
        button = ActionButton(self._explain, small=True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        line.addWidget(button)
        line.addWidget(close)
        button.setSizePolicy(close.sizePolicy())
        return bar

    def _filter(self) -> None:
        self._list(self._listed.until_s)

    def show_until(self, t_s: float) -> None:
        """Lists no fault that came after a moment; infinite for all of them."""
        if t_s != self._listed.until_s:
            self._list(t_s)

    def _list(self, until_s: float) -> None:
        chosen = self.fault
        self._listed.show_only(self.bar.filter, until_s)
        self._let_go(chosen)
        self._show_count()

    def _let_go(self, chosen: FaultReport | None) -> None:
        """A fault that is not listed any more is not chosen any more, nor is its neighbour."""
        now = self.fault
        if chosen is not None and now is not None and now.fault_id != chosen.fault_id:
            self._view.clearSelection()
            self._view.setCurrentIndex(QModelIndex())

    def _show_count(self) -> None:
        later = self._model.later(self._listed.until_s)
        self.bar.show_count(self._listed.rowCount(), self._model.rowCount() - later, later)

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
        """Every fault that is known."""
        return self._model

    @property
    def listed(self) -> FilteredFaults:
        """Those that are asked for."""
        return self._listed

    @property
    def fault(self) -> FaultReport | None:
        """The chosen fault."""
        rows = self._view.selectionModel().selectedRows()
        return self._listed.fault(rows[0].row()) if rows else None

    def choose(self, row: int) -> None:
        """Chooses the fault in a row of the list."""
        self._view.selectRow(row)

    def show_detail(
        self, fault: FaultReport | None, ranges: Sequence[AnomalyRange] | None = None
    ) -> None:
        """Beside the list.

        Args:
            ranges: the events that it harmed; None while that is being looked up.
        """
        appears = fault is not None and not self._detail.isVisibleTo(self)
        self._detail.show_fault(fault, ranges)
        if appears:
            self._view.scrollTo(self._view.currentIndex())

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self._model.set_theme(theme)
        self._detail.set_theme(theme)
        self.bar.set_theme(theme)

    def show_lanes(self, slugs: Iterable[str]) -> None:
        """The lanes of the run, which can be asked for."""
        self.bar.show_lanes(slugs)

    def clear(self) -> None:
        """For a new run."""
        self._model.clear()
        self.show_until(math.inf)

    def take(self, faults: Iterable[FaultReport]) -> None:
        """New and changed faults; what is read stays in place once one is chosen or scrolled to."""
        bar = self._view.verticalScrollBar()
        chosen = self.fault
        follows = bar.value() == bar.minimum() and chosen is None
        before = self._listed.rowCount()
        self._model.take(faults)
        if follows:
            self._view.scrollToTop()
        else:
            bar.setValue(bar.value() + self._listed.rowCount() - before)
        self._let_go(chosen)
        if chosen is not None and self.fault != chosen:
            self.renewed.emit()

    def focus(self) -> None:
        """Shows it and takes the focus, the newest fault selected."""
        self.show()
        self._view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if self.fault is None:
            self._view.selectRow(0)

    def focus_filter(self) -> None:
        """Shows it, ready to be told which faults to list."""
        self.show()
        self.bar.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.bar.edit.selectAll()


def _table(model: FilteredFaults) -> _Table:
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
