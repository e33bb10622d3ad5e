"""A run that is dropped on the window is opened."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from bench_gui.bench.records.run_tables import RUN_DB


class RunDrop(QObject):
    """Takes what looks like a run and leaves everything else to others.

    Signals:
        dropped: what was dropped: a directory, or a run.db.
    """

    dropped = Signal(Path)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Drags and drops alone."""
        if isinstance(event, QDragEnterEvent | QDragMoveEvent | QDropEvent):
            path = run_in(event.mimeData())
            if path is not None:
                event.acceptProposedAction()
                if event.type() == QEvent.Type.Drop:
                    self.dropped.emit(path)
                return True
        return super().eventFilter(watched, event)


def run_in(data: QMimeData) -> Path | None:
    """The one path among the data, if it may be a run."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    if len(paths) != 1:
        return None
    path = paths[0]
    return path if path.is_dir() or path.name == RUN_DB else None
