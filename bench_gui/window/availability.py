"""Which commands make sense now, and why the others do not: one pure function."""

from __future__ import annotations

from dataclasses import dataclass

from bench_gui.window.command_table import Command
from bench_gui.window.session import Phase

NO_RUN = "there is no run yet"
GOING_ON = "a run is going on"
NOT_GOING = "no run is going on"
DRAINING = "the run is already ending"
MEASURING = (
    "a measurement is going on, and the two would disturb each other; Ctrl+M shows it, and stops it"
)
PLAY_BACK = "this is a play-back; Ctrl+W closes it"
NO_PLAY_BACK = "no run is being played back"
NOT_OPENED = "no recorded run is open"
NO_FAULT = "no fault is chosen in the list"
NO_SCENARIO = "no scenario was chosen"
NO_BEATS = "no scenario with beats was chosen"
NOTHING_CHANGED = "nothing was changed"
NOTHING_UNDONE = "nothing was taken back"

BY_HAND = (
    Command.KILL_PRODUCER,
    Command.KILL_CONSUMER,
    Command.KILL_AT_STEP,
    Command.KILL_AT_WORST,
    Command.PAUSE_PRODUCER,
    Command.PAUSE_CONSUMER,
    Command.DOWN_PRODUCERS,
    Command.DOWN_CONSUMERS,
    Command.LOSE_ACK,
)

NO_BOOKMARK = "the run has no bookmark"
NO_FOCUS = "no lane is in focus; a number key puts one there"
OVERLAID = "in the overlay the lanes share a chart, and so its scale"
IN_TIME = (
    Command.HOLD,
    Command.LIVE,
    Command.SCRUB_BACK,
    Command.SCRUB_FORWARD,
    Command.CROSSHAIR_BACK,
    Command.CROSSHAIR_FORWARD,
    Command.ZOOM_IN,
    Command.ZOOM_OUT,
    Command.WHOLE_RUN,
    Command.BOOKMARK,
)
"""What can be done with the time of a run."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What availability depends on.

    Fields:
        problem: what is wrong with the settings, empty when nothing is.
        exporting: whether an export is being written.
        fault_chosen: whether a fault is chosen in the list.
        scenario: whether a scenario's story can be shown.
        beats: whether a scenario or script with beats was chosen.
        undoable: whether a change of the settings can be taken back.
        redoable: whether one that was taken back can be made again.
        measuring: whether a measurement is going on.
        recorded: whether the run that is shown was opened, or one is being opened.
        bookmarked: whether the run that is shown has bookmarks.
        focused: whether a lane is in focus, or alone. overlaid: whether the lanes share charts.
    """

    phase: Phase
    problem: str = ""
    exporting: bool = False
    fault_chosen: bool = False
    scenario: bool = False
    undoable: bool = False
    beats: bool = False
    redoable: bool = False
    measuring: bool = False
    recorded: bool = False
    bookmarked: bool = False
    focused: bool = False
    overlaid: bool = False


def reasons(now: Situation) -> dict[Command, str]:
    """Why a command is not available; an empty text when it is."""
    phase = now.phase
    ending = {Phase.RUNNING: "", Phase.STOPPING: DRAINING, Phase.PLAYING: PLAY_BACK}.get(
        phase, NOT_GOING
    )
    after = {Phase.IDLE: NO_RUN, Phase.ENDED: "", Phase.PLAYING: ""}.get(phase, GOING_ON)
    writing = "an export is being written" if now.exporting else ""
    busy = GOING_ON if phase.active else ""
    playing = PLAY_BACK if phase is Phase.PLAYING else ""
    not_playing = "" if playing else NO_PLAY_BACK
    no_run = NO_RUN if phase is Phase.IDLE else ""
    return dict.fromkeys(BY_HAND, ending) | {
        Command.START: busy or playing or (MEASURING if now.measuring else now.problem),
        Command.STOP: ending,
        Command.ABORT: "" if phase.active else playing or NOT_GOING,
        Command.OPEN: busy,
        Command.COMPARE: after,
        Command.PLAY_BACK: after,
        Command.SLOWER: not_playing,
        Command.FASTER: not_playing,
        Command.CLOSE_PLAY_BACK: "" if now.recorded else NOT_OPENED,
        Command.COMPOSE: busy,
        Command.CHOOSE_STEPS: busy,
        Command.NEW_SEED: busy,
        Command.DEFAULTS: busy,
        Command.UNDO_SETTINGS: busy or ("" if now.undoable else NOTHING_CHANGED),
        Command.REDO_SETTINGS: busy or ("" if now.redoable else NOTHING_UNDONE),
        Command.OPEN_SETTINGS: busy,
        Command.SAVE_SETTINGS: now.problem,
        Command.STORY: "" if now.scenario else NO_SCENARIO,
        Command.EXPORT: no_run or writing,
        Command.EXPORT_VIEW: no_run or writing,
        Command.REPORT: after or writing,
        Command.NEXT_BEAT: "" if now.beats else NO_BEATS,
        Command.PREVIOUS_BEAT: "" if now.beats else NO_BEATS,
        Command.SCRIPT: busy,
        Command.OPEN_RUN: no_run,
        Command.COPY_COMMAND: now.problem if phase is Phase.IDLE else "",
        Command.EXPLAIN_FAULT: no_run or ("" if now.fault_chosen else NO_FAULT),
        Command.EXPLAIN_EVENT: no_run,
        Command.SOLO: "" if now.focused else NO_FOCUS,
        Command.SAME_SCALE: OVERLAID if now.overlaid else "",
        **dict.fromkeys(IN_TIME, no_run),
        Command.NEXT_BOOKMARK: no_run or ("" if now.bookmarked else NO_BOOKMARK),
        Command.PREVIOUS_BOOKMARK: no_run or ("" if now.bookmarked else NO_BOOKMARK),
    }
