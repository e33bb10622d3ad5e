"""The menu of help."""

from __future__ import annotations

from bench_gui.window.menus.command import HELP, Command, Spec

HELP_SPECS: tuple[Spec, ...] = (
    Spec(
        Command.DECIDE,
        HELP,
        "&Decide which lane...",
        "D",
        "Three questions about your own system; the answers name a lane, what it costs, and how "
        "to prove it.",
        short="Decide...",
    ),
    Spec(
        Command.CHEAT_SHEET, HELP, "&Cheat sheet", "?", "Every key at a glance; any key closes it."
    ),
    Spec(Command.KEYS, HELP, "&Keys and words", "F1", "Every key, and what the words mean."),
    Spec(Command.ABOUT, HELP, "&About Delivery Bench", "Ctrl+F1", "What this program is."),
)
