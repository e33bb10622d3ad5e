"""The command line's `explain`, and `export` of histories: words, exit codes, and nothing half."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench_gui.cli import main
from tests.bench.kept_run import KeptRun

P1, C1 = 1, 2


@pytest.fixture
def run(tmp_path: Path) -> Iterator[KeptRun]:
    """One event of at-least-once, delivered; the run was cut off."""
    made = KeptRun(tmp_path / "run", "at-least-once")
    made.started(P1, "producer")
    made.started(C1, "consumer")
    made.world.append(0, 0, 1, P1)
    made.world.apply(0, 0, 1, C1)
    yield made
    made.close()


def explain(run: KeptRun, *arguments: str, lane: str = "at-least-once", event: str = "0:0") -> int:
    return main(["explain", str(run.run_dir), "--lane", lane, "--event", event, *arguments])


def export(run: KeptRun, out: Path, *arguments: str) -> int:
    return main(["export", str(run.run_dir), "--out", str(out), *arguments])


def refused(capsys: pytest.CaptureFixture[str], code: int) -> str:
    shown = capsys.readouterr()
    assert (code, shown.out) == (2, "")
    assert shown.err.count("\n") == 1
    return shown.err


def test_a_life_is_told(run: KeptRun, capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(run) == 0
    said = capsys.readouterr().out
    assert said.startswith("event 0:0 of at-least-once in run-1: delivered once\n")
    assert "consumer 0 (generation 1, pid 1002)  clicks 0 @ 0  applied" in said
    assert "was cut off" in said.splitlines()[-1]


def test_a_life_as_json(run: KeptRun, capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(run, "--json") == 0
    assert json.loads(capsys.readouterr().out)["fate"] == "delivered once"


@pytest.mark.parametrize(
    ("lane", "event", "part"),
    [
        ("at-most-once", "0:0", "has no lane 'at-most-once'; its lanes are at-least-once"),
        ("at-least-once", "5", "'5' names no event; write SLOT:SEQ"),
        ("at-least-once", "0:999", "never existed"),
        ("at-least-once", "7:0", "no source slot 7"),
    ],
)
def test_what_cannot_be_explained_is_one_line(
    run: KeptRun, capsys: pytest.CaptureFixture[str], lane: str, event: str, part: str
) -> None:
    assert part in refused(capsys, explain(run, lane=lane, event=event))


def test_no_run_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["explain", str(tmp_path / "x"), "--lane", "at-least-once", "--event", "0:0"]
    assert "is not there" in refused(capsys, main(arguments))
    arguments[1] = str(tmp_path)
    assert "holds no run" in refused(capsys, main(arguments))


@pytest.mark.parametrize(
    ("form", "name"),
    [("jepsen", "at-least-once.edn"), ("jsonl", "at-least-once/producer-0.jsonl")],
)
def test_histories_are_exported(
    run: KeptRun, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str, name: str
) -> None:
    out = tmp_path / "out"
    assert export(run, out, "--format", form) == 0
    shown = capsys.readouterr()
    assert str(out / name) in shown.out.splitlines()
    assert (out / name).read_text("utf-8")
    assert "was cut off" in shown.err


def test_one_lane_may_be_one_file(run: KeptRun, tmp_path: Path) -> None:
    out = tmp_path / "one.edn"
    assert export(run, out, "--format", "jepsen", "--lane", "at-least-once") == 0
    assert out.is_file()


def test_tables_stay_the_default(run: KeptRun, tmp_path: Path) -> None:
    assert export(run, tmp_path / "a") == export(run, tmp_path / "b", "--format", "csv") == 0
    names = [sorted(path.name for path in (tmp_path / d).iterdir()) for d in "ab"]
    assert names[0] == names[1]
    assert "summary.csv" in names[0]


def test_what_cannot_be_exported_writes_nothing(
    run: KeptRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    code = export(run, out, "--format", "jepsen", "--lane", "two-phase-commit")
    assert "has no lane 'two-phase-commit'" in refused(capsys, code)
    assert "goes with --format" in refused(capsys, export(run, out, "--lane", "at-least-once"))
    run.world.close()
    run.world.files.clicks.unlink()
    code = export(run, out, "--format", "jsonl")
    assert "run with --keep-data" in refused(capsys, code)
    assert not out.exists()
