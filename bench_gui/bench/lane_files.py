"""Makes a lane's files before its workers start, so that no worker has to."""

from __future__ import annotations

import shutil
from contextlib import closing, suppress
from pathlib import Path

from bench_gui.bench.errors import EnvironmentProblem
from workers.config import LaneConfig
from workers.control import ControlPage
from workers.files import (
    CLICKS,
    COORDINATOR_SCHEMA,
    COUNTERS_GROUP,
    NETWORK_SCHEMA,
    POSITIONS_SCHEMA,
    RESULTS,
    SINK_SCHEMA,
)
from workers.lanes import Result
from workers.log.database import Database
from workers.log.errors import StorageProblem
from workers.log.sqlite import open_log
from workers.wakeup import create_fifo


def create_lane_files(config: LaneConfig) -> ControlPage:
    """Makes the directory, topics, group, databases, FIFOs and control page of one lane.

    Returns:
        The control page, mapped, for the bench to write.

    Raises:
        StorageProblem: the environment does not let a database be made.
        OSError: nor a directory or a FIFO.
    """
    files = config.files
    files.directory.mkdir(parents=True)
    for partition in range(config.partitions):
        create_fifo(files.wake(partition))
    _create_logs(config)
    _create_databases(config)
    return ControlPage(files.control)


def _create_logs(config: LaneConfig) -> None:
    with closing(open_log(config.files.clicks, config.durability)) as log:
        log.create_topic(CLICKS, config.partitions)
    with closing(open_log(config.files.results, config.durability)) as log:
        log.create_group(
            COUNTERS_GROUP, config.consumers, config.partitions, config.session_timeout_ns
        )
        if config.lane.result is Result.OUTPUT_TOPIC:
            log.create_topic(RESULTS, config.partitions)


def _create_databases(config: LaneConfig) -> None:
    for path, schema in databases_of(config):
        Database(path, config.durability, create=schema).close()


def databases_of(config: LaneConfig) -> list[tuple[Path, str]]:
    """What the lane needs besides its logs: each database's path and tables."""
    files, lane = config.files, config.lane
    producers, consumers = range(config.producers), range(config.consumers)
    needed: list[tuple[Path, str]] = []
    if lane.result is Result.COUNTER:
        needed.append((files.sink, SINK_SCHEMA))
    if not lane.producer.transactional:
        needed += [(files.positions(slot), POSITIONS_SCHEMA) for slot in producers]
    if config.request_loss or config.ack_loss:
        needed += [(files.network(slot), NETWORK_SCHEMA) for slot in producers]
    if lane.consumer.two_phase:
        needed += [(files.coordinator(slot), COORDINATOR_SCHEMA) for slot in consumers]
    return needed


def make_network_file(config: LaneConfig, slot: int) -> None:
    """The producer slot may lose something after all; nothing where its file is there.

    Raises EnvironmentProblem when it cannot be made.
    """
    path = config.files.network(slot)
    if not path.exists():
        try:
            Database(path, config.durability, create=NETWORK_SCHEMA).close()
        except StorageProblem as problem:
            raise EnvironmentProblem(str(problem)) from problem


def remove_lane_files(config: LaneConfig) -> None:
    """Removes the lane's directory with everything in it, and the lanes' once it is empty."""
    shutil.rmtree(config.directory, ignore_errors=True)
    with suppress(OSError):
        config.directory.parent.rmdir()
