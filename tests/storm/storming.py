"""Carries a storm out: shapes, runs, and the sum of what they came to."""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from bench_gui.bench.client import BenchClient
from bench_gui.bench.options import command_line, parse_lanes
from bench_gui.bench.records.store import RunStore
from bench_gui.bench.settings import CommitInterval, RunSettings
from bench_gui.bench.snapshot import RunState
from tests.process.bench_runs import alive
from tests.storm.tally import Tally

WAIT_S = 0.5
MIB = 1024


def shape(seed: int, lanes: tuple[str, ...], duration_s: float) -> RunSettings:
    """A run of the storm: everything that decides how faults and work interleave is drawn."""
    chance = random.Random(f"storm {seed}")
    consumers = chance.choice([1, 2, 2, 3])
    in_records = chance.random() < 0.25
    return RunSettings(
        lanes=lanes,
        duration_s=duration_s,
        rate_eps=chance.choice([300, 500, 800]),
        producers=chance.choice([1, 1, 2]),
        consumers=consumers,
        partitions=chance.choice([2, 3, 4, 6]),
        batch=chance.choice([5, 50, 500]),
        linger_ms=chance.choice([0, 2, 5]),
        commit_interval=CommitInterval(records=chance.choice([3, 20]))
        if in_records
        else CommitInterval(ms=chance.choice([20, 100, 200])),
        sink_batch=chance.choice([1, 1, 7, 50]),
        kill_every_s=chance.choice([0.15, 0.25, 0.4]),
        restart_delay_ms=chance.choice([0, 0, 0, 400]),
        session_timeout_ms=chance.choice([500, 1000, 10_000]),
        pause_every_s=chance.choice([None, 1.5, 3.0]),
        pause_ms=chance.choice([300, 1200, 2500]),
        down_every_s=chance.choice([None, None, 4.0]),
        down_ms=500,
        request_loss=chance.choice([0, 0.01, 0.05]),
        ack_loss=chance.choice([0, 0.01, 0.05]),
        ack_timeout_ms=chance.choice([1, 20]),
        seed=seed,
        drain_timeout_s=120,
    )


def storm(arguments: argparse.Namespace) -> int:
    """Runs until enough kills have landed. Returns the exit code."""
    tally = Tally()
    lanes = parse_lanes(arguments.lanes)
    try:
        _storm(arguments, lanes, tally)
    finally:
        sys.stdout.write(tally.text())
    return 1 if tally.problems else 0


def _storm(arguments: argparse.Namespace, lanes: tuple[str, ...], tally: Tally) -> None:
    began_s = time.monotonic()
    seed = arguments.seed
    while not _enough(tally, arguments, time.monotonic() - began_s):
        settings = shape(seed, lanes, arguments.duration)
        _run(settings, tally)
        _say(f"seed {seed}: kills {tally.kills:,} of {arguments.kills:,}, "
             f"problems {len(tally.problems)}, memory {_memory_mib()} MiB")  # fmt: skip
        seed += 1


def _enough(tally: Tally, arguments: argparse.Namespace, passed_s: float) -> bool:
    long_enough = arguments.minutes is None or passed_s >= arguments.minutes * 60
    return tally.kills >= arguments.kills and long_enough


def _run(settings: RunSettings, tally: Tally) -> None:
    client = BenchClient()
    pids: set[int] = set()
    state = RunState.FAILED
    with tempfile.TemporaryDirectory(prefix="storm-") as directory:
        run_dir = Path(directory)
        client.start(settings, run_dir)
        while client.running:
            for snapshot in client.wait(WAIT_S):
                state = snapshot.state
                workers = [w for lane in snapshot.lanes.values() for w in lane.workers]
                pids |= {worker.pid for worker in workers if worker.pid is not None}
        client.close()
        orphans = sum(alive(pid) for pid in pids)
        with closing(RunStore.open(run_dir)) as run:
            tally.add(
                command_line(settings),
                run.summary(),
                run.faults(),
                run.disagreement or client.failure,
                orphans,
                complete=state is RunState.COMPLETE,
            )


def _memory_mib() -> int:
    """The largest memory that this process ever had, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // MIB


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
