"""How many events a second the auditor and the recount get through."""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from bench_gui.bench.audit.auditor import LaneAuditor, compare, final_count
from bench_gui.bench.audit.recount import disagreement, recount
from tests.benchmarks.figures import spread
from tests.benchmarks.options import Options, run_alone
from tests.benchmarks.prepared_lane import SLUG, PreparedLane
from tests.benchmarks.rounds import say
from tests.benchmarks.tables import Table, between, count, exact
from tests.benchmarks.targets import Finding, Result, target

SHAPES = {"at full speed": (1000, 500), "at default settings": (20, 1)}
"""Records of a batch, and events of a sink transaction, which is one row of the ledger."""
ROUND_EVENTS = 100_000
"""New events in one round of the auditor: 0.1 s at a million a second."""
COUNTS = ("live", "final", "recount")
TEN_MILLION = 10_000_000
T = TypeVar("T")


def measure(options: Options) -> Result:
    """Auditor, final count and recount over prepared files."""
    events = int(options.pick(200_000, 1_000_000, TEN_MILLION))
    rates: dict[tuple[str, str], list[float]] = {}
    cpu: dict[tuple[str, str], list[float]] = {}
    for number in range(options.rounds_or(3 if not options.full else 1)):
        for shape, batches in SHAPES.items():
            say(f"round {number + 1}: {shape}")
            for name, (wall_s, cpu_s) in _audit(events, *batches).items():
                rates.setdefault((shape, name), []).append(events / wall_s)
                cpu.setdefault((shape, name), []).append(cpu_s / events * 1e6)
    rows = tuple(
        (f"{shape}: {name}", count(spread(found).middle), between(spread(found), count),
         exact(2)(spread(cpu[shape, name]).middle))
        for (shape, name), found in rates.items()
    )  # fmt: skip
    worst = {n: min(spread(rates[shape, n]).middle for shape in SHAPES) for n in COUNTS}
    ten_million_s = TEN_MILLION / worst["final"]
    findings = [Finding(target(f"audit.{name}"), value) for name, value in worst.items()]
    findings.append(Finding(target("audit.ten_million"), ten_million_s))
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    said = "measured" if options.full else f"projected from {events:,}"
    return Result(
        "audit",
        "Counting",
        f"Files of an at-least-once lane with {events:,} events in four partitions, as a run leaves"
        " them: at full speed (batches of 1,000, 500 events a sink transaction) and at default"
        " settings at 10,000 events/s (batches of 20, one event a sink transaction, so one row of"
        f" the ledger an event). Live: rounds with {ROUND_EVENTS:,} new events each; final: all of"
        " it at once; recount: plain SQL. All three are held against each other.",
        (Table("events a second", ("", "events/s", "spread", "CPU us/event"), rows),),
        tuple(findings),
        (f"Targets are held against the slower of the two. The final count of ten million is"
         f" {said}. The process had {memory_mb:,.0f} MB at the most.",),
    )  # fmt: skip


def _audit(events: int, batch: int, sink_batch: int) -> dict[str, tuple[float, float]]:
    """Seconds of wall and of CPU that each count took."""
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        world = PreparedLane(Path(directory), batch, sink_batch)
        with closing(world):
            live = LaneAuditor(world.lane, world.files, world.settings, world.timetable)
            with closing(live):
                live_s = _live(world, live, events)
                final, final_s = _timed(lambda: _final(world))
                with closing(final):
                    counted, recount_s = _timed(lambda: recount(world.run_db, SLUG, world.files))
                    problem = compare(live, final) or disagreement(final, counted)
                    if problem or final.counts().delivered_unique != events:
                        raise RuntimeError(f"the counts disagree: {problem or final.counts()}")
    return {"live": live_s, "final": final_s, "recount": recount_s}


def _live(world: PreparedLane, live: LaneAuditor, events: int) -> tuple[float, float]:
    wall_s = cpu_s = 0.0
    for _ in range(0, events, ROUND_EVENTS):
        world.extend(min(ROUND_EVENTS, events - world.events))
        last = world.events == events
        ended = world.ended() if last else {}
        if last:
            world.end_run()
        took = _timed(lambda: _poll(world, live, ended, last))[1]  # noqa: B023  called at once
        wall_s, cpu_s = wall_s + took[0], cpu_s + took[1]
    finish = _timed(live.finish)[1]
    return wall_s + finish[0], cpu_s + finish[1]


def _poll(world: PreparedLane, live: LaneAuditor, ended: dict, last: bool) -> None:
    now_ns = world.now_ns if last else world.end_ns
    live.poll(ended, now_ns, lambda: world.end_ns if last else None)
    live.take_bucket_histogram()
    live.counts()
    live.new_anomalies()


def _final(world: PreparedLane) -> LaneAuditor:
    return final_count(
        world.lane, world.files, world.settings, world.timetable, world.ended(),
        now_ns=world.now_ns, sources_end=lambda: world.end_ns,
    )  # fmt: skip


def _timed(work: Callable[[], T]) -> tuple[T, tuple[float, float]]:
    began_s, cpu_s = time.perf_counter(), time.process_time()
    result = work()
    return result, (time.perf_counter() - began_s, time.process_time() - cpu_s)


if __name__ == "__main__":
    sys.exit(run_alone(measure))
