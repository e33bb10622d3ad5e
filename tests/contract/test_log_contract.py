"""What every engine of the log must do, run on SQLite's and on the in-memory one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from workers.log.api import Log
from workers.log.errors import (
    InvalidBatch,
    InvalidTransactionState,
    MemberFenced,
    OffsetOutOfRange,
    OutOfOrderSequence,
    ProducerFenced,
    StaleGeneration,
    TopicExists,
    UnknownGroup,
    UnknownProducer,
    UnknownTopicPartition,
    UnstableOffsets,
)
from workers.log.memory import MemoryTables, open_memory_log
from workers.log.sqlite import open_log
from workers.log.types import (
    IncarnationId,
    Isolation,
    Offset,
    ProducerEpoch,
    ProducerId,
    ProducerIdentity,
    ProducerStamp,
    RecordBatch,
    Sequence,
    TopicPartition,
)

OpenLog = Callable[[], Log]
PLACE = TopicPartition("clicks", 0)
OTHER = TopicPartition("clicks", 1)
ME = IncarnationId(1)
COMMITTED = Isolation.READ_COMMITTED
UNCOMMITTED = Isolation.READ_UNCOMMITTED
SESSION_NS = 1_000


class Clock:
    """Time as the test says."""

    def __init__(self) -> None:
        self.now_ns = 1

    def __call__(self) -> int:
        return self.now_ns


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "memory"])
def reopen(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[OpenLog]:
    """Opens one more client of the same log, as another process would."""
    tables = MemoryTables()
    opened: list[Log] = []

    def opener() -> Log:
        if request.param == "memory":
            log: Log = open_memory_log(tables, clock)
        else:
            log = open_log(tmp_path / "log.db", clock_ns=clock)
        opened.append(log)
        return log

    yield opener
    for log in opened:
        log.close()


@pytest.fixture
def log(reopen: OpenLog) -> Log:
    log = reopen()
    log.create_topic("clicks", 2)
    return log


def batch(first: int, count: int) -> RecordBatch:
    """Events `first` .. `first + count - 1`, each encoded as its own number."""
    records = b"".join(number.to_bytes(4, "little") for number in range(first, first + count))
    return RecordBatch(0, Sequence(first), count, 10, 20, ME, records)


def events(log: Log, isolation: Isolation = COMMITTED, place: TopicPartition = PLACE) -> list[int]:
    """Every event a reader from offset 0 sees, in order."""
    found: list[int] = []
    offset = Offset(0)
    while True:
        result = log.fetch(place, offset, 3, isolation)
        for fetched in result.batches:
            first = fetched.batch.first_sequence
            found += range(first, first + fetched.batch.count)
        if result.next_offset == offset:
            return found
        offset = result.next_offset


def stamp(identity: ProducerIdentity, base: int) -> ProducerStamp:
    return ProducerStamp(identity, Sequence(base))


class TestRecords:
    def test_offsets_are_contiguous_in_each_partition_and_survive_reopening(
        self, log: Log, reopen: OpenLog
    ) -> None:
        assert log.append(PLACE, batch(0, 3)).base_offset == 0
        assert log.append(PLACE, batch(3, 2)).base_offset == 3
        assert log.append(OTHER, batch(5, 1)).base_offset == 0
        assert reopen().end_offsets(PLACE) == (5, 5)
        assert events(reopen()) == [0, 1, 2, 3, 4]

    def test_a_fetch_starts_and_stops_inside_batches(self, log: Log) -> None:
        log.append(PLACE, batch(0, 4))
        log.append(PLACE, batch(4, 4))
        result = log.fetch(PLACE, Offset(2), 4, COMMITTED)
        pieces = [
            (f.base_offset, f.batch.first_sequence, f.batch.count, f.batch.records)
            for f in result.batches
        ]
        assert pieces == [(2, 2, 2, batch(2, 2).records), (4, 4, 2, batch(4, 2).records)]
        assert result.next_offset == 6
        assert result.high_watermark == 8

    def test_a_fetch_at_the_end_is_empty_and_beyond_it_is_refused(self, log: Log) -> None:
        log.append(PLACE, batch(0, 1))
        assert log.fetch(PLACE, Offset(1), 10, COMMITTED).batches == ()
        for offset in (-1, 2):
            with pytest.raises(OffsetOutOfRange):
                log.fetch(PLACE, Offset(offset), 10, COMMITTED)

    def test_what_does_not_exist_is_refused(self, log: Log) -> None:
        nowhere = TopicPartition("clicks", 2)
        for call in (
            lambda: log.append(nowhere, batch(0, 1)),
            lambda: log.fetch(nowhere, Offset(0), 1, COMMITTED),
            lambda: log.end_offsets(TopicPartition("other", 0)),
        ):
            with pytest.raises(UnknownTopicPartition):
                call()

    def test_a_topic_is_made_once(self, log: Log) -> None:
        log.create_topic("clicks", 2)
        with pytest.raises(TopicExists):
            log.create_topic("clicks", 3)

    @pytest.mark.parametrize(("count", "records"), [(0, b""), (3, b"1234")])
    def test_a_batch_that_is_none_is_refused(self, log: Log, count: int, records: bytes) -> None:
        with pytest.raises(InvalidBatch):
            log.append(PLACE, RecordBatch(0, Sequence(0), count, 0, 0, ME, records))


class TestIdempotence:
    def test_a_repeated_batch_is_answered_with_its_offset(self, log: Log) -> None:
        me = log.init_producer("p", ME)
        log.append(PLACE, batch(0, 2), stamp(me, 0))
        log.append(PLACE, batch(2, 2), stamp(me, 2))
        again = log.append(PLACE, batch(0, 2), stamp(me, 0))
        assert (again.base_offset, again.duplicate) == (0, True)
        assert events(log) == [0, 1, 2, 3]

    def test_a_gap_is_refused_and_changes_nothing(self, log: Log) -> None:
        me = log.init_producer("p", ME)
        with pytest.raises(OutOfOrderSequence):
            log.append(PLACE, batch(1, 1), stamp(me, 1))
        assert events(log) == []

    def test_only_the_last_five_batches_are_remembered(self, log: Log) -> None:
        me = log.init_producer("p", ME)
        for number in range(6):
            log.append(PLACE, batch(number, 1), stamp(me, number))
        assert log.append(PLACE, batch(1, 1), stamp(me, 1)).duplicate
        with pytest.raises(OutOfOrderSequence):
            log.append(PLACE, batch(0, 1), stamp(me, 0))

    def test_numbers_are_per_partition(self, log: Log) -> None:
        me = log.init_producer("p", ME)
        log.append(PLACE, batch(0, 2), stamp(me, 0))
        assert log.append(OTHER, batch(2, 2), stamp(me, 0)).base_offset == 0

    def test_a_new_epoch_starts_at_zero_and_fences_the_old(self, log: Log, reopen: OpenLog) -> None:
        old = log.init_producer("p", ME)
        log.append(PLACE, batch(0, 2), stamp(old, 0))
        successor = reopen()
        new = successor.init_producer("p", IncarnationId(2))
        assert (new.producer_id, new.epoch) == (old.producer_id, old.epoch + 1)
        with pytest.raises(ProducerFenced):
            log.append(PLACE, batch(2, 1), stamp(old, 2))
        assert successor.append(PLACE, batch(2, 1), stamp(new, 0)).base_offset == 2

    def test_producers_without_a_transactional_id_get_their_own_ids(self, log: Log) -> None:
        assert log.init_producer(None, ME) != log.init_producer(None, ME)

    def test_an_id_never_given_out_is_refused(self, log: Log) -> None:
        stranger = ProducerIdentity(ProducerId(99), ProducerEpoch(0))
        with pytest.raises(UnknownProducer):
            log.append(PLACE, batch(0, 1), stamp(stranger, 0))


class TestTransactions:
    def test_records_are_readable_once_committed(self, log: Log, reopen: OpenLog) -> None:
        me = log.init_producer("p", ME)
        log.begin_transaction(me, ME)
        log.append(PLACE, batch(0, 2), stamp(me, 0))
        reader = reopen()
        assert reader.end_offsets(PLACE) == (2, 0)
        assert events(reader) == []
        assert events(reader, UNCOMMITTED) == [0, 1]
        log.commit_transaction(me)
        assert reader.end_offsets(PLACE) == (2, 2)
        assert events(reader) == [0, 1]

    def test_aborted_records_keep_their_offsets_and_stay_invisible(self, log: Log) -> None:
        me = log.init_producer("p", ME)
        log.append(PLACE, batch(0, 1))
        log.begin_transaction(me, ME)
        log.append(PLACE, batch(1, 2), stamp(me, 0))
        log.abort_transaction(me)
        log.append(PLACE, batch(1, 2))
        assert events(log) == [0, 1, 2]
        assert log.end_offsets(PLACE) == (5, 5)

    def test_an_open_transaction_holds_back_what_comes_after_it(self, log: Log) -> None:
        me = log.init_producer("p", ME)
        log.begin_transaction(me, ME)
        log.append(PLACE, batch(0, 1), stamp(me, 0))
        log.append(PLACE, batch(1, 1))
        assert events(log) == []
        log.commit_transaction(me)
        assert events(log) == [0, 1]

    def test_offsets_are_committed_with_the_records_or_not_at_all(self, log: Log) -> None:
        me = log.init_producer("p", ME)
        log.begin_transaction(me, ME)
        log.append(PLACE, batch(0, 1), stamp(me, 0))
        log.send_offsets_to_transaction(me, "g", {OTHER: Offset(7)})
        assert log.committed_offset("g", OTHER) is None
        log.abort_transaction(me)
        assert log.committed_offset("g", OTHER) is None
        log.begin_transaction(me, ME)
        log.send_offsets_to_transaction(me, "g", {OTHER: Offset(8)})
        log.commit_transaction(me)
        assert log.committed_offset("g", OTHER) == 8

    def test_a_successor_aborts_what_was_left_open(self, log: Log, reopen: OpenLog) -> None:
        me = log.init_producer("p", ME)
        log.begin_transaction(me, ME)
        log.append(PLACE, batch(0, 1), stamp(me, 0))
        log.send_offsets_to_transaction(me, "g", {OTHER: Offset(7)})
        successor = reopen()
        successor.init_producer("p", IncarnationId(2))
        assert successor.end_offsets(PLACE) == (1, 1)
        assert events(successor) == []
        for verb in (log.commit_transaction, log.abort_transaction):
            with pytest.raises(ProducerFenced):
                verb(me)
        assert successor.committed_offset("g", OTHER) is None

    def test_verbs_out_of_order_are_refused(self, log: Log) -> None:
        me = log.init_producer("p", ME)
        for verb in (log.commit_transaction, log.abort_transaction):
            with pytest.raises(InvalidTransactionState):
                verb(me)
        with pytest.raises(InvalidTransactionState):
            log.send_offsets_to_transaction(me, "g", {OTHER: Offset(1)})
        log.begin_transaction(me, ME)
        with pytest.raises(InvalidTransactionState):
            log.begin_transaction(me, ME)

    def test_an_empty_transaction_commits(self, log: Log) -> None:
        me = log.init_producer("p", ME)
        log.begin_transaction(me, ME)
        log.commit_transaction(me)
        log.begin_transaction(me, ME)

    def test_transactions_of_two_producers_are_apart(self, log: Log) -> None:
        one, two = log.init_producer("one", ME), log.init_producer("two", ME)
        for identity, first in ((one, 0), (two, 1)):
            log.begin_transaction(identity, ME)
            log.append(PLACE, batch(first, 1), stamp(identity, 0))
        log.commit_transaction(two)
        assert events(log) == []
        log.abort_transaction(one)
        assert events(log) == [1]


class TestPreparedTransactions:
    """A log transaction that takes part in two-phase commit (KIP-939)."""

    @pytest.fixture
    def prepared(self, log: Log) -> ProducerIdentity:
        me = log.init_producer("p", ME)
        log.begin_transaction(me, ME)
        log.append(PLACE, batch(0, 1), stamp(me, 0))
        log.send_offsets_to_transaction(me, "g", {OTHER: Offset(7)})
        log.prepare_transaction(me)
        return me

    def test_its_records_and_offsets_are_held_until_it_is_decided(
        self, log: Log, prepared: ProducerIdentity
    ) -> None:
        assert log.end_offsets(PLACE) == (1, 0)
        assert log.committed_offset("g", OTHER) is None
        with pytest.raises(UnstableOffsets):
            log.committed_offset("g", OTHER, require_stable=True)
        log.commit_transaction(prepared)
        assert log.committed_offset("g", OTHER, require_stable=True) == 7
        assert events(log) == [0]

    def test_nobody_else_commits_what_it_holds(
        self, log: Log, prepared: ProducerIdentity, reopen: OpenLog
    ) -> None:
        other = reopen()
        with pytest.raises(UnstableOffsets):
            other.commit_offsets("g", {OTHER: Offset(9)}, ME)
        two = other.init_producer("two", ME)
        other.begin_transaction(two, ME)
        other.send_offsets_to_transaction(two, "g", {OTHER: Offset(9)})
        for verb in (other.commit_transaction, other.prepare_transaction):
            with pytest.raises(UnstableOffsets):
                verb(two)
        log.abort_transaction(prepared)
        other.commit_transaction(two)
        assert other.committed_offset("g", OTHER) == 9

    def test_it_takes_no_more(self, log: Log, prepared: ProducerIdentity) -> None:
        for call in (
            lambda: log.append(PLACE, batch(1, 1), stamp(prepared, 1)),
            lambda: log.send_offsets_to_transaction(prepared, "g", {PLACE: Offset(1)}),
            lambda: log.prepare_transaction(prepared),
            lambda: log.begin_transaction(prepared, ME),
        ):
            with pytest.raises(InvalidTransactionState):
                call()

    @pytest.mark.parametrize("commits", [True, False])
    def test_it_outlives_its_process_and_is_ended_by_the_next(
        self, log: Log, prepared: ProducerIdentity, reopen: OpenLog, commits: bool
    ) -> None:
        number = log.prepared_transaction(prepared)
        successor = reopen()
        new = successor.init_producer("p", IncarnationId(2), keep_prepared=True)
        assert successor.prepared_transaction(new) == number is not None
        with pytest.raises(ProducerFenced):
            log.commit_transaction(prepared)
        end = successor.commit_transaction if commits else successor.abort_transaction
        end(new)
        assert successor.prepared_transaction(new) is None
        assert successor.committed_offset("g", OTHER) == (7 if commits else None)
        assert events(successor) == ([0] if commits else [])
        successor.begin_transaction(new, IncarnationId(2))

    def test_a_successor_that_does_not_keep_it_aborts_it(
        self, prepared: ProducerIdentity, reopen: OpenLog
    ) -> None:
        successor = reopen()
        successor.init_producer("p", IncarnationId(2))
        assert successor.committed_offset("g", OTHER, require_stable=True) is None
        assert events(successor) == []

    def test_what_is_not_prepared_is_never_kept(self, log: Log, reopen: OpenLog) -> None:
        me = log.init_producer("p", ME)
        log.begin_transaction(me, ME)
        log.append(PLACE, batch(0, 1), stamp(me, 0))
        successor = reopen()
        new = successor.init_producer("p", IncarnationId(2), keep_prepared=True)
        assert successor.prepared_transaction(new) is None
        assert successor.end_offsets(PLACE) == (1, 1)
        assert events(successor) == []

    def test_nothing_cannot_be_prepared(self, log: Log) -> None:
        me = log.init_producer("p", ME)
        with pytest.raises(InvalidTransactionState):
            log.prepare_transaction(me)
        log.begin_transaction(me, ME)
        with pytest.raises(InvalidTransactionState):
            log.prepare_transaction(me)

    def test_the_group_is_asked_at_the_prepare_and_not_after(self, log: Log, clock: Clock) -> None:
        log.create_group("g", slots=2, partitions=2, session_timeout_ns=SESSION_NS)
        mine, other = log.join_group("g", 0, ME), log.join_group("g", 1, ME)
        me = log.init_producer("c", ME)
        log.begin_transaction(me, ME)
        log.send_offsets_to_transaction(me, "g", {PLACE: Offset(1)}, mine)
        log.prepare_transaction(me)
        clock.now_ns += SESSION_NS + 1
        held = log.heartbeat("g", other)
        assert held.partitions == (0, 1)
        with pytest.raises(UnstableOffsets):
            log.commit_offsets("g", {PLACE: Offset(4)}, ME, held)
        log.commit_transaction(me)
        assert log.committed_offset("g", PLACE) == 1
        log.begin_transaction(me, ME)
        log.send_offsets_to_transaction(me, "g", {PLACE: Offset(2)})
        log.abort_transaction(me)
        log.begin_transaction(me, ME)
        with pytest.raises(MemberFenced):
            log.send_offsets_to_transaction(me, "g", {PLACE: Offset(2)}, mine)


class TestOffsets:
    def test_a_committed_offset_is_the_next_to_read(self, log: Log, reopen: OpenLog) -> None:
        assert log.committed_offset("g", PLACE) is None
        log.commit_offsets("g", {PLACE: Offset(3), OTHER: Offset(1)}, ME)
        log.commit_offsets("g", {PLACE: Offset(5)}, ME)
        assert reopen().committed_offset("g", PLACE) == 5
        assert reopen().committed_offset("g", OTHER) == 1
        assert reopen().committed_offset("another", PLACE) is None

    def test_an_offset_below_zero_is_refused(self, log: Log) -> None:
        with pytest.raises(OffsetOutOfRange):
            log.commit_offsets("g", {PLACE: Offset(-1)}, ME)


class TestGroups:
    @pytest.fixture
    def group(self, log: Log) -> Log:
        log.create_group("g", slots=2, partitions=4, session_timeout_ns=SESSION_NS)
        return log

    def test_every_member_holds_its_home_partitions(self, group: Log) -> None:
        assert group.join_group("g", 0, ME).partitions == (0, 2)
        assert group.join_group("g", 1, ME).partitions == (1, 3)

    def test_a_restarted_member_keeps_its_partitions_and_fences_its_predecessor(
        self, group: Log
    ) -> None:
        old = group.join_group("g", 0, ME)
        new = group.join_group("g", 0, ME)
        assert new.partitions == old.partitions
        assert new.generation == old.generation
        with pytest.raises(MemberFenced):
            group.commit_offsets("g", {PLACE: Offset(1)}, ME, old)
        group.commit_offsets("g", {PLACE: Offset(1)}, ME, new)

    def test_a_silent_members_partitions_move_and_it_is_fenced(
        self, group: Log, clock: Clock
    ) -> None:
        zombie, other = group.join_group("g", 0, ME), group.join_group("g", 1, ME)
        clock.now_ns += SESSION_NS + 1
        held = group.heartbeat("g", other)
        assert held.partitions == (0, 1, 2, 3)
        assert held.generation == other.generation + 1
        with pytest.raises(StaleGeneration):
            group.commit_offsets("g", {OTHER: Offset(1)}, ME, other)
        for call in (
            lambda: group.commit_offsets("g", {PLACE: Offset(1)}, ME, zombie),
            lambda: group.heartbeat("g", zombie),
        ):
            with pytest.raises(MemberFenced):
                call()

    def test_a_returning_member_gets_its_partitions_when_they_are_released(
        self, group: Log, clock: Clock
    ) -> None:
        group.join_group("g", 0, ME)
        other = group.join_group("g", 1, ME)
        clock.now_ns += SESSION_NS + 1
        held = group.heartbeat("g", other)
        back = group.join_group("g", 0, ME)
        assert back.partitions == ()
        assert group.partitions_asked_back("g", held) == (0, 2)
        group.commit_offsets("g", {PLACE: Offset(9)}, ME, held)
        assert group.release_partitions("g", held, (0, 2)).partitions == (1, 3)
        assert group.heartbeat("g", back).partitions == (0, 2)

    def test_leaving_keeps_static_partitions(self, group: Log) -> None:
        first, second = group.join_group("g", 0, ME), group.join_group("g", 1, ME)
        group.leave_group("g", first)
        group.commit_offsets("g", {OTHER: Offset(2)}, ME, second)
        assert group.join_group("g", 0, ME).partitions == (0, 2)

    def test_partitions_of_others_are_not_committed(self, group: Log) -> None:
        member = group.join_group("g", 0, ME)
        with pytest.raises(StaleGeneration):
            group.commit_offsets("g", {OTHER: Offset(1)}, ME, member)

    def test_offsets_in_a_transaction_are_fenced_by_the_group(
        self, group: Log, clock: Clock
    ) -> None:
        zombie, other = group.join_group("g", 0, ME), group.join_group("g", 1, ME)
        me = group.init_producer("c", ME)
        group.begin_transaction(me, ME)
        group.append(PLACE, batch(0, 1), stamp(me, 0))
        group.send_offsets_to_transaction(me, "g", {PLACE: Offset(1)}, zombie)
        clock.now_ns += SESSION_NS + 1
        group.heartbeat("g", other)
        with pytest.raises(MemberFenced):
            group.commit_transaction(me)
        assert events(group) == []
        group.abort_transaction(me)
        assert group.committed_offset("g", PLACE) is None

    def test_what_does_not_exist_is_refused(self, group: Log) -> None:
        for call in (
            lambda: group.join_group("h", 0, ME),
            lambda: group.join_group("g", 2, ME),
            lambda: group.join_group("g", -1, ME),
        ):
            with pytest.raises(UnknownGroup):
                call()
