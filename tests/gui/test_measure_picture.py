"""Qt draws the drawing of a measurement, in both themes, as a browser would."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from bench_gui.measure_drawing.drawing import drawing
from bench_gui.palette import THEMES
from tests.test_measure_drawing import DRAWN


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("theme", THEMES)
def test_qt_draws_every_lanes_colour(name: str, theme: str, qapp: QApplication) -> None:
    shown = DRAWN[name]
    renderer = QSvgRenderer(QByteArray(drawing(shown, theme).encode()))
    assert renderer.isValid()
    image = QImage(renderer.defaultSize(), QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        renderer.render(painter)
    seen = {
        image.pixelColor(x, y).name()
        for x in range(0, image.width(), 2)
        for y in range(0, image.height(), 2)
    }
    assert QColor(THEMES[theme].window).name() in seen
    for slug in shown.settings.run.lanes:
        assert QColor(THEMES[theme].lane(slug)).name() in seen, slug
