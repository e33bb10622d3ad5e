"""The numbers of the run, and its charts."""

from __future__ import annotations

from dataclasses import replace
from html import escape

from bench_gui.bench.records.results import SummaryRow
from bench_gui.bench.records.table import LINES
from bench_gui.bench.snapshot import Verdict
from bench_gui.html_markup import element, table, wrap
from bench_gui.report_parts.reported import Reported
from bench_gui.run_drawing.charts import CHARTS, Chart, charts_for
from bench_gui.run_drawing.ink import Ink
from bench_gui.run_drawing.inline import inline_chart
from bench_gui.run_drawing.picture import LanePicture, RunPicture
from bench_gui.run_drawing.words import duration_text
from workers.lanes import lane_of

PICTURED = {
    "throughput": "Events a second: delivered for the first time (strong line), and due (pale).",
    "latency": "From the moment an event was due to its effect: p50 (strong line) and p99 (pale).",
    "errors": "Events in all: duplicates above the line, lost below it.",
    "lag": "Records in the log that no committed offset has passed yet.",
    "blocked": "How long prepared transactions stood in doubt, in milliseconds a second.",
}
MARKS = "A cross marks a process that was killed; shaded: no process of a role was working."


def results(run: Reported) -> str:
    """The table that the command line prints, one column a lane."""
    heading = element("h2", "Results")
    rows = [_judged(run, lane) for lane in run.picture.lanes if lane.slug in run.rows]
    if not rows:
        return heading + element("p", "The run ended before there was a count.")
    lines = [(line.label.strip(), *(line.cell(row) for row in rows)) for line in LINES]
    shown = [line for line in lines if any(line[1:])]
    head = ["", *(row.lane for row in rows)]
    caption = "Every count is of distinct events; the columns of summary.csv in short"
    return wrap("section", heading + table(caption, head, shown, range(1, len(head))))


def _judged(run: Reported, lane: LanePicture) -> SummaryRow:
    """The result with the verdict that the lane has: none before the final count."""
    row = run.rows[lane.slug]
    if run.complete:
        return row
    return replace(row, verdict="PENDING" if lane.verdict is Verdict.PENDING else row.verdict)


def charts(picture: RunPicture, ink: Ink) -> str:
    """A figure a row of charts, with every lane's."""
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


assert set(PICTURED) == {chart.key for chart in CHARTS}
