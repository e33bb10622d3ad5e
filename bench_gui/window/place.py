"""From times to columns of pixels, and what stands in them behind the curves. Knows no Qt.

A picture's pixels are counted from the run's start, not from the picture's left edge: the same
moment then always falls into a pixel in the same way, however far the picture has moved, so what
was painted once can be moved and need not be painted again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bench_gui.window.frame import Frame
from bench_gui.window.marks import Marks
from bench_gui.window.series import Array

Codes = NDArray[np.uint8]

KILL, PAUSE, OUTAGE = 1, 2, 4
"""What a column of pixels shows; bits."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where times are in a picture.

    Fields:
        px_per_s: above 0. origin_px: pixels from the run's start to the left edge, whole.
        width_px: of the picture, above 0.
    """

    px_per_s: float
    origin_px: int
    width_px: int

    def x(self, times_s: Array) -> Array:
        """Pixels from the left edge, not rounded."""
        return times_s * self.px_per_s - self.origin_px

    def column(self, t_s: float) -> int:
        """The column of pixels in which a moment is; may be outside."""
        return math.floor(t_s * self.px_per_s + 0.5) - self.origin_px

    def columns(self, times_s: Array) -> NDArray[np.intp]:
        """As `column`, of many. (Rounding to even would depend on the origin.)"""
        return np.floor(times_s * self.px_per_s + 0.5).astype(np.intp) - self.origin_px

    def time_s(self, x: float) -> float:
        """The moment at so many pixels from the left edge, seconds since the run's start."""
        return (x + self.origin_px) / self.px_per_s


def place_of(frame: Frame, width_px: int) -> Place:
    """The place of a frame in a picture that is so wide."""
    px_per_s = width_px / frame.width_s
    return Place(px_per_s, round(frame.start_s * px_per_s), width_px)


@lru_cache(maxsize=64)
def ground_of(marks: Marks, place: Place, now_s: float) -> Codes:
    """One code a column of pixels. A band that is narrower than a pixel is not seen.

    The charts of a lane ask the same, so the answer is kept; it must not be changed.

    Args:
        now_s: the newest sample's time: what is not over yet reaches to it.
    """
    codes: Codes = np.zeros(place.width_px, dtype=np.uint8)
    for bit, bands in ((PAUSE, marks.pauses), (OUTAGE, marks.outages)):
        if bands.size:
            codes[_covered(bands, place, now_s)] |= bit
    columns = place.columns(marks.kills)
    codes[columns[(columns >= 0) & (columns < place.width_px)]] |= KILL
    return codes


def _covered(bands: Array, place: Place, now_s: float) -> NDArray[np.bool_]:
    edges = place.columns(np.minimum(bands, now_s)).clip(0, place.width_px)
    change = np.zeros(place.width_px + 1, dtype=np.intp)
    np.add.at(change, edges[0], 1)
    np.add.at(change, edges[1], -1)
    covered: NDArray[np.bool_] = np.cumsum(change[:-1]) > 0
    return covered


def runs_of(codes: Codes, bit: int) -> list[tuple[int, int]]:
    """The stretches of columns that have a bit: first, and one after the last."""
    if not (codes & bit).any():
        return []
    has = np.concatenate(([0], (codes & bit) > 0, [0])).astype(np.int8)
    edges = np.flatnonzero(np.diff(has))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def columns_of(codes: Codes, bit: int) -> list[int]:
    """The columns that have a bit."""
    found: list[int] = np.flatnonzero(codes & bit).tolist()
    return found


def unchanged_until(old: Codes, new: Codes, shift_px: int) -> int:
    """How many columns from the left are as they were, moved to the left by so many pixels.

    Args:
        shift_px: from 0 to below the width, which both have.
    """
    kept = len(old) - shift_px
    different = np.flatnonzero(old[shift_px:] != new[:kept])
    return int(different[0]) if different.size else kept
