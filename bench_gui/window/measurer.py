"""Measure mode beside the main window: its window is made when it is first asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QWidget

from bench_gui.bench.options import to_texts
from bench_gui.window.measure_tools import MeasureTools
from bench_gui.window.palette import LIGHT, Theme
from bench_gui.window.session import Session
from bench_gui.window.settings_panel import SettingsPanel
from workers.lanes import LANES

if TYPE_CHECKING:
    from bench_gui.window.measure_window import MeasureWindow


class Measurer(QObject):
    """Passes between the two windows: one's settings, and whether either makes processes work.

    Signals:
        changed: `active` is another.
        told: one sentence for the status line of the main window.
    """

    changed = Signal()
    told = Signal(str)

    def __init__(
        self,
        parent: QWidget,
        panel: SettingsPanel,
        run: Session,
        root: Path,
        tools: MeasureTools,
        store: QSettings,
    ) -> None:
        """`root`: where measurements are kept. `store`: where what is filled in persists."""
        super().__init__(parent)
        self._parent = parent
        self._panel = panel
        self._run = run
        self._root = root
        self._tools = tools
        self._store = store
        self._theme = LIGHT
        self._window: MeasureWindow | None = None
        self._lanes: tuple[tuple[str, ...], tuple[str, ...]] | None = None
        panel.changed.connect(self._show_settings)
        run.phase_changed.connect(self._show_phase)

    @property
    def active(self) -> bool:
        """Whether a measurement is going on."""
        return self._window is not None and self._window.session.active

    @property
    def window(self) -> MeasureWindow:
        """Where measurements are asked for and shown."""
        if self._window is None:
            self._window = self._made()
            self._show_settings()
            self._show_phase()
            self._window.set_theme(self._theme)
        return self._window

    def _made(self) -> MeasureWindow:
        from bench_gui.window.measure_session import MeasureSession  # noqa: PLC0415
        from bench_gui.window.measure_stored import load_texts  # noqa: PLC0415
        from bench_gui.window.measure_window import MeasureWindow  # noqa: PLC0415

        session = MeasureSession(self, self._root, self._tools)
        session.activity.connect(self.changed)
        window = MeasureWindow(self._parent, session, self._tools)
        window.noted.connect(self.told)
        window.form.show_texts(load_texts(self._store))
        return window

    def open(self) -> None:
        """Shows the window; its lanes are the main window's until others are chosen."""
        window = self.window
        if not self.active:
            self._show_lanes(window)
        window.show()
        window.raise_()
        window.activateWindow()

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self._theme = theme
        if self._window is not None:
            self._window.set_theme(theme)

    def close(self) -> None:
        """Ends a measurement that is going on; what is done is kept."""
        if self._window is not None:
            from bench_gui.window.measure_stored import save_texts  # noqa: PLC0415

            self._window.close()
            self._window.session.close()
            save_texts(self._store, self._window.form.texts())

    def _show_lanes(self, window: MeasureWindow) -> None:
        """Those of the main window, unless they are as they were: others chosen since then stay."""
        listed = (*(lane.slug for lane in LANES), *self._panel.lanes.own)
        lanes = (listed, tuple(self._panel.lanes.chosen()))
        if lanes != self._lanes:
            self._lanes = lanes
            window.form.show_lanes(*lanes)

    def _show_settings(self) -> None:
        if self._window is not None:
            settings = self._panel.reading.settings
            texts = self._panel.texts() if settings is None else to_texts(settings)
            self._window.form.show_run(texts, settings)

    def _show_phase(self) -> None:
        if self._window is not None:
            self._window.show_run_going_on(self._run.phase.active)
