"""The line in which one asks for some of the faults."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPalette
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from bench_gui.window.combo import LetterCombo
from bench_gui.window.fault_filter import HELP, FaultFilter
from bench_gui.window.fault_kinds import KINDS
from bench_gui.window.fault_signs import sign_icon
from bench_gui.window.glyphs import glyph_icon
from bench_gui.window.palette import LIGHT, Theme
from bench_gui.window.widgets import keeps_escape, text_label
from workers.lanes import lane_of

KEY = "Ctrl+Shift+F"
EVERY_KIND, EVERY_LANE = "every kind", "every lane"
ICON_PX = QSize(11, 11)


class FilterEdit(QLineEdit):
    """Signals:
    left: Enter, Down or, once it is empty, Escape: on to the list.
    """

    left = Signal()

    def event(self, event: QEvent) -> bool:
        """Escape is the window's once there is nothing to empty."""
        return (bool(self.text()) and keeps_escape(event)) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Escape empties it first."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in {
            Qt.Key.Key_Escape,
            Qt.Key.Key_Return,
            Qt.Key.Key_Enter,
            Qt.Key.Key_Down,
        }:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class FaultFilterBar(QWidget):
    """Words, a kind, a lane, and whether harmless faults are left out.

    Fields:
        edit: where words are written.

    Signals:
        changed: something else is asked for.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._slugs: tuple[str, ...] = ()
        self.edit = self._make_edit()
        self._kind = self._make_combo("filter-kind", "Kind of the faults that are listed")
        self._lane = self._make_combo("filter-lane", "Lane of the faults that are listed")
        self._harm = QCheckBox("only what did harm")
        self._harm.setObjectName("filter-harm")
        self._harm.setToolTip(
            "<b>Space</b>&nbsp; Leave out faults by which no event was lost or counted twice."
        )
        self._harm.toggled.connect(self.changed)
        self._count = text_label("", "small")
        self._count.setObjectName("fault-count")
        self._count.setAccessibleName("Faults listed")
        self._fill_kinds()
        self.show_lanes(())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.edit, 3)
        for widget in (self._kind, self._lane, self._harm, self._count):
            layout.addWidget(widget)
        layout.addStretch(1)

    def _make_edit(self) -> FilterEdit:
        edit = FilterEdit()
        edit.setObjectName("fault-filter")
        edit.setProperty("slim", True)
        edit.setAccessibleName("Filter of the faults")
        edit.setPlaceholderText("filter: words, kind:kill, caused:>0")
        edit.setToolTip(f"<b>{KEY}</b>&nbsp; {HELP}")
        edit.setClearButtonEnabled(True)
        edit.setMinimumWidth(120)
        edit.setMaximumWidth(340)
        edit.textChanged.connect(self.changed)
        return edit

    def _make_combo(self, name: str, said: str) -> LetterCombo:
        combo = LetterCombo()
        combo.setObjectName(name)
        combo.setProperty("slim", True)
        combo.setAccessibleName(said)
        combo.setToolTip(f"{said}.")
        combo.setIconSize(ICON_PX)
        combo.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        combo.setFixedWidth(118)
        combo.currentIndexChanged.connect(self.changed)
        return combo

    def _fill_kinds(self) -> None:
        self._kind.addItem(EVERY_KIND)
        for kind, row in KINDS.items():
            self._kind.addItem(row.word, kind)

    def show_lanes(self, slugs: Iterable[str]) -> None:
        """The lanes of the run that can be asked for."""
        self._slugs = tuple(slugs)
        chosen = self._lane.currentData()
        with QSignalBlocker(self._lane):
            self._lane.clear()
            self._lane.addItem(EVERY_LANE)
            for slug in self._slugs:
                self._lane.addItem(lane_of(slug).name, slug)
            self._lane.setCurrentIndex(max(0, self._lane.findData(chosen)))
        self._lane.view().setMinimumWidth(self._lane.view().sizeHintForColumn(0) + 24)
        self.set_theme(self._theme)
        self.changed.emit()

    def set_theme(self, theme: Theme) -> None:
        """Other colours of the shapes and signs."""
        self._theme = theme
        palette = self._harm.palette()
        palette.setColor(QPalette.ColorRole.Window, QColor(theme.muted))  # the box's outline
        self._harm.setPalette(palette)
        for number, slug in enumerate(self._slugs, start=1):
            self._lane.setItemIcon(number, glyph_icon(slug, theme.lane(slug)))
        for number, row in enumerate(KINDS.values(), start=1):
            self._kind.setItemIcon(number, sign_icon(row.sign, theme.text))

    @property
    def filter(self) -> FaultFilter:
        """What is asked for."""
        return FaultFilter(
            self.edit.text(),
            self._kind.currentData(),
            self._lane.currentData(),
            self._harm.isChecked(),
        )

    def clear(self) -> None:
        """Everything is asked for again."""
        self.edit.clear()
        self._kind.setCurrentIndex(0)
        self._lane.setCurrentIndex(0)
        self._harm.setChecked(False)

    def show_count(self, shown: int, known: int, later: int = 0) -> None:
        """How many of how many are listed, and how many came after the moment that is held."""
        count = f"{shown:,} of {known:,}" if self.filter.active else f"{known:,}"
        self._count.setText(f"{count}, {later:,} later" if later else count)
