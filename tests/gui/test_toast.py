"""A toast: what it says, where it stands, and that it goes."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from bench_gui.window.stage.toast import Toaster


def shown_in(qtbot: QtBot, width: int = 800, shown_ms: int = 60_000) -> tuple[QWidget, Toaster]:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(width, 500)
    toaster = Toaster(window, shown_ms)
    with qtbot.waitExposed(window):
        window.show()
    return window, toaster


def test_it_says_the_key_and_what_it_did(qtbot: QtBot) -> None:
    _, toaster = shown_in(qtbot)
    toaster.say("C", "Kill a consumer: consumer 1 of At-least-once, pid 4711")
    assert toaster.isVisible()
    assert [label.text() for label in toaster.findChildren(QLabel)] == [toaster.key, toaster.words]
    assert toaster.accessibleName().startswith("C Kill a consumer")


def test_it_goes_by_itself(qtbot: QtBot) -> None:
    _, toaster = shown_in(qtbot, shown_ms=1)
    toaster.say("T", "Light theme")
    qtbot.waitUntil(lambda: not toaster.isVisible())


def test_it_stays_in_the_window_however_long_its_words_and_however_the_window_grows(
    qtbot: QtBot,
) -> None:
    window, toaster = shown_in(qtbot, width=420)
    toaster.say("C", "a rather long sentence " * 8)
    assert window.rect().contains(toaster.geometry())
    assert toaster.height() < 3 * toaster.fontMetrics().height()
    left, right = toaster.x(), window.width() - toaster.geometry().right()
    assert abs(left - right) <= 2
    window.resize(1000, 700)
    qtbot.waitUntil(lambda: toaster.geometry().bottom() > 600)
    assert window.rect().contains(toaster.geometry())


def test_a_newer_one_takes_its_place(qtbot: QtBot) -> None:
    _, toaster = shown_in(qtbot)
    toaster.say("C", "one")
    toaster.say("", "two")
    shown = [label.text() for label in toaster.findChildren(QLabel) if label.isVisible()]
    assert shown == ["two"]
    toaster.dismiss()
    assert not toaster.isVisible()
