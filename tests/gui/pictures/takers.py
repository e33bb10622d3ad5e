"""The pictures of the gallery: one function a kind, each with windows and runs of its own."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QPushButton, QTableView, QWidget

from bench_gui.bench.faults import PAUSE
from bench_gui.bench.scenario import scenario_of
from bench_gui.bench.settings import RunSettings
from bench_gui.window.command_table import Command
from bench_gui.window.life_view import LifeView
from bench_gui.window.main_window import MainWindow
from bench_gui.window.session import Phase
from bench_gui.window.views import View
from tests.gui.pictures.broken import make_broken_run
from tests.gui.pictures.exploring import take_exploring
from tests.gui.pictures.taking import (
    a_window,
    elapsed_s,
    opened,
    run_to,
    settle,
    take_all,
    take_dialog,
    take_opened,
    take_sizes,
    take_views,
    wait_for,
    wait_for_the_end,
)
from workers.lanes import LANES

RUNNING_AT_S = 12.0
HELD_BACK = 8
LONG = RunSettings(duration_s=900.0)
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


def take_first(folder: Path) -> None:
    """What one sees first."""
    with a_window(RunSettings()) as window:
        take_views(window, "empty", folder)


def take_running(folder: Path) -> None:
    """A run that goes on, as the audience sees it too, and held."""
    with a_window(LONG) as window:
        run_to(window, RUNNING_AT_S)
        take_views(window, "running", folder)
        take_charts(window, folder)
        take_held(window, folder)
        take_stage(window, folder)


def take_charts(window: MainWindow, folder: Path) -> None:
    """The charts laid over each other, and one lane alone."""
    window.views.show_view(View.CHARTS)
    for command, state in ((Command.OVERLAY, "overlay"), (Command.SOLO, "solo")):
        window.stage.focus.set("at-least-once")
        window.commands[command].trigger()
        take_all(window, f"running-{state}", folder)
        window.commands[command].trigger()
    window.stage.focus.set(None)


def take_held(window: MainWindow, folder: Path) -> None:
    """The display held at a moment that has passed, with the run going on."""
    window.commands[Command.HOLD].trigger()
    for _ in range(HELD_BACK):
        window.commands[Command.SCRUB_BACK].trigger()
    for view in (View.CHARTS, View.PIPELINES):
        window.views.show_view(view)
        take_all(window, f"held-{view.value.removesuffix('-view')}", folder)
    window.commands[Command.LIVE].trigger()


def take_stage(window: MainWindow, folder: Path) -> None:
    """Present mode, with what was pressed, and its cheat sheet."""
    window.stage.presenting.set(True)
    for view in (View.CHARTS, View.PIPELINES):
        window.views.show_view(view)
        take_all(window, f"stage-{view.value.removesuffix('-view')}", folder)
    take_sheet(window, "stage-cheat-sheet", folder)
    window.stage.presenting.set(False)


def take_sheet(window: MainWindow, state: str, folder: Path) -> None:
    """Every key, over the window."""
    window.commands[Command.CHEAT_SHEET].trigger()
    take_all(window, state, folder)
    window.stage.sheet.close()


def take_ended(folder: Path) -> None:
    """A run that has come to its end, the windows that it opens, and its play-back."""
    with a_window(RunSettings(duration_s=15.0)) as window:
        window.start()
        wait_for_the_end(window)
        take_views(window, "ended", folder)
        window.commands[Command.CONSOLE].trigger()
        take_all(window, "ended-toolbar", folder)
        window.commands[Command.CONSOLE].trigger()
        take_opened(window, Command.EXPORT, "dialog-export", folder)
        window.commands[Command.PLAY_BACK].trigger()
        wait_for(lambda: window.session.phase is Phase.PLAYING and elapsed_s(window) > 6)
        take_all(window, "replayed", folder)


def take_broken(folder: Path) -> None:
    """A run in which lanes are really BROKEN, opened from where it was recorded."""
    with tempfile.TemporaryDirectory() as scratch:
        run_dir = Path(scratch) / "broken"
        make_broken_run(run_dir)
        with a_window(RunSettings()) as window:
            window.session.open(run_dir)
            wait_for_the_end(window)
            settle()
            take_views(window, "broken", folder)
            window.stage.presenting.set(True)
            take_all(window, "broken-stage", folder)


def take_dialogs(folder: Path) -> None:
    """Everything that is filled in, chosen or read beside the window."""
    with a_window(RunSettings()) as window:
        window.panel.add_lane(OWN_LANE)
        window.panel.more_faults.unfold(True)
        take_all(window, "more-faults", folder)
        for command in (
            Command.COMPOSE, Command.CHOOSE_STEPS, Command.EXPLAIN_SETTINGS, Command.DECIDE,
            Command.KEYS, Command.ABOUT,
        ):  # fmt: skip
            take_opened(window, command, f"dialog-{command.value}", folder)
        take_sheet(window, "cheat-sheet", folder)
        take_problem(window, folder)


def take_problem(window: MainWindow, folder: Path) -> None:
    """A bug of our own, folded and unfolded, and a message across the window."""

    def go_wrong() -> None:
        try:
            raise RuntimeError("made up for a picture")
        except RuntimeError as problem:
            window.problems(RuntimeError, problem, problem.__traceback__)

    errors, sys.stderr = sys.stderr, None  # type: ignore[assignment]  # it is no news
    dialog = opened(window, go_wrong)
    sys.stderr = errors
    take_dialog(window, dialog, "dialog-problem", folder)
    details = dialog.findChild(QPushButton, "problem-details")
    assert details is not None
    details.click()
    take_dialog(window, dialog, "dialog-problem-details", folder)
    dialog.close()
    window.banner.alarm("The disk is full; free some space and start the run again.", "details")
    take_all(window, "message", folder)


def take_scenario(folder: Path) -> None:
    """A story before its run, and after it."""
    with a_window(RunSettings()) as window:
        window.scenarios.choose(scenario_of("zombie-consumer"))
        take_all(window, "story", folder)
        window.commands[Command.NEXT_BEAT].trigger()
        take_all(window, "story-beat", folder)
        if not window.session.phase.active:
            window.start()
        window.session.stop()
        wait_for_the_end(window)
        settle()
        take_all(window, "story-ended", folder)


def take_every_lane(folder: Path) -> None:
    """Seven lanes under every fault, and the life of an event in each kind of trouble."""
    with a_window(EVERY_FAULT) as window:
        run_to(window, EVERY_FAULT_AT_S)
        for view in (View.CHARTS, View.PIPELINES):
            window.views.show_view(view)
            take_all(window, f"seven-running-{view.value.removesuffix('-view')}", folder)
        wait_for_the_end(window)
        take_views(window, "seven-ended", folder)
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
        window.commands[Command.EXPLAIN_FAULT].trigger()
        life = window.explainer.window
        view = life.findChild(LifeView)
        assert view is not None
        wait_for(lambda drawn=view: bool(drawn.drawing.marks) and drawn.isEnabled())
        take_dialog(window, life, f"life-{fault.lane}-{fault.kind.replace(' ', '-')}", folder)


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
        settle()
        take_sizes(window, measure, "measure-after", folder)
        measure.form.show_texts({"sweep": "sink-batch", "rounds": "1", "values": "1,10,100"})
        measure.findChild(QPushButton, "measure-start").click()  # type: ignore[union-attr]
        wait_for(lambda: not measure.session.active)
        settle()
        take_sizes(window, measure, "measure-sweep", folder)


def table_rows(measure: QWidget) -> int:
    """Rows of the table of figures."""
    table = measure.findChild(QTableView)
    return table.model().rowCount() if table is not None else 0


TAKERS: dict[str, Callable[[Path], None]] = {
    "first": take_first,
    "running": take_running,
    "ended": take_ended,
    "broken": take_broken,
    "dialogs": take_dialogs,
    "exploring": take_exploring,
    "scenario": take_scenario,
    "seven": take_every_lane,
    "measure": take_measure,
}
