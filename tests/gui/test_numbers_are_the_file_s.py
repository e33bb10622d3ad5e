"""The numbers on the screen are those that are stored, at every stage of a real run.

Running (held at a moment), ended, played back and cut off: counters, facts, results and links as
they stand in the widgets, against the recording's frame or the exported summary.csv.
"""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bench_gui.bench.client import BenchClient
from bench_gui.bench.recording.film import open_film
from bench_gui.bench.records.export import csv_text, export_run
from bench_gui.bench.records.results import SUMMARY_COLUMNS, rows_now
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import RunSnapshot, RunState, Verdict
from bench_gui.window.command_table import Command
from bench_gui.window.grid.page import TablePage
from bench_gui.window.main_window import MainWindow
from bench_gui.window.session import Phase
from bench_gui.window.views import View
from tests.gui.pressing import number_of, text_of

SETTINGS = RunSettings(
    duration_s=4.0, kill_every_s=0.3, rate_eps=400, drain_timeout_s=600.0, seed=3
)
PATIENCE_S = 90.0
COUNTS = {
    "lost": "lost",
    "duplicates": "duplicates",
    "suppressed": "suppressed",
    "delivered": "delivered_unique",
    "in-flight": "in_flight",
}
"""Names of the numbers on the screen, and in the file."""

Rows = list[dict[str, str]]


@dataclass
class Seen:
    """What stood on the screen at a stage.

    Fields:
        counts: by lane and the name in the file. results, links: as copied from the tables.
        shown: the lines of the results as they are to be read. verdicts: by lane.
        clock: of the console.
    """

    counts: dict[str, dict[str, int]]
    results: Rows
    shown: list[str]
    links: Rows
    verdicts: dict[str, str]
    clock: str
    sentence: str


@dataclass
class Stages:
    """A run at each stage, and what is stored of it."""

    held: Seen
    frame: RunSnapshot
    ended: Seen
    played: Seen
    file: Rows
    cut: Seen
    cut_frame: RunSnapshot


def wait_for(condition: Callable[[], bool]) -> None:
    """While the window goes on living."""
    deadline_s = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline_s, "the condition never came true"
        QTest.qWait(10)


def copied(page: TablePage) -> Rows:
    return list(csv.DictReader(io.StringIO(page.table.copied([])), delimiter="\t"))


def look(window: MainWindow) -> Seen:
    """Every number that is told, from where it is told."""
    for view in (View.LINKS, View.RESULTS, View.PIPELINES):
        window.views.show_view(view)
    table = window.results.table.sorted
    lines = [
        " ".join(str(table.index(row, column).data()) for column in range(table.columnCount()))
        for row in range(table.rowCount())
    ]
    counts = {
        slug: {field: number_of(window, f"{name}-{slug}") for name, field in COUNTS.items()}
        for slug in SETTINGS.lanes
    }
    verdicts = {slug: text_of(window, f"verdict-{slug}") for slug in SETTINGS.lanes}
    return Seen(
        counts, copied(window.results), lines, copied(window.links), verdicts,
        text_of(window, "run-clock"), text_of(window, "results-sentence"),
    )  # fmt: skip


def until_ended(window: MainWindow) -> None:
    wait_for(lambda: window.session.phase is Phase.ENDED)


def run_until(window: MainWindow, t_s: float) -> Path:
    window.start()
    wait_for(lambda: window.session.model.now_s > t_s)
    assert window.session.run_dir is not None
    return window.session.run_dir


def has_delivered(snapshot: RunSnapshot | None) -> bool:
    """In every lane."""
    lanes = snapshot.lanes.values() if snapshot is not None else ()
    return all(lane.counts.delivered_unique for lane in lanes)


def frame_at(run_dir: Path, t_s: float) -> RunSnapshot:
    """The recording's frame of a moment."""
    with closing(open_film(run_dir)) as film:
        place = min(range(len(film.times_s)), key=lambda at: abs(film.times_s[at] - t_s))
        return film.read(-1, place)


@pytest.fixture(scope="module")
def stages(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stages]:
    """One run from its start to its play-back, and one that is cut off."""
    folder = tmp_path_factory.mktemp("numbers")
    store = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
    window = MainWindow(BenchClient(), store, folder / "runs", SETTINGS)
    window.show()
    run_dir = run_until(window, 0.5)
    model = window.session.model
    wait_for(lambda: has_delivered(model.latest))
    window.time.go(model.now_s)
    assert model.shown is not None
    held_s = model.shown.t_s
    wait_for(lambda: model.latest is not None and model.latest.t_s > held_s + 0.3)
    held = look(window)
    window.commands[Command.LIVE].trigger()
    until_ended(window)
    ended = look(window)
    window.replay.play(run_dir, 16.0)
    wait_for(lambda: window.session.phase is Phase.PLAYING)
    until_ended(window)
    played = look(window)
    export_run(run_dir, folder)
    file = list(csv.DictReader(io.StringIO((folder / "summary.csv").read_text(encoding="utf-8"))))
    cut_dir = run_until(window, 0.8)
    window.session.abort()
    until_ended(window)
    cut = look(window)
    yield Stages(held, frame_at(run_dir, held_s), ended, played, file, cut, frame_at(cut_dir, 1e9))
    window.close()


def equals_the_frame(seen: Seen, frame: RunSnapshot) -> None:
    for slug, lane in frame.lanes.items():
        stored = {field: getattr(lane.counts, field) for field in COUNTS.values()}
        assert seen.counts[slug] == stored, slug
        total = sum(link.counted for link in lane.links)
        assert int(seen.links[-1][f"{slug} counted"]) == total
    text = csv_text(SUMMARY_COLUMNS, rows_now(frame, SETTINGS))
    rows = list(csv.DictReader(io.StringIO(text)))
    for row in rows:
        row["verdict"] = row["verdict"].replace(Verdict.PENDING.value, "")
    assert seen.results == rows
    assert seen.clock == f"{frame.t_s:.1f} s"


def equals_the_file(seen: Seen, file: Rows) -> None:
    assert seen.results == file
    for row, line in zip(file, seen.shown, strict=True):
        slug = row["lane"]
        assert seen.counts[slug] == {field: int(row[field]) for field in COUNTS.values()}
        assert int(seen.links[-1][f"{slug} counted"]) == int(row["effects"])
        assert seen.verdicts[slug].endswith(row["verdict"])
        for field in (*COUNTS.values(), "offered", "appended", "effects"):
            assert f"{int(row[field]):,}" in line.split(), field
    assert sum(int(row["lost"]) + int(row["duplicates"]) for row in file) > 0


def test_while_it_runs_and_is_held_they_are_those_of_the_recording_s_frame(stages: Stages) -> None:
    equals_the_frame(stages.held, stages.frame)
    assert stages.frame.state is RunState.RUNNING
    assert has_delivered(stages.frame)
    assert stages.held.counts != stages.ended.counts


def test_once_it_has_ended_they_are_those_of_the_exported_file(stages: Stages) -> None:
    equals_the_file(stages.ended, stages.file)
    assert stages.ended.sentence.startswith("Final")


def test_played_back_they_are_those_of_the_exported_file(stages: Stages) -> None:
    equals_the_file(stages.played, stages.file)


def test_of_a_run_that_was_cut_off_they_are_those_of_the_last_frame(stages: Stages) -> None:
    equals_the_frame(stages.cut, stages.cut_frame)
    assert stages.cut_frame.state is RunState.CUT_OFF
    assert "cut off" in stages.cut.sentence
