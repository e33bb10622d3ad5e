"""The menu of runs and their files."""

from __future__ import annotations

from bench_gui.window.menus.command import FILE, Command, Spec

FILE_SPECS: tuple[Spec, ...] = (
    Spec(
        Command.EXPORT,
        FILE,
        "&Export...",
        "Ctrl+E",
        "Tables (CSV), pictures for slides (PNG, SVG) or a report: of the whole run, or of what "
        "is visible.",
        short="Export",
    ),
    Spec(
        Command.EXPORT_VIEW,
        FILE,
        "Export a &picture",
        "Ctrl+Shift+E",
        "Write a picture of every lane for a slide, drawn anew: larger type, light, opaque. It "
        "goes to the folder of the last export.",
    ),
    Spec(
        Command.REPORT,
        FILE,
        "Write a &report",
        "Ctrl+R",
        "Write the run as one web page that needs no other file, to the folder of the last export.",
    ),
    Spec(
        Command.OPEN,
        FILE,
        "&Open a run...",
        "Ctrl+O",
        "Show a recorded run as it stood at its end, by its directory. (Also: drop it, or its "
        "run.db, on the window.)",
        first=True,
    ),
    Spec(
        Command.COMPARE,
        FILE,
        "Compare with &another run...",
        "Ctrl+Shift+D",
        "Show this run and another one side by side: results, what was set differently, charts.",
    ),
    Spec(
        Command.OPEN_RUN,
        FILE,
        "Open the run's &folder",
        "Ctrl+Shift+O",
        "Show this run's directory in the desktop's file manager.",
    ),
    Spec(
        Command.COPY_COMMAND,
        FILE,
        "&Copy command line",
        "Ctrl+Shift+C",
        "Copy the command that repeats the run on the screen without a window; with no run, the "
        "settings.",
    ),
    Spec(
        Command.QUIT, FILE, "&Quit", "Ctrl+Q", "End every process and close the window.", first=True
    ),
)
