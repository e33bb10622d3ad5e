"""The story of a scenario across the window: what happens, what to watch for, or the beat now.

It is as low as it can be while a run goes on: the lanes need the room.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from bench_gui.bench.scenario import Scenario
from bench_gui.window.command_table import Command
from bench_gui.window.commands import Commands
from bench_gui.window.stage.walk import Walk
from bench_gui.window.widgets import ActionButton, ElidedLabel, restyle, text_label

AS_TOLD = "\N{CHECK MARK} seen as told"
BEGIN = "PageDown begins"
THE_END = "the end"
BUTTONS = (
    Command.PREVIOUS_BEAT,
    Command.NEXT_BEAT,
    Command.UNDO_SETTINGS,
    Command.STORY,
)
OF_BEATS = (Command.PREVIOUS_BEAT, Command.NEXT_BEAT)


class StoryPanel(QFrame):
    """Title and line; beneath them the story and what to watch for, or one line, or the beat.

    Fields:
        scenario: the one on the screen, None before one was chosen.
    """

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self.setObjectName("story")
        self.scenario: Scenario | None = None
        self._short = self._presenting = self._on_beat = False
        self._coming = self._told = ""
        self._title = text_label("", "story-title")
        self._title.setObjectName("story-title")
        self._place = text_label("", "story-place")
        self._place.setObjectName("story-place")
        self._line = ElidedLabel("", "muted")
        self._line.setObjectName("story-line")
        self._outcome = text_label("", "story-outcome")
        self._outcome.setObjectName("story-outcome")
        self._outcome.hide()
        self._beat = _paragraphs("story-beat", "beat-text")
        self._next = ElidedLabel("", "beat-next")
        self._next.setObjectName("story-next")
        self._brief = ElidedLabel("", "story-text")
        self._brief.setObjectName("story-watch-brief")
        self._story = _paragraphs("story-text", "story-text")
        self._watch = _paragraphs("story-watch", "story-text")
        self._buttons: dict[Command, ActionButton] = {}
        self._head = self._headline(commands)
        self._full = self._columns()
        layout = self._layout = QVBoxLayout(self)
        for part in (self._head, self._beat, self._next, self._brief, self._full):
            layout.addWidget(part)
        self._fit()
        self.hide()

    def _headline(self, commands: Commands) -> QWidget:
        head = QWidget()
        line = QHBoxLayout(head)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(10)
        line.addWidget(self._title)
        line.addWidget(self._place)
        line.addWidget(self._line, 1)
        line.addWidget(self._outcome)
        for command in BUTTONS:
            button = ActionButton(commands[command], small=True)
            button.setObjectName(f"story-{command.value}-button")
            button.setSizePolicy(self._title.sizePolicy())
            line.addWidget(button)
            self._buttons[command] = button
        return head

    def _columns(self) -> QWidget:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(26)
        grid.addWidget(_column(text_label("WHAT HAPPENS", "section"), self._story), 0, 0)
        self._watching = _column(text_label("WATCH FOR", "section"), self._watch)
        grid.addWidget(self._watching, 0, 1)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        return box

    def tell(self, scenario: Scenario) -> None:
        """Another scenario, in full."""
        self.scenario = scenario
        self._title.setText(scenario.title)
        self._story.setText("\n".join(scenario.story) or scenario.line)
        self._watch.setText("\n".join(f"\N{BULLET} {one}" for one in scenario.watch_for))
        self._watching.setVisible(bool(scenario.watch_for))
        self._brief.setText("   ".join(f"\N{BULLET} {one}" for one in scenario.watch_for))
        self._brief.setToolTip("<br>".join(scenario.watch_for))
        for command in OF_BEATS:
            self._buttons[command].setVisible(bool(scenario.beats))
        self.show_outcome(None)
        self._short = False
        self.show_beat(Walk(scenario.beats))
        self.show()

    def forget(self) -> None:
        """There is no scenario any more."""
        self.scenario = None
        self.hide()

    def shorten(self, short: bool) -> None:
        """Whether only what to watch for is shown: the lanes need the room."""
        self._short = short
        self._fit()

    def present(self, presenting: bool) -> None:
        """Whether it is for an audience: the beat alone, large."""
        self._presenting = presenting
        restyle(self._beat, "presenting", presenting)
        restyle(self._next, "presenting", presenting)
        self._fit()

    def show_beat(self, walk: Walk) -> None:
        """Where one is among the beats."""
        scenario = self.scenario
        if scenario is None:
            return
        self._place.setText(walk.place if walk.beats else "")
        coming = walk.following.text if walk.following is not None else ""
        if walk.beat is not None:
            self._beat.setText(walk.beat.text)
            next_ = f"next: {coming}" if coming else THE_END
        else:
            self._beat.setText(scenario.line)
            next_ = f"{BEGIN}: {coming}" if coming else ""
        self._coming = next_
        self._show_next()
        self._line.setText(next_ if walk.beat is not None else scenario.line)
        self._line.setToolTip(self._line.text())
        self._on_beat = walk.beat is not None
        self._fit()

    def _fit(self) -> None:
        """What is shown, and with how much air."""
        beat = self._on_beat or self._presenting
        self._head.setVisible(not self._presenting)
        self._beat.setVisible(beat)
        self._next.setVisible(self._presenting)
        self._brief.setVisible(self._short and not beat)
        self._full.setVisible(not self._short and not beat)
        low = self._short or beat
        self._layout.setContentsMargins(14, 5 if low else 8, 10, 6 if low else 10)
        self._layout.setSpacing(3 if low else 6)

    def show_outcome(self, problems: Sequence[str] | None) -> None:
        """Whether the run showed what the story tells; None while that is not known."""
        self._outcome.setVisible(problems is not None)
        if problems is None:
            self._told = ""
            self._show_next()
            return
        restyle(self._outcome, "astold", not problems)
        told = f"\N{MULTIPLICATION X} {len(problems)} not as told"
        self._outcome.setText(told if problems else AS_TOLD)
        self._outcome.setToolTip("<br>".join(problems) or "Everything that the scenario expects.")
        self._told = self._outcome.text()
        self._show_next()

    def _show_next(self) -> None:
        """What comes next, and whether all was seen as told: there is no headline on stage."""
        self._next.setText("   ".join(part for part in (self._told, self._coming) if part))


def _paragraphs(name: str, part: str) -> QLabel:
    label = text_label("", part)
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignTop)
    flags = Qt.TextInteractionFlag
    label.setTextInteractionFlags(flags.TextSelectableByMouse | flags.TextSelectableByKeyboard)
    return label


def _column(title: QLabel, text: QLabel) -> QWidget:
    box = QWidget()
    layout = QVBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(2)
    layout.addWidget(title)
    layout.addWidget(text, 1)
    return box
