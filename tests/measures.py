"""Measurements made up for tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from bench_gui.bench.measure.cells import CellResult
from bench_gui.bench.measure.figures import MeasureResult
from bench_gui.bench.measure.settings import Condition, MeasureSettings
from bench_gui.bench.measure.snapshot import MeasureState
from bench_gui.bench.measure.texts import from_texts

LANES = ("at-most-once", "at-least-once")
MACHINE = "Linux-6.1-x86_64, 2 CPUs, Python 3.11.7"


def cell(**changes: object) -> CellResult:
    """A run in which all was well."""
    example = CellResult(
        cell=1,
        round=1,
        lane="at-least-once",
        faults="without",
        sweep="",
        value="",
        rate_target_eps=1000,
        seed=7,
        state="complete",
        verdict="NOT TESTED",
        problem="",
        measured_s=10.0,
        offered=10_000,
        delivered=10_000,
        in_flight_growth=0,
        throughput_eps=1000.0,
        latency_p50_ns=4_000_000,
        latency_p90_ns=6_000_000,
        latency_p99_ns=9_000_000,
        latency_p999_ns=12_000_000,
        latency_max_ns=20_000_000,
        cpu_us_per_event=200.0,
        written_bytes_per_event=4000.0,
        kills=0,
        lost=0,
        duplicates=0,
    )
    return replace(example, **changes)  # type: ignore[arg-type]


def settings(**texts: str) -> MeasureSettings:
    """Of two lanes; `warm_up` is the option warm-up."""
    given = {"lanes": ",".join(LANES), "rounds": "3"}
    return from_texts(given | {key.replace("_", "-"): text for key, text in texts.items()})


def cells_of(
    asked: MeasureSettings, change: Callable[[CellResult], CellResult] = lambda one: one
) -> list[CellResult]:
    """One run for every round, value, lane and condition, each as `change` makes it."""
    sweep = asked.sweep.name if asked.sweep is not None else ""
    plans = [
        (round_, value, lane, condition)
        for round_ in range(1, asked.rounds + 1)
        for value in asked.values
        for lane in asked.run.lanes
        for condition in asked.conditions
    ]
    return [
        change(
            cell(
                cell=number,
                round=round_,
                lane=lane,
                faults=condition.value,
                sweep=sweep,
                value=value or "",
                seed=asked.run.seed + round_ - 1,
                **_drawn(number, condition),
            )
        )
        for number, (round_, value, lane, condition) in enumerate(plans, start=1)
    ]


def _drawn(number: int, condition: Condition) -> dict[str, object]:
    """A little different each time, and slower with faults."""
    slower = 3 if condition is Condition.WITH else 1
    return {
        "latency_p50_ns": 4_000_000 * slower + 50_000 * (number % 7),
        "cpu_us_per_event": 200.0 * slower + number % 5,
    }


def result(
    asked: MeasureSettings,
    cells: Iterable[CellResult],
    state: MeasureState = MeasureState.COMPLETE,
    message: str = "complete",
) -> MeasureResult:
    """As read from measure.db."""
    return MeasureResult(
        asked, state, message, tuple(cells), "2026-11-24T18:00:00.000+00:00", MACHINE
    )
