"""What the parts of the drawing have in common: sizes, glyphs, texts. Pure."""

from __future__ import annotations

from bench_gui.bench.measure.settings import Condition
from bench_gui.measure_drawing.svg import Point, Svg
from bench_gui.palette import Theme, blended
from bench_gui.shapes import Corners, shape_of
from workers.lanes import lane_of

WIDTH = 1240.0
MARGIN = 40.0
GUTTER = 28.0
GLYPH = 11.0
TITLE, HEADING, BODY, SMALL = 22.0, 13.5, 11.5, 10.0
CHARACTER, BOLD_CHARACTER = 0.56, 0.66
"""Of the font's size: about how wide a character is, in a font that runs wide."""


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """About how wide a text is, pixels."""
    return len(text) * size * (BOLD_CHARACTER if bold else CHARACTER)


def glyph(
    svg: Svg,
    theme: Theme,
    slug: str,
    middle: Point,
    condition: Condition,
    size: float = GLYPH,
    *,
    faded: bool = False,
) -> None:
    """A lane's shape: filled without faults, hollow with them."""
    colour = soft(theme, theme.lane(slug), 0.45) if faded else theme.lane(slug)
    corners, _ = shape_of(slug)
    sign(svg, theme, corners, colour, middle, condition, size)


def sign(
    svg: Svg,
    theme: Theme,
    corners: Corners,
    colour: str,
    middle: Point,
    condition: Condition,
    size: float = GLYPH,
) -> None:
    """A shape filled without faults, hollow with them; a circle of no corners."""
    hollow = condition is Condition.WITH
    fill, width = (theme.card, size * 0.17) if hollow else (colour, size * 0.1)
    stroke = colour if hollow else theme.card
    inset = size - width if hollow else size
    if not corners:
        svg.circle(middle, inset / 2, fill, stroke, width)
        return
    left, top = middle[0] - inset / 2, middle[1] - inset / 2
    points = [(left + x * inset, top + y * inset) for x, y in corners]
    svg.polygon(points, fill, stroke, width)


def lane_name(slug: str) -> str:
    """The lane's slug: its name in every other output; shortened where it is long."""
    lane = lane_of(slug)
    name = lane.slug
    return name if len(name) <= 24 else name[:22] + "…"


def soft(theme: Theme, colour: str, share: float) -> str:
    """The colour, faded into the card."""
    return blended(colour, theme.card, share)


def card(svg: Svg, theme: Theme, corner: Point, width: float, height: float) -> None:
    """The ground of a panel."""
    svg.rect(corner, width, height, theme.card, radius=8, stroke=theme.line)


def sentence(text: str) -> str:
    """With a capital at its start; what is all capitals stays so."""
    return text[:1].upper() + text[1:]


def wrapped(text: str, width: float, size: float) -> list[str]:
    """Lines that fit into `width` pixels."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def paragraph(
    svg: Svg, place: Point, text: str, colour: str, width: float, size: float = BODY
) -> float:
    """Lines of text. Returns: the base line of what may come next."""
    x, y = place
    for line in wrapped(text, width, size):
        svg.text((x, y), line, colour, size)
        y += size * 1.5
    return y
