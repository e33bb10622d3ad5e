"""The table at the end of a headless run, and the progress line."""

from __future__ import annotations

import re

from bench_gui.bench.records.table import WIDTH, progress_line, result_table
from bench_gui.bench.snapshot import (
    LaneCounts,
    LaneSnapshot,
    RunSnapshot,
    RunState,
    Verdict,
)
from tests.values import summary
from workers.lanes import LANES

ROWS = [summary(lane.slug) for lane in LANES]


def line_of(table: str, label: str) -> list[str]:
    """The cells of one line, block by block."""
    lines = [line for line in table.splitlines() if line.strip().startswith(label)]
    return [cell for line in lines for cell in re.split(r"\s{2,}", line.strip())[1:]]


def test_every_lane_has_a_column() -> None:
    table = result_table(ROWS)
    assert line_of(table, "lane") == [lane.slug for lane in LANES]
    assert line_of(table, "offered") == ["60,000"] * len(LANES)
    assert line_of(table, "latency p99") == ["3.00 ms"] * len(LANES)


def test_what_the_lane_allows_is_expected_and_the_rest_is_not() -> None:
    table = result_table(
        [
            summary("at-most-once", lost=1892, duplicates=1),
            summary("at-least-once", lost=3, duplicates=310),
        ]
    )
    assert line_of(table, "lost") == ["1,892 expected", "3 FORBIDDEN"]
    assert line_of(table, "duplicates") == ["1 FORBIDDEN", "310 expected"]


def test_it_fits_in_the_width_with_large_numbers_and_many_lanes() -> None:
    big = dict.fromkeys(("offered", "lost", "duplicates", "suppressed"), 999_999_999)
    rows = [summary(lane.slug, **big) for lane in LANES] * 2
    table = result_table(rows, {lane.slug: "a reason of many words " * 9 for lane in LANES})
    assert max(map(len, table.splitlines())) <= WIDTH


def test_columns_are_aligned() -> None:
    for block in result_table(ROWS).split("\n\n"):
        assert len({len(line) for line in block.splitlines() if line}) == 1


def test_time_in_doubt_is_shown_where_something_was_prepared() -> None:
    rows = [summary("exactly-once"), summary("two-phase-commit", blocked_ms=1234.56)]
    assert line_of(result_table(rows), "blocked") == ["1,234.6 ms"]


def test_lines_without_a_number_are_left_out() -> None:
    assert "phantoms" not in result_table(ROWS)
    assert "phantoms" in result_table([summary(phantoms=1), summary()])


def test_an_unknown_latency_is_a_dash() -> None:
    assert line_of(result_table([summary(latency_p50_ns=None)]), "latency p50") == ["-"]


def test_reasons_stand_below() -> None:
    table = result_table([summary()], {"at-least-once": "29 faults landed, 12 could hurt"})
    assert table.endswith("at-least-once: HOLDS. 29 faults landed, 12 could hurt\n")


def snapshot() -> RunSnapshot:
    lane = LaneSnapshot(
        slug="at-most-once",
        counts=LaneCounts(lost_before_log=900, lost_after_log=100),
        lag=0,
        delivered_eps=0.0,
        latency_p50_ns=None,
        latency_p99_ns=None,
        latency_max_ns=None,
        workers=(),
        faults_in_window=0,
        verdict=Verdict.PENDING,
        verdict_reason="",
    )
    return RunSnapshot("run-1", RunState.RUNNING, 12.34, 7, {"at-most-once": lane})


def test_the_progress_line() -> None:
    line = progress_line(snapshot(), 30.0)
    assert line == "running 12.3 s of 30 s; lost/duplicates: at-most-once 1,000/0"
    assert progress_line(snapshot(), 30.0, width=20) == "running 12.3 s of..."
