"""The bench's end of the pipe to its watcher (window or command line).

The watcher asks for each snapshot, and the bench answers when it has something new: a slow watcher
gets fewer and larger snapshots, and the bench never waits for it.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import islice
from queue import SimpleQueue
from threading import Thread

from bench_gui.bench.snapshot import FaultReport, LaneSample, RunSnapshot
from workers.failpoints import Failpoint
from workers.processes import Connection

GONE = (EOFError, OSError)
SNAPSHOT_EVERY_NS = 50_000_000
MOST_NEWS = 10_000
"""Samples, and faults, kept for a watcher that asks for nothing: the newest. `run.db` has all."""


@dataclass(frozen=True, slots=True)
class Next:
    """From the watcher: send the next snapshot when there is one."""


@dataclass(frozen=True, slots=True)
class Stop:
    """From the watcher: end the sources, drain, count."""


@dataclass(frozen=True, slots=True)
class Abort:
    """From the watcher: end every process now."""


@dataclass(frozen=True, slots=True)
class Kill:
    """From the watcher: kill a worker of the role ('producer' or 'consumer') in one lane or all."""

    role: str
    lane: str | None


@dataclass(frozen=True, slots=True)
class Pause:
    """From the watcher: stop a worker of the role for the settings' time, as `Kill`."""

    role: str
    lane: str | None


@dataclass(frozen=True, slots=True)
class Down:
    """From the watcher: kill every worker of the role and leave its slots empty for a while."""

    role: str
    lane: str | None


@dataclass(frozen=True, slots=True)
class KillAt:
    """From the watcher: running processes are to kill themselves there, in one lane or all."""

    failpoint: Failpoint
    lane: str | None


@dataclass(frozen=True, slots=True)
class LoseAck:
    """From the watcher: a producer's next acknowledgement is lost, in one lane or all."""

    lane: str | None


Command = Next | Stop | Abort | Kill | Pause | Down | KillAt | LoseAck


@dataclass
class News:
    """What a watcher has not seen yet, at most MOST_NEWS of each."""

    samples: deque[LaneSample] = field(default_factory=lambda: deque(maxlen=MOST_NEWS))
    faults: dict[int, FaultReport] = field(default_factory=dict)

    def add(self, samples: Iterable[LaneSample], faults: Iterable[FaultReport]) -> None:
        """More of it."""
        self.samples.extend(samples)
        self.faults.update((fault.fault_id, fault) for fault in faults)
        for fault_id in list(islice(self.faults, max(0, len(self.faults) - MOST_NEWS))):
            del self.faults[fault_id]


class Watcher:
    """One watcher.

    Fields:
        connection: to wait on.
        asked: whether it waits for a snapshot.
        gone: whether its process has ended, or closed the pipe.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.asked = False
        self.gone = False
        self._sent_ns = 0
        self._news = News()
        self._outbox: SimpleQueue[RunSnapshot | None] = SimpleQueue()
        self._sender = Thread(target=self._send_all, daemon=True)
        self._sender.start()

    def receive(self) -> Command | None:
        """One command; None when the watcher is gone."""
        try:
            command: Command = self.connection.recv()
        except GONE:
            self.gone = True
            return None
        if isinstance(command, Next):
            self.asked = True
        return command

    def note(self, samples: Iterable[LaneSample], faults: Iterable[FaultReport]) -> None:
        """Keeps what is new until the next snapshot is asked for."""
        self._news.add(samples, faults)

    @property
    def due(self) -> bool:
        """Whether a snapshot is asked for and the one before is old enough."""
        return self.asked and time.monotonic_ns() - self._sent_ns >= SNAPSHOT_EVERY_NS

    def send(self, snapshot: RunSnapshot) -> None:
        """Answers the watcher's question, with what is new since the last answer.

        Never waits, even for a watcher that was stopped.
        """
        self.asked = False
        self._sent_ns = time.monotonic_ns()
        news, self._news = self._news, News()
        samples, faults = tuple(news.samples), tuple(news.faults.values())
        self._outbox.put(replace(snapshot, samples=samples, faults=faults))

    def close(self, timeout_s: float) -> None:
        """Sends what is left, for at most `timeout_s`."""
        self._outbox.put(None)
        self._sender.join(timeout_s)

    def _send_all(self) -> None:
        while (snapshot := self._outbox.get()) is not None:
            try:
                self.connection.send(snapshot)
            except GONE:
                self.gone = True
                return
