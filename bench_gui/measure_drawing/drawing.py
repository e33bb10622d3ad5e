"""A measurement as one picture: SVG text from the result, and nothing else. Pure."""

from __future__ import annotations

from bench_gui.bench.measure.figures import MeasureResult, figures_of
from bench_gui.measure_drawing.curves import draw_curves
from bench_gui.measure_drawing.forest import draw_forest
from bench_gui.measure_drawing.heading import draw_footing, draw_heading, title
from bench_gui.measure_drawing.look import WIDTH
from bench_gui.measure_drawing.svg import Svg
from bench_gui.palette import THEMES


def drawing(result: MeasureResult, theme: str = "light") -> str:
    """The picture, WIDTH pixels wide and as high as it needs, as an SVG Tiny 1.2 document.

    Args:
        theme: "light" or "dark".
    """
    colours = THEMES[theme]
    svg = Svg(WIDTH, title(result.settings))
    figures = figures_of(result.settings, result.cells)
    top = draw_heading(svg, colours, result, figures)
    draw = draw_forest if result.settings.sweep is None else draw_curves
    bottom = draw(svg, colours, result, figures, top)
    return svg.document(draw_footing(svg, colours, result, bottom), colours.window)
