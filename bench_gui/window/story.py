"""The story of a scenario across the window: what happens and why, and what to watch for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from bench_gui.bench.scenario import Scenario
from bench_gui.window.command_table import Command
from bench_gui.window.commands import Commands
from bench_gui.window.widgets import ActionButton, ElidedLabel, restyle, text_label

AS_TOLD = "\N{CHECK MARK} seen as told"


class StoryPanel(QFrame):
    """Title and line; beneath them the story and what to watch for; while it runs only the latter.

    Fields:
        scenario: the one on the screen, None before one was chosen.
    """

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self.setObjectName("story")
        self.scenario: Scenario | None = None
        self._title = text_label("", "story-title")
        self._title.setObjectName("story-title")
        self._line = ElidedLabel("", "muted")
        self._line.setObjectName("story-line")
        self._outcome = text_label("", "story-outcome")
        self._outcome.setObjectName("story-outcome")
        self._outcome.hide()
        self._story = _paragraphs("story-text")
        self._watch = _paragraphs("story-watch")
        self._story_part = _column(text_label("WHAT HAPPENS", "section"), self._story)
        self._watch_title = text_label("WATCH FOR", "section")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 8, 10, 10)
        layout.setSpacing(6)
        layout.addLayout(self._headline(commands))
        layout.addLayout(self._columns())
        self.hide()

    def _headline(self, commands: Commands) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(self._title)
        line.addWidget(self._line, 1)
        line.addWidget(self._outcome)
        for command in (Command.START, Command.UNDO_SETTINGS, Command.STORY):
            button = ActionButton(commands[command], small=True)
            button.setObjectName(f"story-{command.value}-button")
            button.setSizePolicy(self._title.sizePolicy())
            line.addWidget(button)
        return line

    def _columns(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(26)
        grid.addWidget(self._story_part, 0, 0)
        grid.addWidget(_column(self._watch_title, self._watch), 0, 1)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        self._grid = grid
        return grid

    def tell(self, scenario: Scenario) -> None:
        """Another scenario, in full."""
        self.scenario = scenario
        self._title.setText(scenario.title)
        self._line.setText(scenario.line)
        self._line.setToolTip(scenario.line)
        self._story.setText("\n".join(scenario.story))
        self._watch.setText("\n".join(f"\N{BULLET} {one}" for one in scenario.watch_for))
        self.show_outcome(None)
        self.shorten(False)
        self.show()

    def forget(self) -> None:
        """There is no scenario any more."""
        self.scenario = None
        self.hide()

    def shorten(self, short: bool) -> None:
        """Whether only what to watch for is shown: the lanes need the room."""
        self._story_part.setVisible(not short)
        self._watch_title.setVisible(not short)
        self._grid.setColumnStretch(0, 0 if short else 3)
        self._grid.setHorizontalSpacing(0 if short else 26)

    def show_outcome(self, problems: Sequence[str] | None) -> None:
        """Whether the run showed what the story tells; None while that is not known."""
        self._outcome.setVisible(problems is not None)
        if problems is None:
            return
        restyle(self._outcome, "astold", not problems)
        told = f"\N{MULTIPLICATION X} {len(problems)} not as told"
        self._outcome.setText(told if problems else AS_TOLD)
        self._outcome.setToolTip("<br>".join(problems) or "Everything that the scenario expects.")


def _paragraphs(name: str) -> QLabel:
    label = text_label("", "story-text")
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
