"""Gathers what a lane's own files say about one event. The only SQL of the explanation; read only.

The files are opened in the order in which a loss comes about: positions and committed offsets
before effects, effects before the log. So an event that is being delivered just now may look in
flight, and never lost.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from bench_gui.bench.lifeline import lane_sql
from bench_gui.bench.lifeline.evidence import (
    Delivery,
    Expiration,
    LaneEvidence,
    Loss,
    Passing,
    Prepared,
    StoredRecord,
    Transaction,
)
from bench_gui.bench.lifeline.model import EventId
from bench_gui.bench.records.lane_file import LaneFile, Row
from bench_gui.bench.records.stored_processes import Process
from workers.files import CLICKS, COUNTERS_GROUP, RESULTS, SOURCES, SOURCES_GROUP, LaneFiles
from workers.lanes import Lane, Role
from workers.policies import OffsetsHome


def gather(
    lane: Lane, files: LaneFiles, event: EventId, processes: Mapping[int, Process]
) -> LaneEvidence:
    """Everything about the event. Raises EnvironmentProblem when a file cannot be read."""
    with ExitStack() as opened:
        return _LaneReading(lane, files, event, processes, opened).evidence()


class _LaneReading:
    """The lane's files, opened."""

    def __init__(
        self,
        lane: Lane,
        files: LaneFiles,
        event: EventId,
        processes: Mapping[int, Process],
        opened: ExitStack,
    ) -> None:
        def open_file(path: Path) -> LaneFile:
            file = LaneFile(path)
            opened.callback(file.close)
            return file

        self._lane = lane
        self._slot, self._sequence = event
        self._processes = processes
        self._positions = open_file(files.positions(event.slot))
        self._network = open_file(files.network(event.slot))
        self._results = open_file(files.results)
        self._sink = open_file(files.sink)
        slots = {p.worker.slot for p in processes.values() if p.worker.role == Role.CONSUMER.value}
        self._coordinators = {slot: open_file(files.coordinator(slot)) for slot in sorted(slots)}
        self._clicks = open_file(files.clicks)

    def evidence(self) -> LaneEvidence:
        records = tuple(self._records(self._clicks, CLICKS))
        outputs = tuple(self._records(self._results, RESULTS))
        return LaneEvidence(
            positions=tuple(self._source_positions()),
            losses=tuple(self._losses()),
            records=records,
            commits=tuple(self._commits(records)),
            outputs=outputs,
            deliveries=(*self._effects(), *_output_deliveries(outputs)),
            prepared=tuple(self._prepared()),
            expirations=tuple(self._expirations()),
        )

    # the producer's side

    def _source_positions(self) -> list[Passing]:
        if not self._lane.producer.transactional:
            rows = self._positions.rows(lane_sql.POSITIONS, self._sequence, table="positions")
            return _passings(rows, self._sequence)
        line = (self._sequence, SOURCES_GROUP, SOURCES, self._slot)
        rows = self._clicks.rows(lane_sql.LOG_COMMITS, *line, table="offset_commits")
        return _passings(rows, self._sequence)

    def _losses(self) -> Iterator[Loss]:
        event = (self._slot, self._sequence)
        for row in self._network.rows(lane_sql.LOSSES, *event, table="losses"):
            yield Loss(bool(row[0]), *row[1:])

    def _records(self, log: LaneFile, topic: str) -> Iterator[StoredRecord]:
        event = (self._slot, self._sequence)
        for row in log.rows(lane_sql.RECORDS, *event, topic, table="batches"):
            incarnation, at_ns, due_ns, partition, offset, *written_in, stable = row
            transaction = None if written_in[0] is None else Transaction(*written_in)
            place = (partition, offset)
            yield StoredRecord(incarnation, at_ns, due_ns, *place, transaction, bool(stable))

    # the consumer's side

    def _commits(self, records: Iterable[StoredRecord]) -> list[Passing]:
        found: list[Passing] = []
        for record in records:
            if not record.aborted:
                found += self._commits_past(record.partition, record.offset)
        return sorted(found, key=lambda passing: passing.at_ns)

    def _commits_past(self, partition: int, offset: int) -> list[Passing]:
        if self._lane.consumer.offsets is OffsetsHome.SINK:
            line = (offset, partition)
            rows = self._sink.rows(lane_sql.SINK_COMMITS, *line, table="offset_commits")
        else:
            place = (offset, COUNTERS_GROUP, CLICKS, partition)
            rows = self._results.rows(lane_sql.LOG_COMMITS, *place, table="offset_commits")
        return _passings(rows, offset, partition)

    def _effects(self) -> Iterator[Delivery]:
        event = (self._slot, self._sequence)
        for row in self._sink.rows(lane_sql.EFFECTS, *event, table="effects"):
            incarnation, effect_ns, fetched_ns, partition, offset, applied = row
            two_phase = None
            if self._lane.consumer.two_phase:
                two_phase = self._prepared_between(incarnation, fetched_ns, effect_ns)
            times, place = (effect_ns, fetched_ns), (partition, offset)
            yield Delivery(incarnation, *times, *place, bool(applied), two_phase)

    def _prepared_between(self, incarnation: int, after_ns: int, at_ns: int) -> Transaction | None:
        """The log transaction that an effect belongs to.

        The ledger does not name it; but a slot has one transaction at a time, and the one that it
        prepared last between the fetch and the effect is this one.
        """
        slot = self._consumer_slot(incarnation)
        incarnations = json.dumps([n for n in self._processes if self._consumer_slot(n) == slot])
        sql = lane_sql.PREPARED_BETWEEN
        rows = self._results.rows(sql, after_ns, at_ns, incarnations, table="transactions")
        return next((self._with_decision(row) for row in rows), None)

    def _consumer_slot(self, incarnation: int) -> int | None:
        process = self._processes.get(incarnation)
        is_consumer = process is not None and process.worker.role == Role.CONSUMER.value
        return process.worker.slot if process is not None and is_consumer else None

    def _with_decision(self, row: Row) -> Transaction:
        number, state, incarnation, prepared_ns, ended_ns = row
        slot = self._consumer_slot(incarnation)
        decided_ns = None
        if slot in self._coordinators:
            found = self._coordinators[slot].rows(lane_sql.DECIDED, number, table="decisions")
            decided_ns = next((decided for (decided,) in found), None)
        return Transaction(number, state, incarnation, prepared_ns, ended_ns, decided_ns)

    def _prepared(self) -> Iterator[Prepared]:
        event = (self._slot, self._sequence)
        for row in self._sink.rows(lane_sql.PREPARED, *event, table="prepared_effects"):
            incarnation, prepared_ns, fetched_ns, partition, offset, number = row
            rows = self._results.rows(lane_sql.TRANSACTION, number, table="transactions")
            transaction = next((self._with_decision(found) for found in rows), None)
            times, place = (prepared_ns, fetched_ns), (partition, offset)
            yield Prepared(incarnation, *times, *place, transaction)

    def _expirations(self) -> Iterator[Expiration]:
        rows = self._results.rows(lane_sql.EXPIRATIONS, COUNTERS_GROUP, table="expirations")
        return (Expiration(*row) for row in rows)


def _passings(rows: Iterable[Row], place: int, partition: int = -1) -> list[Passing]:
    found = []
    for incarnation, at_ns, first, following, lowest_after, again in rows:
        standing = following > place and (lowest_after is None or lowest_after > place)
        passing = Passing(incarnation, at_ns, first, following, standing, bool(again), partition)
        found.append(passing)
    return found


def _output_deliveries(outputs: Iterable[StoredRecord]) -> list[Delivery]:
    """An output record is an effect from when a read_committed reader sees it."""
    readable = sorted((o for o in outputs if o.readable), key=lambda o: o.readable_ns)
    return [
        Delivery(o.incarnation, o.readable_ns, None, o.partition, -1, applied=True)
        for o in readable
    ]
