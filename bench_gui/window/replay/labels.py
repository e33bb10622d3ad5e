"""What marks a play-back, in words: nobody is to take it for a run that is going on. Pure."""

from __future__ import annotations

from datetime import datetime

from bench_gui.bench.recording.about import About

RECORDED = "RECORDED RUN"
"""The end of a run that was opened or played back."""


def speed_text(speed: float) -> str:
    """As x0.25, x1, x16."""
    return f"x{speed:g}"


def label_of(*, playing: bool, held: bool, speed: float, about: About | None) -> str:
    """The badge of a run that was opened.

    Args:
        playing: whether it is being played, or has come to its end.
    """
    pace = "held" if held else speed_text(speed)
    badge = f"PLAY-BACK {pace}" if playing else RECORDED
    if about is None:
        return badge
    notes = (
        ("cut off", about.cut_off is not None),
        ("rebuilt", about.coarse),
        ("estimated", about.coarse and playing),
        ("damaged", about.damaged),
    )
    return ", ".join((badge, *(note for note, holds in notes if holds)))


def told_of(about: About) -> str:
    """What is played, in one line: when it ran, and what is to be known of it."""
    when = when_text(about.started_at)
    notes = [f"recorded {when}"] if when else []
    if about.coarse:
        notes.append("without its pictures, so rebuilt from its samples and estimated in between")
    return ", ".join(notes)


def when_text(started_at: str) -> str:
    """The reader's own day and time; as it stands when it is none."""
    try:
        return f"{datetime.fromisoformat(started_at).astimezone():%Y-%m-%d %H:%M}"
    except ValueError:
        return started_at


def window_title(run: str, seed: int | None, state: str) -> str:
    """The main window's title; without a run the program's name.

    Args:
        run: its name, empty for none. state: how it stands, in a word or two.
    """
    if not run:
        return "Delivery Bench"
    return f"Delivery Bench - run {run} seed {seed} ({state})"
