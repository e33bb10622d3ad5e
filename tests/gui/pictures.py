"""Takes pictures of the window with a real run; `tests/gallery.py` starts it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bench_gui.bench.client import BenchClient
from bench_gui.bench.settings import RunSettings
from bench_gui.window.main_window import MainWindow
from bench_gui.window.palette import DARK, LIGHT
from bench_gui.window.session import Phase

SIZES = ((1280, 720), (1920, 1080))
SETTLE_MS = 350
RUNNING_AT_S = 18.0
MOST_S = 120.0


def take_all(window: MainWindow, state: str, folder: Path) -> None:
    """One picture a size and theme."""
    for width, height in SIZES:
        window.resize(width, height)
        for theme in (LIGHT, DARK):
            window.set_theme(theme)
            QTest.qWait(SETTLE_MS)
            window.grab().save(str(folder / f"{state}-{theme.name}-{width}x{height}.png"))


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


def take_gallery(folder: Path) -> None:
    """Takes every picture."""
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    with tempfile.TemporaryDirectory() as scratch:
        store = QSettings(str(Path(scratch) / "window.ini"), QSettings.Format.IniFormat)
        window = MainWindow(BenchClient(), store, Path(scratch) / "runs", RunSettings())
        window.show()
        try:
            take_all(window, "empty", folder)
            window.start()
            wait_for(lambda: elapsed_s(window) > RUNNING_AT_S or not window.session.phase.active)
            take_all(window, "running", folder)
            wait_for(lambda: window.session.phase is Phase.ENDED)
            take_all(window, "ended", folder)
        finally:
            window.close()
    app.processEvents()
