"""Goes once through a worker's life, so that a process forked from here need not find its way.

A life of each role is led by the workers' own code on files of its own, in a directory that is
removed when this process ends. Without it, each child would resolve the same imports, compile the
same SQL for the first time and touch the same memory after its start.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import time
from contextlib import closing
from functools import cache
from pathlib import Path

from workers.config import LaneConfig, WorkerConfig
from workers.control import ControlPage
from workers.entry import work
from workers.failpoints import OrdersPage
from workers.files import CLICKS, COUNTERS_GROUP, RESULTS
from workers.lanes import Role
from workers.log.sqlite import open_log
from workers.log.types import IncarnationId
from workers.recorder import create_page
from workers.time_units import MS_NS, SECOND_NS
from workers.wakeup import create_fifo

PREFIX = "delivery-bench-warm-up-"
SLUG = "exactly-once"
"""Its workers do all that those of other lanes do at their start."""


def warm_up() -> None:
    """The first call makes the lane and has events go through it; later ones only start and end.

    A consumer does nearly all that a producer does at its start, so in a spare one is enough.
    """
    first = not _lane.cache_info().currsize
    lane = _lane()
    number = IncarnationId(os.getpid())
    for role in (Role.PRODUCER, Role.CONSUMER) if first else (Role.CONSUMER,):
        path = lane.files.flight(number)
        create_page(path)
        with closing(OrdersPage(lane.files.orders(number))):
            work(WorkerConfig(lane, role, 0, number))
        path.unlink()
        lane.files.orders(number).unlink()


@cache
def _lane() -> LaneConfig:
    remove_leftovers(Path(tempfile.gettempdir()))
    directory = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    lane = _config(directory)
    create_fifo(lane.files.wake(0))
    with closing(open_log(lane.files.clicks)) as log:
        log.create_topic(CLICKS, 1)
    with closing(open_log(lane.files.results)) as log:
        log.create_topic(RESULTS, 1)
        log.create_group(COUNTERS_GROUP, 1, 1, SECOND_NS)
    with closing(ControlPage(lane.files.control)) as control:
        now_ns = time.monotonic_ns()
        control.set_sources_end(now_ns)
        control.set_sources_start(now_ns - 20 * MS_NS)
        control.start_drain()
    return lane


def remove_leftovers(directory: Path) -> None:
    """Removes what fork servers left behind that were killed, as far as it is ours to remove."""
    for left in directory.glob(f"{PREFIX}*-*"):
        pid = left.name.removeprefix(PREFIX).partition("-")[0]
        if pid.isdecimal() and not _lives(int(pid)):
            shutil.rmtree(left, ignore_errors=True)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # somebody else's
    return True


def _config(directory: Path) -> LaneConfig:
    return LaneConfig(
        slug=SLUG,
        directory=directory,
        seed=0,
        rate_eps=1000,
        producers=1,
        consumers=1,
        partitions=1,
        batch=10,
        linger_ns=0,
        commit_interval_ns=MS_NS,
        commit_interval_records=None,
        sink_batch=1,
        work_ns=0,
        payload_bytes=100,
        session_timeout_ns=SECOND_NS,
        durability="off",
    )
