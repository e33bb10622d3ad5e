"""The exported files: exactly the specified columns, readable without cleaning."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.metrics import LatencyHistogram
from bench_gui.bench.progress import Cancelled
from bench_gui.bench.records.atomic_file import written_together
from bench_gui.bench.records.export import csv_text, export_run
from bench_gui.bench.records.results import SUMMARY_COLUMNS
from bench_gui.bench.records.store import RunStore
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import Verdict
from tests.bench.test_store import create
from tests.values import anomaly, fault, sample, summary

HEADERS = {
    "summary.csv": ",".join(SUMMARY_COLUMNS),
    "timeseries.csv": "t_s,lane,offered_eps,appended_eps,delivered_eps,lag,in_flight,lost_total,"
    "duplicates_total,suppressed_total,latency_p50_ns,latency_p99_ns,latency_max_ns,producers_up,"
    "consumers_up,blocked_ms,cpu_total_s,written_total_bytes",
    "faults.csv": "fault_id,t_s,lane,kind,role,slot,incarnation,pid,after_step,before_step,"
    "recovery_ms,lost_caused,duplicates_caused",
    "anomalies.csv": "anomaly_id,lane,kind,slot,first_sequence,last_sequence,count,partition,"
    "first_offset,last_offset,fault_id,explanation",
}


@pytest.fixture
def run_dir(tmp_path: Path) -> Path:
    """A run of which not everything is known: its bench is gone."""
    directory = tmp_path / "run"
    directory.mkdir()
    store = create(directory)
    store.add_samples([sample(t_s=0.1 + 0.2)])
    store.put_faults([fault(), fault(fault_id=2, recovery_ms=None)])
    store.put_anomalies([anomaly(explanation='killed, "after" it\nstarted é')])
    store.put_summary([summary()])
    store.close()
    return directory


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_columns_are_the_specified_ones(run_dir: Path, tmp_path: Path) -> None:
    paths = export_run(run_dir, tmp_path / "new" / "out")
    assert {path.name: path.read_text("utf-8").split("\n")[0] for path in paths} == HEADERS


def test_values_come_back(run_dir: Path, tmp_path: Path) -> None:
    export_run(run_dir, tmp_path)
    assert rows(tmp_path / "faults.csv")[1]["recovery_ms"] == ""
    assert rows(tmp_path / "faults.csv")[0]["after_step"] == "effect-applied"
    assert rows(tmp_path / "anomalies.csv")[0]["explanation"] == 'killed, "after" it\nstarted é'
    assert rows(tmp_path / "timeseries.csv")[0]["t_s"] == "0.3"
    assert rows(tmp_path / "timeseries.csv")[0]["latency_p50_ns"] == ""
    assert rows(tmp_path / "summary.csv")[0]["delivered_unique"] == "60000"


def test_a_lane_with_a_histogram_has_its_percentiles(tmp_path: Path) -> None:
    store = create(tmp_path)
    histogram = LatencyHistogram()
    store.set_lane("at-least-once", Verdict.HOLDS, "why", histogram.to_json())
    store.close()
    names = [path.name for path in export_run(tmp_path, tmp_path)]
    assert names[-1] == "latency-at-least-once.hgrm"
    assert "Percentile" in (tmp_path / names[-1]).read_text("utf-8")


def test_exporting_again_replaces_its_own_files_and_no_other(run_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "summary.csv").write_text("old")
    first = {path.name: path.read_bytes() for path in export_run(run_dir, tmp_path)}
    second = {path.name: path.read_bytes() for path in export_run(run_dir, tmp_path)}
    assert first == second
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert {path.name for path in tmp_path.iterdir()} == {*HEADERS, "notes.txt", "run"}


def test_a_file_is_there_whole_or_not_at_all(
    run_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "summary.csv").write_text("old")
    monkeypatch.setattr(os, "fdopen", full)
    with pytest.raises(EnvironmentProblem, match="No space left on device"):
        export_run(run_dir, tmp_path)
    assert (tmp_path / "summary.csv").read_text() == "old"
    assert {path.name for path in tmp_path.iterdir()} == {"summary.csv", "run"}


def test_a_stretch_of_time_cuts_what_has_a_time(tmp_path: Path) -> None:
    (tmp_path / "long").mkdir()
    store = RunStore.create(
        tmp_path / "long", RunSettings(), run_id="run-2", start_ns=1, started_at_iso="",
        command_line="", bench_pid=1,
    )  # fmt: skip
    store.add_samples([sample(t_s=second / 2) for second in range(1, 21)])
    store.put_faults([fault(fault_id=number, t_s=float(number)) for number in range(1, 11)])
    store.put_anomalies(
        [anomaly(anomaly_id=number, fault_id=number) for number in range(1, 11)]
        + [anomaly(anomaly_id=11, fault_id=None)]
    )
    store.put_summary([summary()])
    store.close()
    export_run(tmp_path / "long", tmp_path / "cut", (2.0, 4.0))
    export_run(tmp_path / "long", tmp_path / "whole")
    cut, whole = tmp_path / "cut", tmp_path / "whole"
    assert [row["t_s"] for row in rows(cut / "timeseries.csv")] == [
        "2.0",
        "2.5",
        "3.0",
        "3.5",
        "4.0",
    ]
    assert [row["fault_id"] for row in rows(cut / "faults.csv")] == ["2", "3", "4"]
    assert [row["fault_id"] for row in rows(cut / "anomalies.csv")] == ["2", "3", "4", ""]
    assert len(rows(whole / "anomalies.csv")) == 11
    assert (cut / "summary.csv").read_text() == (whole / "summary.csv").read_text()


def test_a_cancelled_export_leaves_nothing(run_dir: Path, tmp_path: Path) -> None:
    """However late it is cancelled."""

    class Impatient:
        def __init__(self, patience: int) -> None:
            self.told = 0
            self.patience = patience

        def __call__(self, share: float) -> None:
            assert 0 <= share <= 1
            self.told += 1
            if self.told > self.patience:
                raise Cancelled

    out = tmp_path / "new" / "out"
    patience, over = 0, False
    while not over:
        try:
            export_run(run_dir, out, progress=Impatient(patience))
            over = True
        except Cancelled:
            assert not (tmp_path / "new").exists()
            patience += 1
    assert patience > 1
    assert {path.name for path in out.iterdir()} == set(HEADERS)


def test_files_that_belong_together_appear_together(tmp_path: Path) -> None:
    def breaking() -> Iterator[str]:
        yield "a"
        raise EnvironmentProblem("the source is gone")

    def write_both() -> None:
        with written_together() as write:
            write(tmp_path / "a" / "one", ["1"])
            write(tmp_path / "a" / "two", breaking())

    with pytest.raises(EnvironmentProblem, match="gone"):
        write_both()
    assert list(tmp_path.iterdir()) == []
    with written_together() as write:
        write(tmp_path / "a" / "one", ["1", "2"])
        assert not (tmp_path / "a" / "one").exists()
    assert (tmp_path / "a" / "one").read_text() == "12"


def test_no_run_is_the_environments_fault(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="holds no run"):
        export_run(tmp_path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_line_ends_are_the_same_everywhere() -> None:
    assert csv_text(["fault_id", "text"], [fault(text="a")]) == "fault_id,text\n1,a\n"
