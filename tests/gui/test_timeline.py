"""Which stretch and which moment of a run are shown, and the bookmarks that are kept with it."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench_gui.window.timeline.bar import state_text
from bench_gui.window.timeline.bookmarks import FILE, SAME_S, Bookmarks, load, save
from bench_gui.window.timeline.timeline import Run, Timeline, whole_end_s, zoomed

GOING = Run(now_s=300.0, duration_s=600.0)
ENDED = Run(now_s=600.0, duration_s=600.0, ended=True)


def shown(timeline: Timeline, run: Run) -> tuple[float, float]:
    frame = timeline.frame(run, 600)
    return frame.start_s, frame.width_s


def test_it_follows_the_run_and_shows_all_of_it_at_the_end() -> None:
    assert shown(Timeline(), GOING) == (240.0, 60.0)
    assert shown(Timeline(), Run(12.0, 30.0)) == (0.0, 30.0)
    assert shown(Timeline(), ENDED) == (0.0, 600.0)


def test_while_it_is_held_nothing_moves_and_nothing_new_is_drawn() -> None:
    timeline = Timeline()
    timeline.hold(290.0, GOING)
    later = Run(400.0, 600.0)
    assert shown(timeline, later) == (pytest.approx(240.0), 60.0)
    assert (timeline.held_s, timeline.until_s) == (290.0, 300.0)
    timeline.live()
    assert shown(timeline, later) == (340.0, 60.0)
    assert timeline.held_s is None
    assert timeline.until_s == math.inf


def test_scrubbing_holds_and_goes_by_parts_of_what_is_seen() -> None:
    timeline = Timeline()
    timeline.scrub(-10, GOING)
    assert timeline.held_s == pytest.approx(294.0)
    timeline.scrub(5, GOING)
    assert timeline.held_s == pytest.approx(297.0)


@pytest.mark.parametrize("moment", [100.0, 20.0, 0.0, 299.0])
def test_a_held_moment_is_always_in_sight(moment: float) -> None:
    timeline = Timeline()
    timeline.hold(299.0, GOING)
    timeline.hold(moment, GOING)
    start, width = shown(timeline, GOING)
    assert start <= moment <= start + width


def test_a_moment_after_the_hold_can_be_reached_once_the_run_is_there() -> None:
    timeline = Timeline()
    timeline.hold(300.0, GOING)
    timeline.hold(350.0, Run(400.0, 600.0))
    assert (timeline.held_s, timeline.until_s) == (350.0, 350.0)
    timeline.hold(500.0, Run(400.0, 600.0))
    assert timeline.held_s == 400.0


def test_a_stretch_that_stands_still_moves_to_what_is_to_be_seen() -> None:
    timeline = Timeline()
    assert not timeline.bring_into_sight(100.0), "the run is followed"
    timeline.still = 200.0, 50.0
    assert not timeline.bring_into_sight(220.0)
    assert timeline.bring_into_sight(100.0)
    start, width = shown(timeline, GOING)
    assert (start < 100.0 < start + width, width) == (True, 50.0)


def test_zoom_while_following_keeps_the_newest_at_the_edge() -> None:
    timeline = Timeline()
    timeline.zoom(0.5, GOING)
    assert shown(timeline, GOING) == (270.0, 30.0)
    assert shown(timeline, Run(310.0, 600.0)) == (280.0, 30.0)
    timeline.zoom(100.0, GOING)
    assert shown(timeline, GOING)[1] == 300.0


@given(st.floats(0, 600), st.floats(0.05, 20), st.floats(0.5, 600))
def test_zoom_around_a_moment_keeps_it_in_place_and_inside_the_run(
    around_s: float, factor: float, width_s: float
) -> None:
    before = min(max(around_s - width_s / 2, 0.0), 600.0 - width_s)
    start, width = zoomed(before, width_s, factor, around_s, 600.0)
    assert start >= 0
    assert start + width <= 600.0 + 1e-6
    inside = start > 0 and start + width < 600.0
    if inside:
        assert (around_s - start) / width == pytest.approx((around_s - before) / width_s)


def test_zoom_while_held_is_around_the_held_moment() -> None:
    timeline = Timeline()
    timeline.hold(270.0, GOING)
    timeline.zoom(0.5, GOING)
    assert shown(timeline, GOING) == (pytest.approx(255.0), 30.0)
    assert timeline.held_s == 270.0


def test_the_whole_run_keeps_what_is_held() -> None:
    timeline = Timeline()
    timeline.hold(270.0, GOING)
    timeline.show_whole(GOING)
    assert shown(timeline, GOING) == (0.0, 600.0)
    assert timeline.held_s == 270.0
    timeline.live()
    timeline.show_whole(GOING)
    assert shown(timeline, GOING) == (0.0, 600.0)


def test_all_of_a_run_that_takes_longer_grows_in_round_steps() -> None:
    widths = {whole_end_s(Run(now_s, 30.0)) for now_s in range(31, 100)}
    assert widths == {40.0, 60.0, 80.0, 100.0}


def test_another_run_is_followed_from_its_start() -> None:
    timeline = Timeline()
    timeline.hold(270.0, GOING)
    timeline.reset()
    assert shown(timeline, Run(5.0, 30.0)) == (0.0, 30.0)


def test_what_the_display_shows_is_told_in_words() -> None:
    assert state_text(None, None, playing=False) == ""
    assert state_text(Run(20.1, 30.0), None, playing=False) == "Live, at 20.1 s"
    assert state_text(Run(20.1, 30.0), None, playing=True) == "Playing back, at 20.1 s"
    held = state_text(Run(20.1, 30.0), 12.3, playing=False)
    assert held == "HELD at 12.3 s, live is at 20.1 s"
    assert state_text(ENDED, None, playing=False) == "Ended at 10:00.0"
    assert state_text(ENDED, 12.3, playing=False) == "HELD at 12.3 s of 10:00.0"


# Bookmarks


def test_a_bookmark_is_numbered_as_it_was_set_and_found_by_its_time() -> None:
    marks = Bookmarks()
    for t_s in (20.0, 5.0, 12.0):
        marks.toggle(t_s)
    assert [(mark.number, mark.t_s) for mark in marks] == [(2, 5.0), (3, 12.0), (1, 20.0)]
    after, before = marks.after(5.0), marks.before(20.0)
    assert after is not None
    assert before is not None
    assert (after.t_s, before.t_s) == (12.0, 12.0)
    assert marks.after(20.0) is None
    assert marks.before(5.0) is None


def test_setting_one_again_takes_it_away() -> None:
    marks = Bookmarks()
    marks.toggle(5.0)
    assert marks.toggle(5.0 + SAME_S / 2) is None
    assert len(marks) == 0


def test_bookmarks_are_kept_with_the_run(tmp_path: Path) -> None:
    marks = Bookmarks()
    marks.toggle(5.25)
    marks.toggle(1.5)
    save(marks, tmp_path)
    assert list(load(tmp_path)) == list(marks)
    marks.toggle(5.25)
    marks.toggle(1.5)
    save(marks, tmp_path)
    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"bookmarks": 3}', '{"bookmarks": [{"number": 1}]}', "not json",
     '{"bookmarks": [{"number": 1, "t_s": "x"}]}', '{"bookmarks": [{"number": 1, "t_s": NaN}]}',
     '{"bookmarks": [{"number": 1, "t_s": -4}]}'],
)  # fmt: skip
def test_a_file_that_makes_no_sense_has_no_bookmarks(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    assert len(load(tmp_path)) == 0
    assert len(load(tmp_path / "nowhere")) == 0
