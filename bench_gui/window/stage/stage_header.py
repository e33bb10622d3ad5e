"""One slim line above everything while presenting: scenario, lane in focus, state, clock, seed."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from bench_gui.bench.snapshot import RunSnapshot
from bench_gui.bench.units import format_duration_s
from bench_gui.window.widgets import ElidedLabel, text_label

NO_SCENARIO = "Delivery Bench"
RECORDED = "\N{BLACK RIGHT-POINTING TRIANGLE} recorded, "
DOT = " \N{MIDDLE DOT} "


def header_of(title: str | None, place: str) -> str:
    """The talk's title, and where one is in it."""
    return DOT.join(part for part in (title or NO_SCENARIO, place) if part)


def clock_of(t_s: float, duration_s: float) -> str:
    """ "12.3 s of 30s"."""
    return f"{max(t_s, 0.0):.1f} s of {format_duration_s(duration_s)}"


class StageHeader(QFrame):
    """Hidden unless presenting."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("stage-header")
        self._title = ElidedLabel("", "stage-title")
        self._title.setObjectName("stage-title")
        self._focus = _named("stage-focus")
        self._state = _named("stage-state")
        self._clock = _named("stage-clock")
        self._seed = _named("stage-seed")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 4, 14, 4)
        layout.setSpacing(22)
        layout.addWidget(self._title, 1)
        for label in (self._focus, self._state, self._clock, self._seed):
            layout.addWidget(label)
        self.hide()

    def show_scenario(self, title: str | None, place: str) -> None:
        """Which talk it is; None for no scenario."""
        self._title.setText(header_of(title, place))

    def show_focus(self, name: str) -> None:
        """The lane that faults by hand hit."""
        self._focus.setText(f"\N{BULLSEYE} {name}")

    def show_state(self, word: str) -> None:
        """Where the run stands."""
        self._state.setText(word.upper())

    def show_seed(self, seed: int) -> None:
        """What fixes events and faults."""
        self._seed.setText(f"seed {seed}")

    def show_run(
        self, snapshot: RunSnapshot | None, duration_s: float, *, recorded: bool = False
    ) -> None:
        """The run now; None before there is one.

        Args:
            recorded: it is a play-back, and is called so.
        """
        if snapshot is None:
            self.show_state("ready")
            self._clock.setText("")
            return
        self.show_state(f"{RECORDED if recorded else ''}{snapshot.state.value}")
        self.show_seed(snapshot.seed)
        self._clock.setText(clock_of(snapshot.t_s, duration_s))


def _named(name: str) -> QLabel:
    label = text_label("", "stage-fact")
    label.setObjectName(name)
    return label
