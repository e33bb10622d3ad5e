"""Producers as a few lines each: the steps of each producer policy, with a network that loses."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from bench_gui.bench.incarnations import MarkKind
from tests.bench.lane_process import Process, Record
from tests.bench.lane_truth import Notebook
from tests.bench.lane_world import LaneWorld

BATCH = 3

Lose = Callable[[Process, MarkKind, int, tuple[int, int, int]], None]
"""Writes the mark of a loss: process, kind, fault, events (source, first, next)."""


class Producers:
    """The producer slots of one lane."""

    def __init__(self, world: LaneWorld, notes: Notebook, events: int, lose: Lose) -> None:
        self._world = world
        self._notes = notes
        self._events = events
        self._lose = lose
        self._policy = world.lane.producer
        self._partitions = world.settings.partitions
        self._positions: Counter[int] = Counter()
        self.records: dict[int, list[Record]] = defaultdict(list)
        """The log, by partition; invisible ones are left out."""
        self.network: dict[int, tuple[MarkKind, int]] = {}
        """What awaits each slot's next request: the kind of loss and the fault."""

    def steps(self, slot: int, process: Process) -> Iterator[None]:
        """The steps of one process, to its end."""
        produce = self._append_first if self._policy.retries else self._advance_first
        if self._policy.transactional:
            produce = self._in_transactions
        while (first := self._positions[slot]) < self._events:
            count = min(BATCH, self._events - first)
            yield from produce(slot, process, first, count)

    def _advance_first(self, slot: int, process: Process, first: int, count: int) -> Iterator[None]:
        self._advance(slot, process, first + count)
        process.endangered = [(slot, first + n) for n in range(count)]
        yield
        fault = self._lost(MarkKind.REQUEST_LOSS, slot, process, first, count)
        if fault is None:
            self._append(slot, process, first, count)
        else:
            self._notes.truth.lost_by[fault] += count
        process.endangered = []
        yield
        process.acked = first + count

    def _append_first(self, slot: int, process: Process, first: int, count: int) -> Iterator[None]:
        stored = acked = False
        while not acked:
            if self._lost(MarkKind.REQUEST_LOSS, slot, process, first, count) is None:
                if not (stored and self._policy.idempotent):
                    self._append(slot, process, first, count)
                stored = True
                acked = self._lost(MarkKind.ACK_LOSS, slot, process, first, count) is None
            yield
        process.acked = first + count
        yield
        self._advance(slot, process, first + count)

    def _in_transactions(
        self, slot: int, process: Process, first: int, count: int
    ) -> Iterator[None]:
        world = self._world
        process.transaction = world.begin(world.files.clicks, process.incarnation)
        process.in_transaction = []
        partition, base = process.incarnation % self._partitions, 0
        acked = False
        while not acked:
            if self._lost(MarkKind.REQUEST_LOSS, slot, process, first, count) is None:
                if not process.in_transaction:
                    base = world.append(slot, first, count, process.incarnation,
                                        partition=partition,
                                        transaction=process.transaction)  # fmt: skip
                    process.in_transaction = [(slot, first + n) for n in range(count)]
                acked = self._lost(MarkKind.ACK_LOSS, slot, process, first, count) is None
            yield
        self._note_append(slot, process, first, count, partition, base)
        self._advance(slot, process, first + count)
        world.decide(world.files.clicks, process.transaction, "committed")
        process.transaction = None
        yield
        process.acked = first + count

    def _lost(
        self, kind: MarkKind, slot: int, process: Process, first: int, count: int
    ) -> int | None:
        """The fault that loses this request or acknowledgement, if one awaits it."""
        awaits, fault = self.network.get(slot, (None, 0))
        if awaits is not kind:
            return None
        del self.network[slot]
        self._lose(process, kind, fault, (slot, first, first + count))
        if kind is MarkKind.ACK_LOSS:
            for n in range(count):
                event = (slot, first + n)
                self._notes.culprits.lost_acks[process.incarnation, event].append(fault)
        return fault

    def _advance(self, slot: int, process: Process, sequence: int) -> None:
        self._world.advance_position(slot, sequence, process.incarnation)
        self._positions[slot] = sequence

    def _append(self, slot: int, process: Process, first: int, count: int) -> None:
        partition = process.incarnation % self._partitions
        base = self._world.append(slot, first, count, process.incarnation, partition=partition)
        self._note_append(slot, process, first, count, partition, base)

    def _note_append(
        self, slot: int, process: Process, first: int, count: int, partition: int, base: int
    ) -> None:
        for n in range(count):
            event = (slot, first + n)
            self.records[partition].append(Record(event, partition, base + n))
            self.records[partition].sort(key=lambda record: record.offset)
            self._notes.appended(event, (partition, base + n), process.incarnation)
