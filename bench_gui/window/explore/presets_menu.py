"""The menu of presets: those that come with the program, the user's own, and what is done to them.

Choosing one fills every setting in, and is one step that can be taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QSettings
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from bench_gui.bench.options import from_texts, to_texts
from bench_gui.bench.presets import PRESETS
from bench_gui.bench.settings import RunSettings, SettingsError
from bench_gui.window.availability import GOING_ON
from bench_gui.window.explore.own_presets import OwnPresets

MOST_NUMBERED = 9
SAVE = "&Save these settings as a preset..."
DELETE = "&Delete a preset"

Fill = Callable[[RunSettings, str], None]
"""Settings, and what they are in a few words."""


class PresetsMenu(QObject):
    """Made anew whenever the user's own presets are others.

    Args:
        fill: fills settings in. settings: those filled in now, None when something is wrong.
        say, complain: one sentence.

    Fields:
        menu: to be put into the menu bar.
    """

    def __init__(
        self,
        parent: QWidget,
        store: QSettings,
        fill: Fill,
        settings: Callable[[], RunSettings | None],
        say: Callable[[str], None],
        complain: Callable[[str], None],
    ) -> None:
        super().__init__(parent)
        self._parent = parent
        self._own = OwnPresets(store)
        self._fill = fill
        self._settings = settings
        self._say = say
        self._complain = complain
        self.menu = QMenu("&Presets", parent)
        self.menu.setObjectName("presets")
        self.menu.setToolTipsVisible(True)
        self.menu.menuAction().setToolTip("Settings that one often wants, and those you saved.")
        self._show()

    def allow(self, allowed: bool) -> None:
        """Settings wait while a run goes on."""
        self.menu.setEnabled(allowed)
        tip = "Settings that one often wants, and those you saved."
        why = "" if allowed else f"<br><i>Not now: {GOING_ON}</i>"
        self.menu.menuAction().setToolTip(tip + why)

    def _show(self) -> None:
        self.menu.clear()
        for number, preset in enumerate(PRESETS, start=1):
            label = f"&{number}  {preset.name}" if number <= MOST_NUMBERED else preset.name
            action = self._add(self.menu, f"preset-{number}", label, preset.line)
            texts = dict(preset.texts)
            action.triggered.connect(lambda _=0, n=preset.name, t=texts: self._choose(n, t))
        self._show_own()
        self.menu.addSeparator()
        save = self._add(self.menu, "save-preset", SAVE, "Keep what is filled in under a name.")
        save.triggered.connect(self._ask_for_name)
        delete = self.menu.addMenu(DELETE)
        delete.setObjectName("delete-preset")
        delete.setEnabled(bool(self._own.names()))
        for name in self._own.names():
            action = self._add(delete, f"delete-preset-{name}", _plain(name), f"Forget {name}.")
            action.triggered.connect(lambda _=0, n=name: self._forget(n))

    def _show_own(self) -> None:
        if self._own.names():
            self.menu.addSeparator()
        for name in self._own.names():
            action = self._add(self.menu, f"own-preset-{name}", _plain(name), "Saved by you.")
            action.triggered.connect(lambda _=0, n=name: self._choose(n, self._own.texts(n)))

    def _add(self, menu: QMenu, name: str, label: str, tip: str) -> QAction:
        action = menu.addAction(label)
        action.setObjectName(name)
        action.setToolTip(tip)
        return action

    def _choose(self, name: str, texts: Mapping[str, str]) -> None:
        try:
            settings = from_texts(texts)
        except SettingsError as problem:
            self._complain(f"The preset {name} can no longer be run: {problem}")
            return
        self._fill(settings, f"the preset {name}")
        self._say(f"The preset {name} is filled in")

    def _ask_for_name(self) -> None:
        if self._settings() is None:
            self._complain("Settings with a problem cannot be saved as a preset.")
            return
        dialog = QInputDialog(self._parent)
        dialog.setObjectName("preset-name")
        dialog.setWindowTitle("Save as a preset")
        dialog.setLabelText("&Name (a preset of yours with the same name is replaced):")
        dialog.textValueSelected.connect(self._save)
        dialog.open()

    def _save(self, name: str) -> None:
        settings = self._settings()
        if settings is None or not name.strip():
            return
        self._own.save(name.strip(), to_texts(settings))
        self._show()
        self._say(f"The preset {name.strip()} is saved")

    def _forget(self, name: str) -> None:
        self._own.delete(name)
        self._show()
        self._say(f"The preset {name} is deleted")


def _plain(name: str) -> str:
    """An ampersand would be taken for a mnemonic."""
    return name.replace("&", "&&")
