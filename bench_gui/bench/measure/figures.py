"""A measurement's cells put into figures: medians with intervals, relative costs, knees. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from bench_gui.bench.measure.cells import GROWTH_LEAST_S, GROWTH_MARGIN, P99_BOUND_NS, CellResult
from bench_gui.bench.measure.settings import Condition, MeasureSettings
from bench_gui.bench.measure.snapshot import MeasureState
from bench_gui.bench.measure.statistics import Interval, median_interval, ratio_interval

SUSTAINABLE = (
    "the knee is the highest rate up to which a lane keeps up: in the median of its rounds, events"
    f" in flight grow by at most {GROWTH_MARGIN:.0%} of those offered (or by"
    f" {GROWTH_LEAST_S * 1000:g} ms' worth), and p99 stays within {P99_BOUND_NS / 1e9:g} s"
)
"""Source: J. Karimov et al., "Benchmarking distributed stream data processing systems", ICDE 2018:
the sustainable throughput, "the highest load of event traffic that a system can handle without
exhibiting prolonged backpressure". A geometric knee of the curve (Kneedle: V. Satopää et al.,
ICDCSW 2011) depends on the axes and on where the walk happened to end."""


@dataclass(frozen=True, slots=True)
class Metric:
    """Something measured in every run.

    Fields:
        name: a field of CellResult; its unit stands last.
        label, unit: for a reader.
        scale: what the field is divided by to be in `unit`.
        more_is_better: of the relative cost: a lane is dearer where it is less.
    """

    name: str
    label: str
    unit: str
    scale: float = 1.0
    more_is_better: bool = False


METRICS: tuple[Metric, ...] = (
    Metric("throughput_eps", "throughput", "events/s", more_is_better=True),
    Metric("latency_p50_ns", "latency p50", "ms", 1e6),
    Metric("latency_p90_ns", "latency p90", "ms", 1e6),
    Metric("latency_p99_ns", "latency p99", "ms", 1e6),
    Metric("latency_p999_ns", "latency p99.9", "ms", 1e6),
    Metric("latency_max_ns", "latency max", "ms", 1e6),
    Metric("cpu_us_per_event", "CPU per event", "µs"),
    Metric("written_bytes_per_event", "written per event", "bytes"),
)

METRIC_BY_NAME: dict[str, Metric] = {metric.name: metric for metric in METRICS}


@dataclass(frozen=True, slots=True)
class MeasureResult:
    """A measurement as far as it came.

    Fields:
        cells: counted runs in the order of running.
        message: one sentence; why it ended when it is not complete.
    """

    settings: MeasureSettings
    state: MeasureState
    message: str
    cells: tuple[CellResult, ...]
    started_at: str = ""
    machine: str = ""

    @property
    def problems(self) -> tuple[str, ...]:
        """One sentence for each run with which something is wrong."""
        return tuple(
            f"round {cell.round}, {cell.lane} {cell.faults} faults"
            + (f" at {cell.sweep} {cell.value}" if cell.sweep else "")
            + f": {cell.problem}"
            for cell in self.cells
            if not cell.fine
        )

    @property
    def whole_rounds(self) -> int:
        """Rounds after which nothing of the round is missing."""
        if self.state is MeasureState.COMPLETE:
            return self.settings.rounds
        return max((cell.round for cell in self.cells), default=1) - 1


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric of one lane in one condition at one value of the sweep.

    Fields:
        value: of the sweep, as text; None without one.
        interval: in the metric's own field's unit (nanoseconds for latencies).
        relative: to the reference lane in the same condition at the same value, paired by round;
            of the reference lane itself exactly 1. None where the reference has no value.
    """

    lane: str
    condition: Condition
    value: str | None
    metric: Metric
    interval: Interval
    relative: Interval | None


Place = tuple[str, Condition, str | None]
"""Lane, condition and value: where runs are repeated."""


@dataclass(frozen=True, slots=True)
class Knee:
    """Where a lane stops keeping up.

    Fields:
        value: the last rate it keeps up with, as text; None when it never does.
        bounded: whether a rate was measured that it does not keep up with; without one, and without
            `failed`, the knee lies higher than the walk went.
        failed: the rate at which none of its runs came to its end, which ended the walk; None: it
            did not end so.
    """

    lane: str
    condition: Condition
    value: str | None
    bounded: bool
    failed: str | None = None

    @property
    def found(self) -> bool:
        """Whether nothing above `value` may be counted on."""
        return self.bounded or self.failed is not None


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that is made of the cells.

    Fields:
        reference: the lane that costs are relative to.
        figures: lane by lane in display order, then by condition, value and metric.
        knees: of a sweep of the rate; empty otherwise.
    """

    reference: str
    figures: tuple[Figure, ...]
    knees: tuple[Knee, ...] = ()

    def find(
        self, lane: str, condition: Condition, value: str | None, metric: str
    ) -> Figure | None:
        """The figure of that place and metric, by the metric's name."""
        wanted = (lane, condition, value, metric)
        return next((f for f in self.figures if _key(f) == wanted), None)

    def knee(self, lane: str, condition: Condition) -> Knee | None:
        """The lane's knee in that condition."""
        found = [k for k in self.knees if (k.lane, k.condition) == (lane, condition)]
        return found[0] if found else None


def _key(figure: Figure) -> tuple[str, Condition, str | None, str]:
    return figure.lane, figure.condition, figure.value, figure.metric.name


def figures_of(settings: MeasureSettings, cells: Iterable[CellResult]) -> Figures:
    """The figures of the cells that count; places without one are left out."""
    made = _by_place(cells)
    counted = {place: [run for run in runs if run.counts] for place, runs in made.items()}
    by_place = {place: runs for place, runs in counted.items() if runs}
    reference = settings.reference
    figures = [
        figure
        for place in _places(settings)
        if place in by_place
        for metric in METRICS
        if (figure := _figure(place, metric, by_place, settings)) is not None
    ]
    return Figures(reference, tuple(figures), _knees(settings, made))


def _by_place(cells: Iterable[CellResult]) -> dict[Place, list[CellResult]]:
    by_place: dict[Place, list[CellResult]] = {}
    for cell in cells:
        by_place.setdefault(_place(cell), []).append(cell)
    return by_place


def _place(cell: CellResult) -> Place:
    return cell.lane, cell.condition, cell.value or None


def _places(settings: MeasureSettings) -> Sequence[Place]:
    return [
        (lane, condition, value)
        for lane in settings.run.lanes
        for condition in settings.conditions
        for value in settings.values
    ]


def _figure(
    place: Place,
    metric: Metric,
    by_place: dict[Place, list[CellResult]],
    settings: MeasureSettings,
) -> Figure | None:
    lane, condition, value = place
    values = _by_round(by_place[place], metric)
    interval = median_interval(list(values.values()), settings.run.seed)
    if interval is None:
        return None
    reference = by_place.get((settings.reference, condition, value), [])
    relative = ratio_interval(values, _by_round(reference, metric), settings.run.seed)
    return Figure(lane, condition, value, metric, interval, relative)


def _by_round(cells: Iterable[CellResult], metric: Metric) -> dict[int, float]:
    values = {cell.round: getattr(cell, metric.name) for cell in cells}
    return {round_: float(value) for round_, value in values.items() if value is not None}


def _knees(settings: MeasureSettings, made: dict[Place, list[CellResult]]) -> tuple[Knee, ...]:
    if settings.sweep is None or not settings.sweep.walks:
        return ()
    return tuple(
        knee
        for lane in settings.run.lanes
        for condition in settings.conditions
        if (knee := _knee(lane, condition, settings.sweep.values, made)) is not None
    )


def _knee(
    lane: str,
    condition: Condition,
    values: Sequence[str],
    made: dict[Place, list[CellResult]],
) -> Knee | None:
    """The knee by all runs that were made; None when there are none."""
    walked = [value for value in values if (lane, condition, value) in made]
    if not walked:
        return None
    last: str | None = None
    for value in walked:
        runs = made[lane, condition, value]
        if not any(run.counts for run in runs):
            return Knee(lane, condition, last, bounded=False, failed=value)
        if not _keep_up(runs):
            return Knee(lane, condition, last, bounded=True)
        last = value
    return Knee(lane, condition, last, bounded=False)


def _keep_up(cells: Sequence[CellResult]) -> bool:
    """Whether most of the rounds kept up; as many as not is not enough. What failed did not."""
    return median(float(cell.keeps_up) for cell in cells) > 0.5
