"""Real runs, real kills: every lane keeps its promise and breaks only what it allows."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bench_gui.bench.faults import EXPIRY, KILL, KILL_OF_ROLE, PAUSE
from bench_gui.bench.plan import lane_directory
from bench_gui.bench.records.store import RunStore
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import LaneSnapshot, RunSnapshot, RunState, Verdict
from tests.process.bench_runs import Watched, alive, children_of, start, wait_until
from workers.failpoints import Failpoint
from workers.files import LaneFiles
from workers.lanes import LANE_BY_SLUG, LANES, Anomaly, Role
from workers.steps import Step

KILLS = RunSettings(duration_s=5, kill_every_s=0.3, seed=7, drain_timeout_s=600)
MANY_KILLS = 40
"""In four lanes together; the schedule is seeded, so a storm has them or has not."""
QUIET = RunSettings(duration_s=60, kill_every_s=None)


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[list[Watched]]:
    """The runs a test started; ended with it, by their pids."""
    started: list[Watched] = []
    yield started
    for run in started:
        run.client.close()
        assert not [pid for pid in run.pids() if alive(pid)]


STORMS = {
    "default": KILLS,
    "3-3-6": replace(KILLS, producers=3, consumers=3, partitions=6),
    "partitions-move": replace(
        KILLS, duration_s=10, kill_every_s=2, restart_delay_ms=3000, session_timeout_ms=1500
    ),
    "retention": replace(
        KILLS,
        lanes=tuple(lane.slug for lane in LANES),
        rate_eps=500,
        duration_s=8,
        retention_s=1.0,
    ),
    "everything": replace(
        KILLS,
        lanes=tuple(lane.slug for lane in LANES),
        rate_eps=500,
        duration_s=8,
        producers=2,
        pause_every_s=1.0,
        pause_ms=800,
        session_timeout_ms=300,
        down_every_s=3.0,
        down_ms=500,
        request_loss=0.02,
        ack_loss=0.02,
        kill_at=(Failpoint(Role.CONSUMER, Step.EFFECT_APPLIED, Step.OFFSETS_COMMITTED, every=9),),
    ),
}


@pytest.fixture(scope="module", params=STORMS.values(), ids=STORMS.keys())
def stormy(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Watched]:
    """A whole run with kills, watched to its end."""
    run = start(tmp_path_factory.mktemp("stormy"), request.param, keep_data=True)
    run.watch_to_the_end()
    yield run
    run.client.close()
    assert not [pid for pid in run.pids() if alive(pid)]


def lanes(run: Watched) -> list[LaneSnapshot]:
    return list(run.last.lanes.values())


def test_it_completes_and_the_three_counts_agree(stormy: Watched) -> None:
    assert stormy.last.state is RunState.COMPLETE, stormy.last.message
    assert stormy.last.disagreement is None


def test_old_rows_go_where_that_was_asked_for(stormy: Watched) -> None:
    for lane in lanes(stormy):
        removed = LaneFiles(lane_directory(stormy.run_dir, lane.slug)).removed
        assert removed.exists() == (stormy.settings is STORMS["retention"])


def test_every_lane_got_the_same_events(stormy: Watched) -> None:
    asked_for = int(stormy.settings.duration_s * (stormy.settings.rate_eps or 0))
    assert {lane.counts.offered for lane in lanes(stormy)} == {asked_for}


def test_the_sums_add_up(stormy: Watched) -> None:
    for lane in lanes(stormy):
        counts = lane.counts
        assert counts.delivered_unique + counts.lost == counts.offered, lane.slug
        assert counts.effects == counts.delivered_unique + counts.duplicates, lane.slug
        assert counts.in_flight == 0
        assert counts.phantoms == counts.aborted_reads == 0


def test_nothing_is_unattributed(stormy: Watched) -> None:
    assert {lane.slug: lane.counts.unattributed for lane in lanes(stormy)} == dict.fromkeys(
        stormy.settings.lanes, 0
    )


def seen(run: Watched) -> dict[tuple[str, Anomaly], int]:
    """Losses and duplicates of every lane."""
    return {
        (lane.slug, anomaly): count
        for lane in lanes(run)
        for anomaly, count in (
            (Anomaly.LOST, lane.counts.lost),
            (Anomaly.DUPLICATE, lane.counts.duplicates),
        )
    }


def test_nothing_forbidden_is_seen(stormy: Watched) -> None:
    for (slug, anomaly), count in seen(stormy).items():
        assert count == 0 or anomaly in LANE_BY_SLUG[slug].allowed, (slug, anomaly, count)


def test_what_is_allowed_is_seen(stormy: Watched) -> None:
    if len(stormy.faults) < MANY_KILLS:
        pytest.skip("too few kills to count on each anomaly")
    for (slug, anomaly), count in seen(stormy).items():
        assert count > 0 or anomaly in LANE_BY_SLUG[slug].forbidden, (slug, anomaly)
    assert stormy.last.lanes["idempotent-consumer"].counts.suppressed > 0


def test_a_guarantee_holds_where_a_kill_could_have_hurt_it(stormy: Watched) -> None:
    for lane in lanes(stormy):
        expected = Verdict.HOLDS if lane.faults_in_window else Verdict.NOT_TESTED
        assert lane.verdict is expected, (lane.slug, lane.verdict_reason)
    assert Verdict.HOLDS in {lane.verdict for lane in lanes(stormy)}


def test_every_kill_is_reported_with_its_steps_and_its_harm(stormy: Watched) -> None:
    faults = stormy.faults.values()
    assert faults
    hits = [fault for fault in faults if fault.pid is not None]
    assert all(fault.after_step and fault.before_step for fault in hits if fault.kind != EXPIRY)
    for lane in lanes(stormy):
        own = [fault for fault in faults if fault.lane == lane.slug]
        assert sum(fault.lost_caused for fault in own) == lane.counts.lost
        assert sum(fault.duplicates_caused for fault in own) == lane.counts.duplicates


def test_the_same_faults_are_aimed_at_every_lane(stormy: Watched) -> None:
    aimed: dict[str, list[tuple[str, str, int]]] = {}
    for fault in stormy.faults.values():
        if fault.kind in {KILL, PAUSE, KILL_OF_ROLE}:
            aimed.setdefault(fault.lane, []).append((fault.kind, fault.role, fault.slot))
    first, *others = aimed.values()
    assert others == [first] * (len(stormy.settings.lanes) - 1)


def test_the_time_series_ends_where_the_count_ends(stormy: Watched) -> None:
    for lane in lanes(stormy):
        last = [sample for sample in stormy.samples if sample.lane == lane.slug][-1]
        assert last.lost_total == lane.counts.lost
        assert last.duplicates_total == lane.counts.duplicates


def test_what_was_shown_is_what_is_stored(stormy: Watched) -> None:
    stored = RunStore.open(stormy.run_dir)
    rows = {row.lane: row for row in stored.summary()}
    for lane in lanes(stormy):
        assert rows[lane.slug].lost == lane.counts.lost
        assert rows[lane.slug].effects == lane.counts.effects
        assert rows[lane.slug].verdict == lane.verdict.value
    assert stored.samples() == stormy.samples
    assert stored.cut_off is None
    stored.close()


def running(snapshot: RunSnapshot) -> bool:
    return snapshot.state is RunState.RUNNING and snapshot.t_s > 0.5


def test_stop_drains_and_counts(tmp_path: Path, runs: list[Watched]) -> None:
    run = start(tmp_path / "run", QUIET)
    runs.append(run)
    run.watch_until(running)
    run.client.stop()
    last = run.watch_to_the_end()
    assert last.state is RunState.COMPLETE
    assert len({lane.counts.offered for lane in last.lanes.values()}) == 1
    for lane in last.lanes.values():
        assert lane.counts.delivered_unique == lane.counts.offered
        assert lane.verdict is Verdict.NOT_TESTED
    assert not (tmp_path / "run" / "lanes" / "at-most-once").exists()


def test_a_users_kill_hits_every_lane(tmp_path: Path, runs: list[Watched]) -> None:
    run = start(tmp_path / "run", QUIET)
    runs.append(run)
    run.watch_until(running)
    run.client.kill(Role.CONSUMER)
    run.watch_until(lambda _: len(run.faults) == 4)
    run.client.stop()
    run.watch_to_the_end()
    assert {fault.lane for fault in run.faults.values()} == set(QUIET.lanes)
    assert not any(fault.scheduled for fault in run.faults.values())
    assert all(fault.recovery_ms is not None for fault in run.faults.values())


def test_a_kill_from_outside_is_a_fault_too(tmp_path: Path, runs: list[Watched]) -> None:
    run = start(tmp_path / "run", RunSettings(duration_s=60, lanes=("at-least-once",)))
    runs.append(run)
    seen = run.watch_until(running)
    victim = next(w for w in seen.lanes["at-least-once"].workers if w.role == "consumer")
    assert victim.pid is not None
    os.kill(victim.pid, signal.SIGKILL)
    run.watch_until(lambda _: any(f.pid == victim.pid for f in run.faults.values()))
    run.client.stop()
    last = run.watch_to_the_end()
    assert last.lanes["at-least-once"].counts.unattributed == 0


def test_abort_ends_everything_and_keeps_what_was_measured(
    tmp_path: Path, runs: list[Watched]
) -> None:
    run = start(tmp_path / "run", QUIET)
    runs.append(run)
    run.watch_until(running)
    run.client.abort()
    assert run.watch_to_the_end().state is RunState.CUT_OFF
    stored = RunStore.open(run.run_dir)
    assert stored.cut_off
    assert stored.samples()
    assert [row.verdict for row in stored.summary()] == ["NOT TESTED"] * 4
    stored.close()


def test_a_killed_bench_leaves_no_process_and_a_run_that_says_it_was_cut_off(
    tmp_path: Path, runs: list[Watched]
) -> None:
    run = start(tmp_path / "run", QUIET)
    runs.append(run)
    run.watch_until(lambda snapshot: running(snapshot) and snapshot.t_s > 2)
    bench = run.client.bench_pid
    assert bench is not None
    family = children_of(bench)
    assert run.pids() <= family
    os.kill(next(iter(run.pids())), signal.SIGSTOP)
    os.kill(bench, signal.SIGKILL)
    wait_until(lambda: not any(alive(pid) for pid in family))
    wait_until(lambda: run.client.failure is not None)
    stored = RunStore.open(run.run_dir)
    assert stored.state is RunState.CUT_OFF
    assert stored.cut_off is not None
    assert stored.samples()
    stored.close()


def test_a_drain_cut_short_says_so_and_attributes_what_it_cost(
    tmp_path: Path, runs: list[Watched]
) -> None:
    settings = RunSettings(
        duration_s=2, rate_eps=None, kill_every_s=None, drain_timeout_s=0, work_us=2000
    )
    run = start(tmp_path / "run", settings)
    runs.append(run)
    last = run.watch_to_the_end()
    assert last.state is RunState.COMPLETE
    assert last.disagreement is None
    for lane in last.lanes.values():
        assert lane.counts.in_flight > 0
        assert lane.counts.unattributed == 0
        assert lane.verdict is Verdict.NOT_TESTED
        assert "cut short" in lane.verdict_reason
