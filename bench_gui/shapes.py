"""Each lane's own shape as data, so that no one needs the colour to tell lanes apart."""

from __future__ import annotations

import math

from bench_gui.own_lanes import own_number

Corners = tuple[tuple[float, float], ...]
"""A closed shape in the unit square."""

TRIANGLE_DOWN: Corners = ((0.0, 0.1), (1.0, 0.1), (0.5, 0.96))
TRIANGLE_UP: Corners = ((0.0, 0.9), (1.0, 0.9), (0.5, 0.04))
SQUARE: Corners = ((0.08, 0.08), (0.92, 0.08), (0.92, 0.92), (0.08, 0.92))
DIAMOND: Corners = ((0.5, 0.0), (1.0, 0.5), (0.5, 1.0), (0.0, 0.5))
HEXAGON: Corners = ((0.25, 0.07), (0.75, 0.07), (1.0, 0.5), (0.75, 0.93), (0.25, 0.93), (0.0, 0.5))
HOURGLASS: Corners = (
    (0.06, 0.02),
    (0.94, 0.02),
    (0.56, 0.5),
    (0.94, 0.98),
    (0.06, 0.98),
    (0.44, 0.5),
)
PLUS: Corners = (
    (0.34, 0.0), (0.66, 0.0), (0.66, 0.34), (1.0, 0.34), (1.0, 0.66), (0.66, 0.66),
    (0.66, 1.0), (0.34, 1.0), (0.34, 0.66), (0.0, 0.66), (0.0, 0.34), (0.34, 0.34),
)  # fmt: skip
PARALLELOGRAM: Corners = ((0.32, 0.12), (1.0, 0.12), (0.68, 0.88), (0.0, 0.88))
HOUSE: Corners = ((0.5, 0.0), (0.94, 0.42), (0.94, 0.95), (0.06, 0.95), (0.06, 0.42))
CUP: Corners = ((0.0, 0.1), (1.0, 0.1), (0.72, 0.9), (0.28, 0.9))


def _star() -> Corners:
    radii = (0.54, 0.23)
    turns = [math.pi * k / 5 - math.pi / 2 for k in range(10)]
    return tuple(
        (0.5 + radii[k % 2] * math.cos(turn), 0.54 + radii[k % 2] * math.sin(turn))
        for k, turn in enumerate(turns)
    )


SHAPES: dict[str, Corners] = {
    "at-most-once": TRIANGLE_DOWN,
    "at-least-once": SQUARE,
    "idempotent-consumer": DIAMOND,
    "exactly-once": (),
    "cross-system": PLUS,
    "transactional-sink": HEXAGON,
    "two-phase-commit": HOURGLASS,
}
"""Corners by lane; none is a circle."""

OWN_SHAPES: tuple[Corners, ...] = (_star(), TRIANGLE_UP, PARALLELOGRAM, HOUSE, CUP, ())
"""Of the user's own lanes, in turn. They are hollow."""


def shape_of(slug: str) -> tuple[Corners, bool]:
    """The lane's corners, and whether the shape is filled."""
    if slug in SHAPES:
        return SHAPES[slug], True
    return OWN_SHAPES[own_number(slug) % len(OWN_SHAPES)], False
