"""The list of faults: newest on top, changed in place, bounded."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from bench_gui.bench.snapshot import FaultReport
from bench_gui.window.fault_table import HAND, ROWS_KEPT, FaultColumn, FaultTable


def fault(number: int, **changes: object) -> FaultReport:
    """A kill at `number` seconds."""
    made = FaultReport(
        number, float(number), "at-least-once", "kill", "consumer", 1, 0, 4711, "effect-applied",
        "offsets-committed", 64, None, 0, 0, 0, True, f"kill {number}",
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def shown(table: FaultTable, row: int, column: FaultColumn) -> object:
    """What stands in a cell."""
    return table.data(table.index(row, column), Qt.ItemDataRole.DisplayRole)


def test_the_newest_is_on_top() -> None:
    table = FaultTable()
    table.take([fault(1), fault(2)])
    table.take([fault(3)])
    assert [shown(table, row, FaultColumn.WHAT) for row in range(3)] == [
        "kill 3",
        "kill 2",
        "kill 1",
    ]


def test_a_report_sent_again_changes_its_row_and_no_other(qtbot: QtBot) -> None:
    table = FaultTable()
    table.take([fault(number) for number in (1, 2, 3)])
    with qtbot.waitSignal(table.dataChanged) as changed:
        table.take([fault(2, duplicates_caused=64, recovery_ms=12.0)])
    first, last = changed.args[0], changed.args[1]
    assert (first.row(), last.row()) == (1, 1)
    assert table.rowCount() == 3
    assert shown(table, 1, FaultColumn.EFFECT) == "+64 duplicate"
    assert shown(table, 1, FaultColumn.RECOVERY) == "12 ms"


def test_a_report_seen_twice_in_one_batch_is_one_row() -> None:
    table = FaultTable()
    table.take([fault(1), fault(1, lost_caused=5)])
    assert table.rowCount() == 1
    assert shown(table, 0, FaultColumn.EFFECT) == "\N{MINUS SIGN}5 lost"


def test_the_list_is_bounded_and_forgets_the_oldest() -> None:
    table = FaultTable()
    for start in range(1, ROWS_KEPT + 500, 250):
        table.take([fault(number) for number in range(start, start + 250)])
    assert table.rowCount() == ROWS_KEPT
    table.take([fault(1, lost_caused=9)])
    newest = table.fault(0).fault_id
    table.take([fault(newest, lost_caused=9)])
    assert table.rowCount() == ROWS_KEPT
    assert shown(table, 0, FaultColumn.EFFECT) == "\N{MINUS SIGN}9 lost"


def test_a_kill_by_hand_says_so() -> None:
    table = FaultTable()
    table.take([fault(1, scheduled=False)])
    assert shown(table, 0, FaultColumn.WHAT) == "kill 1 (by hand)"
    assert shown(table, 0, FaultColumn.KIND) == f"kill {HAND}"
    tip = table.data(table.index(0, FaultColumn.KIND), Qt.ItemDataRole.ToolTipRole)
    assert tip.startswith(f"kill, by hand ({HAND}): ")


def test_it_is_a_model_as_qt_wants_one(qtmodeltester: ModelTester) -> None:
    table = FaultTable()
    qtmodeltester.check(table)
    table.take([fault(number) for number in range(1, 5)])
    table.take([fault(2, lost_caused=3)])
    table.clear()
