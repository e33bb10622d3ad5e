"""Every key, and what the words on the screen mean."""

from __future__ import annotations

from html import escape

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from bench_gui.window.command_table import SPECS
from bench_gui.window.fault_kinds import KINDS
from bench_gui.window.fault_pad import AIM_HELP, AIM_KEY
from bench_gui.window.lane_list import OWN_KEYS
from workers.lanes import LANES

OTHER_KEYS = (
    ("Alt+1 ... Alt+7", "Choose a lane, in the order of the list."),
    (", ".join(OWN_KEYS), "Choose a lane of your own; Delete takes it off the list."),
    (AIM_KEY, AIM_HELP),
    (
        "1 ... 9, 0",
        "Put a lane, or every lane, in focus: faults by hand hit it.",
    ),
    ("Ctrl+1 ... Ctrl+9", "Choose a scenario."),
    ("Alt+M, Alt+Shift+M", "Unfold more settings, and more faults."),
    ("Alt and a letter", "Go to the field whose label has it underlined; the tooltip says others."),
    ("Enter", "Explain the chosen fault."),
    ("In Decide", "1, 2 and 3 answer the questions, Alt+P proves, Alt+R runs the candidates."),
    (
        "In measure mode",
        "F5 starts, F6 stops and keeps what is done, Ctrl+O opens an earlier measurement, Ctrl+E "
        "exports, Ctrl+Shift+C copies the command line, Ctrl+C the chosen lines of the table; "
        "Ctrl++, Ctrl+- and Ctrl+0 make the drawing larger, smaller, and as wide as the window.",
    ),
    (
        "On a chart or the time strip",
        "Pointing at a chart reads every chart at that moment; the wheel zooms around the mouse, a "
        "double click shows the whole run, and dragging on the strip moves the moment shown. "
        "Lists and fields keep their own arrows, Home and End while they have the focus.",
    ),
    (
        "Esc",
        "Cancel an export, dismiss a message, leave present mode, whichever of them there is; in "
        "the list of faults, follow the newest again.",
    ),
)

WORDS = (
    ("lost", "existed, and nothing can deliver it any more; counted only when that is certain"),
    ("duplicates", "effects beyond an event's first: the click was counted twice"),
    ("redelivered", "a record was delivered again, whether or not that made a second effect"),
    ("suppressed", "delivered again and refused by the idempotent sink"),
    ("in flight", "no effect yet, and something can still deliver it"),
    ("committed offset", "the next offset to read, not the last one processed"),
    (
        "high watermark",
        "the end of what a partition holds; down to the committed offset: lag",
    ),
    ("last stable offset", "the end of what may be read: beyond it transactions are still open"),
    (
        "dot, diamond, cross",
        "in the pictures: an event on its way, one that is delivered again (struck through when it "
        "is refused), one that is lost",
    ),
    ("incarnation", "one process in a slot; a dead one is replaced by the next"),
    (
        "zombie",
        "a process that was paused past its session timeout: others have taken its work over, and "
        "when it wakes it must be stopped from doing it again",
    ),
    (
        "blocked",
        "for how long prepared transactions stood in doubt, neither committed nor aborted: what "
        "two-phase commit costs when a process dies between its two phases",
    ),
    (
        "step",
        "a named point in what a process does; a kill is reported as after one and before another, "
        "and can be ordered to happen exactly there",
    ),
    ("target", "the lane that faults by hand hit; every lane unless you choose one"),
    (
        "contract",
        "what a lane may lose or count twice, worked out from the order in which its parts commit",
    ),
    (
        "life",
        "everything that the files tell of one event, from when it was due to what became of it",
    ),
    (
        "measurement",
        "lanes run one at a time, in rounds of balanced order, after a warm-up; told are the "
        "median over the rounds and its interval, of 95 % from 6 rounds on",
    ),
    (
        "relative cost",
        "a lane's figure divided by at-most-once's of the same round; without that lane, by the "
        "first one's",
    ),
    (
        "proof",
        "a short run of one lane whose consumers are killed again and again at the step that hurts "
        "it most",
    ),
    ("preset", "settings under a name: those of the program, and those that you saved"),
    ("sweep", "one knob is turned through several values, everything else stays as it is"),
    ("knee", "the highest rate that a lane keeps up with"),
    (
        "play-back",
        "a recorded run shown again exactly as it looked, at any speed; a bar above it, the title "
        "and the status line say so all the time",
    ),
    (
        "held",
        "the display stands still at a moment of the run, counters, workers and scenes too, while "
        "the run goes on; charts are paler after that moment. Of a long run moments are kept less "
        "densely: 1,024 to 2,048 of them",
    ),
    (
        "outage",
        "a role had no live process; hatched in the charts, from the death to the replacement's "
        "first step, and wherever a sample found the role empty",
    ),
    (
        "error",
        "duplicates above the line, lost events below it; each side has a scale of its own, so "
        "that many duplicates do not hide a few lost events",
    ),
    (
        "beat",
        "one step of a scenario: what is said, what is done then, and where to look; going back "
        "shows an earlier one again and undoes nothing",
    ),
    (
        "worst step",
        "where a kill does the most that a lane's semantic lets it do, worked out from the order "
        "in which its consumer commits",
    ),
    ("drain", "after the sources stop, the workers finish what they have"),
    ("HOLDS", "nothing forbidden was seen, and a fault landed where it could hurt"),
    ("BROKEN", "something that the lane forbids was seen"),
    ("NOT TESTED", "no fault landed where it could hurt: a green result that proves nothing"),
)

OWN_LANE = (
    "a lane of your own",
    "a producer, a consumer and a sink of your choice, named by its parts (Compose a lane)",
)


def show_help(parent: QWidget) -> QDialog:
    """Opens it and returns at once."""
    dialog = QDialog(parent)
    dialog.setObjectName("help")
    dialog.setWindowTitle("Keys and words")
    dialog.resize(620, 560)
    text = QTextBrowser()
    text.setAccessibleName("Keys, lanes, faults and words")
    text.setHtml(help_html())
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    layout = QVBoxLayout(dialog)
    layout.addWidget(text)
    layout.addWidget(buttons)
    dialog.open()
    return dialog


def help_html() -> str:
    """Keys, lanes, faults and words as tables."""
    form = QKeySequence.SequenceFormat.NativeText
    keys = [(escape(QKeySequence(spec.key).toString(form)), spec.help) for spec in SPECS]
    lanes = [(lane.name, lane.rule) for lane in LANES]
    faults = [(kind.word, kind.help) for kind in KINDS.values()]
    return "".join(
        f"<h3>{title}</h3>{_table(rows)}"
        for title, rows in (
            ("Keys", [*keys, *OTHER_KEYS]),
            ("Lanes", [*lanes, OWN_LANE]),
            ("Faults", faults),
            ("Words", list(WORDS)),
        )
    )


def _table(rows: list[tuple[str, str]]) -> str:
    cells = "".join(f"<tr><td><b>{a}</b>&nbsp;&nbsp;</td><td>{b}</td></tr>" for a, b in rows)
    return f"<table cellpadding=3>{cells}</table>"
