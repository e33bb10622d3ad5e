"""Which commands make sense now, and why the others do not: one pure function."""

from __future__ import annotations

from bench_gui.window.commands import Command
from bench_gui.window.session import Phase

NO_RUN = "there is no run yet"
GOING_ON = "a run is going on"
NOT_GOING = "no run is going on"
DRAINING = "the run is already ending"


def reasons(phase: Phase, problem: str, exporting: bool) -> dict[Command, str]:
    """Why a command is not available; an empty text when it is.

    Args:
        problem: what is wrong with the settings, empty when nothing is.
        exporting: whether an export is being written.
    """
    ending = {Phase.RUNNING: "", Phase.STOPPING: DRAINING}.get(phase, NOT_GOING)
    after = {Phase.IDLE: NO_RUN, Phase.ENDED: ""}.get(phase, GOING_ON)
    busy = GOING_ON if phase.active else ""
    return {
        Command.START: busy or problem,
        Command.STOP: ending,
        Command.ABORT: "" if phase.active else NOT_GOING,
        Command.KILL_PRODUCER: ending,
        Command.KILL_CONSUMER: ending,
        Command.NEW_SEED: busy,
        Command.DEFAULTS: busy,
        Command.EXPORT: after or ("an export is being written" if exporting else ""),
        Command.OPEN_RUN: NO_RUN if phase is Phase.IDLE else "",
        Command.COPY_COMMAND: problem,
    }
