"""Two stores commit together or not at all, whoever dies between which two steps."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from workers.clock import MONOTONIC
from workers.files import SINK_SCHEMA
from workers.log.database import Database
from workers.log.engine import EngineLog
from workers.log.errors import UnstableOffsets
from workers.log.sqlite import open_log
from workers.log.types import IncarnationId, Offset, Sequence, TopicPartition
from workers.pieces import Piece
from workers.two_phase import Decisions, PreparingSink, RowsLocked, Stage, TwoPhaseCommit

PLACE = TopicPartition("clicks", 0)
EVENTS = Piece(0, Offset(0), 0, Sequence(0), 0, [5, 7, 5], memoryview(b""), 0)


class World:
    """The three files, and coordinators that come and go."""

    def __init__(self, directory: Path, stack: ExitStack) -> None:
        self.directory = directory
        self._stack = stack
        self._incarnations = 0
        self.log: EngineLog

    def coordinator(self, slot: int = 0) -> TwoPhaseCommit:
        """The next process of a slot, with an open transaction."""
        self._incarnations += 1
        me = IncarnationId(self._incarnations)
        log = self._stack.enter_context(closing(open_log(self.directory / "results.db")))
        path = self.directory / "sink.db"
        database = self._stack.enter_context(closing(Database(path, create=SINK_SCHEMA)))
        decisions = Decisions(self.directory / f"coordinator-{slot}.db", "off", me, MONOTONIC)
        self._stack.enter_context(closing(decisions))
        identity = log.init_producer(f"c{slot}", me, keep_prepared=True)
        sink = PreparingSink(database, slot, me, MONOTONIC)
        both = TwoPhaseCommit(log, identity, sink, decisions)
        self.log = log
        if log.prepared_transaction(identity) is None:
            log.begin_transaction(identity, me)
            log.send_offsets_to_transaction(identity, "counters", {PLACE: Offset(3 + slot)})
            both.apply([EVENTS], lambda: None)
        return both

    def clicks(self) -> dict[int, int]:
        return dict(self.rows("SELECT * FROM links"))

    def rows(self, sql: str) -> list[tuple[int, ...]]:
        with closing(sqlite3.connect(self.directory / "sink.db")) as database:
            return database.execute(sql).fetchall()

    def committed(self) -> int | None:
        return self.log.committed_offset("counters", PLACE)

    def nothing_is_held(self) -> bool:
        tables = ("prepared_transactions", "prepared_effects", "locked_links")
        return not any(self.rows(f"SELECT * FROM {table}") for table in tables)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with ExitStack() as stack:
        yield World(tmp_path, stack)


STEPS: tuple[Callable[[TwoPhaseCommit], None], ...] = (
    TwoPhaseCommit.prepare_log,
    TwoPhaseCommit.prepare_sink,
    TwoPhaseCommit.decide,
    TwoPhaseCommit.commit_sink,
)


@pytest.mark.parametrize("done", range(len(STEPS) + 1))
def test_a_death_after_any_step_leaves_both_or_neither(world: World, done: int) -> None:
    dying = world.coordinator()
    for step in STEPS[:done]:
        step(dying)
    successor = world.coordinator()
    assert successor.resolve() == (1 if done else 0)
    decided = done >= 3
    assert world.clicks() == ({5: 2, 7: 1} if decided else {})
    assert world.committed() == (3 if decided else None)
    assert world.nothing_is_held()
    effects = world.rows("SELECT first_sequence, count, applied, incarnation FROM effects")
    by = 1 if done == 4 else 2
    assert effects == ([(0, 3, 1, by)] if decided else [])
    assert successor.resolve() == 0


@pytest.mark.parametrize("done", range(1, len(STEPS) + 1))
@pytest.mark.parametrize("resolved", ["sink", "nothing"])
def test_a_death_while_resolving_is_resolved_again(world: World, done: int, resolved: str) -> None:
    dying = world.coordinator()
    for step in STEPS[:done]:
        step(dying)
    second = world.coordinator()
    if resolved == "sink":
        number = 1
        end = second._sink.commit_prepared if done >= 3 else second._sink.roll_back_prepared
        end(number)
    third = world.coordinator()
    third.resolve()
    assert world.clicks() == ({5: 2, 7: 1} if done >= 3 else {})
    assert world.committed() == (3 if done >= 3 else None)
    assert world.nothing_is_held()


def test_what_is_in_doubt_blocks_others_in_both_stores_and_only_until_it_is_resolved(
    world: World,
) -> None:
    dying = world.coordinator(slot=0)
    dying.prepare_log()
    dying.prepare_sink()
    other = world.coordinator(slot=1)
    with pytest.raises(UnstableOffsets):
        other.prepare_log()
    with pytest.raises(RowsLocked):
        other._sink.prepare(99, [EVENTS])
    assert other.stage is Stage.OPEN
    assert world.rows("SELECT * FROM prepared_effects WHERE transaction_id = 99") == []
    world.coordinator(slot=0).resolve()
    other.prepare_log()
    other.prepare_sink()


def test_a_restart_leaves_the_transactions_of_other_coordinators_alone(world: World) -> None:
    living = world.coordinator(slot=1)
    living.prepare_log()
    living.prepare_sink()
    assert world.coordinator(slot=0).resolve() == 0
    living.decide()
    living.commit_sink()
    assert world.clicks() == {5: 2, 7: 1}


def test_a_coordinator_may_change_its_mind_before_it_decides(world: World) -> None:
    both = world.coordinator()
    both.prepare_log()
    both.prepare_sink()
    both.abort_sink()
    assert both.stage is Stage.OPEN
    assert world.nothing_is_held()
    assert world.clicks() == {}
