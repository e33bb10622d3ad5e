"""A lane of the user's own, put together from its parts, with what follows from them beneath."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from bench_gui.window.boxes import RadioButton
from bench_gui.window.composition import Composition, Parts, compose
from bench_gui.window.contract_view import ContractView
from bench_gui.window.field_row import FieldRow
from bench_gui.window.fields import FIELDS
from bench_gui.window.widgets import text_label
from workers.lanes import KNOBS
from workers.policies import (
    CONSUMERS,
    COUNTER,
    PROCESS_THEN_COMMIT,
    PRODUCERS,
    RETRY_UNTIL_ACKED,
    SINKS,
)

RULE_INDENT_PX = 22


class Part(Protocol):
    """A producer, a consumer or a sink."""

    @property
    def slug(self) -> str:
        """Its name."""
        ...

    @property
    def rule(self) -> str:
        """What it does."""
        ...


class PartChoice(QGroupBox):
    """One of several parts, each with its rule beneath its name.

    Signals:
        changed: another one is chosen.
    """

    changed = Signal()

    def __init__(self, title: str, parts: Sequence[Part], chosen: Part) -> None:
        super().__init__(title)
        self._parts = parts
        self._group = QButtonGroup(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(1)
        for number, part in enumerate(parts):
            button = self._button(title, part)
            button.setChecked(part is chosen)
            self._group.addButton(button, number)
            layout.addWidget(button)
            layout.addWidget(_rule(part))
            layout.addSpacing(7)
        layout.addStretch()
        self._group.idToggled.connect(lambda _, on: self.changed.emit() if on else None)

    @staticmethod
    def _button(title: str, part: Part) -> QRadioButton:
        kind = title.replace("&", "").lower()
        button = RadioButton(part.slug)
        button.setObjectName(f"{kind}-{part.slug}")
        button.setAccessibleDescription(part.rule)
        button.setToolTip(f"<b>{part.slug}</b>&nbsp; {part.rule}")
        return button

    def focus(self) -> None:
        """The chosen part takes the focus."""
        self._group.button(self.number).setFocus()

    @property
    def number(self) -> int:
        """The place of the chosen part."""
        return self._group.checkedId()


def _rule(part: Part) -> QWidget:
    label = text_label(part.rule, "small")
    label.setWordWrap(True)
    label.setContentsMargins(RULE_INDENT_PX, 0, 0, 0)
    return label


class ComposeDialog(QDialog):
    """Args:
        listed: slugs of lanes of the user's own that exist already.
        run_texts: the run's settings as texts, which a lane has where it has none of its own.

    Signals:
        composed: the slug of a lane to add.
    """

    composed = Signal(str)

    def __init__(
        self, parent: QWidget, listed: Collection[str], run_texts: Mapping[str, str]
    ) -> None:
        super().__init__(parent)
        self.setObjectName("compose")
        self.setWindowTitle("Compose a lane")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._listed = tuple(listed)
        self._producers = PartChoice("&Producer", PRODUCERS, RETRY_UNTIL_ACKED)
        self._consumers = PartChoice("&Consumer", CONSUMERS, PROCESS_THEN_COMMIT)
        self._sinks = PartChoice("&Sink", SINKS, COUNTER)
        self._knobs = {key: _knob(key, run_texts.get(key, "")) for key in KNOBS}
        self._view = ContractView()
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._add = self._make_add()
        self.composition = Composition(None, None)
        self._lay_out()
        self._connect()
        self._show()
        self._producers.focus()

    def _make_add(self) -> QPushButton:
        add = QPushButton("Add lane")
        add.setObjectName("add-lane")
        add.setProperty("main", True)
        add.setDefault(True)
        self._buttons.addButton(add, QDialogButtonBox.ButtonRole.AcceptRole)
        return add

    def _lay_out(self) -> None:
        choices = QHBoxLayout()
        choices.setSpacing(10)
        for choice in (self._producers, self._consumers, self._sinks):
            choices.addWidget(choice, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(10)
        layout.addLayout(choices)
        layout.addWidget(text_label("ITS OWN SETTINGS: EMPTY MEANS AS THE RUN", "section"))
        layout.addLayout(self._knob_grid())
        layout.addWidget(self._view, 1)
        layout.addWidget(self._buttons)
        self.resize(860, 600)

    def _knob_grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(4)
        for number, row in enumerate(self._knobs.values()):
            line, column = divmod(number, 3)
            grid.addWidget(row, line, column, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(column, 1)
        return grid

    def _connect(self) -> None:
        for part in (self._producers, self._consumers, self._sinks):
            part.changed.connect(self._show)
        for row in self._knobs.values():
            row.changed.connect(self._show)
        self._buttons.accepted.connect(self._accept)
        self._buttons.rejected.connect(self.reject)

    @property
    def parts(self) -> Parts:
        """What is chosen."""
        return (
            PRODUCERS[self._producers.number],
            CONSUMERS[self._consumers.number],
            SINKS[self._sinks.number],
        )

    def _show(self) -> None:
        texts = {key: row.text for key, row in self._knobs.items()}
        self.composition = found = compose(self.parts, texts, self._listed)
        for key, row in self._knobs.items():
            row.show_problem(found.wrong.get(key, ""))
        self._view.show_composition(found)
        self._add.setEnabled(found.slug is not None)
        reason = f"<br><i>Not now: {found.problem}</i>" if found.problem else ""
        self._add.setToolTip(f"<b>Enter</b>&nbsp; Add it to the lanes to run.{reason}")

    def _accept(self) -> None:
        if self.composition.slug is not None:
            self.composed.emit(self.composition.slug)
            self.accept()


def _knob(key: str, of_run: str) -> FieldRow:
    field = next(field for field in FIELDS if field.key == key)
    row = FieldRow(field, name=f"knob-{key}")
    row.show_placeholder(of_run)
    return row
