"""Everything the window can be told to do: one table, one row a command. Knows no Qt.

A command has one key, one tooltip and one availability, wherever it is shown (menu or button).
"""

from __future__ import annotations

from bench_gui.window.menus.command import (
    FILE,
    HELP,
    MENUS,
    RUN,
    SCENARIOS,
    SETTINGS,
    TIME,
    VIEW,
    Command,
    Spec,
)
from bench_gui.window.menus.file_menu import FILE_SPECS
from bench_gui.window.menus.help_menu import HELP_SPECS
from bench_gui.window.menus.run_menu import PLAY_BACK_SPECS, RUN_SPECS
from bench_gui.window.menus.scenario_menu import SCENARIO_SPECS
from bench_gui.window.menus.settings_menu import SETTINGS_SPECS
from bench_gui.window.menus.time_menu import CHART_SPECS, TIME_SPECS
from bench_gui.window.menus.view_menu import VIEW_SPECS

__all__ = [
    "FILE",
    "HELP",
    "MENUS",
    "RUN",
    "SCENARIOS",
    "SETTINGS",
    "SPECS",
    "TIME",
    "VIEW",
    "Command",
    "Spec",
]

SPECS: tuple[Spec, ...] = (
    FILE_SPECS
    + RUN_SPECS
    + PLAY_BACK_SPECS
    + SCENARIO_SPECS
    + SETTINGS_SPECS
    + VIEW_SPECS
    + CHART_SPECS
    + TIME_SPECS
    + HELP_SPECS
)
