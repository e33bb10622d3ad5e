"""The life of an event: asked for in every way, drawn as it was, listed, copied."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QPushButton,
    QTableView,
    QToolTip,
)
from pytestqt.qtbot import QtBot

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.lifeline.model import EventId, LifeKind
from bench_gui.window.command_table import Command
from bench_gui.window.explainer import HARMLESS
from bench_gui.window.life_layout import Drawing, Shape, Sort, gap_px, lay_out, time_label
from bench_gui.window.life_view import NAMES_PX, NOTHING, LifeView
from bench_gui.window.life_window import NO_HARM, LifeWindow
from bench_gui.window.main_window import MainWindow
from bench_gui.window.palette import DARK, LIGHT
from bench_gui.window.session import Phase
from tests.gui.fake_client import FakeClient
from tests.gui.lives import CAUSE, DUPLICATE, HARM, PlannedLives
from tests.gui.pressing import activate, choose_from_menu, click, find, press, text_of

CONTROL = Qt.KeyboardModifier.ControlModifier
SENTENCE = f"Event 0:123: {DUPLICATE.sentence}"


def run_to_the_end(window: MainWindow, qtbot: QtBot) -> None:
    """A run with faults in the list."""
    click(window, "start")
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)


def life_window(window: MainWindow) -> LifeWindow:
    """The window of lives, which is open."""
    opened = window.findChild(LifeWindow)
    assert opened is not None
    assert opened.isVisible()
    return opened


def said(life: LifeWindow) -> str:
    label = life.findChild(QLabel, "life-sentence")
    assert label is not None
    return label.text()


def fault_of_row(window: MainWindow, row: int) -> int:
    return window.faults.model.fault(row).fault_id


def by_key(window: MainWindow, qtbot: QtBot) -> None:
    del qtbot
    press(window, Qt.Key.Key_F7)
    press(window, Qt.Key.Key_E)


def by_enter(window: MainWindow, qtbot: QtBot) -> None:
    del qtbot
    press(window, Qt.Key.Key_F7)
    press(window, Qt.Key.Key_Return)


def by_double_click(window: MainWindow, qtbot: QtBot) -> None:
    del qtbot
    table = find(window, QTableView, "fault-list")
    place = table.visualRect(table.model().index(0, 3)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)


def by_button(window: MainWindow, qtbot: QtBot) -> None:
    del qtbot
    window.faults.choose(0)
    click(window, "explain-fault")


def by_menu(window: MainWindow, qtbot: QtBot) -> None:
    del qtbot
    window.faults.choose(0)
    choose_from_menu(window, "View", "Explain the fault")


def by_context_menu(window: MainWindow, qtbot: QtBot) -> None:
    window.faults.choose(0)
    table = find(window, QTableView, "fault-list")
    table.customContextMenuRequested.emit(QPoint(5, 5))
    qtbot.waitUntil(lambda: bool(window.faults.findChildren(QMenu)))
    menu = window.faults.findChildren(QMenu)[-1]
    menu.actions()[0].trigger()
    menu.close()


@pytest.mark.parametrize(
    "way", [by_key, by_enter, by_double_click, by_button, by_menu, by_context_menu]
)
def test_a_fault_is_explained_in_every_way(
    window: MainWindow, lives: PlannedLives, qtbot: QtBot, way: object
) -> None:
    run_to_the_end(window, qtbot)
    wanted = fault_of_row(window, 0)
    way(window, qtbot)  # type: ignore[operator]
    qtbot.waitUntil(lambda: said(life_window(window)) == SENTENCE)
    assert lives.asked == [(wanted,), (HARM.fault.lane, 0, 123)]


def test_what_it_harmed_is_listed_and_another_event_is_chosen(
    window: MainWindow, lives: PlannedLives, qtbot: QtBot
) -> None:
    run_to_the_end(window, qtbot)
    by_button(window, qtbot)
    qtbot.waitUntil(lambda: said(life_window(window)) == SENTENCE)
    listed = life_window(window).findChild(QListWidget, "life-ranges")
    assert listed is not None
    assert listed.isVisible()
    assert [listed.item(row).text() for row in range(listed.count())] == [
        "8 redelivered\n0:123 to 0:130",
        "1 redelivered\n0:140",
    ]
    listed.setCurrentRow(1)
    qtbot.waitUntil(lambda: said(life_window(window)).startswith("Event 0:140"))
    assert lives.asked[-1] == ("at-least-once", 0, 140)


def test_a_fault_that_harmed_nothing_opens_no_window(
    window: MainWindow, lives: PlannedLives, qtbot: QtBot
) -> None:
    lives.harm = replace(HARM, ranges=(), example=None)
    run_to_the_end(window, qtbot)
    by_button(window, qtbot)
    qtbot.waitUntil(lambda: text_of(window, "status-message") == HARMLESS)
    assert window.findChild(LifeWindow) is None


def test_in_an_open_window_a_fault_that_harmed_nothing_says_so(
    window: MainWindow, lives: PlannedLives, qtbot: QtBot
) -> None:
    run_to_the_end(window, qtbot)
    by_button(window, qtbot)
    qtbot.waitUntil(lambda: said(life_window(window)) == SENTENCE)
    lives.harm = replace(HARM, ranges=(), example=None)
    by_button(window, qtbot)
    qtbot.waitUntil(lambda: said(life_window(window)).endswith(NO_HARM))


def test_without_a_fault_chosen_nothing_is_explained_and_it_says_why(
    window: MainWindow, qtbot: QtBot
) -> None:
    action = window.commands[Command.EXPLAIN_FAULT]
    assert "there is no run yet" in action.toolTip()
    run_to_the_end(window, qtbot)
    assert not action.isEnabled()
    assert "no fault is chosen" in action.toolTip()
    window.faults.choose(0)
    assert action.isEnabled()
    find(window, QTableView, "fault-list").setFocus()
    press(window, Qt.Key.Key_Escape)
    assert not action.isEnabled()


def ask(window: MainWindow, qtbot: QtBot, text: str) -> LifeWindow:
    """Names an event as a user would."""
    press(window, Qt.Key.Key_F, CONTROL)
    life = life_window(window)
    activate(qtbot, life)
    box = life.findChild(QLineEdit, "life-event")
    assert box is not None
    assert life.focusWidget() is box
    box.clear()
    QTest.keyClicks(box, text)
    QTest.keyClick(box, Qt.Key.Key_Return)
    return life


def test_any_event_is_asked_for_by_name(
    window: MainWindow, lives: PlannedLives, qtbot: QtBot
) -> None:
    run_to_the_end(window, qtbot)
    life = ask(window, qtbot, "0:77")
    qtbot.waitUntil(lambda: said(life).startswith("Event 0:77"))
    lane = life.findChild(QComboBox, "life-lane")
    assert lane is not None
    lane.setCurrentIndex(lane.findData("exactly-once"))
    button = life.findChild(QPushButton, "life-explain")
    assert button is not None
    button.click()
    qtbot.waitUntil(lambda: lives.asked[-1] == ("exactly-once", 0, 77))


def test_the_events_beside_it_are_one_key_away(
    window: MainWindow, lives: PlannedLives, qtbot: QtBot
) -> None:
    run_to_the_end(window, qtbot)
    life = ask(window, qtbot, "0:1")
    qtbot.waitUntil(lambda: said(life).startswith("Event 0:1:"))
    for name, wanted in (("after", "0:2"), ("before", "0:1"), ("before", "0:0"), ("before", "0:0")):
        button = life.findChild(QPushButton, f"life-{name}")
        assert button is not None
        button.click()
        qtbot.waitUntil(lambda shown=f"Event {wanted}:": said(life).startswith(shown))
    assert lives.asked[-1] == ("at-most-once", 0, 0)


def test_a_name_that_names_nothing_is_a_sentence(
    window: MainWindow, lives: PlannedLives, qtbot: QtBot
) -> None:
    run_to_the_end(window, qtbot)
    life = ask(window, qtbot, "first")
    assert "SLOT:SEQ" in said(life)
    assert lives.asked == []


def test_what_cannot_be_looked_up_is_a_sentence(
    window: MainWindow, lives: PlannedLives, qtbot: QtBot
) -> None:
    lives.problem = EnvironmentProblem("the run has no fault 3")
    run_to_the_end(window, qtbot)
    by_button(window, qtbot)
    qtbot.waitUntil(lambda: said(life_window(window)) == "the run has no fault 3")


def test_it_can_be_asked_while_the_run_goes_on(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    client.speed = 1.0
    click(window, "start")
    press(window, Qt.Key.Key_C)
    qtbot.waitUntil(lambda: window.faults.model.rowCount() > 0)
    by_button(window, qtbot)
    qtbot.waitUntil(lambda: said(life_window(window)) == SENTENCE)
    assert client.running


def test_an_answer_that_comes_late_is_dropped(
    window: MainWindow, lives: PlannedLives, qtbot: QtBot
) -> None:
    run_to_the_end(window, qtbot)
    life = ask(window, qtbot, "0:1")
    qtbot.waitUntil(lambda: said(life).startswith("Event 0:1:"))
    lives.hold("at-most-once", 0, 2)
    window.explainer.explain_event("at-most-once", EventId(0, 2))
    window.explainer.explain_event("at-most-once", EventId(0, 3))
    qtbot.waitUntil(lambda: said(life).startswith("Event 0:3:"))
    lives.let_go()
    window.session.close()
    QApplication.processEvents()
    assert said(life).startswith("Event 0:3:")


# what is drawn


def measure(text: str) -> float:
    return 6.0 * len(text)


def row_named(drawing: Drawing, title: str) -> int:
    return next(row for row, actor in enumerate(drawing.actors) if actor.title == title)


def test_the_drawing_says_what_the_life_says() -> None:
    drawing = lay_out(DUPLICATE, measure)
    assert [actor.title for actor in drawing.actors] == [
        "source", "producer 0", "log", "consumer 1", "consumer 1", "database", "committed offsets",
    ]  # fmt: skip
    assert [mark.entry for mark in drawing.marks] == list(range(len(DUPLICATE.entries)))
    by_kind = {DUPLICATE.entries[mark.entry].kind: mark for mark in drawing.marks}
    log, database = row_named(drawing, "log"), row_named(drawing, "database")
    assert by_kind[LifeKind.APPENDED].other == log
    assert by_kind[LifeKind.FETCHED].inward
    assert by_kind[LifeKind.EFFECT_AGAIN].other == database
    assert by_kind[LifeKind.EFFECT_AGAIN].shape is Shape.DOUBLE
    assert by_kind[LifeKind.ENDED].label == f"killed, fault {CAUSE}"
    assert [mark.decisive for mark in drawing.marks].count(True) == 1
    assert by_kind[LifeKind.ENDED].decisive


def test_marks_are_in_the_order_of_time_and_never_on_top_of_each_other() -> None:
    drawing = lay_out(DUPLICATE, measure)
    for before, after in zip(drawing.marks, drawing.marks[1:], strict=False):
        assert before.x <= after.x
        if before.x == after.x:
            rows = {before.row, before.other} & {after.row, after.other} - {None}
            assert not rows
    for moment, following in zip(drawing.moments, drawing.moments[1:], strict=False):
        words = [measure(mark.label) for mark in drawing.marks if mark.x == moment.x]
        assert moment.x + max([*words, measure(moment.label)]) < following.x


def test_a_process_s_line_ends_where_it_was_killed() -> None:
    drawing = lay_out(DUPLICATE, measure)
    workers = [
        row
        for row, actor in enumerate(drawing.actors)
        if actor.sort in {Sort.PRODUCER, Sort.CONSUMER}
    ]
    assert [span.row for span in drawing.spans] == workers
    killed = next(mark for mark in drawing.marks if mark.shape is Shape.SIGN)
    ended = [span for span in drawing.spans if span.ended]
    assert [(span.row, span.to_x) for span in ended] == [(killed.row, killed.x)]


def test_longer_gaps_are_wider_but_never_to_scale() -> None:
    gaps = [gap_px(seconds) for seconds in (0.0, 1e-4, 1e-2, 1.0, 100.0)]
    assert gaps == sorted(gaps)
    assert gap_px(1000.0) < 100


@pytest.mark.parametrize(
    ("t_s", "due_s", "label"),
    [
        (1.0, 1.0, "1.000 s"),
        (1.0, None, "1.000 s"),
        (1.0025, 1.0, "+2.5 ms"),
        (3.5, 1.0, "+2.5 s"),
        (1.00002, 1.0, "+20 µs"),
        (0.999, 1.0, "\N{MINUS SIGN}1 ms"),
    ],
)
def test_times_are_told_in_the_unit_that_suits(t_s: float, due_s: float | None, label: str) -> None:
    assert time_label(t_s, due_s) == label


def test_a_life_without_times_is_listed_and_not_drawn(qtbot: QtBot) -> None:
    told = replace(DUPLICATE.entries[0], t_s=None, kind=LifeKind.ANOMALY, text="redelivered")
    life = replace(DUPLICATE, entries=(told,), notes=("the databases were not kept",))
    window = LifeWindow(None)  # type: ignore[arg-type]
    qtbot.addWidget(window)
    window.show_lanes([life.lane])
    window.show_life(life)
    window.show()
    table = window.findChild(QTableView, "life-table")
    notes = window.findChild(QLabel, "life-notes")
    assert table is not None
    assert notes is not None
    assert table.model().rowCount() == 1
    assert notes.text() == "the databases were not kept"
    assert not window.findChild(LifeView).drawing.marks  # type: ignore[union-attr]
    assert NOTHING


@pytest.fixture
def life(qtbot: QtBot) -> LifeWindow:
    """A window of its own with a life in it."""
    window = LifeWindow(None)  # type: ignore[arg-type]
    qtbot.addWidget(window)
    window.show_lanes(["at-least-once", "exactly-once"])
    with qtbot.waitExposed(window):
        window.show()
    window.show_life(DUPLICATE)
    return window


def view_of(life: LifeWindow) -> LifeView:
    view = life.findChild(LifeView)
    assert view is not None
    return view


def table_of(life: LifeWindow) -> QTableView:
    table = life.findChild(QTableView, "life-table")
    assert table is not None
    return table


def test_the_list_says_all_of_it_and_starts_at_what_decided(life: LifeWindow) -> None:
    table = table_of(life)
    model = table.model()
    whats = [model.index(row, 2).data() for row in range(model.rowCount())]
    assert whats == [entry.kind.value for entry in DUPLICATE.entries]
    assert [index.row() for index in table.selectionModel().selectedRows()] == [5]
    assert f"[fault {CAUSE}]" in model.index(5, 5).data()


def mark_place(view: LifeView, entry: int) -> QPoint:
    mark = view.drawing.marks[entry]
    return QPoint(NAMES_PX + int(mark.x), int(view._y(mark.row)))


def test_a_click_on_a_mark_finds_its_line(life: LifeWindow) -> None:
    view, table = view_of(life), table_of(life)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=mark_place(view, 1))
    assert [index.row() for index in table.selectionModel().selectedRows()] == [1]


def test_a_mark_tells_all_about_itself(life: LifeWindow) -> None:
    view = view_of(life)
    place = mark_place(view, 5)
    event = QHelpEvent(QEvent.Type.ToolTip, place, view.mapToGlobal(QPointF(place).toPoint()))
    QApplication.sendEvent(view, event)
    assert "was ended by fault 12" in QToolTip.text()


def test_what_is_chosen_is_copied_and_the_whole_too(life: LifeWindow, qtbot: QtBot) -> None:
    activate(qtbot, life)
    table = table_of(life)
    table.setFocus()
    table.selectRow(3)
    QTest.keyClick(table, Qt.Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text().split("\t")[2:5] == [
        "fetched",
        "consumer 1 (generation 1, pid 4711)",
        "clicks 2 @ 41",
    ]
    button = life.findChild(QPushButton, "life-copy")
    assert button is not None
    button.click()
    copied = QGuiApplication.clipboard().text()
    assert DUPLICATE.sentence in copied
    assert all(entry.kind.value in copied for entry in DUPLICATE.entries)


def test_both_themes_paint_it(life: LifeWindow) -> None:
    for theme in (LIGHT, DARK):
        life.set_theme(theme)
        colours = set()
        image = view_of(life).grab().toImage()
        for x in range(0, image.width(), 3):
            for y in range(0, image.height(), 3):
                colours.add(image.pixelColor(x, y).name().upper())
        assert theme.card in colours
        assert theme.lane("at-least-once") in colours
