"""A few more numbers of a lane, side by side or, with little room, beneath each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from bench_gui.bench.snapshot import LaneSnapshot
from bench_gui.window.scales import duration_ns_label
from bench_gui.window.widgets import text_label
from workers.lanes import Lane

NOTHING_YET = "\N{EN DASH}"
RIGHT = Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True, slots=True)
class Fact:
    """One number: its name, its caption, what it is, and how it is read from a snapshot."""

    name: str
    caption: str
    help: str
    read: Callable[[LaneSnapshot], str]


IN_FLIGHT = Fact(
    "in-flight",
    "in flight",
    "No effect yet, and not lost: something can still deliver them.",
    lambda lane: f"{lane.counts.in_flight:,}",
)
SUPPRESSED = Fact(
    "suppressed",
    "suppressed",
    "Delivered again, and refused by the idempotent sink.",
    lambda lane: f"{lane.counts.suppressed:,}",
)
BLOCKED = Fact(
    "blocked",
    "blocked",
    "For how long prepared transactions stood in doubt, in all; the longest is in the tooltip. "
    "Meanwhile their rows and offsets are locked.",
    lambda lane: duration_ns_label(lane.blocked_ms * 1e6) if lane.blocked_ms else "0",
)
DELIVERED = Fact(
    "delivered",
    "delivered",
    "Distinct events with at least one effect.",
    lambda lane: f"{lane.counts.delivered_unique:,}",
)


def facts_of(lane: Lane) -> tuple[Fact, ...]:
    """What is worth telling of a lane: two-phase commit suppresses nothing, but it blocks."""
    return (IN_FLIGHT, BLOCKED if lane.consumer.two_phase else SUPPRESSED, DELIVERED)


class LaneFacts(QWidget):
    """Captions and numbers."""

    def __init__(self, lane: Lane) -> None:
        super().__init__()
        self._facts = {fact.name: fact for fact in facts_of(lane)}
        self._captions = {fact.name: _caption(fact) for fact in self._facts.values()}
        self._labels = {fact.name: _label(lane, fact) for fact in self._facts.values()}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(11, 2, 8, 4)
        self._grid.setVerticalSpacing(0)
        self._grid.setHorizontalSpacing(4)
        self.set_narrow(False)

    def set_narrow(self, narrow: bool) -> None:
        """Whether there is little room."""
        for number, name in enumerate(self._facts):
            caption, label = self._captions[name], self._labels[name]
            if narrow:
                self._grid.addWidget(caption, number, 0)
                self._grid.addWidget(label, number, 1, RIGHT)
            else:
                self._grid.addWidget(caption, 0, number)
                self._grid.addWidget(label, 1, number)
            self._grid.setColumnStretch(number, 0 if narrow and number else 1)

    def clear(self) -> None:
        """As before the first run."""
        for label in self._labels.values():
            label.setText(NOTHING_YET)

    def show_numbers(self, lane: LaneSnapshot) -> None:
        """The lane now."""
        for name, fact in self._facts.items():
            self._labels[name].setText(fact.read(lane))
        if BLOCKED.name in self._labels:
            longest = duration_ns_label(lane.blocked_max_ms * 1e6)
            self._labels[BLOCKED.name].setToolTip(f"{BLOCKED.help}<br>The longest: {longest}.")


def _caption(fact: Fact) -> QLabel:
    label = text_label(fact.caption, "counter-tag")
    label.setToolTip(fact.help)
    return label


def _label(lane: Lane, fact: Fact) -> QLabel:
    label = text_label(NOTHING_YET, "fact")
    label.setObjectName(f"{fact.name}-{lane.slug}")
    label.setAccessibleName(f"{fact.caption}, {lane.name}")
    label.setToolTip(fact.help)
    return label
