"""The settings that a lane of the user's own may have for itself, as text. Pure.

A lane's slug carries them (`workers.lanes`); what they may be and which setting each one replaces
is said here, once, also for the command line's options of the same names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench_gui.bench import units
from workers.lanes import Lane


@dataclass(frozen=True, slots=True)
class Knob:
    """One setting as text.

    Fields:
        key: its name in a slug and on the command line.
        field: the setting in RunSettings that it replaces.
        parse: text to value. Raises ValueError with one sentence.
        format: value to text. Invariant: parse(format(value)) == value.
    """

    key: str
    field: str
    parse: Callable[[str], Any]
    format: Callable[[Any], str]


KNOBS: tuple[Knob, ...] = (
    Knob("batch", "batch", units.parse_count, units.format_count),
    Knob("linger", "linger_ms", units.parse_duration_ms, units.format_duration_ms),
    Knob(
        "commit-interval",
        "commit_interval",
        units.parse_commit_interval,
        units.format_commit_interval,
    ),
    Knob("sink-batch", "sink_batch", units.parse_count, units.format_count),
    Knob("work", "work_us", units.parse_duration_us, units.format_duration_us),
)

KNOB_BY_KEY: dict[str, Knob] = {knob.key: knob for knob in KNOBS}


def knob_values(lane: Lane) -> dict[str, Any]:
    """The lane's own values, by field of RunSettings; whether they are within bounds is not asked.

    Raises:
        ValueError: a text that cannot be read; one sentence that names the lane.
    """
    values: dict[str, Any] = {}
    for key, text in lane.knobs:
        knob = KNOB_BY_KEY[key]
        try:
            values[knob.field] = knob.parse(text)
        except ValueError as error:
            raise ValueError(f"{key}: {error}, in {lane.slug!r}") from None
    return values
