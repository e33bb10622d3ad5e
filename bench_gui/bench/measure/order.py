"""The order in which things are measured, so that time and neighbours harm none of them. Pure.

A round is one sequence of a Williams design: a Latin square (for an odd number, two) in which every
treatment follows every other equally often. Over the whole design each treatment stands in each
place equally often, too. The sequences are taken in pairs, a sequence and its reversal, so that
after every second round a drift that is linear in time has harmed all treatments alike, also when
there are fewer rounds than sequences.

Source: E. J. Williams, "Experimental designs balanced for the estimation of residual effects of
    treatments", Australian Journal of Scientific Research A 2 (1949) 149-168; the zigzag
    construction as in J. V. Bradley, "Complete counterbalancing of immediate sequential effects in
    a Latin square design", JASA 53 (1958) 525-528.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def williams(size: int) -> list[tuple[int, ...]]:
    """The sequences of the design for `size` treatments, numbered from 0, in pairs.

    Returns: `size` sequences when it is even, twice as many when it is odd (one when it is 1).
        Sequence 2k + 1 is the reversal of sequence 2k.
    """
    if size == 1:
        return [(0,)]
    zigzag = [(place + 1) // 2 if place % 2 else -(place // 2) for place in range(size)]
    rows = [tuple((step + start) % size for step in zigzag) for start in range(size)]
    firsts = rows[: size // 2] if size % 2 == 0 else rows
    return [row for first in firsts for row in (first, first[::-1])]


def rounds_of_design(size: int) -> int:
    """After how many rounds all sequences for `size` treatments were used."""
    return len(williams(size))


def ordered(treatments: Sequence[T], number: int) -> tuple[T, ...]:
    """The treatments in the order of sequence `number` (from 0) of their design, over and over."""
    rows = williams(len(treatments))
    return tuple(treatments[place] for place in rows[number % len(rows)])
