"""A concurrent reader of the output topic is shown whole committed transactions, or it is said."""

from __future__ import annotations

import pytest

from bench_gui.bench.audit import committed_reader
from bench_gui.bench.audit.auditor import compare
from bench_gui.bench.audit.ledger_reader import LedgerFile, ReadLater
from bench_gui.bench.audit.verdict import judge
from bench_gui.bench.snapshot import Verdict
from tests.bench.lane_world import LaneWorld
from tests.bench.planted import C1, C2, MakeWorld, produced
from workers.files import RESULTS
from workers.log.engine import EngineLog
from workers.log.types import FetchResult, Isolation, Offset, TopicPartition


def output_of(lane: LaneWorld, incarnation: int, *batches: tuple[int, int, int]) -> int:
    """An open transaction with outputs: first sequence, count, partition."""
    transaction = lane.begin(lane.files.results, incarnation)
    for first, count, partition in batches:
        lane.output_records(
            0, first, count, incarnation, partition=partition, transaction=transaction
        )
    return transaction


def commit(lane: LaneWorld, transaction: int) -> None:
    lane.decide(lane.files.results, transaction, "committed")


def reads(lane: LaneWorld) -> tuple[int, int]:
    counts = lane.poll().counts()
    return counts.committed_reads, counts.dirty_reads


def set_state(lane: LaneWorld, transaction: int, state: str) -> None:
    sql = "UPDATE transactions SET state = ? WHERE transaction_id = ?"
    lane.write(lane.files.results, sql, state, transaction)


def test_the_reader_is_shown_what_is_committed_and_nothing_else(world: MakeWorld) -> None:
    lane = produced(world("exactly-once"))
    first = output_of(lane, C1, (0, 12, 0))
    assert reads(lane) == (0, 0)
    lane.decide(lane.files.results, first, "aborted")
    assert reads(lane) == (0, 0)
    second = output_of(lane, C2, (0, 12, 0), (12, 8, 1))
    commit(lane, second)
    assert reads(lane) == (20, 0)
    lane.live.finish()
    assert lane.live.contradiction is None


def test_a_part_behind_an_open_transaction_is_not_missing(world: MakeWorld) -> None:
    lane = produced(world("exactly-once"))
    blocking = output_of(lane, C1, (0, 2, 0))
    commit(lane, output_of(lane, C2, (2, 6, 0), (8, 12, 1)))
    assert reads(lane) == (12, 0)
    assert reads(lane) == (12, 0)
    lane.decide(lane.files.results, blocking, "aborted")
    assert reads(lane) == (18, 0)
    lane.live.finish()
    assert lane.live.contradiction is None


def test_a_log_that_shows_an_open_transaction_is_caught(
    world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    lane = produced(world("exactly-once"))
    fetch = EngineLog.fetch

    def uncommitted(
        log: EngineLog, place: TopicPartition, offset: Offset, most: int, _: Isolation
    ) -> FetchResult:
        return fetch(log, place, offset, most, Isolation.READ_UNCOMMITTED)

    monkeypatch.setattr(EngineLog, "fetch", uncommitted)
    output_of(lane, C1, (0, 5, 0))
    counts = lane.poll().counts()
    assert (counts.committed_reads, counts.dirty_reads) == (5, 5)
    verdict, reason = judge(lane.lane, counts, 1, False)
    assert verdict is Verdict.BROKEN
    assert reason.startswith("5 aborted reads")
    lane.live.finish()
    assert "was shown 5 where 0 records" in (compare(lane.live, lane.final()) or "")


def test_a_record_shown_and_aborted_afterwards_is_dirty(world: MakeWorld) -> None:
    lane = produced(world("exactly-once"))
    transaction = output_of(lane, C1, (0, 5, 0))
    commit(lane, transaction)
    reader = lane.live._reader
    assert reader is not None
    reader._pass()
    set_state(lane, transaction, "aborted")
    assert reads(lane) == (5, 5)


def test_a_record_shown_before_its_transaction_was_committed_is_dirty(world: MakeWorld) -> None:
    lane = produced(world("exactly-once"))
    transaction = output_of(lane, C1, (0, 5, 0))
    commit(lane, transaction)
    later_ns = lane.now_ns + 1
    sql = "UPDATE transactions SET ended_ns = ? WHERE transaction_id = ?"
    lane.write(lane.files.results, sql, later_ns, transaction)
    assert reads(lane) == (5, 5)


def test_a_transaction_of_which_a_batch_is_passed_over_is_partial(
    world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    lane = produced(world("exactly-once"))
    fetch = EngineLog.fetch

    def forgetful(
        log: EngineLog, place: TopicPartition, offset: Offset, most: int, isolation: Isolation
    ) -> FetchResult:
        found = fetch(log, place, offset, most, isolation)
        shown = tuple(one for one in found.batches if one.batch.first_sequence != 4)
        return FetchResult(shown, found.next_offset, found.high_watermark, found.last_stable_offset)

    monkeypatch.setattr(EngineLog, "fetch", forgetful)
    commit(lane, output_of(lane, C1, (0, 4, 0), (4, 3, 1), (7, 3, 1)))
    assert reads(lane) == (7, 7)
    assert reads(lane) == (7, 7)
    lane.live.finish()
    assert "was not shown 3 records" in (lane.live.contradiction or "")


def test_a_reader_that_is_not_shown_the_rest_in_the_next_pass_says_so(
    world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    lane = produced(world("exactly-once"))
    fetch = EngineLog.fetch

    def blind(
        log: EngineLog, place: TopicPartition, offset: Offset, most: int, isolation: Isolation
    ) -> FetchResult:
        if place == TopicPartition(RESULTS, 1):
            return FetchResult((), offset, offset, offset)
        return fetch(log, place, offset, most, isolation)

    monkeypatch.setattr(EngineLog, "fetch", blind)
    commit(lane, output_of(lane, C1, (0, 4, 0), (4, 4, 1)))
    assert reads(lane) == (4, 0)
    assert reads(lane) == (4, 4)
    assert reads(lane) == (4, 4)
    lane.live.finish()
    assert lane.live.contradiction == (
        "the read_committed reader of the output topic was shown 0 where "
        "4 records of partition 1 are readable"
    )


def test_a_record_shown_twice_is_said(world: MakeWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    lane = produced(world("exactly-once"))
    fetch = EngineLog.fetch

    def stammering(
        log: EngineLog, place: TopicPartition, offset: Offset, most: int, isolation: Isolation
    ) -> FetchResult:
        found = fetch(log, place, offset, most, isolation)
        again = (*found.batches, *found.batches)
        return FetchResult(again, found.next_offset, found.high_watermark, found.last_stable_offset)

    monkeypatch.setattr(EngineLog, "fetch", stammering)
    commit(lane, output_of(lane, C1, (0, 4, 0)))
    lane.poll().finish()
    assert "4 records twice" in (lane.live.contradiction or "")


def test_what_was_shown_before_a_file_was_locked_is_checked_later(
    world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    lane = produced(world("exactly-once"))
    reader = lane.live._reader
    assert reader is not None
    commit(lane, output_of(lane, C1, (0, 4, 0), (4, 4, 1)))
    with monkeypatch.context() as patch:

        def locked(*_: object) -> None:
            raise ReadLater("locked")

        patch.setattr(LedgerFile, "rows", locked)
        with pytest.raises(ReadLater):
            reader.read()
    commit(lane, output_of(lane, C1, (8, 12, 0)))
    assert reads(lane) == (20, 0)
    lane.live.finish()
    assert lane.live.contradiction is None


@pytest.mark.parametrize("most", [1, 3, 7])
def test_small_fetches_show_the_same(
    world: MakeWorld, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(committed_reader, "FETCH_RECORDS", most)
    lane = produced(world("exactly-once"))
    commit(lane, output_of(lane, C1, (0, 9, 0), (9, 2, 1)))
    lane.decide(lane.files.results, output_of(lane, C1, (11, 5, 0)), "aborted")
    commit(lane, output_of(lane, C2, (11, 9, 0)))
    assert reads(lane) == (20, 0)
    lane.live.finish()
    assert lane.live.contradiction is None


def test_the_reader_remembers_no_transaction_that_was_shown_whole(world: MakeWorld) -> None:
    lane = produced(world("exactly-once"))
    commit(lane, output_of(lane, C1, (0, 9, 0), (9, 2, 1)))
    reader = lane.live._reader
    assert reader is not None
    lane.poll()
    assert not reader._incomplete
    assert not reader._seen


def test_the_reader_makes_no_log_where_there_is_none(world: MakeWorld) -> None:
    lane = world("exactly-once")
    path = lane.files.directory / "elsewhere.db"
    reader = committed_reader.CommittedReader(path, 2, "off")
    reader.read()
    assert not path.exists()
    assert reader.disagreement() is None
    reader.close()
