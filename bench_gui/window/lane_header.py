"""A lane's name, what it does in one line, and its verdict."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bench_gui.window.badge import VerdictBadge
from bench_gui.window.glyphs import Glyph
from bench_gui.window.lane_names import title_and_addition
from bench_gui.window.widgets import ElidedLabel, restyle, text_label, type_px
from workers.lanes import Lane

RULE_LINE_PX = 14


class LaneHeader(QWidget):
    """Shape and name; addition and rule, or with little room the addition alone; the verdict."""

    def __init__(self, lane: Lane, badge: VerdictBadge) -> None:
        super().__init__()
        self._lane = lane
        self._badge = badge
        self._glyph = Glyph(lane.slug)
        self._rule = text_label(rule_html(lane), "lane-rule")
        self._rule.setTextFormat(Qt.TextFormat.RichText)
        self._rule.setWordWrap(True)
        self._rule.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._rule.setMinimumHeight(2 * RULE_LINE_PX)
        self._line = ElidedLabel(rule_text(lane), "lane-rule")
        self._narrow = self._low = False
        self._name = ElidedLabel("", "lane-name")
        self._addition = ElidedLabel("", "lane-addition")
        title = QHBoxLayout()
        title.setSpacing(7)
        title.addWidget(self._glyph)
        title.addWidget(self._name, 1)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(10, 8, 8, 2)
        self._layout.setSpacing(2)
        self._layout.addLayout(title)
        self._layout.addWidget(self._rule, 1)
        self._layout.addWidget(self._line)
        self._layout.addWidget(self._addition)
        self._layout.addWidget(badge)
        self.setToolTip(f"{lane.name}: {lane.rule}")
        self.setAccessibleName(lane.name)
        self.setObjectName(f"header-{lane.slug}")
        self.set_narrow(False)

    def set_colour(self, colour: str) -> None:
        """For another theme, and perhaps type of another size."""
        self._glyph.set_colour(colour)
        self._rule.setMinimumHeight(2 * type_px(self, RULE_LINE_PX))

    def set_narrow(self, narrow: bool) -> None:
        """Whether there is little room."""
        name, addition = title_and_addition(self._lane, narrow=narrow)
        self._name.setText(name)
        self._addition.setText(addition)
        self._badge.set_narrow(narrow)
        restyle(self._name, "narrow", narrow)
        self._narrow = narrow
        self._show_rule()
        self._layout.setContentsMargins(10, 8, 4 if narrow else 8, 2)

    def set_low(self, low: bool) -> None:
        """Whether there is little height: the rule in one line, the rest of it in the tooltip."""
        self._low = low
        self._show_rule()

    def _show_rule(self) -> None:
        self._rule.setVisible(not self._narrow and not self._low)
        self._line.setVisible(not self._narrow and self._low)
        self._addition.setVisible(self._narrow)


def rule_html(lane: Lane) -> str:
    """The addition to its name, and what it does."""
    _, addition = title_and_addition(lane)
    return f"<b>{addition}:</b> {lane.rule}" if addition else lane.rule


def rule_text(lane: Lane) -> str:
    """The same without markup."""
    _, addition = title_and_addition(lane)
    return f"{addition}: {lane.rule}" if addition else lane.rule
