"""Lanes can be told apart by anyone: contrast, simulated colour blindness, and a shape each."""

from __future__ import annotations

from itertools import combinations

import pytest

from bench_gui.shapes import SHAPES, shape_of
from bench_gui.window.palette import DARK, LIGHT, Theme
from tests.gui.colour_vision import EYES, contrast, difference
from workers.lanes import LANES

CONTRAST_OF_GRAPHICS = 3.0
"""WCAG 2.1, 1.4.11: of what must be seen to understand, and of large text."""

TOLD_APART = 15.0
OWN = tuple(f"retry+process-first+counter@batch={size}" for size in (1, 2, 3))


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_every_lane_stands_out_from_its_background(theme: Theme) -> None:
    colours = {lane.slug: theme.lane(lane.slug) for lane in LANES}
    colours |= {f"own {number}": colour for number, colour in enumerate(theme.own_lanes)}
    faint = {
        slug: contrast(colour, theme.card)
        for slug, colour in colours.items()
        if contrast(colour, theme.card) < CONTRAST_OF_GRAPHICS
    }
    assert faint == {}


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_lanes_are_told_apart_by_colour(theme: Theme, eye: str) -> None:
    alike = {
        (one.slug, other.slug): round(distance, 1)
        for one, other in combinations(LANES, 2)
        if (distance := difference(theme.lane(one.slug), theme.lane(other.slug), eye)) < TOLD_APART
    }
    assert alike == {}


def test_the_measure_finds_colours_that_are_alike() -> None:
    """Red and olive of one lightness: a plain difference to most, none to some."""
    assert difference("#D55E00", "#857400", "normal") > TOLD_APART
    assert difference("#D55E00", "#857400", "protanopia") < 1.0
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21.0)


def test_every_lane_has_a_shape_of_its_own() -> None:
    assert set(SHAPES) == {lane.slug for lane in LANES}
    shapes = [shape_of(slug) for slug in (*SHAPES, *OWN)]
    assert len(set(shapes)) == len(shapes)
    assert all(filled for _, filled in shapes[: len(LANES)])
    assert not any(filled for _, filled in shapes[len(LANES) :])
