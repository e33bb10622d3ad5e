"""What a lane's picture is made of: where its log's partitions stand, and its links' clicks."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bench_gui.bench.audit import audit_process
from bench_gui.bench.audit.audit_messages import Begin, FinalReport, Finish
from bench_gui.bench.audit.ledger_reader import ReadLater
from bench_gui.bench.snapshot import REST, LinkClicks, PartitionState
from tests.bench.kept_run import KeptRun
from tests.bench.lane_world import SEED, START_NS, LaneWorld
from tests.bench.planted import C1, C2, P1, P2, MakeWorld, produced
from workers.control import ControlPage
from workers.events import LinkChooser
from workers.processes import pipe

ALL_LINKS = 1000


def states(lane: LaneWorld) -> list[tuple[int, int, int]]:
    found = lane.poll().partitions()
    assert [state.partition for state in found] == list(range(len(found)))
    return [(s.high_watermark, s.last_stable_offset, s.committed_offset) for s in found]


def links_of(first: int, after: int) -> dict[int, int]:
    """True clicks by link of slot 0's events."""
    links = LinkChooser(SEED).links(0, np.arange(first, after))
    return {int(link): int(np.count_nonzero(links == link)) for link in np.unique(links)}


# partitions


@pytest.mark.parametrize("slug", ["at-least-once", "exactly-once", "transactional-sink"])
def test_ends_and_committed_offsets_stand_where_the_files_say(world: MakeWorld, slug: str) -> None:
    lane = world(slug)
    assert states(lane) == [(0, 0, 0), (0, 0, 0)]
    lane.append(0, 0, 8, P1)
    lane.append(0, 8, 3, P1, partition=1)
    assert states(lane) == [(8, 8, 0), (3, 3, 0)]
    lane.commit_offset(0, 6, C1)
    lane.commit_offset(1, 3, C1)
    assert states(lane) == [(8, 8, 6), (3, 3, 3)]
    lane.commit_offset(0, 4, C2)
    assert states(lane) == [(8, 8, 4), (3, 3, 3)]


def test_a_round_that_broke_off_leaves_the_partitions_as_they_were(
    world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Commits are read before the log, so they may pass the end that is known of it."""

    def later() -> None:
        raise ReadLater

    lane = world("at-least-once")
    lane.append(0, 0, 8, P1)
    lane.commit_offset(0, 6, C1)
    assert states(lane)[0] == (8, 8, 6)
    lane.append(0, 8, 9, P1)
    lane.commit_offset(0, 17, C1)
    with monkeypatch.context() as patched:
        patched.setattr(lane.live._files, "clicks", later)
        assert not lane.live.poll({}, lane.now_ns, lambda: lane.sources_end_ns)
    state = lane.live.partitions()[0]
    assert (state.high_watermark, state.last_stable_offset, state.committed_offset) == (8, 8, 6)
    assert states(lane)[0] == (17, 17, 17)


def test_an_open_transaction_holds_the_last_stable_offset(world: MakeWorld) -> None:
    lane = world("exactly-once")
    lane.append(0, 0, 5, P1)
    open_ = lane.begin(lane.files.clicks, P1)
    lane.append(0, 5, 4, P1, transaction=open_)
    lane.append(0, 9, 2, P2)
    assert states(lane)[0] == (11, 5, 0)
    lane.decide(lane.files.clicks, open_, "aborted")
    assert states(lane)[0] == (11, 11, 0)


def test_a_partition_state_survives_the_way_to_a_watcher() -> None:
    state = PartitionState(1, 9, 8, 7)
    assert pickle.loads(pickle.dumps(state)) == state


# links


def test_each_link_shows_what_happened_and_what_was_counted(world: MakeWorld) -> None:
    lane = produced(world("at-most-once"))
    lane.apply(0, 0, 12, C1)
    lane.end(C1, "consumer", fault=1)
    lane.apply(0, 8, 9, C2, offset=8)
    lane.commit_offset(0, 20, C2)
    lane.end(C2, "consumer", fault=2)
    found = lane.agreed().links(ALL_LINKS)
    happened, counted = links_of(0, 20), links_of(0, 17)
    again, lost = links_of(8, 12), links_of(17, 20)
    for link in found[:-1]:
        number = link.link_id
        assert link.happened == happened.get(number, 0)
        assert link.counted == counted.get(number, 0) + again.get(number, 0)
        assert (link.extra, link.lost) == (again.get(number, 0), lost.get(number, 0))
        assert link.in_flight == 0
    assert sum(one.error for one in found) == lane.live.counts().counter_error
    assert found[-1] == LinkClicks(REST, 0, 0, 0, 0, 0)


def test_the_most_clicked_come_first_and_the_rest_is_one_line(world: MakeWorld) -> None:
    lane = produced(world("at-least-once"))
    lane.apply(0, 0, 7, C1)
    every, some = lane.poll().links(ALL_LINKS), lane.live.links(3)
    assert [link.happened for link in every[:-1]] == sorted(links_of(0, 20).values())[::-1] + [
        0
    ] * (ALL_LINKS - len(links_of(0, 20)))
    assert some[:3] == every[:3]
    rest, others = some[3], every[3:-1]
    assert rest.link_id == REST
    assert (
        rest.happened
        == sum(link.happened for link in others)
        == 20 - sum(link.happened for link in some[:3])
    )
    assert rest.counted == sum(link.counted for link in others)
    assert rest.error == sum(link.error for link in others)
    assert sum(link.error for link in some) == lane.live.counts().counter_error == 13


def test_the_rests_error_is_that_of_its_links_one_by_one(world: MakeWorld) -> None:
    """Clicks too many of one link do not make up for those that another lacks."""
    lane = produced(world("at-most-once"))
    lane.apply(0, 0, 12, C1)
    lane.end(C1, "consumer", fault=1)
    lane.apply(0, 8, 9, C2, offset=8)
    lane.commit_offset(0, 20, C2)
    lane.end(C2, "consumer", fault=2)
    every, (first, rest) = lane.agreed().links(ALL_LINKS), lane.live.links(1)
    errors = [one.counted - one.happened for one in every[:-1] if one.link_id != first.link_id]
    assert min(errors) < 0 < max(errors)
    assert rest.error == sum(map(abs, errors)) > abs(sum(errors))


def test_what_was_read_of_an_aborted_transaction_is_extra(world: MakeWorld) -> None:
    lane = world("at-least-once")
    aborted = lane.begin(lane.files.clicks, P1)
    lane.append(0, 0, 5, P1, transaction=aborted)
    lane.apply(0, 2, 2, C1, offset=2)
    lane.decide(lane.files.clicks, aborted, "aborted")
    lane.append(0, 0, 20, P2)
    lane.advance_position(0, 20, P2)
    lane.apply(0, 0, 20, C1, offset=5)
    lane.commit_offset(0, 25, C1)
    for number, role in ((P1, "producer"), (P2, "producer"), (C1, "consumer")):
        lane.end(number, role, acked=20)
    found = lane.agreed().links(ALL_LINKS)
    assert lane.live.counts().aborted_reads == sum(one.extra for one in found) == 2
    assert {one.link_id: one.extra for one in found if one.extra} == links_of(2, 4)
    assert sum(one.in_flight for one in found) == 0


def test_the_last_report_tells_the_links_whenever_they_were_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_process, "LINKS_EVERY_NS", 10**30)
    run = KeptRun(tmp_path, "at-least-once")
    run.started(P1, "producer")
    run.started(C1, "consumer")
    produced(run.world)
    run.world.apply(0, 0, 20, C1)
    run.world.commit_offset(0, 20, C1)
    run.world.end(C1, "consumer")
    for end in run.world.ended.values():
        run.wrote_end(end)
    control = ControlPage(run.world.files.control)
    control.set_sources_end(run.world.sources_end_ns)
    bench, auditor = pipe()
    bench.send(Begin(START_NS))
    bench.send(Finish())
    settings = replace(run.world.settings, retention_s=None)
    audit_process._Audit(auditor, tmp_path, settings).run()
    told = []
    while bench.poll():
        told.append(bench.recv())
    run.close()
    control.close()
    last = told[-1]
    assert isinstance(last, FinalReport)
    assert last.disagreement is None
    links = last.report.lanes["at-least-once"].links
    assert links is not None
    assert sum(one.counted for one in links) == 20


def test_what_is_in_flight_is_told_apart_from_what_is_lost(world: MakeWorld) -> None:
    lane = produced(world("at-most-once"))
    lane.apply(0, 0, 5, C1)
    lane.commit_offset(0, 9, C1)
    lane.end(C1, "consumer", fault=1)
    found = lane.poll().links(ALL_LINKS)
    counts = lane.live.counts()
    assert (sum(one.lost for one in found), counts.lost) == (4, 4)
    assert (sum(one.in_flight for one in found), counts.in_flight) == (11, 11)


def test_an_output_topics_effects_are_its_count(world: MakeWorld) -> None:
    lane = produced(world("exactly-once"))
    transaction = lane.begin(lane.files.results, C1)
    lane.output_records(0, 0, 6, C1, transaction=transaction)
    assert sum(one.counted for one in lane.poll().links(2)) == 0
    lane.commit_offset(0, 6, C1)
    lane.decide(lane.files.results, transaction, "committed")
    counted = {one.link_id: one.counted for one in lane.poll().links(ALL_LINKS) if one.counted}
    assert counted == links_of(0, 6)


@pytest.mark.parametrize("sequence", [20, 1_000_000])
def test_a_click_that_never_was_is_extra(world: MakeWorld, sequence: int) -> None:
    lane = produced(world("at-least-once"))
    lane.apply(0, 0, 20, C1)
    lane.apply(0, sequence, 1, C1, offset=3)
    lane.commit_offset(0, 20, C1)
    lane.end(C1, "consumer")
    found = lane.agreed().links(ALL_LINKS)
    assert sum(one.extra for one in found) == 1
    assert sum(one.in_flight for one in found) == 0


def test_a_link_that_does_not_exist_is_among_the_rest(world: MakeWorld) -> None:
    lane = produced(world("at-least-once"))
    lane.apply(0, 0, 20, C1)
    lane.write(lane.files.sink, "INSERT INTO links VALUES (5000, 3)")
    rest = lane.poll().links(ALL_LINKS)[-1]
    assert (rest.happened, rest.counted, rest.error) == (0, 3, 3)


def test_links_survive_the_way_to_a_watcher_and_are_small() -> None:
    links = tuple(LinkClicks(n, 10_000, 9_000, 1_000, 3) for n in range(1, 21))
    links += (LinkClicks(REST, 5, 6, 1, 2, 3),)
    pickled = pickle.dumps(links)
    assert pickle.loads(pickled) == links
    assert len(pickled) < 700
