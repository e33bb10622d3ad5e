"""Every way a run can end or be disturbed has its sentence, and leaves no process behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bench_gui.bench.recording.film import open_film
from bench_gui.bench.records.reserve import BYTES, Reserve
from bench_gui.bench.records.results import rows_now
from bench_gui.bench.records.store import RunStore
from bench_gui.bench.settings import CommitInterval, RunSettings
from bench_gui.bench.snapshot import RunSnapshot, RunState, Verdict
from tests.process.bench_runs import (
    Watched,
    alive,
    children_of,
    fork_server_of,
    start,
    state_letter,
    wait_until,
)
from workers.control import ControlPage
from workers.events import Timetable
from workers.lanes import Role
from workers.producer import OUTSTANDING, Source

ROOT = Path(__file__).parents[2]
ONE_LANE = RunSettings(lanes=("at-least-once",), duration_s=60, kill_every_s=None)


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[list[Watched]]:
    """The runs a test started; ended with it."""
    started: list[Watched] = []
    yield started
    for run in started:
        run.client.close()
        assert not [pid for pid in run.pids() if alive(pid)]


def begin(runs: list[Watched], run_dir: Path, settings: RunSettings) -> Watched:
    runs.append(start(run_dir, settings))
    runs[-1].watch_until(running)
    return runs[-1]


def running(snapshot: RunSnapshot) -> bool:
    return snapshot.state is RunState.RUNNING and snapshot.t_s > 0.5


def bench_of(run: Watched) -> int:
    assert run.client.bench_pid is not None
    return run.client.bench_pid


def assert_one_result(run_dir: Path) -> None:
    """The newest frame of the recording and the results that are stored are the same."""
    with closing(open_film(run_dir)) as film, closing(RunStore.open(run_dir)) as stored:
        last = film.read(-1, len(film.times_s) - 1)
        assert stored.summary()
        assert rows_now(last, film.about.settings) == stored.summary()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGSEGV, signal.SIGABRT])
def test_a_worker_ended_by_any_signal_is_replaced(
    tmp_path: Path, runs: list[Watched], number: signal.Signals
) -> None:
    run = begin(runs, tmp_path / "run", ONE_LANE)
    victim = run.last.lanes["at-least-once"].workers[0].pid
    assert victim is not None
    os.kill(victim, number)
    run.watch_until(lambda _: any(f.recovery_ms is not None for f in run.faults.values()))
    run.client.stop()
    last = run.watch_to_the_end()
    assert last.state is RunState.COMPLETE
    assert [(fault.pid, fault.scheduled) for fault in run.faults.values()] == [(victim, False)]


def test_a_dead_auditor_fails_the_run_in_one_sentence(tmp_path: Path, runs: list[Watched]) -> None:
    run = begin(runs, tmp_path / "run", ONE_LANE)
    fork_server = next(pid for pid in children_of(bench_of(run)) if run.pids() & children_of(pid))
    for auditor_or_spare in children_of(fork_server) - run.pids():
        os.kill(auditor_or_spare, signal.SIGKILL)
    last = run.watch_to_the_end()
    assert (last.state, last.message) == (RunState.FAILED, "the auditor's process has ended")
    assert_one_result(run.run_dir)


def test_a_dead_fork_server_fails_the_run_and_nothing_hangs(
    tmp_path: Path, runs: list[Watched]
) -> None:
    run = begin(runs, tmp_path / "run", ONE_LANE)
    os.kill(fork_server_of(bench_of(run)), signal.SIGKILL)
    last = run.watch_to_the_end()
    assert last.state is RunState.FAILED
    assert "the fork server, which starts the workers" in last.message
    assert "bug" not in last.message


def test_nothing_outlives_a_killed_bench_whose_fork_server_is_stopped(
    tmp_path: Path, runs: list[Watched]
) -> None:
    run = begin(runs, tmp_path / "run", ONE_LANE)
    bench = bench_of(run)
    family, server = children_of(bench), fork_server_of(bench)
    os.kill(server, signal.SIGSTOP)
    wait_until(lambda: state_letter(server) == "T")
    os.kill(bench, signal.SIGKILL)
    wait_until(lambda: not any(alive(pid) for pid in family))


def test_a_stopped_fork_server_does_not_hold_up_the_end_of_a_run(
    tmp_path: Path, runs: list[Watched]
) -> None:
    run = begin(runs, tmp_path / "run", ONE_LANE)
    family, server = children_of(bench_of(run)), fork_server_of(bench_of(run))
    os.kill(server, signal.SIGSTOP)
    run.client.abort()
    assert run.watch_to_the_end().state is RunState.CUT_OFF
    wait_until(lambda: not any(alive(pid) for pid in family))
    assert_one_result(run.run_dir)


def test_a_stop_just_before_the_end_loses_nothing(tmp_path: Path, runs: list[Watched]) -> None:
    settings = RunSettings(duration_s=2, rate_eps=200, producers=4, kill_every_s=None)
    run = start(tmp_path / "run", settings)
    runs.append(run)
    run.watch_until(lambda snapshot: snapshot.t_s > 1.85)
    run.client.stop()
    for lane in run.watch_to_the_end().lanes.values():
        assert lane.counts.delivered_unique == lane.counts.offered
        assert lane.counts.in_flight == 0


def test_no_source_ends_while_its_end_is_being_moved(tmp_path: Path) -> None:
    control = ControlPage(tmp_path / "control.page")
    source = Source(Timetable(0, 1000, 1), 0, control)
    control.set_sources_end(1)
    control.hold_sources_end(moving=True)
    assert not source.ended(position=5)
    control.hold_sources_end(moving=False)
    assert source.ended(position=5)
    control.close()


def command(*arguments: str) -> subprocess.Popen[str]:
    """The command line in a session of its own, as a terminal would start it."""
    return subprocess.Popen(
        [sys.executable, "main.py", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_an_interrupt_while_the_bench_starts_shows_no_traceback() -> None:
    process = command("run", "--duration", "60s")
    wait_until(lambda: bool(children_of(process.pid)))
    family = children_of(process.pid)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert "Traceback" not in out + err
    assert process.returncode in {0, 1}  # 0 where the sources started before it was heard
    wait_until(lambda: not any(alive(pid) for pid in family))


def test_a_closed_terminal_ends_the_run_in_good_order(tmp_path: Path) -> None:
    process = command("run", "--duration", "60s", "--out", str(tmp_path / "run"))
    wait_until((tmp_path / "run" / "lanes" / "exactly-once" / "control.page").exists)
    family = children_of(process.pid)
    os.killpg(process.pid, signal.SIGHUP)
    process.communicate(timeout=120)
    wait_until(lambda: not any(alive(pid) for pid in family))
    stored = RunStore.open(tmp_path / "run")
    assert stored.state.ended
    stored.close()
    assert not (tmp_path / "run" / "lanes").exists()


def test_a_full_disk_is_one_sentence_and_keeps_what_was_measured(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(small)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk")
    try:
        process = command("run", "--rate", "3k", "--keep-data", "--out", str(small / "run"))
        out, err = process.communicate(timeout=120)
        assert process.returncode == 1
        assert "Traceback" not in out + err
        assert "disk is full" in out
        stored = RunStore.open(small / "run")
        assert [row.verdict for row in stored.summary()] == ["NOT TESTED"] * 4
        stored.close()
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_the_reserve_is_there_until_it_is_needed(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path)
    assert [path.stat().st_size for path in tmp_path.iterdir()] == [BYTES]
    reserve.release()
    reserve.release()
    assert list(tmp_path.iterdir()) == []


def test_a_closed_loop_never_runs_far_ahead(tmp_path: Path, runs: list[Watched]) -> None:
    settings = RunSettings(
        lanes=("at-most-once", "exactly-once"), rate_eps=None, duration_s=2, kill_every_s=0.4,
        commit_interval=CommitInterval(records=1000), work_us=1000, drain_timeout_s=600,
    )  # fmt: skip
    runs.append(start(tmp_path / "run", settings))
    last = runs[-1].watch_to_the_end()
    assert last.state is RunState.COMPLETE
    assert last.disagreement is None
    assert all(lane.counts.in_flight == 0 for lane in last.lanes.values())
    assert max(sample.lag for sample in runs[-1].samples) < 2 * OUTSTANDING


@pytest.mark.parametrize("role", Role)
def test_more_workers_than_partitions_and_offsets_by_the_record(
    tmp_path: Path, runs: list[Watched], role: Role
) -> None:
    settings = RunSettings(
        duration_s=3,
        kill_every_s=0.4,
        kill_roles=(role,),
        producers=3,
        consumers=5,
        partitions=2,
        commit_interval=CommitInterval(records=200),
        sink_batch=50,
    )
    runs.append(start(tmp_path / "run", settings))
    last = runs[-1].watch_to_the_end()
    assert last.disagreement is None
    for lane in last.lanes.values():
        assert lane.counts.delivered_unique + lane.counts.lost == lane.counts.offered
        assert lane.counts.unattributed == 0
        assert lane.verdict is not Verdict.BROKEN, lane.verdict_reason
