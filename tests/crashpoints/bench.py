"""Runs schedules of one scenario and shape, one after the other, in one directory of their own."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from bench_gui.bench.lane_files import create_lane_files
from tests.crashpoints.judgement import Findings, Judge, LiveCount, RunDb
from tests.crashpoints.scenarios import SCENARIO_BY_NAME, drawn_shape
from tests.crashpoints.schedules import Fault, FaultKind, Schedule
from tests.crashpoints.world import NeverEnds, Position, World
from workers.control import ControlPage

MEMORY = Path("/dev/shm")
"""Files in memory where there is such a place: nothing here depends on a disk."""


def temporary_directory() -> tempfile.TemporaryDirectory[str]:
    """A place for many small files that live for milliseconds."""
    return tempfile.TemporaryDirectory(
        prefix="crashpoints-", dir=MEMORY if MEMORY.is_dir() else None
    )


@dataclass(frozen=True, slots=True)
class Result:
    """What a schedule came to.

    Fields:
        readings, happened: as in `world.World`.
        findings: None when the world never ended.
    """

    schedule: Schedule
    positions: tuple[Position, ...]
    readings: int
    happened: tuple[Fault, ...]
    findings: Findings | None
    violations: tuple[str, ...]


class Bench:
    """One scenario's directory: files as they are before any worker starts, and a copy in use."""

    def __init__(self, scenario: str, root: Path, seed: int = 0) -> None:
        """`root`: not there yet. `seed`: as in `schedules.Schedule`."""
        self._scenario = SCENARIO_BY_NAME[scenario]
        self._seed = seed
        self._shape = drawn_shape(seed)
        self._unused = root / "unused"
        self.lane = self._scenario.config(root / "lane", self._shape)
        create_lane_files(self._scenario.config(self._unused, self._shape)).close()
        create_lane_files(self.lane).close()
        self._run_db = RunDb(root / "run.db", self._scenario.slug, self._shape)
        self._judge = Judge(self._scenario, self._shape, self.lane, self._run_db)

    def run(self, faults: tuple[Fault, ...] = (), *, live: bool = False) -> Result:
        """One world from its beginning to its end, and its counts.

        Args:
            live: count it while it goes on too. Not where a process lives on after the supervisor
                wrote down its end: a live count believes that.
        """
        self._renew()
        with ExitStack() as stack:
            control = stack.enter_context(closing(ControlPage(self.lane.files.control)))
            world = World(self.lane, control, self._shape, faults, self._seed)
            replaces = any(fault.kind is FaultKind.REPLACE for fault in faults)
            along = self._along(world, stack) if live and not replaces else None
            findings, violations = self._outcome(world, along, explained=not replaces)
        schedule = Schedule(self._scenario.name, faults, self._seed)
        return Result(
            schedule,
            tuple(world.positions),
            world.readings,
            tuple(world.happened),
            findings,
            violations,
        )

    def _along(self, world: World, stack: ExitStack) -> LiveCount:
        live = LiveCount(self._scenario, self._shape, self.lane, world)
        world.on_round = live.poll
        return stack.enter_context(closing(live))

    def _outcome(
        self, world: World, live: LiveCount | None, *, explained: bool
    ) -> tuple[Findings | None, tuple[str, ...]]:
        try:
            world.run()
        except NeverEnds as problem:
            return None, (*world.failures, str(problem))
        if world.failures:
            return None, tuple(world.failures)
        findings = self._judge.judge(world, live, attributed=explained)
        return findings, findings.violations

    def _renew(self) -> None:
        """The files again as no worker has touched them."""
        for path in self.lane.directory.iterdir():
            if path.is_file():
                path.unlink()
        for path in self._unused.iterdir():
            if path.is_file():
                shutil.copyfile(path, self.lane.directory / path.name)

    def close(self) -> None:
        """Closes what is open; the directory stays."""
        self._run_db.close()
