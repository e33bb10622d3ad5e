"""The menu of charts, and of the time that they show."""

from __future__ import annotations

from bench_gui.window.menus.command import TIME, Command, Spec

CHART_SPECS: tuple[Spec, ...] = (
    Spec(
        Command.OVERLAY,
        TIME,
        "O&verlay the lanes",
        "O",
        "One wide chart a row with the curves of every lane, or charts side by side.",
        checkable=True,
    ),
    Spec(
        Command.SOLO,
        TIME,
        "&Solo the lane in focus",
        "S",
        "Show only the lane in focus, or every lane. A number key puts a lane in focus.",
        checkable=True,
    ),
    Spec(
        Command.SAME_SCALE,
        TIME,
        "Sa&me scale in every lane",
        "Y",
        "The charts of a row have one scale, so that lanes can be compared; or each its own.",
        checkable=True,
    ),
    Spec(
        Command.LINEAR_LATENCY,
        TIME,
        "Linea&r latency",
        "L",
        "Draw latencies on a linear scale instead of a logarithmic one.",
        checkable=True,
    ),
)

TIME_SPECS: tuple[Spec, ...] = (
    Spec(
        Command.HOLD,
        TIME,
        "&Hold the display",
        "H",
        "Stop the display at this moment while the run goes on; a play-back waits.",
        checkable=True,
        short="Hold",
        first=True,
    ),
    Spec(
        Command.LIVE,
        TIME,
        "&Back to live",
        "End",
        "Follow the run again, at its newest moment.",
        short="Live",
    ),
    Spec(
        Command.SCRUB_BACK,
        TIME,
        "&Earlier",
        "Left",
        "Hold the display and move to an earlier moment. (Also: drag on the time strip.)",
        first=True,
        repeats=True,
    ),
    Spec(
        Command.SCRUB_FORWARD,
        TIME,
        "&Later",
        "Right",
        "Hold the display and move to a later moment. (Also: drag on the time strip.)",
        repeats=True,
    ),
    Spec(
        Command.CROSSHAIR_BACK,
        TIME,
        "&Crosshair earlier",
        "Shift+Left",
        "Move the crosshair, which reads every chart at one moment. (Also: point at a chart.)",
        repeats=True,
    ),
    Spec(
        Command.CROSSHAIR_FORWARD,
        TIME,
        "Crosshair l&ater",
        "Shift+Right",
        "Move the crosshair, which reads every chart at one moment. (Also: point at a chart.)",
        repeats=True,
    ),
    Spec(
        Command.ZOOM_IN,
        TIME,
        "Zoom &in",
        "+",
        "Show a shorter stretch of time. (Also: the wheel, over a chart or the time strip.)",
        first=True,
        more_keys=("=",),
        repeats=True,
    ),
    Spec(
        Command.ZOOM_OUT,
        TIME,
        "Zoom &out",
        "-",
        "Show a longer stretch of time. (Also: the wheel, over a chart or the time strip.)",
        repeats=True,
    ),
    Spec(
        Command.WHOLE_RUN,
        TIME,
        "&Whole run",
        "Home",
        "Show all of the run. (Also: a double click on a chart or the time strip.)",
    ),
    Spec(
        Command.BOOKMARK,
        TIME,
        "Boo&kmark this moment",
        "B",
        "Set a bookmark at the moment that is shown, or take away the one that is there. Bookmarks "
        "are kept with the run.",
        first=True,
        short="Bookmark",
    ),
    Spec(
        Command.NEXT_BOOKMARK,
        TIME,
        "&Next bookmark",
        "Ctrl+B",
        "Hold the display at the next bookmark; after the last one at the first.",
    ),
    Spec(
        Command.PREVIOUS_BOOKMARK,
        TIME,
        "&Previous bookmark",
        "Ctrl+Shift+B",
        "Hold the display at the bookmark before; before the first one at the last.",
    ),
)
