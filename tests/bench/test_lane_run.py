"""One lane's slots through deaths, outages and replacements; its processes are puppets."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import pytest

from bench_gui.bench import slot as slot_module
from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.faults import ACK_LOSS, KILL, KILL_AT_STEP, KILL_OF_ROLE
from bench_gui.bench.lane_run import LaneRun
from bench_gui.bench.plan import lane_config
from bench_gui.bench.run import Run, RunOrder
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.slot import Slot
from bench_gui.bench.snapshot import FaultReport
from bench_gui.bench.watcher import Watcher
from workers.failpoints import Failpoint, Failpoints
from workers.lanes import Role
from workers.recorder import Recorder, Word
from workers.steps import Step
from workers.time_units import MS_NS, SECOND_NS

SLUG = "at-least-once"
SETTINGS = RunSettings(lanes=(SLUG,), ack_loss=0.5, seed=3)
FAILPOINT = Failpoint(Role.CONSUMER, after=Step.EFFECT_APPLIED)


class Puppet:
    """A process that lives until it is killed."""

    pids = iter(range(5000, 6000))
    loss = ""

    def __init__(self) -> None:
        self.pid = self.sentinel = next(self.pids)
        self.exit_code: int | None = None

    @property
    def killed(self) -> bool:
        return self.exit_code == -signal.SIGKILL

    def kill(self) -> None:
        self.exit_code = -signal.SIGKILL

    def reap(self) -> None:
        assert self.exit_code is not None, "a wait for a process that lives"

    def close(self) -> None:
        return


class StillWatcher:
    """Asks for nothing."""

    due = False

    def note(self, *news: Any) -> None:
        return


class World:
    """A run whose loop the test turns by hand."""

    def __init__(self, run_dir: Path) -> None:
        order = RunOrder(SETTINGS, run_dir, keep_data=True, command_line="")
        self.run = Run(order, cast(Watcher, StillWatcher()))
        config = lane_config(SETTINGS, SLUG, run_dir)
        self.lane = LaneRun(config, self.run._store, self.run._faults, 0)
        self.run._lanes[SLUG] = self.lane
        self.run._start_ns = 1
        self.run._fault_writer.begin(0)
        self.lane.start_all()
        self.run._note_starts()
        self.lane.begin()

    def slot(self, role: Role, number: int = 0) -> Slot:
        return self.lane.of_role(role)[number]

    def end(self, slot: Slot) -> None:
        """Its process is dead, and that is noticed."""
        assert slot.child is not None
        slot.child.kill()
        self.run._deal_with_ends([(self.lane, slot)])

    def faults(self) -> list[FaultReport]:
        self.run._fault_writer.write()
        rows = self.query("SELECT fault_id FROM faults ORDER BY fault_id")
        return [self.run._faults.get(row[0]) for row in rows]

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        return self.run._store._database.conn.execute(sql).fetchall()

    def work(self, slot: Slot, at_ns: int) -> None:
        """The slot's process does its first work at that time."""
        with closing(Recorder(slot.lane.files.flight(slot.incarnation))) as recorder:
            recorder._words[Word.FIRST_STEP_NS] = at_ns
        self.lane.note_recoveries()


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(slot_module, "start_from_fork_server", lambda *_: Puppet())
    made = World(tmp_path)
    yield made
    made.run._end_processes()
    made.run._store.close()


def test_a_kill_at_a_step_happened_when_the_step_was_done(world: World) -> None:
    slot = world.slot(Role.CONSUMER)
    assert world.lane.kill_at(FAILPOINT)
    files, number = slot.lane.files, slot.incarnation
    with closing(Failpoints(files.orders(number))) as orders, pytest.MonkeyPatch.context() as patch:
        patch.setattr("workers.recorder.end_this_process", lambda: None)
        with closing(Recorder(files.flight(number), orders)) as recorder:
            recorder.step(Step.EFFECT_APPLIED, Step.SINK_COMMITTED, 3)
    assert slot.last is not None
    died_ns = slot.last.time_ns
    world.end(slot)
    world.work(slot, died_ns + 40 * MS_NS)
    (fault,) = world.faults()
    assert (fault.kind, fault.exposed, fault.recovery_ms) == (KILL_AT_STEP, 3, 40.0)


def lose_acknowledgement(slot: Slot) -> None:
    with closing(sqlite3.connect(slot.lane.files.network(0))) as network, network:
        network.execute(
            "INSERT INTO losses(kind, incarnation, source, first_sequence, count, attempt, lost_ns)"
            " VALUES ('ack', ?, 0, 5, 7, 0, 1)",
            (slot.incarnation,),
        )


class FullAtCommit:
    """A connection whose COMMIT finds no room, once."""

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw
        self._full = True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        if sql == "COMMIT" and self._full:
            self._full = False
            problem = sqlite3.OperationalError("database or disk is full")
            problem.sqlite_errorname = "SQLITE_FULL"
            raise problem
        return self._raw.execute(sql, *values)


def test_a_commit_that_fails_loses_no_report_no_mark_and_no_end(world: World) -> None:
    slot = world.slot(Role.PRODUCER)
    lose_acknowledgement(slot)
    world.lane.kill(slot, 1.0, scheduled=True)
    database = world.run._store._database
    database.conn = FullAtCommit(database.conn)
    with pytest.raises(EnvironmentProblem, match="disk is full"):
        world.end(slot)
    assert not world.query("SELECT * FROM faults")
    assert [fault.kind for fault in world.faults()] == [KILL, ACK_LOSS]
    assert world.query("SELECT kind FROM faults ORDER BY fault_id") == [(KILL,), (ACK_LOSS,)]
    assert world.query("SELECT kind, fault_id FROM marks") == [("ack loss", 2)]
    assert world.query("SELECT fault_id FROM incarnations WHERE ended_ns NOT NULL") == [(1,)]


def test_what_a_process_lost_is_written_down_before_its_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = world.slot(Role.PRODUCER)
    lose_acknowledgement(slot)
    seen: list[Any] = []
    store_ends = world.lane.store_ends

    def look_and_store() -> None:
        seen.append(world.query("SELECT kind FROM marks") + world.query("SELECT kind FROM faults"))
        store_ends()

    monkeypatch.setattr(world.lane, "store_ends", look_and_store)
    world.lane.kill(slot, 1.0, scheduled=True)
    world.end(slot)
    assert ("ack loss",) in seen[0]
    assert [fault.kind for fault in world.faults()][-1] == ACK_LOSS
    assert world.query("SELECT count(*) FROM incarnations WHERE ended_ns IS NOT NULL") == [(1,)]


def test_the_end_is_written_before_the_replacement_starts(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = world.slot(Role.CONSUMER, 1)
    ends: list[Any] = []

    def look_and_start(*_: Any) -> Puppet:
        assert not world.run._store._database.conn.in_transaction
        ends.extend(world.query("SELECT incarnation FROM incarnations WHERE ended_ns NOT NULL"))
        return Puppet()

    monkeypatch.setattr(slot_module, "start_from_fork_server", look_and_start)
    before = slot.incarnation
    world.lane.kill(slot, 1.0, scheduled=True)
    world.end(slot)
    assert ends == [(before,)]
    assert slot.incarnation > before


def test_outages_that_overlap_last_until_the_later_end(world: World) -> None:
    slots = world.lane.of_role(Role.CONSUMER)
    far_ns = 10**6 * SECOND_NS
    world.lane.take_down(Role.CONSUMER, 3 * far_ns, 0, 1.0, scheduled=True)
    for slot in slots:
        world.end(slot)
    due_ns = [slot.due_ns or 0 for slot in slots]
    assert min(due_ns) > 3 * far_ns, "an outage lasts from the death, which follows the order"
    world.lane.take_down(Role.CONSUMER, far_ns, 1, 2.0, scheduled=True)
    assert [slot.due_ns for slot in slots] == due_ns
    world.lane.restart_due(min(due_ns) - 1)
    assert not world.lane.starting
    hits = [(fault.kind, fault.pid is not None) for fault in world.faults()]
    assert hits == [(KILL_OF_ROLE, True)] * len(slots) + [(KILL_OF_ROLE, False)] * len(slots)
    world.lane.restart_due(max(due_ns))
    world.run._note_starts()
    assert all(slot.child is not None for slot in slots)


def test_faults_that_end_fill_the_slots_that_were_held_empty(world: World) -> None:
    slot = world.slot(Role.PRODUCER)
    world.lane.take_down(Role.PRODUCER, 10**6 * SECOND_NS, 10**6 * SECOND_NS, 1.0, scheduled=True)
    world.end(slot)
    assert slot.child is None
    world.lane.end_faults(2)
    world.run._restart(10**6 * SECOND_NS)
    assert slot.child is not None
