"""Steps through a scenario's beats: does what a beat does, as the keys would. Knows no beat's text.

What cannot be done now is said in one sentence, and tried again before the talk goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from bench_gui.bench.beats import EVERY_LANE, Beat, Deed, Verb
from bench_gui.bench.options import from_texts
from bench_gui.bench.settings import SettingsError
from bench_gui.bench.snapshot import RunState
from bench_gui.window.availability import GOING_ON
from bench_gui.window.command_table import Command
from bench_gui.window.commands import Commands
from bench_gui.window.scenario_guide import ScenarioGuide
from bench_gui.window.session import Phase, Session
from bench_gui.window.settings_panel import SettingsPanel
from bench_gui.window.stage.focus import LaneFocus
from bench_gui.window.stage.outcome import deed_in_words
from workers.lanes import Role

LAST = "That was the last beat; Ctrl and a number choose a scenario, which begins anew."
FIRST = "This is the first beat."

BY_COMMAND: dict[tuple[Verb, Role | None], Command] = {
    (Verb.START, None): Command.START,
    (Verb.STOP, None): Command.STOP,
    (Verb.CUT_OFF, None): Command.ABORT,
    (Verb.KILL, Role.PRODUCER): Command.KILL_PRODUCER,
    (Verb.KILL, Role.CONSUMER): Command.KILL_CONSUMER,
    (Verb.PAUSE, Role.PRODUCER): Command.PAUSE_PRODUCER,
    (Verb.PAUSE, Role.CONSUMER): Command.PAUSE_CONSUMER,
    (Verb.TAKE_DOWN, Role.PRODUCER): Command.DOWN_PRODUCERS,
    (Verb.TAKE_DOWN, Role.CONSUMER): Command.DOWN_CONSUMERS,
    (Verb.KILL_AT_WORST, None): Command.KILL_AT_WORST,
    (Verb.LOSE_ACK, None): Command.LOSE_ACK,
    (Verb.HOLD, None): Command.HOLD,
    (Verb.LIVE, None): Command.LIVE,
}
"""The command that does the same."""

Said = tuple[str, str]
"""What is told of a beat: in full, and in brief."""

PATIENCE_S = 3.0
"""A lane that has delivered nothing for so long is hit all the same."""

HITS = frozenset(
    {Verb.KILL, Verb.PAUSE, Verb.TAKE_DOWN, Verb.KILL_AT, Verb.KILL_AT_WORST, Verb.LOSE_ACK}
)
"""What needs a process to hit."""


class Director(QObject):
    """Goes through the beats of the scenario that was chosen.

    Args:
        say: shows a sentence, and the same in brief for those who watch.
        quietly: whether the commands that are given now are a beat's and no key's.

    Fields:
        acting: whether it gives a command just now.

    Signals:
        shown: another beat is on the screen, or none.
    """

    shown = Signal()

    def __init__(
        self,
        guide: ScenarioGuide,
        panel: SettingsPanel,
        commands: Commands,
        session: Session,
        focus: LaneFocus,
        say: Callable[[str, str], None],
        quietly: Callable[[bool], None],
    ) -> None:
        super().__init__(guide)
        self._guide = guide
        self._panel = panel
        self._commands = commands
        self._session = session
        self._focus = focus
        self._say = say
        self._quietly = quietly
        self.acting = False
        self._waiting: list[tuple[Deed, str | None]] = []
        guide.changed.connect(self._waiting.clear)
        session.advanced.connect(self._do_what_waits)
        session.phase_changed.connect(self._mind_the_end)
        guide.changed.connect(self.shown)
        guide.told_anew.connect(self.shown)

    def acts(self) -> dict[Command, Callable[[], None]]:
        """What each command does."""
        return {Command.NEXT_BEAT: self.go_on, Command.PREVIOUS_BEAT: self.go_back}

    @property
    def beat(self) -> Beat | None:
        """The one on the screen."""
        return self._guide.walk.beat

    def go_on(self) -> None:
        """The next beat, which is done; first what was refused of the one shown."""
        walk = self._guide.walk
        again = self._try() if walk.undone is not None else None
        if again is not None and walk.undone is None:  # now it was done; its text is to be told
            self._say(*again)
            return
        if walk.following is None:
            self._say(*(again or (LAST, LAST)))
            return
        said = self._try() if walk.go_on() else self._pass()
        self._say(*(map(". ".join, zip(again, said, strict=True)) if again else said))
        self._guide.show_beat()
        self.shown.emit()

    def _pass(self) -> Said:
        """The beat shown was done before."""
        self._catch_up()
        place = self._guide.walk.place.capitalize()
        return place, place

    def _try(self) -> Said:
        """Does what is left of the beat shown. Returns what was done, or what could not be."""
        walk = self._guide.walk
        beat = walk.undone
        if beat is None:
            return self._pass()
        self._catch_up()
        left, problems = self._do(beat)
        walk.did(left)
        done = problems or [deed_in_words(deed) for deed in beat.deeds]
        place = walk.place.capitalize()
        return _after(place, done), _after(place, problems)

    def _catch_up(self) -> None:
        """A talk that goes on does not go on over a held moment, unless the beat says so."""
        beat, live = self._guide.walk.beat, self._commands[Command.LIVE]
        holds = beat is not None and any(deed.verb is Verb.HOLD for deed in beat.deeds)
        if not holds and self._commands[Command.HOLD].isChecked():
            self._give(live)

    def _give(self, action: QAction) -> None:
        """As its key would, without the words of a key."""
        self.acting = True
        self._quietly(True)
        action.trigger()
        self._quietly(False)
        self.acting = False

    def begin(self) -> None:
        """The first beat, if it is what starts the run."""
        first = self._guide.walk.following
        if first is not None and any(deed.verb is Verb.START for deed in first.deeds):
            self.go_on()

    def go_back(self) -> None:
        """The text of the beat before; what was done stays done."""
        if not self._guide.walk.go_back():
            self._say(FIRST, FIRST)
            return
        place = self._guide.walk.place.capitalize()
        self._say(place, place)
        self._guide.show_beat()
        self.shown.emit()

    def _do(self, beat: Beat) -> tuple[Beat | None, list[str]]:
        """Returns what is left to do, None for nothing, and why it was not done, a clause each."""
        wrong = self._change(beat) if beat.texts else ""
        if beat.lane is not None:
            self._focus.set(None if beat.lane == EVERY_LANE else beat.lane)
        tried = [(deed, self._perform(deed)) for deed in beat.deeds]
        problems = [problem for problem in (wrong, *(why for _, why in tried)) if problem]
        refused = tuple(deed for deed, why in tried if why)
        left = replace(beat, texts=beat.texts if wrong else (), deeds=refused)
        return left if problems else None, problems

    def _change(self, beat: Beat) -> str:
        """Fills the beat's settings in. Returns why not, empty when it was done."""
        if self._session.phase.active:
            return f"the settings stay as they are, {GOING_ON}"
        try:
            self._panel.show_settings(from_texts(dict(beat.texts), self._panel.reading.settings))
        except SettingsError as problem:
            return str(problem)
        return ""

    def _do_what_waits(self) -> None:
        """The processes have started: whom a fault is to hit is there."""
        if not self._waiting or self._starting:
            return
        waiting, self._waiting = self._waiting, []
        aim = self._focus.lane
        for deed, lane in waiting:
            self._focus.set(lane)
            self._perform(deed)
        self._focus.set(aim)

    def _mind_the_end(self) -> None:
        """Nobody is left to be hit."""
        if not self._session.phase.active:
            self._waiting.clear()

    @property
    def _starting(self) -> bool:
        """Whether a run was begun and its processes do not yet work."""
        latest = self._session.model.latest
        if self._session.phase is not Phase.RUNNING:
            return False
        if latest is None or latest.state is RunState.STARTING:
            return True
        idle = any(not lane.counts.delivered_unique for lane in latest.lanes.values())
        return idle and latest.t_s < PATIENCE_S

    def _perform(self, deed: Deed) -> str:
        """As by its key. Returns why not, empty when it was done or waits for the processes."""
        if self._starting and deed.verb in HITS:
            self._waiting.append((deed, self._focus.lane))
            return ""
        known = BY_COMMAND.get((deed.verb, deed.role))
        command = Command.KILL_AT_STEP if deed.failpoint is not None else known
        if command is None:
            return f'cannot "{deed_in_words(deed)}"'
        reason = self._commands.reason(command)
        if reason:
            return f'cannot "{deed_in_words(deed)}" now: {reason}'
        if deed.failpoint is not None:
            self._session.kill_at(deed.failpoint, self._focus.lane)
        elif not self._commands[command].isChecked():  # what is held already stays held
            self._give(self._commands[command])
        return ""


def _after(place: str, clauses: Sequence[str]) -> str:
    return f"{place}: {'; '.join(clauses)}" if clauses else place
