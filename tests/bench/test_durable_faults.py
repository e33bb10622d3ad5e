"""Expired sessions and lost messages become faults and marks, each with its cause."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import cast

import pytest

from bench_gui.bench.durable_faults import LaneDurableFaults
from bench_gui.bench.faults import ACK_LOSS, EXPIRY, PAUSE, REQUEST_LOSS, FaultLog
from bench_gui.bench.incarnations import FaultMark, MarkKind
from bench_gui.bench.lane_files import create_lane_files, make_network_file
from bench_gui.bench.lane_run import LaneRun
from bench_gui.bench.plan import lane_config
from bench_gui.bench.roster import Incarnation, Roster
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import FaultReport
from workers.files import COUNTERS_GROUP
from workers.lanes import Role
from workers.recorder import StepEntry
from workers.steps import Step
from workers.time_units import SECOND_NS

START_NS = 100 * SECOND_NS
LIVES, GONE, PRODUCER = 1, 2, 3
LAST = StepEntry(0, Step.FETCHED, Step.EFFECT_APPLIED, 40)


class FakeLane:
    """A lane without processes: its files, and who was who."""

    def __init__(self, run_dir: Path, slug: str) -> None:
        settings = RunSettings(
            lanes=(slug,), session_timeout_ms=1000, request_loss=0.1, ack_loss=0.1
        )
        self.config = lane_config(settings, slug, run_dir)
        create_lane_files(self.config).close()
        self.roster = Roster()
        self.roster.started(LIVES, Role.CONSUMER, 0, 1, 101)
        self.roster.started(GONE, Role.CONSUMER, 1, 4, 102)
        self.roster.started(PRODUCER, Role.PRODUCER, 0, 2, 103)

        self.dying: set[int] = set()
        self.obeyed: list[int] = []

    def ack_lost(self, who: Incarnation) -> None:
        self.obeyed.append(who.number)

    def awaits_its_end(self, who: Incarnation) -> bool:
        return who.number in self.dying

    def last_step_of(self, who: Incarnation) -> StepEntry | None:
        return LAST if who.died_ns is None else None


class World:
    """One lane's durable faults, and a hand to write them with."""

    def __init__(self, run_dir: Path, slug: str = "at-least-once") -> None:
        self.lane = FakeLane(run_dir, slug)
        self.faults = FaultLog()
        self.durable = LaneDurableFaults(cast(LaneRun, self.lane), self.faults, START_NS)

    def write(self, path: Path, sql: str, *values: object) -> None:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(sql, values)

    def expire(self, incarnation: int, at_s: float, group: str = COUNTERS_GROUP) -> None:
        self.write(
            self.lane.config.files.results,
            "INSERT INTO expirations(group_id, instance_id, incarnation, expired_by, expired_ns)"
            " VALUES (?, 0, ?, 9, ?)",
            group,
            incarnation,
            START_NS + int(at_s * SECOND_NS),
        )

    def lose(self, kind: str, first: int = 30, count: int = 12, at_s: float = 2.5) -> None:
        self.write(
            self.lane.config.files.network(0),
            "INSERT INTO losses(kind, incarnation, source, first_sequence, count, attempt, lost_ns)"
            " VALUES (?, ?, 0, ?, ?, 0, ?)",
            kind,
            PRODUCER,
            first,
            count,
            START_NS + int(at_s * SECOND_NS),
        )

    def read(self) -> tuple[list[FaultReport], list[FaultMark]]:
        """What is new: reports and marks."""
        assert self.durable.read()
        return self.faults.take_changed(), self.durable.take_marks()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.durable.close()


def at_ns(t_s: float) -> int:
    return START_NS + int(t_s * SECOND_NS)


def test_a_living_process_that_was_silent_is_a_fault_of_its_own(world: World) -> None:
    world.expire(LIVES, 2.0)
    (report,), (mark,) = world.read()
    assert (report.kind, report.t_s, report.role, report.slot) == (EXPIRY, 2.0, "consumer", 0)
    assert (report.pid, report.incarnation, report.exposed) == (101, 1, 40)
    assert (report.after_step, report.before_step) == ("fetched", "effect-applied")
    assert (report.scheduled, report.recovery_ms) == (False, None)
    assert mark == FaultMark(LIVES, MarkKind.EXPIRY, report.fault_id, at_ns(2.0))


def test_an_end_by_a_fault_explains_the_silence_after_it(world: World) -> None:
    world.lane.roster.ended(GONE, at_ns(1.0), fault_id=5)
    world.expire(GONE, 2.0)
    assert world.read() == ([], [])


def test_an_end_that_was_not_dealt_with_yet_is_waited_for(world: World) -> None:
    world.lane.dying = {GONE}
    world.expire(GONE, 2.0)
    assert not world.durable.read()
    assert world.durable.take_marks() == []
    world.lane.dying = set()
    world.lane.roster.ended(GONE, at_ns(1.0), fault_id=5)
    assert world.read() == ([], [])


def test_a_process_that_was_silent_and_died_later_lived_when_it_expired(world: World) -> None:
    world.lane.roster.ended(GONE, at_ns(2.5), fault_id=5)
    world.expire(GONE, 2.0)
    (report,), (mark,) = world.read()
    assert (report.kind, report.exposed, report.after_step) == (EXPIRY, 0, None)
    assert mark.fault_id == report.fault_id


@pytest.mark.parametrize(
    ("expired_s", "by_pause"), [(1.5, False), (2.5, True), (4.9, True), (5.1, False)]
)
def test_a_pause_explains_the_silence_in_it_and_a_session_timeout_after(
    world: World, expired_s: float, by_pause: bool
) -> None:
    pause = world.faults.add(
        2.0, "at-least-once", Role.CONSUMER, 0, 101, scheduled=True, kind=PAUSE
    )
    world.faults.landed(pause, 1, 101, Step.FETCHED, Step.EFFECT_APPLIED, 3)
    world.faults.take_changed()
    world.lane.roster.paused(LIVES, pause, at_ns(2.0))
    world.lane.roster.resumed(LIVES, at_ns(4.0))
    world.expire(LIVES, expired_s)
    (report,), (mark,) = world.read()
    assert (report.fault_id == pause) is by_pause
    assert mark.fault_id == report.fault_id
    assert world.faults.get(pause).session_expired is by_pause


def test_a_place_that_nobody_took_yet_is_nobodys_fault(world: World) -> None:
    world.expire(0, 0.5)
    world.expire(LIVES, 0.5, group="another")
    assert world.read() == ([], [])


def test_a_lost_request(world: World) -> None:
    world.lose("request")
    (report,), (mark,) = world.read()
    assert (report.kind, report.t_s, report.role, report.slot) == (REQUEST_LOSS, 2.5, "producer", 0)
    assert (report.pid, report.incarnation, report.exposed) == (103, 2, 12)
    assert (report.after_step, report.before_step) == ("events-taken", "appended")
    assert report.recovery_ms is None
    assert mark == FaultMark(
        PRODUCER, MarkKind.REQUEST_LOSS, report.fault_id, at_ns(2.5), 0, 30, 42
    )


def test_a_lost_acknowledgement(world: World) -> None:
    world.lose("ack")
    (report,), (mark,) = world.read()
    assert (report.kind, report.exposed) == (ACK_LOSS, 12)
    assert (report.after_step, report.before_step) == ("appended", "acked")
    assert (mark.kind, mark.first_sequence, mark.next_sequence) == (MarkKind.ACK_LOSS, 30, 42)


@pytest.mark.parametrize(
    ("slug", "after", "ack_exposes"),
    [
        ("at-most-once", "position-advanced", 0),
        ("at-least-once", "events-taken", 12),
        ("exactly-once", "transaction-begun", 12),
    ],
)
def test_what_a_loss_can_hurt_depends_on_the_producer(
    tmp_path: Path, slug: str, after: str, ack_exposes: int
) -> None:
    world = World(tmp_path / "run", slug)
    world.lose("request")
    world.lose("ack")
    (request, ack), _ = world.read()
    assert (request.after_step, request.exposed, ack.exposed) == (after, 12, ack_exposes)
    world.durable.close()


def test_each_row_is_told_once(world: World) -> None:
    world.lose("ack", first=1)
    world.read()
    world.lose("ack", first=2)
    _, marks = world.read()
    assert [mark.first_sequence for mark in marks] == [2]
    assert world.read() == ([], [])


def test_a_locked_file_is_read_later(world: World) -> None:
    world.lose("ack")
    path = world.lane.config.files.network(0)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN EXCLUSIVE")
        assert not world.durable.read()
        assert world.durable.take_marks() == []
    _, marks = world.read()
    assert len(marks) == 1


def test_an_acknowledgement_lost_by_order_is_of_the_users_key(world: World) -> None:
    world.lose("ordered ack")
    world.lose("ack")
    (by_hand, drawn), marks = world.read()
    assert (by_hand.kind, by_hand.scheduled, by_hand.exposed) == (ACK_LOSS, False, 12)
    assert (drawn.kind, drawn.scheduled) == (ACK_LOSS, True)
    assert [mark.kind for mark in marks] == [MarkKind.ACK_LOSS] * 2
    assert world.lane.obeyed == [PRODUCER]


def test_a_file_that_is_made_later_is_read_from_then_on(tmp_path: Path) -> None:
    world = World(tmp_path)
    with closing(world.durable):
        world.lane.config.files.network(0).unlink()
        assert world.read() == ([], [])
        make_network_file(world.lane.config, 0)
        world.lose("ordered ack")
        (report,), _ = world.read()
        assert not report.scheduled


@pytest.mark.parametrize(
    ("slug", "end"),
    [
        ("at-most-once", "before acked: it waits for none, so nothing follows"),
        ("at-least-once", "before acked: 12 events in hand, none harmed"),
    ],
)
def test_a_producer_that_waits_for_no_acknowledgement_says_so(
    tmp_path: Path, slug: str, end: str
) -> None:
    world = World(tmp_path, slug)
    with closing(world.durable):
        world.lose("ordered ack")
        (report,), _ = world.read()
    assert report.text.endswith(end)
