"""A table whose left columns stay in sight; it sorts, selects and copies."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QPoint,
    QSignalBlocker,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QFontMetrics,
    QGuiApplication,
    QKeySequence,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QMenu, QTableView

from bench_gui.window.grid.cells import Grid
from bench_gui.window.grid.header import ARROW_ROOM_PX, PAD_PX, GroupedHeader
from bench_gui.window.grid.model import UNSORTED, GridModel, SortedGrid
from bench_gui.window.grid.painting import CellPainter, emphasised
from bench_gui.window.palette import Theme
from bench_gui.window.widgets import TYPE_CHANGES

ROW_EXTRA_PX = 9
ORDERS = (
    ("Sort by this column, largest first", Qt.SortOrder.DescendingOrder),
    ("Sort by this column, smallest first", Qt.SortOrder.AscendingOrder),
)


class _View(QTableView):
    """Signals:
    menu_wanted: at a column (-1 for none) and a place on the screen.
    """

    menu_wanted = Signal(int, QPoint)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Of the cell under the mouse; by the keyboard of the one that it stands on."""
        index = self.indexAt(event.pos())
        place = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            index = self.currentIndex()
            place = self.viewport().mapToGlobal(self.visualRect(index).bottomLeft())
        self.menu_wanted.emit(index.column(), place)


class GridTable(QFrame):
    """Two views of one model side by side: what is fixed, and what can be scrolled.

    Args:
        name: object name of the scrolled view. said: for a screen reader.

    Signals:
        copied_lines: so many are on the clipboard.
    """

    copied_lines = Signal(int)

    def __init__(self, name: str, said: str) -> None:
        super().__init__()
        self.setProperty("part", "card")
        self.model = GridModel()
        self.sorted = SortedGrid(self.model)
        self._painter = CellPainter()
        self._widths: dict[int, tuple[int, int]] = {}
        self._fixed_px = 0
        self._fixed = self._make_view(f"{name}-fixed", said)
        self.view = self._make_view(name, said)
        self._fixed.setSelectionModel(self.view.selectionModel())
        self._fixed.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._fixed.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._fixed.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusProxy(self.view)
        self._copy = self._make_copy()
        self._go_together()
        self.sort_by(UNSORTED, Qt.SortOrder.AscendingOrder)

    def _make_view(self, name: str, said: str) -> _View:
        view = _View(self)
        view.setObjectName(name)
        view.setAccessibleName(said)
        view.setProperty("bare", True)
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setHorizontalHeader(GroupedHeader(self.model, view))
        view.setModel(self.sorted)
        view.setItemDelegate(self._painter)
        view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QTableView.SelectionMode.ExtendedSelection)
        view.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        view.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        view.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTabKeyNavigation(False)
        view.verticalHeader().hide()
        view.setSortingEnabled(True)
        view.menu_wanted.connect(self._show_menu)
        return view

    def _make_copy(self) -> QAction:
        """For as long as the table is in sight; a text field with the focus copies its own text."""
        copy = QAction("&Copy the chosen lines, or all", self.view)
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        copy.triggered.connect(self.copy)
        self.view.addAction(copy)
        return copy

    def _go_together(self) -> None:
        """Both scroll as one, and one of them says by what they are sorted."""
        bars = (self._fixed.verticalScrollBar(), self.view.verticalScrollBar())
        headers = (self._fixed.horizontalHeader(), self.view.horizontalHeader())
        for bar, other in (bars, bars[::-1]):
            bar.valueChanged.connect(other.setValue)
        for header, other_header in (headers, headers[::-1]):
            header.sortIndicatorChanged.connect(
                lambda section, order, it=other_header: _show_order(it, section, order)
            )
        self.view.horizontalScrollBar().rangeChanged.connect(lambda *_: self._place())

    # what is shown

    def show_grid(self, grid: Grid) -> None:
        """Other values. Other columns take the order away that the lines were in."""
        before = self.model.grid
        if before.columns != grid.columns:
            self.sort_by(UNSORTED, Qt.SortOrder.AscendingOrder)
            self._widths.clear()
        self.model.show_grid(grid)
        if before.columns != grid.columns or before.fixed != grid.fixed:
            for number in range(len(grid.columns)):
                self._fixed.setColumnHidden(number, number >= grid.fixed)
                self.view.setColumnHidden(number, number < grid.fixed)
        self._measure()

    def clear(self) -> None:
        """No lines; the columns, and what they are sorted by, stay."""
        self.show_grid(replace(self.model.grid, lines=()))

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self._painter.set_theme(theme)
        for view in self._views():
            header = view.horizontalHeader()
            assert isinstance(header, GroupedHeader)
            header.set_theme(theme)
            view.viewport().update()

    def sort_by(self, column: int, order: Qt.SortOrder) -> None:
        """Sorts the lines by a column, or (UNSORTED) leaves them in their own order."""
        self.view.sortByColumn(column, order)

    def copy(self) -> None:
        """The chosen lines, or all, on the clipboard, in the order in which they stand."""
        chosen = self.chosen
        QGuiApplication.clipboard().setText(self.copied(chosen))
        self.copied_lines.emit(len(chosen) or self.sorted.rowCount())

    def copied(self, chosen: list[int]) -> str:
        """The lines in these places on the screen, or all, divided by tabs.

        Args:
            chosen: counted from the top, from 0; all when there is none.
        """
        places = chosen or range(self.sorted.rowCount())
        lines = [self.sorted.mapToSource(self.sorted.index(row, 0)).row() for row in places]
        return self.model.grid.tabbed(lines)

    @property
    def chosen(self) -> list[int]:
        """The places of the chosen lines on the screen, from the top."""
        return sorted({index.row() for index in self.view.selectionModel().selectedIndexes()})

    def _show_menu(self, column: int, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self._copy)
        menu.addSeparator()
        for text, order in ORDERS if column >= 0 else ():
            sort = menu.addAction(text)
            sort.triggered.connect(lambda _=False, to=order: self.sort_by(column, to))
        own = menu.addAction("In their own order")
        own.triggered.connect(lambda: self.sort_by(UNSORTED, Qt.SortOrder.AscendingOrder))
        menu.popup(place)

    # how large it all is

    def _views(self) -> tuple[QTableView, QTableView]:
        return self._fixed, self.view

    def _measure(self) -> None:
        """Columns grow with what is in them and never shrink under the reader's eyes."""
        grid, changed = self.model.grid, False
        metrics = QFontMetrics(emphasised(self.view.font()))
        for number in range(len(grid.columns)):
            longest = max((len(line.cells[number].text) for line in grid.lines), default=0)
            known = self._widths.get(number)
            if known is None or longest > known[0]:
                self._widths[number] = (longest, self._width_of(number, metrics))
                changed = True
        if changed:
            self._lay_out()

    def _width_of(self, number: int, metrics: QFontMetrics) -> int:
        grid = self.model.grid
        header = self.view.horizontalHeader()
        assert isinstance(header, GroupedHeader)
        names = QFontMetrics(header.name_font())
        title = names.horizontalAdvance(grid.columns[number].title) + 2 * PAD_PX + ARROW_ROOM_PX
        cells = (line.cells[number] for line in grid.lines)
        widths = (self._painter.width_of(c, metrics.horizontalAdvance(c.text)) for c in cells)
        return max(title, *widths, 0)

    def _lay_out(self) -> None:
        """Columns of one title are as wide as one another; what is left over goes to those that can
        use it."""
        grid = self.model.grid
        widths = {
            number: max(
                width
                for other, (_, width) in self._widths.items()
                if grid.columns[other].title == grid.columns[number].title
            )
            for number in self._widths
        }
        fixed = sum(width for number, width in widths.items() if number < grid.fixed)
        shares = sum(column.room for column in grid.columns)
        bar = self.view.verticalScrollBar().sizeHint().width()
        left = max(0, self.width() - sum(widths.values()) - bar - 4)
        for number, width in widths.items():
            more = left * grid.columns[number].room // shares if shares else 0
            for view in self._views():
                view.setColumnWidth(number, width + more)
        height = QFontMetrics(self.view.font()).height() + ROW_EXTRA_PX
        for view in self._views():
            view.verticalHeader().setMinimumSectionSize(height)
            view.verticalHeader().setDefaultSectionSize(height)
        self._fixed_px = fixed
        self._place()

    def _place(self) -> None:
        """By hand: the fixed one is as high as the other's rows, which may have a bar beneath."""
        inside = self.rect().adjusted(1, 1, -1, -1)
        fixed = min(self._fixed_px, inside.width())
        bar = self.view.horizontalScrollBar()
        beneath = bar.sizeHint().height() if bar.maximum() > bar.minimum() else 0
        self._fixed.setGeometry(inside.x(), inside.y(), fixed, inside.height() - beneath)
        self.view.setGeometry(inside.adjusted(fixed, 0, 0, 0))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Room that is left over is shared out again."""
        super().resizeEvent(event)
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Type of another size, which the views within are told of after this."""
        super().changeEvent(event)
        if event.type() in TYPE_CHANGES:
            QTimer.singleShot(0, self, self._measure_anew)

    def _measure_anew(self) -> None:
        self._widths.clear()
        self._measure()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Whatever there is."""
        return QSize(600, 300)

    def focus(self) -> None:
        """Takes the keyboard, the first line chosen if none is."""
        self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not self.view.currentIndex().isValid() and self.sorted.rowCount():
            first = self.sorted.index(0, self.model.grid.fixed)
            self.view.selectionModel().setCurrentIndex(
                first, QItemSelectionModel.SelectionFlag.NoUpdate
            )


def _show_order(header: object, section: int, order: Qt.SortOrder) -> None:
    assert isinstance(header, GroupedHeader)
    with QSignalBlocker(header):
        header.setSortIndicator(section, order)
    header.viewport().update()
