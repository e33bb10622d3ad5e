"""One process of a world: the real worker and its real files, one round at a time.

It is the worker's flight recorder too. Each step that the worker records is a position at which
the world may end or stop it; so is each SQLite transaction that begins when nothing was recorded
since the last one ended.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

from workers.clock import Clock
from workers.config import LaneConfig, WorkerConfig
from workers.consumer import Consumer
from workers.control import ControlPage
from workers.lanes import Role
from workers.log.engine import EngineLog
from workers.log.sqlite import open_log
from workers.log.types import IncarnationId
from workers.outcome import Outcome
from workers.producer import Producer
from workers.steps import Step

Key = tuple[Role, int]
"""A slot."""
BEFORE_ALL = "before its first step"
BETWEEN = "before a SQLite transaction"


class Crashed(BaseException):
    """SIGKILL: nothing of the process's own code runs any more, and its files are closed."""


class Process:
    """One incarnation.

    Fields:
        config: with its number, role and slot.
        locks: SQLite write locks it holds now.
        acked_sequence: exclusive end of what was acknowledged to it; None: nothing was.
        stopped: it does nothing until the world lets it go on.
    """

    def __init__(
        self,
        lane: LaneConfig,
        key: Key,
        incarnation: IncarnationId,
        clock: Clock,
        control: ControlPage,
        at: Callable[[Process, str], None],
    ) -> None:
        """`at` is told each position before it is passed; it may raise Crashed."""
        self.config = WorkerConfig(lane, *key, incarnation)
        self.locks = 0
        self.acked_sequence: int | None = None
        self.stopped = False
        self._clock = clock
        self._control = control
        self._at = at
        self._stack = ExitStack()
        self._worker: Producer | Consumer | None = None
        self._unnamed = False
        self._ended = False

    @property
    def key(self) -> Key:
        """Its slot."""
        return self.config.role, self.config.slot

    def turn(self) -> bool:
        """Its start, or one round of its work. Returns False once it has finished."""
        if self._worker is not None:
            return self._worker.cycle() is not None
        self._at(self, BEFORE_ALL)
        self._worker = self._start()
        return True

    def die(self) -> None:
        """From here on it is dead: what its code still does on the way out is not its doing."""
        self._ended = True

    def close(self) -> None:
        """The process is gone: the kernel closes its files."""
        self._ended = True
        self._stack.close()

    # start

    def _start(self) -> Producer | Consumer:
        config, files = self.config, self.config.lane.files
        clicks = self._open(files.clicks)
        if config.role is Role.PRODUCER:
            producer = Producer.__new__(Producer)
            self._stack.callback(_close_what_it_opened, producer)
            producer.__init__(  # type: ignore[misc]
                config, clicks, self, self._control, clock=self._clock, on_lock=self.locked
            )
            return producer
        log = self._open(files.results)
        outcome = Outcome(config, log, self, self._clock, self.locked)
        self._stack.enter_context(closing(outcome))
        return Consumer(config, clicks, log, outcome, self, self._control, self._clock)

    def _open(self, path: Path) -> EngineLog:
        log = open_log(path, self.config.lane.durability, self._clock.now_ns, self.locked)
        return self._stack.enter_context(closing(log))

    # what the worker says of itself (`workers.recorder.Steps`)

    def step(self, after: Step, before: Step, exposed: int = 0) -> None:
        """A position, unless the process has ended."""
        self._unnamed = False
        if not self._ended:
            self._at(self, after.value)

    def locked(self, change: int) -> None:
        """Before a lock: a position if nothing was recorded since the last one was given back."""
        if change > 0 and self._unnamed and not self._ended:
            self._unnamed = False
            self._at(self, BETWEEN)
        self.locks += change
        self._unnamed = change < 0

    def working(self) -> None:
        """Says nothing about what could be lost."""

    def acked(self, next_sequence: int) -> None:
        """The bench reads it when the process has ended."""
        if not self._ended:
            self.acked_sequence = next_sequence


def _close_what_it_opened(producer: Producer) -> None:
    """Its own files, also when it died before its constructor was done."""
    for name in ("_network", "_positions"):
        opened = getattr(producer, name, None)
        if opened is not None:
            opened.close()
