"""The drawing of a measurement on the screen: its SVG, as wide as there is room, or zoomed."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import (
    QImage,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QShortcut,
    QWheelEvent,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QScrollArea, QWidget

from bench_gui.bench.errors import EnvironmentProblem

ZOOM_STEP = 1.25
ZOOM_MOST = 4.0
PNG_SCALE = 2.0
"""Pixels of the PNG for one of the drawing."""
HELP = (
    "<b>Ctrl++, Ctrl+-, Ctrl+0</b>&nbsp; Larger, smaller, as wide as the window. "
    "(Also: Ctrl and the wheel.)"
)


class Picture(QWidget):
    """One SVG, painted once a size: scrolling only copies."""

    def __init__(self) -> None:
        super().__init__()
        self._renderer = QSvgRenderer()
        self._painted = QPixmap()

    @property
    def shown(self) -> bool:
        """Whether there is a drawing."""
        return self._renderer.isValid()

    def show_svg(self, text: str) -> None:
        """Another drawing."""
        self._renderer.load(QByteArray(text.encode()))
        self._painted = QPixmap()
        self.update()

    def height_for(self, width: int) -> int:
        """Of a drawing so wide."""
        size = self._renderer.defaultSize()
        return round(width * size.height() / size.width()) if size.width() else 0

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """What of it is to be seen."""
        if not self.shown:
            return
        ratio = self.devicePixelRatioF()
        size = QSize(round(self.width() * ratio), round(self.height() * ratio))
        if self._painted.size() != size:
            self._painted = QPixmap(size)
            with QPainter(self._painted) as painter:
                self._renderer.render(painter, QRectF(0, 0, size.width(), size.height()))
        with QPainter(self) as painter:
            place = QRectF(event.rect())
            source = QRectF(place.topLeft() * ratio, place.size() * ratio)
            painter.drawPixmap(place, self._painted, source)


class PictureArea(QScrollArea):
    """Scrolls a picture; its aspect is kept at any size."""

    def __init__(self) -> None:
        super().__init__()
        self.picture = Picture()
        self._zoom = 1.0
        self.setObjectName("measure-drawing")
        self.setAccessibleName("Drawing of the measurement; the table has its numbers")
        self.setToolTip(HELP)
        self.setWidget(self.picture)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for keys, zoom in ((("Ctrl++", "Ctrl+="), ZOOM_STEP), (("Ctrl+-",), 1 / ZOOM_STEP)):
            for key in keys:
                shortcut = QShortcut(QKeySequence(key), self)
                shortcut.activated.connect(lambda by=zoom: self.zoom(by))
        QShortcut(QKeySequence("Ctrl+0"), self).activated.connect(lambda: self.zoom(0.0))

    def show_svg(self, text: str) -> None:
        """Another drawing, at the same zoom and place."""
        self.picture.show_svg(text)
        self._fit()

    def zoom(self, by: float) -> None:
        """A factor; 0: as wide as there is room, which is also the least."""
        self._zoom = min(max(1.0, self._zoom * by), ZOOM_MOST)
        self._fit()

    def _fit(self) -> None:
        width = round(self.viewport().width() * self._zoom)
        self.picture.resize(width, self.picture.height_for(width))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """As wide as there is room."""
        super().resizeEvent(event)
        self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Scrolls, or with Ctrl zooms."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(ZOOM_STEP if event.angleDelta().y() > 0 else 1 / ZOOM_STEP)
            event.accept()
            return
        super().wheelEvent(event)


def save_png(svg: str, path: Path) -> None:
    """The drawing as a picture of PNG_SCALE times its size. Raises EnvironmentProblem."""
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    image = QImage(renderer.defaultSize() * PNG_SCALE, QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        renderer.render(painter)
    if not image.save(str(path)):
        raise EnvironmentProblem(f"{path} cannot be written; choose another folder")
