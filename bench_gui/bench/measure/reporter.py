"""The measurement's end of the pipe to its watcher (window or command line).

The watcher asks for each snapshot and gets the newest: a slow one costs the measurement nothing.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Thread

from bench_gui.bench.measure.snapshot import MeasureSnapshot
from bench_gui.bench.watcher import GONE, Next
from workers.processes import Connection, wait

SNAPSHOT_EVERY_S = 0.1


@dataclass(frozen=True, slots=True)
class StopMeasuring:
    """From the watcher: end the run that is going on, keep those that are done."""


class Reporter:
    """One watcher.

    Fields:
        stopped: whether it said so.
        gone: whether its process has ended, or closed the pipe.
    """

    def __init__(self, connection: Connection) -> None:
        self.stopped = False
        self.gone = False
        self._connection = connection
        self._asked = False
        self._sent_s = 0.0
        self._outbox: SimpleQueue[MeasureSnapshot | None] = SimpleQueue()
        self._sender = Thread(target=self._send_all, daemon=True)
        self._sender.start()

    def hear(self) -> None:
        """Takes what the watcher has said by now; never waits."""
        try:
            while not self.gone and self._connection.poll(0):
                message = self._connection.recv()
                self._asked |= isinstance(message, Next)
                self.stopped |= isinstance(message, StopMeasuring)
        except GONE:
            self.gone = True

    @property
    def due(self) -> bool:
        """Whether a snapshot is asked for and the one before is old enough."""
        return self._asked and time.monotonic() - self._sent_s >= SNAPSHOT_EVERY_S

    def send(self, snapshot: MeasureSnapshot) -> None:
        """Answers the watcher's question; never waits, even for a watcher that was stopped."""
        self._asked = False
        self._sent_s = time.monotonic()
        self._outbox.put(snapshot)

    def say_farewell(self, last: MeasureSnapshot, timeout_s: float) -> None:
        """Gives the watcher the last snapshot once it asks, if it is there to ask."""
        deadline_s = time.monotonic() + timeout_s
        self.hear()
        while not (self._asked or self.gone) and time.monotonic() < deadline_s:
            wait([self._connection], deadline_s - time.monotonic())
            self.hear()
        self.send(last)
        self._outbox.put(None)
        self._sender.join(timeout_s)

    def _send_all(self) -> None:
        while (snapshot := self._outbox.get()) is not None:
            try:
                self._connection.send(snapshot)
            except GONE:
                self.gone = True
                return
