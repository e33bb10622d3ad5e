"""One lane's picture as a widget: it asks the model what is there now, and has it painted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from bench_gui.bench.snapshot import FaultReport, LaneSnapshot
from bench_gui.window.palette import LIGHT, Theme
from bench_gui.window.scene.ground import Ground
from bench_gui.window.scene.layout import Layout, grown, lay_out
from bench_gui.window.scene.model import Picture, SceneModel
from bench_gui.window.scene.motion import Motion
from bench_gui.window.scene.sprites import Sprites
from bench_gui.window.scene.words import described, partition_words, slot_line
from bench_gui.window.widgets import type_share
from workers.lanes import Lane

GROUND_EVERY_S = 0.25
"""Text costs: numbers are written this often."""

Look = tuple[QSize, float, float, str]
"""Size, display ratio, type size, theme: what everything painted depends on."""


class LaneScene(QWidget):
    """Producers, log, consumers, result: from top to bottom.

    Args:
        clock_s: the time of its movements.
    """

    def __init__(self, lane: Lane, clock_s: Callable[[], float] = time.perf_counter) -> None:
        super().__init__()
        self._lane = lane
        self._clock_s = clock_s
        self._theme = LIGHT
        self.model = SceneModel(lane)
        self._span = 100.0
        self._sprites = Sprites()
        self._ground = Ground(lane, self._sprites)
        self._motion = Motion(self._sprites)
        self._picture = self.model.at(clock_s())
        self._layout = self._lay_out()
        self._look: Look | None = None
        self._painted = QPixmap()
        self._painted_s = 0.0
        self._painted_of: object = None
        self.setObjectName(f"scene-{lane.slug}")
        self.setAccessibleName(f"Pipeline, {lane.name}")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._describe()

    # what there is to show

    def plan(self, producers: int, partitions: int, consumers: int) -> None:
        """How many there will be."""
        self.model.plan(producers, partitions, consumers)
        self._show_now()

    def clear(self) -> None:
        """As before the first snapshot."""
        self.model.clear()
        self._show_now()

    def take(self, lane: LaneSnapshot, t_s: float | None = None) -> None:
        """The lane at `t_s` of the run."""
        self.model.take(lane, self._clock_s(), t_s)

    def tell(self, lane: LaneSnapshot) -> None:
        """What its numbers say from now on."""
        self.model.tell(lane)
        self._picture = self.model.at(self._clock_s())
        self.update()

    def forget_workers(self) -> None:
        """None of its processes is left."""
        self.model.forget_workers(self._clock_s())
        self._show_now()

    def take_faults(self, faults: Iterable[FaultReport]) -> None:
        """Who was killed."""
        self.model.take_faults(faults)

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self._theme = theme
        self.update()

    def set_reduced(self, reduced: bool) -> None:
        """Whether nothing is to move."""
        self.model.reduced = reduced
        self._show_now()

    def advance(self, span: float) -> bool:
        """The picture of this moment. Returns whether the next one looks different.

        Args:
            span: offsets that a bar covers, shared by the lanes.
        """
        self._span = span
        was_moving, self._picture = self._picture.moving, self.model.at(self._clock_s())
        self.update()
        return self._picture.moving or was_moving

    def _show_now(self) -> None:
        self._painted_of = None
        self._picture = self.model.at(self._clock_s())
        self._describe()
        self.update()

    @property
    def picture(self) -> Picture:
        """What is drawn."""
        return self._picture

    def _describe(self) -> None:
        self.setAccessibleDescription(described(self._lane, self._picture))

    # painting

    def _lay_out(self) -> Layout:
        picture = self._picture
        counts = (len(picture.producers), len(picture.partitions), len(picture.consumers))
        return lay_out(
            self.width(), self.height(), counts,
            doubtful=self._lane.consumer.two_phase, numbers=picture.started,
            type_share=self._share(),
        )  # fmt: skip

    def _share(self) -> float:
        return grown(self.height(), type_share(self))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """What stands still is copied, and what moves painted over it."""
        del event
        self._layout = self._lay_out()
        self._dress()
        now_s = self._clock_s()
        of = self._still()
        if of != self._painted_of or now_s - self._painted_s >= GROUND_EVERY_S:
            self._paint_ground()
            self._painted_of, self._painted_s = of, now_s
        with QPainter(self) as painter:
            painter.drawPixmap(QPointF(0, 0), self._painted)
            self._motion.paint(
                painter, self._layout, self._picture, self._span, reduced=self.model.reduced
            )

    def _dress(self) -> None:
        look = (self.size(), self.devicePixelRatioF(), self._share(), self._theme.name)
        if look == self._look:
            return
        self._look = look
        self._sprites.dress(
            self._theme, self._theme.lane(self._lane.slug), self.font(), look[2], look[1]
        )
        self._painted = QPixmap(self.size() * look[1])
        self._painted.setDevicePixelRatio(look[1])
        self._painted_of = None

    def _still(self) -> object:
        """What must be seen at once when it changes."""
        picture = self._picture
        slots = (*picture.producers, *picture.consumers)
        return (
            tuple((view.worker.pid, view.mood, view.arrival is None) for view in slots),
            picture.events_per_dot,
            picture.started,
            picture.counts,
            picture.lag,
        )

    def _paint_ground(self) -> None:
        with QPainter(self._painted) as painter:
            self._ground.paint(painter, self._layout, self._picture, reduced=self.model.reduced)
        self._describe()

    # what the mouse asks

    def event(self, event: QEvent) -> bool:
        """Says all about what is under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            words = self.words_at(event.pos().x(), event.pos().y())
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def words_at(self, x: float, y: float) -> str:
        """What stands at a place, in full."""
        picture, layout = self._picture, self._layout
        for row, views in (
            (layout.producers, picture.producers),
            (layout.consumers, picture.consumers),
        ):
            for number, box in enumerate(row.boxes):
                if box.has(x, y) and number < len(views):
                    return slot_line(views[number])
            if row.more is not None and row.more.has(x, y):
                return "\n".join(map(slot_line, views[len(row.boxes) :]))
        if layout.log.has(x, y) and picture.partitions:
            return "\n".join(map(partition_words, picture.partitions))
        return described(self._lane, picture)
