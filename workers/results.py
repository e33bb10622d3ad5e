"""Where a consumer's results go: the analytics counters, or the log's output topic."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from workers.clock import Clock
from workers.files import RESULTS
from workers.log.api import Log
from workers.log.types import (
    IncarnationId,
    ProducerIdentity,
    ProducerStamp,
    RecordBatch,
    Sequence,
    TopicPartition,
)
from workers.pieces import Piece


class Results(Protocol):
    """Takes events and makes their effects durable (for an output topic: as durable as an open
    transaction is)."""

    def apply(self, pieces: list[Piece], applied: Callable[[], None]) -> None:
        """One effect for each event; `applied` is called between the effects and their commit."""


class OutputTopic:
    """The output topic, written in the consumer's open log transaction.

    Output partition p holds the results of input partition p; an output record is the click
    without its payload.
    """

    def __init__(
        self, log: Log, identity: ProducerIdentity, incarnation: IncarnationId, clock: Clock
    ) -> None:
        self._log = log
        self._clock = clock
        self._identity = identity
        self._incarnation = incarnation
        self._sequences: dict[int, Sequence] = {}

    def apply(self, pieces: list[Piece], applied: Callable[[], None]) -> None:
        """Appends one batch for each piece; `applied` is called after the last."""
        for piece in pieces:
            self._append(piece)
        applied()

    def _append(self, piece: Piece) -> None:
        base = self._sequences.get(piece.partition, Sequence(0))
        batch = RecordBatch(
            source=piece.source,
            first_sequence=piece.first_sequence,
            count=len(piece.links),
            due_ns=piece.due_ns,
            appended_ns=self._clock.now_ns(),
            incarnation=self._incarnation,
            records=piece.headers(),
        )
        place = TopicPartition(RESULTS, piece.partition)
        self._log.append(place, batch, ProducerStamp(self._identity, base))
        self._sequences[piece.partition] = Sequence(base + batch.count)
