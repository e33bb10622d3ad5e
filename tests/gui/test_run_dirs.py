"""The newest runs are kept, and nothing else is ever deleted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench_gui.window.run_dirs import delete_old_lanes, delete_old_runs, make_room, new_run_dir

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def test_two_runs_of_one_second_have_two_directories(tmp_path: Path) -> None:
    first = new_run_dir(tmp_path, NOON, 7)
    first.mkdir()
    second = new_run_dir(tmp_path, NOON, 7)
    assert first.name == "20260504-120000-seed7"
    assert second != first


def test_only_the_oldest_runs_go(tmp_path: Path) -> None:
    runs = [new_run_dir(tmp_path, NOON + timedelta(minutes=m), 7) for m in range(23)]
    for run in runs:
        run.mkdir()
        (run / "run.db").touch()
    (tmp_path / "my notes").mkdir()
    assert delete_old_runs(tmp_path, keep=20) == runs[:3]
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(
        ["my notes", *(run.name for run in runs[3:])]
    )


def test_no_directory_yet_is_nothing_to_delete(tmp_path: Path) -> None:
    assert delete_old_runs(tmp_path / "none") == []


def test_only_the_newest_runs_keep_their_lanes(tmp_path: Path) -> None:
    runs = [new_run_dir(tmp_path, NOON + timedelta(minutes=m), 7) for m in range(4)]
    for run in runs:
        (run / "lanes" / "at-most-once").mkdir(parents=True)
        (run / "run.db").touch()
    (tmp_path / "lanes").mkdir()
    assert delete_old_lanes(tmp_path, keep=2) == [run / "lanes" for run in runs[:2]]
    assert [(run / "lanes").is_dir() for run in runs] == [False, False, True, True]
    assert all((run / "run.db").exists() for run in runs)
    assert (tmp_path / "lanes").is_dir()


def test_room_is_made_for_the_next_run(tmp_path: Path) -> None:
    runs = [new_run_dir(tmp_path, NOON + timedelta(minutes=m), 7) for m in range(22)]
    for run in runs:
        (run / "lanes").mkdir(parents=True)
    make_room(tmp_path)
    assert [run.is_dir() for run in runs] == [False] * 2 + [True] * 20
    assert [(run / "lanes").is_dir() for run in runs] == [False] * 20 + [True] * 2
