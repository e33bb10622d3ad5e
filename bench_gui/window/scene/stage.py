"""All pictures of the board and the one clock that moves them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QObject, QTimer, Signal

from bench_gui.bench.snapshot import FaultReport, LaneSnapshot
from bench_gui.window.scales import Steady
from bench_gui.window.scene.widget import LaneScene

FRAME_MS = 40
CALM_MS = 250
"""Between frames when motion is reduced: then only marks come and go."""
LEAST_SPAN = 40.0
EASE = 0.15
"""The share of what is missing by which a span follows in a frame."""


class SceneStage(QObject):
    """The scenes that are shown. The clock runs while something moves, and never otherwise.

    Signals:
        sampled: a dot stands for so many events from now on, in every lane.
    """

    sampled = Signal(int)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._scenes: dict[str, LaneScene] = {}
        self._span = Steady(LEAST_SPAN)
        self._eased_span = LEAST_SPAN
        self._visible = True
        self._reduced = False
        self._clock = QTimer(self)
        self._clock.setInterval(FRAME_MS)
        self._clock.timeout.connect(self._advance)

    def show_scenes(self, scenes: Mapping[str, LaneScene]) -> None:
        """Exactly these."""
        self._scenes = dict(scenes)
        self._span.reset()
        self.sampled.emit(1)
        for scene in self._scenes.values():
            scene.set_reduced(self._reduced)

    def set_visible(self, visible: bool) -> None:
        """Whether their view is shown: out of sight nothing moves."""
        self._visible = visible
        if visible:
            self._advance()
        else:
            self._clock.stop()

    def set_reduced(self, reduced: bool) -> None:
        """Whether nothing is to move."""
        if reduced is self._reduced:
            return
        self._reduced = reduced
        self._clock.setInterval(CALM_MS if reduced else FRAME_MS)
        for scene in self._scenes.values():
            scene.set_reduced(reduced)

    @property
    def moving(self) -> bool:
        """Whether the clock runs."""
        return self._clock.isActive()

    def take(self, lanes: Mapping[str, LaneSnapshot], t_s: float | None = None) -> None:
        """The lanes at `t_s` of the run."""
        for slug, scene in self._scenes.items():
            lane = lanes.get(slug)
            if lane is not None:
                scene.take(lane, t_s)
        self._share_sampling()
        self._span.follow(max((s.model.wanted_span() for s in self._scenes.values()), default=0.0))
        if self._visible and not self.moving:
            self._advance()

    def _share_sampling(self) -> None:
        most = max((scene.model.wanted_per_dot for scene in self._scenes.values()), default=1)
        for scene in self._scenes.values():
            scene.model.share(most)
        self.sampled.emit(most)

    def take_faults(self, faults: Iterable[FaultReport]) -> None:
        """Who was killed."""
        told = tuple(faults)
        for scene in self._scenes.values():
            scene.take_faults(told)

    def _advance(self) -> None:
        self._eased_span += (self._span.value - self._eased_span) * (1 if self._reduced else EASE)
        moving = [scene.advance(self._eased_span) for scene in self._scenes.values()]
        if any(moving) and self._visible:
            if not self.moving:
                self._clock.start()
        else:
            self._clock.stop()
