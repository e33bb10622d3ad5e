"""Watches one run from a terminal until it ends. Knows no arguments, no files and no Qt."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType, TracebackType
from typing import Any, Protocol, TextIO

from bench_gui.bench.records.table import progress_line
from bench_gui.bench.snapshot import RunSnapshot, RunState

WAIT_S = 0.25
"""How long a Ctrl-C may wait to be acted on."""

DRAIN_NOTICE = "stopping: the run drains and is counted; Ctrl-C again to abort"
ABORT_NOTICE = "aborting: the run is cut off"
CLOSE_NOTICE = "ending the bench itself"


SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


class Bench(Protocol):
    """What is needed of `bench_gui.bench.client.BenchClient`."""

    @property
    def running(self) -> bool: ...
    @property
    def failure(self) -> str | None: ...
    def wait(self, timeout_s: float) -> list[RunSnapshot]: ...
    def stop(self) -> None: ...
    def abort(self) -> None: ...
    def close(self) -> None: ...


class Interrupts:
    """Counts Ctrl-C, SIGTERM and a closed terminal while entered; who watches acts on the count."""

    def __init__(self) -> None:
        self.count = 0
        self._previous: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Interrupts:
        for number in SIGNALS:
            self._previous[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for number, previous in self._previous.items():
            signal.signal(number, previous)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.count += 1


class Progress:
    """One line that is rewritten in place; nothing when the stream is no terminal.

    Fields:
        shows: whether there is such a line.
    """

    def __init__(self, stream: TextIO, duration_s: float) -> None:
        self._stream = stream
        self._duration_s = duration_s
        self.shows = stream.isatty()

    def show(self, snapshot: RunSnapshot) -> None:
        """Replaces the line."""
        self.show_line(lambda width: progress_line(snapshot, self._duration_s, width))

    def show_line(self, line: Callable[[int], str]) -> None:
        """Replaces the line by what `line` makes of the columns there are."""
        if self.shows:
            width = shutil.get_terminal_size().columns - 1
            self._write(f"\r{line(width)}\x1b[K")

    def note(self, sentence: str) -> None:
        """Leaves a sentence above the line, also when there is no line."""
        self._write(f"\r\x1b[K{sentence}\n" if self.shows else f"{sentence}\n")

    def clear(self) -> None:
        """Takes the line away."""
        if self.shows:
            self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        with suppress(OSError):  # the terminal was closed: nobody is left to tell
            self._stream.write(text)
            self._stream.flush()


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended. `failure` is one sentence when the state is FAILED, None otherwise."""

    state: RunState
    failure: str | None


def watch(bench: Bench, interrupts: Interrupts, progress: Progress) -> Ending:
    """Waits for the run to end; interrupts stop it with a drain, abort it, end the bench."""
    last: RunSnapshot | None = None
    heeded = 0
    running = True
    while running and not (last and last.state.ended):
        if heeded < min(interrupts.count, len(REACTIONS)):
            progress.note(REACTIONS[heeded](bench))
            heeded += 1
        running = bench.running  # asked first: what is new after the end is then all there is
        for last in bench.wait(WAIT_S):
            progress.show(last)
    progress.clear()
    return _ending(last, bench.failure)


def _ending(last: RunSnapshot | None, failure: str | None) -> Ending:
    if last is None or not last.state.ended:
        return Ending(RunState.FAILED, failure or "the bench ended without a word")
    failed = last.state is RunState.FAILED
    return Ending(last.state, (failure or last.message) if failed else None)


def _stop(bench: Bench) -> str:
    bench.stop()
    return DRAIN_NOTICE


def _abort(bench: Bench) -> str:
    bench.abort()
    return ABORT_NOTICE


def _close(bench: Bench) -> str:
    bench.close()
    return CLOSE_NOTICE


REACTIONS: tuple[Callable[[Bench], str], ...] = (_stop, _abort, _close)
"""What the first, second and third interrupt do. Returns what to tell the user."""
