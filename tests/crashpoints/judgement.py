"""Counts a drained world three ways, and says what of it should not be."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from bench_gui.bench.audit.auditor import LaneAuditor, compare, final_count
from bench_gui.bench.audit.recount import disagreement, recount
from bench_gui.bench.audit.verdict import judge
from bench_gui.bench.incarnations import FaultMark, IncarnationEnd, MarkKind
from bench_gui.bench.snapshot import LaneCounts, Verdict
from tests.crashpoints.scenarios import RATE_EPS, SESSION_NS, START_NS, Scenario, Shape
from tests.crashpoints.world import World
from workers.config import LaneConfig
from workers.lanes import Result

LOSS_FAULT, EXPIRY_FAULT = 1001, 1002
"""Faults of kinds that no schedule asks for: the network's, and an expiry without a pause."""

EXPIRATIONS_SQL = "SELECT incarnation, expired_ns FROM expirations WHERE incarnation > 0"
LOSSES_SQL = "SELECT kind, incarnation, lost_ns, source, first_sequence, count FROM losses"
MARK_KINDS = {"request": MarkKind.REQUEST_LOSS, "ack": MarkKind.ACK_LOSS}
LEFT_SQL = """
SELECT 'transactions without an end', count(*) FROM transactions WHERE ended_ns IS NULL
UNION ALL SELECT 'offsets that wait', count(*) FROM pending_offsets
UNION ALL SELECT 'open partitions', count(*) FROM open_partitions
"""
LEFT_IN_SINK_SQL = """
SELECT 'prepared transactions', count(*) FROM prepared_transactions
UNION ALL SELECT 'prepared effects', count(*) FROM prepared_effects
UNION ALL SELECT 'locked counters', count(*) FROM locked_links
"""


@dataclass(frozen=True, slots=True)
class Findings:
    """What a world came to.

    Fields:
        blocked: whether a transaction was in doubt for longer than a session.
        violations: one sentence each; none when everything is as it should be.
    """

    counts: LaneCounts
    blocked: bool
    violations: tuple[str, ...]


class Judge:
    """Counts the worlds of one scenario and shape."""

    def __init__(self, scenario: Scenario, shape: Shape, lane: LaneConfig, run_db: RunDb) -> None:
        self._scenario = scenario
        self._shape = shape
        self._lane = lane
        self._run_db = run_db

    def judge(self, world: World, live: LiveCount | None, *, attributed: bool) -> Findings:
        """The counts of a world that has come to its end, and what is wrong.

        Args:
            live: of the same world, if there was one.
            attributed: whether each anomaly must have a fault that explains it.
        """
        self._run_db.write(world.ends)
        with closing(self._final(world)) as final:
            violations = [*self._left(), *self._wrong(final, attributed=attributed)]
            if live is not None:
                violations += live.differences(final)
            blocked = final.blocked_ns()[1] > SESSION_NS
            return Findings(final.counts(), blocked, tuple(violations))

    def _final(self, world: World) -> LaneAuditor:
        return final_count(
            self._scenario.lane,
            self._lane.files,
            self._scenario.settings(self._shape),
            self._shape.timetable,
            world.ends,
            now_ns=world.clock.now_ns(),
            sources_end=lambda: self._shape.sources_end_ns,
            marks=tuple(marks_of(self._lane, world)),
        )

    def _wrong(self, final: LaneAuditor, *, attributed: bool) -> Iterator[str]:
        counts, lane = final.counts(), self._scenario.lane
        verdict, reason = judge(lane, counts, 1, final=True)
        if verdict is not Verdict.HOLDS:
            yield reason
        if counts.unattributed and attributed:
            yield f"{counts.unattributed} unattributed"
        third = recount(self._run_db.path, lane.slug, self._lane.files)
        for problem in (disagreement(final, third), final.check_counters(), final.contradiction):
            if problem is not None:
                yield problem

    def _left(self) -> Iterator[str]:
        files = self._lane.files
        for path in (files.clicks, files.results):
            yield from _more_than_none(path, LEFT_SQL)
        if self._scenario.lane.result is Result.COUNTER:
            yield from _more_than_none(files.sink, LEFT_IN_SINK_SQL)


class LiveCount:
    """A count that goes along with a world, as the bench's does."""

    def __init__(self, scenario: Scenario, shape: Shape, lane: LaneConfig, world: World) -> None:
        self._shape = shape
        self._lane = lane
        self._world = world
        settings = scenario.settings(shape)
        self._auditor = LaneAuditor(scenario.lane, lane.files, settings, shape.timetable)
        self._told: set[FaultMark] = set()
        self._found: list[str] = []

    def poll(self) -> None:
        """One round of it."""
        world, shape = self._world, self._shape
        new = [mark for mark in marks_of(self._lane, world) if mark not in self._told]
        self._told.update(new)
        now_ns = world.clock.now_ns()
        self._auditor.poll(dict(world.ends), now_ns, lambda: shape.sources_end_ns, new)
        counts = self._auditor.counts()
        if counts.in_flight < 0 or counts.unattributed:
            self._found.append(f"meanwhile {counts}")

    def differences(self, final: LaneAuditor) -> list[str]:
        """What it said that was not so, after the world's end."""
        self.poll()
        self._auditor.finish()
        found = compare(self._auditor, final)
        return self._found[:1] + ([found] if found is not None else [])

    def close(self) -> None:
        """Closes its files."""
        self._auditor.close()


def marks_of(lane: LaneConfig, world: World) -> Iterator[FaultMark]:
    """What the bench would have told the auditor of faults that hit living processes."""
    for number, expired_ns in _rows(lane.files.results, EXPIRATIONS_SQL):
        end = world.ends.get(number)
        if end is None or end.fault_id is None or end.ended_ns > expired_ns:
            fault_id = world.paused.get(number, EXPIRY_FAULT)
            yield FaultMark(number, MarkKind.EXPIRY, fault_id, expired_ns)
    for slot in range(lane.producers):
        if lane.files.network(slot).exists():
            for kind, number, lost_ns, source, first, count in _losses(lane, slot):
                yield FaultMark(
                    number, MARK_KINDS[kind], LOSS_FAULT, lost_ns, source, first, first + count
                )


def _losses(lane: LaneConfig, slot: int) -> list[tuple[Any, ...]]:
    return _rows(lane.files.network(slot), LOSSES_SQL)


def _more_than_none(path: Path, sql: str) -> Iterator[str]:
    for what, number in _rows(path, sql):
        if number:
            yield f"{number} {what} left in {path.name}"


def _rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
        return database.execute(sql).fetchall()


class RunDb:
    """As much of a run's run.db as the recount reads."""

    SCHEMA = """
    CREATE TABLE run(start_ns INTEGER, sources_end_ns INTEGER, rate_eps INTEGER, producers INTEGER);
    CREATE TABLE incarnations(
        lane TEXT, incarnation INTEGER, role TEXT, slot INTEGER, ended_ns INTEGER,
        fault_id INTEGER, acked_sequence INTEGER
    );
    """

    def __init__(self, path: Path, slug: str, shape: Shape) -> None:
        self.path = path
        self._slug = slug
        self._database = sqlite3.connect(path)
        self._database.execute("PRAGMA journal_mode = MEMORY")
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.executescript(self.SCHEMA)
        run = (START_NS, shape.sources_end_ns, RATE_EPS, shape.producers)
        self._database.execute("INSERT INTO run VALUES (?, ?, ?, ?)", run)

    def write(self, ends: dict[int, IncarnationEnd]) -> None:
        """These incarnations have ended, and no others."""
        with self._database:
            self._database.execute("DELETE FROM incarnations")
            self._database.executemany(
                "INSERT INTO incarnations VALUES (?, ?, ?, ?, ?, ?, ?)",
                [(self._slug, *astuple(end)) for end in ends.values()],
            )

    def close(self) -> None:
        """Closes it."""
        self._database.close()
