"""A real measurement: real runs one after the other, stopped, and its processes killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.measure.client import MeasureClient
from bench_gui.bench.measure.figures import METRICS, MeasureResult, figures_of
from bench_gui.bench.measure.measurement import RUNNING_DIRECTORY
from bench_gui.bench.measure.records import MEASURE_DB, histogram_of, read_measurement
from bench_gui.bench.measure.settings import MeasureSettings
from bench_gui.bench.measure.snapshot import MeasureSnapshot, MeasureState
from bench_gui.bench.measure.texts import from_texts
from bench_gui.bench.metrics import LatencyHistogram
from tests.process.bench_runs import PATIENCE_S, alive, children_of, wait_until

ROOT = Path(__file__).parents[2]
TINY = {
    "lanes": "at-most-once,exactly-once",
    "rounds": "2",
    "duration": "1600ms",
    "warm-up": "300ms",
    "kill-every": "300ms",
}


@pytest.fixture
def clients() -> Iterator[list[MeasureClient]]:
    """Those that a test started; closed with it."""
    started: list[MeasureClient] = []
    yield started
    for client in started:
        client.close()


def start(
    clients: list[MeasureClient], directory: Path, settings: MeasureSettings
) -> MeasureClient:
    client = MeasureClient()
    clients.append(client)
    client.start(settings, directory)
    return client


def watch(
    client: MeasureClient, until: Callable[[MeasureSnapshot], bool] = lambda s: s.state.ended
) -> list[MeasureSnapshot]:
    """The snapshots up to one that fulfils `until`."""
    seen: list[MeasureSnapshot] = []

    def found() -> bool:
        seen.extend(client.wait(0.2))
        return any(map(until, seen)) or not client.running

    wait_until(found)
    assert any(map(until, seen)), (client.failure, seen[-1:])
    return seen


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[MeasureSnapshot]]]:
    """A tiny measurement, watched to its end."""
    directory = tmp_path_factory.mktemp("measured")
    client = MeasureClient()
    client.start(from_texts(TINY), directory)
    seen = watch(client)
    pid = client.bench_pid
    client.close()
    assert pid is not None
    assert not alive(pid)
    yield directory, seen
    shutil.rmtree(directory)


def result(whole: tuple[Path, list[MeasureSnapshot]]) -> MeasureResult:
    return read_measurement(whole[0])


def test_it_comes_to_its_end_and_nothing_is_wrong(
    whole: tuple[Path, list[MeasureSnapshot]],
) -> None:
    found = result(whole)
    assert (found.state, found.problems) == (MeasureState.COMPLETE, ())
    assert len(found.cells) == 2 * 2 * 2
    assert [path.name for path in whole[0].iterdir()] == [MEASURE_DB]


def test_every_run_has_all_its_figures(whole: tuple[Path, list[MeasureSnapshot]]) -> None:
    for cell in result(whole).cells:
        for metric in METRICS:
            value = getattr(cell, metric.name)
            if metric.name != "written_bytes_per_event" or sys.platform == "linux":
                assert value is not None, (cell, metric)
                assert value > 0, (cell, metric)


def test_kills_are_where_they_were_asked_for(whole: tuple[Path, list[MeasureSnapshot]]) -> None:
    for cell in result(whole).cells:
        assert (cell.kills > 0) == (cell.faults == "with"), cell


def test_percentiles_are_of_events_due_in_the_window_alone(
    whole: tuple[Path, list[MeasureSnapshot]],
) -> None:
    """1.6 s of 1,000 events a second; 1,900 were offered in all."""
    for cell in result(whole).cells:
        text = histogram_of(whole[0], cell.cell)
        assert text is not None
        count = LatencyHistogram.from_json(text).count
        assert 1600 - cell.lost <= count <= 1600, cell


def test_there_are_figures_of_every_lane(whole: tuple[Path, list[MeasureSnapshot]]) -> None:
    found = result(whole)
    figures = figures_of(found.settings, found.cells)
    assert {figure.lane for figure in figures.figures} == set(found.settings.run.lanes)
    assert all(figure.relative is not None for figure in figures.figures)


def test_it_tells_how_far_it_is(whole: tuple[Path, list[MeasureSnapshot]]) -> None:
    seen = whole[1]
    assert seen[-1].state is MeasureState.COMPLETE, seen[-1].message
    assert {snapshot.state for snapshot in seen} >= {
        MeasureState.WARMING_UP, MeasureState.MEASURING, MeasureState.COMPLETE,
    }  # fmt: skip
    assert [cell.cell for snapshot in seen for cell in snapshot.cells] == list(range(1, 9))
    assert {s.planned for s in seen if s.state is MeasureState.MEASURING} == {8}
    assert all(s.left_s is not None for s in seen)


def test_a_stop_keeps_the_runs_that_are_done(tmp_path: Path, clients: list[MeasureClient]) -> None:
    client = start(clients, tmp_path, from_texts({**TINY, "rounds": "50", "warm-up": "100ms"}))
    watch(client, lambda snapshot: snapshot.done >= 2)
    client.stop()
    watch(client)
    found = read_measurement(tmp_path)
    assert found.state is MeasureState.STOPPED
    assert len(found.cells) >= 2
    assert not (tmp_path / RUNNING_DIRECTORY).exists()


def in_the_middle_of_a_run(clients: list[MeasureClient], directory: Path) -> MeasureClient:
    client = start(clients, directory, from_texts({**TINY, "duration": "60s", "warm-up": "0"}))
    watch(client, lambda snapshot: snapshot.current_t_s > 0)
    return client


def test_killing_the_measurement_leaves_no_process_and_a_file_that_opens(
    tmp_path: Path, clients: list[MeasureClient]
) -> None:
    client = in_the_middle_of_a_run(clients, tmp_path)
    pid = client.bench_pid
    assert pid is not None
    family = children_of(pid)
    assert len(family) >= 4
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not any(map(alive, {pid, *family})))
    assert client.failure is not None or not client.running
    assert read_measurement(tmp_path).state is MeasureState.CUT_OFF
    client.close()
    assert not (tmp_path / RUNNING_DIRECTORY).exists()


@contextmanager
def program(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """`python main.py measure`, killed at the end in any case."""
    started = subprocess.Popen(
        [sys.executable, "main.py", "measure", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with started:
        try:
            yield started
        finally:
            started.kill()


def runs_done(directory: Path) -> int:
    try:
        return len(read_measurement(directory).cells)
    except EnvironmentProblem:
        return 0  # not there yet, or not all of it


def words_of(texts: dict[str, str]) -> list[str]:
    return [word for key, text in texts.items() for word in (f"--{key}", text)]


def test_ctrl_c_writes_what_is_done(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with program(*words_of({**TINY, "rounds": "50"}), "--out", str(out)) as measuring:
        wait_until(lambda: runs_done(out) >= 2)
        family = children_of(measuring.pid)
        measuring.send_signal(signal.SIGINT)
        said, errors = measuring.communicate(timeout=PATIENCE_S)
    assert measuring.returncode == 0, errors
    assert "are kept" in " ".join(said.split())
    assert {"measure.csv", "measure_rounds.csv", "measure.svg"} <= {p.name for p in out.iterdir()}
    wait_until(lambda: not any(map(alive, family)))


def test_killing_the_program_leaves_no_process(tmp_path: Path) -> None:
    out = tmp_path / "out"
    texts = {**TINY, "duration": "60s", "warm-up": "0"}
    with program(*words_of(texts), "--out", str(out)) as measuring:
        wait_until(lambda: len(children_of(measuring.pid)) >= 6)
        family = children_of(measuring.pid)
        measuring.kill()
        measuring.communicate()
    wait_until(lambda: not any(map(alive, family)))
    assert read_measurement(out).state is MeasureState.CUT_OFF
