"""How often a run is recorded. Pure; times are monotonic nanoseconds.

Twenty frames a second are what the window shows. A run that goes on and on is recorded at half the
rate after every FRAMES_A_RATE frames, so that a night takes little more room than an hour:

    10 minutes at 20 a second, the next 20 at 10, the next 40 at 5, the next 80 at 2.5, ...
"""

from __future__ import annotations

from bench_gui.bench.watcher import SNAPSHOT_EVERY_NS

FRAMES_A_RATE = 12_000
UNASKED = 2
"""A frame that nobody was sent is taken when there was none for this many times as long."""


class Pace:
    """When the next frame is due."""

    def __init__(self, frames_a_rate: int = FRAMES_A_RATE) -> None:
        self._frames_a_rate = frames_a_rate
        self._every_ns = 0
        """0 until the first halving: everything that is sent is kept, however soon it comes."""
        self._taken = 0
        self._last_ns: int | None = None

    def wants(self, now_ns: int, *, sent: bool) -> bool:
        """Whether to take a frame.

        Args:
            sent: whether a watcher is sent what it would show.
        """
        if self._last_ns is None:
            return True
        since_ns = now_ns - self._last_ns
        if sent:
            return since_ns >= self._every_ns
        return since_ns >= UNASKED * max(self._every_ns, SNAPSHOT_EVERY_NS)

    def took(self, now_ns: int) -> None:
        """A frame was taken."""
        self._last_ns = now_ns
        self._taken += 1
        if self._taken % self._frames_a_rate == 0:
            self._every_ns = 2 * max(self._every_ns, SNAPSHOT_EVERY_NS)
