"""Consumers as a few lines each: the steps of each consumer policy, in a group that may fence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator
from itertools import chain

from tests.bench.lane_group import Group
from tests.bench.lane_process import Doubt, Fenced, Process, Record
from tests.bench.lane_producers import Producers
from tests.bench.lane_truth import Notebook
from tests.bench.lane_world import LaneWorld
from workers.policies import OffsetsHome

COMMIT_EVERY = 4


class Consumers:
    """The consumer slots of one lane."""

    def __init__(self, world: LaneWorld, notes: Notebook, producers: Producers, slots: int) -> None:
        self._world = world
        self._notes = notes
        self._producers = producers
        self._policy = world.lane.consumer
        self._committed: Counter[int] = Counter()
        self._in_doubt: set[int] = set()
        self.group = Group(slots, world.settings.partitions)
        self.draining = False

    def steps(self, process: Process) -> Iterator[None]:
        """The steps of one process, to its end."""
        self.group.join(process.slot)
        while True:
            try:
                work = yield from self._round(process)
            except Fenced:
                self._rejoin(process)
                work = True
            if not work and self.draining and self._drained():
                self.group.leave(process.slot)
                return
            yield

    def _round(self, process: Process) -> Generator[None, None, bool]:
        process.check_membership()
        self.group.give_back(process.slot)
        work = [records for p in self.group.owned(process.slot) if (records := self._fetch(p))]
        if self._policy.transactional and self._world.output and work:
            yield from self._outputs(process, work)
            return True
        for records in work:
            process.check_membership()
            yield from self._consume(process, records)
        return bool(work)

    def _consume(self, process: Process, records: list[Record]) -> Iterator[None]:
        if self._policy.two_phase:
            return self._two_phase(process, records[:COMMIT_EVERY])
        if self._policy.transactional:
            return self._beside(process, records[:COMMIT_EVERY])
        if self._policy.offsets is OffsetsHome.SINK:
            return self._offsets_in_sink(process, records)
        if self._policy.commits_first:
            return self._commit_first(process, records)
        return self._process_first(process, records)

    def _drained(self) -> bool:
        """Whether the whole lane is, whoever holds which partition meanwhile."""
        partitions = range(self._world.settings.partitions)
        return not self._in_doubt and not any(self._fetch(p) for p in partitions)

    def _rejoin(self, process: Process) -> None:
        self.abort(process)
        process.expired = False
        self.group.join(process.slot)

    def abort(self, process: Process) -> None:
        """Ends the transaction that a process has, or had, open."""
        if process.transaction is not None:
            self._world.decide(self._world.files.results, process.transaction, "aborted")
            self._notes.truth.aborted += len(process.in_transaction)
            process.transaction = None

    def _fetch(self, partition: int) -> list[Record]:
        """What a read_committed reader gets from the committed offset on."""
        stable = self._world.stable_offset(partition)
        return [
            record
            for record in self._producers.records[partition]
            if self._committed[partition] <= record.offset < stable
            and partition not in self._in_doubt
        ]

    # the policies

    def _commit_first(self, process: Process, records: list[Record]) -> Iterator[None]:
        self._commit(process, records[-1])
        for record in records:
            fatal = record.event not in self._notes.truth.effects
            process.endangered += [record.event] * fatal
        yield
        for record in records:
            self._deliver(process, record)
            if record.event in process.endangered:
                process.endangered.remove(record.event)
            yield

    def _process_first(self, process: Process, records: list[Record]) -> Iterator[None]:
        for number, record in enumerate(records, 1):
            self._deliver(process, record)
            yield
            if number % COMMIT_EVERY == 0 or record is records[-1]:
                process.check_membership()
                self._commit(process, record)
                yield

    def _outputs(self, process: Process, work: list[list[Record]]) -> Iterator[None]:
        """One transaction over all partitions; seen when it is committed."""
        world, path = self._world, self._world.files.results
        chunks = [records[:COMMIT_EVERY] for records in work]
        process.transaction = world.begin(path, process.incarnation)
        process.in_transaction = []
        for record in chain.from_iterable(chunks):
            world.output_records(*record.event, 1, process.incarnation,
                                 partition=record.partition,
                                 transaction=process.transaction)  # fmt: skip
            process.in_transaction.append(record.event)
            yield
        process.check_membership()
        for records in chunks:
            self._commit(process, records[-1])
        world.decide(path, process.transaction, "committed")
        process.transaction = None
        for record in chain.from_iterable(chunks):
            self._note(process.incarnation, record)
        yield

    def _beside(self, process: Process, records: list[Record]) -> Iterator[None]:
        """Offsets in a log transaction; the counter is written inside it, but not by it."""
        world, path = self._world, self._world.files.results
        for record in records:
            self._deliver(process, record)
            yield
        process.check_membership()
        process.transaction = world.begin(path, process.incarnation)
        process.in_transaction = []
        yield
        process.check_membership()
        self._commit(process, records[-1])
        world.decide(path, process.transaction, "committed")
        process.transaction = None
        yield

    def _offsets_in_sink(self, process: Process, records: list[Record]) -> Iterator[None]:
        """Each effect with its offset, if the stored one is what this process last knew."""
        partition = records[0].partition
        known = self._committed[partition]
        for record in records:
            if self._committed[partition] != known:
                raise Fenced
            known = record.offset + 1
            self._deliver(process, record, commit=known)
            self._committed[partition] = known
            yield

    def _two_phase(self, process: Process, records: list[Record]) -> Iterator[None]:
        world = self._world
        process.transaction = world.begin(world.files.results, process.incarnation)
        process.in_transaction = []
        yield
        process.check_membership()
        partition = records[0].partition
        doubt = process.doubt = Doubt(process.transaction, partition, records)
        process.transaction = None
        world.prepare(doubt.transaction)
        doubt.prepared_ns = world.now_ns
        self._in_doubt.add(partition)
        yield
        for record in records:
            world.prepare_sink(doubt.transaction, *record.event, 1, process.incarnation,
                               partition=partition, offset=record.offset)  # fmt: skip
        yield
        world.decide_durably(process.slot, doubt.transaction, process.incarnation)
        doubt.decided = True
        yield
        self._apply_prepared(doubt, process.incarnation)
        yield
        self._end_doubt(process, process.incarnation, "committed")
        yield

    def _apply_prepared(self, doubt: Doubt, incarnation: int) -> None:
        self._world.end_prepared(doubt.transaction, incarnation)
        doubt.applied = True
        for record in doubt.records:
            self._note(incarnation, record)

    def _end_doubt(self, process: Process, incarnation: int, decision: str) -> None:
        doubt, world = process.doubt, self._world
        assert doubt is not None
        assert doubt.prepared_ns is not None
        if decision == "committed":
            last = doubt.records[-1]
            world.commit_offset(doubt.partition, last.offset + 1, incarnation)
            self._committed[doubt.partition] = last.offset + 1
        world.decide(world.files.results, doubt.transaction, decision)
        self._notes.truth.blocked_ns.append(world.now_ns - doubt.prepared_ns)
        self._in_doubt.discard(doubt.partition)
        process.doubt = None

    def resolve(self, dead: Process, incarnation: int) -> None:
        """The slot's next process ends what the dead one left: presumed abort."""
        self.abort(dead)
        doubt = dead.doubt
        if doubt is None:
            return
        if doubt.decided and not doubt.applied:
            self._apply_prepared(doubt, incarnation)
        if not doubt.decided:
            self._world.end_prepared(doubt.transaction, None)
        self._end_doubt(dead, incarnation, "committed" if doubt.decided else "aborted")

    # what they have in common

    def _commit(self, process: Process, last: Record) -> None:
        process.check_membership()
        self._world.commit_offset(last.partition, last.offset + 1, process.incarnation)
        self._committed[last.partition] = last.offset + 1

    def _deliver(self, process: Process, record: Record, commit: int | None = None) -> None:
        refused = self._world.lane.sink.deduplicates and record.event in self._notes.known
        self._world.apply(*record.event, 1, process.incarnation, partition=record.partition,
                          offset=record.offset, applied=not refused, commit=commit)  # fmt: skip
        self._note(process.incarnation, record, refused=refused)

    def _note(self, incarnation: int, record: Record, *, refused: bool = False) -> None:
        place = (record.partition, record.offset)
        self._notes.delivered(record.event, place, incarnation, self._world.now_ns, refused=refused)
