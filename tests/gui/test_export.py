"""Exports: what was chosen is written, whole or not at all, and says which run it is."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import RunState
from bench_gui.palette import DARK, LIGHT
from bench_gui.window.command_table import Command
from bench_gui.window.export.choice import Choice, Form, What
from bench_gui.window.export.dialog import ExportDialog
from bench_gui.window.main_window import MainWindow
from bench_gui.window.session import Phase
from tests.gui.conftest import Opened, PlannedExport
from tests.gui.fake_client import FakeClient
from tests.gui.pressing import activate, find, press, text_of
from workers.lanes import LANES, lane_of

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
OWN_LANE = "idempotent+process-first+deduplicating@sink-batch=10"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the window under test exports to."""
    return tmp_path / "exported"


@pytest.fixture
def ended(open_window: Opened, qtbot: QtBot) -> MainWindow:
    """A window whose run has come to its end."""
    window = open_window(RunSettings(duration_s=2.0))
    window.start()
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    return window


def asked(window: MainWindow, qtbot: QtBot) -> ExportDialog:
    """The dialog, opened by its key."""
    activate(qtbot, window)
    press(window, Qt.Key.Key_E, CONTROL)
    return next(one for one in window.findChildren(ExportDialog) if one.isVisible())


def choose(dialog: ExportDialog, name: str) -> None:
    button = dialog.findChild(QAbstractButton, f"export-{name}")
    assert button is not None
    assert button.isEnabled(), name
    button.click()


def set_box(dialog: ExportDialog, name: str, value: object) -> None:
    box = dialog.findChild(QComboBox, f"export-{name}")
    assert box is not None
    assert box.isEnabled(), name
    box.setCurrentIndex(box.findData(value))


def written(window: MainWindow, folder: Path, qtbot: QtBot) -> Path:
    """The one file that was written."""
    qtbot.waitUntil(lambda: not window.exporter.busy and folder.exists(), timeout=20_000)
    (path,) = folder.iterdir()
    assert str(path) in text_of(window, "status-message")
    return path


def texts_of(path: Path) -> str:
    """Every text of an SVG."""
    root = ET.fromstring(path.read_text("utf-8"))
    return " ".join(element.text or "" for element in root.iter())


def test_a_picture_of_the_view_by_one_key(ended: MainWindow, folder: Path, qtbot: QtBot) -> None:
    press(ended, Qt.Key.Key_E, CONTROL, SHIFT)
    path = written(ended, folder, qtbot)
    image = QImage(str(path))
    assert (image.width(), image.height()) == (1920, 1080)
    assert not image.hasAlphaChannel()
    assert image.pixelColor(2, 2).name().upper() == LIGHT.card


def test_a_picture_says_everything_that_the_screen_says(
    open_window: Opened, folder: Path, qtbot: QtBot
) -> None:
    """Whole names of lanes, numbers, verdicts, run and seed; in the theme that was chosen."""
    lanes = (*(lane.slug for lane in LANES), OWN_LANE)
    window = open_window(RunSettings(duration_s=2.0, lanes=lanes, seed=77))
    window.start()
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    dialog = asked(window, qtbot)
    choose(dialog, "view")
    set_box(dialog, "form", Form.SVG)
    set_box(dialog, "theme", "dark")
    choose(dialog, "start")
    path = written(window, folder, qtbot)
    said = texts_of(path)
    latest = window.session.model.latest
    assert latest is not None
    assert f"run {latest.run_id} · seed 77 · complete" in said
    for slug, lane in latest.lanes.items():
        joined = lane_of(slug).name.replace(" ", "")
        assert joined in said.replace(" ", ""), "the name stands there whole"
        assert f"{lane.counts.lost:,}" in said
        assert f"{lane.counts.duplicates:,}" in said
        assert f"{slug} {lane.verdict.value}" in said, "in the picture's title"
    assert DARK.card in path.read_text("utf-8")
    assert LIGHT.card not in path.read_text("utf-8")


@pytest.mark.parametrize(("what", "value"), [("lane", "at-least-once"), ("row", "latency")])
def test_one_lane_or_one_row(
    ended: MainWindow, folder: Path, qtbot: QtBot, what: str, value: str
) -> None:
    dialog = asked(ended, qtbot)
    choose(dialog, what)
    set_box(dialog, what, value)
    set_box(dialog, "form", Form.SVG)
    choose(dialog, "start")
    path = written(ended, folder, qtbot)
    said = texts_of(path)
    assert value in path.name
    assert ("At-most-once" in said) is (what == "row")
    assert ("Throughput" in said) is (what == "lane")
    assert "Latency" in said


def test_a_run_that_goes_on_or_was_cut_off_or_is_held_is_labelled(
    window: MainWindow, client: FakeClient, qtbot: QtBot, folder: Path
) -> None:
    def labels() -> str:
        window.exporter.export(Choice(form=Form.SVG, folder=folder))
        qtbot.waitUntil(
            lambda: not window.exporter.busy and len(list(folder.glob("*"))) > 0, timeout=20_000
        )
        (path,) = folder.iterdir()
        said = texts_of(path)
        path.unlink()
        return said

    client.speed = 5.0
    window.start()
    qtbot.waitUntil(lambda: window.session.model.run.now_s > 1.0)
    assert "STILL RUNNING" in labels()
    window.time.go(0.5)
    assert "HELD AT 0." in labels()
    window.time.live()
    window.session.abort()
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    assert "CUT OFF" in labels()
    assert window.session.model.latest is not None
    assert window.session.model.latest.state is RunState.CUT_OFF


def test_a_recorded_run_is_labelled(
    ended: MainWindow, qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    label = "PLAY-BACK x1"
    monkeypatch.setattr(type(ended.session), "label", property(lambda _: label))
    ended.exporter.export(Choice(form=Form.SVG, folder=folder))
    assert label.upper() in texts_of(written(ended, folder, qtbot))


def test_nothing_is_written_over(ended: MainWindow, folder: Path, qtbot: QtBot) -> None:
    for _ in range(2):
        ended.exporter.export(Choice(form=Form.SVG, folder=folder))
        qtbot.waitUntil(lambda: not ended.exporter.busy)
    qtbot.waitUntil(lambda: len(list(folder.iterdir())) == 2)


def test_tables_of_what_is_visible(
    ended: MainWindow, export: PlannedExport, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ended.exporter, "_visible_range", lambda: (0.5, 1.25))
    dialog = asked(ended, qtbot)
    choose(dialog, "tables")
    choose(dialog, "visible")
    choose(dialog, "start")
    qtbot.waitUntil(lambda: export.asked == [(0.5, 1.25)])
    qtbot.waitUntil(lambda: "1 file written" in text_of(ended, "status-message"))
    dialog = asked(ended, qtbot)
    assert dialog.choice.what is What.TABLES, "as the last time"
    choose(dialog, "whole")
    choose(dialog, "start")
    qtbot.waitUntil(lambda: export.asked == [(0.5, 1.25), None])


def test_where_all_is_visible_there_is_nothing_to_cut(ended: MainWindow, qtbot: QtBot) -> None:
    visible = asked(ended, qtbot).findChild(QAbstractButton, "export-visible")
    assert visible is not None
    assert not visible.isEnabled()


def test_tables_and_report_wait_for_the_end(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    client.speed = 1.0
    window.start()
    window.session.poll()
    dialog = asked(window, qtbot)
    for name in ("tables", "report"):
        button = dialog.findChild(QAbstractButton, f"export-{name}")
        assert button is not None
        assert not button.isEnabled()
        assert "when the run has ended" in button.toolTip()
    assert not window.commands[Command.REPORT].isEnabled()
    assert window.commands[Command.EXPORT_VIEW].isEnabled()


def test_the_report_by_one_key(ended: MainWindow, export: PlannedExport, qtbot: QtBot) -> None:
    press(ended, Qt.Key.Key_R, CONTROL)
    qtbot.waitUntil(lambda: export.asked == [None])
    qtbot.waitUntil(lambda: "report.html" in text_of(ended, "status-message"))


def test_it_is_watched_and_cancelled(
    ended: MainWindow, export: PlannedExport, qtbot: QtBot
) -> None:
    export.go_on.clear()
    ended.exporter.export(Choice(What.TABLES))
    qtbot.waitUntil(lambda: find(ended, QLabel, "task-title").text() == "Exporting tables 50%")
    assert not ended.commands[Command.EXPORT].isEnabled()
    press(ended, Qt.Key.Key_Escape)
    export.go_on.set()
    qtbot.waitUntil(lambda: text_of(ended, "status-message") == "The export was cancelled")
    assert ended.commands[Command.EXPORT].isEnabled()
    assert ended.banner.text == ""


def test_what_went_wrong_is_one_sentence(
    ended: MainWindow, export: PlannedExport, qtbot: QtBot
) -> None:
    export.problem = EnvironmentProblem("the disk is full; make room and export again")
    ended.exporter.export(Choice(What.REPORT))
    qtbot.waitUntil(lambda: "the disk is full" in ended.banner.text)


def test_a_folder_that_cannot_be_made_is_one_sentence(
    ended: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    ended.exporter.export(Choice(folder=tmp_path / "file" / "below"))
    qtbot.waitUntil(lambda: "cannot be written" in ended.banner.text)


def test_the_folder_is_remembered(
    ended: MainWindow, store: QSettings, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = asked(ended, qtbot)
    line = dialog.findChild(QLineEdit, "export-folder")
    assert line is not None
    line.setText(str(tmp_path / "elsewhere"))
    choose(dialog, "start")
    assert store.value("export/folder") == str(tmp_path / "elsewhere")
    qtbot.waitUntil(lambda: not ended.exporter.busy, timeout=20_000)
    assert asked(ended, qtbot).choice.folder == tmp_path / "elsewhere"


def test_without_a_folder_there_is_no_export(ended: MainWindow, qtbot: QtBot) -> None:
    dialog = asked(ended, qtbot)
    line = dialog.findChild(QLineEdit, "export-folder")
    start = dialog.findChild(QPushButton, "export-start")
    assert line is not None
    assert start is not None
    line.clear()
    assert not start.isEnabled()


def test_a_name_of_a_file_is_plain() -> None:
    choice = Choice(What.LANE, lane=OWN_LANE, folder=Path("/nowhere"))
    assert choice.path("run 1").name == (
        "delivery-bench-run-1-idempotent-process-first-deduplicating-sink-batch-10.png"
    )
    assert replace(choice, what=What.TABLES).path("run 1") == Path("/nowhere")


def test_one_chart_of_one_lane(ended: MainWindow, folder: Path, qtbot: QtBot) -> None:
    dialog = asked(ended, qtbot)
    choose(dialog, "chart")
    set_box(dialog, "lane", "at-least-once")
    set_box(dialog, "row", "lag")
    set_box(dialog, "form", Form.SVG)
    choose(dialog, "start")
    path = written(ended, folder, qtbot)
    assert path.name.endswith("-at-least-once-lag.svg")
    said = texts_of(path)
    assert "At-least-once" in said
    assert "Lag" in said
    assert "At-most-once" not in said
    assert "Throughput" not in said
