"""Where a worker process begins and ends. Imported ahead of time by the fork server."""

from __future__ import annotations

import _thread
import os
import signal
import sys
import traceback
from contextlib import ExitStack, closing, suppress
from pathlib import Path

from workers.clock import MONOTONIC
from workers.config import WorkerConfig
from workers.consumer import Consumer
from workers.control import ControlPage
from workers.failpoints import Failpoints
from workers.fork_server import EXIT_ORPHANED
from workers.lanes import Role
from workers.log.engine import EngineLog
from workers.log.errors import Fenced, StorageProblem
from workers.log.sqlite import open_log
from workers.outcome import OffsetsReader, Outcome
from workers.producer import Backpressure, Producer
from workers.recorder import Recorder

EXIT_FINISHED = 0
EXIT_BUG = 6
EXIT_FENCED = 4
EXIT_ENVIRONMENT = 5


def problem_path(flight_page: Path) -> Path:
    """Where a worker that fails says why, beside its flight recorder page."""
    return flight_page.with_suffix(".problem")


def die_with_parent() -> None:
    """Makes sure that this process does not outlive the bench.

    The fork server's children see to that before they come here (`fork_server.end_with_bench`).
    """
    if sys.platform == "win32":
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _thread.start_new_thread(_end_with_parent, ())


def _end_with_parent() -> None:
    from workers.processes import wait_for_spawner  # noqa: PLC0415  it brings much along

    wait_for_spawner()
    os._exit(EXIT_ORPHANED)


def run_worker(config: WorkerConfig) -> None:
    """One incarnation from start to end; leaves the process with one of the exit codes above."""
    die_with_parent()
    problem = problem_path(config.lane.files.flight(config.incarnation))
    try:
        work(config)
    except Fenced:
        sys.exit(EXIT_FENCED)
    except StorageProblem as error:
        _leave_word(problem, str(error))
        sys.exit(EXIT_ENVIRONMENT)
    except Exception:  # noqa: BLE001  the last to see it: written down, the exit code tells
        _leave_word(problem, traceback.format_exc())
        sys.exit(EXIT_BUG)


def _leave_word(path: Path, text: str) -> None:
    """Says why, if the disk still takes it; the exit code says it in any case."""
    with suppress(OSError):
        path.write_text(text, encoding="utf-8")


def work(config: WorkerConfig) -> None:
    """One incarnation's work, in this process. Raises what it does not get over."""
    files = config.lane.files
    with ExitStack() as stack:
        failpoints = stack.enter_context(closing(Failpoints(files.orders(config.incarnation))))
        page = files.flight(config.incarnation)
        recorder = stack.enter_context(closing(Recorder(page, failpoints)))
        control = stack.enter_context(closing(ControlPage(files.control)))
        clicks = _open_log(files.clicks, config, recorder, stack)
        if config.role is Role.PRODUCER:
            _produce(config, clicks, recorder, control, failpoints, stack)
        else:
            log = _open_log(files.results, config, recorder, stack)
            _consume(config, clicks, log, recorder, control, stack)


def _open_log(path: Path, config: WorkerConfig, recorder: Recorder, stack: ExitStack) -> EngineLog:
    log = open_log(path, config.lane.durability, on_lock=recorder.locked)
    return stack.enter_context(closing(log))


def _produce(
    config: WorkerConfig,
    clicks: EngineLog,
    recorder: Recorder,
    control: ControlPage,
    orders: Failpoints,
    stack: ExitStack,
) -> None:
    backpressure = None
    if config.lane.rate_eps is None:
        log = _open_log(config.lane.files.results, config, recorder, stack)
        offsets = stack.enter_context(closing(OffsetsReader(config, log)))
        backpressure = Backpressure(
            clicks, offsets.reached, config.lane.partitions, config.lane.producers
        )
    producer = Producer(
        config,
        clicks,
        recorder,
        control,
        backpressure,
        on_lock=recorder.locked,
        acks_to_lose=lambda: orders.acks_to_lose,
    )
    stack.enter_context(closing(producer)).run()


def _consume(
    config: WorkerConfig,
    clicks: EngineLog,
    log: EngineLog,
    recorder: Recorder,
    control: ControlPage,
    stack: ExitStack,
) -> None:
    outcome = Outcome(config, log, recorder, MONOTONIC, recorder.locked)
    stack.enter_context(closing(outcome))
    Consumer(config, clicks, log, outcome, recorder, control).run()
