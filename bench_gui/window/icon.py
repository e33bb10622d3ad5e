"""The program's icon: a shape a lane, and an arrow that does not arrive in one piece."""

from __future__ import annotations

from importlib.resources import files

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

FILE = "delivery-bench.svg"
SIZES_PX = (16, 20, 24, 32, 48, 64, 128, 256)
"""It is drawn on a grid of 16, so that its edges are sharp at multiples of that."""


def icon_svg() -> bytes:
    """The drawing, from the package."""
    return files(__package__).joinpath(FILE).read_bytes()


def program_icon() -> QIcon:
    """In every size that a desktop asks for."""
    renderer = QSvgRenderer(QByteArray(icon_svg()))
    icon = QIcon()
    for side in SIZES_PX:
        pixmap = QPixmap(side, side)
        pixmap.fill(Qt.GlobalColor.transparent)
        with QPainter(pixmap) as painter:
            renderer.render(painter)
        icon.addPixmap(pixmap)
    return icon
