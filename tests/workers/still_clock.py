"""A clock for producers that work at once what would take them seconds."""

from __future__ import annotations


class StillClock:
    """Time that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.ns = 1_000_000_000

    def now_ns(self) -> int:
        return self.ns

    def sleep_ns(self, duration_ns: int) -> None:
        self.ns += max(0, duration_ns)
