"""What workers really record is what `lane_steps` says that they pass."""

from __future__ import annotations

import time
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from bench_gui.bench.lane_files import create_lane_files
from bench_gui.bench.lane_steps import course_of, steps_of
from bench_gui.bench.plan import lane_config
from bench_gui.bench.settings import CommitInterval, RunSettings
from workers.clock import MONOTONIC
from workers.config import LaneConfig, WorkerConfig
from workers.consumer import Consumer
from workers.control import ControlPage
from workers.lanes import LANES, Role, lane_of
from workers.log.sqlite import open_log
from workers.log.types import IncarnationId
from workers.outcome import Outcome
from workers.producer import Producer
from workers.steps import Step

OWN = ("fire-and-forget+transaction+deduplicating", "idempotent+two-phase+counter")
SLUGS = (*(lane.slug for lane in LANES), *OWN)
SOURCES_NS = 60_000_000


class Steps:
    """A recorder that keeps everything."""

    def __init__(self) -> None:
        self.pairs: set[tuple[Step, Step]] = set()

    def step(self, after: Step, before: Step, exposed: int = 0) -> None:
        self.pairs.add((after, before))

    def working(self) -> None:
        pass

    def acked(self, next_sequence: int) -> None:
        pass

    def locked(self, change: int) -> None:
        pass

    @property
    def passed(self) -> set[Step]:
        return {after for after, _ in self.pairs} - {Step.FINISHED}

    @property
    def announced(self) -> set[Step]:
        return {before for _, before in self.pairs} - {Step.FINISHED}


def lane_run_dry(config: LaneConfig, control: ControlPage) -> dict[Role, Steps]:
    """One producer and one consumer of the lane in turn, until both have finished."""
    start_ns = time.monotonic_ns()
    control.set_sources_end(start_ns + SOURCES_NS)
    control.set_sources_start(start_ns)
    recorded = {role: Steps() for role in Role}
    files = config.files
    with ExitStack() as stack:
        clicks, log = (
            stack.enter_context(closing(open_log(path, "off")))
            for path in (files.clicks, files.results)
        )
        made = WorkerConfig(config, Role.PRODUCER, 0, IncarnationId(1))
        producer = Producer(made, clicks, recorded[Role.PRODUCER], control)
        stack.enter_context(closing(producer))
        taker = WorkerConfig(config, Role.CONSUMER, 0, IncarnationId(2))
        steps = recorded[Role.CONSUMER]
        outcome = stack.enter_context(closing(Outcome(taker, log, steps, MONOTONIC)))
        consumer = Consumer(taker, clicks, log, outcome, steps, control)
        while producer.cycle() is not None:
            consumer.cycle()
        control.start_drain()
        while consumer.cycle() is not None:
            pass
    return recorded


@pytest.mark.parametrize("slug", SLUGS)
def test_each_step_of_a_cycle_is_recorded_and_no_other(tmp_path: Path, slug: str) -> None:
    settings = RunSettings(
        lanes=(slug,), consumers=1, commit_interval=CommitInterval(records=1), linger_ms=0
    )
    config = lane_config(settings, slug, tmp_path)
    with closing(create_lane_files(config)) as control:
        recorded = lane_run_dry(config, control)
    lane = lane_of(slug)
    for role, steps in recorded.items():
        course = course_of(lane, role)
        assert steps.passed <= set(steps_of(lane, role))
        assert set(course.cycle) <= steps.passed
        assert set(course.start) - steps.passed <= {Step.SINK_RESOLVED, Step.IN_DOUBT_RESOLVED}
        assert steps.announced <= {*course.cycle, *course.start[1:]}
        assert set(course.cycle) <= steps.announced
