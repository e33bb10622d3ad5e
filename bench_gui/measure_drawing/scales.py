"""Where values lie on an axis, and which of them are named there. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench_gui.bench.numbers import three_figures

LOG_FROM = 6.0
"""Values that span more than this factor are shown on a logarithmic axis."""
STEPS = (1, 2, 2.5, 5, 10)
TICKS = 4
LOG_TICKS = 7
FIRST_MARKS = (1, 2, 5)
APART = 1.9
"""At least so many times the first tick is the second one of a logarithmic axis."""
NEARLY = 1.0001


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to pixels.

    Fields:
        least, most: values at the ends; of a logarithmic scale above 0.
        start, end: pixels there.
        ticks: values to be named.
        log: whether it is logarithmic.
    """

    least: float
    most: float
    start: float
    end: float
    ticks: tuple[float, ...]
    log: bool

    def at(self, value: float) -> float:
        """The pixel of a value, kept within the scale."""
        value = min(max(value, self.least), self.most)
        return self.start + (self.end - self.start) * self._share(value)

    def _share(self, value: float) -> float:
        if self.log:
            return math.log(value / self.least) / math.log(self.most / self.least)
        return (value - self.least) / (self.most - self.least)


def scale_for(values: Iterable[float], start: float, end: float, *, log: bool = False) -> Scale:
    """A scale on which all the values lie.

    Args:
        log: whether a wide span is shown logarithmically; if not, and for a narrow one, the scale
            starts at 0. A logarithmic one names a value at its low end.
    """
    known = [value for value in values if math.isfinite(value)]
    positive = [value for value in known if value > 0]
    if log and positive and len(positive) == len(known) and max(known) > LOG_FROM * min(known):
        return _logarithmic(min(positive), max(positive), start, end)
    return _linear(max(known, default=1.0), start, end)


def _linear(most: float, start: float, end: float) -> Scale:
    most = most if most > 0 else 1.0
    raw = most / TICKS
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(size * s for s in STEPS if size * s >= raw * 0.9999)
    end_value = most * 1.04
    ticks = tuple(step * number for number in range(math.floor(end_value / step) + 1))
    return Scale(0.0, end_value, start, end, ticks, log=False)


def _logarithmic(least: float, most: float, start: float, end: float) -> Scale:
    first = max(tick for tick in _decades(least, most, FIRST_MARKS) if tick <= least * NEARLY)
    low, high = min(first, least / 1.15), most * 1.15
    for marks in (FIRST_MARKS, (1, 3), (1,)):
        beyond = [tick for tick in _decades(low, high, marks) if APART * first <= tick <= high]
        ticks = [first, *beyond]
        if len(ticks) <= LOG_TICKS:
            break
    while len(ticks) > LOG_TICKS:
        ticks = ticks[::2]
    return Scale(low, high, start, end, tuple(ticks), True)


def _decades(low: float, high: float, marks: Sequence[int]) -> list[float]:
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    return [mark * 10.0**decade for decade in range(first, last + 1) for mark in marks]


def tick_text(value: float) -> str:
    """A tick's name: 0, 0.5, 20, 1k, 2.5M."""
    for size, suffix in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return _trimmed(value / size) + suffix
    return _trimmed(value)


def _trimmed(value: float) -> str:
    text = three_figures(value)
    return text.rstrip("0").rstrip(".") if "." in text else text
