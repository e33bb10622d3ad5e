"""The lanes to run: a check box for each of the table, and for each that the user composed."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bench_gui.window.choices import Choice, Choices
from bench_gui.window.glyphs import glyph_icon
from bench_gui.window.lane_names import short_name
from bench_gui.window.palette import LIGHT, Theme
from bench_gui.window.widgets import ActionButton
from workers.lanes import LANES, Lane, lane_of

OWN_KEYS = ("Alt+8", "Alt+9", "Alt+0")
"""After the table's lanes; a fourth lane of the user's own is reached with Tab."""


class LaneList(QWidget):
    """Signals:
    changed: other lanes are chosen, or there are others to choose from.
    """

    changed = Signal()

    def __init__(self, compose: QAction, decide: QAction) -> None:
        super().__init__()
        self._own: list[str] = []
        self._given: tuple[str, ...] = ()
        self._theme = LIGHT
        self._choices = Choices("lane", [_choice(lane, key) for lane, key in _table()])
        self._choices.changed.connect(self.changed)
        self._choices.unwanted.connect(self._take_away)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._choices)
        buttons = QHBoxLayout()
        buttons.setSpacing(5)
        buttons.addWidget(ActionButton(compose, small=True))
        buttons.addWidget(ActionButton(decide, small=True))
        layout.addLayout(buttons)

    @property
    def own(self) -> tuple[str, ...]:
        """The lanes of the user's own, chosen or not, in the order of the list."""
        return tuple(self._own)

    def add_own(self, slugs: Collection[str]) -> None:
        """Lists lanes of the user's own, unchosen; those that are listed stay as they are."""
        for slug in slugs:
            if slug not in self._own:
                free = [key for key in OWN_KEYS if key not in self._used_keys()]
                self._own.append(slug)
                self._choices.add(_choice(lane_of(slug), free[0] if free else ""))
                self._show_icon(slug)

    def list_own(self, slugs: Collection[str]) -> None:
        """Lists exactly these of the user's own; those that are new are unchosen."""
        for slug in [one for one in self._own if one not in slugs]:
            self._own.remove(slug)
            self._choices.take_away(slug)
        self.add_own(slugs)

    def _used_keys(self) -> set[str]:
        return {self._choices.key_of(slug) for slug in self._own}

    def _take_away(self, slug: str) -> None:
        self._own.remove(slug)
        self._choices.take_away(slug)
        self.changed.emit()

    def chosen(self) -> list[str]:
        """The lanes to run: as they were given while they are the same, else as they are listed."""
        chosen = self._choices.chosen()
        return list(self._given) if set(chosen) == set(self._given) else chosen

    def choose(self, slugs: Collection[str]) -> None:
        """Checks exactly these; those of the user's own are listed if they are not."""
        self._given = tuple(slugs)
        self.add_own([slug for slug in slugs if lane_of(slug).own])
        self._choices.choose(slugs)

    def set_theme(self, theme: Theme) -> None:
        """Other colours: each lane's shape before its name."""
        self._theme = theme
        for slug in (*(lane.slug for lane in LANES), *self._own):
            self._show_icon(slug)

    def _show_icon(self, slug: str) -> None:
        self._choices.set_icon(slug, glyph_icon(slug, self._theme.lane(slug)))

    def show_problem(self, sentence: str) -> None:
        """Says what is wrong with the choice, or with an empty sentence nothing."""
        self._choices.show_problem(sentence)


def _table() -> list[tuple[Lane, str]]:
    return [(lane, f"Alt+{number}") for number, lane in enumerate(LANES, start=1)]


def _choice(lane: Lane, key: str) -> Choice:
    return Choice(lane.slug, short_name(lane), key, f"{lane.name}: {lane.rule}.", lane.name)
