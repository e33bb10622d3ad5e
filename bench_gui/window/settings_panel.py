"""The settings of the next run, filled in, checked as one types. Knows no run and no file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from bench_gui.bench.options import to_texts
from bench_gui.bench.settings import RunSettings
from bench_gui.window.choices import Choice, Choices
from bench_gui.window.field_row import FieldRow
from bench_gui.window.fields import FAULTS, LANES_KEY, LOAD, MORE, ROLES_KEY, Field, Reading, read
from bench_gui.window.glyphs import glyph_icon
from bench_gui.window.palette import Theme
from bench_gui.window.widgets import ActionButton, text_label
from workers.lanes import LANES, Role


class SettingsPanel(QWidget):
    """Every field of a RunSettings, or the reason why there is none yet.

    Signals:
        changed: something was filled in; `reading` is up to date.
    """

    changed = Signal()

    def __init__(self, new_seed: QAction, base: RunSettings) -> None:
        super().__init__()
        self.setObjectName("settings")
        self._base = base
        self._quiet = False
        self._lanes = _lane_choices()
        self._roles = _role_choices()
        self._rows: dict[str, FieldRow] = {}
        self._more = _fold_button()
        self._folded = QWidget()
        self._lay_out(new_seed)
        self.reading = Reading(base, {})
        self.show_settings(base)

    def _lay_out(self, new_seed: QAction) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        _add_section(layout, "LANES", [self._lanes])
        _add_section(layout, "LOAD", self._make_rows(LOAD))
        _add_section(layout, "FAULTS", [])
        beside = ActionButton(new_seed)
        for row in self._make_rows(FAULTS, {"seed": beside}):
            layout.addWidget(row)
        layout.addWidget(self._roles)
        layout.addWidget(self._more)
        layout.addWidget(self._folded)
        layout.addStretch()
        _fill(self._folded, self._make_rows(MORE))
        self._folded.hide()
        self._more.toggled.connect(self.unfold)
        self._lanes.changed.connect(self._on_changed)
        self._roles.changed.connect(self._on_changed)

    def _make_rows(
        self, fields: Iterable[Field], beside: Mapping[str, ActionButton] | None = None
    ) -> list[FieldRow]:
        made = []
        for field in fields:
            row = FieldRow(field, (beside or {}).get(field.key))
            row.changed.connect(self._on_changed)
            self._rows[field.key] = row
            made.append(row)
        return made

    def unfold(self, open_: bool) -> None:
        """Shows or hides the less common settings."""
        self._more.setChecked(open_)
        self._more.setArrowType(Qt.ArrowType.DownArrow if open_ else Qt.ArrowType.RightArrow)
        self._folded.setVisible(open_)

    def set_theme(self, theme: Theme) -> None:
        """Other colours: each lane's shape before its name."""
        for lane in LANES:
            self._lanes.set_icon(lane.slug, glyph_icon(lane.slug, theme.lane(lane.slug)))

    @property
    def unfolded(self) -> bool:
        """Whether the less common settings are shown."""
        return self._more.isChecked()

    def texts(self) -> dict[str, str]:
        """What is filled in, by option key, right or wrong."""
        texts = {key: row.text for key, row in self._rows.items()}
        texts[LANES_KEY] = ",".join(self._lanes.chosen())
        texts[ROLES_KEY] = ",".join(self._roles.chosen())
        return texts

    def show_settings(self, settings: RunSettings) -> None:
        """Fills every field in; what has no field here is kept as it is in `settings`."""
        self._base = settings
        self.show_texts(to_texts(settings))
        self._lanes.choose(settings.lanes)
        self._roles.choose([role.value for role in settings.kill_roles])

    def show_texts(self, texts: Mapping[str, str]) -> None:
        """Fills the text fields in that `texts` names."""
        self._quiet = True
        for key, row in self._rows.items():
            if key in texts:
                row.show_text(texts[key])
        self._quiet = False
        self._on_changed()

    def problem(self) -> str:
        """The first problem in one sentence, empty when there is none."""
        return next(iter(self.reading.problems.values()), "")

    def _on_changed(self) -> None:
        if self._quiet:
            return
        self.reading = read(self.texts(), self._base)
        for key, row in self._rows.items():
            row.show_problem(self.reading.problems.get(key, ""))
        self._lanes.show_problem(self.reading.problems.get(LANES_KEY, ""))
        self._roles.show_problem(self.reading.problems.get(ROLES_KEY, ""))
        if any(self.reading.problems.get(field.key) for field in MORE):
            self.unfold(True)
        self.changed.emit()


def _lane_choices() -> Choices:
    boxes = [
        Choice(lane.slug, lane.name, f"Alt+{number}", f"{lane.name}: {lane.rule}.")
        for number, lane in enumerate(LANES, start=1)
    ]
    return Choices("lane", boxes)


def _role_choices() -> Choices:
    boxes = [
        Choice(
            role.value,
            f"{role.value}s",
            f"Alt+Shift+{role.value[0].upper()}",
            f"Whether the schedule kills {role.value}s.",
        )
        for role in Role
    ]
    return Choices("kill", boxes, "Kill")


def _fold_button() -> QToolButton:
    button = QToolButton()
    button.setObjectName("more")
    button.setProperty("part", "fold")
    button.setText("MORE")
    button.setShortcut("Alt+M")
    button.setCheckable(True)
    button.setArrowType(Qt.ArrowType.RightArrow)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setToolTip("<b>Alt+M</b>&nbsp; Batches, linger, payload, restart delay, durability.")
    return button


def _add_section(layout: QVBoxLayout, title: str, widgets: Iterable[QWidget]) -> None:
    layout.addSpacing(8)
    layout.addWidget(text_label(title, "section"))
    for widget in widgets:
        layout.addWidget(widget)


def _fill(box: QWidget, widgets: Iterable[QWidget]) -> None:
    layout = QVBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(4)
    for widget in widgets:
        layout.addWidget(widget)
