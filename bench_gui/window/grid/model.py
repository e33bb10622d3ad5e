"""A grid as a model of Qt, and its lines in the order that the reader asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)

from bench_gui.window.grid.cells import EMPTY, Cell, Grid

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
ORDER_ROLE = Qt.ItemDataRole.UserRole
PAINT_ROLE = Qt.ItemDataRole.UserRole + 1
"""All that painting a cell takes, in one answer: the cell, whether its line stays below the others,
and whether its column holds words. (Each question costs as much as drawing the number.)"""
UNSORTED = -1


class GridModel(QAbstractTableModel):
    """The lines in their own order."""

    def __init__(self) -> None:
        super().__init__()
        self.grid = EMPTY

    def show_grid(self, grid: Grid) -> None:
        """Other values; lines that stay the same line keep their selection."""
        before = self.grid
        if grid is before:
            return
        if _shape(before) == _shape(grid):
            self.grid = grid
            self._tell_changes(before)
            return
        self.beginResetModel()
        self.grid = grid
        self.endResetModel()

    def _tell_changes(self, before: Grid) -> None:
        """From the first to the last line in which anything is different."""
        pairs = enumerate(zip(before.lines, self.grid.lines, strict=True))
        changed = [place for place, (old, new) in pairs if old != new]
        if changed:
            last = self.index(changed[-1], len(self.grid.columns) - 1)
            self.dataChanged.emit(self.index(changed[0], 0), last)

    def cell(self, row: int, column: int) -> Cell:
        """What stands there."""
        return self.grid.lines[row].cells[column]

    def rowCount(self, parent: Index = ROOT) -> int:  # noqa: N802
        """Lines."""
        return 0 if parent.isValid() else len(self.grid.lines)

    def columnCount(self, parent: Index = ROOT) -> int:  # noqa: N802
        """Columns."""
        return 0 if parent.isValid() else len(self.grid.columns)

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Titles, and what they mean."""
        if orientation is not Qt.Orientation.Horizontal or section >= len(self.grid.columns):
            return None
        column = self.grid.columns[section]
        told = {
            Qt.ItemDataRole.DisplayRole: column.title,
            Qt.ItemDataRole.ToolTipRole: column.tip,
            Qt.ItemDataRole.TextAlignmentRole: _alignment(words=column.words),
            Qt.ItemDataRole.AccessibleTextRole: self._whole_title(section),
        }
        return told.get(Qt.ItemDataRole(role))

    def _whole_title(self, section: int) -> str:
        column = self.grid.columns[section]
        return f"{self.grid.groups[column.group].title}, {column.title}".strip(", ")

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, what it is sorted by, alignment, and the whole in words."""
        line = self.grid.lines[index.row()]
        cell = line.cells[index.column()]
        if role == PAINT_ROLE:
            return cell, line.last, self.grid.columns[index.column()].words
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role in _READ:
            return _READ[role](cell)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._whole_title(index.column())}: {cell.tip or cell.text}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(words=self.grid.columns[index.column()].words)
        return None


_READ: dict[int, Callable[[Cell], Any]] = {
    ORDER_ROLE: lambda cell: cell.order,
    Qt.ItemDataRole.ToolTipRole: lambda cell: cell.tip or None,
}


class SortedGrid(QSortFilterProxyModel):
    """Lines by one column, in either direction; those that are last stay last."""

    def __init__(self, model: GridModel) -> None:
        super().__init__()
        self._model = model
        self.setSortRole(ORDER_ROLE)
        self.setSourceModel(model)

    def lessThan(self, left: Index, right: Index) -> bool:  # noqa: N802
        """By the cells' orders."""
        lines = self._model.grid.lines
        one, other = lines[left.row()], lines[right.row()]
        if one.last or other.last:
            upwards = self.sortOrder() == Qt.SortOrder.AscendingOrder
            if one.last and other.last:
                return (left.row() < right.row()) is upwards
            return other.last is upwards
        first, second = one.cells[left.column()].order, other.cells[right.column()].order
        return first < second  # type: ignore[operator]


def _shape(grid: Grid) -> tuple[object, ...]:
    keys = tuple(line.key for line in grid.lines)
    return grid.groups, grid.columns, keys, grid.fixed


def _alignment(*, words: bool) -> int:
    side = Qt.AlignmentFlag.AlignLeft if words else Qt.AlignmentFlag.AlignRight
    return int(side | Qt.AlignmentFlag.AlignVCenter)
