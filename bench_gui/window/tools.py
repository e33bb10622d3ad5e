"""What the window needs from outside itself, for a test to put its own in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from bench_gui.bench.lifeline.model import FaultEvents, Lifeline
from bench_gui.bench.progress import Progress
from bench_gui.bench.recording.about import Film, RecentRun, RunView
from bench_gui.bench.records.results import SummaryRow
from bench_gui.window.explore.settings_files import Ask, ask_what_to_open, ask_where_to_save
from bench_gui.window.measure_tools import MeasureTools


def ask_for_folder(parent: QWidget, start: Path) -> Path | None:
    """The folder that the user names, None when they think better of it."""
    chosen = QFileDialog.getExistingDirectory(parent, "Export to a folder", str(start))
    return Path(chosen) if chosen else None


def ask_for_script(parent: QWidget, start: Path) -> Path | None:
    """The presenter's script that the user names, None when they think better of it."""
    chosen, _ = QFileDialog.getOpenFileName(
        parent, "Open a script", str(start), "Scripts (*.toml);;All files (*)"
    )
    return Path(chosen) if chosen else None


Stretch = tuple[float, float]
Export = Callable[[Path, Path, Stretch | None, Progress], list[Path]]


def export_files(
    run_dir: Path, folder: Path, stretch: Stretch | None, progress: Progress
) -> list[Path]:
    """`export_run`, imported only when asked for: it brings the database along."""
    from bench_gui.bench.records.export import WHOLE, export_run  # noqa: PLC0415

    return export_run(run_dir, folder, stretch or WHOLE, progress)


def write_page(run_dir: Path, path: Path, progress: Progress) -> list[Path]:
    """`write_report`, imported only when asked for."""
    from bench_gui.html_report import write_report  # noqa: PLC0415

    return [write_report(run_dir, path, progress)]


def look_up_life(run_dir: Path, lane: str, slot: int, sequence: int) -> Lifeline:
    """`lifeline_of`, imported only when asked for: it brings the database along."""
    from bench_gui.bench.lifeline.lookup import lifeline_of  # noqa: PLC0415

    return lifeline_of(run_dir, lane, slot, sequence)


def look_up_harm(run_dir: Path, fault_id: int) -> FaultEvents:
    """`events_of_fault`, imported only when asked for."""
    from bench_gui.bench.lifeline.lookup import events_of_fault  # noqa: PLC0415

    return events_of_fault(run_dir, fault_id)


def read_film(run_dir: Path) -> Film:
    """`open_film`, imported only when asked for: it brings the database along."""
    from bench_gui.bench.recording.film import open_film  # noqa: PLC0415

    return open_film(run_dir)


def read_run_view(run_dir: Path) -> RunView:
    """`read_view`, imported only when asked for: it brings the database along."""
    from bench_gui.bench.recording.view import read_view  # noqa: PLC0415

    return read_view(run_dir)


def read_recent_runs(run_dirs: Iterable[Path]) -> list[RecentRun]:
    """`read_recent`, imported only when asked for: it brings the database along."""
    from bench_gui.bench.recording.recent import read_recent  # noqa: PLC0415

    return read_recent(run_dirs)


def ask_for_run(parent: QWidget, start: Path) -> Path | None:
    """The directory of a run that the user names, None when they think better of it."""
    chosen = QFileDialog.getExistingDirectory(parent, "Open the directory of a run", str(start))
    return Path(chosen) if chosen else None


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
    export: writes the files of a run's directory to a folder, cut to a stretch of time or whole.
    report: writes the page of a run's directory. Both raise EnvironmentProblem, Cancelled.
    life_of: the life of event (slot, sequence) in a lane of a run. Raises EnvironmentProblem.
    harm_of: the events that a fault harmed. Raises EnvironmentProblem.
    summary_of: one row a lane of a run that is complete. Raises EnvironmentProblem.
    measuring: what measure mode needs.
    choose_run: asks for a run's directory, starting at a folder; None when the user cancels.
    open_film: the recording of a run. Raises EnvironmentProblem.
    choose_script: asks for a presenter's script, starting in a folder; None when cancelled.
    read_view: what a run came to. Raises EnvironmentProblem.
    read_recent: those of some directories that hold a run.
    settings_to_open, settings_to_save: ask for a settings file, starting at a place.
    """

    choose_folder: Callable[[QWidget, Path], Path | None] = ask_for_folder
    export: Export = export_files
    life_of: Callable[[Path, str, int, int], Lifeline] = look_up_life
    harm_of: Callable[[Path, int], FaultEvents] = look_up_harm
    summary_of: ReadSummary = read_summary
    measuring: MeasureTools = field(default_factory=MeasureTools)
    choose_run: Callable[[QWidget, Path], Path | None] = ask_for_run
    report: Callable[[Path, Path, Progress], list[Path]] = write_page
    open_film: Callable[[Path], Film] = read_film
    choose_script: Callable[[QWidget, Path], Path | None] = ask_for_script
    read_view: Callable[[Path], RunView] = read_run_view
    read_recent: Callable[[Iterable[Path]], list[RecentRun]] = read_recent_runs
    settings_to_open: Ask = ask_what_to_open
    settings_to_save: Ask = ask_where_to_save
