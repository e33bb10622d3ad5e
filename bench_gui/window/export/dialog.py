"""Asks what is exported, of which time, how it looks and where it goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from bench_gui.window.boxes import RadioButton
from bench_gui.window.combo import LetterCombo
from bench_gui.window.export.choice import (
    AS_ON_SCREEN,
    WIDTHS_PX,
    Choice,
    Form,
    What,
    row_names,
)
from bench_gui.window.widgets import text_label
from workers.lanes import lane_of

WHATS = (
    (What.VIEW, "&Picture of the view", "Every lane with its counters and charts, drawn anew for "
     "a slide: larger type, whole names, an opaque background."),
    (What.LANE, "Picture of one &lane", "The same of one lane alone."),
    (What.ROW, "Picture of one row of &charts", "One row of charts of every lane."),
    (What.CHART, "Picture of one c&hart", "One chart of one lane: those that are chosen above."),
    (What.REPORT, "&Report", "One web page that needs no other file: verdicts, numbers, charts, "
     "the worst faults and what they caused."),
    (What.TABLES, "&Tables", "summary.csv, timeseries.csv, faults.csv, anomalies.csv and the "
     "latency histograms."),
)  # fmt: skip
NOT_YET = "when the run has ended"
WHOLE_SUMMARY = "The summary and the histograms are of the whole run always."
WIDTH_PX = 470


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be chosen now.

    Fields:
        lanes: slugs. ended: whether the run has written everything down.
        visible: from when until when the charts show, in words; "" when that is the whole run.
    """

    lanes: Sequence[str]
    ended: bool
    visible: str


class ExportDialog(QDialog):
    """Signals:
    wanted: a Choice.
    """

    wanted = Signal(object)

    def __init__(
        self,
        parent: QWidget,
        offer: Offer,
        before: Choice,
        choose_folder: Callable[[QWidget, Path], Path | None],
    ) -> None:
        """`before`: what was chosen the last time."""
        super().__init__(parent)
        self.setObjectName("export")
        self.setWindowTitle("Export")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._offer = offer
        self._choose_folder = choose_folder
        self._whats = QButtonGroup(self)
        self._times = QButtonGroup(self)
        self._lane = _combo("export-lane", "Which lane", "Which lane is drawn.")
        self._row = _combo("export-row", "Which row of charts", "Which row of charts is drawn.")
        self._form = _combo(
            "export-form", "Format", "PNG for a slide, SVG to be edited or printed."
        )
        self._theme = _combo("export-theme", "Colours", "Light is what a slide wants.")
        self._width = _combo("export-width", "Size", "How wide the picture is, in pixels.")
        self._note = text_label("", "muted")
        self._note.setWordWrap(True)
        self._folder = QLineEdit()
        self._lay_out()
        self._fill()
        self._show(before)
        self._allow()

    # making

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(7)
        layout.addWidget(text_label("What", "section"))
        layout.addLayout(self._whats_grid())
        layout.addSpacing(6)
        layout.addWidget(text_label("Which time", "section"))
        layout.addLayout(self._times_line())
        layout.addWidget(self._note)
        layout.addSpacing(6)
        layout.addWidget(text_label("How it looks", "section"))
        layout.addLayout(self._looks_grid())
        layout.addSpacing(6)
        layout.addWidget(text_label("Where to", "section"))
        layout.addLayout(self._folder_line())
        layout.addSpacing(8)
        layout.addLayout(self._buttons())
        self.setMinimumWidth(WIDTH_PX)

    def _whats_grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(1, 1)
        beside = {What.LANE: self._lane, What.ROW: self._row}
        for number, (what, text, tip) in enumerate(WHATS):
            button = RadioButton(text)
            button.setObjectName(f"export-{what.value}")
            button.setToolTip(tip)
            self._whats.addButton(button, number)
            grid.addWidget(button, number, 0)
            if what in beside:
                grid.addWidget(beside[what], number, 1)
        self._whats.idToggled.connect(lambda *_: self._allow())
        return grid

    def _times_line(self) -> QHBoxLayout:
        line = QHBoxLayout()
        visible = f": {self._offer.visible}" if self._offer.visible else ""
        for number, (name, text, tip) in enumerate(
            (
                ("whole", "The &whole run", "From its start."),
                ("visible", f"What is &visible{visible}", "The time that the charts show now."),
            )
        ):
            button = RadioButton(text)
            button.setObjectName(f"export-{name}")
            button.setToolTip(tip)
            self._times.addButton(button, number)
            line.addWidget(button)
        line.addStretch()
        return line

    def _looks_grid(self) -> QGridLayout:
        grid = QGridLayout()
        for number, (text, box) in enumerate(
            (("&Format", self._form), ("C&olours", self._theme), ("&Size", self._width))
        ):
            label = QLabel(text)
            label.setBuddy(box)
            grid.addWidget(label, 0, number)
            grid.addWidget(box, 1, number)
        return grid

    def _folder_line(self) -> QHBoxLayout:
        self._folder.setObjectName("export-folder")
        self._folder.setAccessibleName("Folder")
        self._folder.setToolTip("The folder that the files are written to; it is made if need be.")
        self._folder.textChanged.connect(lambda _: self._allow())
        browse = _button("&Browse...", "export-browse", "Choose the folder.")
        browse.clicked.connect(self._browse)
        line = QHBoxLayout()
        line.addWidget(self._folder, 1)
        line.addWidget(browse)
        return line

    def _buttons(self) -> QHBoxLayout:
        self._export = _button("&Export", "export-start", "<b>Enter</b>&nbsp; Write it.")
        self._export.setProperty("main", True)
        self._export.setDefault(True)
        self._export.clicked.connect(self._accept)
        cancel = _button("Cancel", "export-cancel", "<b>Esc</b>&nbsp; Write nothing.")
        cancel.clicked.connect(self.reject)
        line = QHBoxLayout()
        line.addStretch()
        line.addWidget(cancel)
        line.addWidget(self._export)
        return line

    def _fill(self) -> None:
        for slug in self._offer.lanes:
            self._lane.addItem(lane_of(slug).name, slug)
        for key, title in row_names():
            self._row.addItem(title, key)
        for form in Form:
            self._form.addItem(form.name, form)
        for text, theme in (("light", "light"), ("dark", "dark"), ("as on screen", AS_ON_SCREEN)):
            self._theme.addItem(text, theme)
        for width in WIDTHS_PX:
            self._width.addItem(f"{width:,} px wide", width)

    # what is chosen

    def _show(self, choice: Choice) -> None:
        what = choice.what if self._offer.ended or not choice.what.needs_end else What.VIEW
        numbers = {one: number for number, (one, _, _) in enumerate(WHATS)}
        self._whats.button(numbers[what]).setChecked(True)
        self._times.button(int(choice.visible and bool(self._offer.visible))).setChecked(True)
        for box, value in (
            (self._lane, choice.lane),
            (self._row, choice.row),
            (self._form, choice.form),
            (self._theme, choice.theme),
            (self._width, choice.width_px),
        ):
            box.setCurrentIndex(max(0, box.findData(value)))
        self._folder.setText(str(choice.folder))

    @property
    def choice(self) -> Choice:
        """What is chosen now."""
        return Choice(
            what=self._what,
            form=self._form.currentData(),
            lane=self._lane.currentData() or "",
            row=self._row.currentData(),
            visible=self._times.checkedId() == 1,
            theme=self._theme.currentData(),
            width_px=self._width.currentData(),
            folder=Path(self._folder.text()).expanduser(),
        )

    @property
    def _what(self) -> What:
        return WHATS[max(0, self._whats.checkedId())][0]

    def _allow(self) -> None:
        """What does not go together is off."""
        what = self._what
        for number, (one, _, tip) in enumerate(WHATS):
            off = one.needs_end and not self._offer.ended
            button = self._whats.button(number)
            button.setEnabled(not off)
            button.setToolTip(f"{tip}<br><i>Not now: {NOT_YET}</i>" if off else tip)
        self._lane.setEnabled(what in {What.LANE, What.CHART})
        self._row.setEnabled(what in {What.ROW, What.CHART})
        self._times.button(0).setEnabled(what is not What.REPORT)
        self._times.button(1).setEnabled(what is not What.REPORT and bool(self._offer.visible))
        for box in (self._form, self._theme):
            box.setEnabled(what.picture)
        self._width.setEnabled(what.picture and self._form.currentData() is Form.PNG)
        self._note.setText(WHOLE_SUMMARY if what is What.TABLES else "")
        self._note.setVisible(what is What.TABLES)
        self._export.setEnabled(bool(self._folder.text().strip()))

    def _browse(self) -> None:
        folder = self._choose_folder(self, self.choice.folder)
        if folder is not None:
            self._folder.setText(str(folder))

    def _accept(self) -> None:
        self.wanted.emit(self.choice)
        self.accept()


def _combo(name: str, said: str, tip: str) -> LetterCombo:
    box = LetterCombo()
    box.setObjectName(name)
    box.setAccessibleName(said)
    box.setToolTip(tip)
    return box


def _button(text: str, name: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setToolTip(tip)
    return button
