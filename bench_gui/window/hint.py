"""How to begin: what stands over the empty charts."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from bench_gui.window.widgets import text_label, type_px

HINT_BELOW_PX, MARGIN_PX = 8, 16
HINT_PX = 560
"""How wide it is where there is room, with type of the usual size."""
HINT_TITLE = "Press Start (F5)"
HINT_TEXT = (
    "Every lane gets the same clicks at the same times. Its producers and consumers are real "
    "processes, and the faults that you have set really hit them, in every lane alike. "
    "Watch what each lane lost, what it counted twice, and which fault did it.\n\n"
    "Which lane do you need? Decide (D).   What can go wrong? Scenarios (Ctrl+1 to Ctrl+9)."
)


class Hint(QFrame):
    """Words on a card, as wide as there is room."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("hint")
        self.setProperty("part", "hint")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(26, 18, 26, 20)
        layout.setSpacing(6)
        for text, part in ((HINT_TITLE, "hint-title"), (HINT_TEXT, "muted")):
            label = text_label(text, part)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            layout.addWidget(label)

    def fit(self, free_px: int) -> None:
        """Takes as much as it needs of so many pixels across."""
        wide = min(type_px(self, HINT_PX), max(free_px - MARGIN_PX, 1))
        self.resize(wide, max(self.heightForWidth(wide), 1))
