"""Counters and ledger change together, and the idempotent sink counts an event once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from workers.files import SINK_SCHEMA
from workers.log.database import Database
from workers.log.types import IncarnationId, Offset, Sequence
from workers.pieces import Piece
from workers.sink import CounterSink, SinkFenced

ME = IncarnationId(3)


def piece(first: int, links: list[int], *, partition: int = 0, offset: int = 0) -> Piece:
    return Piece(partition, Offset(offset), 0, Sequence(first), 0, links, memoryview(b""), 0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sink.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    with closing(Database(path, create=SINK_SCHEMA)) as database:
        yield database


@pytest.fixture
def sink(database: Database) -> CounterSink:
    return CounterSink(database, ME)


@pytest.fixture
def idempotent(database: Database) -> CounterSink:
    return CounterSink(database, ME, deduplicates=True)


def rows(path: Path, sql: str) -> list[tuple[int, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


LEDGER = "SELECT sink_transaction, first_sequence, count, first_offset, applied FROM effects"
COUNTERS = "SELECT link_id, clicks FROM links ORDER BY link_id"


def test_each_event_is_one_click_and_each_range_one_row(sink: CounterSink, path: Path) -> None:
    sink.apply([piece(0, [5, 5, 7], offset=10), piece(8, [7], partition=1, offset=2)], _nothing)
    sink.apply([piece(3, [5], offset=13)], _nothing)
    assert rows(path, COUNTERS) == [(5, 3), (7, 2)]
    assert rows(path, LEDGER) == [(1, 0, 3, 10, 1), (1, 8, 1, 2, 1), (3, 3, 1, 13, 1)]


def test_a_death_before_the_commit_leaves_neither_counter_nor_row(
    sink: CounterSink, path: Path
) -> None:
    class Death(Exception):
        pass

    def die() -> None:
        raise Death

    with pytest.raises(Death):
        sink.apply([piece(0, [5])], die)
    assert rows(path, COUNTERS) == []
    assert rows(path, LEDGER) == []


def test_the_plain_sink_counts_a_redelivery_again(sink: CounterSink, path: Path) -> None:
    for _ in range(2):
        sink.apply([piece(0, [5, 7])], _nothing)
    assert rows(path, COUNTERS) == [(5, 2), (7, 2)]


def test_the_idempotent_sink_counts_new_ids_only_and_notes_the_others(
    idempotent: CounterSink, path: Path
) -> None:
    idempotent.apply([piece(2, [5, 7])], _nothing)
    idempotent.apply([piece(0, [1, 2, 5, 7, 9], offset=4)], _nothing)
    assert rows(path, COUNTERS) == [(1, 1), (2, 1), (5, 1), (7, 1), (9, 1)]
    assert rows(path, LEDGER)[1:] == [(2, 0, 2, 4, 1), (2, 2, 2, 6, 0), (2, 4, 1, 8, 1)]


def test_offsets_are_stored_with_the_counters_or_not_at_all(database: Database, path: Path) -> None:
    ours = CounterSink(database, ME, stores_offsets=True)
    zombie = CounterSink(database, IncarnationId(2), stores_offsets=True)
    assert ours.stored_offset(0) == zombie.stored_offset(0) == 0
    ours.apply([piece(0, [5, 7])], _nothing)
    with pytest.raises(SinkFenced):
        zombie.apply([piece(0, [5])], _nothing)
    with pytest.raises(SinkFenced):
        zombie.store_offsets({0: Offset(9)})
    ours.store_offsets({0: Offset(4)})
    assert zombie.stored_offset(0) == 4
    zombie.apply([piece(2, [9], offset=4)], _nothing)
    assert rows(path, COUNTERS) == [(5, 1), (7, 1), (9, 1)]
    history = "SELECT partition, from_offset, next_offset, incarnation FROM offset_commits"
    assert rows(path, history) == [(0, 0, 2, 3), (0, 2, 4, 3), (0, 4, 5, 2)]


def _nothing() -> None:
    """Nobody listens."""
