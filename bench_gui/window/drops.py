"""Files dropped on the window: what each is, and who opens it."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from bench_gui.bench.records.run_tables import RUN_DB
from bench_gui.opening import SUFFIX, is_script


class Dropped(Enum):
    """What a file or a directory is."""

    SETTINGS = auto()
    SCRIPT = auto()
    RUN = auto()


def kind_of(path: Path) -> Dropped | None:
    """By its name and by what is in it; None for what nobody opens.

    A file that is too large or no TOML counts as settings: whoever opens it says what is wrong.
    """
    if path.name == RUN_DB or (path / RUN_DB).is_file():
        return Dropped.RUN
    if path.suffix.lower() != SUFFIX or not path.is_file():
        return None
    return Dropped.SCRIPT if is_script(path) else Dropped.SETTINGS


class Drops(QObject):
    """Takes what somebody opens, dropped anywhere on a window; the rest is not accepted."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._openers: dict[Dropped, Callable[[Path], object]] = {}
        self._dragged: tuple[Path | None, Dropped | None] = (None, None)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def opens(self, kind: Dropped, opener: Callable[[Path], object]) -> None:
        """Who opens what is of this kind."""
        self._openers[kind] = opener

    def _opener(self, path: Path | None, *, entered: bool) -> Callable[[Path], object] | None:
        """A file is looked at when it is dragged in, not again at every movement."""
        if entered or path != self._dragged[0]:
            self._dragged = path, kind_of(path) if path is not None else None
        kind = self._dragged[1]
        return self._openers.get(kind) if kind is not None else None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """One file or directory of this machine at a time."""
        if isinstance(event, QDropEvent):
            path = _path(event)
            opener = self._opener(path, entered=event.type() == QEvent.Type.DragEnter)
            if path is not None and opener is not None:
                event.acceptProposedAction()
                if event.type() == QEvent.Type.Drop:
                    opener(path)
                return True
        return super().eventFilter(watched, event)


def _path(event: QDropEvent) -> Path | None:
    urls = event.mimeData().urls()
    return Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None
