"""The flight recorder: a worker's last step, where a SIGKILL cannot erase it.

One memory-mapped page a process, with one writer (the worker) and any number of readers. Every
value is one aligned 8-byte store, which no kill can tear; the page outlives the process because
the kernel holds it. Writing a step costs about a microsecond and never waits for anyone. What it
says is used for "after X, before Y", for recovery times and for the picture, never for a count.

Layout, in 8-byte words:

    0..15   the words named by `Word`
    16..    a ring of RING entries of two words: time (monotonic ns), packed step

A packed step is after-step number | before-step number << 8 | exposed events << 16.
"""

from __future__ import annotations

import mmap
import os
import signal
import sys
import time
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Protocol

from workers.failpoints import Failpoints
from workers.pages import write_page
from workers.steps import STEPS, Step

COST_EVERY_NS = 5_000_000
"""How old the cost in a page may be while its process works: a kill takes no more of it along."""
OWN_IO = "/proc/self/io"
RING = 120
RING_START = 16
WORDS = RING_START + 2 * RING
PAGE_BYTES = 8 * WORDS
EXPOSED_MAX = (1 << 40) - 1
UNSET = -1


class Word(IntEnum):
    """Where each value lives."""

    STEP = 0
    FIRST_STEP_NS = 1
    LAST_STEP_NS = 2
    ACKED_SEQUENCE = 3
    STEPS = 4
    FAILPOINT = 5
    LOCKS = 6
    CPU_NS = 7
    WRITTEN_BYTES = 8


@dataclass(frozen=True, slots=True)
class Cost:
    """What a worker has used so far.

    Fields:
        cpu_ns: CPU time of the whole process, user and system.
        written_bytes: handed to the system by write calls (`wchar` of /proc/PID/io): database and
            write-ahead log, whatever file system is below and whenever it goes to the disk; None
            where the system does not tell (not Linux).
    """

    cpu_ns: int = 0
    written_bytes: int | None = 0

    def __add__(self, other: Cost) -> Cost:
        """Both together; what is unknown of one is unknown of both."""
        known = self.written_bytes is not None and other.written_bytes is not None
        written = (self.written_bytes or 0) + (other.written_bytes or 0) if known else None
        return Cost(self.cpu_ns + other.cpu_ns, written)


class OwnCost:
    """This process's cost since this was made, asked of the system.

    It takes about 4 us, so not at every step. What a process did before it had its work, waiting
    for it as a spare, is not the work's cost.
    """

    def __init__(self) -> None:
        try:
            self._io: int | None = os.open(OWN_IO, os.O_RDONLY)
        except OSError:
            self._io = None
        self._cpu_before_ns = time.process_time_ns()
        self._bytes_before = self._all_bytes() or 0

    def read(self) -> Cost:
        """So far."""
        all_bytes = self._all_bytes()
        written = None if all_bytes is None else all_bytes - self._bytes_before
        return Cost(time.process_time_ns() - self._cpu_before_ns, written)

    def _all_bytes(self) -> int | None:
        if self._io is None:
            return None
        # rchar: N wchar: N ...
        return int(os.pread(self._io, 128, 0).split(None, 4)[3])

    def close(self) -> None:
        """Lets go of the system's file."""
        if self._io is not None:
            os.close(self._io)
            self._io = None


STEP, STEPS_DONE, LAST_STEP_NS = int(Word.STEP), int(Word.STEPS), int(Word.LAST_STEP_NS)
FIRST_STEP_NS, ACKED_SEQUENCE, LOCKS = (
    int(Word.FIRST_STEP_NS), int(Word.ACKED_SEQUENCE), int(Word.LOCKS)
)  # fmt: skip
"""The words written with every step, as plain numbers: an enum member costs as much as a store."""


@dataclass(frozen=True, slots=True)
class StepEntry:
    """One step as recorded.

    Fields:
        time_ns: monotonic; when `after` was completed.
        before: the step that the worker was going to complete next.
        exposed: events in hand that a death here would lose or deliver again.
    """

    time_ns: int
    after: Step
    before: Step
    exposed: int


def create_page(path: Path) -> None:
    """Makes an empty page for a process that is about to be started."""
    words = memoryview(bytearray(PAGE_BYTES)).cast("q")
    words[Word.STEP] = pack(Step.STARTED, Step.STARTED, 0)
    words[Word.ACKED_SEQUENCE] = UNSET
    words[Word.WRITTEN_BYTES] = 0 if Path(OWN_IO).exists() else UNSET
    write_page(path, words)


def end_this_process() -> None:
    """SIGKILL (TerminateProcess) to itself: nothing after this line is carried out."""
    os.kill(os.getpid(), signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)


def pack(after: Step, before: Step, exposed: int) -> int:
    """A step as one word; `exposed` is capped at EXPOSED_MAX."""
    capped = exposed if exposed < EXPOSED_MAX else EXPOSED_MAX
    return after.number | before.number << 8 | capped << 16


def unpack(time_ns: int, word: int) -> StepEntry:
    """The step that `pack` made."""
    return StepEntry(time_ns, STEPS[word & 0xFF], STEPS[word >> 8 & 0xFF], word >> 16)


class _Page:
    """A mapped page as 8-byte words."""

    def __init__(self, path: Path, access: int) -> None:
        flags = os.O_RDWR if access == mmap.ACCESS_WRITE else os.O_RDONLY
        handle = os.open(path, flags)
        try:
            self._map = mmap.mmap(handle, PAGE_BYTES, access=access)
        finally:
            os.close(handle)
        self.words = memoryview(self._map).cast("q")

    def close(self) -> None:
        self.words.release()
        self._map.close()


class Steps(Protocol):
    """What a protocol says of itself while it goes on."""

    def step(self, after: Step, before: Step, exposed: int = 0) -> None:
        """`after` is completed, `before` comes next, `exposed` events are in hand (0 or more)."""

    def working(self) -> None:
        """The process does its work (again)."""

    def acked(self, next_sequence: int) -> None:
        """Appends up to `next_sequence` (exclusive) of this process were acknowledged."""

    def locked(self, change: int) -> None:
        """One SQLite write lock more (+1) is wanted or held, or one fewer (-1)."""


class Recorder:
    """The writing side, in the worker."""

    def __init__(self, path: Path, failpoints: Failpoints | None = None) -> None:
        """`path`: a page made by `create_page`. `failpoints`: where the process kills itself."""
        self._page = _Page(path, mmap.ACCESS_WRITE)
        self._words = self._page.words
        self._failpoints = failpoints
        self._count = 0
        self._own_cost = OwnCost()
        self._cost_due_ns = 0

    def step(self, after: Step, before: Step, exposed: int = 0) -> None:
        """`after` is completed, `before` comes next, `exposed` events are in hand (0 or more)."""
        words, count = self._words, self._count
        now_ns = time.monotonic_ns()
        word = pack(after, before, exposed)
        place = RING_START + 2 * (count % RING)
        words[place] = now_ns
        words[place + 1] = word
        self._count = count = count + 1
        words[STEP] = word
        words[LAST_STEP_NS] = now_ns
        words[STEPS_DONE] = count
        if now_ns >= self._cost_due_ns:
            self._write_cost(now_ns)
        if self._failpoints is not None:
            number = self._failpoints.fired(after, before)
            if number:
                words[Word.FAILPOINT] = number
                end_this_process()

    def _write_cost(self, now_ns: int) -> None:
        cost = self._own_cost.read()
        self._page.words[Word.CPU_NS] = cost.cpu_ns
        written = cost.written_bytes
        self._page.words[Word.WRITTEN_BYTES] = UNSET if written is None else written
        self._cost_due_ns = now_ns + COST_EVERY_NS

    def locked(self, change: int) -> None:
        """One SQLite write lock more (+1) is wanted or held, or one fewer (-1)."""
        self._words[LOCKS] += change

    def working(self) -> None:
        """The process does its work (again): stamps the time once, for the recovery time."""
        if self._words[FIRST_STEP_NS] == 0:
            self._words[FIRST_STEP_NS] = time.monotonic_ns()

    def acked(self, next_sequence: int) -> None:
        """Appends up to `next_sequence` (exclusive) of this process were acknowledged."""
        self._words[ACKED_SEQUENCE] = next_sequence

    def close(self) -> None:
        """Writes the cost a last time and unmaps the page."""
        self._write_cost(0)
        self._own_cost.close()
        self._page.close()


class FlightPage:
    """The reading side, in the bench; safe while the worker writes and after it died."""

    def __init__(self, path: Path) -> None:
        """`path`: a page made by `create_page`."""
        self._page = _Page(path, mmap.ACCESS_READ)

    def last(self) -> StepEntry:
        """The last step completed."""
        words = self._page.words
        return unpack(words[Word.LAST_STEP_NS], words[Word.STEP])

    @property
    def first_step_ns(self) -> int | None:
        """When the process first did its work; None before that."""
        return self._page.words[Word.FIRST_STEP_NS] or None

    @property
    def failpoint(self) -> int:
        """The number of the order at which the process killed itself; 0 when it did not."""
        return self._page.words[Word.FAILPOINT]

    @property
    def locks(self) -> int:
        """SQLite write locks that the process wants or holds now."""
        return self._page.words[Word.LOCKS]

    @property
    def cost(self) -> Cost:
        """What the process has used, at most COST_EVERY_NS and one step old."""
        words = self._page.words
        written = words[Word.WRITTEN_BYTES]
        return Cost(words[Word.CPU_NS], None if written == UNSET else written)

    @property
    def acked_sequence(self) -> int | None:
        """Exclusive end of what was acknowledged to this process; None when nothing was."""
        value = self._page.words[Word.ACKED_SEQUENCE]
        return None if value == UNSET else value

    def ring(self) -> list[StepEntry]:
        """The last steps, oldest first, at most RING - 1; exact once the process is dead.

        The oldest entry is left out: a process that died between an entry and its count has
        overwritten it.
        """
        words = self._page.words
        count = words[Word.STEPS]
        first = max(0, count - RING + 1)
        places = (RING_START + 2 * (number % RING) for number in range(first, count))
        return [unpack(words[place], words[place + 1]) for place in places]

    def close(self) -> None:
        """Unmaps the page."""
        self._page.close()
