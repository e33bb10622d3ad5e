"""Rows are removed in the middle of any history, and every event is still counted as it was."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench_gui.bench.audit.auditor import LaneAuditor, compare
from bench_gui.bench.audit.recount import disagreement
from bench_gui.bench.audit.second_count import SecondCount
from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.history.writing import HistoryFormat, export_history
from bench_gui.bench.lifeline.lookup import REMOVED, lifeline_of
from bench_gui.bench.lifeline.model import Fate
from bench_gui.bench.records.removed_rows import removed_below
from bench_gui.bench.retention.counting import count_removable
from bench_gui.bench.retention.removing import remove_rows
from tests.bench.kept_run import KeptRun
from tests.bench.lane_history import History
from tests.bench.lane_world import LaneWorld
from tests.bench.planted import C1, C2, P1, P2, P3, MakeWorld
from tests.bench.test_audit_histories import OWN, SLUGS, VERBS, check, history_of, play

actions = st.lists(
    st.tuples(st.sampled_from([*VERBS, "poll", "remove", "remove", "cut off"]), st.integers(0, 3)),
    max_size=90,
)


def second_of(world: LaneWorld) -> LaneAuditor:
    """A count that goes on from where rows are removed, as the final count does."""
    return world.auditor()


def poll(world: LaneWorld, auditor: LaneAuditor) -> None:
    assert auditor.poll(dict(world.ended), world.now_ns, lambda: world.sources_end_ns, world.marks)


def remove(world: LaneWorld, second: LaneAuditor, *, cut_off: bool = False) -> None:
    """Both counts read on, then everything goes that they have read; or is counted and stays."""
    world.poll()
    poll(world, second)
    marks = second.marks(world.now_ns)
    removable = count_removable(world.run_db, world.lane.slug, world.files, marks)
    if not cut_off:
        with closing(sqlite3.connect(world.run_db)) as run:
            (last,) = run.execute(
                "SELECT coalesce(max(incarnation), 0) FROM incarnations"
            ).fetchone()
        living = [number for number in range(last + 20) if number not in world.ended]
        remove_rows(world.files, removable, marks, living)


def play_and_remove(history: History, second: LaneAuditor, moves: list[tuple[str, int]]) -> None:
    for verb, which in moves:
        if verb in {"remove", "cut off"}:
            remove(history.world, second, cut_off=verb == "cut off")
        else:
            play(history, [(verb, which)])


def agreed(world: LaneWorld, second: LaneAuditor) -> LaneAuditor:
    world.poll()
    world.live.finish()
    poll(world, second)
    second.finish()
    assert compare(world.live, second) is None
    assert disagreement(second, world.recount()) is None
    assert second.check_counters() is None
    return world.live


def rows_left(world: LaneWorld) -> int:
    return sum(
        world._databases[path].execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for path, table in ((world.files.clicks, "batches"), (world.files.sink, "effects"))
    )


@pytest.mark.parametrize("slug", [*SLUGS, *OWN])
@settings(max_examples=15, deadline=None)
@given(moves=actions)
def test_what_is_removed_stays_counted(slug: str, moves: list[tuple[str, int]]) -> None:
    with history_of(slug) as history:
        second = second_of(history.world)
        play_and_remove(history, second, moves)
        history.drain()
        remove(history.world, second)
        check(agreed(history.world, second).counts(), history.truth)


def delivered_in_pieces(world: LaneWorld) -> LaneWorld:
    """Twenty events in four batches, each applied and committed by itself."""
    for first in range(0, 20, 5):
        world.append(0, first, 5, P1)
        world.advance_position(0, first + 5, P1)
        world.apply(0, first, 5, C1, offset=first)
        world.commit_offset(0, first + 5, C1)
    return world


def test_rows_that_everybody_has_read_go_and_the_last_ones_stay(world: MakeWorld) -> None:
    lane = delivered_in_pieces(world("at-least-once"))
    second = second_of(lane)
    remove(lane, second)
    assert rows_left(lane) == 1 + 1
    lane.end(P1, "producer", acked=20)
    lane.end(C1, "consumer")
    assert agreed(lane, second).counts().delivered_unique == 20


def test_the_last_batch_of_a_partition_stays_for_the_log_to_know_its_end(world: MakeWorld) -> None:
    lane = delivered_in_pieces(world("at-least-once"))
    lane.end(C1, "consumer")
    second = second_of(lane)
    remove(lane, second)
    assert rows_left(lane) == 1 + 1
    lane.end(P1, "producer", acked=20)
    agreed(lane, second)


def test_a_removal_that_was_cut_off_counts_nothing_twice(world: MakeWorld) -> None:
    lane = delivered_in_pieces(world("at-least-once"))
    second = second_of(lane)
    remove(lane, second, cut_off=True)
    assert rows_left(lane) == 4 + 4
    lane.end(P1, "producer", acked=20)
    lane.end(C1, "consumer")
    assert agreed(lane, second).counts().effects == 20


def test_a_cleaner_that_was_killed_at_its_first_file_has_removed_nothing(world: MakeWorld) -> None:
    lane = delivered_in_pieces(world("at-least-once"))
    begun = lane.files.removed.with_name("removed.db.begun")
    begun.write_bytes(b"torn")
    begun.with_name("removed.db.begun-journal").write_bytes(b"torn too")
    assert removed_below(lane.files) == 0
    second = second_of(lane)
    remove(lane, second)
    assert not list(begun.parent.glob("removed.db.begun*"))
    assert removed_below(lane.files) == 20
    lane.end(P1, "producer", acked=20)
    lane.end(C1, "consumer")
    agreed(lane, second)


def test_a_zombie_that_wakes_after_the_removal_is_counted(world: MakeWorld) -> None:
    lane = delivered_in_pieces(world("at-least-once"))
    second = second_of(lane)
    remove(lane, second)
    lane.apply(0, 0, 5, C2, offset=0)
    lane.end(P1, "producer", acked=20)
    lane.end(C1, "consumer", fault=3)
    counts = agreed(lane, second).counts()
    assert (counts.duplicates, counts.redelivered, counts.unattributed) == (5, 5, 0)


def test_unacknowledged_records_that_are_gone_are_still_recovered(world: MakeWorld) -> None:
    lane = delivered_in_pieces(world("at-least-once"))
    second = second_of(lane)
    remove(lane, second)
    lane.end(P1, "producer", fault=1, acked=5)
    lane.end(C1, "consumer")
    assert agreed(lane, second).counts().recovered == 15


def test_an_effect_that_is_gone_without_having_been_counted_is_seen(world: MakeWorld) -> None:
    lane = delivered_in_pieces(world("at-least-once"))
    second = second_of(lane)
    remove(lane, second, cut_off=True)
    with closing(sqlite3.connect(lane.files.removed)) as removed, removed:
        removed.execute("DELETE FROM event_edges WHERE what = 'applied'")
    lane.poll()
    assert disagreement(lane.live, lane.recount()) is not None


def test_what_a_stray_effect_follows_stays(world: MakeWorld) -> None:
    lane = world("at-least-once")
    lane.append(0, 0, 20, P1)
    lane.advance_position(0, 20, P1)
    lane.apply(0, 0, 4, C1)
    lane.apply(0, 99, 1, C1, offset=4)
    lane.apply(0, 4, 16, C1, offset=4)
    lane.commit_offset(0, 20, C1)
    second = second_of(lane)
    remove(lane, second)
    lane.end(P1, "producer", acked=20)
    lane.end(C1, "consumer")
    counts = agreed(lane, second).counts()
    assert (counts.phantoms, counts.delivered_unique) == (1, 20)


def test_what_a_living_consumer_may_still_be_working_on_stays(world: MakeWorld) -> None:
    lane = world("at-most-once")
    for first in range(0, 20, 5):
        lane.append(0, first, 5, P1)
    lane.advance_position(0, 20, P1)
    lane.end(P1, "producer", acked=20)
    lane.commit_offset(0, 5, C1)
    lane.apply(0, 0, 5, C1)
    lane.commit_offset(0, 20, C1)
    second = second_of(lane)
    remove(lane, second)
    assert rows_left(lane) == 3 + 1
    assert agreed(lane, second).counts().in_flight == 15


def test_what_a_living_producer_may_still_be_working_on_stays(world: MakeWorld) -> None:
    lane = world("at-most-once")
    lane.advance_position(0, 5, P1)
    lane.advance_position(0, 12, P1)
    lane.advance_position(0, 13, P2)
    lane.end(P2, "producer", fault=1)
    lane.advance_position(0, 14, P3)
    second = second_of(lane)
    remove(lane, second)
    lane.end(P3, "producer", fault=2)
    counts = agreed(lane, second).counts()
    assert (counts.in_flight, counts.lost_before_log) == (13, 7)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[KeptRun]:
    """A run of which the rows of the first three batches are gone."""
    run = KeptRun(tmp_path, "at-least-once")
    run.started(P1, "producer")
    run.started(C1, "consumer")
    lane = delivered_in_pieces(run.world)
    remove(lane, second_of(lane))
    run.ended(P1, acked=20)
    run.ended(C1)
    run.complete()
    yield run
    run.close()


def test_the_life_of_an_event_whose_rows_are_gone_says_so(kept: KeptRun) -> None:
    life = lifeline_of(kept.run_dir, kept.slug, 0, 3)
    assert life.notes == (REMOVED,)
    assert life.fate is not Fate.IN_FLIGHT
    assert "not" not in life.sentence.split("delivered")[0]


def test_a_history_of_a_run_whose_rows_are_gone_is_refused(kept: KeptRun, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="run again with --retention all"):
        export_history(kept.run_dir, tmp_path / "out", HistoryFormat.JSONL)
    assert not (tmp_path / "out").exists()


def test_a_second_count_begins_late_and_gives_rows_free_when_they_are_old(world: MakeWorld) -> None:
    lane = delivered_in_pieces(world("at-least-once"))
    kept_ns = 10 * 10**9
    start_ns = lane.now_ns
    second = SecondCount(lane.auditor, lambda: lane.sources_end_ns, start_ns, kept_ns)
    lane.end(P1, "producer", acked=20)
    second.tell(lane.ended, ())
    read_s = [s for s in range(40) if second.read(start_ns + s * 10**9) is not None]
    assert read_s[0] == 15
    finished = second.finish()
    assert finished is not None
    assert dict(finished._tables.causes.known.ends) == lane.ended
    lane.poll().finish()
    assert compare(lane.live, finished) is None
