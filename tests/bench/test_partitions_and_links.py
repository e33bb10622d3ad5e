"""What a lane's picture is made of: where its log's partitions stand, and its links' clicks."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from bench_gui.bench.snapshot import REST, LinkClicks, PartitionState
from tests.bench.lane_world import SEED, LaneWorld
from tests.bench.planted import C1, C2, P1, P2, MakeWorld, produced
from workers.events import LinkChooser

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
