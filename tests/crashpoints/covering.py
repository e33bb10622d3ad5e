"""Which schedules are run, and by how many processes at once."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count, groupby
from pathlib import Path

from tests.crashpoints.bench import Bench, Result
from tests.crashpoints.scenarios import TABLE, Scenario
from tests.crashpoints.schedules import Fault, FaultKind, Schedule, drawn_schedule
from tests.crashpoints.tally import Tally

Pairs = Mapping[FaultKind, tuple[FaultKind, ...]]
"""For each first fault, the second ones."""
KINDS = tuple(FaultKind)
CRASHES: Pairs = dict.fromkeys(
    (FaultKind.CRASH, FaultKind.CRASH_LATE, FaultKind.PAUSE), (FaultKind.CRASH,)
)
"""A crash after a crash or a pause."""
NO_PAIRS: Pairs = {}
ALL_PAIRS: Pairs = dict.fromkeys(KINDS, KINDS)
SAMPLE = 300
"""Pairs of any kinds, drawn, of each scenario."""
DRAWN_FAULTS, DRAWN_POSITIONS = 5, 200


def pairs_of(scenario: Scenario, *, full: bool) -> Pairs:
    """The pairs of faults that are tried at every two positions."""
    if full:
        return ALL_PAIRS
    return CRASHES if scenario in TABLE else NO_PAIRS


@dataclass(frozen=True, slots=True)
class Task:
    """What one process runs in one go.

    Fields:
        root: a directory for the processes' benches.
        seconds: kinds of a second fault, put at every later position of the schedule's world.
        live: whether the world is counted while it goes on, too.
    """

    root: Path
    schedule: Schedule
    seconds: tuple[FaultKind, ...] = ()
    live: bool = False


_benches: dict[tuple[Path, str], Bench] = {}
_numbers = count()


@contextmanager
def _bench(root: Path, scenario: str, seed: int) -> Iterator[Bench]:
    """This process's own: kept for the next task, unless it is of a drawn shape."""
    key = (root, scenario)
    if not seed and key in _benches:
        yield _benches[key]
        return
    directory = root / f"{os.getpid()}-{next(_numbers)}"
    bench = Bench(scenario, directory, seed)
    if not seed:
        _benches[key] = bench
    yield bench
    if seed:
        bench.close()
        shutil.rmtree(directory)


def carry_out(task: Task) -> Tally:
    """Runs the task's schedules."""
    tally, schedule = Tally(), task.schedule
    with _bench(task.root, schedule.scenario, schedule.seed) as bench:
        result = bench.run(schedule.faults, live=task.live)
        tally.add(result)
        if task.seconds and result.happened:
            _add_pairs(tally, bench, schedule, task.seconds, len(result.positions))
    return tally


def _add_pairs(
    tally: Tally, bench: Bench, schedule: Schedule, seconds: tuple[FaultKind, ...], end: int
) -> None:
    for kind in seconds:
        for position in range(schedule.faults[-1].position + 1, end):
            tally.add(bench.run((*schedule.faults, Fault(kind, position))))


# what there is to do


def undisturbed(scenario: str, root: Path) -> Result:
    """The scenario's world when nothing happens to it."""
    with _bench(root, scenario, 0) as bench:
        return bench.run()


def exhaustive(
    root: Path,
    base: Result,
    kinds: Iterable[FaultKind] = KINDS,
    pairs: Pairs = NO_PAIRS,
) -> Iterator[Task]:
    """Each kind of fault at every position; and every pair asked for at every two.

    Args:
        base: of the scenario's undisturbed world.
    """
    scenario = base.schedule.scenario
    yield Task(root, base.schedule)
    for kind in kinds:
        end = base.readings if kind is FaultKind.STALL else len(base.positions)
        for position in range(end):
            schedule = Schedule(scenario, (Fault(kind, position),))
            yield Task(root, schedule, pairs.get(kind, ()))


def sampled_pairs(root: Path, base: Result, number: int, seed: int) -> Iterator[Task]:
    """Pairs of any kinds at any two positions, drawn evenly."""
    scenario, positions = base.schedule.scenario, len(base.positions)
    chance = random.Random(f"pairs {scenario} {seed}")
    for _ in range(number):
        places = sorted(chance.sample(range(positions), 2))
        faults = tuple(Fault(chance.choice(KINDS), place) for place in places)
        yield Task(root, Schedule(scenario, faults))


def drawn(scenario: str, root: Path, number: int, seed: int) -> Iterator[Task]:
    """Worlds of any shape and order with up to DRAWN_FAULTS faults, counted live as well."""
    for each in range(seed, seed + number):
        schedule = drawn_schedule(scenario, each, DRAWN_FAULTS, DRAWN_POSITIONS)
        yield Task(root, schedule, live=True)


def processes(jobs: int) -> ProcessPoolExecutor:
    """So many at once, each with its own benches; to be used in a `with` statement."""
    return ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"))


def run_all(tasks: Iterable[Task], pool: Executor | None = None) -> Iterator[tuple[str, Tally]]:
    """Runs the tasks of each scenario; gives its sum as soon as it is complete.

    Args:
        tasks: those of one scenario next to each other.
        pool: who runs them; None: this process.
    """
    listed = list(tasks)
    sums = map(carry_out, listed) if pool is None else pool.map(carry_out, listed)
    done = zip(listed, sums, strict=True)
    for scenario, parts in groupby(done, lambda pair: pair[0].schedule.scenario):
        total = Tally()
        for _, tally in parts:
            total.merge(tally)
        yield scenario, total
