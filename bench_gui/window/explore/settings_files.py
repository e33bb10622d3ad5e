"""Settings in files: opened, saved and dropped on the window; the command line's own format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.settings import RunSettings, SettingsError
from bench_gui.bench.settings_file import load_settings, save_settings
from bench_gui.window.background import Background

SUFFIX = ".toml"
FILTER = f"Settings (*{SUFFIX});;All files (*)"
SUGGESTED = f"delivery-bench{SUFFIX}"
READ_MS = 2000


def ask_what_to_open(parent: QWidget, start: Path) -> Path | None:
    """A settings file that there is, None when the user thinks better of it."""
    chosen, _ = QFileDialog.getOpenFileName(parent, "Open settings", str(start), FILTER)
    return Path(chosen) if chosen else None


def ask_where_to_save(parent: QWidget, start: Path) -> Path | None:
    """Where to; the dialog asks before it replaces a file."""
    chosen, _ = QFileDialog.getSaveFileName(parent, "Save settings", str(start), FILTER)
    return Path(chosen) if chosen else None


Ask = Callable[[QWidget, Path], Path | None]


class SettingsFiles(QObject):
    """Reads and writes away from the window's thread.

    Args:
        fill: fills settings in, which are then one step of this name.
        settings: those filled in now, None when something is wrong.
        say, complain: one sentence.
        ask_open, ask_save: for the file, starting at a place.
    """

    def __init__(
        self,
        parent: QWidget,
        fill: Callable[[RunSettings, str], None],
        settings: Callable[[], RunSettings | None],
        say: Callable[[str], None],
        complain: Callable[[str], None],
        ask_open: Ask = ask_what_to_open,
        ask_save: Ask = ask_where_to_save,
    ) -> None:
        super().__init__(parent)
        self._parent = parent
        self._fill = fill
        self._settings = settings
        self._say = say
        self._complain = complain
        self._ask_open = ask_open
        self._ask_save = ask_save
        self._folder = Path.home()
        self._background = Background(self)

    def ask_and_open(self) -> None:
        """Asks which, and fills it in."""
        path = self._ask_open(self._parent, self._folder)
        if path is not None:
            self.open(path)

    def open(self, path: Path) -> None:
        """Fills in what the file says, or says why not and changes nothing."""
        self._folder = path.parent

        def done(settings: object) -> None:
            if isinstance(settings, RunSettings):
                self._fill(settings, f"the file {path.name}")
                self._say(f"The settings of {path} are filled in")

        self._background.run(lambda: _read(path), done, self._complain)

    def ask_and_save(self) -> None:
        """Asks where to, and writes every setting there."""
        settings = self._settings()
        if settings is None:
            return
        path = self._ask_save(self._parent, self._folder / SUGGESTED)
        if path is None:
            return
        path = path if path.suffix else path.with_suffix(SUFFIX)
        self._folder = path.parent
        self._background.run(
            lambda: save_settings(path, settings),
            lambda _: self._say(f"The settings are saved to {path}"),
            self._complain,
        )

    def close(self) -> None:
        """What is being written is finished."""
        self._background.wait(READ_MS)


def _read(path: Path) -> RunSettings:
    """Raises EnvironmentProblem with one sentence, whatever is wrong."""
    try:
        return load_settings(path)
    except SettingsError as problem:
        raise EnvironmentProblem(f"{path.name} is not opened: {problem}") from problem
