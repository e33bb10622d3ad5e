"""A giant counter of one anomaly: calm at zero, expected where allowed, loud where forbidden."""

from __future__ import annotations

from enum import Enum

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from bench_gui.window.widgets import NumberLabel, restyle, text_label


class Tone(Enum):
    """How a count is to be read. The value is what the stylesheet looks at."""

    CALM = "calm"
    EXPECTED = "expected"
    FORBIDDEN = "forbidden"


def tone_of(count: int, allowed: bool) -> Tone:
    """Zero is calm whatever the lane promises."""
    if count == 0:
        return Tone.CALM
    return Tone.EXPECTED if allowed else Tone.FORBIDDEN


TAGS = {
    (Tone.CALM, True): "allowed",
    (Tone.CALM, False): "must stay 0",
    (Tone.EXPECTED, True): "allowed, expected",
    (Tone.FORBIDDEN, False): "\N{MULTIPLICATION X} forbidden",
}
"""What stands beside the caption, by tone and whether the lane allows it."""


class Counter(QFrame):
    """Caption, tag and number.

    Args:
        name: object name of the number, such as "lost-at-most-once".
        caption: what is counted.
        allowed: whether the lane allows it.
        help: the tooltip.
    """

    def __init__(self, name: str, caption: str, *, allowed: bool, help_: str) -> None:
        super().__init__()
        self._allowed = allowed
        self._colour = ""
        self.setProperty("part", "counter")
        self.setToolTip(help_)
        self._number = NumberLabel()
        self._number.setObjectName(name)
        self._number.setAccessibleName(caption)
        self._tag = text_label("", "counter-tag")
        self._lay_out(caption)
        self.show_count(None)

    def _lay_out(self, caption: str) -> None:
        head = QHBoxLayout()
        head.setSpacing(5)
        head.addWidget(text_label(caption, "counter-caption"))
        head.addWidget(self._tag)
        head.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(5, 2, 3, 1)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self._number, 1)

    def set_colour(self, colour: str) -> None:
        """The lane's colour, which an expected count wears."""
        self._colour = colour
        self._paint_number()

    def show_count(self, count: int | None) -> None:
        """The count, exact; None before there is one."""
        self._number.show_number("\N{EN DASH}" if count is None else f"{count:,}")
        tone = tone_of(count or 0, self._allowed)
        self._tag.setText(TAGS[tone, self._allowed])
        if self.property("tone") != tone.value:
            restyle(self, "tone", tone.value)
            self._paint_number()

    def _paint_number(self) -> None:
        expected = self.property("tone") == Tone.EXPECTED.value
        self._number.setStyleSheet(f"color: {self._colour};" if expected else "")
