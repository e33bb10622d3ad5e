"""The results view: every column of summary.csv, each number the file's."""

from __future__ import annotations

import csv
import io
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from bench_gui.bench.recording.film import open_film
from bench_gui.bench.records.export import export_run
from bench_gui.bench.records.results import SUMMARY_COLUMNS, rows_now
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import RunState, Verdict
from bench_gui.window.grid.cells import Cell, Grid, Mark
from bench_gui.window.results_grid import SAID, file_text, grid_of
from bench_gui.window.results_view import ResultsView
from bench_gui.window.run_model import RunModel
from bench_gui.window.session import Phase
from bench_gui.window.views import View
from tests.gui.conftest import Opened
from tests.gui.fake_client import FakeClient
from tests.gui.pressing import click, press, text_of
from tests.process.bench_runs import start
from tests.values import summary


def cell(grid: Grid, name: str, line: int = 0) -> Cell:
    return grid.lines[line].cells[[said.name for said in SAID].index(name)]


def test_every_column_of_the_file_is_there_once() -> None:
    assert sorted(said.name for said in SAID) == sorted(SUMMARY_COLUMNS)


def test_each_column_says_what_it_means_and_its_name_in_the_file() -> None:
    for column in grid_of([summary()], {}).columns:
        assert column.tip.endswith(f"<i>{column.key}</i> in summary.csv")
        assert len(column.tip) > len(column.key) + 30


@pytest.mark.parametrize(
    ("lane", "changes", "name", "text", "mark"),
    [
        ("at-most-once", {"lost": 1234}, "lost", "1,234 expected", Mark.EXPECTED),
        ("exactly-once", {"lost": 3}, "lost", "3 \N{MULTIPLICATION X} forbidden", Mark.FORBIDDEN),
        ("at-least-once", {"duplicates": 5}, "duplicates", "5 expected", Mark.EXPECTED),
        ("at-most-once", {"duplicates": 5}, "duplicates", "5 \N{MULTIPLICATION X} forbidden",
         Mark.FORBIDDEN),
        ("at-most-once", {"unattributed": 1}, "unattributed",
         "1 \N{MULTIPLICATION X} forbidden", Mark.FORBIDDEN),
        ("exactly-once", {}, "lost", "0", Mark.CALM),
        ("exactly-once", {"latency_p50_ns": 1_480_000}, "latency_p50_ns", "1.48", Mark.PLAIN),
        ("exactly-once", {"latency_p50_ns": None}, "latency_p50_ns", "\N{EN DASH}", Mark.PLAIN),
        ("exactly-once", {"rate_target_eps": None}, "rate_target_eps", "closed loop", Mark.PLAIN),
        ("exactly-once", {"verdict": "BROKEN"}, "verdict", "\N{MULTIPLICATION X} BROKEN",
         Mark.FORBIDDEN),
        ("exactly-once", {"verdict": "NOT TESTED"}, "verdict", "? NOT TESTED", Mark.PLAIN),
        ("exactly-once", {"verdict": "HOLDS"}, "verdict", "\N{CHECK MARK} HOLDS", Mark.PLAIN),
        ("exactly-once", {"verdict": "..."}, "verdict", "pending", Mark.PLAIN),
    ],
)  # fmt: skip
def test_what_a_lane_allows_is_expected_and_what_it_forbids_is_marked(
    lane: str, changes: dict[str, object], name: str, text: str, mark: Mark
) -> None:
    found = cell(grid_of([summary(lane, **changes)], {}), name)
    assert (found.text, found.mark) == (text, mark)


def test_values_that_are_not_there_are_sorted_last() -> None:
    rows = [summary(latency_p50_ns=None), summary("exactly-once", latency_p50_ns=5)]
    orders = [cell(grid_of(rows, {}), "latency_p50_ns", line).order for line in range(2)]
    assert orders == [float("inf"), 5.0]


def test_the_verdict_says_why() -> None:
    grid = grid_of([summary()], {"at-least-once": "nothing forbidden < seen"})
    assert cell(grid, "verdict").tip.endswith("<br>nothing forbidden &lt; seen")


def read(text: str, **how: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text), **how))  # type: ignore[arg-type]


def test_live_values_and_then_the_last_ones(
    open_window: Opened, client: FakeClient, qtbot: QtBot
) -> None:
    client.speed = 4.0
    window = open_window(RunSettings(duration_s=20))
    press(window, Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    assert window.views.view is View.RESULTS
    click(window, "start")
    qtbot.waitUntil(lambda: bool(window.results.table.model.grid.lines))
    assert cell(window.results.table.model.grid, "verdict").text == "pending"
    assert text_of(window, "results-sentence").startswith("Now, ")
    client.speed = 200.0
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    assert text_of(window, "results-sentence").startswith("Final: ")
    window.results.table.copy()
    latest = window.session.model.latest
    assert latest is not None
    copied = read(QGuiApplication.clipboard().text(), delimiter="\t")
    assert [row["lane"] for row in copied] == list(latest.lanes)
    for row, lane in zip(copied, latest.lanes.values(), strict=True):
        counts = lane.counts
        assert int(row["lost"]) == counts.lost
        assert int(row["duplicates"]) == counts.duplicates
        assert int(row["offered"]) == counts.offered
        assert int(row["delivered_unique"]) == counts.delivered_unique > 0
        assert row["verdict"] == lane.verdict.value


def test_a_run_cut_off_and_one_that_disagrees_say_so(qtbot: QtBot) -> None:
    view, model = ResultsView(), RunModel()
    qtbot.addWidget(view)
    client = FakeClient()
    client.start(RunSettings(duration_s=2), Path())
    (snapshot,) = client.poll()
    model.latest = replace(snapshot, state=RunState.CUT_OFF)
    view.show_numbers(model)
    view.show()
    assert "cut off" in view.sentence_of(model.latest)
    assert cell(view.table.model.grid, "verdict").text == "? NOT TESTED"
    broken = replace(snapshot, disagreement="event 3 differs")
    assert view.sentence_of(broken).endswith("event 3 differs")


def test_each_cell_of_a_real_run_is_what_the_exported_file_says(tmp_path: Path) -> None:
    settings = RunSettings(duration_s=3, kill_every_s=0.4, rate_eps=500, drain_timeout_s=600)
    run = start(tmp_path / "run", settings)
    last = run.watch_to_the_end()
    run.client.close()
    assert last.lanes["at-most-once"].verdict is not Verdict.PENDING
    export_run(run.run_dir, tmp_path)
    with closing(open_film(run.run_dir)) as film:
        played = film.read(-1, len(film.times_s) - 1)
    assert rows_now(played, settings) == rows_now(last, settings), "a play-back ends alike"
    file = read((tmp_path / "summary.csv").read_text(encoding="utf-8"))
    grid = grid_of(rows_now(last, settings), {})
    copied = read(grid.tabbed(range(len(grid.lines))), delimiter="\t")
    assert copied == file
    for line, row in zip(grid.lines, file, strict=True):
        for said, shown in zip(SAID, line.cells, strict=True):
            assert shown.copied == row[said.name]
            if isinstance(shown.order, float) and shown.order != float("inf"):
                assert shown.order == pytest.approx(float(row[said.name]), abs=1e-6)
                value = float(row[said.name]) if "." in row[said.name] else int(row[said.name])
                assert shown.text.split()[0] == said.show(value).split()[0]


@pytest.mark.parametrize(
    ("value", "text"), [(None, ""), (3, "3"), (0.1 + 0.2, "0.3"), (2.0, "2.0"), ("off", "off")]
)
def test_a_value_is_written_as_in_the_file(value: float | str | None, text: str) -> None:
    assert file_text(value) == text
