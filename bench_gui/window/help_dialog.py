"""Every key, and what the words on the screen mean."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QMessageBox,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from bench_gui.window.command_table import SPECS
from workers.lanes import LANES

WORDS = (
    ("lost", "existed, and nothing can deliver it any more; counted only when that is certain"),
    ("duplicates", "effects beyond an event's first: the click was counted twice"),
    ("suppressed", "delivered again and refused by the idempotent sink"),
    ("in flight", "no effect yet, and something can still deliver it"),
    ("committed offset", "the next offset to read, not the last one processed"),
    ("drain", "after the sources stop, the workers finish what they have"),
    ("HOLDS", "nothing forbidden was seen, and a kill landed where it could hurt"),
    ("BROKEN", "something that the lane forbids was seen"),
    ("NOT TESTED", "no kill landed where it could hurt: a green result that proves nothing"),
)

ABOUT = (
    "<h3>Delivery Bench</h3>"
    "<p>What does &ldquo;delivered&rdquo; actually mean, and what does each meaning cost?</p>"
    "<p>The same clicks run through several pipelines side by side, one a delivery semantic. "
    "Their real worker processes are really killed, on the same seeded schedule. What was lost "
    "and what was counted twice is counted from the durable files, never from what a worker says "
    "of itself.</p>"
)


def show_help(parent: QWidget) -> QDialog:
    """Opens it and returns at once."""
    dialog = QDialog(parent)
    dialog.setObjectName("help")
    dialog.setWindowTitle("Keys and words")
    dialog.resize(620, 560)
    text = QTextBrowser()
    text.setHtml(help_html())
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    layout = QVBoxLayout(dialog)
    layout.addWidget(text)
    layout.addWidget(buttons)
    dialog.open()
    return dialog


def show_about(parent: QWidget) -> None:
    """Opens it and returns at once."""
    box = QMessageBox(QMessageBox.Icon.NoIcon, "About", ABOUT, parent=parent)
    box.open()


def help_html() -> str:
    """Keys, lanes and words as tables."""
    form = QKeySequence.SequenceFormat.NativeText
    keys = [(QKeySequence(spec.key).toString(form), spec.help) for spec in SPECS]
    lanes = [(lane.name, lane.rule) for lane in LANES]
    return "".join(
        f"<h3>{title}</h3>{_table(rows)}"
        for title, rows in (("Keys", keys), ("Lanes", lanes), ("Words", list(WORDS)))
    )


def _table(rows: list[tuple[str, str]]) -> str:
    cells = "".join(f"<tr><td><b>{a}</b>&nbsp;&nbsp;</td><td>{b}</td></tr>" for a, b in rows)
    return f"<table cellpadding=3>{cells}</table>"
