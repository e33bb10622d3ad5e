"""A locked, read-only or vanished file ends the run in one clear sentence, and what was measured is
kept. A full disk is in `test_endings`."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bench_gui.bench.records.store import RunStore
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import RunSnapshot, RunState
from tests.process.bench_runs import Watched, alive, start, wait_until
from workers.lanes import Role

ROOT = Path(__file__).parents[2]
LANE = "at-least-once"
SETTINGS = RunSettings(lanes=(LANE,), duration_s=120, kill_every_s=None)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Watched]:
    """A run that goes on, with some of it stored already; ended with the test."""
    started = start(tmp_path / "run", SETTINGS)
    started.watch_until(running)
    yield started
    started.client.close()
    assert not [pid for pid in started.pids() if alive(pid)]


def running(snapshot: RunSnapshot) -> bool:
    return snapshot.state is RunState.RUNNING and snapshot.t_s > 2


def lane_file(run: Watched, name: str) -> Path:
    return run.run_dir / "lanes" / LANE / name


def failed_in_one_sentence(run: Watched) -> str:
    """The sentence with which the run failed; it kept what was measured and left no process."""
    last = run.watch_to_the_end()
    assert last.state is RunState.FAILED
    assert "\n" not in last.message
    wait_until(lambda: not any(alive(pid) for pid in run.pids()))
    with closing(RunStore.open(run.run_dir)) as stored:
        assert stored.samples()
        assert [row.lane for row in stored.summary()] == [LANE]
    return last.message


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another program holds the file's write lock."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=60)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def read_only(path: Path) -> Iterator[None]:
    """The file or directory is on a read-only mount, which binds root too."""
    made = subprocess.run(["mount", "--bind", path, path], check=False, capture_output=True)
    if made.returncode:
        pytest.skip("only root may mount")
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", path], check=True)
        yield
    finally:
        subprocess.run(["umount", "--lazy", path], check=True)


@pytest.mark.parametrize("name", ["sink.db", "clicks.db"])
def test_a_lanes_database_that_stays_locked(run: Watched, name: str) -> None:
    with locked(lane_file(run, name)):
        said = failed_in_one_sentence(run)
    assert said == f"the lane {LANE} could not go on: {name} is locked by another program"


def test_a_lock_that_passes_is_waited_for(run: Watched) -> None:
    with locked(lane_file(run, "sink.db")):
        held_s = run.last.t_s + 1.5
        run.watch_until(lambda now: now.t_s > held_s)
    run.client.stop()
    last = run.watch_to_the_end()
    assert last.state is RunState.COMPLETE, last.message
    counts = last.lanes[LANE].counts
    assert counts.delivered_unique == counts.offered


def test_a_run_db_that_stays_locked(run: Watched) -> None:
    with locked(run.run_dir / "run.db"):
        last = run.watch_to_the_end()
        assert last.state is RunState.FAILED
        assert "run.db: another program holds it locked; close that program" in last.message
        run.client.close()
    with closing(RunStore.open(run.run_dir)) as stored:
        assert stored.samples()
        assert stored.state is RunState.CUT_OFF, "its end could not be written"


@pytest.mark.parametrize(
    ("name", "role", "said"),
    [
        ("sink.db", Role.CONSUMER, "sink.db: the file or its directory is read-only"),
        ("clicks.db", Role.PRODUCER, "clicks.db: the file or its directory is read-only"),
        ("flight", Role.CONSUMER, "Read-only file system"),
        ("orders", Role.PRODUCER, "Read-only file system"),
    ],
)
def test_a_file_that_became_read_only(run: Watched, name: str, role: Role, said: str) -> None:
    with read_only(lane_file(run, name)):
        run.client.kill(role)
        assert said in failed_in_one_sentence(run)


def test_a_read_only_place_for_the_run_is_refused_before_it_starts(tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    (place / "empty").mkdir()
    with read_only(place):
        for out in (place / "new", place / "empty"):
            done = subprocess.run(
                [sys.executable, "main.py", "run", "--duration", "1s", "--out", out],
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=False,
            )
            assert (done.returncode, done.stdout) == (2, "")
            assert done.stderr.count("\n") == 1
            assert "cannot be used" in done.stderr
    assert {path.name for path in place.iterdir()} == {"empty"}
