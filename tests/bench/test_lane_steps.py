"""The steps that a lane's processes pass follow from its actions."""

from __future__ import annotations

import pytest

from bench_gui.bench.lane_steps import course_of, passes, steps_of
from workers.failpoints import Failpoint
from workers.lanes import LANES, Lane, Role, lane_of
from workers.steps import STEP_BY_NAME, Step


def window(text: str) -> Failpoint:
    """A failpoint from "role after before"; "-" is any step."""
    role, after, before = text.split()
    return Failpoint(Role(role), STEP_BY_NAME.get(after), STEP_BY_NAME.get(before))


@pytest.mark.parametrize(
    ("lane", "role", "cycle"),
    [
        ("at-most-once", Role.PRODUCER, "events-taken position-advanced appended acked"),
        ("at-least-once", Role.PRODUCER, "events-taken appended acked position-advanced"),
        (
            "exactly-once",
            Role.PRODUCER,
            "events-taken transaction-begun appended acked offsets-sent transaction-committed",
        ),
        ("at-most-once", Role.CONSUMER, "fetched offsets-committed effect-applied sink-committed"),
        ("at-least-once", Role.CONSUMER, "fetched effect-applied sink-committed offsets-committed"),
        (
            "exactly-once",
            Role.CONSUMER,
            "fetched transaction-begun effect-applied offsets-sent transaction-committed",
        ),
        (
            "cross-system",
            Role.CONSUMER,
            "fetched transaction-begun effect-applied sink-committed offsets-sent"
            " transaction-committed",
        ),
        ("transactional-sink", Role.CONSUMER, "fetched effect-applied sink-committed"),
        (
            "two-phase-commit",
            Role.CONSUMER,
            "fetched transaction-begun effect-applied offsets-sent log-prepared sink-prepared"
            " decided sink-committed transaction-committed",
        ),
    ],
)
def test_a_cycle_is_the_lanes_actions(lane: str, role: Role, cycle: str) -> None:
    assert [step.value for step in course_of(lane_of(lane), role).cycle] == cycle.split()


@pytest.mark.parametrize(
    ("lane", "text", "possible"),
    [
        ("at-least-once", "consumer effect-applied offsets-committed", True),
        ("at-least-once", "consumer offsets-committed effect-applied", True),
        ("at-least-once", "consumer group-joined fetched", True),
        ("at-least-once", "consumer group-joined -", True),
        ("at-least-once", "consumer partitions-released -", True),
        ("at-least-once", "consumer - group-joined", False),
        ("at-least-once", "consumer - transaction-begun", False),
        ("at-least-once", "consumer transaction-begun -", False),
        ("at-least-once", "producer fetched -", False),
        ("at-least-once", "producer - position-read", False),
        ("exactly-once", "consumer producer-initialised group-joined", True),
        ("exactly-once", "consumer fetched group-joined", False),
        ("exactly-once", "consumer effect-applied sink-committed", False),
        ("exactly-once", "consumer transaction-aborted fetched", True),
        ("exactly-once", "producer - position-read", True),
        ("transactional-sink", "consumer - offsets-committed", False),
        ("transactional-sink", "consumer offsets-committed -", True),
        ("two-phase-commit", "consumer sink-prepared decided", True),
        ("two-phase-commit", "consumer - sink-resolved", False),
        ("two-phase-commit", "consumer sink-resolved in-doubt-resolved", True),
        ("two-phase-commit", "consumer sink-rolled-back -", True),
        ("at-least-once", "consumer rebalanced -", True),
        ("at-least-once", "producer ack-lost -", True),
        ("at-most-once", "producer ack-lost -", False),
        ("two-phase-commit", "consumer in-doubt-resolved group-joined", True),
        ("two-phase-commit", "consumer - started", False),
        ("two-phase-commit", "consumer finished -", False),
    ],
)
def test_whether_a_process_can_stand_there(lane: str, text: str, possible: bool) -> None:
    assert passes(lane_of(lane), window(text)) is possible


@pytest.mark.parametrize("lane", LANES, ids=lambda lane: lane.slug)
def test_every_step_of_a_cycle_can_be_killed_at(lane: Lane) -> None:
    for role in Role:
        for step in course_of(lane, role).cycle:
            assert passes(lane, Failpoint(role, before=step))
            assert passes(lane, Failpoint(role, after=step))


def test_all_lanes_together_pass_every_step() -> None:
    passed = {step for lane in LANES for role in Role for step in steps_of(lane, role)}
    assert passed == set(Step) - {Step.STARTED, Step.FINISHED}
