"""The worst step of a lane is one that its processes pass, and it is where the harm is done."""

from __future__ import annotations

import pytest

from bench_gui.bench.failpoint_text import format_failpoints
from bench_gui.bench.lane_steps import passes
from bench_gui.bench.worst_step import worst_step
from workers.lanes import LANES, Lane, lane_of, own_slug
from workers.policies import CONSUMERS, PRODUCERS, SINKS, IncompatibleParts, check_parts

WORST = {
    "at-most-once": "after=offsets-committed,before=effect-applied",
    "at-least-once": "after=sink-committed,before=offsets-committed",
    "idempotent-consumer": "after=sink-committed,before=offsets-committed",
    "exactly-once": "after=offsets-sent,before=transaction-committed",
    "cross-system": "after=offsets-sent,before=transaction-committed",
    "transactional-sink": "after=effect-applied,before=sink-committed",
    "two-phase-commit": "after=sink-prepared,before=decided",
}


def possible() -> list[Lane]:
    """Every lane of the table, and every one that can be composed."""
    lanes = list(LANES)
    for producer in PRODUCERS:
        for consumer in CONSUMERS:
            for sink in SINKS:
                try:
                    check_parts(consumer, sink)
                except IncompatibleParts:
                    continue
                lanes.append(lane_of(own_slug(producer, consumer, sink)))
    return lanes


@pytest.mark.parametrize("lane", possible(), ids=lambda lane: lane.slug)
def test_a_process_of_the_lane_comes_there(lane: Lane) -> None:
    assert passes(lane, worst_step(lane))


def test_it_lies_between_the_two_commits_or_before_the_only_one() -> None:
    assert {
        lane.slug: format_failpoints((worst_step(lane),)).removeprefix("consumer:")
        for lane in LANES
    } == WORST


@pytest.mark.parametrize(
    ("slug", "step"),
    [
        (
            "fire-and-forget+offsets-in-sink+counter",
            "producer:after=position-advanced,before=appended",
        ),
        (
            "fire-and-forget+process-first+counter",
            "producer:after=position-advanced,before=appended",
        ),
        ("retry+offsets-in-sink+counter", "producer:after=acked,before=position-advanced"),
        ("retry+transaction+output-topic", "producer:after=acked,before=position-advanced"),
        ("retry+commit-first+counter", "consumer:after=offsets-committed,before=effect-applied"),
        ("retry+process-first+counter", "consumer:after=sink-committed,before=offsets-committed"),
    ],
)
def test_it_is_the_producer_s_where_only_that_can_do_harm_or_greater_harm(
    slug: str, step: str
) -> None:
    assert format_failpoints((worst_step(lane_of(slug)),)) == step
