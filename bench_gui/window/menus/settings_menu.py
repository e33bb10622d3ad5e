"""The menu of the settings of the next run."""

from __future__ import annotations

from bench_gui.window.menus.command import SETTINGS, Command, Spec

SETTINGS_SPECS: tuple[Spec, ...] = (
    Spec(
        Command.UNDO_SETTINGS,
        SETTINGS,
        "&Undo",
        "Ctrl+Z",
        "Take back the last change of the settings; a scenario, a preset and the defaults are one "
        "change each.",
        short="Undo",
        first=True,
    ),
    Spec(
        Command.REDO_SETTINGS,
        SETTINGS,
        "&Redo",
        "Ctrl+Y",
        "Make the change again that was taken back.",
        short="Redo",
    ),
    Spec(
        Command.DEFAULTS,
        SETTINGS,
        "&Default settings",
        "Ctrl+D",
        "Set every field to its default.",
    ),
    Spec(
        Command.NEW_SEED,
        SETTINGS,
        "&New seed",
        "N",
        "Draw another seed: other events, other faults.",
        short="New",
    ),
    Spec(
        Command.COMPOSE,
        SETTINGS,
        "Compose a lan&e...",
        "Ctrl+L",
        "Put a lane of your own together from a producer, a consumer and a sink, and see what it "
        "may lose or count twice before it runs.",
        short="Compose...",
        first=True,
    ),
    Spec(
        Command.CHOOSE_STEPS,
        SETTINGS,
        "Choose the steps to k&ill at...",
        "Ctrl+K",
        "Choose protocol steps at which processes of the next run kill themselves.",
        short="Choose...",
    ),
    Spec(
        Command.OPEN_SETTINGS,
        SETTINGS,
        "&Open settings...",
        "Ctrl+Shift+L",
        "Fill in what a settings file says. A file can also be dropped on the window.",
        first=True,
    ),
    Spec(
        Command.SAVE_SETTINGS,
        SETTINGS,
        "&Save settings...",
        "Ctrl+S",
        "Write every setting to a file that this window opens and that the command line runs "
        "(run --settings FILE).",
    ),
    Spec(
        Command.EXPLAIN_SETTINGS,
        SETTINGS,
        "E&xplain the settings",
        "Shift+F1",
        "What each setting is in Kafka's words and what it changes here, beginning with the field "
        "that has the focus.",
        first=True,
    ),
)
