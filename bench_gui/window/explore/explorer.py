"""Puts the parts for exploring together: undo, presets, settings files, help, decide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QSettings
from PySide6.QtWidgets import QWidget

from bench_gui.bench.settings import RunSettings
from bench_gui.window.availability import GOING_ON, MEASURING
from bench_gui.window.command_table import Command
from bench_gui.window.commands import Acts, Commands
from bench_gui.window.explore.decider import Decider
from bench_gui.window.explore.presets_menu import PresetsMenu
from bench_gui.window.explore.settings_files import SettingsFiles
from bench_gui.window.explore.settings_help import SettingsHelp
from bench_gui.window.explore.undoing import Undoing
from bench_gui.window.measurer import Measurer
from bench_gui.window.palette import Theme
from bench_gui.window.scenario_guide import ScenarioGuide
from bench_gui.window.session import Session
from bench_gui.window.settings_panel import SettingsPanel
from bench_gui.window.tools import Tools

DECIDE_KEY = "D"


class Explorer(QObject):
    """What the main window makes one of.

    Args:
        run: starts a run with these settings; whether it did.
        say, complain: one sentence. tell: to an audience, by a key; whether there is one.

    Fields:
        undoing, presets, files, decider: the parts.
    """

    def __init__(
        self,
        window: QWidget,
        commands: Commands,
        panel: SettingsPanel,
        guide: ScenarioGuide,
        session: Session,
        measurer: Measurer,
        store: QSettings,
        tools: Tools,
        *,
        run: Callable[[RunSettings], bool],
        say: Callable[[str], None],
        complain: Callable[[str], None],
        tell: Callable[[str, str], bool],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._panel = panel
        self._guide = guide
        self._session = session
        self._measurer = measurer
        self._run = run
        self._complain = complain
        self._help: SettingsHelp | None = None
        self.undoing = Undoing(commands, panel, guide)
        self.presets = PresetsMenu(window, store, self.fill, self._settings, say, complain)
        self.files = SettingsFiles(
            window, self.fill, self._settings, say, complain,
            tools.settings_to_open, tools.settings_to_save,
        )  # fmt: skip
        self.decider = Decider(
            window, commands, session, store,
            run=run, settings=self._settings, compare=self._compare, refusal=self._refusal, say=say,
            tell=lambda words: tell(DECIDE_KEY, words),
        )  # fmt: skip
        session.phase_changed.connect(lambda: self.presets.allow(not session.phase.active))

    def acts(self) -> Acts:
        """What the commands do."""
        return {
            **self.undoing.acts(),
            Command.DECIDE: self.decider.open,
            Command.DEFAULTS: lambda: self.fill(RunSettings(), "the default settings"),
            Command.OPEN_SETTINGS: self.files.ask_and_open,
            Command.SAVE_SETTINGS: self.files.ask_and_save,
            Command.EXPLAIN_SETTINGS: self.explain,
        }

    def fill(self, settings: RunSettings, title: str) -> None:
        """Fills every setting in, as one step; a scenario's story no longer fits."""
        if self._session.phase.active:
            self._complain(f"The settings are not filled in: {GOING_ON}.")
            return
        with self.undoing.one_step(title):
            self._guide.recall(None)
            self._panel.show_settings(settings)

    def explain(self) -> None:
        """The field that has the focus, or the setting that was read last."""
        self.help.show_setting(self._panel.focused())

    @property
    def help(self) -> SettingsHelp:
        """The settings explained; made when it is first asked for."""
        if self._help is None:
            self._help = SettingsHelp(self._window, self._panel.texts)
        return self._help

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self.decider.set_theme(theme)

    def close(self) -> None:
        """With the window."""
        self.decider.close()
        self.files.close()

    def _settings(self) -> RunSettings | None:
        return self._panel.reading.settings

    def _refusal(self) -> str:
        if self._session.phase.active:
            return GOING_ON
        return MEASURING if self._measurer.active else ""

    def _compare(self, slugs: tuple[str, ...]) -> None:
        settings = replace(self._settings() or RunSettings(), lanes=slugs, kill_at=())
        self.fill(settings, "the candidates")
        self._run(settings)
