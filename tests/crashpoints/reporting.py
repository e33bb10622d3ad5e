"""Carries out what the command line asks for, and says what it came to."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.crashpoints.bench import Bench, Result, temporary_directory
from tests.crashpoints.covering import (
    SAMPLE,
    Task,
    drawn,
    exhaustive,
    pairs_of,
    processes,
    run_all,
    sampled_pairs,
    undisturbed,
)
from tests.crashpoints.scenarios import SCENARIO_BY_NAME, SCENARIOS, Scenario
from tests.crashpoints.schedules import parse
from tests.crashpoints.tally import Tally, never_seen

SHOWN = 10
"""Violations printed of each scenario."""
HEAD = (f"{'':48}{'positions':>10}{'crashes':>9}{'pauses':>8}{'pairs':>8}"
        f"{'paused+crash':>14}{'drawn':>7}{'skipped':>9}{'schedules':>11}"
        f"{'violations':>12}")  # fmt: skip


def cover(arguments: argparse.Namespace) -> int:
    """Runs every schedule asked for. Returns the exit code."""
    scenarios = _chosen(arguments.lanes)
    total, began_s = Tally(), time.monotonic()
    failed = False
    _say(HEAD)
    with temporary_directory() as directory, processes(arguments.jobs) as pool:
        root = Path(directory)
        bases = {s.name: undisturbed(s.name, root) for s in scenarios}
        tasks = _tasks(bases, root, arguments)
        for name, tally in run_all(tasks, pool):
            missing = list(never_seen(SCENARIO_BY_NAME[name], tally))
            _say_scenario(name, len(bases[name].positions), tally, missing)
            failed |= bool(missing or tally.violations)
            total.merge(tally)
    _say(f"{total.schedules:,} schedules of {len(scenarios)} scenarios in "
         f"{time.monotonic() - began_s:,.0f} s, {len(total.violations)} violations")  # fmt: skip
    return 1 if failed else 0


def _chosen(names: list[str] | None) -> tuple[Scenario, ...]:
    for name in names or ():
        if name not in SCENARIO_BY_NAME:
            raise ValueError(f"no scenario is called {name!r}; there are {known_names()}")
    return tuple(s for s in SCENARIOS if names is None or s.name in names)


def known_names() -> str:
    """Every scenario's name."""
    return ", ".join(SCENARIO_BY_NAME)


def _tasks(bases: dict[str, Result], root: Path, arguments: argparse.Namespace) -> Iterator[Task]:
    for name, base in bases.items():
        pairs = pairs_of(SCENARIO_BY_NAME[name], full=arguments.full)
        yield from exhaustive(root, base, pairs=pairs)
        if not arguments.full:
            yield from sampled_pairs(root, base, SAMPLE, arguments.seed)
        yield from drawn(name, root, arguments.drawn, arguments.seed)


def _say_scenario(name: str, positions: int, tally: Tally, missing: list[str]) -> None:
    numbers = (f"{positions:>10,}{tally.crashes:>9,}{tally.pauses:>8,}{tally.pairs:>8,}"
               f"{tally.paused_pairs:>14,}{tally.others:>7,}{tally.skipped:>9,}"
               f"{tally.schedules:>11,}{len(tally.violations):>12,}")  # fmt: skip
    _say(f"{name:48}{numbers}")
    _say(f"    {_in_words(tally.seen)}")
    for violation in tally.violations[:SHOWN]:
        schedule, _, what = violation.partition("  ")
        _say(
            f"    VIOLATION {what.strip().splitlines()[-1]}; to repeat: "
            f"python -m tests.crashpoints --only '{schedule}'"
        )
    for sentence in missing:
        _say(f"    MISSING {sentence}")


def _in_words(seen: Counter[str]) -> str:
    found = [f"{words} {number:,}" for words, number in seen.items() if number]
    return ", ".join(found) or "nothing was lost, repeated or aborted"


def repeat(text: str) -> int:
    """Runs one schedule and prints each position it passed. Returns the exit code."""
    schedule = parse(text)
    if schedule.scenario not in SCENARIO_BY_NAME:
        raise ValueError(f"no scenario is called {schedule.scenario!r}; there are {known_names()}")
    with temporary_directory() as directory:
        bench = Bench(schedule.scenario, Path(directory) / "bench", schedule.seed)
        result = bench.run(schedule.faults, live=bool(schedule.seed))
        bench.close()
    _say_result(result)
    return 1 if result.violations else 0


def _say_result(result: Result) -> None:
    faults = {fault.position: fault for fault in result.schedule.faults}
    for number, position in enumerate(result.positions):
        fault = faults.get(number)
        note = "" if fault is None else f"  <- {fault.kind.value}"
        _say(f"{number:5} {position}{note}")
    for fault in result.schedule.faults:
        if fault not in result.happened:
            _say(f"{fault} came to nothing")
    if result.findings is not None:
        _say(str(result.findings.counts))
    for violation in result.violations:
        _say(f"VIOLATION {violation}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
