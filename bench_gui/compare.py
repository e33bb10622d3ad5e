"""Two runs side by side: results, differences, what was set differently. Pure; knows no window.

The runs are A and B, and a change is B against A.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bench_gui.bench.options import OPTIONS
from bench_gui.bench.recording.about import RunView
from bench_gui.bench.records.results import SummaryRow
from bench_gui.bench.scenario import scenarios
from bench_gui.bench.settings import RunSettings
from workers.lanes import lane_of

NONE = "-"
LANES = "lanes"
SAME = "same"
MINUS = "\N{MINUS SIGN}"
SAME_SETTINGS = "Both runs have the same settings: what differs is chance and the machine's doing."
SMALL = 0.005
"""A share of change below this is none: it would be shown as 0 %."""

Value = int | float | str | None


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the comparison.

    Fields:
        title: as it is shown. unit: of the number in a spreadsheet, empty for a count or a word.
        value: of a lane's result. text: how it is shown. change: from one value to another.
    """

    title: str
    unit: str
    value: Callable[[SummaryRow], Value]
    text: Callable[[Value], str]
    change: Callable[[Value, Value], str]


@dataclass(frozen=True, slots=True)
class Line:
    """One result of one lane.

    Fields:
        a, b: as they are shown. change: of B against A; empty when either is missing.
        differs: whether they are shown differently.
        values: the same two as numbers or words, None for none.
    """

    title: str
    unit: str
    a: str
    b: str
    change: str
    values: tuple[Value, Value]

    @property
    def differs(self) -> bool:
        """Whether there is a difference to look at."""
        return self.change not in {"", SAME}


@dataclass(frozen=True, slots=True)
class LaneComparison:
    """One lane in both runs, or in one of them."""

    slug: str
    in_a: bool
    in_b: bool
    lines: tuple[Line, ...]


def compare(a: RunView, b: RunView) -> list[LaneComparison]:
    """Lane by lane: A's in its order, then those that only B has."""
    slugs = [*a.about.settings.lanes]
    slugs += [slug for slug in b.about.settings.lanes if slug not in slugs]
    return [_lane(slug, a, b) for slug in slugs]


def difference_sentence(a: RunView, b: RunView) -> str:
    """Which settings differ, which scenario's they are, and what was done by hand."""
    named = [(name, scenario_title(run.about.settings)) for name, run in (("A", a), ("B", b))]
    told = [f"{name} has the settings of the scenario {title!r}." for name, title in named if title]
    hands = [(name, run.by_hand) for name, run in (("A", a), ("B", b)) if run.by_hand]
    if hands:
        counts = ", ".join(f"{count:,} in {name}" for name, count in hands)
        told.append(f"Faults by hand: {counts}.")
    sentence = settings_sentence(a.about.settings, b.about.settings)
    if hands and sentence == SAME_SETTINGS:
        sentence = "Both runs have the same settings."
    return " ".join((sentence, *told))


def scenario_title(settings: RunSettings) -> str:
    """The scenario that has exactly these settings, whatever the seed; empty for none."""
    alike = (one for one in scenarios() if replace(one.settings(), seed=settings.seed) == settings)
    return next((one.title for one in alike), "")


def settings_sentence(a: RunSettings, b: RunSettings) -> str:
    """Which settings differ, in words."""
    texts = [(one.key, one.text(a), one.text(b)) for one in OPTIONS if one.key != LANES]
    told = [f"{key} {was} in A, {now} in B" for key, was, now in texts if was != now]
    told += [f"{lane_of(slug).name} only in A" for slug in a.lanes if slug not in b.lanes]
    told += [f"{lane_of(slug).name} only in B" for slug in b.lanes if slug not in a.lanes]
    if not told:
        return SAME_SETTINGS
    return f"Set differently: {'; '.join(told)}."


def spreadsheet(lanes: Sequence[LaneComparison]) -> str:
    """One line a result, tabs between the cells: a spreadsheet takes it as it is."""
    lines = [("lane", "result", "unit", "A", "B", "change")]
    for lane in lanes:
        for line in lane.lines:
            a, b = ("" if value is None else str(value) for value in line.values)
            lines.append((lane_of(lane.slug).name, line.title, line.unit, a, b, line.change))
    return "".join("\t".join(line) + "\n" for line in lines)


def _lane(slug: str, a: RunView, b: RunView) -> LaneComparison:
    results = a.results.get(slug), b.results.get(slug)
    in_a, in_b = (slug in run.about.settings.lanes for run in (a, b))
    lines = tuple(_line(measure, *results) for measure in MEASURES)
    return LaneComparison(slug, in_a, in_b, lines)


def _line(measure: Measure, a: SummaryRow | None, b: SummaryRow | None) -> Line:
    was = None if a is None else measure.value(a)
    now = None if b is None else measure.value(b)
    both = was is not None and now is not None
    return Line(
        title=measure.title,
        unit=measure.unit,
        a=measure.text(was),
        b=measure.text(now),
        change=measure.change(was, now) if both else "",
        values=(was, now),
    )


def _word(value: Value) -> str:
    return NONE if value is None else str(value)


def _count(value: Value) -> str:
    return f"{value:,}" if isinstance(value, int) else NONE


def _rate(value: Value) -> str:
    return f"{value:,.0f}" if isinstance(value, int | float) else NONE


def _ms(value: Value) -> str:
    return f"{value:,.2f}" if isinstance(value, int | float) else NONE


def _changed(was: Value, now: Value) -> str:
    return SAME if was == now else "changed"


def _more(was: Value, now: Value) -> str:
    """How many more or fewer."""
    assert isinstance(was, int)
    assert isinstance(now, int)
    if was == now:
        return SAME
    return f"{'+' if now > was else MINUS}{abs(now - was):,}"


def _share(was: Value, now: Value) -> str:
    """In percent; several times as much as such."""
    assert isinstance(was, int | float)
    assert isinstance(now, int | float)
    if not was:
        return SAME if not now else ""
    ratio = now / was
    if abs(ratio - 1) < SMALL:
        return SAME
    if ratio >= 2:
        return f"{ratio:.1f} times"
    return f"{'+' if ratio > 1 else MINUS}{abs(ratio - 1):.0%}".replace("%", " %")


def _in_ms(value_ns: int | None) -> float | None:
    return None if value_ns is None else value_ns / 1e6


MEASURES: tuple[Measure, ...] = (
    Measure("verdict", "", lambda row: row.verdict, _word, _changed),
    Measure("lost", "", lambda row: row.lost, _count, _more),
    Measure("duplicates", "", lambda row: row.duplicates, _count, _more),
    Measure("throughput", "/s", lambda row: row.throughput_eps, _rate, _share),
    Measure("latency p50", "ms", lambda row: _in_ms(row.latency_p50_ns), _ms, _share),
    Measure("latency p99", "ms", lambda row: _in_ms(row.latency_p99_ns), _ms, _share),
    Measure("recovery", "ms", lambda row: row.recovery_p50_ms, _ms, _share),
)
