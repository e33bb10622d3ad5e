"""Makes a lane's files before its workers start, so that no worker has to."""

from __future__ import annotations

import shutil
from contextlib import closing, suppress

from workers.config import LaneConfig
from workers.control import ControlPage
from workers.files import CLICKS, COUNTERS_GROUP, POSITIONS_SCHEMA, RESULTS, SINK_SCHEMA
from workers.lanes import Result
from workers.log.database import Database
from workers.log.sqlite import open_log
from workers.wakeup import create_fifo


def create_lane_files(config: LaneConfig) -> ControlPage:
    """Makes the directory, topics, group, sink, FIFOs and control page of one lane.

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
    if config.lane.result is Result.COUNTER:
        Database(config.files.sink, config.durability, create=SINK_SCHEMA).close()
    if not config.lane.producer.transactional:
        for slot in range(config.producers):
            path = config.files.positions(slot)
            Database(path, config.durability, create=POSITIONS_SCHEMA).close()


def remove_lane_files(config: LaneConfig) -> None:
    """Removes the lane's directory with everything in it, and the lanes' once it is empty."""
    shutil.rmtree(config.directory, ignore_errors=True)
    with suppress(OSError):
        config.directory.parent.rmdir()
