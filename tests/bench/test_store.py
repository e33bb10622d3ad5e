"""run.db: what was put comes back, whatever happened to the process that put it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.incarnations import IncarnationEnd
from bench_gui.bench.records.run_tables import RUN_DB
from bench_gui.bench.records.store import RunStore
from bench_gui.bench.records.stored_run import IncarnationReader, StoredRun
from bench_gui.bench.settings import CommitInterval, RunSettings
from bench_gui.bench.snapshot import RunState, Verdict
from tests.values import anomaly, fault, sample, summary

SETTINGS = RunSettings(rate_eps=None, commit_interval=CommitInterval(records=50))
LANE = "at-least-once"


def create(run_dir: Path, bench_pid: int | None = None) -> RunStore:
    return RunStore.create(
        run_dir,
        SETTINGS,
        run_id="run-1",
        start_ns=1000,
        started_at_iso="2024-01-01T00:00:00+00:00",
        command_line="python main.py run",
        bench_pid=os.getpid() if bench_pid is None else bench_pid,
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RunStore]:
    made = create(tmp_path)
    yield made
    made.close()


@pytest.fixture
def run(store: RunStore, tmp_path: Path) -> Iterator[StoredRun]:
    opened = RunStore.open(tmp_path)
    yield opened
    opened.close()


def end(store: RunStore, incarnation: int, ended_ns: int, lane: str = LANE) -> None:
    store.start_incarnation(lane, incarnation, "consumer", 1, 1, 4711, 5)
    store.end_incarnation(
        lane,
        incarnation,
        first_step_ns=6,
        ended_ns=ended_ns,
        fault_id=3,
        acked_sequence=None,
        exit="killed",
    )


def test_records_come_back_as_they_were(store: RunStore, run: StoredRun) -> None:
    store.add_samples([sample(), sample(t_s=0.2)])
    store.put_faults([fault()])
    store.put_anomalies([anomaly(), anomaly(lane="at-most-once", partition=None)])
    store.put_summary([summary(rate_target_eps=None)])
    assert run.samples() == [sample(), sample(t_s=0.2)]
    assert run.faults() == [fault()]
    assert run.anomalies() == [anomaly(lane="at-most-once", partition=None), anomaly()]
    assert run.summary() == [summary(rate_target_eps=None)]


def test_a_record_that_becomes_known_better_replaces_the_earlier(
    store: RunStore, run: StoredRun
) -> None:
    store.put_faults([fault(recovery_ms=None), fault(fault_id=2)])
    store.put_faults([fault(recovery_ms=9.0)])
    store.put_anomalies([anomaly(), anomaly(lane="exactly-once")])
    store.put_anomalies([anomaly(count=65)])
    store.put_summary([summary()])
    store.put_summary([summary(lost=1)])
    assert run.faults() == [fault(recovery_ms=9.0), fault(fault_id=2)]
    assert run.anomalies() == [anomaly(count=65), anomaly(lane="exactly-once")]
    assert run.summary() == [summary(lost=1)]


def test_the_run_says_what_it_was(store: RunStore, run: StoredRun, tmp_path: Path) -> None:
    store.set_state(RunState.COMPLETE, sources_end_ns=99, disagreement="live 1, final 2")
    store.set_lane(LANE, Verdict.BROKEN, "an event was lost", '{"a": 1}')
    after = StoredRun(tmp_path)
    assert (after.run_id, after.settings) == ("run-1", SETTINGS)
    assert (after.state, after.cut_off) == (RunState.COMPLETE, None)
    assert after.disagreement == "live 1, final 2"
    assert after.columns["sources_end_ns"] == 99
    assert after.columns["rate_eps"] is None
    lane = next(lane for lane in after.lanes() if lane["slug"] == LANE)
    assert (lane["name"], lane["verdict"]) == ("At-least-once", "BROKEN")
    assert (lane["reason"], lane["histogram"]) == ("an event was lost", '{"a": 1}')
    assert [lane["slug"] for lane in after.lanes()] == list(SETTINGS.lanes)
    after.close()


def test_the_auditor_sees_ends_from_a_moment_on(store: RunStore, tmp_path: Path) -> None:
    reader = IncarnationReader(tmp_path)
    store.start_incarnation(LANE, 9, "consumer", 0, 1, 1, 1)
    end(store, 1, 10)
    end(store, 2, 20)
    end(store, 1, 30, "exactly-once")
    assert {
        lane: [e.incarnation for e in ends] for lane, ends in reader.ended_since(20).items()
    } == {
        LANE: [2],
        "exactly-once": [1],
    }
    assert reader.ended_since(30)["exactly-once"] == [IncarnationEnd(1, "consumer", 1, 30, 3, None)]
    assert not reader.ended_since(31)
    reader.close()


def test_a_failed_call_changes_nothing(store: RunStore, run: StoredRun) -> None:
    bad = replace(fault(fault_id=2), text=object())  # type: ignore[arg-type]
    with pytest.raises(Exception, match="not supported"):
        store.put_faults([fault(), bad])
    assert run.faults() == []
    store.put_faults([fault()])
    assert run.faults() == [fault()]


def test_a_full_disk_is_the_environments_fault(store: RunStore, run: StoredRun) -> None:
    store._database.conn.execute("PRAGMA max_page_count = 1")
    with pytest.raises(EnvironmentProblem, match="the disk is full; free some space"):
        store.add_samples([sample()] * 5000)
    assert run.samples() == []


def test_a_locked_database_is_the_environments_fault(store: RunStore, tmp_path: Path) -> None:
    import sqlite3

    other = sqlite3.connect(tmp_path / RUN_DB, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    store._database.conn.execute("PRAGMA busy_timeout = 1")
    with pytest.raises(EnvironmentProblem, match="holds it locked"):
        store.put_faults([fault()])
    other.close()


def test_two_runs_do_not_share_a_directory(store: RunStore, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="choose another directory"):
        create(tmp_path)


def test_no_directory(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="cannot be opened"):
        create(tmp_path / "none")
    with pytest.raises(EnvironmentProblem, match="holds no run"):
        StoredRun(tmp_path / "none")


def test_a_run_that_is_being_read_closes_and_stays_readable(tmp_path: Path) -> None:
    store = create(tmp_path)
    reader = StoredRun(tmp_path)
    with reader._database.conn:
        reader._database.conn.execute("BEGIN")
        reader.faults()
        store.close()
    assert reader.faults() == []
    reader.close()


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 100])
def test_another_file_is_no_run(tmp_path: Path, content: bytes) -> None:
    (tmp_path / RUN_DB).write_bytes(content)
    with pytest.raises(EnvironmentProblem, match=RUN_DB):
        StoredRun(tmp_path)


def test_a_running_run_is_not_cut_off(store: RunStore, run: StoredRun) -> None:
    assert (run.state, run.cut_off) == (RunState.STARTING, None)


def test_another_process_with_the_benchs_pid_is_not_the_bench(
    store: RunStore, tmp_path: Path
) -> None:
    store.set_state(RunState.RUNNING, bench_token="an earlier process")
    run = StoredRun(tmp_path)
    assert run.state is RunState.CUT_OFF
    run.close()


def test_an_aborted_run_says_that_it_was_cut_off(store: RunStore, tmp_path: Path) -> None:
    store.set_state(RunState.CUT_OFF)
    run = StoredRun(tmp_path)
    assert run.cut_off is not None
    run.close()


WRITE_UNTIL_KILLED = """
import sys
from pathlib import Path
from bench_gui.bench.snapshot import RunState
from tests.bench.test_store import create
from tests.values import fault
store = create(Path(sys.argv[1]))
store.set_state(RunState.RUNNING)
store.put_faults([fault()])
print("ready", flush=True)
number = 2
while True:
    store.put_faults([fault(fault_id=number), fault(fault_id=number + 1)])
    number += 2
"""


def test_a_run_whose_bench_was_killed_opens_and_says_so(tmp_path: Path) -> None:
    bench = subprocess.Popen(
        [sys.executable, "-c", WRITE_UNTIL_KILLED, str(tmp_path)], stdout=subprocess.PIPE
    )
    assert bench.stdout is not None
    bench.stdout.readline()
    bench.send_signal(signal.SIGKILL)
    bench.wait()
    bench.stdout.close()
    run = StoredRun(tmp_path)
    assert run.state is RunState.CUT_OFF
    assert run.cut_off is not None
    assert "cut off while it was running" in run.cut_off
    assert len(run.faults()) % 2 == 1, "a call is there as a whole or not at all"
    run.close()


def test_a_closed_run_is_one_file_also_after_it_was_read(tmp_path: Path) -> None:
    create(tmp_path).close()
    run = StoredRun(tmp_path)
    run.faults()
    run.close()
    assert [path.name for path in tmp_path.iterdir()] == [RUN_DB]
