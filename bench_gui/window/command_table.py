"""Everything the window can be told to do: one table, one row a command. Knows no Qt.

A command has one key, one tooltip and one availability, wherever it is shown (menu or button).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Command(Enum):
    """What can be asked for. The value is the QAction's object name."""

    START = "start"
    STOP = "stop"
    ABORT = "abort"
    KILL_PRODUCER = "kill-producer"
    KILL_CONSUMER = "kill-consumer"
    KILL_AT_STEP = "kill-at-step"
    KILL_AT_WORST = "kill-at-worst"
    PAUSE_PRODUCER = "pause-producer"
    PAUSE_CONSUMER = "pause-consumer"
    DOWN_PRODUCERS = "down-producers"
    DOWN_CONSUMERS = "down-consumers"
    LOSE_ACK = "lose-ack"
    COMPOSE = "compose"
    CHOOSE_STEPS = "choose-steps"
    NEW_SEED = "new-seed"
    MEASURE = "measure"
    UNDO_SETTINGS = "undo-settings"
    REDO_SETTINGS = "redo-settings"
    SAVE_SETTINGS = "save-settings"
    OPEN_SETTINGS = "open-settings"
    EXPLAIN_SETTINGS = "explain-settings"
    DECIDE = "decide"
    STORY = "story"
    NEXT_BEAT = "next-beat"
    PREVIOUS_BEAT = "previous-beat"
    SCRIPT = "script"
    EXPORT = "export"
    EXPORT_VIEW = "export-view"
    REPORT = "report"
    OPEN_RUN = "open-run"
    OPEN = "open"
    COMPARE = "compare"
    PLAY_BACK = "play-back"
    SLOWER = "slower"
    FASTER = "faster"
    CLOSE_PLAY_BACK = "close-play-back"
    COPY_COMMAND = "copy-command"
    DEFAULTS = "defaults"
    QUIT = "quit"
    PIPELINES_VIEW = "pipelines-view"
    CHARTS_VIEW = "charts-view"
    LINKS_VIEW = "links-view"
    RESULTS_VIEW = "results-view"
    DARK = "dark"
    CONSOLE = "console"
    EVENTS = "events"
    REDUCED_MOTION = "reduced-motion"
    FULL_SCREEN = "full-screen"
    TOOLBAR = "toolbar"
    RESET_LAYOUT = "reset-layout"
    PRESENT = "present"
    LARGER_TYPE = "larger-type"
    SMALLER_TYPE = "smaller-type"
    NORMAL_TYPE = "normal-type"
    OVERLAY = "overlay"
    SOLO = "solo"
    SAME_SCALE = "same-scale"
    LINEAR_LATENCY = "linear-latency"
    HOLD = "hold"
    LIVE = "live"
    SCRUB_BACK = "scrub-back"
    SCRUB_FORWARD = "scrub-forward"
    CROSSHAIR_BACK = "crosshair-back"
    CROSSHAIR_FORWARD = "crosshair-forward"
    ZOOM_IN = "zoom-in"
    ZOOM_OUT = "zoom-out"
    WHOLE_RUN = "whole-run"
    BOOKMARK = "bookmark"
    NEXT_BOOKMARK = "next-bookmark"
    PREVIOUS_BOOKMARK = "previous-bookmark"
    FOCUS_EVENTS = "focus-events"
    FILTER_EVENTS = "filter-events"
    EXPLAIN_FAULT = "explain-fault"
    EXPLAIN_EVENT = "explain-event"
    CHEAT_SHEET = "cheat-sheet"
    KEYS = "keys"
    ABOUT = "about"


@dataclass(frozen=True, slots=True)
class Spec:
    """One command.

    Fields:
        menu: where it is found. text: with its menu mnemonic. key: in Qt's portable form.
        help: what it does, for the tooltip. checkable: whether it is a state.
        short: its name on a button. first: whether a line separates it from the one above.
        more_keys: that do the same, as a clicker or another keyboard sends them.
        repeats: whether it is done again and again while the key is held down.
    """

    command: Command
    menu: str
    text: str
    key: str
    help: str
    checkable: bool = False
    short: str = ""
    first: bool = False
    more_keys: tuple[str, ...] = ()
    repeats: bool = False


FILE, RUN, SCENARIOS, VIEW, HELP = "&File", "Ru&n", "Scenari&os", "&View", "&Help"
SETTINGS = "&Settings"
TIME = "Charts and &time"
MENUS = (FILE, RUN, SCENARIOS, SETTINGS, VIEW, TIME, HELP)

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
        "Copy the command that repeats these settings without a window.",
    ),
    Spec(
        Command.QUIT, FILE, "&Quit", "Ctrl+Q", "End every process and close the window.", first=True
    ),
)

PLAY_BACK_SPECS: tuple[Spec, ...] = (
    Spec(
        Command.PLAY_BACK,
        RUN,
        "Play this run &back",
        "R",
        "Play the run that is shown from its beginning, exactly as it looked.",
        short="Play",
        first=True,
    ),
    Spec(
        Command.SLOWER,
        RUN,
        "Pla&y back slower",
        "<",
        "Play back at half the speed, down to a quarter.",
        short="Slower",
    ),
    Spec(
        Command.FASTER,
        RUN,
        "Play back &faster",
        ">",
        "Play back at twice the speed, up to sixteen times.",
        short="Faster",
    ),
    Spec(
        Command.CLOSE_PLAY_BACK,
        RUN,
        "Close t&he play-back",
        "Ctrl+W",
        "Go to the end of the run that is played back; at its end, close the run.",
        short="Close",
    ),
)

RUN_SPECS: tuple[Spec, ...] = (
    Spec(
        Command.START,
        RUN,
        "&Start",
        "F5",
        "Start every lane's producers and consumers as real processes, on the same events and "
        "the same fault schedule.",
        short="Start",
    ),
    Spec(
        Command.STOP,
        RUN,
        "S&top and drain",
        "F6",
        "Sources and faults stop, the workers finish what they have (drain), then the final count "
        "is made.",
        short="Stop",
    ),
    Spec(
        Command.ABORT,
        RUN,
        "C&ut off",
        "Shift+F6",
        "End every process at once, without drain or final count. The run says so.",
    ),
    Spec(
        Command.KILL_PRODUCER,
        RUN,
        "Kill a &producer now",
        "P",
        "SIGKILL to a random live producer, now, in every lane or in the one aimed at.",
        short="Kill",
        first=True,
    ),
    Spec(
        Command.KILL_CONSUMER,
        RUN,
        "Kill a &consumer now",
        "C",
        "SIGKILL to a random live consumer, now, in every lane or in the one aimed at.",
        short="Kill",
    ),
    Spec(
        Command.KILL_AT_STEP,
        RUN,
        "&Kill at a step",
        "K",
        "The next process of slot 0 that passes a protocol step kills itself exactly there, once.",
        short="At step...",
    ),
    Spec(
        Command.KILL_AT_WORST,
        RUN,
        "Kill at the &worst step",
        "W",
        "A process of the lane in focus kills itself where that does the most that the lane's "
        "semantic lets it do; with none in focus, one of every lane, each at its own worst step.",
        short="Worst step",
    ),
    Spec(
        Command.PAUSE_PRODUCER,
        RUN,
        "Pause a p&roducer now",
        "Shift+Z",
        "SIGSTOP to a random live producer; it goes on (SIGCONT) after the pause of the settings.",
        short="Pause",
        first=True,
    ),
    Spec(
        Command.PAUSE_CONSUMER,
        RUN,
        "Pause a consu&mer now",
        "Z",
        "SIGSTOP to a random live consumer: a zombie once its session has expired. It goes on "
        "(SIGCONT) after the pause of the settings.",
        short="Pause",
    ),
    Spec(
        Command.DOWN_PRODUCERS,
        RUN,
        "Take &all producers down",
        "Shift+P",
        "SIGKILL to every producer at once; their slots stay empty as long as the settings say.",
        short="All down",
    ),
    Spec(
        Command.DOWN_CONSUMERS,
        RUN,
        "Take a&ll consumers down",
        "Shift+C",
        "SIGKILL to every consumer at once; their slots stay empty as long as the settings say.",
        short="All down",
    ),
    Spec(
        Command.LOSE_ACK,
        RUN,
        "Lose an acknowled&gement",
        "A",
        "The next append of a producer happens, and its acknowledgement does not arrive in time: a "
        "producer that waits for it appends again.",
        short="Lose ack",
        first=True,
    ),
    Spec(
        Command.MEASURE,
        RUN,
        "Measure, &one lane at a time...",
        "Ctrl+M",
        "Open measure mode: each lane runs alone, in rounds, so that throughput, latency, CPU time "
        "and bytes per event can be compared; or turn one knob and see what it buys.",
        short="Measure...",
        first=True,
    ),
)

SCENARIO_SPECS: tuple[Spec, ...] = (
    Spec(
        Command.STORY,
        SCENARIOS,
        "&Story",
        "F4",
        "Show or hide the story of the scenario: what happens, and what to watch for.",
        checkable=True,
        short="Hide",
        first=True,
    ),
    Spec(
        Command.NEXT_BEAT,
        SCENARIOS,
        "&Next beat",
        "PgDown",
        "Go on: say what comes next, do it, and mark where to look. A clicker sends this key.",
        short="Next",
        first=True,
        more_keys=(".",),
    ),
    Spec(
        Command.PREVIOUS_BEAT,
        SCENARIOS,
        "&Previous beat",
        "PgUp",
        "Show the text of the beat before again. Nothing that was done is undone.",
        short="Back",
    ),
    Spec(
        Command.SCRIPT,
        SCENARIOS,
        "&Open a script...",
        "Ctrl+Shift+P",
        "Open a file with a title, settings and beats of your own; it is read again when it "
        "changes.",
        first=True,
    ),
)

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

VIEW_SPECS: tuple[Spec, ...] = (
    Spec(
        Command.PIPELINES_VIEW,
        VIEW,
        "&Pipelines",
        "F2",
        "Each lane as a picture: producers, log, consumers, result, and the events on their way.",
        checkable=True,
    ),
    Spec(
        Command.CHARTS_VIEW,
        VIEW,
        "&Charts",
        "F3",
        "Each lane as charts: throughput, latency, error, lag.",
        checkable=True,
    ),
    Spec(
        Command.LINKS_VIEW,
        VIEW,
        "&Links",
        "Shift+F2",
        "What a dashboard would show: clicks by link as each lane counted them, beside the truth.",
        checkable=True,
    ),
    Spec(
        Command.RESULTS_VIEW,
        VIEW,
        "Resul&ts",
        "Shift+F3",
        "One line a lane, every column of summary.csv; to sort, and to copy into a spreadsheet.",
        checkable=True,
    ),
    Spec(Command.DARK, VIEW, "&Dark theme", "T", "Light or dark.", checkable=True, first=True),
    Spec(Command.CONSOLE, VIEW, "&Settings", "F9", "Show or hide the settings.", checkable=True),
    Spec(Command.EVENTS, VIEW, "&Faults", "F8", "Show or hide the list of faults.", checkable=True),
    Spec(Command.FOCUS_EVENTS, VIEW, "&Go to the faults", "F7", "Move the focus to the faults."),
    Spec(
        Command.FILTER_EVENTS,
        VIEW,
        "F&ilter the faults",
        "Ctrl+Shift+F",
        "List some of the faults: by words, kind, lane, or those that did harm.",
    ),
    Spec(
        Command.EXPLAIN_FAULT,
        VIEW,
        "&Explain the fault",
        "E",
        "Draw the life of an event that the chosen fault harmed: when it was due, where it was "
        "stored, who fetched it, and what decided its fate. (Also: Enter or a double click.)",
        short="Explain",
        first=True,
    ),
    Spec(
        Command.EXPLAIN_EVENT,
        VIEW,
        "Explain an e&vent...",
        "Ctrl+F",
        "Draw the life of any event, named by its source slot and sequence number.",
    ),
    Spec(
        Command.TOOLBAR,
        VIEW,
        "Tool&bar",
        "Ctrl+Shift+T",
        "Show or hide the toolbar. It comes by itself when the settings are hidden.",
        checkable=True,
        first=True,
    ),
    Spec(
        Command.RESET_LAYOUT,
        VIEW,
        "Reset the la&yout",
        "Ctrl+Shift+R",
        "Window, docks, view and size of the type as at the first start.",
    ),
    Spec(
        Command.REDUCED_MOTION,
        VIEW,
        "Reduced &motion",
        "Ctrl+Shift+M",
        "Nothing moves in the pictures of the lanes; numbers say what would.",
        checkable=True,
    ),
    Spec(
        Command.FULL_SCREEN,
        VIEW,
        "F&ull screen",
        "F11",
        "Full screen.",
        checkable=True,
        first=True,
    ),
    Spec(
        Command.PRESENT,
        VIEW,
        "Prese&nt",
        "F12",
        "For a talk: full screen, no settings and no list, larger type and lines, and every key "
        "shows what it did. Esc leaves.",
        checkable=True,
    ),
    Spec(
        Command.LARGER_TYPE,
        VIEW,
        "La&rger type",
        "Ctrl++",
        "Everything that is written a step larger.",
        first=True,
        more_keys=("Ctrl+=",),
    ),
    Spec(
        Command.SMALLER_TYPE,
        VIEW,
        "Sm&aller type",
        "Ctrl+-",
        "Everything that is written a step smaller.",
    ),
    Spec(
        Command.NORMAL_TYPE,
        VIEW,
        "Type as it &was",
        "Ctrl+0",
        "Everything that is written as large as at first.",
    ),
)

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
