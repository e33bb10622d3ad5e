"""The bar above a run that was opened: that it is one, how far it is, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QSlider

from bench_gui.bench.recording.about import About
from bench_gui.window.command_table import Command
from bench_gui.window.commands import Commands
from bench_gui.window.replay.labels import told_of
from bench_gui.window.widgets import ActionButton, ElidedLabel, text_label

TICKS_A_SECOND = 10
SIGN = "\N{BLACK RIGHT-POINTING TRIANGLE}"
BUTTONS = (Command.PLAY_BACK, Command.SLOWER, Command.FASTER, Command.CLOSE_PLAY_BACK)


class PlayBackBar(QFrame):
    """Hidden while no recorded run is open.

    Signals:
        sought: the user asks for a moment, seconds since the sources' start.
    """

    sought = Signal(float)

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self.setObjectName("play-back-bar")
        self._start_s = self._end_s = 0.0
        self._opening = False
        self._badge = text_label("", "play-back-badge")
        self._badge.setObjectName("play-back-badge")
        self._told = ElidedLabel("", "play-back-told")
        self._told.setObjectName("play-back-told")
        self._clock = text_label("", "play-back-clock")
        self._clock.setObjectName("play-back-clock")
        self.slider = self._slider()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 4, 8, 4)
        layout.setSpacing(6)
        layout.addWidget(self._badge)
        layout.addWidget(self._told, 2)
        layout.addWidget(self.slider, 3)
        layout.addWidget(self._clock)
        for button in (ActionButton(commands[one], small=True) for one in BUTTONS):
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            layout.addWidget(button)
        self.hide()

    def _slider(self) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setObjectName("play-back-slider")
        slider.setAccessibleName("Moment of the run")
        slider.setToolTip("Go to another moment of the run.")
        slider.setTracking(False)  # the run is sought once, where it is let go
        slider.setSingleStep(TICKS_A_SECOND)
        slider.setPageStep(5 * TICKS_A_SECOND)
        slider.valueChanged.connect(lambda tick: self.sought.emit(self._seconds(tick)))
        slider.sliderMoved.connect(lambda tick: self._show_clock(self._seconds(tick)))
        return slider

    def show_run(self, about: About, start_s: float, end_s: float) -> None:
        """Another run, from its first frame to its last, seconds."""
        self._start_s, self._end_s = start_s, end_s
        self._told.setText(f"{told_of(about)}   run {about.run_id}   seed {about.settings.seed}")
        self._told.setToolTip(self._told.text())
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(1, round((end_s - start_s) * TICKS_A_SECOND)))
        self.slider.blockSignals(False)
        self.show()

    def show_opening(self, name: str | None) -> None:
        """Which recording is being opened; None once none is."""
        self._opening = name is not None
        for part in (self.slider, self._clock):
            part.setVisible(not self._opening)
        if name is not None:
            self._badge.setText(f"{SIGN} OPENING")
            self._told.setText(f"reading the recording of {name} ...   Esc cancels")
            self._told.setToolTip(self._told.text())
            self.show()

    def show_moment(self, label: str, position_s: float) -> None:
        """Where it stands, and the badge; not while another recording is being opened."""
        if self._opening:
            return
        self._badge.setText(f"{SIGN} {label}")
        if not self.slider.isSliderDown():
            self.slider.blockSignals(True)
            self.slider.setValue(round((position_s - self._start_s) * TICKS_A_SECOND))
            self.slider.blockSignals(False)
            self._show_clock(position_s)

    def _show_clock(self, position_s: float) -> None:
        self._clock.setText(f"{max(position_s, 0.0):.1f} of {self._end_s:.1f} s")

    def _seconds(self, tick: int) -> float:
        return self._start_s + tick / TICKS_A_SECOND
