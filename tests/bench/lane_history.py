"""Workers as a few lines each, stepped and killed by a test, and a second opinion in plain dicts.

A `History` lets producers and consumers of a lane take single steps in any order and writes the
rows that real ones would. Beside the files it remembers what it did event by event, so that a test
can ask for the truth without SQL, numpy or intervals.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.bench.lane_world import LaneWorld
from workers.lanes import Role

Event = tuple[int, int]
"""(slot, sequence)."""
BATCH = 3
COMMIT_EVERY = 4


@dataclass(slots=True)
class Truth:
    """What happened, as plain dicts.

    Fields:
        appended, effects: how often, by event.
        lost_by, duplicated_by: how many events each fault cost or repeated (effects).
        suppressed, aborted: how many deliveries the sink refused, records that were aborted.
    """

    appended: Counter[Event] = field(default_factory=Counter)
    effects: Counter[Event] = field(default_factory=Counter)
    lost_by: Counter[int] = field(default_factory=Counter)
    duplicated_by: Counter[int] = field(default_factory=Counter)
    suppressed: int = 0
    aborted: int = 0


@dataclass(slots=True)
class Record:
    """A record of the input topic as a consumer sees it."""

    event: Event
    offset: int


@dataclass(slots=True)
class Process:
    """One incarnation: its remaining steps, and what its death would mean.

    Fields:
        endangered: events lost if it dies now.
        acked: exclusive end of its acknowledged sequences; None before the first.
        transaction: its open transaction, with the records in it.
    """

    incarnation: int
    steps: Iterator[None]
    endangered: list[Event] = field(default_factory=list)
    acked: int | None = None
    transaction: int | None = None
    in_transaction: list[Event] = field(default_factory=list)


class History:
    """One lane's workers."""

    def __init__(self, world: LaneWorld, *, events: int, consumers: int) -> None:
        self.world = world
        self.truth = Truth()
        self._events = events
        self._consumers = consumers
        self._partitions = world.settings.partitions
        self._records: dict[int, list[Record]] = defaultdict(list)
        self._committed: Counter[int] = Counter()
        self._positions: Counter[int] = Counter()
        self._appender: dict[Event, int] = {}
        self._deliverer: dict[tuple[int, int], int] = {}
        self._log_cause: dict[tuple[int, int], int] = {}
        self._duplicate_cause: dict[Event, int] = {}
        self._fault_of: dict[int, int | None] = {}
        self._known: set[Event] = set()
        self._next_incarnation = 1
        self._processes: dict[tuple[Role, int], Process] = {}
        self._dead: dict[tuple[Role, int], Process] = {}
        self._draining = False

    def slots(self) -> list[tuple[Role, int]]:
        """Every worker slot."""
        producers = [(Role.PRODUCER, n) for n in range(self.world.settings.producers)]
        return producers + [(Role.CONSUMER, n) for n in range(self._consumers)]

    # life and death

    def step(self, slot: tuple[Role, int]) -> bool:
        """One step of the slot's process, started if need be. Returns False when it has ended."""
        process = self._processes.get(slot) or self._start(slot)
        try:
            next(process.steps)
        except StopIteration:
            self._end(slot, self._processes.pop(slot), None)
            return False
        return True

    def kill(self, slot: tuple[Role, int], fault: int) -> None:
        """SIGKILL. The end is written down only when the slot is next used."""
        process = self._processes.pop(slot, None)
        if process is None:
            return
        self._fault_of[process.incarnation] = fault
        self.truth.lost_by[fault] += len(process.endangered)
        self._dead[slot] = process

    def _start(self, slot: tuple[Role, int]) -> Process:
        self._bury(slot)
        steps = self._produce if slot[0] is Role.PRODUCER else self._consume
        process = Process(self._next_incarnation, iter(()))
        process.steps = steps(slot[1], process)
        self._next_incarnation += 1
        self._fault_of[process.incarnation] = None
        self._processes[slot] = process
        return process

    def _bury(self, slot: tuple[Role, int]) -> None:
        process = self._dead.pop(slot, None)
        if process is None:
            return
        self._end(slot, process, self._fault_of[process.incarnation])
        if process.transaction is not None:
            files = self.world.files
            path = files.clicks if slot[0] is Role.PRODUCER else files.results
            self.world.decide(path, process.transaction, "aborted")
            self.truth.aborted += len(process.in_transaction)

    def _end(self, slot: tuple[Role, int], process: Process, fault: int | None) -> None:
        role, number = slot
        self.world.end(process.incarnation, role.value, number, fault=fault, acked=process.acked)

    def drain(self) -> None:
        """Everything goes on without deaths until nothing is left to do."""
        for role in Role:
            self._draining = role is Role.CONSUMER
            for slot in [slot for slot in self.slots() if slot[0] is role]:
                self.step(slot)
                while slot in self._processes and self.step(slot):
                    pass

    # producers

    def _produce(self, slot: int, process: Process) -> Iterator[None]:
        produce = self._produce_in_transactions
        if not self.world.lane.producer.transactional:
            retries = self.world.lane.producer.retries
            produce = self._append_first if retries else self._advance_first
        while (first := self._positions[slot]) < self._events:
            count = min(BATCH, self._events - first)
            yield from produce(slot, process, first, count)

    def _advance_first(self, slot: int, process: Process, first: int, count: int) -> Iterator[None]:
        self._advance(slot, process, first + count)
        process.endangered = [(slot, first + n) for n in range(count)]
        yield
        self._append(slot, process, first, count)
        process.endangered = []
        yield
        process.acked = first + count

    def _append_first(self, slot: int, process: Process, first: int, count: int) -> Iterator[None]:
        self._append(slot, process, first, count)
        yield
        process.acked = first + count
        yield
        self._advance(slot, process, first + count)

    def _produce_in_transactions(
        self, slot: int, process: Process, first: int, count: int
    ) -> Iterator[None]:
        world = self.world
        process.transaction = world.begin(world.files.clicks, process.incarnation)
        process.in_transaction = [(slot, first + n) for n in range(count)]
        partition = process.incarnation % self._partitions
        base = world.append(slot, first, count, process.incarnation, partition=partition,
                            transaction=process.transaction)  # fmt: skip
        yield
        self._note_append(slot, process, first, count, partition, base)
        self._advance(slot, process, first + count)
        world.decide(world.files.clicks, process.transaction, "committed")
        process.transaction = None
        yield
        process.acked = first + count

    def _advance(self, slot: int, process: Process, sequence: int) -> None:
        self.world.advance_position(slot, sequence, process.incarnation)
        self._positions[slot] = sequence

    def _append(self, slot: int, process: Process, first: int, count: int) -> None:
        partition = process.incarnation % self._partitions
        base = self.world.append(slot, first, count, process.incarnation, partition=partition)
        self._note_append(slot, process, first, count, partition, base)

    def _note_append(
        self, slot: int, process: Process, first: int, count: int, partition: int, base: int
    ) -> None:
        for n in range(count):
            event = (slot, first + n)
            self.truth.appended[event] += 1
            self._records[partition].append(Record(event, base + n))
            self._records[partition].sort(key=lambda record: record.offset)
            if event in self._appender:
                self._duplicate_cause[event] = self._appender[event]
                self._log_cause[partition, base + n] = self._appender[event]
            self._appender[event] = process.incarnation

    # consumers

    def _consume(self, slot: int, process: Process) -> Iterator[None]:
        consumer = self.world.lane.consumer
        consume = self._process_first
        if consumer.transactional:
            consume = self._consume_in_transactions
        elif consumer.commits_first:
            consume = self._commit_first
        while True:
            work = [p for p in range(slot, self._partitions, self._consumers) if self._fetch(p)]
            for partition in work:
                yield from consume(partition, process)
            if not work and self._draining:
                return
            yield

    def _fetch(self, partition: int) -> list[Record]:
        """What a read_committed reader gets from the committed offset on."""
        stable = self.world.stable_offset(partition)
        return [
            record
            for record in self._records[partition]
            if self._committed[partition] <= record.offset < stable
        ]

    def _commit_first(self, partition: int, process: Process) -> Iterator[None]:
        records = self._fetch(partition)
        self._commit(partition, process, records[-1].offset + 1)
        for record in records:
            fatal = record.event not in self.truth.effects
            process.endangered += [record.event] * fatal
        yield
        for record in records:
            self._deliver(partition, process, record)
            process.endangered.remove(record.event)
            yield

    def _process_first(self, partition: int, process: Process) -> Iterator[None]:
        records = self._fetch(partition)
        for number, record in enumerate(records, 1):
            self._deliver(partition, process, record)
            yield
            if number % COMMIT_EVERY == 0 or record is records[-1]:
                self._commit(partition, process, record.offset + 1)
                yield

    def _consume_in_transactions(self, partition: int, process: Process) -> Iterator[None]:
        world = self.world
        path = world.files.results
        records = self._fetch(partition)[:COMMIT_EVERY]
        process.transaction = world.begin(path, process.incarnation)
        process.in_transaction = []
        for record in records:
            slot, sequence = record.event
            world.output_records(slot, sequence, 1, process.incarnation, partition=partition,
                                 transaction=process.transaction)  # fmt: skip
            process.in_transaction.append(record.event)
            yield
        self._commit(partition, process, records[-1].offset + 1)
        world.decide(path, process.transaction, "committed")
        process.transaction = None
        self.truth.effects.update(record.event for record in records)
        yield

    def _commit(self, partition: int, process: Process, offset: int) -> None:
        self.world.commit_offset(partition, offset, process.incarnation)
        self._committed[partition] = offset

    def _deliver(self, partition: int, process: Process, record: Record) -> None:
        refused = self.world.lane.sink.deduplicates and record.event in self._known
        slot, sequence = record.event
        self.world.apply(slot, sequence, 1, process.incarnation, partition=partition,
                         offset=record.offset, applied=not refused)  # fmt: skip
        self._note_delivery(partition, process, record, refused=refused)

    def _note_delivery(
        self, partition: int, process: Process, record: Record, *, refused: bool
    ) -> None:
        place = (partition, record.offset)
        if refused:
            self.truth.suppressed += 1
        elif record.event in self.truth.effects:
            cause = self._deliverer.get(place) or self._log_cause.get(place)
            fault = self._fault_of[cause or self._duplicate_cause[record.event]]
            assert fault is not None
            self.truth.duplicated_by[fault] += 1
        self.truth.effects[record.event] += not refused
        self._known.add(record.event)
        self._deliverer[place] = process.incarnation
