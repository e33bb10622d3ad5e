"""Exports: asks what is wanted, makes it in the background, says what was written.

What draws is imported when it is first asked for: a window opens sooner without it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, QStandardPaths, Signal
from PySide6.QtWidgets import QWidget

from bench_gui.bench.numbers import many
from bench_gui.bench.progress import Progress
from bench_gui.bench.scenario import scenarios
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import FaultReport
from bench_gui.palette import LIGHT, Theme
from bench_gui.window.background import Background, Task
from bench_gui.window.command_table import Command
from bench_gui.window.export.choice import Choice, What
from bench_gui.window.export.fault_book import FaultBook
from bench_gui.window.session import Phase, Session
from bench_gui.window.tools import Stretch, Tools

STORED_FOLDER = "export/folder"
WHOLE_MARGIN_S = 0.05
"""A visible range that leaves out less than this at either end is the whole run."""


class Exporter(QObject):
    """One export at a time.

    Args:
        visible_range: from when until when the charts show, seconds since the run's start.

    Signals:
        changed: `busy` is another.
    began: a Task.
        told: one sentence for the status line. failed: one that must not be missed.
    """

    changed = Signal()
    began = Signal(Task)
    told = Signal(str)
    failed = Signal(str)

    def __init__(
        self,
        parent: QWidget,
        session: Session,
        tools: Tools,
        store: QSettings,
        visible_range: Callable[[], Stretch],
    ) -> None:
        super().__init__(parent)
        self._parent = parent
        self._session = session
        self._visible_range = visible_range
        self._tools = tools
        self._store = store
        self._theme = LIGHT
        self._choice = Choice()
        self._faults = FaultBook()
        self._background = Background(self)
        self._task: Task | None = None
        session.advanced.connect(self._take)
        session.rewound.connect(self._faults.clear)

    def acts(self) -> dict[Command, Callable[[], None]]:
        """What each command does."""
        return {
            Command.EXPORT: self.ask,
            Command.EXPORT_VIEW: lambda: self.export(self._with_folder(Choice(What.VIEW))),
            Command.REPORT: lambda: self.export(self._with_folder(Choice(What.REPORT))),
        }

    @property
    def busy(self) -> bool:
        """Whether something is being written."""
        return self._task is not None

    def set_theme(self, theme: Theme) -> None:
        """That of the screen."""
        self._theme = theme

    def close(self) -> None:
        """What is being written is given up."""
        self._background.cancel()
        self._background.wait(5000)

    def ask(self) -> None:
        """Opens the dialog and returns at once."""
        from bench_gui.window.export.dialog import ExportDialog, Offer  # noqa: PLC0415

        session = self._session
        offer = Offer(tuple(session.model.lanes), self._ended, self._visible_words())
        dialog = ExportDialog(
            self._parent, offer, self._with_folder(self._choice), self._tools.choose_folder
        )
        dialog.wanted.connect(self._remember)
        dialog.wanted.connect(self.export)
        dialog.open()

    def export(self, choice: Choice) -> None:
        """Makes it in the background."""
        session = self._session
        if self.busy or session.model.latest is None:
            return
        path = choice.path(session.run_id)
        work = self._work(choice, path)
        if work is None:
            return
        self._task = self._background.start(
            f"Exporting {choice.what.value}",
            work,
            lambda paths: self.told.emit(_written(paths, choice, path)),
            self.failed.emit,
        )
        self._task.ended.connect(self._on_ended)
        self._task.cancelled.connect(lambda: self.told.emit("The export was cancelled"))
        self.began.emit(self._task)
        self.changed.emit()

    def _work(self, choice: Choice, path: Path) -> Callable[[Progress], object] | None:
        run_dir, tools = self._session.run_dir, self._tools
        stretch = self._visible() if choice.visible else None
        if choice.what.picture:
            return self._drawing(choice, path, stretch)
        if run_dir is None:
            return None
        if choice.what is What.REPORT:
            return lambda progress: tools.report(run_dir, path, progress)
        return lambda progress: tools.export(run_dir, path, stretch, progress)

    def _drawing(
        self, choice: Choice, path: Path, stretch: Stretch | None
    ) -> Callable[[Progress], object] | None:
        """Of what is on the screen now, however long it takes."""
        from bench_gui.window.export.on_screen import picture_on_screen  # noqa: PLC0415
        from bench_gui.window.export.writing import write_picture  # noqa: PLC0415

        session, theme = self._session, self._theme
        if session.settings is None:
            return None
        picture = picture_on_screen(
            session.model,
            session.settings,
            self._faults,
            scenario=scenario_title(session.settings),
            badge=session.label,
            stretch=stretch,
        )
        if picture is None:
            return None
        return lambda progress: write_picture(picture, choice, theme, path, progress)

    # what is known

    @property
    def _ended(self) -> bool:
        return self._session.phase in {Phase.ENDED, Phase.PLAYING}

    def _visible(self) -> Stretch | None:
        """From when until when the charts show; None when that is all there is."""
        now_s = self._session.model.last_sample_s()
        from_s, to_s = self._visible_range()
        if from_s <= WHOLE_MARGIN_S and to_s >= now_s - WHOLE_MARGIN_S:
            return None
        return max(from_s, 0.0), min(to_s, now_s)

    def _visible_words(self) -> str:
        stretch = self._visible()
        return "" if stretch is None else f"{stretch[0]:.1f} to {stretch[1]:.1f} s"

    def _take(self, faults: list[FaultReport]) -> None:
        self._faults.take(self._session.run_id, faults)

    def _with_folder(self, choice: Choice) -> Choice:
        kept = self._store.value(STORED_FOLDER, "")
        return replace(choice, folder=Path(str(kept)) if kept else _documents())

    def _remember(self, choice: Choice) -> None:
        self._choice = choice
        self._store.setValue(STORED_FOLDER, str(choice.folder))

    def _on_ended(self) -> None:
        self._task = None
        self.changed.emit()


def scenario_title(settings: RunSettings) -> str:
    """Of the scenario whose settings these are, whatever the seed; "" for none."""
    for scenario in scenarios():
        if replace(scenario.settings(), seed=settings.seed) == settings:
            return scenario.title
    return ""


def _documents() -> Path:
    """Where a user looks for what a program wrote."""
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(place) if place else Path.home()


def _written(paths: object, choice: Choice, path: Path) -> str:
    count = len(paths) if isinstance(paths, list) else 1
    if choice.what is not What.TABLES:
        return f"Written: {path}"
    return f"{many(count, 'file')} written to {path}"
