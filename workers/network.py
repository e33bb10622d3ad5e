"""The wire between a producer and its log: loses requests and acknowledgements as it is asked to.

Whether an append's request or its acknowledgement is lost is drawn from (seed, slot, first
sequence, attempt), so that the same events meet the same fate in every run of a seed; or an
acknowledgement is lost because the bench ordered it. Each loss is one durable row, for without it
nobody could say afterwards why an event is there twice.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

import numpy as np

from workers.clock import Clock
from workers.config import WorkerConfig
from workers.events import splitmix64
from workers.files import NETWORK_SCHEMA, SEQUENCE_BITS
from workers.log.database import Database, OnLock
from workers.log.types import Sequence

ATTEMPTS_APART = 0x9E3779B97F4A7C15
MASK = (1 << 64) - 1


class Loss(Enum):
    """What did not arrive. The value is the one stored."""

    REQUEST = "request"
    ACK = "ack"
    ORDERED_ACK = "ordered ack"


def nothing_ordered() -> int:
    """Where nobody orders anything."""
    return 0


class Network:
    """One producer process's wire."""

    def __init__(
        self,
        config: WorkerConfig,
        clock: Clock,
        on_lock: OnLock | None = None,
        acks_to_lose: Callable[[], int] = nothing_ordered,
    ) -> None:
        """`acks_to_lose`: how many acknowledgements were ordered to be lost so far, in all."""
        lane = config.lane
        self._config = config
        self._on_lock = on_lock
        self._acks_to_lose = acks_to_lose
        self._ordered_lost = 0
        self._clock = clock
        self._slot = config.slot
        self._incarnation = config.incarnation
        self._seed = lane.seed
        self._request_loss, self._ack_loss = lane.request_loss, lane.ack_loss
        self._draws = bool(self._request_loss or self._ack_loss)
        self._database = self._open() if self._draws else None

    def _open(self) -> Database:
        lane = self._config.lane
        path = lane.files.network(self._slot)
        return Database(path, lane.durability, create=NETWORK_SCHEMA, on_lock=self._on_lock)

    def loses(self, first: Sequence, attempt: int) -> Loss | None:
        """What the batch that starts at `first` loses at its n-th attempt (from 0), if anything."""
        drawn = self._drawn(first, attempt) if self._draws else None
        if drawn is None and self._acks_to_lose() > self._ordered_lost:
            self._ordered_lost += 1
            return Loss.ORDERED_ACK
        return drawn

    def _drawn(self, first: Sequence, attempt: int) -> Loss | None:
        chance = self._chance(first, attempt)
        if chance < self._request_loss:
            return Loss.REQUEST
        return Loss.ACK if chance < self._request_loss + self._ack_loss else None

    def _chance(self, first: Sequence, attempt: int) -> float:
        """Evenly from 0 (inclusive) to 1 (exclusive)."""
        key = self._slot << SEQUENCE_BITS | first
        mixed = (key + (attempt + 1) * ATTEMPTS_APART + self._seed * 0xD1B54A32D192ED03) & MASK
        bits = splitmix64(splitmix64(np.array([mixed], dtype=np.uint64)))
        return float(bits[0] >> np.uint64(11)) * 2.0**-53

    def note(self, loss: Loss, first: Sequence, count: int, attempt: int) -> None:
        """Writes down that the loss came about."""
        database = self._database = self._database or self._open()
        with database.transaction():
            database.execute(
                "INSERT INTO losses(kind, incarnation, source, first_sequence, count, attempt,"
                " lost_ns) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (loss.value, self._incarnation, self._slot, first, count, attempt,
                 self._clock.now_ns()),
            )  # fmt: skip

    def close(self) -> None:
        """Closes the database."""
        if self._database is not None:
            self._database.close()
