"""Time as the protocols use it, so that a test can hold it still."""

from __future__ import annotations

import time
from typing import Protocol

from workers.time_units import SECOND_NS


class Clock(Protocol):
    """Monotonic nanoseconds, the same for all processes."""

    def now_ns(self) -> int:
        """Now."""

    def sleep_ns(self, duration_ns: int) -> None:
        """Waits; returns at once for 0 or less."""


class MonotonicClock:
    """The system's."""

    def now_ns(self) -> int:
        return time.monotonic_ns()

    def sleep_ns(self, duration_ns: int) -> None:
        if duration_ns > 0:
            time.sleep(duration_ns / SECOND_NS)


MONOTONIC = MonotonicClock()
