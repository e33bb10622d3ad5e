"""The list of faults as a table model: newest on top, changed in place, bounded."""

from __future__ import annotations

import math
from collections.abc import Iterable
from enum import IntEnum
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QIcon

from bench_gui.bench.snapshot import FaultReport
from bench_gui.window.fault_filter import FaultFilter
from bench_gui.window.fault_kinds import kind_of, recovery_text
from bench_gui.window.fault_signs import sign_icon
from bench_gui.window.glyphs import glyph_icon
from bench_gui.window.palette import LIGHT, Theme
from workers.lanes import lane_of

Index = QModelIndex | QPersistentModelIndex
ROWS_KEPT = 2000
HAND = "\N{BLACK RIGHT POINTING INDEX}"
"""Of a fault that no schedule planned."""
ROOT = QModelIndex()


class FaultColumn(IntEnum):
    """The table's columns."""

    TIME = 0
    LANE = 1
    KIND = 2
    WHAT = 3
    EFFECT = 4
    RECOVERY = 5


HEADERS = ("time", "", "fault", "what happened", "effect", "recovery")


def effect_text(fault: FaultReport) -> str:
    """What a fault did to events, in numbers."""
    parts = (
        (fault.lost_caused, "lost", "\N{MINUS SIGN}"),
        (fault.duplicates_caused, "duplicate", "+"),
        (fault.suppressed_caused, "suppressed", ""),
    )
    found = [f"{sign}{count:,} {word}" for count, word, sign in parts if count]
    return ", ".join(found) or "\N{EN DASH}"


def short_text(fault: FaultReport) -> str:
    """What happened, without the lane, whose shape stands beside it."""
    text = fault.text.replace(f" of {lane_name(fault.lane)}", "", 1)
    return text if fault.scheduled else f"{text} (by hand)"


def lane_name(slug: str) -> str:
    """The lane's name."""
    return lane_of(slug).name


class FaultTable(QAbstractTableModel):
    """Faults of the run on screen. Row 0 is the newest."""

    def __init__(self) -> None:
        super().__init__()
        self._faults: list[FaultReport] = []
        self._place: dict[int, int] = {}
        self._dropped = 0
        self._newest_dropped = 0
        self._theme = LIGHT

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self._theme = theme
        if self._faults:
            self._changed(0, len(self._faults) - 1)

    def clear(self) -> None:
        """For a new run."""
        self.beginResetModel()
        self._faults.clear()
        self._place.clear()
        self._dropped = self._newest_dropped = 0
        self.endResetModel()

    def fault(self, row: int) -> FaultReport:
        """The fault in a row."""
        return self._faults[len(self._faults) - 1 - row]

    def later(self, t_s: float) -> int:
        """How many there are after a moment."""
        return 0 if t_s == math.inf else sum(fault.t_s > t_s for fault in self._faults)

    def take(self, faults: Iterable[FaultReport]) -> None:
        """Adds new faults on top and replaces those that are known; a forgotten one stays so."""
        latest = {fault.fault_id: fault for fault in faults}
        added = []
        for fault_id, fault in latest.items():
            place = self._place.get(fault_id)
            if place is not None:
                self._replace(place - self._dropped, fault)
            elif fault_id > self._newest_dropped:
                added.append(fault)
        if added:
            self._add(added[-ROWS_KEPT:])
            self._drop()

    def _replace(self, at: int, fault: FaultReport) -> None:
        if self._faults[at] != fault:
            self._faults[at] = fault
            row = len(self._faults) - 1 - at
            self._changed(row, row)

    def _changed(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(HEADERS) - 1))

    def _add(self, faults: list[FaultReport]) -> None:
        self.beginInsertRows(QModelIndex(), 0, len(faults) - 1)
        for fault in faults:
            self._place[fault.fault_id] = self._dropped + len(self._faults)
            self._faults.append(fault)
        self.endInsertRows()

    def _drop(self) -> None:
        extra = len(self._faults) - ROWS_KEPT
        if extra > 0:
            last = len(self._faults) - 1
            self.beginRemoveRows(QModelIndex(), last - extra + 1, last)
            for fault in self._faults[:extra]:
                del self._place[fault.fault_id]
                self._newest_dropped = max(self._newest_dropped, fault.fault_id)
            del self._faults[:extra]
            self._dropped += extra
            self.endRemoveRows()

    def rowCount(self, parent: Index = ROOT) -> int:  # noqa: N802
        """Faults."""
        return 0 if parent.isValid() else len(self._faults)

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
        """Text, the lane's shape, the kind's sign, alignment and the whole sentence as tooltip."""
        fault, column = self.fault(index.row()), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(fault, column)
        if role == Qt.ItemDataRole.DecorationRole:
            return self._picture(fault, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role in {Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole}:
            return _said(fault, column)
        return None

    def _picture(self, fault: FaultReport, column: int) -> QIcon | None:
        if column == FaultColumn.LANE:
            return glyph_icon(fault.lane, self._theme.lane(fault.lane))
        if column == FaultColumn.KIND:
            return sign_icon(kind_of(fault).sign, self._theme.text)
        return None

    @staticmethod
    def _text(fault: FaultReport, column: int) -> str:
        return (
            f"{fault.t_s:.2f} s",
            "",
            kind_of(fault).word if fault.scheduled else f"{kind_of(fault).word} {HAND}",
            short_text(fault),
            effect_text(fault),
            recovery_text(fault),
        )[column]


def _said(fault: FaultReport, column: int) -> str:
    """A cell in words, for the tooltip and a screen reader."""
    if column == FaultColumn.LANE:
        return lane_name(fault.lane)
    if column == FaultColumn.KIND:
        return f"{fault.kind}{_hand_in_words(fault)}: {kind_of(fault).help}"
    return f"{fault.t_s:.2f} s: {fault.text}"


def _hand_in_words(fault: FaultReport) -> str:
    return "" if fault.scheduled else f", by hand ({HAND})"


def _alignment(column: int) -> int:
    right = column in {FaultColumn.TIME, FaultColumn.RECOVERY}
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)


class FilteredFaults(QSortFilterProxyModel):
    """Those of the faults that are asked for, in the same order.

    Fields:
        until_s: those of later are not listed.
    """

    def __init__(self, table: FaultTable) -> None:
        super().__init__()
        self._table = table
        self._filter = FaultFilter()
        self.until_s = math.inf
        self.setDynamicSortFilter(True)
        self.setSourceModel(table)

    def show_only(self, wanted: FaultFilter, until_s: float) -> None:
        """Other ones."""
        if (wanted, until_s) != (self._filter, self.until_s):
            self.beginFilterChange()
            self._filter, self.until_s = wanted, until_s
            self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def fault(self, row: int) -> FaultReport:
        """The fault in a row."""
        return self._table.fault(self.mapToSource(self.index(row, 0)).row())

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:  # noqa: N802
        """Whether it is asked for."""
        del parent
        fault = self._table.fault(row)
        return fault.t_s <= self.until_s and self._filter.passes(fault)
