"""What the window can be told to do, and what is to be said of each such command."""

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
