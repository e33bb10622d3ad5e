"""Decide: three questions, the lane that follows, what it costs, and the way to prove it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from bench_gui.candidate_costs import Cost
from bench_gui.decide import QUESTIONS, Advice, Answers, decide
from bench_gui.proof import place_in_words
from bench_gui.window.command_table import Command
from bench_gui.window.commands import Commands
from bench_gui.window.explore.costs_table import CostsTable
from bench_gui.window.explore.question_row import QuestionRow
from bench_gui.window.following_area import FollowingArea
from bench_gui.window.glyphs import Glyph
from bench_gui.window.palette import LIGHT, Theme
from bench_gui.window.widgets import ActionButton, restyle, text_label, type_px
from workers.lanes import lane_of

UNANSWERED = "Answer the three questions, and the lane that fits is named here."
SIDE_BY_SIDE = (
    "\N{MULTIPLICATION SIGN} is relative to at-most-once in the same run. Lanes side by side "
    "compete for the processor; measure mode runs them one at a time, and compares properly."
)
NO_RUN = "There is no run yet to take the cost from; run the candidates, or measure them."


WIDTH_PX, BELOW_PX = 820, 32
MOST_OF_SCREEN = 0.94


class OutcomeLine(QFrame):
    """What the newest proof showed: its verdict as a badge, and the numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("part", "outcome")
        self._badge = text_label("", "verdict")
        self._badge.setObjectName("proof-verdict")
        self._words = _wrapped("proof-outcome", "why")
        line = QHBoxLayout(self)
        line.setContentsMargins(10, 8, 10, 8)
        line.setSpacing(10)
        line.addWidget(self._badge)
        line.addWidget(self._words, 1)

    def tell(self, lane: str, words: str) -> None:
        """`words` begin with the verdict and a colon."""
        verdict, _, seen = words.partition(": ")
        self._badge.setText(verdict)
        restyle(self._badge, "verdict", verdict.replace(" ", "_"))
        self._words.setText(f"{lane}: {seen}")
        self.show()


class DecideDialog(QDialog):
    """Stays open beside the window; knows no run, only what it is told.

    Signals:
        proof_wanted: the slug of the lane to prove.
        run_wanted: the slugs of the candidates.
        opened: costs are asked for.
    """

    proof_wanted = Signal(str)
    run_wanted = Signal(tuple)
    opened = Signal()

    def __init__(self, parent: QWidget, commands: Commands) -> None:
        super().__init__(parent)
        self.setObjectName("decide")
        self.setWindowTitle("Decide which lane")
        self._theme = LIGHT
        self._advice: Advice | None = None
        self._costs: Mapping[str, Cost | None] = {}
        self._refusal = ""
        self._rows = [QuestionRow(n, one) for n, one in enumerate(QUESTIONS, start=1)]
        self._glyph = Glyph("")
        self._name = text_label(UNANSWERED, "advice")
        self._name.setObjectName("advice-lane")
        self._why = _wrapped("advice-why", "why")
        self._table = CostsTable()
        self._note = _wrapped("advice-note", "muted")
        self._outcome = OutcomeLine()
        self._prove = _button("prove", "&Prove it", "Alt+P")
        self._prove.setProperty("main", True)
        self._run = _button("run-candidates", "&Run the candidates", "Alt+R")
        self._lay_out(commands)
        for row in self._rows:
            row.answered.connect(self._on_answered)
        self._table.chosen.connect(lambda _: self._allow())
        self._table.fitted.connect(self._fit, Qt.ConnectionType.QueuedConnection)
        self._prove.clicked.connect(self._on_prove)
        self._run.clicked.connect(self._on_run)
        self._show_advice(None)

    def _lay_out(self, commands: Commands) -> None:
        self._told = QWidget()
        told = QVBoxLayout(self._told)
        told.setContentsMargins(18, 14, 18, 4)
        told.setSpacing(10)
        for row in self._rows:
            told.addWidget(row)
        told.addWidget(_line())
        named = QHBoxLayout()
        named.addWidget(self._glyph)
        named.addWidget(self._name, 1)
        told.addLayout(named)
        for widget in (self._why, self._table, self._note, self._outcome):
            told.addWidget(widget)
        told.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 14)
        layout.addWidget(FollowingArea(self._told, flowing=True), 1)
        layout.addLayout(self._buttons(commands))
        self.resize(type_px(self, WIDTH_PX), 0)

    def _buttons(self, commands: Commands) -> QHBoxLayout:
        measure = ActionButton(commands[Command.MEASURE], keyless=True)
        measure.setObjectName("decide-measure-button")
        measure.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        close = _button("decide-close", "Close", "Esc")
        close.setToolTip("<b>Esc</b>&nbsp; Close; D opens it again, with these answers.")
        close.clicked.connect(self.reject)
        buttons = self._line = QHBoxLayout()
        buttons.setContentsMargins(18, 0, 18, 0)
        for button in (self._prove, self._run, measure):
            buttons.addWidget(button)
        buttons.addStretch()
        buttons.addWidget(close)
        return buttons

    # what is answered

    @property
    def answers(self) -> Answers | None:
        """None while a question is open."""
        given = [row.answer for row in self._rows]
        if None in given:
            return None
        return Answers(*(answer is True for answer in given))

    def show_answers(self, answers: Answers) -> None:
        """As if they had been given by hand."""
        given = (answers.loss, answers.idempotent, answers.log_to_log)
        for row, answer in zip(self._rows, given, strict=True):
            row.show_answer(answer)

    @property
    def lanes(self) -> tuple[str, ...]:
        """The candidates' slugs, empty while a question is open."""
        return self._advice.candidates if self._advice is not None else ()

    def _on_answered(self) -> None:
        answers = self.answers
        if answers is not None:
            self._show_advice(decide(answers))
            self.opened.emit()

    # what is told

    def open_beside(self) -> None:
        """Shows it, with what the run cost by now; the keyboard begins at the first question."""
        self.show()
        self._rows[0].focus()
        self.raise_()
        self.activateWindow()
        self.opened.emit()

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self._theme = theme
        self._table.set_theme(theme)
        if self._advice is not None:
            self._show_glyph(self._advice.lane)

    def show_costs(self, costs: Mapping[str, Cost | None], source: str) -> None:
        """What the candidates cost.

        Args:
            source: which run, in a few words; empty when there was none.
        """
        self._costs = costs
        self._table.show_costs(costs)
        self._note.setText(f"{source} {_about(costs)}" if source else NO_RUN)
        self._allow()
        self._fit()

    def show_outcome(self, slug: str, words: str) -> None:
        """What a proof showed."""
        self._outcome.tell(lane_of(slug).name, words)
        self._fit()

    def show_refusal(self, reason: str) -> None:
        """Why nothing can be started now, empty when it can."""
        self._refusal = reason
        self._allow()

    def _show_advice(self, advice: Advice | None) -> None:
        self._advice = advice
        self._outcome.hide()
        for widget in (self._glyph, self._why, self._table, self._note):
            widget.setVisible(advice is not None)
        restyle(self._name, "open", advice is None)
        if advice is not None:
            self._show_glyph(advice.lane)
            self._name.setText(lane_of(advice.lane).name)
            self._why.setText(advice.why)
            self._table.show_advice(advice)
        self._allow()
        self._fit()

    def _fit(self) -> None:
        """As large as what is told needs and the screen has; never smaller than the user made it.

        What has no room is scrolled.
        """
        layout = self._told.layout()
        if layout is None:
            return
        layout.activate()
        most = self.screen().availableSize() * MOST_OF_SCREEN
        width = min(max(self.width(), type_px(self, WIDTH_PX)), most.width())
        below = self._line.sizeHint().height() + BELOW_PX
        height = min(max(self.height(), layout.heightForWidth(width) + below), most.height())
        self.resize(width, height)

    def _show_glyph(self, slug: str) -> None:
        self._glyph.show_lane(slug, self._theme.lane(slug))

    def _allow(self) -> None:
        reason = self._refusal or ("" if self._advice is not None else "answer the questions")
        lane = self._table.lane
        named = "the lane named" if lane is None else lane_of(lane).name
        where = "" if lane is None else f", {place_in_words(lane_of(lane))}"
        _allow(
            self._prove,
            f"<b>Alt+P</b>&nbsp; Run {named} alone for a few seconds, while its consumers are "
            f"killed again and again where it hurts most{where}.",
            reason,
        )
        _allow(
            self._run,
            "<b>Alt+R</b>&nbsp; Run the candidates beside at-most-once, with the settings filled "
            "in.",
            reason,
        )

    def _on_prove(self) -> None:
        lane = self._table.lane
        if lane is not None:
            self._outcome.hide()
            self.proof_wanted.emit(lane)

    def _on_run(self) -> None:
        self.run_wanted.emit(self.lanes)


def _about(costs: Mapping[str, Cost | None]) -> str:
    """How the costs are to be read, or how to get them."""
    missing = [lane_of(slug).name for slug, cost in costs.items() if cost is None]
    if not missing:
        return SIDE_BY_SIDE
    listed = " and ".join(filter(None, (", ".join(missing[:-1]), missing[-1])))
    asked = f"Not in it: {listed}; Run the candidates runs them all beside at-most-once."
    return asked if len(missing) == len(costs) else f"{SIDE_BY_SIDE} {asked}"


def _allow(button: QPushButton, tip: str, reason: str) -> None:
    button.setEnabled(not reason)
    button.setToolTip(tip + (f"<br><i>Not now: {reason}</i>" if reason else ""))


def _button(name: str, text: str, key: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAutoDefault(False)
    button.setToolTip(f"<b>{key}</b>")
    return button


def _wrapped(name: str, part: str) -> QLabel:
    label = text_label("", part)
    label.setObjectName(name)
    label.setWordWrap(True)
    return label


def _line() -> QFrame:
    line = QFrame()
    line.setFixedHeight(1)
    line.setProperty("part", "rule")
    return line
