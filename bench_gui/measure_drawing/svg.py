"""Writes SVG, as far as SVG Tiny 1.2 goes: what browsers and Qt's renderer both draw. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

FONT = "sans-serif"
Point = tuple[float, float]


class Svg:
    """One picture; coordinates in pixels from the upper left corner."""

    def __init__(self, width: float, title: str) -> None:
        self._width = width
        self._title = title
        self._parts: list[str] = []

    def line(
        self, start: Point, end: Point, colour: str, width: float = 1.0, *, dash: str = "",
        round_ends: bool = False,
    ) -> None:  # fmt: skip
        """A straight line. `dash`: lengths of strokes and gaps, "" for none."""
        self._add(
            "line", x1=start[0], y1=start[1], x2=end[0], y2=end[1], stroke=colour,
            stroke_width=width, stroke_dasharray=dash,
            stroke_linecap="round" if round_ends else "",
        )  # fmt: skip

    def polyline(
        self, points: Iterable[Point], colour: str, width: float, *, dash: str = ""
    ) -> None:
        """A line through the points."""
        self._add(
            "polyline", points=_points(points), fill="none", stroke=colour, stroke_width=width,
            stroke_dasharray=dash, stroke_linejoin="round", stroke_linecap="round",
        )  # fmt: skip

    def polygon(
        self, points: Iterable[Point], fill: str, stroke: str = "", width: float = 0.0
    ) -> None:
        """A closed shape."""
        self._add(
            "polygon", points=_points(points), fill=fill, stroke=stroke,
            stroke_width=width or "", stroke_linejoin="round",
        )  # fmt: skip

    def circle(
        self, middle: Point, radius: float, fill: str, stroke: str = "", width: float = 0.0
    ) -> None:
        """A disc or a ring."""
        self._add(
            "circle", cx=middle[0], cy=middle[1], r=radius, fill=fill, stroke=stroke,
            stroke_width=width or "",
        )  # fmt: skip

    def rect(
        self, corner: Point, width: float, height: float, fill: str, *, radius: float = 0.0,
        stroke: str = "",
    ) -> None:  # fmt: skip
        """A rectangle; `corner` is its upper left one."""
        self._add(
            "rect", x=corner[0], y=corner[1], width=width, height=height, fill=fill,
            rx=radius or "", stroke=stroke,
        )  # fmt: skip

    def text(
        self, place: Point, text: str, colour: str, size: float = 12.0, *, anchor: str = "start",
        bold: bool = False,
    ) -> None:  # fmt: skip
        """One line of text. `place`: its base line's start, middle or end, as `anchor` says."""
        self._add(
            "text", text, x=place[0], y=place[1], fill=colour, font_family=FONT, font_size=size,
            font_weight="bold" if bold else "", text_anchor="" if anchor == "start" else anchor,
        )  # fmt: skip

    def document(self, height: float, background: str) -> str:
        """The whole picture, `height` pixels high."""
        w, h = _number(self._width), _number(height)
        head = (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny"'
            f' width="{w}" height="{h}" viewBox="0 0 {w} {h}">\n'
            f"<title>{escape(self._title)}</title>\n"
            f'<rect x="0" y="0" width="{w}" height="{h}" fill="{background}"/>\n'
        )
        return f"{head}{self.parts()}\n</svg>\n"

    def parts(self) -> str:
        """What was drawn, without a document around it."""
        return "\n".join(self._parts)

    def _add(self, name: str, content: str = "", **attributes: str | float) -> None:
        texts = (
            f" {key.replace('_', '-')}={quoteattr(_text(value))}"
            for key, value in attributes.items()
            if value != ""
        )
        start = f"<{name}{''.join(texts)}"
        self._parts.append(f"{start}>{escape(content)}</{name}>" if content else f"{start}/>")


def _points(points: Iterable[Point]) -> str:
    return " ".join(f"{_number(x)},{_number(y)}" for x, y in points)


def _text(value: str | float) -> str:
    return value if isinstance(value, str) else _number(value)


def _number(value: float) -> str:
    """With two decimals at most: a hundredth of a pixel is enough."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
