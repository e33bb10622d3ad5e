"""What a lane may lose, count twice or block on, and why: a contract for a reader."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from bench_gui.window.composition import Composition, Term, terms
from bench_gui.window.widgets import restyle, text_label

BULLET = "\N{BULLET}"


class TermBox(QFrame):
    """One term: what could happen, and whether the lane allows it, in words and by its look."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setProperty("part", "term")
        self._name = text_label(name.upper(), "counter-caption")
        self._words = text_label("", "term-words")
        self._words.setObjectName(f"term-{name}")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 6, 10, 7)
        layout.setSpacing(1)
        layout.addWidget(self._name)
        layout.addWidget(self._words)

    def show_term(self, term: Term) -> None:
        """Another term of the same name."""
        sign = "\N{WARNING SIGN}" if term.may else "\N{CHECK MARK}"
        self._words.setText(f"{sign} {term.words}")
        self._words.setAccessibleName(f"{term.name}: {term.words}")
        restyle(self, "may", term.may)


class ContractView(QFrame):
    """The contract of a composition, or the reason why there is none."""

    NAMES = ("lost", "duplicates", "redelivered", "blocks")

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("contract")
        self.setProperty("part", "card")
        self._boxes = {name: TermBox(name) for name in self.NAMES}
        self._problem = _sentences("contract-problem", "refusal")
        self._why = _sentences("contract-why", "why")
        row = QHBoxLayout()
        row.setSpacing(8)
        for box in self._boxes.values():
            row.addWidget(box, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(8)
        layout.addWidget(text_label("WHAT FOLLOWS FROM THE PARTS", "section"))
        layout.addLayout(row)
        layout.addWidget(self._problem)
        layout.addWidget(self._why)
        layout.addStretch()

    def show_composition(self, found: Composition) -> None:
        """Terms and reasons, and the problem if there is one."""
        follows = found.contract
        for box in self._boxes.values():
            box.setVisible(follows is not None)
        if follows is not None:
            for term in terms(follows):
                self._boxes[term.name].show_term(term)
        reasons = (*(follows.why if follows is not None else ()), found.note)
        self._why.setText("\n".join(f"{BULLET} {reason}" for reason in reasons if reason))
        self._why.setVisible(follows is not None)
        self._problem.setText(f"\N{BLACK UP-POINTING TRIANGLE} {found.problem}")
        self._problem.setVisible(bool(found.problem))


def _sentences(name: str, part: str) -> QLabel:
    label = text_label("", part)
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
