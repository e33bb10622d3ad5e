"""Axis ranges and tick labels as pure functions. Knows no Qt and no lanes.

A range is shared by every lane of a row, so it is computed here and not by the plotting library. It
moves in round steps, grows at once and shrinks only after the data have been small for a while:
a range that jitters makes the eye compare axes instead of lanes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

ROUND_STEPS = (1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0)
"""Mantissas of a range's end. Each of them halves to a label of two digits at the most."""

TIME_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200)
ROOM = 0.04
"""Share of a range left free at each end, so that no line lies on the rim."""

READOUT_ROOM = 0.22
"""The same above latencies, where two numbers stand in the corner."""

SHRINK_BELOW = 0.45
SHRINK_AFTER_UPDATES = 30


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled place on an axis: `value` in the axis' own unit."""

    value: float
    label: str


@dataclass(frozen=True, slots=True)
class Axis:
    """A range (both ends inclusive, low < high) and its ticks in ascending order."""

    low: float
    high: float
    ticks: tuple[Tick, ...]

    def fraction(self, value: float) -> float:
        """How far up `value` is: 0 at `low`, 1 at `high`."""
        return (value - self.low) / (self.high - self.low)


def round_up(value: float, least: float = 1.0) -> float:
    """The smallest round number that is at least `value` and `least` (both above 0)."""
    wanted = max(value, least)
    power = 10.0 ** math.floor(math.log10(wanted))
    for step in ROUND_STEPS:
        if step * power >= wanted * (1 - 1e-9):
            return step * power
    return 10.0 * power


def short_number(value: float) -> str:
    """A count as an axis shows it: 950, 1.5k, 20k, 3M."""
    for size, suffix in ((1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:g}{suffix}"
    return f"{value:g}"


def duration_ns_label(value_ns: float) -> str:
    """A latency in the largest unit in which it is 1 or more, three digits: "1.24 ms"."""
    for size, unit in ((1e9, "s"), (1e6, "ms"), (1e3, "µs")):
        if value_ns >= size:
            return f"{value_ns / size:.3g} {unit}"
    return f"{value_ns:.3g} ns"


def clock_label(seconds: float) -> str:
    """A time on the time axis: "45 s", "2 min", "1 h"."""
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:g} {unit}"
    if seconds >= 60:
        return f"{seconds // 60:.0f}:{seconds % 60:02.0f}"
    return f"{seconds:g} s"


def linear_axis(high: float) -> Axis:
    """From 0 to `high` with three ticks."""
    ticks = (0.0, high / 2, high)
    labelled = tuple(Tick(value, short_number(value)) for value in ticks)
    return Axis(-ROOM * high, (1 + ROOM) * high, labelled)


def error_axis(lost: float, duplicates: float) -> Axis:
    """Lost events below zero, duplicates above it; each side keeps a part of the height."""
    whole = lost + duplicates
    low, high = -max(lost, whole * 0.12), max(duplicates, whole * 0.12)
    ticks = [Tick(0.0, "0")]
    if lost >= whole * 0.2:
        ticks.insert(0, Tick(-lost, "\N{MINUS SIGN}" + short_number(lost)))
    if duplicates >= whole * 0.2:
        ticks.append(Tick(duplicates, "+" + short_number(duplicates)))
    return Axis(low * (1 + ROOM), high * (1 + ROOM), tuple(ticks))


def latency_axis(low_exponent: int, high_exponent: int) -> Axis:
    """Decades of nanoseconds: the axis' unit is log10(ns)."""
    every = 1 if high_exponent - low_exponent <= 3 else 2
    exponents = range(low_exponent, high_exponent + 1, every)
    ticks = tuple(Tick(float(e), duration_ns_label(10.0**e)) for e in exponents)
    room = ROOM * (high_exponent - low_exponent)
    return Axis(low_exponent - room, high_exponent + READOUT_ROOM / ROOM * room, ticks)


def time_axis(start_s: float, end_s: float, now_s: float | None, most: int = 3) -> Axis:
    """Seconds from `start_s` to `end_s`; with `now_s` (scrolling) labels count back from it.

    Args:
        start_s, end_s: the visible range, start_s < end_s.
        now_s: the right edge's time while it scrolls, None when times since the start are shown.
        most: labels at the most, not counting the one at the start.
    """
    span = end_s - start_s
    step = next((s for s in TIME_STEPS_S if span / s <= most), math.ceil(span / most))
    values = [start_s + k * step for k in range(int(span / step + 1e-6) + 1)]
    if now_s is None:
        return Axis(start_s, end_s, tuple(Tick(value, clock_label(value)) for value in values))
    backward = (Tick(end_s - k * step, _ago(k * step)) for k in range(len(values)))
    return Axis(start_s, end_s, tuple(sorted(backward, key=lambda tick: tick.value)))


def _ago(seconds: float) -> str:
    return "now" if seconds == 0 else "\N{MINUS SIGN}" + clock_label(seconds)


class Steady:
    """A round number that follows a maximum: up at once, down only when it stays small.

    Args:
        least: the smallest answer.
        rounding: value and least to a round number that is at least as large as both.
    """

    def __init__(self, least: float, rounding: Callable[[float, float], float] = round_up) -> None:
        self._least = least
        self._rounding = rounding
        self._small_for = 0
        self.value = least

    def reset(self) -> None:
        """Back to `least`, for a new run."""
        self._small_for, self.value = 0, self._least

    def follow(self, maximum: float) -> float:
        """The round number for data whose largest value is `maximum`."""
        wanted = self._rounding(maximum, self._least)
        if wanted > self.value:
            self.value, self._small_for = wanted, 0
        elif maximum < self.value * SHRINK_BELOW:
            self._small_for += 1
            if self._small_for >= SHRINK_AFTER_UPDATES:
                self.value, self._small_for = wanted, 0
        else:
            self._small_for = 0
        return self.value
