"""What the wire loses follows from the seed; a producer acts on it as its policy says."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bench_gui.bench.lane_files import create_lane_files
from bench_gui.bench.plan import lane_config
from bench_gui.bench.settings import RunSettings
from tests.workers.still_clock import StillClock
from workers.config import LaneConfig, WorkerConfig
from workers.control import ControlPage
from workers.files import CLICKS
from workers.lanes import Role
from workers.log.sqlite import open_log
from workers.log.types import IncarnationId, Isolation, Offset, Sequence, TopicPartition
from workers.network import Loss, Network
from workers.producer import Producer
from workers.recorder import Recorder, create_page

EVENTS = 60
RATE_EPS = 1000


def config(tmp_path: Path, slug: str, request_loss: float, ack_loss: float) -> WorkerConfig:
    settings = RunSettings(partitions=2, batch=5, linger_ms=0, rate_eps=RATE_EPS, seed=3)
    lane = replace(
        lane_config(settings, slug, tmp_path), request_loss=request_loss, ack_loss=ack_loss
    )
    return WorkerConfig(lane, Role.PRODUCER, 0, IncarnationId(1))


@contextmanager
def files_of(lane: LaneConfig) -> Iterator[ControlPage]:
    with closing(create_lane_files(lane)) as control:
        create_page(lane.files.flight(1))
        yield control


def produce(me: WorkerConfig, ordered: int = 0) -> tuple[list[int], list[tuple[str, int, int]]]:
    """Lets a producer work to its end. Returns: sequences in the log, losses by kind and range."""
    clock, files = StillClock(), me.lane.files
    with files_of(me.lane) as control, ExitStack() as stack:
        control.set_sources_end(clock.ns + EVENTS * 1_000_000)
        control.set_sources_start(clock.ns)
        clicks = stack.enter_context(closing(open_log(files.clicks)))
        recorder = stack.enter_context(closing(Recorder(files.flight(1))))
        producer = Producer(
            me,
            clicks,
            recorder,
            control,
            clock=clock,
            on_lock=recorder.locked,
            acks_to_lose=lambda: ordered,
        )
        stack.enter_context(closing(producer)).run()
        found = []
        for partition in range(me.lane.partitions):
            place = TopicPartition(CLICKS, partition)
            result = clicks.fetch(place, Offset(0), 9999, Isolation.READ_COMMITTED)
            for fetched in result.batches:
                first = fetched.batch.first_sequence
                found += range(first, first + fetched.batch.count)
    with closing(sqlite3.connect(files.network(0))) as database:
        rows = database.execute("SELECT kind, first_sequence, count FROM losses").fetchall()
    return sorted(found), rows


def lost_events(losses: list[tuple[str, int, int]], kind: Loss) -> Counter[int]:
    events: Counter[int] = Counter()
    for lost, first, count in losses:
        events.update(range(first, first + count) if lost == kind.value else ())
    return events


def test_a_lost_request_costs_fire_and_forget_its_events(tmp_path: Path) -> None:
    found, losses = produce(config(tmp_path, "at-most-once", 0.3, 0.2))
    lost = lost_events(losses, Loss.REQUEST)
    assert lost
    assert found == [event for event in range(EVENTS) if event not in lost]


def test_a_lost_acknowledgement_makes_the_retrying_producer_append_again(tmp_path: Path) -> None:
    found, losses = produce(config(tmp_path, "at-least-once", 0.2, 0.3))
    again = lost_events(losses, Loss.ACK)
    assert again
    assert lost_events(losses, Loss.REQUEST)
    assert Counter(found) == Counter(range(EVENTS)) + again


@pytest.mark.parametrize("slug", ["exactly-once", "idempotent+process-first+counter"])
def test_the_idempotent_producer_appends_once_whatever_is_lost(tmp_path: Path, slug: str) -> None:
    found, losses = produce(config(tmp_path, slug, 0.2, 0.3))
    assert lost_events(losses, Loss.ACK)
    assert lost_events(losses, Loss.REQUEST)
    assert found == list(range(EVENTS))


def test_what_is_lost_follows_from_the_seed_and_has_the_share_asked_for(tmp_path: Path) -> None:
    me = config(tmp_path, "at-least-once", 0.1, 0.3)
    me.lane.directory.mkdir(parents=True)
    with (
        closing(Network(me, StillClock())) as one,
        closing(Network(replace(me, incarnation=IncarnationId(2)), StillClock())) as other,
    ):
        places = [(Sequence(first), attempt) for first in range(3000) for attempt in range(2)]
        drawn = [one.loses(*place) for place in places]
        assert drawn == [other.loses(*place) for place in places]
    shares = {loss: count / len(places) for loss, count in Counter(drawn).items()}
    assert shares[Loss.REQUEST] == pytest.approx(0.1, abs=0.02)
    assert shares[Loss.ACK] == pytest.approx(0.3, abs=0.03)


def test_nothing_is_lost_or_written_where_nothing_is_asked_for(tmp_path: Path) -> None:
    me = config(tmp_path, "at-least-once", 0, 0)
    with closing(Network(me, StillClock())) as network:
        assert [network.loses(Sequence(n), 0) for n in range(100)] == [None] * 100
    assert not me.lane.files.network(0).exists()


def test_an_acknowledgement_is_lost_by_order_where_nothing_is_drawn(tmp_path: Path) -> None:
    found, losses = produce(config(tmp_path, "at-least-once", 0, 0), ordered=2)
    assert [(kind, first) for kind, first, _ in losses] == [("ordered ack", 0), ("ordered ack", 0)]
    again = lost_events(losses, Loss.ORDERED_ACK)
    assert Counter(found) == Counter(range(EVENTS)) + again


def test_an_order_to_lose_adds_to_what_is_drawn(tmp_path: Path) -> None:
    found, losses = produce(config(tmp_path, "at-least-once", 0.2, 0.3), ordered=3)
    kinds = Counter(kind for kind, _, _ in losses)
    assert kinds["ordered ack"] == 3
    assert kinds["ack"] > 0
    assert kinds["request"] > 0
    again = lost_events(losses, Loss.ACK) + lost_events(losses, Loss.ORDERED_ACK)
    assert Counter(found) == Counter(range(EVENTS)) + again


@pytest.mark.parametrize("slug", ["at-most-once", "exactly-once"])
def test_an_acknowledgement_lost_by_order_changes_nothing_elsewhere(
    tmp_path: Path, slug: str
) -> None:
    found, losses = produce(config(tmp_path, slug, 0, 0), ordered=1)
    assert [kind for kind, _, _ in losses] == ["ordered ack"]
    assert found == list(range(EVENTS))
