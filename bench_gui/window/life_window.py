"""A window of its own for the life of one event: what became of it, drawn and listed.

It shows what it is given and asks for another event by a signal; it reads no file.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QScrollArea,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from bench_gui.bench.lifeline.model import (
    EventId,
    FaultEvents,
    Lifeline,
    NothingToExplain,
    parse_event,
)
from bench_gui.bench.lifeline.text import lifeline_text
from bench_gui.bench.snapshot import AnomalyRange
from bench_gui.window.combo import LetterCombo
from bench_gui.window.glyphs import Glyph, glyph_icon
from bench_gui.window.life_table import LifeTable
from bench_gui.window.life_view import LifeView
from bench_gui.window.palette import LIGHT, Theme
from bench_gui.window.widgets import text_label
from workers.lanes import lane_of

ROW_PX = 20
LOOKING = "Looking it up in the run's files ..."
ASK = "Name an event: its source slot and its sequence number, such as 0:1234."
NO_HARM = "This fault harmed no event."


class LifeWindow(QDialog):
    """Not modal: it stays beside the run.

    Signals:
        wanted: a lane's slug and an EventId to explain.
    """

    wanted = Signal(str, object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("life")
        self.setWindowTitle("The life of an event")
        self.setModal(False)
        self._theme = LIGHT
        self._life: Lifeline | None = None
        self._ranges: tuple[AnomalyRange, ...] = ()
        self._model = LifeTable()
        self._make_parts()
        self._lay_out()
        self._connect()
        self.resize(1120, 640)

    def _make_parts(self) -> None:
        self._event = QLineEdit()
        self._event.setObjectName("life-event")
        self._event.setAccessibleName("Event, as slot:sequence")
        self._event.setPlaceholderText("0:1234")
        self._event.setToolTip("<b>Alt+E</b>&nbsp; " + ASK)
        self._event.setFixedWidth(110)
        self._lane = LetterCombo()
        self._lane.setObjectName("life-lane")
        self._lane.setAccessibleName("Lane")
        self._lane.setToolTip("<b>Alt+L</b>&nbsp; The lane in which the event is looked up.")
        self._explain = _button("life-explain", "E&xplain", "Enter", "Look the event up.")
        self._explain.setDefault(True)
        self._before = _button("life-before", "\N{LEFTWARDS ARROW}", "Alt+Left", "One event back.")
        self._after = _button("life-after", "\N{RIGHTWARDS ARROW}", "Alt+Right", "One event on.")
        self._again = _button(
            "life-again",
            "Look a&gain",
            "Ctrl+R",
            "Look it up again: more may be known by now.",
        )
        self._copy = _button("life-copy", "&Copy all", "Ctrl+Shift+C", "Copy all of it as text.")
        for arrow in (self._before, self._after):
            arrow.setProperty("small", True)
        self._before.setShortcut("Alt+Left")
        self._after.setShortcut("Alt+Right")
        self._glyph = Glyph("")
        self._sentence = _selectable("life-sentence", "life-sentence")
        self._notes = _selectable("life-notes", "small")
        self._view = LifeView()
        self._table = _table(self._model)
        self._list = QListWidget()
        self._list.setObjectName("life-ranges")
        self._list.setAccessibleName("Events that the fault harmed")
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setToolTip("The ranges of events that the fault harmed; choose one to see it.")
        self._list_title = text_label("", "section")
        self._list_title.setObjectName("life-fault")

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(6)
        for text, part in (("&Event", self._event), ("of &lane", self._lane)):
            label = QLabel(text)
            label.setBuddy(part)
            line.addWidget(label)
            line.addWidget(part)
        for button in (self._explain, self._before, self._after):
            line.addWidget(button)
        line.addStretch()
        line.addWidget(self._again)
        line.addWidget(self._copy)
        fate = QHBoxLayout()
        fate.setSpacing(8)
        fate.addWidget(self._glyph, 0, Qt.AlignmentFlag.AlignVCenter)
        fate.addWidget(self._sentence, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(8)
        layout.addLayout(line)
        layout.addLayout(fate)
        layout.addWidget(self._notes)
        layout.addWidget(self._panes(), 1)

    def _panes(self) -> QSplitter:
        drawing = QScrollArea()
        drawing.setWidget(self._view)
        drawing.setWidgetResizable(True)
        drawing.setObjectName("life-drawing")
        drawing.horizontalScrollBar().valueChanged.connect(lambda _: self._view.update())
        self._drawing = drawing
        right = QSplitter(Qt.Orientation.Vertical)
        right.addWidget(drawing)
        right.addWidget(self._table)
        right.setSizes([330, 190])
        self._left = QWidget()
        side = QVBoxLayout(self._left)
        side.setContentsMargins(0, 0, 0, 0)
        side.addWidget(self._list_title)
        side.addWidget(self._list, 1)
        panes = QSplitter(Qt.Orientation.Horizontal)
        panes.addWidget(self._left)
        panes.addWidget(right)
        panes.setSizes([226, 880])
        panes.setStretchFactor(1, 1)
        self._left.hide()
        return panes

    def _connect(self) -> None:
        self._explain.clicked.connect(self._ask)
        self._again.clicked.connect(self._ask)
        self._before.clicked.connect(lambda: self._step(-1))
        self._after.clicked.connect(lambda: self._step(1))
        self._copy.clicked.connect(self._copy_all)
        self._list.currentRowChanged.connect(self._on_range)
        self._view.picked.connect(self._table.selectRow)
        self._table.selectionModel().selectionChanged.connect(lambda *_: self._on_selected())
        for key, act in (("Ctrl+R", self._ask), ("Ctrl+Shift+C", self._copy_all)):
            QShortcut(QKeySequence(key), self).activated.connect(act)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self._table)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(self._copy_chosen)

    # what is shown

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self._theme = theme
        self._view.set_theme(theme)
        for place in range(self._lane.count()):
            slug = self._lane.itemData(place)
            self._lane.setItemIcon(place, glyph_icon(slug, theme.lane(slug)))
        self._show_glyph()

    def show_lanes(self, slugs: Sequence[str]) -> None:
        """The lanes of the run."""
        if [self._lane.itemData(place) for place in range(self._lane.count())] == list(slugs):
            return
        self._lane.clear()
        for slug in slugs:
            self._lane.addItem(lane_of(slug).name, slug)
        self.set_theme(self._theme)

    def ask_for_event(self) -> None:
        """Nothing yet: waits for an event to be named."""
        self._left.hide()
        self._show(None, ASK)
        self._event.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._event.selectAll()

    def show_looking(self, lane: str, event: EventId | None) -> None:
        """It is being looked up."""
        self._lane.setCurrentIndex(self._lane.findData(lane))
        if event is not None:
            self._event.setText(str(event))
        self._sentence.setText(LOOKING)
        self._allow(False)

    def _allow(self, ready: bool) -> None:
        """What is on the screen is pale while another event is looked up."""
        self._view.setEnabled(ready)
        self._table.setEnabled(ready)

    def show_harm(self, harm: FaultEvents) -> None:
        """The events that a fault harmed, the worst first; one of them is asked for."""
        self._ranges = harm.ranges
        self._list_title.setText(f"HARMED BY FAULT {harm.fault.fault_id}")
        self._list.blockSignals(True)
        self._list.clear()
        self._list.addItems([range_text(one) for one in harm.ranges])
        self._list.setCurrentRow(0)
        self._list.blockSignals(False)
        self._left.setVisible(bool(harm.ranges))
        if harm.example is None:
            self._show(None, f"{harm.fault.text}. {NO_HARM}")
        else:
            self.wanted.emit(harm.fault.lane, harm.example)

    def show_life(self, life: Lifeline) -> None:
        """What became of an event."""
        self._event.setText(str(life.event))
        self._lane.setCurrentIndex(self._lane.findData(life.lane))
        self._show(life, f"Event {life.event}: {life.sentence}")
        decisive = [n for n, one in enumerate(life.entries) if one.fault_id in life.fault_ids]
        if life.fault_ids and decisive:
            self._table.selectRow(decisive[-1])

    def show_problem(self, sentence: str) -> None:
        """Nothing to show, and why."""
        self._show(None, sentence)

    def _show(self, life: Lifeline | None, sentence: str) -> None:
        self._life = life
        self._allow(True)
        self._sentence.setText(sentence)
        self._notes.setText("\n".join(life.notes) if life is not None else "")
        self._notes.setVisible(bool(self._notes.text()))
        self._view.show_life(life)
        self._model.show_life(life)
        self._table.resizeColumnsToContents()
        self._copy.setEnabled(life is not None)
        self._show_glyph()

    def _show_glyph(self) -> None:
        slug = self._life.lane if self._life is not None else None
        self._glyph.setVisible(slug is not None)
        if slug is not None:
            self._glyph.show_lane(slug, self._theme.lane(slug))

    # what is asked for

    def _ask(self) -> None:
        lane: str | None = self._lane.currentData()
        try:
            event = parse_event(self._event.text())
        except NothingToExplain as problem:
            self.show_problem(str(problem))
            return
        if lane is not None:
            self.wanted.emit(lane, event)

    def _step(self, by: int) -> None:
        if self._life is not None:
            slot, sequence = self._life.event
            self.wanted.emit(self._life.lane, EventId(slot, max(0, sequence + by)))

    def _on_range(self, row: int) -> None:
        if 0 <= row < len(self._ranges):
            one = self._ranges[row]
            self.wanted.emit(one.lane, EventId(one.slot, one.first_sequence))

    def _on_selected(self) -> None:
        rows = self._table.selectionModel().selectedRows()
        entry = rows[0].row() if rows else None
        self._view.choose(entry)
        x = None if entry is None else self._view.x_of(entry)
        if x is not None:
            self._drawing.ensureVisible(x, 0, 140, 0)

    def _copy_all(self) -> None:
        if self._life is not None:
            QGuiApplication.clipboard().setText(lifeline_text(self._life))

    def _copy_chosen(self) -> None:
        rows = [index.row() for index in self._table.selectionModel().selectedRows()]
        QGuiApplication.clipboard().setText(self._model.text(rows))


def range_text(one: AnomalyRange) -> str:
    """How many events of which kind, and beneath it which ones."""
    events = str(EventId(one.slot, one.first_sequence))
    if one.count > 1:
        events += f" to {EventId(one.slot, one.last_sequence)}"
    return f"{one.count:,} {one.kind}\n{events}"


def _button(name: str, text: str, key: str, help_: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAutoDefault(False)
    button.setAccessibleName(help_.rstrip("."))
    button.setToolTip(f"<b>{key}</b>&nbsp; {help_}")
    return button


def _selectable(name: str, part: str) -> QLabel:
    label = text_label("", part)
    label.setObjectName(name)
    label.setWordWrap(True)
    flags = Qt.TextInteractionFlag
    label.setTextInteractionFlags(flags.TextSelectableByMouse | flags.TextSelectableByKeyboard)
    return label


def _table(model: LifeTable) -> QTableView:
    view = QTableView()
    view.setObjectName("life-table")
    view.setAccessibleName("Life of the event, in the order of time")
    view.setModel(model)
    view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QTableView.SelectionMode.ExtendedSelection)
    view.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    view.setToolTip("<b>Ctrl+C</b>&nbsp; Copy the chosen lines.")
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(ROW_PX)
    header = view.horizontalHeader()
    header.setHighlightSections(False)
    header.setStretchLastSection(True)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    return view
