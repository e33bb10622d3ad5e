"""Pictures as files: SVG as it is, PNG painted from it. May run on any thread."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgRenderer

from bench_gui.bench.progress import Progress
from bench_gui.bench.records.atomic_file import write_whole
from bench_gui.palette import Theme
from bench_gui.run_drawing.charts import CHART_BY_KEY
from bench_gui.run_drawing.picture import RunPicture
from bench_gui.run_drawing.view import HEIGHT, draw_view
from bench_gui.window.export.choice import ROW_HEIGHT, Choice, Form, What


def drawn(picture: RunPicture, choice: Choice, screen: Theme) -> str:
    """The picture that was chosen, as SVG."""
    theme = choice.theme_on(screen)
    if choice.what is What.LANE:
        return draw_view(picture.of_lanes([choice.lane]), theme)
    if choice.what is What.ROW:
        return draw_view(picture, theme, [CHART_BY_KEY[choice.row]], height=ROW_HEIGHT)
    if choice.what is What.CHART:
        lane, chart = picture.of_lanes([choice.lane]), CHART_BY_KEY[choice.row]
        return draw_view(lane, theme, [chart], height=ROW_HEIGHT)
    return draw_view(picture, theme, height=HEIGHT)


def write_picture(
    picture: RunPicture, choice: Choice, screen: Theme, path: Path, progress: Progress
) -> list[Path]:
    """Writes it, whole or not at all. Raises EnvironmentProblem, Cancelled."""
    svg = drawn(picture, choice, screen)
    progress(0.2)
    content = svg if choice.form is Form.SVG else png_of(svg, choice.width_px)
    progress(0.9)
    write_whole(path, content)
    return [path]


def png_of(svg: str, width_px: int) -> bytes:
    """The picture in pixels, opaque, its aspect kept."""
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    drawn_size = renderer.defaultSize()
    height_px = round(drawn_size.height() * width_px / drawn_size.width())
    image = QImage(QSize(width_px, height_px), QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        renderer.render(painter)
    kept = QByteArray()
    buffer = QBuffer(kept)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(kept.data())
