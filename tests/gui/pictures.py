"""Takes pictures of the window with real runs; `tests/gallery.py` starts it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QSettings
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QPushButton, QTableView, QWidget

from bench_gui.bench.client import BenchClient
from bench_gui.bench.faults import PAUSE
from bench_gui.bench.scenario import scenario_of
from bench_gui.bench.settings import RunSettings
from bench_gui.decide import Answers
from bench_gui.window.command_table import Command
from bench_gui.window.compose_dialog import ComposeDialog
from bench_gui.window.life_view import LifeView
from bench_gui.window.life_window import LifeWindow
from bench_gui.window.main_window import MainWindow
from bench_gui.window.palette import DARK, LIGHT
from bench_gui.window.session import Phase
from bench_gui.window.steps_dialog import StepsDialog
from workers.lanes import LANES

SIZES = ((1280, 720), (1920, 1080))
SETTLE_MS = 350
RUNNING_AT_S = 18.0
MOST_S = 120.0
OWN_LANE = "idempotent+process-first+deduplicating@sink-batch=10"
EVERY_FAULT = RunSettings(
    lanes=(*(lane.slug for lane in LANES),),
    rate_eps=500,
    duration_s=30.0,
    kill_every_s=3.0,
    pause_every_s=5.0,
    pause_ms=2_000.0,
    session_timeout_ms=1_000.0,
    ack_loss=0.02,
    seed=11,
)
EVERY_FAULT_AT_S = 12.0

Shown = TypeVar("Shown", bound=QWidget)


def take_all(window: MainWindow, state: str, folder: Path) -> None:
    """One picture a size and theme."""
    for width, height in SIZES:
        window.resize(width, height)
        for theme in (LIGHT, DARK):
            window.set_theme(theme)
            QTest.qWait(SETTLE_MS)
            window.grab().save(str(folder / f"{state}-{theme.name}-{width}x{height}.png"))


def take_dialog(window: MainWindow, dialog: QWidget, state: str, folder: Path) -> None:
    """One picture a theme, in the dialog's own size."""
    for theme in (LIGHT, DARK):
        window.set_theme(theme)
        QTest.qWait(SETTLE_MS)
        dialog.grab().save(str(folder / f"{state}-{theme.name}.png"))


def opened(window: MainWindow, kind: type[Shown], open_: Callable[[], object]) -> Shown:
    """Opens a dialog and finds it."""
    open_()
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


def take_default(folder: Path) -> None:
    """The four lanes that one sees first."""
    with a_window(RunSettings()) as window:
        take_all(window, "empty", folder)
        run_to(window, RUNNING_AT_S)
        take_all(window, "running", folder)
        wait_for_the_end(window)
        take_all(window, "ended", folder)


def take_settings(folder: Path) -> None:
    """Everything that is filled in or chosen before a run."""
    with a_window(RunSettings()) as window:
        window.panel.add_lane(OWN_LANE)
        window.panel.more_faults.unfold(True)
        take_all(window, "more-faults", folder)
        for kind, state, command in (
            (ComposeDialog, "compose", Command.COMPOSE),
            (StepsDialog, "steps", Command.CHOOSE_STEPS),
        ):
            dialog: QDialog = opened(window, kind, window.commands[command].trigger)
            take_dialog(window, dialog, state, folder)
            dialog.reject()


def take_scenario(folder: Path) -> None:
    """A story before its run, and after it."""
    with a_window(RunSettings()) as window:
        window.scenarios.choose(scenario_of("zombie-consumer"))
        take_all(window, "story", folder)
        window.start()
        wait_for_the_end(window)
        QTest.qWait(SETTLE_MS)
        take_all(window, "story-ended", folder)


def take_every_lane(folder: Path) -> None:
    """Seven lanes under every fault, and the life of an event in each kind of trouble."""
    with a_window(EVERY_FAULT) as window:
        run_to(window, EVERY_FAULT_AT_S)
        take_all(window, "seven-running", folder)
        wait_for_the_end(window)
        take_all(window, "seven-ended", folder)
        take_lives(window, folder)


def take_lives(window: MainWindow, folder: Path) -> None:
    """One event a lane and kind of fault that harmed it."""
    model = window.faults.model
    seen: set[tuple[str, str]] = set()
    for row in range(model.rowCount()):
        fault = model.fault(row)
        harmed = fault.lost_caused + fault.duplicates_caused + fault.suppressed_caused
        if (fault.lane, fault.kind) in seen or not (harmed or fault.kind == PAUSE):
            continue
        seen.add((fault.lane, fault.kind))
        if not harmed:
            continue
        window.faults.choose(row)
        life = opened(window, LifeWindow, window.commands[Command.EXPLAIN_FAULT].trigger)
        view = life.findChild(LifeView)
        assert view is not None
        wait_for(lambda drawn=view: bool(drawn.drawing.marks) and drawn.isEnabled())
        take_dialog(window, life, f"life-{fault.lane}-{fault.kind.replace(' ', '-')}", folder)


def take_exploring(folder: Path) -> None:
    """The settings explained and their presets; which lane to take, its cost and its proof."""
    with a_window(RunSettings(duration_s=8.0)) as window:
        explorer = window.explorer
        window.commands[Command.EXPLAIN_SETTINGS].trigger()
        take_dialog(window, explorer.help, "settings-explained", folder)
        explorer.help.reject()
        for menu in (window.menuBar().actions()[3].menu(), explorer.presets.menu):
            if isinstance(menu, QMenu):
                menu.popup(window.mapToGlobal(window.rect().center()))
                take_dialog(window, menu, menu.objectName() or "settings-menu", folder)
                menu.close()
        window.start()
        wait_for_the_end(window)
        window.commands[Command.DECIDE].trigger()
        decide = explorer.decider.dialog
        take_dialog(window, decide, "decide-open", folder)
        decide.show_answers(Answers(loss=False, idempotent=False, log_to_log=True))
        take_dialog(window, decide, "decide", folder)
        explorer.decider.prover.start("exactly-once", seed=7)
        decide.hide()
        wait_for(decide.isVisible)
        take_dialog(window, decide, "decide-proved", folder)


def take_measure(folder: Path) -> None:
    """Measure mode before, during and after a small measurement, and a sweep."""
    with a_window(RunSettings()) as window:
        window.measurer.open()
        measure = window.measurer.window
        take_sizes(window, measure, "measure-before", folder)
        measure.form.show_texts({"rounds": "2", "duration": "1s", "warm-up": "300ms"})
        measure.findChild(QPushButton, "measure-start").click()  # type: ignore[union-attr]
        wait_for(lambda: table_rows(measure) > 4 or not measure.session.active)
        take_sizes(window, measure, "measure-during", folder)
        wait_for(lambda: not measure.session.active)
        QTest.qWait(SETTLE_MS)
        take_sizes(window, measure, "measure-after", folder)
        measure.form.show_texts({"sweep": "sink-batch", "rounds": "1", "values": "1,10,100"})
        measure.findChild(QPushButton, "measure-start").click()  # type: ignore[union-attr]
        wait_for(lambda: not measure.session.active)
        QTest.qWait(SETTLE_MS)
        take_sizes(window, measure, "measure-sweep", folder)


def table_rows(measure: QWidget) -> int:
    """Rows of the table of figures."""
    table = measure.findChild(QTableView)
    return table.model().rowCount() if table is not None else 0


def take_sizes(window: MainWindow, dialog: QWidget, state: str, folder: Path) -> None:
    """One picture a size and theme."""
    for width, height in SIZES:
        dialog.resize(width, height)
        take_dialog(window, dialog, f"{state}-{width}x{height}", folder)


def take_gallery(folder: Path) -> None:
    """Takes every picture."""
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    for take in (
        take_default,
        take_settings,
        take_scenario,
        take_every_lane,
        take_exploring,
        take_measure,
    ):
        take(folder)
    app.processEvents()
