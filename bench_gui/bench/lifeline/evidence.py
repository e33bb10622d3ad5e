"""What the records of a run say about one event, as plain rows. Knows no files and draws no
conclusion. All times are monotonic nanoseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bench_gui.bench.incarnations import FaultMark
from bench_gui.bench.lifeline.model import EventId
from bench_gui.bench.records.stored_processes import Process, Worker
from bench_gui.bench.snapshot import AnomalyRange, FaultReport
from workers.lanes import Lane


@dataclass(frozen=True, slots=True)
class Passing:
    """A position passed the event: its source's, or a partition's committed offset.

    Fields:
        first, next: the places passed; `next` is exclusive, and lies below `first` where the
            position went back.
        standing: no later row took the position back before the event.
        again: the same process moved the same position once more, so it had finished these.
        partition: -1 for a source position.
    """

    incarnation: int
    at_ns: int
    first: int
    next: int
    standing: bool
    again: bool
    partition: int = -1

    @property
    def back(self) -> bool:
        """Whether the position went back to before the event."""
        return self.next <= self.first


@dataclass(frozen=True, slots=True)
class Transaction:
    """A log transaction. `decided_ns`: when its coordinator decided, in two-phase commit."""

    number: int
    state: str
    incarnation: int
    prepared_ns: int | None
    ended_ns: int | None
    decided_ns: int | None = None


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """The event in a topic of the log.

    Fields:
        at_ns: just before the append.
        stable: it lies below its partition's last stable offset.
    """

    incarnation: int
    at_ns: int
    due_ns: int
    partition: int
    offset: int
    transaction: Transaction | None
    stable: bool

    @property
    def aborted(self) -> bool:
        """Whether no read_committed reader will ever see it."""
        return self.transaction is not None and self.transaction.state == "aborted"

    @property
    def readable(self) -> bool:
        """Whether a read_committed reader sees it."""
        decided = self.transaction is None or self.transaction.state == "committed"
        return decided and self.stable

    @property
    def readable_ns(self) -> int:
        """When it was committed; of a record outside any transaction, when it was appended."""
        ended_ns = None if self.transaction is None else self.transaction.ended_ns
        return self.at_ns if ended_ns is None else ended_ns


@dataclass(frozen=True, slots=True)
class Loss:
    """A request that never arrived, or an acknowledgement that never came."""

    acknowledgement: bool
    incarnation: int
    at_ns: int
    attempt: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """A consumer's delivery of the event, from the effects ledger or from the output topic.

    Fields:
        at_ns: just before its SQLite transaction committed; of an output record, when its log
            transaction was committed.
        fetched_ns: None where no record has it.
        offset: of the record delivered; -1 where no record has it (an output topic).
        applied: False where the sink knew the event already and left the counters alone.
        two_phase: the log transaction it belongs to, in two-phase commit.
    """

    incarnation: int
    at_ns: int
    fetched_ns: int | None
    partition: int
    offset: int
    applied: bool
    two_phase: Transaction | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A delivery that the database has prepared and neither committed nor forgotten."""

    incarnation: int
    at_ns: int
    fetched_ns: int
    partition: int
    offset: int
    transaction: Transaction | None


@dataclass(frozen=True, slots=True)
class Expiration:
    """A member was silent for the session timeout. `expired_by` noticed."""

    incarnation: int
    expired_by: int
    at_ns: int


@dataclass(frozen=True, slots=True)
class RunEvidence:
    """What run.db says.

    Fields:
        start_ns: the sources' start.
        due_ns: of the event; None in a closed loop.
        existed: whether it was due before the sources ended; None where only the lane's files can
            tell: in a closed loop, and about the last moments of a run that was cut off.
        complete: whether the run came to its final count with nothing in flight in this lane.
        processes: of the lane, by incarnation.
        faults: of the lane, by number.
        marks: of the lane.
        anomalies: those of the lane that hold the event.
        pause_ms: how long a pause was to last.
    """

    run_id: str
    lane: Lane
    event: EventId
    start_ns: int
    due_ns: int | None
    existed: bool | None
    complete: bool
    processes: Mapping[int, Process]
    faults: Mapping[int, FaultReport]
    marks: tuple[FaultMark, ...]
    anomalies: tuple[AnomalyRange, ...]
    pause_ms: float

    def who(self, incarnation: int) -> Worker:
        """The process; one that run.db does not know (a full disk) has no name but its number."""
        process = self.processes.get(incarnation)
        if process is not None:
            return process.worker
        return Worker(incarnation, "process", 0, incarnation, None)


@dataclass(frozen=True, slots=True)
class LaneEvidence:
    """What the lane's own files say; each in the order of time.

    Fields:
        positions: advances of the source position past the event, and back before it.
        records: the event in the input topic.
        commits: committed offsets that passed a record of it.
        outputs: the event in the output topic, committed or not.
        deliveries: its deliveries, applied or suppressed; committed output records.
    """

    positions: tuple[Passing, ...] = ()
    losses: tuple[Loss, ...] = ()
    records: tuple[StoredRecord, ...] = ()
    commits: tuple[Passing, ...] = ()
    outputs: tuple[StoredRecord, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    prepared: tuple[Prepared, ...] = ()
    expirations: tuple[Expiration, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether no file mentions the event."""
        return not (self.positions or self.losses or self.records or self.deliveries)

    @property
    def applied(self) -> list[Delivery]:
        """The deliveries that counted."""
        return [delivery for delivery in self.deliveries if delivery.applied]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Both. `lane` is None where the lane's files are not kept."""

    run: RunEvidence
    lane: LaneEvidence | None = field(default=None)
