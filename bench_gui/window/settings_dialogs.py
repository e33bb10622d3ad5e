"""Opens the dialogs that fill in a setting: a lane of one's own, the steps to kill at."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from bench_gui.bench.settings import RunSettings
from bench_gui.window.compose_dialog import ComposeDialog
from bench_gui.window.settings_panel import SettingsPanel
from bench_gui.window.steps_dialog import StepsDialog
from workers.lanes import Role, lane_of


def compose_lane(parent: QWidget, panel: SettingsPanel) -> None:
    """The parts of a lane of the user's own; returns at once."""
    dialog = ComposeDialog(parent, panel.lanes.own, panel.texts())
    dialog.composed.connect(panel.add_lane)
    dialog.open()


def choose_steps(parent: QWidget, panel: SettingsPanel) -> None:
    """The list of steps to kill at; returns at once."""
    settings = panel.reading.settings or RunSettings()
    workers = {Role.PRODUCER: settings.producers, Role.CONSUMER: settings.consumers}
    lanes = [lane_of(slug) for slug in panel.lanes.chosen()]
    dialog = StepsDialog(parent, lanes, workers, settings.kill_at)
    dialog.accepted_text.connect(lambda text: panel.show_texts({"kill-at": text}))
    dialog.open()
