"""What the window needs from outside itself, for a test to put its own in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from bench_gui.bench.lifeline.model import FaultEvents, Lifeline
from bench_gui.bench.records.results import SummaryRow
from bench_gui.window.explore.settings_files import Ask, ask_what_to_open, ask_where_to_save
from bench_gui.window.measure_tools import MeasureTools


def ask_for_folder(parent: QWidget, start: Path) -> Path | None:
    """The folder that the user names, None when they think better of it."""
    chosen = QFileDialog.getExistingDirectory(parent, "Export CSV to a folder", str(start))
    return Path(chosen) if chosen else None


def export_files(run_dir: Path, folder: Path) -> list[Path]:
    """`export_run`, imported only when asked for: it brings the database along."""
    from bench_gui.bench.records.export import export_run  # noqa: PLC0415

    return export_run(run_dir, folder)


def look_up_life(run_dir: Path, lane: str, slot: int, sequence: int) -> Lifeline:
    """`lifeline_of`, imported only when asked for: it brings the database along."""
    from bench_gui.bench.lifeline.lookup import lifeline_of  # noqa: PLC0415

    return lifeline_of(run_dir, lane, slot, sequence)


def look_up_harm(run_dir: Path, fault_id: int) -> FaultEvents:
    """`events_of_fault`, imported only when asked for."""
    from bench_gui.bench.lifeline.lookup import events_of_fault  # noqa: PLC0415

    return events_of_fault(run_dir, fault_id)


ReadSummary = Callable[[Path], list[SummaryRow]]


def read_summary(run_dir: Path) -> list[SummaryRow]:
    """What a run came to, lane by lane."""
    from bench_gui.bench.records.stored_run import StoredRun  # noqa: PLC0415

    with closing(StoredRun(run_dir)) as run:
        return run.summary()


@dataclass(frozen=True, slots=True)
class Tools:
    """Fields:
    choose_folder: asks where to export to, starting at a folder; None when the user cancels.
    export: writes the files of a run's directory to a folder. Raises EnvironmentProblem.
    life_of: the life of event (slot, sequence) in a lane of a run. Raises EnvironmentProblem.
    harm_of: the events that a fault harmed. Raises EnvironmentProblem.
    summary_of: one row a lane of a run that is complete. Raises EnvironmentProblem.
    measuring: what measure mode needs.
    settings_to_open, settings_to_save: ask for a settings file, starting at a place.
    """

    choose_folder: Callable[[QWidget, Path], Path | None] = ask_for_folder
    export: Callable[[Path, Path], list[Path]] = export_files
    life_of: Callable[[Path, str, int, int], Lifeline] = look_up_life
    harm_of: Callable[[Path, int], FaultEvents] = look_up_harm
    summary_of: ReadSummary = read_summary
    measuring: MeasureTools = field(default_factory=MeasureTools)
    settings_to_open: Ask = ask_what_to_open
    settings_to_save: Ask = ask_where_to_save
