"""Pictures of a run: what is written on them, and how large."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import LaneCounts, Verdict
from bench_gui.run_drawing.picture import LanePicture, Marks, RunPicture
from bench_gui.run_drawing.view import draw_view
from bench_gui.run_drawing.words import even_lines_of
from workers.lanes import LANES


def picture(**counts: LaneCounts) -> RunPicture:
    lanes = tuple(
        LanePicture(slug, counts.get(slug.replace("-", "_"), LaneCounts()),
                    Verdict.PENDING, "")
        for slug in RunSettings().lanes
    )  # fmt: skip
    return RunPicture("run-1", 7, "12s", "", "complete", (), 0.0, 10.0, lanes)


def texts(svg: str) -> list[tuple[str, str]]:
    """Every text and its size."""
    found = (one for one in ET.fromstring(svg).iter() if one.tag.endswith("text"))
    return [("".join(one.itertext()), one.get("font-size", "")) for one in found]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Exactly-once (log to log)", ["Exactly-once", "(log to log)"]),
        ("At-most-once", ["At-most-once"]),
        ("", [""]),
    ],
)
def test_no_lone_word_stands_in_the_last_line(text: str, lines: list[str]) -> None:
    assert even_lines_of(text, 210, 17, bold=True) == lines


def test_a_word_is_not_broken_for_even_lines() -> None:
    lines = even_lines_of("a incomprehensibility of b", 200, 14)
    assert "incomprehensibility" in " ".join(lines).split()


def test_no_count_looks_greater_than_it_is() -> None:
    drawn = texts(draw_view(picture(at_most_once=LaneCounts(lost_after_log=7_654_321))))
    sizes = {size for text, size in drawn if text in {"7,654,321", "0"} and float(size) > 14}
    assert len(sizes) == 1, "the same type for every counter"
    before = texts(draw_view(picture()))
    assert max(float(size) for _, size in before) > float(sizes.pop())


def test_the_key_explains_what_is_there() -> None:
    quiet = picture()
    paused = replace(quiet.lanes[0], marks=Marks(pauses=((1.0, 2.0),)))
    told = {text for text, _ in texts(draw_view(quiet))}
    assert {"no process of a role was working", "delivered", "due", "p50", "p99"} <= told
    assert "a process stood still" not in told
    shaded = replace(quiet, lanes=(paused, *quiet.lanes[1:]))
    assert "a process stood still" in {text for text, _ in texts(draw_view(shaded))}


def test_many_rows_of_charts_keep_the_names_of_their_lines() -> None:
    few = picture()
    wide = replace(few, lanes=tuple(replace(few.lanes[0], slug=lane.slug) for lane in LANES))
    told = {text for text, _ in texts(draw_view(wide))}
    assert {"delivered", "due", "p50", "p99", "+ duplicates", "\N{MINUS SIGN} lost"} <= told


def test_everything_on_a_picture_can_be_read_on_a_slide() -> None:
    sizes = [float(size) for _, size in texts(draw_view(picture()))]
    assert min(sizes) >= 12.0, "of 720 lines"
