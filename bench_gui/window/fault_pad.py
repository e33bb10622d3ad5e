"""Faults by hand: which lane they hit, and a button each."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QGridLayout, QSizePolicy, QWidget

from bench_gui.window.combo import Combo
from bench_gui.window.command_table import Command
from bench_gui.window.commands import Commands
from bench_gui.window.glyphs import glyph_icon
from bench_gui.window.palette import LIGHT, Theme
from bench_gui.window.widgets import ActionButton, text_label
from workers.lanes import lane_of

EVERY_LANE = "every lane"
AIM_KEY = "Alt+G"
AIM_HELP = "Which lane faults by hand hit: the same slot of every lane, or of one."
COLUMNS = (
    (
        "PRODUCERS",
        (
            Command.KILL_PRODUCER,
            Command.PAUSE_PRODUCER,
            Command.DOWN_PRODUCERS,
            Command.LOSE_ACK,
        ),
    ),
    (
        "CONSUMERS",
        (
            Command.KILL_CONSUMER,
            Command.PAUSE_CONSUMER,
            Command.DOWN_CONSUMERS,
            Command.KILL_AT_STEP,
        ),
    ),
)
"""The last of the consumers' is of both roles; it stands where there is room."""


class FaultPad(QWidget):
    """A column of buttons a role, and the lane that they are aimed at.

    Signals:
        aimed: at another lane, or at every lane.
    """

    aimed = Signal()

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self._theme = LIGHT
        self._slugs: tuple[str, ...] = ()
        self._aim = self._make_aim()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 2, 0, 0)
        grid.setHorizontalSpacing(5)
        grid.setVerticalSpacing(3)
        for column, (title, of_role) in enumerate(COLUMNS):
            grid.addWidget(text_label(title, "section"), 0, column)
            for row, command in enumerate(of_role, start=1):
                grid.addWidget(ActionButton(commands[command], small=True), row, column)
            grid.setColumnStretch(column, 1)
        last = len(COLUMNS[0][1]) + 1
        grid.addWidget(self._aim, last, 0, 1, 2)

    def _make_aim(self) -> QComboBox:
        aim = Combo()
        aim.setObjectName("aim")
        aim.setAccessibleName("Target of faults by hand")
        aim.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        aim.setToolTip(f"<b>{AIM_KEY}</b>&nbsp; {AIM_HELP}")
        aim.addItem(EVERY_LANE)
        aim.currentIndexChanged.connect(self.aimed)
        key = QShortcut(QKeySequence(AIM_KEY), self)
        key.activated.connect(lambda: aim.setFocus(Qt.FocusReason.ShortcutFocusReason))
        return aim

    @property
    def lane(self) -> str | None:
        """The lane that faults by hand hit; None for every lane."""
        slug: str | None = self._aim.currentData()
        return slug

    @property
    def aimed_at(self) -> tuple[str, ...]:
        """The lanes that faults by hand hit."""
        return self._slugs if self.lane is None else (self.lane,)

    def aim(self, slug: str | None) -> None:
        """At a lane of the run; at every lane for None, or when it is none of them."""
        self._aim.setCurrentIndex(max(self._aim.findData(slug), 0) if slug is not None else 0)

    def show_lanes(self, slugs: Iterable[str]) -> None:
        """The lanes of the run that can be aimed at; aims at every lane when they are others."""
        wanted = tuple(slugs)
        if wanted == self._slugs:
            return
        self._slugs = wanted
        with QSignalBlocker(self._aim):
            self._aim.clear()
            self._aim.addItem(EVERY_LANE)
            for slug in wanted:
                self._aim.addItem(lane_of(slug).name, slug)
        self._show_icons()

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self._theme = theme
        self._show_icons()

    def _show_icons(self) -> None:
        for number, slug in enumerate(self._slugs, start=1):
            self._aim.setItemIcon(number, glyph_icon(slug, self._theme.lane(slug)))
        view = self._aim.view()
        view.setTextElideMode(Qt.TextElideMode.ElideNone)
        view.setMinimumWidth(view.sizeHintForColumn(0) + 24)
