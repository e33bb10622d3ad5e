"""A frame around the place to look at: four strips, so that nothing beneath is painted anew."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from bench_gui.window.widgets import text_label

STRIP_PX = 4
CAP = "\N{BLACK RIGHT-POINTING TRIANGLE} look here"


class Spotlight(QObject):
    """Marks a place on a surface, and follows it when the surface changes.

    Args:
        place: where it is now, in the surface's coordinates; None when it cannot be seen.
    """

    def __init__(self, surface: QWidget, place: Callable[[str], QRect | None]) -> None:
        super().__init__(surface)
        self._surface = surface
        self._place = place
        self._name: str | None = None
        self._strips = [_strip(surface) for _ in range(4)]
        self._cap = _cap(surface)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self.follow)
        surface.installEventFilter(self)

    @property
    def name(self) -> str | None:
        """What is marked; None for nothing."""
        return self._name

    @property
    def rect(self) -> QRect | None:
        """Where the frame is; None when it is not shown."""
        if self._name is None or self._strips[0].isHidden():
            return None
        return self._strips[0].geometry().united(self._strips[1].geometry())

    def mark(self, name: str | None) -> None:
        """Marks something else, or nothing."""
        self._name = name
        self.follow()
        self._soon.start()  # what was brought up with it is in place only then

    def follow(self) -> None:
        """Goes to where the place is now."""
        rect = self._place(self._name) if self._name is not None else None
        parts: list[QWidget] = [*self._strips, self._cap]
        for part in parts:
            part.setVisible(rect is not None)
        if rect is None:
            return
        for strip, place in zip(self._strips, frame_of(rect, STRIP_PX), strict=True):
            strip.setGeometry(place)
            strip.raise_()
        self._cap.adjustSize()
        self._cap.move(cap_place(rect, self._cap.size(), self._surface.height()))
        self._cap.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """The layout of the surface changes, and its parts are in place only after this."""
        if event.type() in {QEvent.Type.Resize, QEvent.Type.LayoutRequest} and self._name:
            self._soon.start()
        return super().eventFilter(watched, event)


def cap_place(rect: QRect, cap: QSize, height: int) -> QPoint:
    """Where the cap covers nothing of the place: above it, else below it, else at its lower edge,
    since what a place is called stands at its top."""
    left = rect.right() - cap.width() + 1
    above = rect.top() - cap.height() + STRIP_PX
    if above >= 0:
        return QPoint(left, above)
    below = rect.bottom() + 1 - STRIP_PX
    return QPoint(left, below if below + cap.height() <= height else height - cap.height())


def frame_of(rect: QRect, width: int) -> tuple[QRect, QRect, QRect, QRect]:
    """The strips of a frame inside `rect`: top, bottom, left, right."""
    x, y, w, h = rect.x(), rect.y(), rect.width(), rect.height()
    return (
        QRect(x, y, w, width),
        QRect(x, y + h - width, w, width),
        QRect(x, y, width, h),
        QRect(x + w - width, y, width, h),
    )


def _strip(surface: QWidget) -> QFrame:
    strip = QFrame(surface)
    strip.setProperty("part", "spotlight")
    strip.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    strip.hide()
    return strip


def _cap(surface: QWidget) -> QLabel:
    cap = text_label(CAP, "spotlight-cap", surface)
    cap.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    cap.hide()
    return cap
