"""The table of lanes says what SPEC's table says, and hangs together."""

from __future__ import annotations

from itertools import product

import pytest

from workers.lanes import LANES, Action, Anomaly, Lane, UnknownLane, lane_of, own_slug
from workers.policies import CONSUMERS, PRODUCERS, SINKS
from workers.producer import next_steps
from workers.steps import Step

lanes = pytest.mark.parametrize("lane", LANES, ids=lambda lane: lane.slug)


@lanes
def test_nothing_is_both_allowed_and_forbidden(lane: Lane) -> None:
    assert not lane.allowed & lane.forbidden


@lanes
def test_every_lane_promises_something_about_loss_and_duplicates(lane: Lane) -> None:
    assert {Anomaly.LOST, Anomaly.DUPLICATE} <= lane.allowed | lane.forbidden
    assert {Anomaly.PHANTOM, Anomaly.ABORTED_READ} <= lane.forbidden


@lanes
def test_events_are_taken_and_fetched_first(lane: Lane) -> None:
    assert lane.producer.actions[0] is Action.TAKE
    assert lane.consumer.actions[0] is Action.FETCH


@lanes
def test_loss_is_allowed_exactly_where_progress_is_noted_first(lane: Lane) -> None:
    producer = lane.producer.actions
    position_first = Action.ADVANCE_POSITION in producer and (
        producer.index(Action.ADVANCE_POSITION) < producer.index(Action.APPEND)
    )
    assert (Anomaly.LOST in lane.allowed) == (position_first or lane.consumer.commits_first)


@lanes
def test_the_table_says_what_follows_from_the_parts(lane: Lane) -> None:
    assert (lane.allowed, lane.forbidden) == (lane.contract.allowed, lane.contract.forbidden)


PARTS = list(product(PRODUCERS, CONSUMERS, SINKS))


def test_every_combination_of_parts_is_a_lane_or_refused_with_a_reason() -> None:
    refused = 0
    for parts in PARTS:
        slug = own_slug(*parts, knobs=[("sink-batch", "10")])
        try:
            lane = lane_of(slug)
        except UnknownLane:
            refused += 1
            continue
        assert (lane.producer, lane.consumer, lane.sink) == parts
        assert lane.knobs == (("sink-batch", "10"),)
        assert lane.own
        assert {Anomaly.LOST, Anomaly.DUPLICATE} <= lane.allowed | lane.forbidden
        assert not lane.allowed & lane.forbidden
    assert refused == len(PRODUCERS) * 5  # four consumers without a log transaction; two-phase


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        ("exactly-twice", "no lane is called 'exactly-twice'"),
        ("retry+process-first", "producer+consumer+sink"),
        ("retry+process-first+counter+counter", "producer+consumer+sink"),
        ("brave+process-first+counter", "no producer is called 'brave'"),
        ("retry+process-first+bucket", "no sink is called 'bucket'"),
        ("retry+process-first+output-topic", "the output topic is written in"),
        ("retry+two-phase+deduplicating", "two-phase commit already counts each record once"),
        ("retry+process-first+counter@seed=3", "'seed=3' is not a setting of a lane"),
        ("retry+process-first+counter@batch=1@batch=2", "a setting is named twice"),
    ],
)
def test_a_lane_that_cannot_be_is_refused_in_one_sentence(slug: str, said: str) -> None:
    with pytest.raises(UnknownLane) as refused:
        lane_of(slug)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_what_comes_after_each_action_is_read_from_the_table() -> None:
    by_slug = {lane.slug: next_steps(lane.producer.actions) for lane in LANES}
    assert by_slug["at-most-once"][Action.ADVANCE_POSITION] is Step.APPENDED
    assert by_slug["at-most-once"][Action.APPEND] is Step.EVENTS_TAKEN
    assert by_slug["at-least-once"][Action.APPEND] is Step.POSITION_ADVANCED
    assert by_slug["exactly-once"][Action.SEND_OFFSETS] is Step.TRANSACTION_COMMITTED
