"""The fault schedule follows from the settings alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench_gui.bench.faults import KILL, KILL_OF_ROLE, PAUSE
from bench_gui.bench.plan import PlannedFault, fault_schedule, lane_config
from bench_gui.bench.settings import CommitInterval, RunSettings
from workers.lanes import Role
from workers.time_units import SECOND_NS

seeds = st.integers(0, 2**53)
ALL_FAULTS = RunSettings(pause_every_s=2.0, down_every_s=5.0)


@given(seeds)
def test_the_same_settings_give_the_same_schedule(seed: int) -> None:
    settings = replace(ALL_FAULTS, seed=seed)
    assert fault_schedule(settings) == fault_schedule(replace(settings, lanes=("exactly-once",)))


@given(seeds, st.integers(1, 5), st.integers(1, 5))
def test_faults_are_in_order_within_the_run_and_hit_existing_slots(
    seed: int, producers: int, consumers: int
) -> None:
    settings = replace(
        ALL_FAULTS, seed=seed, producers=producers, consumers=consumers, duration_s=20
    )
    faults = fault_schedule(settings)
    assert faults == sorted(faults, key=lambda fault: fault.at_ns)
    slots = {Role.PRODUCER: producers, Role.CONSUMER: consumers}
    for fault in faults:
        assert 0 <= fault.at_ns < 20 * SECOND_NS
        if fault.kind == KILL_OF_ROLE:
            assert fault.slot is None
        else:
            assert fault.slot is not None
            assert 0 <= fault.slot < slots[fault.role]


@given(seeds)
def test_other_kinds_of_fault_leave_the_kills_where_they_were(seed: int) -> None:
    kills_only = RunSettings(seed=seed)
    for kinds in ({"pause_every_s": 0.5}, {"down_every_s": 0.5}):
        planned = fault_schedule(replace(kills_only, **kinds))
        assert [fault for fault in planned if fault.kind == KILL] == fault_schedule(kills_only)


def test_each_kind_has_moments_of_its_own() -> None:
    every = RunSettings(kill_every_s=1.0, pause_every_s=1.0, down_every_s=1.0)
    planned = fault_schedule(every)
    moments = {
        kind: {fault.at_ns for fault in planned if fault.kind == kind}
        for kind in (KILL, PAUSE, KILL_OF_ROLE)
    }
    assert all(moments.values())
    assert not moments[KILL] & moments[PAUSE] & moments[KILL_OF_ROLE]
    assert len(set.union(*moments.values())) == len(planned)


def test_the_kills_of_a_seed_are_what_they_always_were() -> None:
    assert fault_schedule(RunSettings(seed=7))[:3] == [
        PlannedFault(561_612_723, KILL, Role.PRODUCER, 0),
        PlannedFault(1_436_272_076, KILL, Role.PRODUCER, 0),
        PlannedFault(1_585_583_226, KILL, Role.CONSUMER, 0),
    ]


def test_gaps_have_the_mean_that_was_asked_for() -> None:
    settings = RunSettings(duration_s=20_000, kill_every_s=2.0)
    assert len(fault_schedule(settings)) == pytest.approx(10_000, rel=0.05)
    pauses = replace(settings, kill_every_s=None, pause_every_s=4.0)
    assert len(fault_schedule(pauses)) == pytest.approx(5_000, rel=0.05)


def test_different_seeds_give_different_schedules() -> None:
    assert fault_schedule(RunSettings(seed=1)) != fault_schedule(RunSettings(seed=2))


def test_never_means_never_and_only_the_named_roles_are_killed() -> None:
    assert fault_schedule(RunSettings(kill_every_s=None)) == []
    consumers_only = RunSettings(kill_roles=(Role.CONSUMER,), duration_s=60)
    assert {kill.role for kill in fault_schedule(consumers_only)} == {Role.CONSUMER}
    others = replace(consumers_only, pause_every_s=1.0, down_every_s=1.0)
    assert {fault.role for fault in fault_schedule(others)} == {Role.CONSUMER}


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


def test_workers_are_told_what_the_network_loses(tmp_path: Path) -> None:
    settings = RunSettings(request_loss=0.1, ack_loss=0.2, ack_timeout_ms=1.5)
    config = lane_config(settings, "at-least-once", tmp_path)
    assert (config.request_loss, config.ack_loss, config.ack_timeout_ns) == (0.1, 0.2, 1_500_000)


def test_a_lane_of_ones_own_has_its_own_knobs(tmp_path: Path) -> None:
    own = "retry+process-first+counter@batch=7@linger=1ms@commit-interval=20@sink-batch=3@work=5us"
    settings = RunSettings(lanes=(own, "at-least-once"), batch=100, linger_ms=9)
    config = lane_config(settings, own, tmp_path)
    assert (config.batch, config.linger_ns, config.sink_batch) == (7, 1_000_000, 3)
    assert (config.commit_interval_records, config.commit_interval_ns) == (20, None)
    assert config.work_ns == 5_000
    assert config.slug == own
    neighbour = lane_config(settings, "at-least-once", tmp_path)
    assert (neighbour.batch, neighbour.linger_ns) == (100, 9_000_000)
