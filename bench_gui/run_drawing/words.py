"""Texts of a picture: lines that fit, and values in words. Pure."""

from __future__ import annotations

import re

from bench_gui.bench.numbers import many
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.units import format_duration_s, format_every
from bench_gui.measure_drawing.look import width_of

JOINTS = re.compile(r"(?<=[-+@=/])")
"""Where a long word may be broken: after what joins its parts."""
EVEN_STEPS = 20
"""How finely the width is looked for at which lines are even."""


def lines_of(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Lines that fit into `width` pixels; a word that is too long for a line is broken."""
    lines: list[str] = []
    for word in text.split():
        for number, part in enumerate(_parts(word, width, size, bold=bold)):
            longer = "" if not lines else f"{lines[-1]}{' ' * (number == 0)}{part}"
            if longer and width_of(longer, size, bold=bold) <= width:
                lines[-1] = longer
            else:
                lines.append(part)
    return lines or [""]


def even_lines_of(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """As few lines as `lines_of` makes, of about the same length: no lone word at the end."""
    lines = lines_of(text, width, size, bold=bold)
    for share in range(EVEN_STEPS - 1, 0, -1):
        narrower = lines_of(text, width * share / EVEN_STEPS, size, bold=bold)
        breaks_a_word = " ".join(narrower).split() != " ".join(lines).split()
        if len(narrower) > len(lines) or breaks_a_word:
            break
        lines = narrower
    return lines


def _parts(word: str, width: float, size: float, *, bold: bool) -> list[str]:
    """The word, or pieces that fit: broken where it is joined, if need be anywhere."""
    most = max(4, int(width / width_of("m", size, bold=bold)))
    if len(word) <= most:
        return [word]
    pieces = [piece for piece in JOINTS.split(word) if piece]
    return [one[start : start + most] for one in pieces for start in range(0, len(one), most)]


def duration_text(value_ns: float) -> str:
    """In the largest unit in which it is 1 or more, three digits: "1.24 ms"."""
    for size, unit in ((1e9, "s"), (1e6, "ms"), (1e3, "µs")):
        if value_ns >= size:
            return f"{value_ns / size:.3g} {unit}"
    return f"{value_ns:.3g} ns"


def heading_of(settings: RunSettings) -> str:
    """What a run was asked to do, in a line."""
    rate = "in a closed loop" if settings.rate_eps is None else f"at {settings.rate_eps:,} events/s"
    parts = [
        f"{format_duration_s(settings.duration_s)} {rate}",
        f"{many(settings.producers, 'producer')}, {many(settings.consumers, 'consumer')},"
        f" {many(settings.partitions, 'partition')} a lane",
    ]
    faults = (
        ("a kill every", settings.kill_every_s),
        ("a pause every", settings.pause_every_s),
        ("a role down every", settings.down_every_s),
    )
    parts += [f"{words} {format_every(gap)}" for words, gap in faults if gap is not None]
    return " · ".join(parts)
