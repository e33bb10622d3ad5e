"""A lane's verdict: a shape and a word each, so that no one needs a colour to read it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from bench_gui.bench.snapshot import Verdict
from bench_gui.window.widgets import ElidedLabel, restyle, text_label

SIGNS = {
    Verdict.PENDING: "",
    Verdict.HOLDS: "\N{CHECK MARK} ",
    Verdict.BROKEN: "\N{MULTIPLICATION X} ",
    Verdict.NOT_TESTED: "? ",
}

MEANINGS = {
    Verdict.PENDING: "No verdict before the final count.",
    Verdict.HOLDS: "Nothing forbidden was seen, and at least one fault landed where it could hurt.",
    Verdict.BROKEN: "Something that this lane forbids was seen.",
    Verdict.NOT_TESTED: "No fault landed where it could hurt: this run proves nothing.",
}


SPACING_PX = 7
NARROW_SPACING_PX = 4
NOTHING = " "
"""As high as a word."""
FORBIDS = ", which this lane forbids"
"""What BROKEN says already."""
COULD_HURT = " could hurt"
UNATTRIBUTED = "unattributed"
"""In the last part of a reason when an event's cause is unknown, which is an error of the bench."""


class VerdictBadge(QWidget):
    """The verdict with its reason beside it as far as there is room."""

    def __init__(self, slug: str) -> None:
        super().__init__()
        self._badge: QLabel = text_label("", "verdict")
        self._badge.setIndent(0)
        self._badge.setObjectName(f"verdict-{slug}")
        self._reason = ElidedLabel("", "reason")
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(SPACING_PX)
        self._layout.addWidget(self._badge)
        self._layout.addWidget(self._reason, 1)
        self._narrow = False
        self._told = (Verdict.PENDING, "", 0)
        self.clear()

    def clear(self) -> None:
        """Nothing was started, so there is nothing to wait for."""
        self.show_verdict(Verdict.PENDING, "")
        self._badge.setText(NOTHING)
        self.setToolTip("Nothing was started yet.")

    def set_narrow(self, narrow: bool) -> None:
        """Whether there is little room: a verdict stands alone then, and the tooltip says why."""
        self._narrow = narrow
        restyle(self._badge, "narrow", narrow)
        self._layout.setSpacing(NARROW_SPACING_PX if narrow else SPACING_PX)
        self._reason.setText(self._short_reason())

    def _short_reason(self) -> str:
        shown = short_reason(*self._told)
        if not self._narrow or UNATTRIBUTED in shown:
            return shown
        return shown.removesuffix(COULD_HURT) if self._told[0] is Verdict.PENDING else ""

    def show_verdict(self, verdict: Verdict, reason: str, faults_in_window: int = 0) -> None:
        """Shows it; the tooltip has the whole reason."""
        word = "pending" if verdict is Verdict.PENDING else verdict.value
        restyle(self._badge, "verdict", verdict.name)
        self._badge.setText(SIGNS[verdict] + word)
        self._told = (verdict, reason, faults_in_window)
        self._reason.setText(self._short_reason())
        self.setToolTip(f"{MEANINGS[verdict]}<br>{reason}")


def short_reason(verdict: Verdict, reason: str, faults_in_window: int) -> str:
    """What tells one reason from another, first: there is room for a few words only."""
    if not reason or verdict in {Verdict.BROKEN, Verdict.NOT_TESTED} or UNATTRIBUTED in reason:
        shown = reason if UNATTRIBUTED not in reason else reason.rpartition("; ")[2]
        return shown.removesuffix(FORBIDS)
    return f"{faults_in_window} {'fault' if faults_in_window == 1 else 'faults'}{COULD_HURT}"
