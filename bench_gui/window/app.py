"""Opens the window."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSettings, QStandardPaths
from PySide6.QtWidgets import QApplication

from bench_gui.bench.client import BenchClient
from bench_gui.bench.scenario import scenario_of
from bench_gui.bench.settings import RunSettings
from bench_gui.opening import Opening
from bench_gui.window.icon import program_icon
from bench_gui.window.main_window import MainWindow

NAME = "delivery-bench"


def runs_root() -> Path:
    """Where the window keeps its runs on this platform."""
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)
    return Path(place) / "runs"


def main(settings: RunSettings | None = None, opening: Opening | None = None) -> int:
    """Shows the window until it is closed.

    Args:
        settings: for this start; None for those used last.
        opening: what to begin with, if anything in particular.

    Returns: the program's exit code.
    """
    existing = QCoreApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName(NAME)
    app.setApplicationDisplayName("Delivery Bench")
    app.setDesktopFileName(NAME)
    app.setWindowIcon(program_icon())
    client = BenchClient()
    client.prepare()
    window = MainWindow(client, QSettings(NAME, NAME), runs_root(), settings)
    window.problems.install()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: window.close())
    window.show()
    if opening is not None:
        begin_with(window, opening)
    return app.exec()


def begin_with(window: MainWindow, opening: Opening) -> None:
    """Shows what the command line asked for, in a window that is shown."""
    if opening.run_dir is not None and opening.speed is None:
        window.replay.open(opening.run_dir)
    elif opening.run_dir is not None and opening.speed is not None:
        window.replay.play(opening.run_dir, opening.speed)
    if opening.script is not None:
        window.stage.open_script(opening.script)
    if opening.scenario is not None:
        window.scenarios.choose(scenario_of(opening.scenario))
    if opening.present:
        window.stage.presenting.set(True)
