"""What a producer puts into one batch, and how far a closed loop may run ahead."""

from __future__ import annotations

from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from bench_gui.bench.lane_files import create_lane_files
from bench_gui.bench.plan import lane_config
from bench_gui.bench.settings import RunSettings
from tests.workers.still_clock import StillClock
from workers.config import WorkerConfig
from workers.files import CLICKS
from workers.lanes import Role
from workers.log.memory import MemoryTables, open_memory_log
from workers.log.sqlite import open_log
from workers.log.types import (
    IncarnationId,
    Isolation,
    Offset,
    RecordBatch,
    Sequence,
    TopicPartition,
)
from workers.producer import (
    COMMITS_OUTSTANDING,
    MOST_OUTSTANDING,
    OUTSTANDING,
    Backpressure,
    Producer,
)
from workers.recorder import Recorder, create_page

MILLISECOND_NS = 1_000_000
EVENTS = 12


def batches(directory: Path, slug: str, **knobs: float) -> list[RecordBatch]:
    """What a producer makes of EVENTS events, one due every millisecond from time 1 s on."""
    settings = RunSettings(partitions=1, rate_eps=1000, lanes=(slug,), **knobs)  # type: ignore[arg-type]
    me = WorkerConfig(lane_config(settings, slug, directory), Role.PRODUCER, 0, IncarnationId(1))
    clock, files = StillClock(), me.lane.files
    with closing(create_lane_files(me.lane)) as control, ExitStack() as stack:
        create_page(files.flight(1))
        control.set_sources_end(clock.ns + EVENTS * MILLISECOND_NS)
        control.set_sources_start(clock.ns)
        clicks = stack.enter_context(closing(open_log(files.clicks)))
        recorder = stack.enter_context(closing(Recorder(files.flight(1))))
        stack.enter_context(closing(Producer(me, clicks, recorder, control, clock=clock))).run()
        place = TopicPartition(CLICKS, 0)
        found = clicks.fetch(place, Offset(0), 9999, Isolation.READ_COMMITTED).batches
        return [fetched.batch for fetched in found]


@pytest.mark.parametrize("slug", ["at-least-once", "exactly-once", "idempotent-consumer"])
def test_what_comes_due_while_a_batch_lingers_joins_it(tmp_path: Path, slug: str) -> None:
    found = batches(tmp_path / "lane", slug, linger_ms=2)
    assert [(batch.first_sequence, batch.count) for batch in found] == [
        (first, 3) for first in range(0, EVENTS, 3)
    ]
    assert all(batch.appended_ns - batch.due_ns == 2 * MILLISECOND_NS for batch in found)


def test_a_batch_takes_no_more_than_its_size(tmp_path: Path) -> None:
    found = batches(tmp_path / "lane", "at-least-once", linger_ms=2, batch=2)
    assert {batch.count for batch in found} == {2}


def test_nothing_joins_where_the_position_was_advanced_for_what_was_taken(tmp_path: Path) -> None:
    found = batches(tmp_path / "lane", "at-most-once", linger_ms=2)
    assert sum(batch.count for batch in found) == EVENTS
    assert found[0].count == 1
    assert all(batch.appended_ns - batch.due_ns <= 2 * MILLISECOND_NS for batch in found)


class Lane:
    """A log and the consumers' progress, both moved by the test."""

    def __init__(self, producers: int = 1) -> None:
        self.log = open_memory_log(MemoryTables())
        self.log.create_topic(CLICKS, 1)
        self.appended = self.committed = 0
        self.bound = Backpressure(self.log, lambda _partition: self.committed, 1, producers)

    def append(self, count: int) -> None:
        batch = RecordBatch(0, Sequence(0), count, 0, 0, IncarnationId(1), bytes(count))
        self.log.append(TopicPartition(CLICKS, 0), batch)
        self.appended += count

    def fill(self, batch: int) -> int:
        """Appends until no more may be; returns how much is outstanding then."""
        while not self.bound.full(batch):
            self.append(batch)
        return self.appended - self.committed


def test_a_closed_loop_stops_when_nothing_is_committed() -> None:
    lane = Lane()
    assert OUTSTANDING <= lane.fill(batch=1000) < OUTSTANDING + 1000
    assert lane.bound.full(1)


def test_the_bound_follows_what_is_committed_at_once_and_no_further() -> None:
    lane = Lane()
    outstanding = [lane.fill(batch=1000)]
    for _ in range(20):
        lane.committed += min(40_000, lane.appended - lane.committed)
        outstanding.append(lane.fill(batch=1000))
    assert outstanding == sorted(outstanding)
    most = OUTSTANDING + COMMITS_OUTSTANDING * 40_000
    assert most <= outstanding[-1] <= most + OUTSTANDING


def test_a_replacement_takes_what_was_committed_before_it_for_no_commit() -> None:
    lane = Lane()
    lane.append(300_000)
    lane.committed = 300_000
    lane.bound = Backpressure(lane.log, lambda _partition: lane.committed, 1, 1)
    assert lane.fill(batch=1000) < OUTSTANDING + 1000


def test_producers_share_the_bound() -> None:
    lane = Lane(producers=4)
    assert lane.fill(batch=500) <= OUTSTANDING + 4 * 500


def test_the_bound_has_an_end_whatever_is_committed_at_once() -> None:
    lane = Lane()
    outstanding = lane.fill(batch=10_000)
    for _ in range(6):
        lane.committed = lane.appended
        outstanding = lane.fill(batch=10_000)
    assert MOST_OUTSTANDING <= outstanding <= MOST_OUTSTANDING + 10_000
