"""The fault schedule follows from the settings alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench_gui.bench.plan import fault_schedule, lane_config
from bench_gui.bench.settings import CommitInterval, RunSettings
from workers.lanes import Role
from workers.time_units import SECOND_NS

seeds = st.integers(0, 2**53)


@given(seeds)
def test_the_same_settings_give_the_same_schedule(seed: int) -> None:
    settings = RunSettings(seed=seed)
    assert fault_schedule(settings) == fault_schedule(replace(settings, lanes=("exactly-once",)))


@given(seeds, st.integers(1, 5), st.integers(1, 5))
def test_kills_are_in_order_within_the_run_and_hit_existing_slots(
    seed: int, producers: int, consumers: int
) -> None:
    settings = RunSettings(seed=seed, producers=producers, consumers=consumers, duration_s=20)
    kills = fault_schedule(settings)
    assert kills == sorted(kills, key=lambda kill: kill.at_ns)
    slots = {Role.PRODUCER: producers, Role.CONSUMER: consumers}
    for kill in kills:
        assert 0 <= kill.at_ns < 20 * SECOND_NS
        assert 0 <= kill.slot < slots[kill.role]


def test_gaps_have_the_mean_that_was_asked_for() -> None:
    settings = RunSettings(duration_s=20_000, kill_every_s=2.0)
    assert len(fault_schedule(settings)) == pytest.approx(10_000, rel=0.05)


def test_different_seeds_give_different_schedules() -> None:
    assert fault_schedule(RunSettings(seed=1)) != fault_schedule(RunSettings(seed=2))


def test_never_means_never_and_only_the_named_roles_are_killed() -> None:
    assert fault_schedule(RunSettings(kill_every_s=None)) == []
    consumers_only = RunSettings(kill_roles=(Role.CONSUMER,), duration_s=60)
    assert {kill.role for kill in fault_schedule(consumers_only)} == {Role.CONSUMER}


def test_workers_are_told_in_nanoseconds(tmp_path: Path) -> None:
    settings = RunSettings(
        commit_interval=CommitInterval(ms=1.5), linger_ms=2, work_us=3, session_timeout_ms=200
    )
    config = lane_config(settings, "exactly-once", tmp_path)
    assert config.commit_interval_ns == 1_500_000
    assert config.commit_interval_records is None
    assert (config.linger_ns, config.work_ns) == (2_000_000, 3_000)
    assert config.session_timeout_ns == 200_000_000
    assert config.directory.parent.parent == tmp_path
