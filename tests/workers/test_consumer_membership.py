"""A consumer fetches what it owns, whatever rebalance comes in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bench_gui.bench.lane_files import create_lane_files
from bench_gui.bench.plan import lane_config
from bench_gui.bench.settings import RunSettings
from workers.clock import MONOTONIC
from workers.config import LaneConfig, WorkerConfig
from workers.consumer import Consumer
from workers.control import ControlPage
from workers.events import RecordCodec
from workers.files import CLICKS, COUNTERS_GROUP
from workers.lanes import Role
from workers.log.engine import EngineLog
from workers.log.sqlite import open_log
from workers.log.types import IncarnationId, Offset, RecordBatch, Sequence, TopicPartition
from workers.outcome import Outcome
from workers.recorder import Recorder, create_page

SESSION_NS = 100_000_000


class Clock:
    now_ns = 1

    def __call__(self) -> int:
        return self.now_ns


@pytest.fixture
def lane(tmp_path: Path) -> Iterator[LaneConfig]:
    settings = RunSettings(consumers=3, partitions=3, session_timeout_ms=SESSION_NS / 1e6)
    config = lane_config(settings, "at-least-once", tmp_path)
    with closing(create_lane_files(config)):
        create_page(config.files.flight(1))
        yield config


def one_event(config: LaneConfig) -> RecordBatch:
    codec = RecordCodec(config.seed, config.payload_bytes)
    records = codec.encode(0, 0, np.array([1], dtype=np.int64))
    return RecordBatch(0, Sequence(0), 1, 1, 1, IncarnationId(9), records)


def turn(consumer: Consumer) -> None:
    """One round, with a heartbeat in any case."""
    consumer._stale = True
    consumer.cycle()


def rebalanced_once_during(log: EngineLog, commit: Callable[..., None]) -> Callable[..., None]:
    """`commit`, before whose first call the group moves on to another generation."""

    def commit_offsets(group: str, offsets: Mapping[TopicPartition, Offset], *rest: Any) -> None:
        log.commit_offsets = commit  # type: ignore[method-assign]
        state = log._store.group(group)
        assert state is not None
        with log._store.transaction():
            log._store.put_group(group, replace(state, generation=state.generation + 1))
        commit(group, offsets, *rest)

    return commit_offsets


def test_partitions_gained_while_another_rebalance_comes_in_are_fetched(lane: LaneConfig) -> None:
    clock = Clock()
    files = lane.files
    with (
        closing(open_log(files.clicks)) as clicks,
        closing(open_log(files.results, clock_ns=clock)) as log,
        closing(ControlPage(files.control)) as control,
        closing(Recorder(files.flight(1))) as recorder,
        ExitStack() as stack,
    ):
        for silent in (1, 2):
            log.join_group(COUNTERS_GROUP, silent, IncarnationId(silent + 1))
        me = WorkerConfig(lane, Role.CONSUMER, 0, IncarnationId(1))
        outcome = stack.enter_context(closing(Outcome(me, log, recorder, MONOTONIC)))
        consumer = Consumer(me, clicks, log, outcome, recorder, control)
        clicks.append(TopicPartition(CLICKS, 0), one_event(lane))
        consumer.cycle()
        clock.now_ns += SESSION_NS * 2
        log.commit_offsets = rebalanced_once_during(log, log.commit_offsets)  # type: ignore[method-assign]
        for _ in range(3):
            turn(consumer)
        held = log.heartbeat(COUNTERS_GROUP, consumer._member.membership).partitions
        assert held == (0, 1, 2)
        assert tuple(consumer._progress.fetched) == held
