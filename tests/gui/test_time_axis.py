"""The time axis and the looks of the charts: by key, menu and mouse, and what each does."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from bench_gui.bench.settings import RunSettings
from bench_gui.window.canvas import SIGNS_APART_PX
from bench_gui.window.chart import Chart
from bench_gui.window.command_table import TIME, Command
from bench_gui.window.gutters import RowGutter
from bench_gui.window.main_window import MainWindow
from bench_gui.window.overlay import OverlayRow
from bench_gui.window.session import Phase
from bench_gui.window.timeline.bookmarks import FILE
from bench_gui.window.timeline.strip import TimeTrack
from tests.gui.conftest import Opened
from tests.gui.fake_client import FakeClient
from tests.gui.pressing import choose_from_menu, fill_in, find, number_of, press, text_of
from tests.gui.test_marks import fault
from workers.lanes import Role

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
ALL = pytest.approx((0.0, 5.0))
MENU = TIME.replace("&", "")


@pytest.fixture
def going(window: MainWindow, client: FakeClient, qtbot: QtBot) -> MainWindow:
    """A run of thirty seconds that stands still at about six."""
    press(window, Qt.Key.Key_F3)
    press(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: window.session.model.run.now_s > 6)
    window._timer.stop()
    window.time.refresh()
    return window


@pytest.fixture
def ended(open_window: Opened, client: FakeClient, qtbot: QtBot) -> MainWindow:
    """A run of five seconds that has ended; its bench was asked often, however busy the machine."""
    client.speed = 5.0
    window = open_window(RunSettings(duration_s=5.0))
    press(window, Qt.Key.Key_F3)
    press(window, Qt.Key.Key_F5)

    def has_ended() -> bool:
        window.session.poll()
        return window.session.phase is Phase.ENDED

    qtbot.waitUntil(has_ended, timeout=20_000)
    return window


def go_on(window: MainWindow, qtbot: QtBot, seconds: float = 2.0) -> None:
    """The run goes on, and the window takes notice of it."""
    until_s = window.session.model.run.now_s + seconds
    qtbot.waitUntil(lambda: window.session.poll() and window.session.model.run.now_s > until_s)
    window._ticks = 99
    window._tick()


def held_s(window: MainWindow) -> float:
    held = window.session.model.timeline.held_s
    assert held is not None, "the display is not held"
    return held


def shown(window: MainWindow, kind: type[QWidget]) -> int:
    return sum(widget.isVisible() for widget in window.board.findChildren(kind))


def stretch(window: MainWindow) -> tuple[float, float]:
    frame = window.session.model.timeline.frame(window.session.model.run, 600)
    return frame.start_s, frame.width_s


# The held display


def test_held_numbers_stand_still_while_the_run_goes_on(going: MainWindow, qtbot: QtBot) -> None:
    press(going, Qt.Key.Key_H)
    at_s = held_s(going)
    delivered = number_of(going, "delivered-exactly-once")
    go_on(going, qtbot)
    model = going.session.model
    assert model.run.now_s > at_s + 1
    assert number_of(going, "delivered-exactly-once") == delivered
    assert model.shown is not None
    assert model.shown.t_s <= at_s
    assert text_of(going, "time-state").startswith(f"HELD at {at_s:.1f} s, live is at ")
    assert going.commands[Command.HOLD].isChecked()
    press(going, Qt.Key.Key_End)
    lane = model.lane("exactly-once")
    assert lane is not None
    assert number_of(going, "delivered-exactly-once") == lane.counts.delivered_unique > delivered
    assert text_of(going, "time-state").startswith("Live")
    assert not going.commands[Command.HOLD].isChecked()


def test_what_is_hit_while_the_display_is_held_is_marked_later(
    going: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    def newest_kill_s() -> float:
        going.board.draw_again()
        views = going.board.charts._views.values()
        return max(float(view.marks.kills.max(initial=0.0)) for view in views)

    press(going, Qt.Key.Key_H)
    until_s = going.session.model.timeline.until_s
    go_on(going, qtbot)  # so that the kill is later than the moment that is held
    client.kill(Role.CONSUMER)
    go_on(going, qtbot)
    assert newest_kill_s() <= until_s
    press(going, Qt.Key.Key_End)
    assert newest_kill_s() > until_s


def test_hold_and_live_from_the_menu(going: MainWindow) -> None:
    choose_from_menu(going, MENU, "Hold the display")
    assert held_s(going) > 0
    choose_from_menu(going, MENU, "Back to live")
    assert going.session.model.timeline.held_s is None
    choose_from_menu(going, MENU, "Hold the display")
    choose_from_menu(going, MENU, "Hold the display")
    assert going.session.model.timeline.held_s is None


def test_arrows_move_the_moment_and_every_number_with_it(going: MainWindow, qtbot: QtBot) -> None:
    go_on(going, qtbot)
    newest = number_of(going, "delivered-exactly-once")
    for _ in range(10):
        press(going, Qt.Key.Key_Left)
    earlier_s = held_s(going)
    assert earlier_s == pytest.approx(going.session.model.run.now_s - 10 * 0.3)
    assert number_of(going, "delivered-exactly-once") < newest
    press(going, Qt.Key.Key_Right)
    assert held_s(going) == pytest.approx(earlier_s + 0.3)
    choose_from_menu(going, MENU, "Earlier")
    choose_from_menu(going, MENU, "Later")
    assert held_s(going) == pytest.approx(earlier_s + 0.3)


def test_a_run_that_ended_is_scrubbed_too(ended: MainWindow) -> None:
    final = number_of(ended, "delivered-exactly-once")
    for _ in range(40):
        press(ended, Qt.Key.Key_Left)
    assert number_of(ended, "delivered-exactly-once") < final
    assert text_of(ended, "time-state").endswith("of 5.0 s")
    press(ended, Qt.Key.Key_End)
    assert number_of(ended, "delivered-exactly-once") == final


def test_the_time_strip_is_dragged_along_the_run(going: MainWindow) -> None:
    track = find(going, TimeTrack, "time-track")
    middle = track.height() - 6
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(track, left, pos=QPoint(int(track.width() * 0.1), middle))
    assert held_s(going) == pytest.approx(3.0, abs=0.2)
    QTest.mouseMove(track, QPoint(int(track.width() * 0.15), middle))
    QTest.mouseRelease(track, left, pos=QPoint(int(track.width() * 0.15), middle))
    assert held_s(going) == pytest.approx(4.5, abs=0.2)
    QTest.mouseMove(track, QPoint(0, middle))
    assert held_s(going) == pytest.approx(4.5, abs=0.2), "nothing is dragged any more"


# The stretch


def test_plus_minus_and_home_change_what_is_seen(ended: MainWindow) -> None:
    assert stretch(ended) == ALL
    QTest.keyClicks(ended, "+")
    assert stretch(ended) == pytest.approx((1.25, 2.5))
    QTest.keyClicks(ended, "=")
    assert stretch(ended)[1] == pytest.approx(1.25)
    QTest.keyClicks(ended, "-")
    assert stretch(ended)[1] == pytest.approx(2.5)
    press(ended, Qt.Key.Key_Home)
    assert stretch(ended) == ALL
    choose_from_menu(ended, MENU, "Zoom in")
    choose_from_menu(ended, MENU, "Zoom out")
    choose_from_menu(ended, MENU, "Whole run")
    assert stretch(ended) == ALL


def turn(widget: QWidget, x: float, notches: int) -> None:
    place = QPointF(x, widget.height() / 2)
    event = QWheelEvent(
        place, widget.mapToGlobal(place), QPoint(), QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase,
        False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def first_chart(window: MainWindow) -> Chart:
    return window.board.findChildren(Chart)[0]


def test_the_wheel_zooms_around_the_mouse_and_two_clicks_show_everything(ended: MainWindow) -> None:
    canvas = first_chart(ended).canvas
    turn(canvas, canvas.width() * 0.2, 2)
    start, width = stretch(ended)
    assert width == pytest.approx(5.0 / 1.25**2)
    assert (1.0 - start) / width == pytest.approx(0.2, abs=0.01)
    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton)
    assert stretch(ended) == ALL
    track = find(ended, TimeTrack, "time-track")
    turn(track, track.width() * 0.5, 1)
    assert stretch(ended) == (pytest.approx(0.5, abs=0.01), pytest.approx(4.0))
    QTest.mouseDClick(track, Qt.MouseButton.LeftButton)
    assert stretch(ended) == ALL
    assert ended.session.model.timeline.held_s is None, "the first click was not meant"


def test_a_field_with_the_focus_keeps_its_own_keys(ended: MainWindow) -> None:
    field = fill_in(ended, "rate", "1500")
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Right):
        press(ended, key)
    QTest.keyClicks(field, "-")
    assert field.text() == "1-500"
    assert ended.session.model.timeline.held_s is None
    press(ended, Qt.Key.Key_End)
    QTest.keyClicks(field, "h")
    assert field.text() == "1-500h"


# Bookmarks


def test_bookmarks_are_set_visited_and_kept_with_the_run(ended: MainWindow) -> None:
    for command in (Command.NEXT_BOOKMARK, Command.PREVIOUS_BOOKMARK):
        assert "no bookmark" in ended.commands[command].toolTip()
    for steps in (20, 40):
        for _ in range(steps):
            press(ended, Qt.Key.Key_Left)
        press(ended, Qt.Key.Key_B)
    assert [mark.t_s for mark in ended.time.bookmarks] == [pytest.approx(2.0), pytest.approx(4.0)]
    press(ended, Qt.Key.Key_B, CTRL)
    assert held_s(ended) == pytest.approx(4.0)
    press(ended, Qt.Key.Key_B, CTRL)
    assert held_s(ended) == pytest.approx(2.0), "after the last one the first"
    press(ended, Qt.Key.Key_B, CTRL, SHIFT)
    assert held_s(ended) == pytest.approx(4.0)
    choose_from_menu(ended, MENU, "Previous bookmark")
    choose_from_menu(ended, MENU, "Next bookmark")
    assert held_s(ended) == pytest.approx(4.0)
    run_dir = ended.session.run_dir
    assert run_dir is not None
    assert (run_dir / FILE).exists()
    choose_from_menu(ended, MENU, "Bookmark this moment")
    assert [mark.t_s for mark in ended.time.bookmarks] == [pytest.approx(2.0)]


def test_bookmarks_that_cannot_be_written_are_one_sentence(
    ended: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(ended.session, "run_dir", tmp_path / "nowhere")
    press(ended, Qt.Key.Key_B)
    said = [label.text() for label in ended.statusBar().findChildren(QLabel)]
    assert any("cannot be kept" in text for text in [*said, ended.statusBar().currentMessage()])


def test_the_next_run_begins_without_bookmarks(ended: MainWindow, qtbot: QtBot) -> None:
    press(ended, Qt.Key.Key_B)
    press(ended, Qt.Key.Key_F5)
    assert len(ended.time.bookmarks) == 0
    assert ended.session.model.timeline.held_s is None


def test_without_a_run_time_can_do_nothing_and_says_why(window: MainWindow) -> None:
    for command in (Command.HOLD, Command.SCRUB_BACK, Command.BOOKMARK, Command.ZOOM_IN):
        assert not window.commands[command].isEnabled()
        assert "there is no run yet" in window.commands[command].toolTip()
    track = find(window, TimeTrack, "time-track")
    QTest.mouseClick(track, Qt.MouseButton.LeftButton)
    assert window.session.model.timeline.held_s is None


# The crosshair


def words(window: MainWindow, slug: str) -> dict[str, str]:
    charts = window.board._columns[slug].charts
    return {key: chart.words for key, chart in charts.items()}


def test_pointing_at_one_chart_reads_every_chart_at_that_moment(ended: MainWindow) -> None:
    ended.board.charts.set_cursor(None)
    before = {slug: words(ended, slug) for slug in RunSettings().lanes}
    canvas = ended.board._columns["exactly-once"].charts["lag"].canvas
    QTest.mouseMove(canvas, QPoint(canvas.width() // 2, 5))
    charts = ended.board.charts
    assert charts.cursor_s == pytest.approx(2.5, abs=0.05)
    for slug in RunSettings().lanes:
        told = words(ended, slug)
        assert "due 1,000" in told["throughput"]
        assert told["latency"].startswith("p50 ")
        assert told["errors"].startswith("+")
    charts.pointer.moved.emit(None)
    assert {slug: words(ended, slug) for slug in RunSettings().lanes} == before


def test_the_crosshair_is_moved_by_key(ended: MainWindow) -> None:
    ended.board.charts.set_cursor(None)
    press(ended, Qt.Key.Key_Left, SHIFT)
    first = ended.board.charts.cursor_s
    assert first is not None
    for _ in range(10):
        press(ended, Qt.Key.Key_Left, SHIFT)
    assert ended.board.charts.cursor_s == pytest.approx(first - 10 * 0.05)
    press(ended, Qt.Key.Key_Right, SHIFT)
    choose_from_menu(ended, MENU, "Crosshair earlier")
    choose_from_menu(ended, MENU, "Crosshair later")
    assert ended.board.charts.cursor_s == pytest.approx(first - 9 * 0.05)
    press(ended, Qt.Key.Key_End)
    assert ended.board.charts.cursor_s is None


def test_moving_the_crosshair_paints_no_chart_anew(
    ended: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    QApplication.processEvents()
    picture = type(first_chart(ended).canvas.picture)
    painted: list[object] = []
    monkeypatch.setattr(picture, "_bring_up_to_date", lambda *_: painted.append(None))
    for share in (0.2, 0.5, 0.8):
        canvas = first_chart(ended).canvas
        QTest.mouseMove(canvas, QPoint(int(canvas.width() * share), 5))
        QApplication.processEvents()
    assert painted == []


# How the charts are looked at


def test_the_overlay_has_one_chart_a_row_with_every_lane(ended: MainWindow) -> None:
    lanes = len(RunSettings().lanes)
    assert (shown(ended, Chart), shown(ended, OverlayRow)) == (4 * lanes, 0)
    press(ended, Qt.Key.Key_O)
    assert (shown(ended, Chart), shown(ended, OverlayRow)) == (0, 4)
    assert "share a chart" in ended.commands[Command.SAME_SCALE].toolTip()
    row = ended.board.charts.overlay.rows["throughput"]
    assert [slug for slug, _ in row.ends._ends] == list(RunSettings().lanes)
    assert row.width() > 3 * first_chart(ended).width()
    choose_from_menu(ended, MENU, "Overlay the lanes")
    assert (shown(ended, Chart), shown(ended, OverlayRow)) == (4 * lanes, 0)


def test_in_the_overlay_a_beat_marks_the_wide_chart(ended: MainWindow, qtbot: QtBot) -> None:
    press(ended, Qt.Key.Key_O)
    ended.stage.looking.at("latency")
    row, spotlight = ended.board.charts.overlay.rows["latency"], ended.stage.looking.spotlight
    qtbot.waitUntil(lambda: spotlight.rect is not None and spotlight.rect.contains(row.geometry()))


def test_in_the_overlay_each_lane_s_sign_stands_on_its_curve(ended: MainWindow) -> None:
    press(ended, Qt.Key.Key_O)
    canvas = ended.board.charts.overlay.rows["throughput"].canvas
    signs = canvas.signs()
    lanes = range(len(RunSettings().lanes))
    assert {number for number, _, _ in signs} == set(lanes)
    assert len({x for _, x, _ in signs}) == len(signs), "none stands above another"
    for lane in lanes:
        across = [x for number, x, _ in signs if number == lane]
        assert {b - a for a, b in itertools.pairwise(across)} <= {SIGNS_APART_PX}
    side_by_side = first_chart(ended).canvas
    assert side_by_side.signs() == []


def test_the_overlay_reads_every_lane_at_the_crosshair(ended: MainWindow) -> None:
    press(ended, Qt.Key.Key_O)
    row = ended.board.charts.overlay.rows["lag"]
    QTest.mouseMove(row.canvas, QPoint(row.canvas.width() // 2, 5))
    assert set(row.ends._words) == set(RunSettings().lanes)
    assert all(text.replace(",", "").isdigit() for text in row.ends._words.values())


def test_solo_shows_the_lane_in_focus_alone(ended: MainWindow) -> None:
    assert not ended.commands[Command.SOLO].isEnabled()
    press(ended, Qt.Key.Key_2)
    press(ended, Qt.Key.Key_S)
    assert shown(ended, Chart) == 4
    assert find(ended, QLabel, "lost-at-least-once").isVisible()
    assert not find(ended, QLabel, "lost-at-most-once").isVisible()
    press(ended, Qt.Key.Key_1)
    assert find(ended, QLabel, "lost-at-most-once").isVisible()
    choose_from_menu(ended, MENU, "Solo the lane in focus")
    assert shown(ended, Chart) == 16


def labels(window: MainWindow) -> list[str]:
    return [text for gutter in window.board.findChildren(RowGutter) for text in gutter.labels]


def test_each_lane_can_have_a_scale_of_its_own(ended: MainWindow) -> None:
    assert labels(ended)
    press(ended, Qt.Key.Key_Y)
    assert labels(ended) == []
    assert first_chart(ended).canvas.scale_shown
    choose_from_menu(ended, MENU, "Same scale in every lane")
    assert labels(ended)
    assert not first_chart(ended).canvas.scale_shown


def test_latency_is_linear_or_logarithmic(ended: MainWindow) -> None:
    gutter = ended.board._gutters["latency"]
    assert "0" not in gutter.labels
    press(ended, Qt.Key.Key_L)
    assert gutter.labels[0] == "0"
    choose_from_menu(ended, MENU, "Linear latency")
    assert "0" not in gutter.labels


def test_a_highlit_fault_is_strong_in_its_lane_and_thin_in_the_others(ended: MainWindow) -> None:
    ended.board.highlight(fault(1, 2.0, 500.0))
    canvases = {
        slug: [chart.canvas for chart in column.charts.values()]
        for slug, column in ended.board._columns.items()
    }
    assert {canvas._stretch for canvas in canvases["at-least-once"]} == {(2.0, 2.5, True)}
    assert {canvas._stretch for canvas in canvases["at-most-once"]} == {(2.0, 2.5, False)}
    ended.board.highlight(None)
    assert {c._stretch for every in canvases.values() for c in every} == {None}


def test_a_chosen_fault_is_brought_into_sight(ended: MainWindow) -> None:
    model = ended.faults.model
    oldest = model.fault(model.rowCount() - 1)
    ended.session.model.timeline.still = 4.0, 1.0
    assert oldest.t_s < 4.0
    ended.faults.choose(model.rowCount() - 1)
    start, width = stretch(ended)
    assert start <= oldest.t_s <= start + width


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080)])
def test_the_overlay_and_the_time_strip_fit_without_scrolling(
    ended: MainWindow, qtbot: QtBot, width: int, height: int
) -> None:
    ended.resize(width, height)
    press(ended, Qt.Key.Key_O)
    qtbot.waitUntil(lambda: ended.width() == width)
    assert ended.board.verticalScrollBar().maximum() == 0
    assert ended.board.horizontalScrollBar().maximum() == 0
    assert ended.time.bar.isVisible()


def test_a_resting_mouse_reads_nothing_and_a_key_s_crosshair_stays(ended: MainWindow) -> None:
    charts = ended.board.charts
    for drop in (
        ended.stage.presenting.cursor.rested.emit,
        lambda: press(ended, Qt.Key.Key_F12),
        lambda: press(ended, Qt.Key.Key_F2),
    ):
        charts.pointer.moved.emit(2.0)
        assert charts.cursor_s == 2.0
        drop()
        assert charts.cursor_s is None
    charts.set_cursor(2.0)
    ended.stage.presenting.cursor.rested.emit()
    assert charts.cursor_s == 2.0
