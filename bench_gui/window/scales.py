"""Axis ranges and tick labels as pure functions. Knows no Qt and no lanes.

A range is shared by every lane of a row, so it is computed here and not by the plotting library. It
moves in round steps, grows at once and shrinks only after the data have been small for a while:
a range that jitters makes the eye compare axes instead of lanes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

ROUND_STEPS = (1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0)
"""Mantissas of a range's end. Each of them halves to a label of two digits at the most."""

TIME_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200)
FINE_STEPS_S = (0.1, 0.2, 0.5)
MINUS = "\N{MINUS SIGN}"
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
    """A range (both ends inclusive, low < high) and its ticks in ascending order.

    Fields:
        below: how much larger values below zero are drawn than those above it, so that each side
            can have a scale of its own; `low` is meant with it.
    """

    low: float
    high: float
    ticks: tuple[Tick, ...]
    below: float = 1.0

    def fraction(self, value: float) -> float:
        """How far up `value` is: 0 at `low`, 1 at `high`."""
        drawn = value * self.below if value < 0 else value
        return (drawn - self.low) / (self.high - self.low)

    def fractions(self, values: Array) -> Array:
        """As `fraction`, of many; NaN stays NaN."""
        drawn = values if self.below == 1.0 else np.where(values < 0, values * self.below, values)
        found: Array = (drawn - self.low) / (self.high - self.low)
        return found


def round_up(value: float, least: float = 1.0) -> float:
    """The smallest round number that is at least `value` and `least` (both above 0)."""
    wanted = max(value, least)
    power = 10.0 ** math.floor(math.log10(wanted))
    for step in ROUND_STEPS:
        if step * power >= wanted * (1 - 1e-9):
            return step * power
    return 10.0 * power


def short_number(value: float) -> str:
    """A round count as an axis shows it: 950, 1.5k, 20k, 3M."""
    for size, suffix in ((1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:g}{suffix}"
    return f"{value:g}"


EXACT_BELOW = 1e5


def count_label(value: float) -> str:
    """A count or a rate as a chart tells it: 950, 12,345, and from 100k on in three digits."""
    if abs(value) < EXACT_BELOW - 0.5:
        return f"{value:,.0f}"
    return short_number(float(f"{value:.3g}"))


def duration_ns_label(value_ns: float) -> str:
    """A latency in the largest unit in which it is 1 or more, three digits: "1.24 ms"."""
    for size, unit in ((1e9, "s"), (1e6, "ms"), (1e3, "µs")):
        if value_ns >= size * ROUNDS_UP:
            return f"{_three_digits(value_ns / size)} {unit}"
    return f"{_three_digits(value_ns)} ns"


ROUNDS_UP = 0.9995
"""From this share of a unit on three digits make a whole one of it: never "1e+03 ms"."""


def _three_digits(value: float) -> str:
    return f"{value:.0f}" if value >= 999.5 else f"{value:.3g}"


def moment_label(seconds: float) -> str:
    """A moment of the run: "12.3 s", "2:05.3"."""
    tenths = round(seconds * 10)
    if tenths < 600:
        return f"{tenths / 10:.1f} s"
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    clock = f"{minutes}:{rest / 10:04.1f}"
    return f"{hours}:{minutes:02}:{rest / 10:04.1f}" if hours else clock


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


LEAST_SIDE = 0.3
"""Share of the error chart's height that a side with anything on it has at the least."""

EMPTY_SIDE = 0.1


def error_axis(lost: float, duplicates: float) -> Axis:
    """Lost events below zero, duplicates above it, each side on a scale of its own.

    On one scale three hundred duplicates would hide eighteen lost events. The sides share the
    height by their size, except that none falls below `LEAST_SIDE`.
    """
    share = _side_below(lost, duplicates)
    high = duplicates or 1.0
    low = high * share / (1 - share)
    ticks = [Tick(0.0, "0")]
    if lost:
        ticks.insert(0, Tick(-lost, MINUS + short_number(lost)))
    if duplicates:
        ticks.append(Tick(duplicates, "+" + short_number(duplicates)))
    return Axis(-low * (1 + ROOM), high * (1 + ROOM), tuple(ticks), low / lost if lost else 1.0)


def _side_below(lost: float, duplicates: float) -> float:
    """Share of the height that is below zero."""
    if lost == 0 or duplicates == 0:
        return 0.5 if lost == duplicates else (EMPTY_SIDE if lost == 0 else 1 - EMPTY_SIDE)
    return min(max(lost / (lost + duplicates), LEAST_SIDE), 1 - LEAST_SIDE)


def latency_axis(low_exponent: int, high_exponent: int) -> Axis:
    """Decades of nanoseconds: the axis' unit is log10(ns)."""
    every = 1 if high_exponent - low_exponent <= 3 else 2
    exponents = range(low_exponent, high_exponent + 1, every)
    ticks = tuple(Tick(float(e), duration_ns_label(10.0**e)) for e in exponents)
    room = ROOM * (high_exponent - low_exponent)
    return Axis(low_exponent - room, high_exponent + READOUT_ROOM / ROOM * room, ticks)


def duration_axis(high_ns: float) -> Axis:
    """From 0 to `high_ns` with three ticks, room above for the words in the corner."""
    ticks = tuple(Tick(v, duration_ns_label(v) if v else "0") for v in (0.0, high_ns / 2, high_ns))
    return Axis(-ROOM * high_ns, (1 + READOUT_ROOM) * high_ns, ticks)


def fitting_ticks(axis: Axis, height_px: float, apart_px: float) -> tuple[Tick, ...]:
    """The ticks whose labels do not touch: the ends first, then what fits between them."""
    kept: list[Tick] = []
    for tick in (*axis.ticks[:1], *axis.ticks[-1:], *axis.ticks[1:-1]):
        y = axis.fraction(tick.value) * height_px
        if all(abs(y - axis.fraction(one.value) * height_px) >= apart_px for one in kept):
            kept.append(tick)
    return tuple(sorted(kept, key=lambda tick: tick.value))


def since_start_axis(start_s: float, width_s: float, most: int = 4) -> Axis:
    """A stretch of the run from its left edge on, with labels that tell the time since the start.

    Args:
        most: labels at the most.
    """
    step = next((s for s in (*FINE_STEPS_S, *TIME_STEPS_S) if width_s / s <= most), width_s / most)
    first = math.ceil(start_s / step - 1e-9)
    times = [number * step for number in range(first, first + most + 1)]
    inside = [t for t in times if t <= start_s + width_s + 1e-9]
    return Axis(0.0, width_s, tuple(Tick(t - start_s, clock_label(round(t, 3))) for t in inside))


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
    return "now" if seconds == 0 else MINUS + clock_label(seconds)


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
