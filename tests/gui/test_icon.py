"""The icon is sharp where it is smallest, and the about box has what a report wants."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QPushButton

from bench_gui.window.about_dialog import AboutDialog, about_text, show_about
from bench_gui.window.icon import SIZES_PX, program_icon
from bench_gui.window.main_window import MainWindow


def colour(image: QImage, x: float, y: float) -> str:
    """At a place of the grid of 16."""
    side = image.width() / 16
    return image.pixelColor(int(x * side), int(y * side)).name().upper()


@pytest.mark.parametrize("side", [size for size in SIZES_PX if size % 16 == 0])
def test_its_parts_are_told_apart_at_every_size(qapp: QApplication, side: int) -> None:
    image = program_icon().pixmap(side, side).toImage()
    assert (image.width(), image.height()) == (side, side)
    assert colour(image, 8, 5) == "#CC79A7", "the square"
    assert colour(image, 13, 5) == "#56B4E9", "the circle"
    assert colour(image, 2.6, 4) == "#E8701A", "the triangle"
    assert colour(image, 2, 11) == colour(image, 12, 11) == "#F2F2F2", "the arrow"
    assert colour(image, 5.5, 4.5) == "#14171A", "and the ground between them"
    assert image.pixelColor(0, 0).alpha() < 128, "round corners"


def test_the_square_has_sharp_edges_at_16_px(qapp: QApplication) -> None:
    image = program_icon().pixmap(16, 16).toImage()
    row = [image.pixelColor(x, 5).name().upper() for x in range(5, 11)]
    assert row == ["#14171A", *["#CC79A7"] * 4, "#14171A"]


def test_the_about_box_has_the_versions_and_copies_them(
    window: MainWindow,
) -> None:
    dialog = show_about(window)
    assert isinstance(dialog, AboutDialog)
    copy = dialog.findChild(QPushButton, "about-copy")
    assert copy is not None
    copy.click()
    said = QApplication.clipboard().text()
    assert said == about_text()
    wanted = ("Delivery Bench: ", "Python: 3", "Qt: 6", "SQLite: 3", "platform: ")
    assert [word for word in wanted if word not in said] == []
