"""The line beneath the views: whether the display follows the run, and the whole run."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy

from bench_gui.window.command_table import Command
from bench_gui.window.commands import Commands
from bench_gui.window.palette import Theme
from bench_gui.window.scales import moment_label
from bench_gui.window.timeline.strip import TimeTrack
from bench_gui.window.timeline.timeline import Run
from bench_gui.window.widgets import ActionButton, ElidedLabel, restyle

LONGEST = "HELD at 10:00.0, live is at 10:00.0"
"""The state has room for this, so that what is beside it stands still."""
STATE_EDGES_PX = 14


class TimeBar(QFrame):
    """State, buttons and track.

    Fields:
        track: the whole run. state: what the display shows, in words.
    """

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self.setObjectName("time-bar")
        self.state = ElidedLabel("", "time-state")
        self.state.setObjectName("time-state")
        self.state.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.track = TimeTrack()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 2, 8, 2)
        layout.setSpacing(5)
        layout.addWidget(self.state)
        for command in (Command.HOLD, Command.LIVE, Command.BOOKMARK):
            button = ActionButton(commands[command], small=True)
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            layout.addWidget(button)
        layout.addWidget(self.track, 1)

    def set_theme(self, theme: Theme) -> None:
        """Other colours, and perhaps type of another size."""
        self._make_room()
        self.track.set_theme(theme)

    def show_state(self, run: Run | None, held_s: float | None, *, playing: bool) -> None:
        """What the display shows; None for no run."""
        text = state_text(run, held_s, playing=playing)
        if text != self.state.text():
            self.state.setText(text)
            self.state.setToolTip(text)
        restyle(self.state, "held", held_s is not None)
        self._make_room()

    def _make_room(self) -> None:
        font = QFont(self.state.font())
        font.setWeight(QFont.Weight.DemiBold)
        self.state.setFixedWidth(QFontMetrics(font).horizontalAdvance(LONGEST) + STATE_EDGES_PX)


def state_text(run: Run | None, held_s: float | None, *, playing: bool) -> str:
    """Where the display is, and where the run is."""
    if run is None:
        return ""
    now = moment_label(run.now_s)
    if held_s is not None:
        held = f"HELD at {moment_label(held_s)}"
        return f"{held} of {now}" if run.ended else f"{held}, live is at {now}"
    if run.ended:
        return f"Ended at {now}"
    return f"Playing back, at {now}" if playing else f"Live, at {now}"
