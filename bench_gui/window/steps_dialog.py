"""Chooses the protocol steps at which processes of the next run kill themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from bench_gui.bench.failpoint_text import format_failpoints
from bench_gui.bench.lane_steps import passes
from bench_gui.window.combo import LetterCombo
from bench_gui.window.passed_steps import steps_of_any
from bench_gui.window.widgets import text_label
from workers.failpoints import ENTRIES, Failpoint
from workers.lanes import Lane, Role
from workers.steps import Step

ANY = "any step"
PASSINGS: tuple[tuple[str, int | None], ...] = (
    ("at the first passing, once", None),
    ("at every process's first passing", 1),
    ("at every process's 10th passing", 10),
    ("at every process's 100th passing", 100),
    ("at every process's 1000th passing", 1000),
)
FIELDS = (
    ("role", "&Role", "Which processes kill themselves."),
    ("after", "&After", "The step that must be completed."),
    ("before", "&Before", "The step that is about to be made; any: as soon as the first is done."),
    ("slot", "Slo&t", "Which of the role's processes."),
    ("every", "&When", "At which passing it fires, and whether once or again and again."),
)
EXPLANATION = (
    "A process kills itself with SIGKILL exactly between two protocol steps, so that a kill hits "
    "the window that you want to see on the first try."
)


class StepsDialog(QDialog):
    """A list of failpoints, and five choices to make another.

    Args:
        lanes: whose steps can be chosen. workers: how many of each role a lane has.

    Signals:
        accepted_text: the failpoints in the form of the setting.
    """

    accepted_text = Signal(str)

    def __init__(
        self,
        parent: QWidget,
        lanes: Sequence[Lane],
        workers: dict[Role, int],
        chosen: Iterable[Failpoint],
    ) -> None:
        super().__init__(parent)
        self.setObjectName("steps")
        self.setWindowTitle("Steps to kill at")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._lanes = lanes
        self._workers = workers
        self._failpoints = list(chosen)
        self._boxes = {name: _box(name, label, help_) for name, label, help_ in FIELDS}
        self._list = QListWidget()
        self._list.setObjectName("steps-list")
        self._list.setAccessibleName("Steps to kill at")
        self._add = _button("add-step", "A&dd to the list", "Alt+D", "Add it.", self._add_one)
        self._remove = _button(
            "remove-step",
            "Re&move",
            "Delete",
            "Take the chosen one off the list.",
            self._remove_one,
        )
        QShortcut(QKeySequence(Qt.Key.Key_Delete), self._list).activated.connect(self._remove_one)
        self._fill_choices()
        self._lay_out()
        self._list.currentRowChanged.connect(lambda row: self._remove.setEnabled(row >= 0))
        self._show()

    def _fill_choices(self) -> None:
        role = self._boxes["role"]
        for one in Role:
            role.addItem(one.value, one)
        role.setCurrentIndex(role.findData(Role.CONSUMER))
        for text, every in PASSINGS:
            self._boxes["every"].addItem(text, every)
        role.currentIndexChanged.connect(self._fill_steps)
        self._fill_steps()
        for box in self._boxes.values():
            box.currentIndexChanged.connect(self._allow)

    def _fill_steps(self) -> None:
        role: Role = self._boxes["role"].currentData()
        steps = steps_of_any(self._lanes, role, from_start=True)
        for name in ("after", "before"):
            box = self._boxes[name]
            box.clear()
            box.addItem(ANY, None)
            for step in steps:
                box.addItem(step.value, step)
        slot = self._boxes["slot"]
        slot.clear()
        slot.addItem("slot 0, or all where each process fires", None)
        for number in range(self._workers[role]):
            slot.addItem(f"{role.value} {number}", number)

    def _lay_out(self) -> None:
        explanation = text_label(EXPLANATION, "muted")
        explanation.setWordWrap(True)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(5)
        for line, (name, label, help_) in enumerate(FIELDS):
            words = QLabel(label)
            words.setBuddy(self._boxes[name])
            words.setToolTip(help_)
            grid.addWidget(words, line, 0)
            grid.addWidget(self._boxes[name], line, 1)
        grid.addWidget(self._add, len(FIELDS), 1, Qt.AlignmentFlag.AlignLeft)
        grid.setColumnStretch(1, 1)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(10)
        layout.addWidget(explanation)
        layout.addLayout(grid)
        layout.addWidget(text_label("PROCESSES KILL THEMSELVES AT", "section"))
        layout.addWidget(self._list, 1)
        layout.addWidget(self._remove, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(buttons)
        self.resize(560, 460)

    def _drawn(self) -> Failpoint | None:
        """What the choices make; None while they name no step."""
        values = {name: box.currentData() for name, box in self._boxes.items()}
        after: Step | None = values["after"]
        before: Step | None = values["before"]
        if after is None and before is None:
            return None
        return Failpoint(values["role"], after, before, values["slot"], values["every"])

    def _refusal(self) -> str:
        """Why what is chosen cannot be added, empty when it can."""
        failpoint = self._drawn()
        if failpoint is None:
            return "choose a step"
        if not any(passes(lane, failpoint) for lane in self._lanes):
            return "no process of the lanes ever comes there"
        if failpoint in self._failpoints:
            return "it is in the list"
        return "" if len(self._failpoints) < ENTRIES else "the list is full"

    def _allow(self) -> None:
        refusal = self._refusal()
        self._add.setEnabled(not refusal)
        reason = f"<br><i>Not now: {refusal}</i>" if refusal else ""
        self._add.setToolTip(f"<b>Alt+D</b>&nbsp; Add it.{reason}")

    def _add_one(self) -> None:
        failpoint = self._drawn()
        if failpoint is not None and not self._refusal():
            self._failpoints.append(failpoint)
        self._show()

    def _remove_one(self) -> None:
        row = self._list.currentRow()
        if row >= 0:
            del self._failpoints[row]
            self._show()

    def _show(self) -> None:
        self._list.clear()
        self._list.addItems([format_failpoints((one,)) for one in self._failpoints])
        self._remove.setEnabled(False)
        self._allow()

    def _accept(self) -> None:
        self.accepted_text.emit(format_failpoints(tuple(self._failpoints)))
        self.accept()


def _box(name: str, label: str, help_: str) -> QComboBox:
    box = LetterCombo()
    box.setObjectName(f"step-{name}")
    box.setAccessibleName(label.replace("&", ""))
    key = QKeySequence.mnemonic(label).toString(QKeySequence.SequenceFormat.NativeText)
    box.setToolTip(f"<b>{key}</b>&nbsp; {help_}")
    return box


def _button(name: str, text: str, key: str, help_: str, act: object) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAutoDefault(False)
    button.setToolTip(f"<b>{key}</b>&nbsp; {help_}")
    button.clicked.connect(act)
    return button
