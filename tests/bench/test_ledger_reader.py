"""Files in use: a locked one loses nothing, and no reader stands in a writer's way."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from bench_gui.bench.audit import auditor, ledger_reader, log_reader
from bench_gui.bench.audit.lane_sources import LaneSources
from bench_gui.bench.audit.ledger_reader import LINK, LINKS_SQL, LedgerFile, ReadLater
from bench_gui.bench.audit.log_reader import LogNews
from bench_gui.bench.errors import EnvironmentProblem
from tests.bench.lane_world import LaneWorld


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LaneWorld]:
    """A lane of which everything is delivered; a locked file is not waited for."""
    monkeypatch.setattr(ledger_reader, "BUSY_TIMEOUT_S", 0.0)
    monkeypatch.setattr(auditor, "FINAL_PAUSE_S", 0.0)
    lane = LaneWorld(tmp_path, "at-least-once")
    lane.append(0, 0, 20, 1)
    lane.advance_position(0, 20, 1)
    lane.apply(0, 0, 20, 11)
    lane.commit_offset(0, 20, 11)
    lane.end(1, "producer", acked=20)
    lane.end(11, "consumer")
    yield lane
    lane.close()


def lock(path: Path) -> sqlite3.Connection:
    """Keeps every other connection out of the file until it is closed."""
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("PRAGMA locking_mode = EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    return holder


def locked(tmp_path: Path) -> tuple[Path, sqlite3.Connection]:
    path = tmp_path / "locked.db"
    with sqlite3.connect(path) as database:
        database.executescript(
            "CREATE TABLE links(link_id, clicks); INSERT INTO links VALUES(5, 2)"
        )
    database.close()
    return path, lock(path)


def test_a_locked_file_is_to_be_read_later_and_then_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_reader, "BUSY_TIMEOUT_S", 0.0)
    path, holder = locked(tmp_path)
    file = LedgerFile(path)
    with pytest.raises(ReadLater, match=r"locked\.db"):
        file.rows(LINKS_SQL, (), LINK)
    holder.execute("ROLLBACK")
    holder.close()
    assert file.rows(LINKS_SQL, (), LINK).tolist() == [(5, 2)]
    file.close()


@pytest.mark.parametrize("table", ["clicks", "results", "sink"])
def test_a_round_that_could_not_read_a_file_calls_nothing_lost(
    world: LaneWorld, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    unreadable = getattr(world.files, table)
    connect = LedgerFile._connect

    def refuse(file: LedgerFile) -> sqlite3.Connection | None:
        if file._path == unreadable:
            raise ReadLater("locked")
        return connect(file)

    with monkeypatch.context() as patch:
        patch.setattr(LedgerFile, "_connect", refuse)
        assert not world.live.poll(dict(world.ended), world.now_ns, lambda: world.sources_end_ns)
        assert world.live.counts().lost == 0
        with pytest.raises(EnvironmentProblem, match="stay locked"):
            world.final()
    counts = world.agreed().counts()
    assert (counts.delivered_unique, counts.lost, counts.duplicates) == (20, 0, 0)


def test_the_auditor_never_keeps_a_log_from_being_folded_back(world: LaneWorld) -> None:
    world.poll()
    for path in (world.files.clicks, world.files.results, world.files.sink):
        writer = sqlite3.connect(path, isolation_level=None)
        busy, left, _ = writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        assert (busy, left) == (0, 0)
        writer.close()


def test_a_file_or_a_table_that_is_not_there_is_empty(tmp_path: Path) -> None:
    file = LedgerFile(tmp_path / "later.db")
    assert len(file.rows(LINKS_SQL, (), LINK)) == 0
    sqlite3.connect(tmp_path / "later.db").close()
    assert len(file.rows(LINKS_SQL, (), LINK)) == 0
    file.close()


def test_a_mistake_in_the_sql_is_a_bug_and_not_swallowed(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "some.db").close()
    file = LedgerFile(tmp_path / "some.db")
    with pytest.raises(sqlite3.OperationalError, match="syntax"):
        file.rows("SELEKT", (), LINK)
    file.close()


def test_more_rows_than_are_read_at_once_are_all_counted_in_one_round(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_reader, "ROWS_AT_ONCE", 3)
    monkeypatch.setattr(log_reader, "BATCHES_AT_ONCE", 2)
    lane = LaneWorld(tmp_path, "at-least-once")
    for event in range(20):
        lane.append(0, event, 1, 1, partition=event % 2)
        lane.advance_position(0, event + 1, 1)
        lane.apply(0, event, 1, 11, partition=event % 2, offset=event // 2)
        lane.commit_offset(event % 2, event // 2 + 1, 11)
    counts = lane.poll().counts()
    assert (counts.appended, counts.delivered_unique, lane.live.lag()) == (20, 20, 0)
    lane.end(1, "producer", acked=20)
    lane.end(11, "consumer")
    lane.agreed()
    lane.close()


def test_what_is_applied_while_the_log_is_read_in_pieces_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_reader, "BATCHES_AT_ONCE", 2)
    lane = LaneWorld(tmp_path, "at-least-once")
    for event in range(20):
        lane.append(0, event, 1, 1)
    lane.advance_position(0, 20, 1)
    lane.commit_offset(0, 20, 11)
    lane.end(1, "producer", acked=20)
    lane.end(11, "consumer")
    read, applied = LaneSources.clicks, iter(range(20))

    def apply_and_read(sources: LaneSources) -> LogNews:
        for event in islice(applied, 2):
            lane.apply(0, event, 1, 11, offset=event)
        return read(sources)

    monkeypatch.setattr(LaneSources, "clicks", apply_and_read)
    assert (lane.poll().counts().delivered_unique, lane.live.counts().lost) == (20, 0)
    lane.close()


def test_refusals_long_after_the_deliveries_find_their_events(tmp_path: Path) -> None:
    lane = LaneWorld(tmp_path, "idempotent-consumer")
    for event in range(20):
        lane.append(0, event, 1, 1)
        lane.apply(0, event, 1, 11, offset=event)
        lane.poll()
    lane.apply(0, 0, 20, 11, applied=False)
    assert lane.poll().counts().suppressed == 20
    lane.close()
