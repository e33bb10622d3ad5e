"""A run as one page that needs no other file: verdicts, numbers, charts, causes. Knows no Qt.

Everything is read from run.db, so it can be written at any time, also of a run that was cut off.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.options import to_texts
from bench_gui.bench.progress import Progress, unwatched
from bench_gui.bench.recording.film import open_film
from bench_gui.bench.records.atomic_file import write_whole
from bench_gui.bench.records.results import SummaryRow
from bench_gui.bench.records.run_tables import Row
from bench_gui.bench.records.stored_run import StoredRun
from bench_gui.bench.records.table import LINES
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import AnomalyRange, FaultReport, LinkClicks, RunState, Verdict
from bench_gui.html_markup import element, facts, page, table, wrap
from bench_gui.run_drawing.charts import CHARTS, Chart, charts_for
from bench_gui.run_drawing.ink import Ink, named_ink
from bench_gui.run_drawing.inline import inline_chart
from bench_gui.run_drawing.picture import SIGNS, LanePicture, RunPicture, word_of
from bench_gui.run_drawing.words import duration_text, heading_of
from bench_gui.shapes import shape_of
from bench_gui.stored_picture import stored_picture
from workers.lanes import Anomaly, lane_of

WORST = 12
"""Faults that are told."""
MOST_EXPLANATIONS = 3
MOST_LINKS = 12

NOT_A_PASS = (
    "NOT TESTED is not a pass: no fault landed where it could hurt, so a result without errors "
    "proves nothing."
)
HOW = (
    "Everything is counted from the durable files (log, sink, source positions, committed "
    "offsets), never from what a worker process says of itself.",
    "An event exists once it is due, whether or not any process was alive to take it. It is lost "
    "when nothing can deliver it any more, and in flight until then; in flight is never called "
    "lost. A duplicate is an effect beyond an event's first.",
    "The counts were made while the run went on and again after the drain, when the sources had "
    "stopped and the workers had finished; a recount written separately in plain SQL had to agree "
    "with both, event by event.",
    "Latency is from the moment an event was due to its effect, so that events which waited for a "
    "dead producer count. Percentiles are of all events of the run and are never averaged.",
    "SIGKILL cannot lose a committed SQLite transaction, only a power cut can: what is lost here "
    "is lost by the order of commit and processing.",
    "The lanes ran side by side on one machine and competed for its CPU: this shows what happens, "
    "and is no benchmark. The same seed gives the same events and the same fault schedule, not the "
    "same interleaving of the processes.",
)
PICTURED = {
    "throughput": "Events a second: delivered for the first time (strong line), and due (pale).",
    "latency": "From the moment an event was due to its effect: p50 (strong line) and p99 (pale).",
    "errors": "Events in all: duplicates above the line, lost below it.",
    "lag": "Records in the log that no committed offset has passed yet.",
    "blocked": "How long prepared transactions stood in doubt, in milliseconds a second.",
}
MARKS = "A cross marks a process that was killed; shaded: no process of a role was working."


@dataclass(frozen=True, slots=True)
class Reported:
    """Everything that the page tells.

    Fields:
        columns: the run's row in run.db. rows: results by slug; empty before the final count.
        anomalies: by (lane, fault).
        links: as the business sees them, by slug; empty where that was not recorded.
    """

    picture: RunPicture
    settings: RunSettings
    columns: Row
    rows: dict[str, SummaryRow]
    faults: Sequence[FaultReport]
    anomalies: Mapping[tuple[str, int], Sequence[AnomalyRange]]
    disagreement: str | None
    cut_off: str | None
    links: Mapping[str, Sequence[LinkClicks]] = field(default_factory=dict)


def write_report(run_dir: Path, path: Path, progress: Progress = unwatched) -> Path:
    """Writes the page of the run in `run_dir` to `path`, whole or not at all.

    Raises EnvironmentProblem, Cancelled.
    """
    progress(0.0)
    run = read_reported(run_dir)
    progress(0.5)
    text = report_page(run)
    progress(0.9)
    write_whole(path, text)
    return path


def read_reported(run_dir: Path) -> Reported:
    """What run.db knows. Raises EnvironmentProblem."""
    with closing(StoredRun(run_dir)) as run:
        anomalies: dict[tuple[str, int], list[AnomalyRange]] = defaultdict(list)
        for anomaly in run.anomalies():
            if anomaly.fault_id is not None:
                anomalies[anomaly.lane, anomaly.fault_id].append(anomaly)
        return Reported(
            picture=stored_picture(run),
            settings=run.settings,
            columns=run.columns,
            rows={row.lane: row for row in run.summary()},
            faults=run.faults(),
            anomalies=anomalies,
            disagreement=run.disagreement,
            cut_off=run.cut_off,
            links=_last_links(run_dir),
        )


def _last_links(run_dir: Path) -> dict[str, Sequence[LinkClicks]]:
    """As the last frame of the recording has them; without one that can be read there are none."""
    try:
        with closing(open_film(run_dir)) as film:
            if film.about.coarse:
                return {}
            lanes = film.read(-1, len(film.times_s) - 1).lanes
            if film.about.damaged:
                return {}
    except EnvironmentProblem:
        return {}
    return {slug: lane.links for slug, lane in lanes.items()}


def report_page(run: Reported) -> str:
    """The page."""
    slugs = [lane.slug for lane in run.picture.lanes]
    ink = named_ink(slugs)
    parts = (
        _head(run),
        _verdicts(run, ink),
        _results(run),
        _charts(run.picture, ink),
        _business(run),
        _worst(run),
        _counted(run),
        _repeat(run),
    )
    return page(f"Delivery Bench: run {run.picture.run_id}", slugs, "\n".join(filter(None, parts)))


# what comes first


def _head(run: Reported) -> str:
    picture = run.picture
    lines = [
        element("h1", f"Delivery Bench: {_summary(picture)}"),
        element("p", f"Run {picture.run_id}, seed {picture.seed}: {heading_of(run.settings)}.",
                "muted"),
    ]  # fmt: skip
    if picture.labels:
        labels = (element("li", label) for label in picture.labels)
        lines.append(wrap("ul", labels, "labels"))
    if run.disagreement is not None:
        sentence = f"The counts disagree, an error of the bench: {run.disagreement}"
        lines.append(element("p", sentence, "alarm"))
    if run.cut_off is not None:
        lines.append(element("p", f"Note: {run.cut_off}. There was no drain and no final count."))
    elif run.columns["state"] == RunState.FAILED.value:
        lines.append(element("p", "Note: the run failed; its counts are those of its last moment."))
    return wrap("header", lines)


def _summary(picture: RunPicture) -> str:
    """What a reader takes away when they read no further."""
    broken = [lane for lane in picture.lanes if lane.verdict is Verdict.BROKEN]
    if broken:
        names = ", ".join(lane_of(lane.slug).name for lane in broken)
        return f"BROKEN in {names}"
    lost = sum(lane.counts.lost for lane in picture.lanes)
    twice = sum(lane.counts.duplicates for lane in picture.lanes)
    events = max((lane.counts.offered for lane in picture.lanes), default=0)
    where = f"of {events:,} in each of {len(picture.lanes)} lanes"
    return f"{lost:,} events lost and {twice:,} counted twice, {where}"


def _verdicts(run: Reported, ink: Ink) -> str:
    cards = [_lane_card(lane, ink) for lane in run.picture.lanes]
    parts = [element("h2", "What each lane did"), wrap("div", cards, "lanes")]
    if any(lane.verdict is Verdict.NOT_TESTED for lane in run.picture.lanes):
        parts.append(element("p", NOT_A_PASS))
    return wrap("section", parts)


def _lane_card(lane: LanePicture, ink: Ink) -> str:
    known, colour = lane_of(lane.slug), ink.lanes[lane.slug]
    name = f"{_glyph(lane.slug, colour)}{escape(known.name)}"
    counts = (
        _count("Lost", lane.counts.lost, Anomaly.LOST in known.allowed),
        _count("Duplicates", lane.counts.duplicates, Anomaly.DUPLICATE in known.allowed),
    )
    inner = "\n".join(
        (
            wrap("h3", name),
            element("div", known.rule, "muted"),
            element(
                "span",
                f"{SIGNS[lane.verdict]} {word_of(lane.verdict)}".strip(),
                f"verdict {lane.verdict.name}",
            ),
            wrap("dl", counts, "counts"),
            element("div", _sentence(lane.reason), "muted"),
        )
    )
    return f'<article class="lane" style="border-top-color: {colour}">{inner}</article>'


def _count(caption: str, count: int, allowed: bool) -> str:
    """A number, and whether the lane allows it."""
    tag = ("allowed" if allowed else "must stay 0") if count == 0 else (
        "expected, as allowed" if allowed else "\N{MULTIPLICATION X} forbidden"
    )  # fmt: skip
    inner = f"{element('dt', caption)}<dd>{count:,}{element('small', tag)}</dd>"
    return wrap("div", inner, "forbidden" if count and not allowed else "")


def _glyph(slug: str, colour: str) -> str:
    corners, filled = shape_of(slug)
    fill, stroke = (colour, "none") if filled else ("none", colour)
    points = " ".join(f"{x:.3f},{y:.3f}" for x, y in corners)
    shape = f'<polygon points="{points}"' if corners else '<circle cx="0.5" cy="0.5" r="0.46"'
    return (
        '<svg class="glyph" viewBox="-0.1 -0.1 1.2 1.2" aria-hidden="true">'
        f'{shape} fill="{fill}" stroke="{stroke}" stroke-width="0.16"/></svg>'
    )


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else ""


# numbers and charts


def _results(run: Reported) -> str:
    """The table that the command line prints, one column a lane."""
    heading = element("h2", "Results")
    rows = [run.rows[slug] for slug in run.settings.lanes if slug in run.rows]
    if not rows:
        return heading + element("p", "The run ended before there was a count.")
    lines = [(line.label.strip(), *(line.cell(row) for row in rows)) for line in LINES]
    shown = [line for line in lines if any(line[1:])]
    head = ["", *(row.lane for row in rows)]
    caption = "Every count is of distinct events; the columns of summary.csv in short"
    return wrap("section", heading + table(caption, head, shown, range(1, len(head))))


def _charts(picture: RunPicture, ink: Ink) -> str:
    figures = [_figure(picture, chart, ink) for chart in charts_for(picture)]
    parts = [element("h2", "The run in time"), element("p", MARKS, "muted"), *figures]
    return wrap("section", parts)


def _figure(picture: RunPicture, chart: Chart, ink: Ink) -> str:
    cells = [
        wrap(
            "div",
            element("strong", lane_of(lane.slug).name)
            + inline_chart(picture, lane, chart, ink, _chart_title(lane, chart), _said(lane)),
        )
        for lane in picture.lanes
    ]
    caption = f"<strong>{escape(chart.title)}</strong> ({escape(chart.unit)}). "
    caption += escape(PICTURED[chart.key])
    return wrap("figure", wrap("figcaption", caption) + wrap("div", cells, "charts"))


def _chart_title(lane: LanePicture, chart: Chart) -> str:
    return f"{chart.title} of {lane_of(lane.slug).name} over time"


def _said(lane: LanePicture) -> str:
    """What the charts of a lane come to, in words."""
    counts, kills = lane.counts, len(lane.marks.kills)
    words = (
        f"{counts.delivered_unique:,} delivered, {counts.lost:,} lost,"
        f" {counts.duplicates:,} duplicates; {kills} processes were ended"
    )
    if lane.latency_p50_ns is not None and lane.latency_p99_ns is not None:
        p50, p99 = duration_text(lane.latency_p50_ns), duration_text(lane.latency_p99_ns)
        words += f"; latency p50 {p50}, p99 {p99}"
    return words


def _business(run: Reported) -> str:
    """True clicks of the links clicked most, beside what each lane counted."""
    if not any(run.links.values()):
        return ""
    slugs = [slug for slug in run.settings.lanes if run.links.get(slug)]
    happened = {link.link_id: link.happened for slug in slugs for link in run.links[slug]}
    counted = {(s, link.link_id): link.counted for s in slugs for link in run.links[s]}
    first = sorted(happened, key=lambda link: (-happened[link], link))[:MOST_LINKS]
    rows = [
        (
            f"link {link}",
            f"{happened[link]:,}",
            *(_counted_clicks(counted.get((slug, link)), happened[link]) for slug in slugs),
        )
        for link in first
    ]
    head = ["", "happened", *slugs]
    caption = "Clicks of the links clicked most: those that happened, and what each lane counted"
    listed = table(caption, head, rows, range(1, len(head)))
    return wrap("section", element("h2", "What the business sees") + listed)


def _counted_clicks(counted: int | None, happened: int) -> str:
    if counted is None:
        return ""
    error = counted - happened
    sign = "\N{MINUS SIGN}" if error < 0 else "+"
    return f"{counted:,}" + (f" ({sign}{abs(error):,})" if error else "")


# causes


def _worst(run: Reported) -> str:
    heading = element("h2", "The faults that did most")
    harmful = sorted(filter(_harm, run.faults), key=_harm, reverse=True)[:WORST]
    if not harmful:
        return wrap("section", heading + element("p", "No fault lost an event or repeated one."))
    rows = [
        (
            f"{fault.t_s:.2f} s",
            fault.lane,
            f"{fault.kind}: {fault.role} {fault.slot}",
            f"{fault.lost_caused:,}",
            f"{fault.duplicates_caused:,}",
            f"{fault.suppressed_caused:,}",
            _explained(run, fault),
        )
        for fault in harmful
    ]
    head = ("when", "lane", "fault", "lost", "duplicates", "suppressed", "what happened")
    caption = f"The worst {len(rows)} of {len(run.faults):,} faults"
    return wrap("section", heading + table(caption, head, rows, (3, 4, 5)))


def _harm(fault: FaultReport) -> int:
    return fault.lost_caused + fault.duplicates_caused + fault.suppressed_caused


def _explained(run: Reported, fault: FaultReport) -> str:
    """The fault in a sentence, and why the events that it harmed came to harm."""
    found = run.anomalies.get((fault.lane, fault.fault_id), ())
    causes = [anomaly.explanation for anomaly in found[:MOST_EXPLANATIONS]]
    more = len(found) - len(causes)
    causes += [f"and {more} more ranges"] if more > 0 else []
    return ". ".join([fault.text, *map(_capital, causes)])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# how, and again


def _counted(run: Reported) -> str:
    paragraphs = [element("p", paragraph) for paragraph in HOW]
    if run.settings.rate_eps is None:
        closed = "The rate was a closed loop: its latency has no schedule to be late against."
        paragraphs.append(element("p", closed))
    return wrap("section", [element("h2", "How it was counted"), *paragraphs])


def _repeat(run: Reported) -> str:
    columns = run.columns
    told = facts(
        (
            ("run", run.picture.run_id),
            ("seed", str(run.picture.seed)),
            ("state", run.picture.state),
            ("started", str(columns["started_at"] or "")),
            ("ended", str(columns["ended_at"] or "")),
            ("Delivery Bench", str(columns["version"] or "")),
            ("Python", str(columns["python"] or "")),
            ("machine", str(columns["platform"] or "")),
        )
    )
    settings = table("Every setting", ("setting", "value"), to_texts(run.settings).items())
    parts = (
        element("h2", "The run, and how to repeat it"),
        wrap("pre", element("code", str(columns["command_line"] or ""))),
        told,
        settings,
    )
    return wrap("section", parts)


assert set(PICTURED) == {chart.key for chart in CHARTS}
