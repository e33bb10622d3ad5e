"""The panel at the left: the run's state, the controls, the settings."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
)

from bench_gui.bench.snapshot import RunSnapshot, RunState
from bench_gui.bench.units import format_duration_s
from bench_gui.window.command_table import Command
from bench_gui.window.commands import Commands
from bench_gui.window.fault_pad import FaultPad
from bench_gui.window.following_area import FollowingArea
from bench_gui.window.settings_panel import SettingsPanel
from bench_gui.window.widgets import TYPE_CHANGES, ActionButton, ShareLine, text_label, type_px

WIDTH_PX = 240


class Console(QFrame):
    """Controls that act on the run, above the settings of the next one."""

    def __init__(self, commands: Commands, panel: SettingsPanel, pad: FaultPad) -> None:
        super().__init__()
        self.setObjectName("console")
        self.mark = ""
        """What stands before the state, so that a recorded run is not taken for a live one."""
        self._state = text_label("READY", "state")
        self._state.setObjectName("run-state")
        self._clock = text_label("0.0 s", "clock")
        self._clock.setObjectName("run-clock")
        self._of = text_label("", "of")
        self._progress = ShareLine()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(6)
        layout.addLayout(self._headline(commands))
        layout.addWidget(self._progress)
        layout.addSpacing(3)
        layout.addLayout(_buttons(commands))
        layout.addWidget(ActionButton(commands[Command.MEASURE], small=True))
        layout.addWidget(pad)
        layout.addWidget(FollowingArea(panel), 1)
        self._fit_type()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """As wide as its type is large."""
        super().changeEvent(event)
        if event.type() in TYPE_CHANGES:
            self._fit_type()

    def _fit_type(self) -> None:
        self.setFixedWidth(type_px(self, WIDTH_PX))

    def _headline(self, commands: Commands) -> QVBoxLayout:
        line = QHBoxLayout()
        line.addWidget(self._clock, 0, Qt.AlignmentFlag.AlignBottom)
        line.addWidget(self._of, 0, Qt.AlignmentFlag.AlignBottom)
        line.addStretch()
        export = ActionButton(commands[Command.EXPORT], small=True, keyless=True)
        export.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        line.addWidget(export, 0, Qt.AlignmentFlag.AlignBottom)
        box = QVBoxLayout()
        box.setSpacing(0)
        box.addWidget(self._state)
        box.addLayout(line)
        return box

    def show_duration(self, duration_s: float) -> None:
        """How long the sources run, before and during a run."""
        self._of.setText(f"of {format_duration_s(duration_s)}")

    def show_state(self, word: str) -> None:
        """A state that no snapshot has told yet."""
        self._state.setText(f"{self.mark}{word}".upper())

    def show_run(self, snapshot: RunSnapshot, duration_s: float) -> None:
        """State and time."""
        self.show_state(snapshot.state.value)
        elapsed = max(snapshot.t_s, 0.0)
        self._clock.setText(f"{elapsed:.1f} s")
        done = snapshot.state not in {RunState.STARTING, RunState.RUNNING}
        self._progress.show_share(1.0 if done else min(elapsed / duration_s, 1.0))

    def reset(self) -> None:
        """At the start of a run."""
        self._clock.setText("0.0 s")
        self._progress.show_share(0.0)


def _buttons(commands: Commands) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(5)
    line.addWidget(ActionButton(commands[Command.START], main=True), 1)
    line.addWidget(ActionButton(commands[Command.STOP]), 1)
    return line
