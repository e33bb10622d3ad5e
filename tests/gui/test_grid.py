"""Tables: sorted by any column, the last lines last; copied as a spreadsheet wants it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from bench_gui.window.grid.cells import EMPTY, Bar, Cell, Column, Grid, Group, Line, Mark
from bench_gui.window.grid.header import GroupedHeader
from bench_gui.window.grid.model import UNSORTED, GridModel
from bench_gui.window.grid.table import GridTable
from bench_gui.window.palette import DARK, LIGHT

UP, DOWN = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


def line(name: str, first: int, second: int, *, last: bool = False) -> Line:
    cells = (
        Cell(name, name, name, lane="at-most-once", glyph=True),
        Cell(f"{first:,}", first, str(first)),
        Cell(str(second), second, str(second), "tip", Mark.EXPECTED, Bar(0.5, 0.2), "exactly-once"),
    )
    return Line(name, cells, last)


GRID = Grid(
    (Group("NAMES"), Group("NUMBERS", "of all sorts", "at-least-once")),
    (
        Column("name", "name", "its name", 0, words=True),
        Column("first_number", "first", "the first", 1),
        Column("second_number", "second", "the second", 1, room=1),
    ),
    (line("b", 1000, 3), line("a", 20, 7), line("c", 300, 5), line("sum", 1320, 15, last=True)),
)


@pytest.fixture
def table(qtbot: QtBot) -> GridTable:
    made = GridTable("some-table", "Some table")
    qtbot.addWidget(made)
    made.resize(500, 300)
    made.show_grid(GRID)
    made.show()
    return made


def names(table: GridTable) -> list[str]:
    model = table.sorted
    return [model.index(row, 0).data() for row in range(model.rowCount())]


@pytest.mark.parametrize(
    ("column", "order", "expected"),
    [
        (UNSORTED, UP, "b a c sum"),
        (0, UP, "a b c sum"),
        (0, DOWN, "c b a sum"),
        (1, UP, "a c b sum"),
        (1, DOWN, "b c a sum"),
        (2, DOWN, "a c b sum"),
    ],
)
def test_it_sorts_by_numbers_as_numbers_and_the_last_line_stays_last(
    table: GridTable, column: int, order: Qt.SortOrder, expected: str
) -> None:
    table.sort_by(column, order)
    assert names(table) == expected.split()


def test_a_click_on_a_header_sorts_and_both_halves_say_so(table: GridTable) -> None:
    header = table.view.horizontalHeader()
    place = header.rect().center()
    place.setX(header.sectionViewportPosition(1) + 8)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert names(table) == ["a", "c", "b", "sum"]
    fixed = table._fixed.horizontalHeader()
    assert (fixed.sortIndicatorSection(), fixed.sortIndicatorOrder()) == (1, UP)


def test_what_is_sorted_stays_so_when_values_change(table: GridTable) -> None:
    table.sort_by(1, DOWN)
    table.show_grid(replace(GRID, lines=(*GRID.lines[:2], line("c", 9_999, 5), GRID.lines[3])))
    assert names(table) == ["c", "b", "a", "sum"]


def test_all_is_copied_in_the_order_on_the_screen(table: GridTable) -> None:
    table.sort_by(1, UP)
    table.copy()
    assert QGuiApplication.clipboard().text() == (
        "name\tfirst_number\tsecond_number\na\t20\t7\nc\t300\t5\nb\t1000\t3\nsum\t1320\t15\n"
    )


def test_chosen_lines_are_copied_by_key(table: GridTable, qtbot: QtBot) -> None:
    table.window().activateWindow()
    table.focus()
    select = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for row in (2, 0):
        table.view.selectionModel().select(table.sorted.index(row, 1), select)
    qtbot.waitUntil(table.view.hasFocus)
    QTest.keyClick(table.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == (
        "name\tfirst_number\tsecond_number\nb\t1000\t3\nc\t300\t5\n"
    )


def test_a_line_stays_chosen_while_values_change(table: GridTable) -> None:
    table.view.selectRow(1)
    table.show_grid(replace(GRID, lines=(*GRID.lines[:3], line("sum", 4, 4, last=True))))
    assert table.chosen == [1]


def test_fixed_columns_stay_in_sight_and_rows_side_by_side(table: GridTable) -> None:
    table.resize(220, 90)
    fixed, view = table._fixed, table.view
    assert [fixed.isColumnHidden(n) for n in range(3)] == [False, True, True]
    assert [view.isColumnHidden(n) for n in range(3)] == [True, False, False]
    view.horizontalScrollBar().setValue(view.horizontalScrollBar().maximum())
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    assert fixed.verticalScrollBar().value() == view.verticalScrollBar().value() > 0
    assert [fixed.rowViewportPosition(n) for n in range(4)] == [
        view.rowViewportPosition(n) for n in range(4)
    ]
    assert fixed.viewport().height() == view.viewport().height()


def test_every_cell_is_as_wide_as_its_text_also_when_it_grows(table: GridTable) -> None:
    before = table.view.columnWidth(1)
    table.show_grid(replace(GRID, lines=(line("b", 123_456_789_012, 3), *GRID.lines[1:])))
    metrics = table.view.fontMetrics()
    assert table.view.columnWidth(1) >= metrics.horizontalAdvance("123,456,789,012") + 12 > before


def test_the_header_names_the_group_where_one_points(table: GridTable) -> None:
    header = table.view.horizontalHeader()
    assert isinstance(header, GroupedHeader)
    assert header.group_at(header.sectionViewportPosition(1) + 3, 4) == 1
    assert header.group_at(header.sectionViewportPosition(1) + 3, header.height() - 3) is None


def test_it_is_read_aloud_with_its_column(table: GridTable) -> None:
    said = table.model.data(table.model.index(0, 2), Qt.ItemDataRole.AccessibleTextRole)
    assert said == "NUMBERS, second: tip"


def test_it_is_painted_in_both_themes(table: GridTable) -> None:
    for theme in (LIGHT, DARK):
        table.set_theme(theme)
        picture = table.view.viewport().grab().toImage()
        corner = table.view.visualRect(table.sorted.index(3, 1)).topLeft()
        assert picture.pixelColor(corner).name() == theme.panel.lower()


def test_it_is_a_model_as_qt_wants_one(qtmodeltester: ModelTester) -> None:
    model = GridModel()
    qtmodeltester.check(model)
    model.show_grid(GRID)
    model.show_grid(replace(GRID, lines=(line("b", 1, 3), *GRID.lines[1:])))
    model.show_grid(EMPTY)
