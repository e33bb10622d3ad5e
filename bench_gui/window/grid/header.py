"""A table's header of two lines: groups of columns above, the columns beneath."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QToolTip, QWidget

from bench_gui.window.glyphs import draw_glyph
from bench_gui.window.grid.model import GridModel
from bench_gui.window.palette import LIGHT, Theme
from bench_gui.window.widgets import type_px

TITLE_PX = 11
NAME_PX = 10
GLYPH_PX = 10
PAD_PX = 6
ARROW_ROOM_PX = 12
ARROWS = {
    Qt.SortOrder.AscendingOrder: "\N{BLACK UP-POINTING SMALL TRIANGLE}",
    Qt.SortOrder.DescendingOrder: "\N{BLACK DOWN-POINTING SMALL TRIANGLE}",
}


class GroupedHeader(QHeaderView):
    """Painted here: one of Qt's has one line. A group's title stays in sight as one scrolls."""

    def __init__(self, model: GridModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._grid_model = model
        self._theme = LIGHT
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSortIndicatorClearable(True)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.setMinimumSectionSize(24)

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self._theme = theme
        self.viewport().update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Two lines."""
        return QSize(super().sizeHint().width(), self._title_height() + self._name_height())

    def _title_height(self) -> int:
        return type_px(self, TITLE_PX) + 9

    def _name_height(self) -> int:
        return type_px(self, NAME_PX) + 8

    def name_font(self) -> QFont:
        """Of the columns' names."""
        return self._font(NAME_PX, QFont.Weight.DemiBold)

    def _font(self, pixels: int, weight: QFont.Weight) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(type_px(self, pixels))
        font.setWeight(weight)
        return font

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Columns, then groups, then the line beneath."""
        del event
        with QPainter(self.viewport()) as painter:
            painter.fillRect(self.viewport().rect(), QColor(self._theme.card))
            for section in range(self.count()):
                if not self.isSectionHidden(section):
                    self._draw_name(painter, section)
            for number, place in self._group_places().items():
                self._draw_group(painter, number, place)
            painter.setPen(QColor(self._theme.line))
            bottom = self.height() - 1
            painter.drawLine(0, bottom, self.viewport().width(), bottom)

    def _draw_name(self, painter: QPainter, section: int) -> None:
        place = self._place(section)
        place.setTop(self._title_height())
        column = self._grid_model.grid.columns[section]
        sorted_by = self.sortIndicatorSection() == section
        painter.setFont(self.name_font())
        painter.setPen(QColor(self._theme.text if sorted_by else self._theme.muted))
        text = column.title
        if sorted_by:
            text = f"{ARROWS[self.sortIndicatorOrder()]} {text}"
        side = Qt.AlignmentFlag.AlignLeft if column.words else Qt.AlignmentFlag.AlignRight
        inside = place.adjusted(PAD_PX, 0, -PAD_PX, 0)
        elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, inside.width())
        painter.drawText(inside, int(side | Qt.AlignmentFlag.AlignVCenter), elided)

    def _draw_group(self, painter: QPainter, number: int, place: QRect) -> None:
        group = self._grid_model.grid.groups[number]
        painter.setPen(QColor(self._theme.line))
        if place.left() > 0:
            painter.drawLine(place.left(), 4, place.left(), self.height())
        seen = place.intersected(self.viewport().rect()).adjusted(PAD_PX, 2, -PAD_PX, 0)
        if seen.width() <= 0:
            return
        if group.lane:
            size = type_px(self, GLYPH_PX)
            shape = QRectF(seen.left(), seen.center().y() - size / 2 + 1, size, size)
            draw_glyph(painter, shape, group.lane, self._theme.lane(group.lane))
            seen.setLeft(seen.left() + size + 5)
        painter.setFont(self._font(TITLE_PX, QFont.Weight.DemiBold))
        painter.setPen(QColor(self._theme.text))
        text = painter.fontMetrics().elidedText(
            group.title, Qt.TextElideMode.ElideRight, max(0, seen.width())
        )
        painter.drawText(
            seen, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text
        )

    def _place(self, section: int) -> QRect:
        x = self.sectionViewportPosition(section)
        return QRect(x, 0, self.sectionSize(section), self.height())

    def _group_places(self) -> dict[int, QRect]:
        """Of each group with a column in this header, its title's place."""
        places: dict[int, QRect] = {}
        for section, column in enumerate(self._grid_model.grid.columns):
            if section < self.count() and not self.isSectionHidden(section):
                place = self._place(section)
                place.setHeight(self._title_height())
                places[column.group] = places.get(column.group, place).united(place)
        return places

    def group_at(self, x: int, y: int) -> int | None:
        """The group whose title is there."""
        found = (number for number, place in self._group_places().items() if place.contains(x, y))
        return next(found, None)

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802
        """The tooltip of a group, above; of a column, beneath."""
        if isinstance(event, QHelpEvent):
            number = self.group_at(event.pos().x(), event.pos().y())
            tip = self._grid_model.grid.groups[number].tip if number is not None else ""
            if tip:
                QToolTip.showText(event.globalPos(), tip, self)
                return True
        return super().viewportEvent(event)
