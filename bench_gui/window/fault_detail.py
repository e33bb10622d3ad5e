"""The pane beside the list: the chosen fault, all of it, and what it caused."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout

from bench_gui.bench.snapshot import AnomalyRange, FaultReport
from bench_gui.window.fault_facts import html_of, title_of
from bench_gui.window.fault_kinds import kind_of
from bench_gui.window.fault_signs import sign_icon
from bench_gui.window.glyphs import Glyph
from bench_gui.window.palette import LIGHT, Theme
from bench_gui.window.widgets import ElidedLabel, text_label
from workers.lanes import lane_of

WIDTH_PX = 345
SIGN_PX = 13


class FaultDetail(QFrame):
    """Shows one fault; out of sight while there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("fault-detail")
        self.setProperty("part", "card")
        self._theme = LIGHT
        self._fault: FaultReport | None = None
        self._ranges: Sequence[AnomalyRange] | None = None
        self._sign = QLabel()
        self._glyph = Glyph("at-most-once")
        self._title = text_label("", "fault-title")
        self._title.setObjectName("fault-detail-title")
        self._lane = ElidedLabel("", "view-about")
        self._text = QLabel()
        self._text.setObjectName("fault-detail-text")
        self._text.setTextFormat(Qt.TextFormat.RichText)
        self._text.setWordWrap(True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._text.setAccessibleName("What the chosen fault did")
        self._compose()
        self.hide()

    def _compose(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(6)
        for widget in (self._sign, self._title, self._glyph):
            top.addWidget(widget)
        top.addWidget(self._lane, 1)
        area = QScrollArea()
        area.setWidget(self._text)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        area.setAccessibleName("What the chosen fault did")
        self._text.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        area.viewport().setAutoFillBackground(False)
        self._text.setAutoFillBackground(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(9, 4, 4, 4)
        layout.setSpacing(3)
        layout.addLayout(top)
        layout.addWidget(area, 1)

    def sizeHint(self) -> QSize:  # noqa: N802
        """The splitter's first guess."""
        return QSize(WIDTH_PX, 80)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """No higher than the list beside it."""
        return QSize(200, 40)

    def show_fault(
        self, fault: FaultReport | None, ranges: Sequence[AnomalyRange] | None = None
    ) -> None:
        """Another fault, or more of the same.

        Args:
            ranges: the events that it harmed; None while that is being looked up.
        """
        self._fault, self._ranges = fault, ranges
        self.setVisible(fault is not None)
        if fault is None:
            return
        lane = lane_of(fault.lane)
        self._title.setText(title_of(fault))
        self._lane.setText(lane.name)
        self._lane.setToolTip(lane.name)
        self._glyph.show_lane(fault.lane, self._theme.lane(fault.lane))
        icon = sign_icon(kind_of(fault).sign, self._theme.text)
        self._sign.setPixmap(icon.pixmap(QSize(SIGN_PX, SIGN_PX)))
        self._sign.setToolTip(f"{fault.kind}: {kind_of(fault).help}")
        self._text.setText(html_of(fault, ranges, self._theme.muted))

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self._theme = theme
        self.show_fault(self._fault, self._ranges)
