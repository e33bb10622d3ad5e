"""One chart of one lane as a picture inside a page: SVG without a head of its own. Pure."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from bench_gui.measure_drawing.svg import Svg
from bench_gui.run_drawing.charts import Box, Chart, draw_chart, draw_times, draw_values, y_scale
from bench_gui.run_drawing.ink import Ink
from bench_gui.run_drawing.picture import LanePicture, RunPicture

WIDTH, HEIGHT = 340.0, 150.0
LEFT, TOP, RIGHT, BOTTOM = 46.0, 6.0, 8.0, 26.0


def inline_chart(
    picture: RunPicture, lane: LanePicture, chart: Chart, ink: Ink, title: str, said: str
) -> str:
    """An SVG element that scales with its place; every lane's has the same scales.

    Args:
        title: its name for a screen reader. said: what it shows, in words.
    """
    svg = Svg(WIDTH, title)
    box = Box(LEFT, TOP, WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM)
    scale = y_scale(chart, picture, box)
    draw_chart(svg, ink, picture, lane, chart, box, scale)
    draw_values(svg, ink, chart, scale, box.left - 6)
    draw_times(svg, ink, picture, box)
    head = (
        f'<svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img"'
        f" aria-label={quoteattr(f'{title}. {said}')}>"
    )
    return f"{head}<title>{escape(title)}</title><desc>{escape(said)}</desc>{svg.parts()}</svg>"
