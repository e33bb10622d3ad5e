"""The table of lanes says what SPEC's table says, and hangs together."""

from __future__ import annotations

import pytest

from workers.lanes import LANES, Action, Anomaly, Lane, Result
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
def test_results_go_to_the_output_topic_exactly_where_offsets_are_in_a_transaction(
    lane: Lane,
) -> None:
    assert (lane.result is Result.OUTPUT_TOPIC) == lane.consumer.transactional


def test_what_comes_after_each_action_is_read_from_the_table() -> None:
    by_slug = {lane.slug: next_steps(lane.producer.actions) for lane in LANES}
    assert by_slug["at-most-once"][Action.ADVANCE_POSITION] is Step.APPENDED
    assert by_slug["at-most-once"][Action.APPEND] is Step.EVENTS_TAKEN
    assert by_slug["at-least-once"][Action.APPEND] is Step.POSITION_ADVANCED
    assert by_slug["exactly-once"][Action.SEND_OFFSETS] is Step.TRANSACTION_COMMITTED
