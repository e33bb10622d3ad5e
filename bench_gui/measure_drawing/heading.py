"""Title, what was measured, the key to the signs, and the small print. Pure."""

from __future__ import annotations

from bench_gui.bench.measure.figures import SUSTAINABLE, Figures, MeasureResult
from bench_gui.bench.measure.notes import batch_note, closed_loop_note
from bench_gui.bench.measure.settings import Condition, MeasureSettings
from bench_gui.bench.measure.snapshot import MeasureState
from bench_gui.bench.measure.statistics import CONFIDENCE, confidence_of, coverage_of_range
from bench_gui.bench.measure.texts import command_line
from bench_gui.bench.numbers import in_words, many
from bench_gui.measure_drawing.look import (
    BODY,
    GLYPH,
    MARGIN,
    SMALL,
    TITLE,
    WIDTH,
    glyph,
    lane_name,
    paragraph,
    sign,
    width_of,
)
from bench_gui.measure_drawing.svg import Svg
from bench_gui.palette import Theme

INNER = WIDTH - 2 * MARGIN
TITLES = {
    "payload": "What the payload costs",
    "durability": "What durability costs",
    "consumers": "What more consumers buy",
}


def draw_heading(svg: Svg, theme: Theme, result: MeasureResult, figures: Figures) -> float:
    """Draws the top. Returns: where the panels may begin."""
    settings = result.settings
    svg.text((MARGIN, 50), title(settings), theme.text, TITLE, bold=True)
    y = paragraph(svg, (MARGIN, 76), conditions(settings), theme.muted, INNER, BODY + 0.5)
    if result.state is not MeasureState.COMPLETE:
        said = result.message or result.state.value
        words, ink = ("Not complete", theme.alarm) if result.state.ended else ("So far", theme.text)
        y = paragraph(svg, (MARGIN, y), f"{words}: {said}.", ink, INNER)
    for problem in result.problems[:3]:
        y = paragraph(svg, (MARGIN, y), f"PROBLEM: {problem}", theme.alarm, INNER)
    return draw_key(svg, theme, result, figures, y + 8)


def title(settings: MeasureSettings) -> str:
    """Of the whole picture."""
    if settings.sweep is None:
        return "What each delivery costs"
    if settings.sweep.walks:
        return "How far each delivery can follow the rate"
    name = settings.sweep.name
    return TITLES.get(name, f"What the {name.replace('-', ' ')} buys")


def conditions(settings: MeasureSettings) -> str:
    """What was run, in a line or two."""
    run = settings.run
    rate = "closed loop" if run.rate_eps is None else f"{run.rate_eps:,} events/s"
    swept = settings.sweep.name if settings.sweep is not None else ""
    parts = [
        "" if swept == "rate" else rate,
        many(run.producers, "producer"),
        "" if swept == "consumers" else many(run.consumers, "consumer"),
        many(run.partitions, "partition"),
        "" if swept == "sink-batch" else f"sink batch {run.sink_batch}",
        "" if swept == "payload" else f"{run.payload_bytes:,}-byte payload",
        "" if swept == "durability" else f"durability {run.durability}",
    ]
    if Condition.WITH in settings.conditions and run.kill_every_s is not None:
        parts.append(f"with faults: a kill every {in_words(run.kill_every_s)}")
    runs = (
        f"Each lane alone, {many(settings.rounds, 'round')} of {run.duration_s:g} s after"
        f" {settings.warm_up_s:g} s of warm-up"
    )
    return " · ".join([runs, *filter(None, parts)])


def draw_key(svg: Svg, theme: Theme, result: MeasureResult, figures: Figures, y: float) -> float:
    """What the signs mean. Returns: where the panels may begin."""
    x, settings = MARGIN, result.settings
    if settings.sweep is not None:
        for slug in settings.run.lanes:
            name = lane_name(slug)
            if x + width_of(name, BODY) > WIDTH - MARGIN:
                x, y = MARGIN, y + 20
            glyph(svg, theme, slug, (x + GLYPH / 2, y - 4), Condition.WITHOUT)
            svg.text((x + GLYPH + 6, y), name, theme.text, BODY)
            x += GLYPH + 6 + width_of(name, BODY) + 18
        x, y = MARGIN, y + 22
    for condition in settings.conditions:
        words = f"{condition.value} faults"
        middle = (x + 13, y - 4)
        svg.line((x, y - 4), (x + 26, y - 4), theme.muted, 2, round_ends=True)
        sign(svg, theme, (), theme.muted, middle, condition)
        svg.text((x + 34, y), words, theme.text, BODY)
        x += 34 + width_of(words, BODY) + 20
    rounds = max((cell.round for cell in result.cells), default=settings.rounds)
    told = [interval_in_words(rounds)]
    if settings.sweep is None:
        told += ["ticks: the rounds"] * (rounds > 1)
        told.append(f"at the right: times {lane_name(settings.reference)}, paired by round")
        if confidence_of(rounds) >= CONFIDENCE:
            told[-1] += "; bold where the interval leaves out 1"
    if any(knee.bounded and knee.value is not None for knee in figures.knees):
        told.append("ring: knee")
    if any(knee.found for knee in figures.knees):
        told.append("faded: does not keep up")
    return paragraph(svg, (x, y), " · ".join(told), theme.muted, WIDTH - MARGIN - x) + 3


def interval_in_words(rounds: int) -> str:
    """What sign and line are after so many rounds."""
    if rounds == 1:
        return "sign: the value of one round"
    sure = confidence_of(rounds)
    if sure < CONFIDENCE:
        return f"sign: median over rounds · line: least to greatest, {100 * sure:.3g}% sure at most"
    return f"sign: median over rounds · line: {CONFIDENCE:.0%} bootstrap interval"


def draw_footing(svg: Svg, theme: Theme, result: MeasureResult, y: float) -> float:
    """Draws the small print. Returns: the picture's height."""
    settings = result.settings
    rounds = max((cell.round for cell in result.cells), default=0)
    notes = []
    if rounds > 1 and coverage_of_range(rounds) < CONFIDENCE:
        notes.append(
            f"With {rounds} rounds the interval is from the least to the greatest value and holds"
            f" the true median with {coverage_of_range(rounds):.1%} at most."
        )
    notes.append(
        "Percentiles are of each run's own histogram of due-to-effect times; what is shown is the"
        " median of the rounds' percentiles."
    )
    notes += filter(None, (closed_loop_note(settings), batch_note(settings, short=True)))
    if settings.sweep is not None and settings.sweep.walks:
        notes.append(SUSTAINABLE[0].upper() + SUSTAINABLE[1:] + ".")
    y = paragraph(svg, (MARGIN, y + 8), " ".join(notes), theme.muted, INNER, SMALL)
    about = " · ".join(filter(None, (result.machine, result.started_at[:16].replace("T", " "))))
    y = paragraph(svg, (MARGIN, y), about, theme.muted, INNER, SMALL)
    return paragraph(svg, (MARGIN, y), command_line(settings), theme.muted, INNER, SMALL) + 12
