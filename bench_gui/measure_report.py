"""A measurement in words and numbers for a terminal, and as JSON. Pure; knows no files."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bench_gui.bench.measure.cells import CellResult, PlannedCell
from bench_gui.bench.measure.figures import (
    METRIC_BY_NAME,
    SUSTAINABLE,
    Figure,
    Figures,
    Knee,
    MeasureResult,
    Metric,
    figures_of,
)
from bench_gui.bench.measure.notes import batch_note, closed_loop_note, order_note
from bench_gui.bench.measure.settings import Condition, MeasureSettings
from bench_gui.bench.measure.snapshot import MeasureSnapshot, MeasureState
from bench_gui.bench.measure.statistics import CONFIDENCE, confidence_of
from bench_gui.bench.measure.sweeps import RATE, plain_value
from bench_gui.bench.measure.texts import command_line, to_texts
from bench_gui.bench.measure.time_left import first_estimate_s, planned_runs
from bench_gui.bench.numbers import in_words, many, short
from bench_gui.bench.records.table import WIDTH
from bench_gui.measure_tables import figure_rows, round_rows
from bench_gui.report import EXIT_BROKEN, EXIT_HOLDS

SHOWN: tuple[Metric, ...] = tuple(
    METRIC_BY_NAME[name]
    for name in (
        "throughput_eps",
        "latency_p50_ns",
        "latency_p99_ns",
        "latency_p999_ns",
        "latency_max_ns",
        "cpu_us_per_event",
        "written_bytes_per_event",
    )
)
HEADS = {
    "throughput_eps": ("throughput", "events/s"),
    "latency_p50_ns": ("p50", "ms"),
    "latency_p99_ns": ("p99", "ms"),
    "latency_p999_ns": ("p99.9", "ms"),
    "latency_max_ns": ("max", "ms"),
    "cpu_us_per_event": ("CPU", "µs/event"),
    "written_bytes_per_event": ("written", "bytes/event"),
}
GAP = "  "


def progress_line(snapshot: MeasureSnapshot, settings: MeasureSettings, width: int = WIDTH) -> str:
    """The measurement now in one line of at most `width` columns; what changes most comes first."""
    parts = []
    current = snapshot.current
    if current is not None:
        parts.append(_place(current, settings) if current.round else _warming_up(current))
    if snapshot.left_s is not None and not snapshot.state.ended:
        parts.append(f"{in_words(snapshot.left_s)} left")
    if snapshot.planned and (current is None or current.round):
        number = min(snapshot.done + 1, snapshot.planned)
        parts.append(f"run {number} of {snapshot.planned}")
    if current is not None and current.round:
        parts.append(f"round {current.round} of {settings.rounds}")
    line = ", ".join(parts) or snapshot.message
    return line if len(line) <= width else line[: width - 3] + "..."


def finished_line(cell: CellResult, snapshot: MeasureSnapshot) -> str:
    """A run that has ended, with its main figures or what was wrong with it, in one line."""
    swept = f"{cell.sweep} {cell.value}: " if cell.sweep else ""
    told = f"run {cell.cell} of {snapshot.planned} done: {swept}{cell.lane} {cell.faults} faults"
    parts = [told, f"round {cell.round}"]
    if cell.throughput_eps is not None:
        parts.append(f"{short(cell.throughput_eps)} events/s")
    if cell.latency_p99_ns is not None:
        parts.append(f"p99 {short(cell.latency_p99_ns / 1e6)} ms")
    if snapshot.left_s is not None:
        parts.append(f"{in_words(snapshot.left_s)} left")
    problem = f"; PROBLEM: {cell.problem}" if cell.problem else ""
    return ", ".join(parts) + problem


def estimate_in_words(settings: MeasureSettings) -> str:
    """What is to come, before anything has run."""
    counted, warm_ups = planned_runs(settings)
    walks = settings.sweep is not None and settings.sweep.walks
    runs = f"{'up to ' * walks}{many(counted, 'run')}"
    before = f" after {many(warm_ups, 'warm-up')}, which are not counted" if warm_ups else ""
    if warm_ups == 1:
        before = before.replace("which are", "which is")
    return f"{runs}{before}: about {in_words(first_estimate_s(settings))}"


def _place(cell: PlannedCell, settings: MeasureSettings) -> str:
    swept = f"{settings.sweep.name} {cell.value}: " if settings.sweep is not None else ""
    return f"{swept}{cell.lane} {cell.condition.value} faults"


def _warming_up(cell: PlannedCell) -> str:
    return f"warming up: {cell.lane}, not counted"


def cell_in_words(cell: PlannedCell, settings: MeasureSettings) -> str:
    """What is run: "round 2 of 5: at-least-once with faults at rate 4k"."""
    if not cell.round:
        return _warming_up(cell)
    words = f"round {cell.round} of {settings.rounds}: {cell.lane} {cell.condition.value} faults"
    if settings.sweep is not None:
        words += f" at {settings.sweep.name} {cell.value}"
    return words


@dataclass(frozen=True, slots=True)
class MeasureReport:
    """What is said at the end. `failure`: one sentence when the measurement's process is gone."""

    result: MeasureResult
    failure: str | None = None

    @property
    def exit_code(self) -> int:
        """EXIT_HOLDS when all that was done is fine, also after a stop; EXIT_BROKEN otherwise.

        Nothing done is not fine.
        """
        result = self.result
        ended_well = result.state in {MeasureState.COMPLETE, MeasureState.STOPPED}
        fine = bool(result.cells) and not result.problems and self.failure is None
        return EXIT_HOLDS if ended_well and fine else EXIT_BROKEN

    def text(self, out: Path | None) -> str:
        """For a reader. `out`: where the files are, None when there are none."""
        result = self.result
        figures = figures_of(result.settings, result.cells)
        parts = _blocks(result.settings, figures)
        parts.append(_wrapped(explanation(result)))
        if figures.knees:
            parts.append("\n".join(map(knee_in_words, figures.knees)))
            parts.append(_wrapped(SUSTAINABLE))
        parts += [_wrapped(f"PROBLEM: {sentence}") for sentence in result.problems]
        if result.state is not MeasureState.COMPLETE:
            parts.append(_wrapped(unfinished(result)))
        if self.failure is not None:
            parts.append(self.failure)
        parts.append(f"repeat: {command_line(result.settings)}")
        if out is not None:
            parts.append(f"files: {out}")
        return "\n\n".join(parts) + "\n"

    def json(self) -> str:
        """One JSON object in one line; figures as in measure.csv, runs as in measure_rounds.csv."""
        result = self.result
        figures = figures_of(result.settings, result.cells)
        content = {
            "state": result.state.value,
            "message": result.message,
            "seed": result.settings.run.seed,
            "settings": to_texts(result.settings),
            "command_line": command_line(result.settings),
            "machine": result.machine,
            "whole_rounds": result.whole_rounds,
            "relative_to": figures.reference,
            "figures": [asdict(row) for row in figure_rows(result)],
            "knees": [_knee_json(knee) for knee in figures.knees],
            "runs": [asdict(cell) for cell in round_rows(result)],
            "problems": list(result.problems),
            "failure": self.failure,
        }
        return json.dumps(content) + "\n"


def _knee_json(knee: Knee) -> dict[str, object]:
    value, failed = (
        None if text is None else plain_value(RATE, text) for text in (knee.value, knee.failed)
    )
    return asdict(knee) | {"condition": knee.condition.value, "value": value, "failed": failed}


def unfinished(result: MeasureResult) -> str:
    """One sentence about a measurement that did not come to its end."""
    runs, rounds = len(result.cells), result.whole_rounds
    kept = f"{many(runs, 'run')} and {many(rounds, 'whole round')} of {result.settings.rounds}"
    return f"{result.message or result.state.value}; {kept} are kept"


def explanation(result: MeasureResult) -> str:
    """What the numbers are, in a few sentences."""
    settings = result.settings
    rounds = max((cell.round for cell in result.cells), default=0)
    text = (
        f"Each lane alone, for {settings.run.duration_s:g} s a run after {settings.warm_up_s:g} s"
        f" of warm-up. {_medians(rounds)}"
    )
    if settings.sweep is None:
        text += f"; then the cost relative to {settings.reference}, paired by round"
    text += ". Percentiles are of each run's own histogram, and the median of the rounds' is told."
    notes = (closed_loop_note(settings), batch_note(settings), order_note(settings))
    return " ".join([text, *filter(None, notes)])


def _medians(rounds: int) -> str:
    """What stands in the table after so many rounds."""
    if rounds == 1:
        return "Values of 1 round, which has no intervals"
    text = (
        f"Medians over {rounds} rounds, below them the bootstrap's {CONFIDENCE:.0%} interval of the"
        " median"
    )
    if rounds and confidence_of(rounds) < CONFIDENCE:
        text += (
            f" (which is from the least to the greatest value: {rounds} rounds make sure of"
            f" {confidence_of(rounds):.1%} at most)"
        )
    return text


def knee_in_words(knee: Knee) -> str:
    """The knee of one lane in one line."""
    where = f"{knee.lane}, {knee.condition.value} faults"
    if knee.failed is not None:
        kept = f"keeps up with {knee.value}/s; " if knee.value is not None else ""
        return f"{where}: {kept}{knee.failed}/s: no run came to its end"
    if knee.value is None:
        return f"{where}: keeps up with none of the rates"
    if not knee.bounded:
        return f"{where}: keeps up with every rate, up to {knee.value}/s"
    return f"{where}: knee at {knee.value}/s"


def _wrapped(text: str) -> str:
    return textwrap.fill(text, WIDTH)


def _blocks(settings: MeasureSettings, figures: Figures) -> list[str]:
    if settings.sweep is None:
        return [
            block
            for condition in settings.conditions
            if (block := _condition_block(settings, figures, condition))
        ]
    return [
        block
        for lane in settings.run.lanes
        for condition in settings.conditions
        if (block := _sweep_block(settings, figures, lane, condition))
    ]


def _condition_block(settings: MeasureSettings, figures: Figures, condition: Condition) -> str:
    rows: list[list[str]] = []
    for lane in settings.run.lanes:
        rows += _rows(lane, _found(figures, lane, condition, None), figures.reference)
    return _table(f"{condition.value} faults", rows)


def _sweep_block(
    settings: MeasureSettings, figures: Figures, lane: str, condition: Condition
) -> str:
    assert settings.sweep is not None
    knee = figures.knee(lane, condition)
    rows: list[list[str]] = []
    for value in settings.sweep.values:
        mark = " (knee)" if knee is not None and knee.value == value and knee.bounded else ""
        label = f"{settings.sweep.name} {value}{mark}"
        rows += _rows(label, _found(figures, lane, condition, value), None)
    return _table(f"{lane}, {condition.value} faults", rows)


def _found(
    figures: Figures, lane: str, condition: Condition, value: str | None
) -> list[Figure | None]:
    return [figures.find(lane, condition, value, metric.name) for metric in SHOWN]


def _rows(label: str, found: Sequence[Figure | None], reference: str | None) -> list[list[str]]:
    """Medians, intervals and, where there is a reference lane, costs relative to it."""
    if not any(found):
        return []
    rows = [[label, *_cells(found, _median)]]
    if any(figure is not None and figure.interval.ends for figure in found):
        rows.append(["", *_cells(found, _interval)])
    if reference is not None and label != reference:
        rows.append(["  relative", *_cells(found, _relative)])
    return rows


def _cells(found: Sequence[Figure | None], cell: Callable[[Figure], str]) -> list[str]:
    return ["-" if figure is None else cell(figure) for figure in found]


def _median(figure: Figure) -> str:
    return short(figure.interval.median / figure.metric.scale)


def _interval(figure: Figure) -> str:
    if figure.interval.ends is None:
        return "-"
    low, high = (x / figure.metric.scale for x in figure.interval.ends)
    return f"{short(low)}-{short(high)}"


def _relative(figure: Figure) -> str:
    return "-" if figure.relative is None else f"x {figure.relative.median:.2f}"


def _table(title: str, rows: Sequence[Sequence[str]]) -> str:
    """ "" without rows."""
    if not rows:
        return ""
    heads = [HEADS[metric.name] for metric in SHOWN]
    table = [[title, *(h[0] for h in heads)], ["", *(h[1] for h in heads)], *rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = [_line(row, widths) for row in table]
    lines.insert(2, "-" * max(map(len, lines)))
    return "\n".join(lines)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    label, *cells = row
    padded = [cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True)]
    return GAP.join([label.ljust(widths[0]), *padded]).rstrip()
