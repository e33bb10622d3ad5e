"""The knobs that a measurement can turn, and through which values. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bench_gui.bench.knobs import KNOB_BY_KEY
from bench_gui.bench.options import OPTION_BY_KEY, from_texts
from bench_gui.bench.settings import CommitInterval, RunSettings, SettingsError
from workers.lanes import lane_of

RATE = "rate"
RATE_STEP = 2
FIRST_RATE = 1000
RATE_STEPS = 9

DEFAULT_VALUES: dict[str, tuple[str, ...]] = {
    RATE: tuple(OPTION_BY_KEY[RATE].format(FIRST_RATE * RATE_STEP**k) for k in range(RATE_STEPS)),
    "commit-interval": ("1ms", "10ms", "50ms", "100ms", "500ms", "2s"),
    "batch": ("1", "10", "100", "500", "2k"),
    "durability": ("off", "normal", "full"),
    "payload": ("0", "100", "1k", "10k"),
    "consumers": ("1", "2", "4"),
    "linger": ("0s", "1ms", "2ms", "5ms", "20ms"),
    "sink-batch": ("1", "10", "100", "1k"),
}
"""By name of a sweep, which is the option's key."""

LEAST_VALUES = 2
MOST_VALUES = 40


@dataclass(frozen=True, slots=True)
class Sweep:
    """One knob and the values it takes.

    Fields:
        name: an option's key; one of DEFAULT_VALUES.
        values: as text, as the option formats them; in the order that was asked for, for `rate`
            ascending.
    """

    name: str
    values: tuple[str, ...]

    @property
    def walks(self) -> bool:
        """Whether the values are walked up, and no further than a lane can follow."""
        return self.name == RATE

    def applied(self, run: RunSettings, text: str) -> RunSettings:
        """The run with the knob at the value. Raises SettingsError."""
        option = OPTION_BY_KEY[self.name]
        return replace(run, **{option.field: option.value(text)})

    def number(self, text: str) -> float | None:
        """The value as a number for an axis, in the unit of `unit`; None where it is a word."""
        return number_of(OPTION_BY_KEY[self.name].value(text))

    @property
    def unit(self) -> str:
        """Of `number`, such as "ms"; "" for a plain count."""
        units = {RATE: "events/s", "commit-interval": "ms", "linger": "ms", "payload": "bytes"}
        return units.get(self.name, "")


def number_of(value: Any) -> float | None:
    """A setting's value as a number; of a commit interval the time, or else the records."""
    if isinstance(value, CommitInterval):
        return value.ms if value.ms is not None else value.records
    return float(value) if isinstance(value, int | float) else None


def plain_value(name: str, text: str) -> str:
    """A value as a program reads it: 1000 for 1k; a time such as 100ms and a word as they are.

    Args:
        name: of the sweep; "" without one.
        text: as the option formats it.
    """
    value = OPTION_BY_KEY[name].value(text) if name and text else text
    if isinstance(value, CommitInterval):
        value = value.records
    return str(value) if isinstance(value, int) else text


def sweep_of(name: str, values: Sequence[str] = (), lanes: Sequence[str] = ()) -> Sweep:
    """The sweep called `name` with the values given, or else its own.

    Args:
        values: texts as the option of that name takes them.
        lanes: slugs; none may have the knob for itself, since the sweep could not turn it.

    Raises SettingsError: unknown, or values that cannot be swept.
    """
    if name not in DEFAULT_VALUES:
        known = ", ".join(DEFAULT_VALUES)
        raise SettingsError("sweep", f"no sweep is called {name!r}; the sweeps are {known}")
    for slug in lanes:
        if name in dict(lane_of(slug).knobs):
            raise SettingsError("sweep", f"{slug} has a {name} of its own, which no sweep can turn")
    return Sweep(name, _texts(name, values) if values else DEFAULT_VALUES[name])


def _texts(name: str, given: Sequence[str]) -> tuple[str, ...]:
    option = OPTION_BY_KEY[name]
    values = [getattr(from_texts({name: text}), option.field) for text in given]
    if name == RATE:
        if None in values:
            raise SettingsError("values", "a sweep of the rate walks up numbers; max is none")
        values.sort()
    if name in KNOB_BY_KEY and name == "commit-interval":
        kinds = {value.ms is None for value in values}
        if len(kinds) > 1:
            raise SettingsError("values", "commit intervals are all times or all records, not both")
    texts = tuple(dict.fromkeys(option.format(value) for value in values))
    if not LEAST_VALUES <= len(texts) <= MOST_VALUES:
        raise SettingsError(
            "values",
            f"a sweep takes {LEAST_VALUES} to {MOST_VALUES} different values, not {len(texts)}",
        )
    return texts
