"""Our own bugs: one sentence in one dialog, details folded, and the run goes on."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.progress import Progress
from bench_gui.window.background import OURS, Background
from bench_gui.window.main_window import MainWindow
from bench_gui.window.problem_dialog import ProblemDialog
from bench_gui.window.problem_report import MOST_DETAILS, without_private_paths
from bench_gui.window.session import Phase
from tests.gui.pressing import find, press


@pytest.fixture(autouse=True)
def quiet_terminal(capsys: pytest.CaptureFixture[str]) -> pytest.CaptureFixture[str]:
    return capsys


def go_wrong(window: MainWindow, what: str = "planted") -> None:
    """As Python does with what nobody caught."""
    try:
        raise ValueError(what)
    except ValueError as problem:
        window.problems(ValueError, problem, problem.__traceback__)


def dialogs(window: MainWindow) -> list[ProblemDialog]:
    return [one for one in window.findChildren(ProblemDialog) if one.isVisible()]


def press_in(dialog: ProblemDialog, name: str) -> None:
    button = dialog.findChild(QPushButton, name)
    assert button is not None
    button.click()


def test_it_is_a_sentence_and_no_traceback(
    window: MainWindow, capsys: pytest.CaptureFixture[str]
) -> None:
    go_wrong(window)
    (dialog,) = dialogs(window)
    sentence = find(window, QLabel, "problem-sentence").text()
    assert "ValueError" in sentence
    assert "Traceback" not in sentence
    details = find(window, QPlainTextEdit, "problem-report")
    assert not details.isVisible()
    press_in(dialog, "problem-details")
    assert details.isVisible()
    assert "planted" in details.toPlainText()
    assert "planted" in capsys.readouterr().err


def test_the_run_goes_on(window: MainWindow, qtbot: QtBot) -> None:
    press(window, Qt.Key.Key_F5)
    go_wrong(window)
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    assert not dialogs(window)[0].isModal()


def test_many_are_one_dialog_that_counts(window: MainWindow) -> None:
    for _ in range(3):
        go_wrong(window)
    go_wrong(window, "another")
    (dialog,) = dialogs(window)
    assert find(window, QLabel, "problem-count").text() == "It has happened 4 times."
    assert window.problems.report().count("ValueError: planted") == 1
    assert window.problems.report().count("ValueError: another") == 1
    press_in(dialog, "problem-close")
    assert dialogs(window) == []
    go_wrong(window)
    assert len(dialogs(window)) == 1
    assert "problems: 1\n" in window.problems.report()


def test_endless_bugs_take_no_memory(window: MainWindow) -> None:
    for number in range(3 * MOST_DETAILS):
        go_wrong(window, f"bug {number}")
    assert window.problems.report().count("Traceback") == MOST_DETAILS


def test_its_report_is_copied(window: MainWindow, qtbot: QtBot) -> None:
    press(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: window.session.run_id != "")
    go_wrong(window)
    press_in(dialogs(window)[0], "problem-copy")
    report = QApplication.clipboard().text()
    wanted = ("Python: 3", "Qt: 6", "SQLite: 3", "platform: ", window.session.run_id, "planted")
    assert [word for word in wanted if word not in report] == []
    assert str(Path.home()) not in report


def test_paths_are_named_from_the_program(tmp_path: Path) -> None:
    library = next(path for path in sys.path if "site-packages" in path)
    text = f'File "{library}/numpy/core.py"\nFile "{tmp_path}/own/main.py"\nFile "{__file__}"'
    shown = without_private_paths(text, home=tmp_path)
    assert shown == 'File "numpy/core.py"\nFile "~/own/main.py"\nFile "tests/gui/test_problems.py"'


def test_on_a_stage_nothing_stands_in_front_of_the_picture(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window.problems, "_presenting", lambda: True)
    go_wrong(window)
    assert dialogs(window) == []
    assert "ValueError" in window.banner.text


@pytest.fixture
def background(window: MainWindow) -> Iterator[Background]:
    made = Background(window)
    yield made
    made.cancel()
    assert made.wait(5000)


def test_a_bug_on_another_thread_is_told_too(
    window: MainWindow, background: Background, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "excepthook", window.problems)
    failures: list[str] = []

    def work() -> None:
        raise ZeroDivisionError("planted elsewhere")

    background.run(work, failed=failures.append)
    qtbot.waitUntil(lambda: bool(dialogs(window)))
    assert failures == [OURS.format(what="ZeroDivisionError")]
    assert "planted elsewhere" in window.problems.report()


def test_what_the_environment_does_is_no_bug(
    window: MainWindow, background: Background, qtbot: QtBot
) -> None:
    failures: list[str] = []

    def work() -> None:
        raise EnvironmentProblem("the disk is full")

    background.run(work, failed=failures.append)
    qtbot.waitUntil(lambda: failures == ["the disk is full"])
    assert dialogs(window) == []


class Slow:
    """Work that tells how far it is, and goes on when a test says so."""

    def __init__(self) -> None:
        self.go_on = Event()
        self.finished = False

    def __call__(self, progress: Progress) -> str:
        progress(0.25)
        assert self.go_on.wait(10)
        progress(1.0)
        self.finished = True
        return "done"


def test_a_task_tells_how_far_it_is(
    window: MainWindow, background: Background, qtbot: QtBot
) -> None:
    slow, results = Slow(), []
    window.tasks.follow(background.start("Exporting", slow, results.append))
    title = find(window, QLabel, "task-title")
    qtbot.waitUntil(lambda: title.text() == "Exporting 25%")
    assert window.tasks.isVisible()
    slow.go_on.set()
    qtbot.waitUntil(lambda: results == ["done"])
    qtbot.waitUntil(lambda: not window.tasks.isVisible())


def test_a_task_is_cancelled_by_esc_and_nothing_else_is(
    window: MainWindow, background: Background, qtbot: QtBot
) -> None:
    slow, results = Slow(), []
    window.banner.notice("a notice")
    window.tasks.follow(background.start("Exporting", slow, results.append, results.append))
    qtbot.waitUntil(window.tasks.isVisible)
    press(window, Qt.Key.Key_Escape)
    slow.go_on.set()
    qtbot.waitUntil(lambda: not window.tasks.isVisible())
    assert results == []
    assert not slow.finished
    assert window.banner.text == "a notice"
    press(window, Qt.Key.Key_Escape)
    assert window.banner.text == ""
