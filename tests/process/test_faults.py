"""Real pauses, lost messages, kills at a step and outages: each does what its name says, is laid at
its own door, and breaks only what the lane allows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bench_gui.bench.faults import (
    ACK_LOSS,
    EXPIRY,
    KILL,
    KILL_AT_STEP,
    KILL_OF_ROLE,
    PAUSE,
    REQUEST_LOSS,
)
from bench_gui.bench.options import from_texts
from bench_gui.bench.records.stored_run import IncarnationReader
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import FaultReport, LaneSnapshot, RunSnapshot, RunState, Verdict
from tests.process.bench_runs import Watched, alive, start, state_letter
from workers.failpoints import Failpoint
from workers.lanes import LANES, Role
from workers.steps import Step

ALL = tuple(lane.slug for lane in LANES)
COUNTED_TWICE = {"at-least-once", "cross-system"}
"""Where a consumer's zombie or death may be seen in the counters."""
QUIET = RunSettings(lanes=ALL, rate_eps=300, duration_s=60, kill_every_s=None, drain_timeout_s=600)


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[list[Watched]]:
    """The runs a test started; ended with it."""
    started: list[Watched] = []
    yield started
    for run in started:
        run.client.close()
        assert not [pid for pid in run.pids() if alive(pid)]


def run_through(runs: list[Watched], run_dir: Path, settings: RunSettings) -> Watched:
    """A whole run, which came to its end with the three counts agreeing and all attributed."""
    runs.append(start(run_dir, settings))
    last = runs[-1].watch_to_the_end()
    assert last.state is RunState.COMPLETE, last.message
    assert last.disagreement is None
    for lane in last.lanes.values():
        assert lane.counts.unattributed == 0, lane.slug
        assert lane.verdict is not Verdict.BROKEN, (lane.slug, lane.verdict_reason)
        assert lane.counts.in_flight == 0
    return runs[-1]


def begin(runs: list[Watched], run_dir: Path, settings: RunSettings) -> Watched:
    runs.append(start(run_dir, settings))
    runs[-1].watch_until(running)
    return runs[-1]


def running(snapshot: RunSnapshot) -> bool:
    return snapshot.state is RunState.RUNNING and snapshot.t_s > 0.5


def of_kind(run: Watched, kind: str, lane: str | None = None) -> list[FaultReport]:
    """Faults of a kind that hit something."""
    return [
        fault
        for fault in run.faults.values()
        if fault.kind == kind and fault.pid is not None and lane in {None, fault.lane}
    ]


# pauses


ZOMBIES = replace(
    QUIET,
    duration_s=5,
    kill_roles=(Role.CONSUMER,),
    pause_every_s=0.7,
    pause_ms=900,
    session_timeout_ms=300,
)


def test_zombies_hurt_only_where_nothing_fences_them(tmp_path: Path, runs: list[Watched]) -> None:
    run = run_through(runs, tmp_path / "run", ZOMBIES)
    for slug, lane in run.last.lanes.items():
        pauses = of_kind(run, PAUSE, slug)
        assert pauses, slug
        assert any(pause.session_expired for pause in pauses), slug
        assert (lane.counts.duplicates > 0) == (slug in COUNTED_TWICE), slug
        assert (
            sum(pause.duplicates_caused for pause in pauses)
            + sum(expiry.duplicates_caused for expiry in of_kind(run, EXPIRY, slug))
            == lane.counts.duplicates
        )
        assert {fault.kind for fault in run.faults.values()} <= {PAUSE, EXPIRY}
    assert sum(pause.duplicates_caused for pause in of_kind(run, PAUSE, "at-least-once")) > 0
    assert run.last.lanes["idempotent-consumer"].counts.suppressed > 0


def test_a_pause_within_the_session_timeout_hurts_nothing(
    tmp_path: Path, runs: list[Watched]
) -> None:
    settings = replace(ZOMBIES, pause_ms=200, session_timeout_ms=30_000, duration_s=3)
    run = run_through(runs, tmp_path / "run", settings)
    assert of_kind(run, PAUSE)
    assert not any(pause.session_expired for pause in of_kind(run, PAUSE))
    for lane in run.last.lanes.values():
        assert lane.counts.duplicates == lane.counts.suppressed == 0
        assert lane.verdict is Verdict.NOT_TESTED, "a pause nobody noticed tests nothing"


def test_a_pause_by_the_users_key_shows_and_the_drain_ends_it(
    tmp_path: Path, runs: list[Watched]
) -> None:
    run = begin(runs, tmp_path / "run", replace(QUIET, pause_ms=600_000))
    run.client.pause(Role.CONSUMER)
    seen = run.watch_until(lambda now: all(paused_in(lane) for lane in now.lanes.values()))
    stopped = [pid for lane in seen.lanes.values() for pid in paused_in(lane)]
    assert {state_letter(pid) for pid in stopped} == {"T"}
    run.client.stop()
    last = run.watch_to_the_end()
    assert last.state is RunState.COMPLETE, last.message
    assert not any(paused_in(lane) for lane in last.lanes.values())
    assert {fault.scheduled for fault in run.faults.values()} == {False}
    for lane in last.lanes.values():
        assert lane.counts.delivered_unique == lane.counts.offered, lane.slug


def paused_in(lane: LaneSnapshot) -> list[int]:
    """The pids of the lane's paused processes."""
    return [w.pid for w in lane.workers if w.state == "paused" and w.pid is not None]


def test_a_kill_hits_a_paused_process_too(tmp_path: Path, runs: list[Watched]) -> None:
    settings = replace(QUIET, lanes=("at-least-once",), consumers=1, pause_ms=600_000)
    run = begin(runs, tmp_path / "run", settings)
    run.client.pause(Role.CONSUMER)
    seen = run.watch_until(lambda now: bool(paused_in(now.lanes["at-least-once"])))
    (victim,) = paused_in(seen.lanes["at-least-once"])
    run.client.kill(Role.CONSUMER)
    run.watch_until(lambda _: any(f.recovery_ms is not None for f in run.faults.values()))
    assert [(fault.kind, fault.pid) for fault in run.faults.values()] == [
        (PAUSE, victim),
        (KILL, victim),
    ]
    assert not alive(victim)


def test_a_run_cut_off_leaves_no_paused_process(tmp_path: Path, runs: list[Watched]) -> None:
    run = begin(runs, tmp_path / "run", replace(QUIET, pause_ms=600_000))
    run.client.pause(Role.PRODUCER)
    seen = run.watch_until(lambda now: all(paused_in(lane) for lane in now.lanes.values()))
    stopped = [pid for lane in seen.lanes.values() for pid in paused_in(lane)]
    run.client.abort()
    assert run.watch_to_the_end().state is RunState.CUT_OFF
    assert not any(alive(pid) for pid in stopped)


# kills at a step


def test_a_kill_at_a_step_hits_exactly_the_step_once_in_each_lane_that_passes_it(
    tmp_path: Path, runs: list[Watched]
) -> None:
    text = "consumer:after=effect-applied,before=offsets-committed"
    settings = from_texts({"kill-at": text}, replace(QUIET, duration_s=3))
    run = run_through(runs, tmp_path / "run", settings)
    kills = of_kind(run, KILL_AT_STEP)
    assert sorted(kill.lane for kill in kills) == [
        "at-least-once",
        "at-most-once",
        "idempotent-consumer",
    ]
    assert len(run.faults) == 3, "every death was ordered"
    for kill in kills:
        assert (kill.role, kill.slot, kill.scheduled) == ("consumer", 0, True)
        assert kill.before_step == "offsets-committed"
        assert kill.recovery_ms is not None
    twice = {slug: lane.counts.duplicates for slug, lane in run.last.lanes.items()}
    assert [slug for slug, count in twice.items() if count] == ["at-least-once"]
    assert run.last.lanes["at-most-once"].counts.lost == 0, "nothing was in hand there"


def test_a_kill_at_every_nth_passing_goes_on(tmp_path: Path, runs: list[Watched]) -> None:
    text = "producer:after=position-advanced,before=appended,every=50"
    lane = "at-most-once"
    settings = from_texts({"kill-at": text, "lanes": lane}, replace(QUIET, duration_s=4))
    run = run_through(runs, tmp_path / "run", settings)
    kills = of_kind(run, KILL_AT_STEP)
    assert len(kills) >= 3
    assert {(kill.after_step, kill.before_step) for kill in kills} == {
        ("position-advanced", "appended")
    }
    assert all(kill.exposed == kill.lost_caused > 0 for kill in kills)
    assert run.last.lanes[lane].counts.lost == sum(kill.exposed for kill in kills)


def test_a_kill_at_the_very_start_does_not_keep_the_run_from_beginning(
    tmp_path: Path, runs: list[Watched]
) -> None:
    settings = from_texts(
        {"kill-at": "consumer:after=group-joined,every=1", "lanes": "at-least-once"},
        replace(QUIET, duration_s=2),
    )
    run = run_through(runs, tmp_path / "run", settings)
    kills = of_kind(run, KILL_AT_STEP)
    assert sorted(kill.slot for kill in kills) == [0, 1]
    assert {(kill.incarnation, kill.t_s) for kill in kills} == {(1, 0.0)}
    counts = run.last.lanes["at-least-once"].counts
    assert counts.delivered_unique == counts.offered


def test_a_step_by_the_users_key_fires_in_running_processes(
    tmp_path: Path, runs: list[Watched]
) -> None:
    run = begin(runs, tmp_path / "run", QUIET)
    window = Failpoint(Role.CONSUMER, Step.SINK_PREPARED, Step.DECIDED)
    run.client.kill_at(window)
    run.watch_until(lambda _: any(f.recovery_ms is not None for f in run.faults.values()))
    run.client.stop()
    run.watch_to_the_end()
    (kill,) = run.faults.values()
    assert (kill.kind, kill.lane, kill.scheduled) == (KILL_AT_STEP, "two-phase-commit", False)
    assert (kill.after_step, kill.before_step) == ("sink-prepared", "decided")


# acknowledgements


def test_an_acknowledgement_lost_by_the_users_key_is_really_lost(
    tmp_path: Path, runs: list[Watched]
) -> None:
    run = begin(runs, tmp_path / "run", replace(QUIET, producers=2))
    run.client.lose_ack(None)
    run.watch_until(lambda _: {fault.lane for fault in run.faults.values()} == set(ALL))
    run.client.lose_ack("at-least-once")
    run.watch_until(lambda _: len(run.faults) == len(ALL) + 1)
    run.client.stop()
    last = run.watch_to_the_end()
    assert last.disagreement is None
    for loss in run.faults.values():
        assert (loss.kind, loss.role, loss.scheduled) == (ACK_LOSS, "producer", False)
        assert (loss.after_step, loss.before_step) == ("appended", "acked")
    assert len({loss.slot for loss in list(run.faults.values())[: len(ALL)]}) == 1
    twice = {slug: lane.counts.duplicates_in_log for slug, lane in last.lanes.items()}
    caused = [loss.duplicates_caused for loss in of_kind(run, ACK_LOSS, "at-least-once")]
    assert twice["at-least-once"] == sum(caused) > 0
    assert all(caused)
    assert twice["at-most-once"] == twice["exactly-once"] == 0
    assert last.lanes["idempotent-consumer"].counts.duplicates == 0
    (unharmed,) = of_kind(run, ACK_LOSS, "at-most-once")
    assert "waits for none" in unharmed.text
    for lane in last.lanes.values():
        assert (lane.counts.unattributed, lane.counts.lost) == (0, 0)


def test_an_order_to_lose_an_acknowledgement_waits_for_the_next_process(
    tmp_path: Path, runs: list[Watched]
) -> None:
    settings = replace(QUIET, lanes=("at-least-once",), down_ms=400)
    run = begin(runs, tmp_path / "run", settings)
    run.client.take_down(Role.PRODUCER, None)
    run.client.lose_ack(None)
    run.watch_until(lambda _: bool(of_kind(run, ACK_LOSS)))
    run.client.stop()
    run.watch_to_the_end()
    (loss,), (down,) = of_kind(run, ACK_LOSS), of_kind(run, KILL_OF_ROLE)
    assert loss.incarnation == (down.incarnation or 0) + 1
    assert loss.duplicates_caused > 0


# outages of a role


def test_a_role_goes_down_as_a_whole_and_stays_down(tmp_path: Path, runs: list[Watched]) -> None:
    settings = replace(
        QUIET, producers=2, duration_s=4, down_every_s=1.5, down_ms=700, session_timeout_ms=60_000
    )
    run = run_through(runs, tmp_path / "run", settings)
    for slug in ALL:
        down = of_kind(run, KILL_OF_ROLE, slug)
        assert len(down) == len(run.faults) / len(ALL)
        assert len(down) % 2 == 0, "two slots of either role"
        for fault in down:
            assert fault.recovery_ms is None or fault.recovery_ms >= 700
        assert any(fault.recovery_ms is not None for fault in down)
    empty = [sample for sample in run.samples if not (sample.producers_up and sample.consumers_up)]
    assert empty, "seen in the time series"


def test_the_drain_ends_an_outage(tmp_path: Path, runs: list[Watched]) -> None:
    run = begin(runs, tmp_path / "run", replace(QUIET, down_ms=600_000, lanes=ALL[:2]))
    run.client.take_down(Role.CONSUMER)
    run.watch_until(lambda now: all(_consumers_down(lane) for lane in now.lanes.values()))
    run.client.stop()
    last = run.watch_to_the_end()
    assert last.state is RunState.COMPLETE, last.message
    for lane in last.lanes.values():
        assert lane.counts.delivered_unique + lane.counts.lost == lane.counts.offered


def _consumers_down(lane: LaneSnapshot) -> bool:
    return {w.state for w in lane.workers if w.role == "consumer"} == {"down"}


# lost messages


def test_lost_messages_are_told_one_by_one_and_bear_their_own_blame(
    tmp_path: Path, runs: list[Watched]
) -> None:
    settings = replace(QUIET, duration_s=4, request_loss=0.06, ack_loss=0.06, ack_timeout_ms=5)
    run = run_through(runs, tmp_path / "run", settings)
    lanes = run.last.lanes
    for slug in ALL:
        assert of_kind(run, REQUEST_LOSS, slug), slug
        assert of_kind(run, ACK_LOSS, slug), slug
    lost = {slug for slug, lane in lanes.items() if lane.counts.lost}
    assert lost == {"at-most-once"}
    by_requests = sum(f.lost_caused for f in of_kind(run, REQUEST_LOSS, "at-most-once"))
    assert by_requests == lanes["at-most-once"].counts.lost
    in_the_log = {slug for slug, lane in lanes.items() if lane.counts.duplicates_in_log}
    assert in_the_log == {"at-least-once", "idempotent-consumer"}
    by_acks = sum(f.duplicates_caused for f in of_kind(run, ACK_LOSS, "at-least-once"))
    assert by_acks == lanes["at-least-once"].counts.duplicates > 0
    assert lanes["idempotent-consumer"].counts.suppressed > 0


def test_marks_reach_run_db_and_name_faults_that_are_there(
    tmp_path: Path, runs: list[Watched]
) -> None:
    settings = replace(
        ZOMBIES, lanes=("at-least-once",), duration_s=3, request_loss=0.05, ack_loss=0.05
    )
    run = run_through(runs, tmp_path / "run", settings)
    reader = IncarnationReader(run.run_dir)
    marks = reader.new_marks()["at-least-once"]
    reader.close()
    assert {mark.fault_id for mark in marks} <= set(run.faults)
    kinds = {kind: len(of_kind(run, kind)) for kind in (REQUEST_LOSS, ACK_LOSS)}
    for kind, number in kinds.items():
        assert number == sum(mark.kind.value == kind for mark in marks) > 0


# everything at once, and lanes of one's own


def test_lanes_of_ones_own_run_beside_the_tables(tmp_path: Path, runs: list[Watched]) -> None:
    own = (
        "idempotent+process-first+deduplicating@commit-interval=20ms",
        "fire-and-forget+two-phase+counter@sink-batch=5",
        "transactional+transaction+output-topic@batch=20",
    )
    settings = replace(
        QUIET,
        lanes=(*own, "at-least-once"),
        duration_s=4,
        kill_every_s=0.4,
        pause_every_s=1.5,
        pause_ms=700,
        session_timeout_ms=300,
        ack_loss=0.03,
        request_loss=0.03,
    )
    run = run_through(runs, tmp_path / "run", settings)
    for slug, lane in run.last.lanes.items():
        assert lane.counts.delivered_unique + lane.counts.lost == lane.counts.offered, slug
    assert run.last.lanes[own[1]].counts.lost > 0
