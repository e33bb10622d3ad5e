"""What the bench tells a lane's workers while they run: one page, one writer, no locks.

    word 0  sources end here (monotonic ns, exclusive); FOREVER until that is known
    word 1  1 once every producer has finished: consumers finish what is in the log, then exit
    word 2  sources start here (monotonic ns); 0 until every worker is ready
    word 3  1 while the end is being moved: no producer may take it for the end yet

The bench moves the end only forward of its own clock (see `end_sources`), so that no producer can
have taken an event that afterwards never existed.
"""

from __future__ import annotations

import mmap
import os
import time
from pathlib import Path

FOREVER = 2**63 - 1
PAGE_BYTES = 32
STOP_MARGIN_NS = 20_000_000


class ControlPage:
    """The page, mapped. Workers read, the bench writes."""

    def __init__(self, path: Path) -> None:
        """Maps the page at `path`, making it when it is not there."""
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            if os.fstat(handle).st_size < PAGE_BYTES:
                os.ftruncate(handle, PAGE_BYTES)
                os.pwrite(handle, FOREVER.to_bytes(8, "little"), 0)
            self._map = mmap.mmap(handle, PAGE_BYTES)
        finally:
            os.close(handle)
        self._words = memoryview(self._map).cast("q")

    @property
    def sources_end_ns(self) -> int:
        """Events due at or after this time do not exist."""
        return self._words[0]

    @property
    def draining(self) -> bool:
        """Whether nothing more will be appended."""
        return self._words[1] != 0

    @property
    def sources_start_ns(self) -> int:
        """When event 0 is due; 0 while that is not decided."""
        return self._words[2]

    @property
    def sources_end_is_final(self) -> bool:
        """Whether `sources_end_ns`, read before this, stands."""
        return self._words[3] == 0

    def hold_sources_end(self, *, moving: bool) -> None:
        """Announces that the end is about to be moved, or that it stands again."""
        self._words[3] = int(moving)

    def set_sources_start(self, start_ns: int) -> None:
        """Starts the sources; the end must be set before."""
        self._words[2] = start_ns

    def set_sources_end(self, end_ns: int) -> None:
        """Sets the end; before the workers start, or later than anything taken."""
        self._words[0] = end_ns

    def start_drain(self) -> None:
        """Tells the consumers to finish."""
        self._words[1] = 1

    def close(self) -> None:
        """Unmaps the page."""
        self._words.release()
        self._map.close()


def end_sources(pages: list[ControlPage]) -> int:
    """Ends the sources of all lanes as soon as it is safe, at the same time in each.

    A producer reads its clock first and the page after, so whoever read the old page took only
    events due before the write. The end is written ahead of the clock, and again later if the
    clock overtook it before every page was written.

    Returns:
        The end, monotonic ns, exclusive.
    """
    for page in pages:
        page.hold_sources_end(moving=True)
    end_ns = 0
    while end_ns <= time.monotonic_ns():
        end_ns = time.monotonic_ns() + STOP_MARGIN_NS
        for page in pages:
            page.set_sources_end(end_ns)
    for page in pages:
        page.hold_sources_end(moving=False)
    return end_ns
