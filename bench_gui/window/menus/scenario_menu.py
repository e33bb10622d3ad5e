"""The menu of scenarios, after the scenarios themselves: story, beats and scripts."""

from __future__ import annotations

from bench_gui.window.menus.command import SCENARIOS, Command, Spec

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
