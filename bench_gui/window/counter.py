"""A giant counter of one anomaly: calm at zero, expected where allowed, loud where forbidden."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from bench_gui.window.palette import LIGHT, Theme, blended
from bench_gui.window.widgets import TYPE_CHANGES, NumberLabel, restyle, text_label


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
    (Tone.EXPECTED, True): "\N{CHECK MARK} as allowed",
    (Tone.FORBIDDEN, False): "\N{MULTIPLICATION X} BROKEN",
}
"""What stands beneath the number, by tone and whether the lane allows it."""


NARROW_TAGS = {
    "must stay 0": "must be 0",
    "\N{CHECK MARK} as allowed": "\N{CHECK MARK} allowed",
    "\N{MULTIPLICATION X} BROKEN": "BROKEN",
}
BRIEFEST = {"DUPLIC.": "DUP.", "must be 0": "only 0", "\N{CHECK MARK} allowed": "\N{CHECK MARK}"}
"""Of narrow words, where type is so large that not even these have room."""
MARGINS = (5, 2, 3, 2)
NARROW_MARGINS = (3, 2, 0, 2)
EDGE_PX = 1
NARROW_SIGNS = 4
"""Where there is little room, numbers of so many signs are as large as it allows."""
GIANT_SIGNS = 3
"""The same where a counter is to be read from far away: longer numbers are smaller."""
MEANINGS = {
    Tone.CALM: "",
    Tone.EXPECTED: "This lane allows it: expected, and no error of the lane.",
    Tone.FORBIDDEN: "This lane forbids it: its promise is broken.",
}


class Counter(QFrame):
    """Caption, tag and number.

    Args:
        name: object name of the number, such as "lost-at-most-once".
        caption: what is counted. brief: the same where there is little room.
        who: the lane's name, for a screen reader.
        allowed: whether the lane allows it.
        help: the tooltip.
    """

    def __init__(
        self, name: str, caption: str, brief: str, who: str, *, allowed: bool, help_: str
    ) -> None:
        super().__init__()
        self._allowed = allowed
        self._captions = {False: caption, True: brief}
        self._narrow = self._giant = False
        self._help = help_
        self._inks: dict[Tone, str] = dict.fromkeys(Tone, LIGHT.text)
        self.setProperty("part", "counter")
        self._number = NumberLabel()
        self._number.setObjectName(name)
        self._number.setAccessibleName(f"{caption.lower()}, {who}")
        self._caption = text_label(caption, "counter-caption")
        self._tag = text_label("", "counter-tag")
        self._layout = QVBoxLayout(self)
        self._lay_out()
        self._tone = Tone.CALM
        self._show_tone(Tone.CALM)
        self.show_count(None)

    def _lay_out(self) -> None:
        self._layout.setContentsMargins(*MARGINS)
        self._layout.setSpacing(0)
        self._layout.addWidget(self._caption)
        self._layout.addWidget(self._number, 1)
        self._layout.addWidget(self._tag)

    def set_narrow(self, narrow: bool) -> None:
        """Whether there is little room."""
        self._narrow = narrow
        restyle(self, "narrow", narrow)
        self._layout.setContentsMargins(*(NARROW_MARGINS if narrow else MARGINS))
        self._show_size()
        self._show_words()

    def set_giant(self, giant: bool) -> None:
        """Whether it is to be read from far away."""
        self._giant = giant
        self._show_size()

    def _show_size(self) -> None:
        usual = NARROW_SIGNS if self._narrow else NumberLabel.SIGNS_AT_FULL_SIZE
        self._number.signs_at_full_size = GIANT_SIGNS if self._giant else usual
        self._number.update()

    def set_theme(self, theme: Theme, colour: str) -> None:
        """Other colours; `colour` is the lane's, which an expected count wears."""
        self._inks = {
            Tone.CALM: blended(theme.muted, theme.card, 0.75),
            Tone.EXPECTED: colour,
            Tone.FORBIDDEN: theme.on_alarm,
        }
        self._number.set_ink(self._inks[self._tone])

    def show_count(self, count: int | None) -> None:
        """The count, exact; None before there is one."""
        self._number.setText("\N{EN DASH}" if count is None else f"{count:,}")
        tone = tone_of(count or 0, self._allowed)
        if tone is not self._tone:
            self._show_tone(tone)

    def _show_tone(self, tone: Tone) -> None:
        self._tone = tone
        self._show_words()
        self._number.set_ink(self._inks[tone])
        restyle(self, "tone", tone.value)
        self.setToolTip("<br>".join(filter(None, (self._help, MEANINGS[tone]))))

    def _show_words(self) -> None:
        """As many as there is room for."""
        tag = TAGS[self._tone, self._allowed]
        self._fit(self._caption, self._captions[False], self._captions[True])
        self._fit(self._tag, tag, NARROW_TAGS.get(tag, tag))

    def _fit(self, label: QLabel, usual: str, narrow: str) -> None:
        margins = self._layout.contentsMargins()
        room = self.width() - margins.left() - margins.right() - 2 * EDGE_PX
        forms = [*([] if self._narrow else [usual]), narrow, BRIEFEST.get(narrow, narrow)]
        fitting = (one for one in forms if label.fontMetrics().horizontalAdvance(one) <= room)
        label.setText(next(fitting, forms[-1]))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """More or less room for words."""
        super().resizeEvent(event)
        self._show_words()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Type of another size."""
        super().changeEvent(event)
        if event.type() in TYPE_CHANGES and hasattr(self, "_tone"):
            self._show_words()
