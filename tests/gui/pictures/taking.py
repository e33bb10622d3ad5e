"""How pictures of a window are taken: its sizes and themes, and waiting for a moment of a run."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QSettings
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from bench_gui.bench.client import BenchClient
from bench_gui.bench.settings import RunSettings
from bench_gui.window.command_table import Command
from bench_gui.window.main_window import MainWindow
from bench_gui.window.palette import DARK, LIGHT
from bench_gui.window.session import Phase
from bench_gui.window.views import View

SIZES = ((1280, 720), (1920, 1080))
SETTLE_MS = 360
SETTLING = 3
MOST_S = 180.0

Shown = TypeVar("Shown", bound=QWidget)


def take_all(window: MainWindow, state: str, folder: Path) -> None:
    """One picture a size and theme."""
    for width, height in SIZES:
        window.resize(width, height)
        for theme in (LIGHT, DARK):
            window.set_theme(theme)
            settle()
            window.grab().save(str(folder / f"{state}-{theme.name}-{width}x{height}.png"))


def settle() -> None:
    """Everything that a change has posted is done, on a busy machine too."""
    for _ in range(SETTLING):
        QTest.qWait(SETTLE_MS // SETTLING)
        QApplication.sendPostedEvents()
        QApplication.processEvents()


def take_views(window: MainWindow, state: str, folder: Path) -> None:
    """Every view, one after another."""
    for view in View:
        window.views.show_view(view)
        take_all(window, f"{state}-{view.value.removesuffix('-view')}", folder)
    window.views.show_view(View.PIPELINES)


def take_dialog(window: MainWindow, dialog: QWidget, state: str, folder: Path) -> None:
    """One picture a theme, in the dialog's own size."""
    for theme in (LIGHT, DARK):
        window.set_theme(theme)
        settle()
        dialog.grab().save(str(folder / f"{state}-{theme.name}.png"))


def take_sizes(window: MainWindow, dialog: QWidget, state: str, folder: Path) -> None:
    """One picture a size and theme."""
    for width, height in SIZES:
        dialog.resize(width, height)
        take_dialog(window, dialog, f"{state}-{width}x{height}", folder)


def take_opened(window: MainWindow, command: Command, state: str, folder: Path) -> None:
    """The window that a command opens, and closes it."""
    dialog = opened(window, window.commands[command].trigger)
    take_dialog(window, dialog, state, folder)
    dialog.close()


def opened(window: MainWindow, open_: Callable[[], object]) -> QWidget:
    """Opens a dialog and finds it."""
    before = _windows(window)
    open_()
    wait_for(lambda: bool(_windows(window) - before))
    return next(iter(_windows(window) - before))


def _windows(window: MainWindow) -> set[QWidget]:
    return {one for one in window.findChildren(QWidget) if one.isWindow() and one.isVisible()}


def shown(window: MainWindow, kind: type[Shown]) -> Shown:
    """The one of its kind that can be seen."""
    return next(one for one in window.findChildren(kind) if one.isVisible())


def wait_for(condition: Callable[[], bool]) -> None:
    """Waits, or says that it took too long."""
    deadline_s = time.monotonic() + MOST_S
    while not condition():
        if time.monotonic() > deadline_s:
            raise SystemExit("the run did not get as far as it should")
        QTest.qWait(50)


def elapsed_s(window: MainWindow) -> float:
    """Seconds since the run's start."""
    latest = window.session.model.latest
    return 0.0 if latest is None else latest.t_s


def run_to(window: MainWindow, t_s: float) -> None:
    """Starts and waits for a moment of the run."""
    window.start()
    wait_for(lambda: elapsed_s(window) > t_s or not window.session.phase.active)


def wait_for_the_end(window: MainWindow) -> None:
    """Until the bench has said its last word."""
    wait_for(lambda: window.session.phase is Phase.ENDED)


@contextmanager
def a_window(settings: RunSettings) -> Iterator[MainWindow]:
    """A window with a bench and a place of its own."""
    with tempfile.TemporaryDirectory() as scratch:
        store = QSettings(str(Path(scratch) / "window.ini"), QSettings.Format.IniFormat)
        window = MainWindow(BenchClient(), store, Path(scratch) / "runs", settings)
        window.show()
        try:
            yield window
        finally:
            window.close()
