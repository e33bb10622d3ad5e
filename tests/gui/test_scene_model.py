"""A lane's picture before anything is painted: what was counted is what is drawn, and no more."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from itertools import pairwise

import pytest

from bench_gui.bench.snapshot import (
    FaultReport,
    LaneCounts,
    LaneSnapshot,
    PartitionState,
    Verdict,
    WorkerState,
)
from bench_gui.window.scene.flow import MOST_DOTS, MOST_RARE, Departure, Flow, nice
from bench_gui.window.scene.lives import DEATH_S, Mood, mood_of
from bench_gui.window.scene.model import Picture, SceneModel, totals_of
from bench_gui.window.scene.routes import Route, Shape
from tests.values import fault
from workers.lanes import lane_of

TICK_S = 0.05


def worker(role: str, slot: int, pid: int | None, state: str = "up") -> WorkerState:
    return WorkerState(role, slot, 0, pid, state, "acked")


WORKERS = (worker("producer", 0, 100), worker("consumer", 0, 200), worker("consumer", 1, 201))


def snapshot(
    counts: LaneCounts,
    workers: tuple[WorkerState, ...] = WORKERS,
    ends: tuple[tuple[int, int], ...] = ((0, 0), (0, 0)),
    slug: str = "at-least-once",
) -> LaneSnapshot:
    """`ends`: high watermark and committed offset of each partition."""
    partitions = tuple(PartitionState(n, high, high, done) for n, (high, done) in enumerate(ends))
    return LaneSnapshot(
        slug, counts, 0, 0.0, None, None, None, workers, 0, Verdict.PENDING, "",
        partitions=partitions,
    )  # fmt: skip


def model(slug: str = "at-least-once") -> SceneModel:
    """One that has seen how things stand at 10.0 s."""
    scene = SceneModel(lane_of(slug))
    scene.take(snapshot(LaneCounts(), slug=slug), 10.0)
    return scene


def seen(scene: SceneModel, from_s: float, seconds: float = 3.0) -> list[Picture]:
    """Pictures at every fiftieth of a second."""
    return [scene.at(from_s + number / 50) for number in range(int(seconds * 50))]


def departures(flow: Flow, totals: list[int], route: Route = Route.APPEND) -> list[Departure]:
    """What leaves while one route comes to these totals, a tick each."""
    key = (route, 0)
    flow.start_at({key: 0}, 0.0)
    found: list[Departure] = []
    for number, total in enumerate(totals, 1):
        found += flow.take({key: total}, number * TICK_S)
    return found


@pytest.mark.parametrize(
    ("least", "round_"), [(0, 1), (1, 1), (1.2, 2), (3, 5), (10, 10), (11, 20), (51, 100)]
)
def test_a_dot_stands_for_a_round_number(least: float, round_: int) -> None:
    assert nice(least) == round_


def test_the_model_knows_no_qt() -> None:
    code = (
        "import sys; import bench_gui.window.scene.model, bench_gui.window.scene.paths; "
        "sys.exit('PySide6' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0


@pytest.mark.parametrize("a_tick", [1, 7, 50, 333, 20_000])
def test_the_dots_stand_for_as_many_events_as_were_counted(a_tick: int) -> None:
    flow = Flow()
    left = departures(flow, [a_tick * n for n in range(1, 200)])
    waiting = a_tick * 199 - sum(one.events for one in left)
    assert 0 <= waiting < 3 * flow.events_per_dot
    assert len({one.events for one in left[len(left) // 2 :]}) == 1


@pytest.mark.parametrize("a_tick", [1, 50, 5_000])
def test_there_are_never_more_dots_than_can_be_seen(a_tick: int) -> None:
    left = departures(Flow(), [a_tick * n for n in range(1, 200)])
    for moment in (n * TICK_S for n in range(300)):
        away = [one for one in left if one.begins_s <= moment < one.begins_s + one.route.takes_s]
        assert len(away) <= MOST_DOTS


def test_few_events_are_one_dot_each_and_many_are_sampled() -> None:
    assert {one.events for one in departures(Flow(), list(range(1, 30)))} == {1}
    flow = Flow()
    departures(flow, [50 * n for n in range(1, 60)])
    assert flow.events_per_dot == 20  # 1,000 a second, each half a second on its way: 25 dots
    departures(flow, [50 * 59] * 300)
    assert flow.events_per_dot == 1


def test_a_single_lost_event_is_seen_whatever_a_dot_stands_for() -> None:
    flow = Flow()
    departures(flow, [5_000 * n for n in range(1, 40)])
    assert flow.events_per_dot > 100
    (cross,) = flow.take({(Route.LOST_AFTER_LOG, 0): 1}, 2.0)
    assert (cross.events, cross.route.shape) == (1, Shape.CROSS)


def test_the_shapes_of_many_rare_events_stand_for_all_of_them() -> None:
    flow = Flow()
    left = departures(flow, [500, 503], Route.AGAIN)
    assert sum(one.events for one in left) == 503
    assert len(left) < 60


def test_dots_go_from_the_producer_to_the_partition_that_grew() -> None:
    scene = model()
    scene.take(snapshot(LaneCounts(), ends=((0, 0), (8, 0))), 10.1)
    dots = [dot for picture in seen(scene, 10.1) for dot in picture.dots]
    assert {(dot.route, dot.partition) for dot in dots} == {(Route.APPEND, 1)}
    ways = [dot.way for dot in dots if dot.lane_share == dots[0].lane_share]
    assert ways == sorted(ways)


def test_what_is_delivered_goes_from_the_partition_that_was_committed_to_its_home() -> None:
    scene = model()
    scene.take(snapshot(LaneCounts(delivered_unique=6), ends=((9, 0), (9, 6))), 10.1)
    dots = [dot for picture in seen(scene, 10.1) for dot in picture.dots]
    delivered = {(d.partition, d.consumer) for d in dots if d.route is Route.DELIVER}
    assert delivered == {(1, 1)}


def test_redelivered_events_come_as_diamonds_and_suppressed_ones_are_told_apart() -> None:
    scene = model("idempotent-consumer")
    counts = LaneCounts(redelivered=5, suppressed=5)
    scene.take(snapshot(counts, slug="idempotent-consumer"), 10.1)
    pictures = seen(scene, 10.1)
    shapes = {dot.route for picture in pictures for dot in picture.dots}
    assert shapes == {Route.REFUSED}
    assert Route.REFUSED.shape is Route.AGAIN.shape is Shape.DIAMOND
    told = pictures[0].tellings
    assert [(one.route, one.events) for one in told] == [(Route.REFUSED, 5)]
    assert not pictures[-1].tellings


def test_duplicates_that_no_redelivery_explains_come_again_too() -> None:
    totals = totals_of(snapshot(LaneCounts(duplicates=7, redelivered=3)))
    assert totals[Route.AGAIN, 0] == 7
    totals = totals_of(snapshot(LaneCounts(redelivered=9, suppressed=4)))
    assert (totals[Route.AGAIN, 0], totals[Route.REFUSED, 0]) == (5, 4)


def test_lost_events_fall_out_before_or_after_the_log() -> None:
    scene = model("at-most-once")
    counts = LaneCounts(lost_before_log=2, lost_after_log=3)
    scene.take(snapshot(counts, slug="at-most-once"), 10.1)
    pictures = seen(scene, 10.1)
    told = {one.route: one.events for one in pictures[0].tellings}
    assert told == {Route.LOST_BEFORE_LOG: 2, Route.LOST_AFTER_LOG: 3}
    crosses = {dot.route for picture in pictures for dot in picture.dots}
    assert crosses == {Route.LOST_BEFORE_LOG, Route.LOST_AFTER_LOG}


def test_a_storm_of_rare_events_is_told_in_full_and_drawn_in_part() -> None:
    scene = model()
    for number in range(1, 40):
        scene.take(snapshot(LaneCounts(redelivered=100 * number)), 10 + number * TICK_S)
    picture = scene.at(10 + 40 * TICK_S)
    assert sum(one.events for one in picture.tellings) == 3_900
    assert len(picture.dots) <= MOST_RARE


def killed(pid: int | None, kind: str = "kill") -> FaultReport:
    return replace(fault(), lane="at-least-once", kind=kind, pid=pid)


def test_a_killed_process_dies_and_its_replacement_arrives() -> None:
    scene = model()
    scene.take_faults([killed(200)])
    successor = (WORKERS[0], worker("consumer", 0, 999), WORKERS[2])
    scene.take(snapshot(LaneCounts(), successor), 10.1)
    first, other = scene.at(10.1).consumers
    assert first.death is not None
    assert (first.death.pid, first.death.word, first.worker.pid) == (200, "killed", 999)
    assert first.arrival == 0.0
    assert other.death is None
    assert other.arrival is None
    ages = [p.consumers[0].death for p in seen(scene, 10.1, 1.0)]
    assert all(a.age < b.age for a, b in pairwise(ages) if a is not None and b is not None)
    later = scene.at(10.1 + DEATH_S + 0.01)
    assert later.consumers[0].death is None
    assert later.consumers[0].arrival is None
    assert not later.moving


def test_a_replacement_comes_in_when_the_dead_one_has_begun_to_fall() -> None:
    scene = model()
    successor = (WORKERS[0], worker("consumer", 0, 999), WORKERS[2])
    scene.take(snapshot(LaneCounts(), successor), 10.1)
    views = [picture.consumers[0] for picture in seen(scene, 10.1, 1.5)]
    waiting = [view for view in views if view.arrival == 0.0]
    assert all(view.death is not None for view in waiting)
    assert 10 <= len(waiting) <= 20
    assert any(view.arrival for view in views)


def test_a_slot_without_a_process_is_empty_until_the_next_arrives() -> None:
    scene = model()
    down = (WORKERS[0], worker("consumer", 0, None, "down"), WORKERS[2])
    scene.take(snapshot(LaneCounts(), down), 10.1)
    view = scene.at(10.1).consumers[0]
    assert view.mood is Mood.EMPTY
    assert view.arrival is None
    assert view.death is not None
    scene.take(snapshot(LaneCounts()), 10.6)
    assert scene.at(10.6).consumers[0].arrival == 0.0


def test_only_what_a_fault_ended_is_called_killed() -> None:
    scene = model()
    scene.take_faults([killed(200, "pause"), replace(killed(200), lane="exactly-once")])
    scene.take(snapshot(LaneCounts(), (WORKERS[0], worker("consumer", 0, 7), WORKERS[2])), 10.1)
    death = scene.at(10.1).consumers[0].death
    assert death is not None
    assert death.word == "ended"
    scene.take_faults([killed(200)])  # reports come after the process is gone
    death = scene.at(10.1).consumers[0].death
    assert death is not None
    assert death.word == "killed"


def test_a_process_that_has_finished_did_not_die() -> None:
    scene = model()
    done = tuple(replace(one, pid=None, state="finished") for one in WORKERS)
    scene.take(snapshot(LaneCounts(), done), 10.1)
    picture = scene.at(10.1)
    assert {view.mood for view in (*picture.producers, *picture.consumers)} == {Mood.FINISHED}
    assert all(view.death is None for view in (*picture.producers, *picture.consumers))
    assert not seen(scene, 10.1)[-1].moving


def test_a_paused_process_is_neither_up_nor_gone() -> None:
    assert mood_of(worker("consumer", 0, 3, "paused")) is Mood.PAUSED
    assert mood_of(worker("consumer", 0, 3)) is Mood.UP


def test_the_marks_of_a_partition_glide_and_come_to_rest_at_what_was_told() -> None:
    scene = model()
    scene.take(snapshot(LaneCounts(), ends=((100, 40), (0, 0))), 10.1)
    heads = [picture.partitions[0].high_watermark for picture in seen(scene, 10.1, 1.0)]
    assert heads[0] < 50
    assert heads == sorted(heads)
    assert heads[-1] == 100
    assert scene.at(12.0).partitions[0].committed_offset == 40


def test_after_a_gap_or_a_step_back_things_stand_and_nothing_moves() -> None:
    scene = model()
    scene.take(snapshot(LaneCounts(delivered_unique=900), ends=((900, 900), (0, 0))), 20.0)
    assert not scene.at(20.1).moving
    assert scene.at(20.1).partitions[0].high_watermark == 900
    scene.take(snapshot(LaneCounts(delivered_unique=5), ends=((5, 5), (0, 0))), 20.2)
    assert not scene.at(20.3).dots
    scene.take(snapshot(LaneCounts(delivered_unique=9), ends=((9, 9), (0, 0))), 20.3)
    routes = {dot.route for picture in seen(scene, 20.3) for dot in picture.dots}
    assert routes == {Route.APPEND, Route.DELIVER}


def test_without_partitions_the_log_is_one_box_that_events_still_pass() -> None:
    scene = SceneModel(lane_of("at-least-once"))
    scene.take(snapshot(LaneCounts(), ends=()), 10.0)
    scene.take(snapshot(LaneCounts(appended=4, delivered_unique=4), ends=()), 10.1)
    pictures = seen(scene, 10.1)
    routes = {dot.route for picture in pictures for dot in picture.dots}
    assert routes == {Route.APPEND, Route.DELIVER}
    assert not pictures[0].partitions


def test_with_reduced_motion_no_dot_moves_and_deaths_are_still_shown() -> None:
    scene = model()
    scene.reduced = True
    workers = (WORKERS[0], worker("consumer", 0, None, "down"), WORKERS[2])
    counts = LaneCounts(delivered_unique=50, redelivered=5)
    scene.take(snapshot(counts, workers, ((50, 50), (0, 0))), 10.1)
    pictures = seen(scene, 10.1)
    assert not any(picture.dots for picture in pictures)
    assert {picture.partitions[0].high_watermark for picture in pictures} == {50}
    assert pictures[0].consumers[0].death is not None
    assert pictures[0].tellings[0].events == 5
    assert not pictures[-1].moving


def test_before_the_first_snapshot_what_is_planned_is_shown() -> None:
    scene = SceneModel(lane_of("at-least-once"))
    scene.plan(2, 3, 4)
    picture = scene.at(0.0)
    assert not picture.started
    assert [len(picture.producers), len(picture.partitions), len(picture.consumers)] == [2, 3, 4]
    assert not picture.moving


def test_what_is_in_doubt_is_told_while_time_in_doubt_grows() -> None:
    scene = model("two-phase-commit")
    grown = replace(snapshot(LaneCounts(), slug="two-phase-commit"), blocked_ms=3.0)
    scene.take(grown, 10.1)
    assert scene.at(10.1).in_doubt
    scene.take(replace(grown, lag=1), 10.2)
    assert not scene.at(10.2).in_doubt
    done = tuple(replace(one, pid=None, state="finished") for one in WORKERS)
    scene.take(replace(grown, blocked_ms=9.0, workers=done), 10.3)
    assert not scene.at(10.3).in_doubt


def test_the_span_of_a_bar_grows_with_the_lag() -> None:
    scene = model()
    scene.take(snapshot(LaneCounts(), ends=((5_000, 0), (0, 0))), 30.0)
    assert scene.wanted_span() >= 5_000


@pytest.mark.parametrize("speed", [0.5, 1.0, 4.0])
def test_a_dot_means_the_same_in_a_play_back_of_any_speed(speed: float) -> None:
    flow, key = Flow(), (Route.APPEND, 0)
    flow.start_at({key: 0}, 0.0)
    for number in range(1, 60):
        flow.take({key: 100 * number}, number * 0.1 / speed, 0.1)
    assert flow.events_per_dot == 20


def test_a_jump_is_no_flow() -> None:
    flow, key = Flow(), (Route.APPEND, 0)
    flow.start_at({key: 0}, 0.0)
    flow.take({key: 30_000}, 0.1, 30.0)
    assert flow.events_per_dot == 20
