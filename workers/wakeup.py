"""How a producer wakes a consumer that waits for records: one FIFO per partition.

A named pipe holds no lock and belongs to nobody: a writer that dies takes nothing with it, a
reader that dies leaves at worst some unread bytes. Where there are no FIFOs (Windows) the consumer
polls.
"""

from __future__ import annotations

import os
import select
import time
from pathlib import Path

HAS_FIFOS = hasattr(os, "mkfifo")
POLL_S = 0.001
DRAIN_BYTES = 4096


def create_fifo(path: Path) -> None:
    """Makes the FIFO of one partition; nothing where there are none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if HAS_FIFOS:
        os.mkfifo(path)


class Bell:
    """The producer's side of one partition."""

    def __init__(self, path: Path) -> None:
        """Opens for reading too: then there is no moment without a reader, and no SIGPIPE."""
        self._handle = os.open(path, os.O_RDWR | os.O_NONBLOCK) if HAS_FIFOS else None

    def ring(self) -> None:
        """Wakes the partition's consumer; never waits. A full FIFO means it is awake already."""
        if self._handle is None:
            return
        try:
            os.write(self._handle, b"!")
        except BlockingIOError:
            return

    def close(self) -> None:
        """Closes the FIFO."""
        if self._handle is not None:
            os.close(self._handle)


class Ears:
    """The consumer's side of all the partitions it owns."""

    def __init__(self, paths: list[Path]) -> None:
        """Opens each FIFO for reading and writing, so that no end of file is ever seen."""
        self._handles = [os.open(path, os.O_RDWR | os.O_NONBLOCK) for path in self._real(paths)]

    @staticmethod
    def _real(paths: list[Path]) -> list[Path]:
        return paths if HAS_FIFOS else []

    def wait(self, timeout_s: float) -> None:
        """Returns when a bell rang or the time is over; a ring may be spurious."""
        if not HAS_FIFOS or not self._handles:
            time.sleep(min(timeout_s, POLL_S) if not HAS_FIFOS else timeout_s)
            return
        ready, _, _ = select.select(self._handles, [], [], timeout_s)
        for handle in ready:
            self._empty(handle)

    @staticmethod
    def _empty(handle: int) -> None:
        try:
            os.read(handle, DRAIN_BYTES)
        except BlockingIOError:
            return

    def close(self) -> None:
        """Closes the FIFOs."""
        for handle in self._handles:
            os.close(handle)
        self._handles = []
