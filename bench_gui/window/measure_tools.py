"""What measuring needs from outside the window, for a test to put its own in. Light to import."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtWidgets import QFileDialog, QWidget

if TYPE_CHECKING:
    from bench_gui.bench.measure.figures import MeasureResult
    from bench_gui.bench.measure.settings import MeasureSettings
    from bench_gui.bench.measure.snapshot import MeasureSnapshot


class MeasureClient(Protocol):
    """A measurement in a process of its own. Nothing but `close` may take its time."""

    @property
    def running(self) -> bool:
        """Whether a measurement is going on."""
        ...

    @property
    def failure(self) -> str | None:
        """One sentence when its process ended without a word."""
        ...

    def start(self, settings: MeasureSettings, directory: Path, *, command_line: str = "") -> None:
        """Begins one in an empty directory. Raises RuntimeError if one is going on."""
        ...

    def poll(self) -> list[MeasureSnapshot]:
        """What is new since the last call, oldest first."""
        ...

    def stop(self) -> None:
        """Ends the run that is going on, which is not counted; what is done is kept."""
        ...

    def close(self) -> None:
        """As stop, then ends the process."""
        ...


def new_client() -> MeasureClient:
    """The real one, imported only when asked for: it brings the database along."""
    from bench_gui.bench.measure import client  # noqa: PLC0415

    return client.MeasureClient()


def read_result(directory: Path) -> MeasureResult:
    """`read_measurement`, imported only when asked for."""
    from bench_gui.bench.measure.records import read_measurement  # noqa: PLC0415

    return read_measurement(directory)


def export_files(directory: Path, folder: Path, theme: str) -> list[Path]:
    """`export_measurement`, imported only when asked for."""
    from bench_gui.measure_export import export_measurement  # noqa: PLC0415

    return export_measurement(directory, folder, theme)


def ask_for_folder(parent: QWidget, title: str, start: Path) -> Path | None:
    """The folder that the user names, None when they think better of it."""
    chosen = QFileDialog.getExistingDirectory(parent, title, str(start))
    return Path(chosen) if chosen else None


@dataclass(frozen=True, slots=True)
class MeasureTools:
    """Fields:
    client: makes the one that measures.
    read: the measurement in a directory, as far as it came. Raises EnvironmentProblem.
    export: writes the tables and the drawing of a directory to a folder, in the theme of that
        name. Raises EnvironmentProblem.
    choose_folder: asks for one under a title, starting at another; None when the user cancels.
    """

    client: Callable[[], MeasureClient] = new_client
    read: Callable[[Path], MeasureResult] = read_result
    export: Callable[[Path, Path, str], list[Path]] = export_files
    choose_folder: Callable[[QWidget, str, Path], Path | None] = ask_for_folder
