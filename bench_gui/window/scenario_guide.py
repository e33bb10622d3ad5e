"""Scenarios: a menu of them; choosing one fills its settings in and tells its story."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow

from bench_gui.bench.scenario import Scenario, scenarios, unmet
from bench_gui.bench.settings import RunSettings
from bench_gui.window.availability import GOING_ON
from bench_gui.window.session import Phase, Session
from bench_gui.window.settings_panel import SettingsPanel
from bench_gui.window.stage.walk import Walk
from bench_gui.window.story import StoryPanel
from bench_gui.window.tools import ReadSummary

KEYED = 9
"""The first scenarios have a key each, Ctrl and their number."""


class ScenarioGuide(QObject):
    """Knows which scenario was chosen and what was filled in before.

    Fields:
        actions: one a scenario, for the menu.
        walk: where one is in its beats.

    Signals:
        changed: another scenario, or none.
        put_away: the story was hidden: what is on the screen now is not its run.
        told_anew: the same scenario says something else; with what it was before.
    """

    changed = Signal()
    told_anew = Signal(object)
    put_away = Signal()

    def __init__(
        self,
        window: QMainWindow,
        panel: SettingsPanel,
        story: StoryPanel,
        session: Session,
        read_summary: ReadSummary,
    ) -> None:
        super().__init__(window)
        self._panel = panel
        self._story = story
        self._session = session
        self._read_summary = read_summary
        self._texts_before: dict[str, str] | None = None
        self._ran: Scenario | None = None
        self._late = False
        self._walks: dict[str, Walk] = {}
        self.walk = Walk()
        self.actions = [self._action(window, n, one) for n, one in enumerate(scenarios(), start=1)]

    def _action(self, window: QMainWindow, number: int, scenario: Scenario) -> QAction:
        action = QAction(f"&{number}  {scenario.title}" if number <= KEYED else scenario.title)
        action.setParent(window)
        action.setObjectName(f"scenario-{scenario.slug}")
        if number <= KEYED:
            action.setShortcut(QKeySequence(f"Ctrl+{number}"))
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setAutoRepeat(False)
        action.triggered.connect(lambda: self.choose(scenario))
        window.addAction(action)
        _say(action, scenario, "")
        return action

    @property
    def told(self) -> bool:
        """Whether there is a story to show."""
        return self._story.scenario is not None

    @property
    def scenario(self) -> Scenario | None:
        """The one that was chosen."""
        return self._story.scenario

    def choose(self, scenario: Scenario) -> None:
        """Fills its settings in, and tells its story."""
        if self._texts_before is None:
            self._texts_before = self._panel.texts()
        self._leave()
        self._session.clear()
        self.walk = Walk(scenario.beats)
        self._story.tell(scenario)  # first, so that the settings' change is known to be its
        self._panel.show_settings(scenario.settings())
        self.changed.emit()

    def _leave(self) -> None:
        """The place in the beats is kept, for when the scenario comes back."""
        self._late = False
        if self.scenario is not None:
            self._walks[self.scenario.slug] = self.walk

    def tell_anew(self, scenario: Scenario) -> None:
        """The same scenario after it was written anew; one stays at the beat where one is."""
        before = self.scenario
        self.walk.replace(scenario.beats)
        shown = self._story.isVisible()
        self._story.tell(scenario)
        self._story.setVisible(shown)
        self._story.shorten(self._session.phase.active)
        self.show_beat()
        self.told_anew.emit(before)  # first, so that only the settings are a step of their own
        self._late = self._session.phase.active
        if not self._late:
            self._panel.show_settings(scenario.settings_at(self.walk.at))

    def show_beat(self) -> None:
        """The beat that one is at, also when the story was hidden."""
        self._story.show_beat(self.walk)
        self._story.show()

    def recall(self, scenario: Scenario | None) -> None:
        """The story that goes with settings that come back, or none; the settings are not its."""
        if scenario == self.scenario:
            return
        self._leave()
        if scenario is None:
            self._texts_before = None
            self.walk = Walk()
            self._story.forget()
        else:
            self._texts_before = self._texts_before or self._panel.texts()
            left = self._walks.get(scenario.slug)
            same = left is not None and left.beats == scenario.beats
            self.walk = left if left is not None and same else Walk(scenario.beats)
            self._story.tell(scenario)
            self._story.show_beat(self.walk)
        self.changed.emit()

    def show_story(self, shown: bool) -> None:
        """Shows or hides the story, in full when asked for."""
        self._story.setVisible(shown and self.told)
        if shown and not self._session.phase.active:
            self._story.shorten(False)

    def settings_to_keep(self) -> RunSettings | None:
        """What to fill in at the next start: the user's own, not a scenario's."""
        if self._texts_before is None:
            return self._panel.reading.settings
        return self._panel.read(self._texts_before)

    def begin_anew(self) -> bool:
        """After the last beat, with its settings: the same story from before its first beat.

        Returns whether it was so.
        """
        scenario, walk = self.scenario, self.walk
        over = scenario is not None and bool(walk.beats) and walk.following is None
        if scenario is None or not over or not walk.finished or self._session.phase.active:
            return False
        if self._panel.reading.settings != scenario.settings_at(walk.at):
            return False
        self.choose(scenario)
        return True

    def begin(self, settings: RunSettings) -> None:
        """A run starts: the story makes room, and is held to what it tells if it is what runs.

        The story of another run is put away.
        """
        scenario = self._story.scenario
        runs_it = scenario is not None and settings in {
            scenario.settings(),
            scenario.settings_at(self.walk.at),
        }
        self._ran = scenario if runs_it else None
        if scenario is not None and not self._is_of(scenario, settings):
            self._story.hide()
            self.put_away.emit()
        self._story.show_outcome(None)
        self._story.shorten(True)

    def _is_of(self, scenario: Scenario, settings: RunSettings) -> bool:
        """Whether a run is the scenario's, at any beat, or what was made of it in the fields."""
        told = map(scenario.settings_at, range(-1, len(scenario.beats)))
        return settings == self._panel.reading.settings or settings in told

    def follow(self, phase: Phase, complete: bool) -> None:
        """The run goes on, or has ended."""
        for action, scenario in zip(self.actions, scenarios(), strict=True):
            action.setEnabled(not phase.active)
            _say(action, scenario, GOING_ON if phase.active else "")
        self._fill_in_late(phase)
        ran, self._ran = (self._ran, None) if phase is Phase.ENDED else (None, self._ran)
        told_whole = self.walk.at < 0 or self.walk.finished
        if ran is not None and ran.expectations and complete and told_whole:
            self._session.look_up(self._read_summary, self._held_to(ran), lambda _: None)

    def _fill_in_late(self, phase: Phase) -> None:
        """What was written anew during the run is filled in when it is over."""
        if self._late and not phase.active and self.scenario is not None:
            self._late = False
            self._panel.show_settings(self.scenario.settings_at(self.walk.at))

    def _held_to(self, ran: Scenario) -> Callable[[object], None]:
        def show(rows: object) -> None:
            if isinstance(rows, list) and self._story.scenario is ran:
                self._story.show_outcome(unmet(ran.expectations, rows))

        return show


def _say(action: QAction, scenario: Scenario, reason: str) -> None:
    key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    why = f"<br><i>Not now: {reason}</i>" if reason else ""
    action.setToolTip(f"<b>{key}</b>&nbsp; {scenario.line}{why}")
