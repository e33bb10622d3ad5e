"""Measure mode in the window: asked for, watched, stopped, shown, exported, opened again."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from bench_gui.bench.measure.records import MEASURE_DB, read_measurement
from bench_gui.bench.measure.settings import FaultChoice
from bench_gui.bench.measure.texts import command_line
from bench_gui.bench.settings import RunSettings
from bench_gui.measure_drawing.drawing import drawing
from bench_gui.measure_export import MEASURE_SVG
from bench_gui.measure_tables import MEASURE_CSV, ROUNDS_CSV
from bench_gui.window import measure_session
from bench_gui.window.availability import MEASURING as RUN_REFUSED
from bench_gui.window.command_table import Command
from bench_gui.window.main_window import MainWindow
from bench_gui.window.measure_fields import read
from bench_gui.window.measure_picture import PictureArea
from bench_gui.window.measure_session import MEASURE_PNG
from bench_gui.window.measure_table import MeasureTableView
from bench_gui.window.measure_window import RUN_GOES_ON, MeasureWindow
from bench_gui.window.palette import DARK, LIGHT
from tests.gui.fake_client import FakeClient
from tests.gui.fake_measuring import FakeMeasureClient
from tests.gui.pressing import activate, choose_from_menu, click, press, text_of

CONTROL = Qt.KeyboardModifier.ControlModifier
BOTH_LANES = ["at-most-once", "at-least-once"]
SMALL = {"rounds": "3", "duration": "2s"}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A made-up run is over at once."""
    monkeypatch.setattr(measure_session, "POLL_MS", 20)


@pytest.fixture
def measure(window: MainWindow, qtbot: QtBot) -> MeasureWindow:
    """Opened by its key, with two lanes and three rounds filled in."""
    press(window, Qt.Key.Key_M, CONTROL)
    opened = window.measurer.window
    activate(qtbot, opened)
    choose_lanes(opened, BOTH_LANES)
    opened.form.show_texts(SMALL)
    return opened


def choose_lanes(measure: MeasureWindow, slugs: list[str]) -> None:
    listed = [*window_of(measure).panel.lanes.own]
    measure.form.show_lanes((*measure.form._listed, *listed), slugs)


def window_of(measure: MeasureWindow) -> MainWindow:
    parent = measure.parent()
    assert isinstance(parent, MainWindow)
    return parent


def part(measure: MeasureWindow, kind: type[QWidget], name: str) -> QWidget:
    found = measure.findChild(kind, name)
    assert found is not None, name
    return found


def said(measure: MeasureWindow, name: str) -> str:
    label = part(measure, QLabel, name)
    assert isinstance(label, QLabel)
    return "" if label.isHidden() else label.text()


def button(measure: MeasureWindow, name: str) -> QPushButton:
    found = part(measure, QPushButton, f"measure-{name}")
    assert isinstance(found, QPushButton)
    return found


def type_in(measure: MeasureWindow, key: str, text: str) -> None:
    field = part(measure, QLineEdit, f"field-measure-{key}")
    field.setFocus()
    assert isinstance(field, QLineEdit)
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClicks(field, text)


def choose(measure: MeasureWindow, key: str, text: str) -> None:
    box = part(measure, QComboBox, f"field-measure-{key}")
    assert isinstance(box, QComboBox)
    box.setCurrentText(text)


def table(measure: MeasureWindow) -> MeasureTableView:
    found = measure.findChild(MeasureTableView)
    assert found is not None
    return found


def column(measure: MeasureWindow, header: str) -> list[str]:
    model = table(measure).model()
    headers = [model.headerData(n, Qt.Orientation.Horizontal) for n in range(model.columnCount())]
    if header not in headers:
        return []
    at = headers.index(header)
    return [model.index(row, at).data() for row in range(model.rowCount())]


def measured(measure: MeasureWindow, qtbot: QtBot) -> Path:
    """To the end, and shown. Returns where it is kept."""
    button(measure, "start").click()
    qtbot.waitUntil(lambda: said(measure, "measure-now").startswith("Complete"), timeout=20_000)
    assert measure.session.directory is not None
    return measure.session.directory


# asked for


def test_it_is_opened_from_the_menu_and_by_its_button(window: MainWindow) -> None:
    choose_from_menu(window, "Run", "Measure, one lane at a time...")
    assert window.measurer.window.isVisible()
    window.measurer.window.close()
    click(window, "measure")
    assert window.measurer.window.isVisible()


def test_its_parts_are_not_there_before_they_are_asked_for(window: MainWindow) -> None:
    assert window.findChild(MeasureWindow) is None


def test_it_begins_with_the_lanes_of_the_main_window(window: MainWindow) -> None:
    window.panel.add_lane("retry+process-first+counter")
    window.measurer.open()
    settings = window.measurer.window.form.reading.settings
    assert settings is not None
    assert settings.run.lanes == window.panel.reading.settings.lanes  # type: ignore[union-attr]


def test_lanes_chosen_here_stay_until_the_main_window_has_others(
    window: MainWindow, measure: MeasureWindow
) -> None:
    measure.close()
    window.measurer.open()
    assert measure.form.reading.settings.run.lanes == tuple(BOTH_LANES)  # type: ignore[union-attr]
    measure.close()
    window.panel.lanes.choose(["two-phase-commit"])
    window.measurer.open()
    assert measure.form.reading.settings.run.lanes == ("two-phase-commit",)  # type: ignore[union-attr]


def test_what_it_does_not_ask_for_is_as_in_the_main_window(
    window: MainWindow, measure: MeasureWindow, measuring: FakeMeasureClient, qtbot: QtBot
) -> None:
    window.panel.show_texts({"rate": "700", "consumers": "3", "seed": "41"})
    assert "700 events/s" in said(measure, "measure-about")
    directory = measured(measure, qtbot)
    asked, where, command = measuring.started[0]
    assert (asked.run.rate_eps, asked.run.consumers, asked.run.seed) == (700, 3, 41)
    assert (list(asked.run.lanes), asked.rounds, asked.run.duration_s) == (BOTH_LANES, 3, 2.0)
    assert where == directory
    assert command == command_line(asked)


@pytest.mark.parametrize(
    ("key", "text", "sentence"),
    [
        ("rounds", "0", "rounds must be from 1 to 1000, not 0"),
        ("rounds", "many", "rounds: 'many' is not a whole number such as 500 or 2k"),
        ("duration", "10", "duration: '10' names no unit"),
        ("warm-up", "2h", "warm-up must be from 0 to 600, not 7200"),
    ],
)
def test_what_is_wrong_is_said_beneath_it_and_forbids_to_start(
    measure: MeasureWindow, key: str, text: str, sentence: str
) -> None:
    type_in(measure, key, text)
    assert sentence in said(measure, f"problem-measure-{key}")
    assert not button(measure, "start").isEnabled()
    assert sentence in button(measure, "start").toolTip()
    type_in(measure, key, "5s" if key != "rounds" else "5")
    assert said(measure, f"problem-measure-{key}") == ""
    assert button(measure, "start").isEnabled()


def test_no_lane_is_too_few(measure: MeasureWindow) -> None:
    choose_lanes(measure, [])
    assert "at least one lane" in said(measure, "problem-measure-lane")
    assert not button(measure, "start").isEnabled()


def test_faults_that_the_main_window_does_not_have_cannot_be_measured(
    window: MainWindow, measure: MeasureWindow
) -> None:
    window.panel.show_texts({"kill-every": "never"})
    assert "there are no faults to measure with" in said(measure, "problem-measure-faults")
    choose(measure, "faults", "without")
    assert button(measure, "start").isEnabled()


def test_what_is_wrong_in_the_main_window_is_said_to_be_there(
    window: MainWindow, measure: MeasureWindow
) -> None:
    window.panel.show_texts({"rate": "fast"})
    assert "in the main window's settings: rate" in said(measure, "measure-problem-elsewhere")
    assert not button(measure, "start").isEnabled()


def test_a_sweep_brings_its_own_values_and_leaves_the_faults_out(measure: MeasureWindow) -> None:
    field = part(measure, QLineEdit, "field-measure-values")
    assert isinstance(field, QLineEdit)
    assert not field.isVisible()
    choose(measure, "sweep", "consumers")
    assert field.isVisible()
    assert field.placeholderText() == "1,2,4"
    settings = measure.form.reading.settings
    assert settings is not None
    assert settings.sweep is not None
    assert (settings.sweep.values, settings.faults) == (("1", "2", "4"), FaultChoice.WITHOUT)
    type_in(measure, "values", "1,two")
    assert "'two' is not a whole number" in said(measure, "problem-measure-values")
    type_in(measure, "values", "1,3")
    assert measure.form.reading.settings.sweep.values == ("1", "3")  # type: ignore[union-attr]
    choose(measure, "sweep", "none")
    assert measure.form.reading.settings.faults is FaultChoice.BOTH  # type: ignore[union-attr]


def test_how_long_it_takes_is_said_before(measure: MeasureWindow) -> None:
    assert said(measure, "measure-estimate") == "About 1 min 6 s for 12 runs"
    choose(measure, "sweep", "rate")
    assert said(measure, "measure-estimate").startswith("At most about")


def test_its_command_line_makes_the_same_settings(measure: MeasureWindow) -> None:
    choose(measure, "sweep", "batch")
    button(measure, "copy").click()
    words = shlex.split(QGuiApplication.clipboard().text())
    assert words[:3] == ["python", "main.py", "measure"]
    pairs = zip(words[3::2], words[4::2], strict=True)
    texts = {key.removeprefix("--"): text for key, text in pairs}
    own = {"lanes": ",".join(BOTH_LANES), "rounds": "5", "duration": "10s", "warm-up": "1s",
           "faults": "without", "sweep": "none", "values": ""}  # fmt: skip
    assert read(own | texts, {"seed": texts["seed"]}).settings == measure.form.reading.settings


# while it goes on


def test_it_says_what_is_measured_and_for_how_long_yet(
    window: MainWindow, measure: MeasureWindow, measuring: FakeMeasureClient, qtbot: QtBot
) -> None:
    measuring.allowed = 4
    button(measure, "start").click()
    qtbot.waitUntil(lambda: said(measure, "measure-left") == "run 5 of 12, 1 min 36 s left")
    assert said(measure, "measure-now") == "Round 2 of 3: at-most-once without faults"
    assert "Measuring: round 2 of 3" in text_of(window, "status-message")
    assert not measure.form.isEnabled()
    qtbot.waitUntil(lambda: column(measure, "rounds") == ["1", "1", "1", "1"])
    measuring.allowed = 12
    qtbot.waitUntil(lambda: said(measure, "measure-now") == "Complete: 12 runs in 3 rounds")
    assert said(measure, "measure-left") == ""
    assert measure.form.isEnabled()


def test_a_stop_keeps_what_is_done(
    measure: MeasureWindow, measuring: FakeMeasureClient, qtbot: QtBot
) -> None:
    measuring.allowed = 5
    button(measure, "start").click()
    qtbot.waitUntil(lambda: said(measure, "measure-left").startswith("run 6 of 12"))
    activate(qtbot, measure)
    QTest.keyClick(measure, Qt.Key.Key_F6)
    qtbot.waitUntil(lambda: said(measure, "measure-now").startswith("Stopped: 5 of 12"))
    assert measuring.stops == 1
    assert measure.session.directory is not None
    assert len(read_measurement(measure.session.directory).cells) == 5
    assert button(measure, "start").isEnabled()


def test_a_run_cannot_start_beside_it_and_says_why(
    window: MainWindow, measure: MeasureWindow, measuring: FakeMeasureClient, client: FakeClient,
    qtbot: QtBot,
) -> None:  # fmt: skip
    measuring.allowed = 1
    button(measure, "start").click()
    action = window.commands[Command.START]
    assert not action.isEnabled()
    assert RUN_REFUSED in action.toolTip()
    window.start()
    assert client.started == []
    measuring.allowed = 12
    qtbot.waitUntil(action.isEnabled)
    window.start()
    assert client.running


def test_it_cannot_start_beside_a_run_and_says_why(
    window: MainWindow, measure: MeasureWindow, client: FakeClient, qtbot: QtBot
) -> None:
    client.speed = 1.0
    window.start()
    start = button(measure, "start")
    assert not start.isEnabled()
    assert RUN_GOES_ON in start.toolTip()
    client.speed = 1000.0
    qtbot.waitUntil(start.isEnabled)


def test_it_goes_on_while_its_window_is_closed(
    window: MainWindow, measure: MeasureWindow, measuring: FakeMeasureClient, qtbot: QtBot
) -> None:
    measuring.allowed = 1
    button(measure, "start").click()
    measure.close()
    measuring.allowed = 12
    qtbot.waitUntil(lambda: not window.measurer.active)
    press(window, Qt.Key.Key_M, CONTROL)
    qtbot.waitUntil(lambda: column(measure, "rounds") == ["3"] * 4)


def test_it_ends_with_the_main_window(
    window: MainWindow, measure: MeasureWindow, measuring: FakeMeasureClient
) -> None:
    measuring.allowed = 1
    button(measure, "start").click()
    window.close()
    assert measuring.closes == 1


def test_the_closing_window_is_out_of_sight_and_answers_while_it_ends(
    measure: MeasureWindow,
    measuring: FakeMeasureClient,
    window: MainWindow,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answered = Event()
    visible: list[bool] = []
    ended: list[bool] = []

    def answer() -> None:
        visible.extend((window.isVisible(), measure.isVisible()))
        answered.set()

    monkeypatch.setattr(measuring, "close", lambda: ended.append(answered.wait(5)))
    button(measure, "start").click()
    QTimer.singleShot(0, answer)
    window.close()
    assert (ended, visible) == ([True], [False, False])


def test_a_process_that_does_not_end_holds_the_closing_window_up_for_a_while_only(
    measure: MeasureWindow,
    measuring: FakeMeasureClient,
    window: MainWindow,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given_up = Event()
    ended: list[bool] = []
    monkeypatch.setattr(measuring, "close", lambda: ended.append(given_up.wait(5)))
    button(measure, "start").click()
    monkeypatch.setattr(measure_session, "END_MS", 50)
    window.close()
    assert ended == []
    given_up.set()
    qtbot.waitUntil(lambda: ended == [True])


def test_a_process_that_died_is_told_and_what_it_did_is_shown(
    measure: MeasureWindow, measuring: FakeMeasureClient, qtbot: QtBot
) -> None:
    measuring.allowed = 4
    button(measure, "start").click()
    qtbot.waitUntil(lambda: said(measure, "measure-left").startswith("run 5"))
    measuring.die()
    qtbot.waitUntil(lambda: "ended unexpectedly" in measure.banner.text)
    qtbot.waitUntil(lambda: column(measure, "rounds") == ["1"] * 4)
    assert button(measure, "start").isEnabled()


def test_a_process_that_does_not_answer_is_ended(
    measure: MeasureWindow,
    measuring: FakeMeasureClient,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(measure_session, "STOP_PATIENCE_S", 0.1)
    measuring.allowed = 2
    button(measure, "start").click()
    qtbot.waitUntil(lambda: said(measure, "measure-left").startswith("run 3"))
    measuring.deaf = True
    button(measure, "stop").click()
    qtbot.waitUntil(lambda: "ended unexpectedly" in measure.banner.text)


def test_one_that_cannot_start_says_so(
    measure: MeasureWindow, measuring: FakeMeasureClient, tmp_path: Path
) -> None:
    measuring.start_problem = OSError("no more processes")
    button(measure, "start").click()
    assert "cannot start: no more processes" in measure.banner.text
    assert not window_of(measure).measurer.active
    assert list((tmp_path / "runs" / "measurements").iterdir()) == []


# what it came to


def test_the_drawing_is_the_one_that_is_exported(
    window: MainWindow, measure: MeasureWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    directory = measured(measure, qtbot)
    button(measure, "export").click()
    qtbot.waitUntil(lambda: said(measure, "measure-now").startswith("4 files"))
    folder = tmp_path / "exported"
    names = {MEASURE_CSV, ROUNDS_CSV, MEASURE_SVG, MEASURE_PNG}
    assert {path.name for path in folder.iterdir()} == names
    theme = DARK if window.commands[Command.DARK].isChecked() else LIGHT
    svg = (folder / MEASURE_SVG).read_text("utf-8")
    assert svg == drawing(read_measurement(directory), theme.name)
    picture = QImage(str(folder / MEASURE_PNG))
    assert (picture.width(), picture.height() > 0) == (2480, True)


def test_the_picture_follows_the_theme_and_keeps_its_aspect(
    window: MainWindow, measure: MeasureWindow, qtbot: QtBot
) -> None:
    measured(measure, qtbot)
    area = measure.findChild(PictureArea)
    assert area is not None
    for theme in (DARK, LIGHT):
        window.set_theme(theme)
        corner = lambda: area.picture.grab().toImage().pixelColor(2, 2).name().upper()  # noqa: E731
        qtbot.waitUntil(lambda wanted=theme.window, now=corner: now() == wanted)
    before = area.picture.size()
    assert before.width() == area.viewport().width()
    area.setFocus()
    QTest.keyClick(area, Qt.Key.Key_Plus, CONTROL)
    after = area.picture.size()
    assert after.width() > before.width()
    assert after.height() / after.width() == pytest.approx(before.height() / before.width(), 0.01)
    QTest.keyClick(area, Qt.Key.Key_0, CONTROL)
    assert area.picture.size() == before


def test_the_table_has_the_figures_sorts_and_copies(
    measure: MeasureWindow, measuring: FakeMeasureClient, qtbot: QtBot
) -> None:
    slow = {"at-most-once": 9_000_000.0, "at-least-once": 30_000_000.0}
    measuring.change = lambda one: replace(one, latency_p50_ns=int(slow[one.lane]))
    measured(measure, qtbot)
    assert column(measure, "lane") == ["at-most-once"] * 2 + ["at-least-once"] * 2
    assert column(measure, "faults") == ["without", "with"] * 2
    assert column(measure, "p50, ms") == ["9.00  [9.00, 9.00]"] * 2 + ["30.0  [30.0, 30.0]"] * 2
    ratio = "3.33  [3.33, 3.33]"
    assert column(measure, "\N{MULTIPLICATION SIGN} p50") == ["1", "1", ratio, ratio]
    view = table(measure)
    view.sortByColumn(4 + 1, Qt.SortOrder.DescendingOrder)
    assert column(measure, "lane") == ["at-least-once"] * 2 + ["at-most-once"] * 2
    activate(qtbot, measure)
    view.setFocus()
    view.selectRow(0)
    QTest.keyClick(view, Qt.Key.Key_C, CONTROL)
    lines = QGuiApplication.clipboard().text().split("\n")
    assert len(lines) == 2
    assert lines[0].split("\t")[:3] == ["lane", "faults", "rounds"]
    assert lines[1].split("\t")[0] == "at-least-once"


def test_a_sweep_has_its_values_in_the_table(measure: MeasureWindow, qtbot: QtBot) -> None:
    choose(measure, "sweep", "consumers")
    measured(measure, qtbot)
    assert column(measure, "consumers") == ["1", "2", "4"] * 2


def test_a_run_with_which_something_is_wrong_is_told(
    measure: MeasureWindow, measuring: FakeMeasureClient, qtbot: QtBot
) -> None:
    measuring.change = lambda one: replace(one, problem="the counts disagree" * (one.cell == 3))
    measured(measure, qtbot)
    assert "round 1, at-least-once without faults: the counts disagree" in measure.banner.text


def test_an_earlier_measurement_is_opened_from_its_folder(
    window: MainWindow, measure: MeasureWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    first = measured(measure, qtbot)
    first.rename(tmp_path / "exported")
    choose(measure, "faults", "without")
    measured(measure, qtbot)
    assert column(measure, "faults") == ["without"] * 2
    button(measure, "open").click()
    qtbot.waitUntil(lambda: column(measure, "faults") == ["without", "with"] * 2)
    assert measure.session.directory == tmp_path / "exported"


def test_a_folder_without_one_is_a_sentence(measure: MeasureWindow, qtbot: QtBot) -> None:
    button(measure, "open").click()
    qtbot.waitUntil(lambda: f"holds no measurement (no {MEASURE_DB})" in measure.banner.text)


def test_an_export_that_fails_is_a_sentence(
    measure: MeasureWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    measured(measure, qtbot)
    (tmp_path / "exported").write_text("a file", "utf-8")
    button(measure, "export").click()
    qtbot.waitUntil(lambda: str(tmp_path / "exported") in measure.banner.text)
    assert button(measure, "export").isEnabled()


def test_settings_without_faults_begin_without(open_window: object) -> None:
    window: MainWindow = open_window(RunSettings(kill_every_s=None))  # type: ignore[operator]
    window.measurer.open()
    settings = window.measurer.window.form.reading.settings
    assert settings is not None
    assert settings.faults is FaultChoice.WITHOUT
