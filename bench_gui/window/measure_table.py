"""A measurement's figures as a table to read, sort, select and copy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QHeaderView, QTableView

from bench_gui.window.glyphs import glyph_icon
from bench_gui.window.measure_rows import EMPTY, Cell, Table
from bench_gui.window.palette import LIGHT, Theme

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
ORDER_ROLE = Qt.ItemDataRole.UserRole
ROW_PX = 21
UNSORTED = -1


class MeasureTable(QAbstractTableModel):
    """One row a lane, condition and value, in the order in which they are measured."""

    def __init__(self) -> None:
        super().__init__()
        self._table = EMPTY
        self._theme = LIGHT

    def show_table(self, table: Table) -> None:
        """Other figures. Rows that stay the same row keep their selection."""
        places = [_place(one) for one in (self._table, table)]
        if self._table.headers == table.headers and places[0] == places[1]:
            self._table = table
            last = self.index(len(table.rows) - 1, len(table.headers) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self._table = table
        self.endResetModel()

    def set_theme(self, theme: Theme) -> None:
        """Other colours of the lanes' shapes."""
        self._theme = theme
        if self._table.rows:
            last = self.index(len(self._table.rows) - 1, 0)
            self.dataChanged.emit(self.index(0, 0), last, [Qt.ItemDataRole.DecorationRole])

    def lines(self, rows: Iterable[int]) -> str:
        """The headers and these rows as lines, their cells divided by tabs."""
        chosen = [[cell.text for cell in self._table.rows[row].cells] for row in rows]
        return "\n".join("\t".join(line) for line in [list(self._table.headers), *chosen])

    def rowCount(self, parent: Index = ROOT) -> int:  # noqa: N802
        """Lanes by conditions by values."""
        return 0 if parent.isValid() else len(self._table.rows)

    def columnCount(self, parent: Index = ROOT) -> int:  # noqa: N802
        """Columns."""
        return 0 if parent.isValid() else len(self._table.headers)

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The columns' names, and what they are."""
        if orientation is not Qt.Orientation.Horizontal or section >= len(self._table.headers):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._table.headers[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._table.tips[section]
        return self._alignment(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, what it is sorted by, the lane's shape, alignment, and the whole as tooltip."""
        row = self._table.rows[index.row()]
        told = _told(row.cells[index.column()], self._table.headers[index.column()])
        if role in told:
            return told[role]
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0:
            return glyph_icon(row.lane, self._theme.lane(row.lane))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(index.column())
        return None

    def _alignment(self, column: int) -> int:
        words = column < self._table.words
        side = Qt.AlignmentFlag.AlignLeft if words else Qt.AlignmentFlag.AlignRight
        return int(side | Qt.AlignmentFlag.AlignVCenter)


def _told(cell: Cell, header: str) -> dict[int, Any]:
    """By role."""
    whole = cell.tip or cell.text
    return {
        Qt.ItemDataRole.DisplayRole: cell.text,
        ORDER_ROLE: float(cell.order),
        Qt.ItemDataRole.ToolTipRole: whole,
        Qt.ItemDataRole.AccessibleTextRole: f"{header}: {whole}",
    }


def _place(table: Table) -> list[tuple[str, ...]]:
    return [(row.lane, *(cell.text for cell in row.cells[1 : table.words])) for row in table.rows]


class MeasureTableView(QTableView):
    """Sorted by a click on a header; the first order comes back with another set of columns."""

    def __init__(self) -> None:
        super().__init__()
        self.figures = MeasureTable()
        self._sorted = QSortFilterProxyModel()
        self._sorted.setSourceModel(self.figures)
        self._sorted.setSortRole(ORDER_ROLE)
        self.setObjectName("measure-table")
        self.setAccessibleName("Figures of the measurement: medians with intervals")
        self.setModel(self._sorted)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setToolTip(
            "<b>Ctrl+C</b>&nbsp; Copy the chosen lines, or all of them. A click on a header sorts."
        )
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSortIndicatorClearable(True)
        self.setSortingEnabled(True)
        self.sortByColumn(UNSORTED, Qt.SortOrder.AscendingOrder)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(self.copy)

    def show_table(self, table: Table) -> None:
        """Other figures; columns are as wide as what is in them."""
        if self.figures.columnCount() != len(table.headers):
            self.sortByColumn(UNSORTED, Qt.SortOrder.AscendingOrder)
        self.figures.show_table(table)
        self.resizeColumnsToContents()

    def height_of_rows(self) -> int:
        """Pixels that show every row."""
        header, bar = self.horizontalHeader().sizeHint(), self.horizontalScrollBar().sizeHint()
        rows = self._sorted.rowCount() * ROW_PX
        return header.height() + rows + bar.height() + 2 * self.frameWidth() + 2

    def copy(self) -> None:
        """Puts the chosen lines, or all, on the clipboard, in the order in which they stand."""
        chosen = sorted(index.row() for index in self.selectionModel().selectedRows())
        shown = chosen or range(self._sorted.rowCount())
        rows = [self._sorted.mapToSource(self._sorted.index(row, 0)).row() for row in shown]
        QGuiApplication.clipboard().setText(self.figures.lines(rows))
