"""Numbers and times as people read them. Pure."""

from __future__ import annotations

SUFFIXES = ((1e9, "G"), (1e6, "M"), (1e3, "k"))
ROUNDS_UP = 0.9995
"""From this share of a thousand on, three figures round to it."""


def short(value: float) -> str:
    """A number in three figures: 1.00k, 12.3, 0.046."""
    for size, suffix in SUFFIXES:
        if abs(value) >= size * ROUNDS_UP:
            return three_figures(value / size) + suffix
    return three_figures(value)


def three_figures(value: float) -> str:
    """At most three figures before and after the point together, without an exponent."""
    size = abs(value)
    if size == 0:
        return "0"
    decimals = 0 if size >= 99.95 else 1 if size >= 9.995 else 2 if size >= ROUNDS_UP else 3
    return f"{value:.{decimals}f}"


def many(number: int, what: str) -> str:
    """ "1 round", "2 rounds"."""
    return f"{number} {what}{'s' * (number != 1)}"


def in_words(duration_s: float) -> str:
    """A time to wait for: "40 s", "3 min 20 s", "2 h 5 min"."""
    seconds = round(duration_s)
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60} min"
