"""A process's orders: where it kills itself, exactly between two protocol steps; what it loses.

A failpoint is a window: it opens when `after` is completed and fires when `before` is what the
process is about to do next. The bench writes what it wants into the incarnation's orders page,
before the process starts or while it runs; the process reads the page at each step it records and
sends itself SIGKILL there, so a demonstration hits the window on the first try.

Source: the failpoints of FreeBSD's `fail(9)` and of TiKV's `fail` crate.

The same page says how many acknowledgements a producer is to lose (`network`).

Layout of the page, in 8-byte words: word 0 is the number of entries (0..ENTRIES), written last;
then two words an entry: packed window, and the passing at which it fires; then how many
acknowledgements are to be lost, in all since the process's start.
"""

from __future__ import annotations

import mmap
import os
from dataclasses import dataclass
from pathlib import Path

from workers.pages import write_page
from workers.policies import Role
from workers.steps import Step

ENTRIES = 15
ACKS_TO_LOSE = 1 + 2 * ENTRIES
PAGE_BYTES = 8 * (ACKS_TO_LOSE + 1)
ANY = 0xFF


@dataclass(frozen=True, slots=True)
class Failpoint:
    """Where processes of a role kill themselves. Invariant: `after` or `before` is set.

    Fields:
        after: the step that must be completed since the last `before`; None: any.
        before: the step about to be made; None: fires as soon as `after` is completed.
        slot: only this slot; None: slot 0 when `every` is None, else every slot of the role.
        every: fires at each process's n-th passing (n >= 1); None: at the first passing, once in
            the lane's life.
    """

    role: Role
    after: Step | None = None
    before: Step | None = None
    slot: int | None = None
    every: int | None = None

    def __post_init__(self) -> None:
        """Raises ValueError when it names no step."""
        if self.after is None and self.before is None:
            raise ValueError("a failpoint names the step after or before which it fires")

    def meant_for(self, role: Role, slot: int) -> bool:
        """Whether processes of the slot are to fire it."""
        if role is not self.role:
            return False
        if self.slot is None:
            return self.every is not None or slot == 0
        return slot == self.slot


class OrdersPage:
    """The bench's side: writes what one incarnation is to do."""

    def __init__(self, path: Path) -> None:
        """Makes the page, empty."""
        write_page(path, bytes(PAGE_BYTES))
        handle = os.open(path, os.O_RDWR)
        try:
            self._map = mmap.mmap(handle, PAGE_BYTES)
        finally:
            os.close(handle)
        self._words = memoryview(self._map).cast("q")

    def order(self, failpoint: Failpoint) -> int:
        """Adds a failpoint. Returns its number from 1 in this page; 0 when the page is full."""
        number = self._words[0]
        if number == ENTRIES:
            return 0
        place = 1 + 2 * number
        self._words[place + 1] = failpoint.every or 1
        self._words[place] = _code(failpoint.after) | _code(failpoint.before) << 8
        self._words[0] = number + 1
        return number + 1

    def lose_ack(self) -> None:
        """One acknowledgement more is to be lost."""
        self._words[ACKS_TO_LOSE] += 1

    def clear(self) -> None:
        """Takes every order back, for good: what is ordered after this is not heard."""
        self._words[0] = 0
        self._words[ACKS_TO_LOSE] = 0

    def close(self) -> None:
        """Unmaps the page."""
        self._words.release()
        self._map.close()


class Failpoints:
    """The process's side: says at each step whether an order fires."""

    def __init__(self, path: Path) -> None:
        """`path`: a page that the bench made."""
        handle = os.open(path, os.O_RDONLY)
        try:
            self._map = mmap.mmap(handle, PAGE_BYTES, access=mmap.ACCESS_READ)
        finally:
            os.close(handle)
        self._words = memoryview(self._map).cast("q")
        self._watches: list[_Watch] = []

    def fired(self, after: Step, before: Step) -> int:
        """The number of the order that fires now, 0 for none."""
        count = self._words[0]
        if not count:
            return 0
        while len(self._watches) < count:
            place = 1 + 2 * len(self._watches)
            self._watches.append(_Watch(self._words[place], self._words[place + 1]))
        fired = [n for n, watch in enumerate(self._watches, 1) if watch.passes(after, before)]
        return fired[0] if fired else 0

    @property
    def acks_to_lose(self) -> int:
        """Acknowledgements to be lost, in all since the process's start."""
        return self._words[ACKS_TO_LOSE]

    def close(self) -> None:
        """Unmaps the page."""
        self._words.release()
        self._map.close()


class _Watch:
    """One order: whether its window is open, and how often it was passed."""

    def __init__(self, window: int, passing: int) -> None:
        self._after, self._before = window & ANY, window >> 8 & ANY
        self._left = passing
        self._open = self._after == ANY

    def passes(self, after: Step, before: Step) -> bool:
        """Whether this step is the passing at which it fires."""
        if after.number == self._after:
            self._open = True
        elif after.number == self._before:
            self._open = self._after == ANY
        here = self._open and (
            after.number == self._after if self._before == ANY else before.number == self._before
        )
        self._left -= here
        return here and self._left == 0


def _code(step: Step | None) -> int:
    return ANY if step is None else step.number
