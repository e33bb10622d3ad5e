"""What comes first: what a reader takes away who reads no further, and each lane's verdict."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from bench_gui.bench.snapshot import RunState, Verdict
from bench_gui.html_markup import element, wrap
from bench_gui.report_parts.reported import Reported
from bench_gui.run_drawing.ink import Ink
from bench_gui.run_drawing.picture import SIGNS, LanePicture, RunPicture, word_of
from bench_gui.run_drawing.words import heading_of
from bench_gui.shapes import shape_of
from workers.lanes import Anomaly, lane_of

NOT_A_PASS = (
    "NOT TESTED is not a pass: no fault landed where it could hurt, so a result without errors "
    "proves nothing."
)


def head(run: Reported) -> str:
    """The result in a line, which run it is, and what must be known to read it rightly."""
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
    elif not run.complete:
        lines.append(element("p", "Note: the run goes on; its counts are those of now."))
    return wrap("header", lines)


def _summary(picture: RunPicture) -> str:
    """What a reader takes away when they read no further."""
    broken = [lane for lane in picture.lanes if lane.verdict is Verdict.BROKEN]
    if broken:
        names = ", ".join(lane_of(lane.slug).name for lane in broken)
        return f"BROKEN in {names}"
    lost = sum(lane.counts.lost for lane in picture.lanes)
    twice = sum(lane.counts.duplicates for lane in picture.lanes)
    offered = [lane.counts.offered for lane in picture.lanes]
    return f"{lost:,} events lost and {twice:,} counted twice, {_among(offered)}"


def _among(offered: Sequence[int]) -> str:
    """How many events there were, a lane: not all have the same in a closed loop."""
    least, most = min(offered, default=0), max(offered, default=0)
    where = f"in each of {len(offered)} lanes" if len(offered) > 1 else "in one lane"
    if not most:
        return where  # before the first count
    return f"of {most:,} {where}" if least == most else f"of {least:,} to {most:,} {where}"


def verdicts(run: Reported, ink: Ink) -> str:
    """A card a lane."""
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
