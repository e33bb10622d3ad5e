"""An event's life as a table: what the drawing shows, to read, select and copy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from bench_gui.bench.lifeline.model import LifeEvent, LifeKind, Lifeline
from bench_gui.window.life_layout import time_label

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
HEADERS = ("time", "since due", "what", "who", "where", "more")
TIMES = 2
"""The first columns, aligned to the right."""


class LifeTable(QAbstractTableModel):
    """One row an entry, in the life's order."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[tuple[str, ...]] = []

    def show_life(self, life: Lifeline | None) -> None:
        """Another life, or none."""
        self.beginResetModel()
        self._rows = [] if life is None else rows_of(life)
        self.endResetModel()

    def text(self, rows: Iterable[int]) -> str:
        """Rows as lines, their cells divided by tabs; all of them when none is named."""
        wanted = sorted(rows) or range(len(self._rows))
        return "\n".join("\t".join(self._rows[row]) for row in wanted)

    def rowCount(self, parent: Index = ROOT) -> int:  # noqa: N802
        """Entries."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = ROOT) -> int:  # noqa: N802
        """Columns."""
        return 0 if parent.isValid() else len(HEADERS)

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The columns' names."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADERS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, alignment and, where it may be cut, the whole of it as tooltip."""
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return self._rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(cell for cell in self._rows[index.row()] if cell)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(index.column())
        return None


def rows_of(life: Lifeline) -> list[tuple[str, ...]]:
    """A life's cells."""
    due = [entry.t_s for entry in life.entries if entry.kind is LifeKind.DUE]
    return [_cells(entry, due[0] if due else None) for entry in life.entries]


def _cells(entry: LifeEvent, due_s: float | None) -> tuple[str, ...]:
    time, since = "", ""
    if entry.t_s is not None:
        time = f"{entry.t_s:.6f} s"
        since = "" if due_s in {None, entry.t_s} else time_label(entry.t_s, due_s)
    who = "" if entry.who is None else str(entry.who)
    fault = "" if entry.fault_id is None else f"[fault {entry.fault_id}]"
    more = " ".join(part for part in (entry.text, fault) if part)
    return (time, since, entry.kind.value, who, entry.where, more)


def _alignment(column: int) -> int:
    side = Qt.AlignmentFlag.AlignRight if column < TIMES else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)
