"""Pictures of what helps to choose: settings explained, presets, which lane, and its proof."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QMenu

from bench_gui.bench.settings import RunSettings
from bench_gui.decide import Answers
from bench_gui.window.command_table import Command
from tests.gui.pictures.taking import a_window, take_dialog, wait_for, wait_for_the_end

EVENTS_LOST_NEVER = Answers(loss=False, idempotent=False, log_to_log=True)


def take_exploring(folder: Path) -> None:
    """The settings explained and their presets; which lane to take, its cost and its proof."""
    with a_window(RunSettings(duration_s=8.0)) as window:
        explorer = window.explorer
        window.commands[Command.EXPLAIN_SETTINGS].trigger()
        take_dialog(window, explorer.help, "settings-explained", folder)
        explorer.help.reject()
        for menu in (window.menuBar().actions()[3].menu(), explorer.presets.menu):
            if isinstance(menu, QMenu):
                menu.popup(window.mapToGlobal(window.rect().center()))
                take_dialog(window, menu, menu.objectName() or "settings-menu", folder)
                menu.close()
        window.start()
        wait_for_the_end(window)
        window.commands[Command.DECIDE].trigger()
        decide = explorer.decider.dialog
        take_dialog(window, decide, "decide-open", folder)
        decide.show_answers(EVENTS_LOST_NEVER)
        take_dialog(window, decide, "decide", folder)
        explorer.decider.prover.start("exactly-once", seed=7)
        decide.hide()
        wait_for(decide.isVisible)
        take_dialog(window, decide, "decide-proved", folder)
