"""What tests that plant anomalies in a lane's files have in common."""

from __future__ import annotations

from collections.abc import Callable

from bench_gui.bench.snapshot import AnomalyRange
from tests.bench.lane_world import LaneWorld

P1, P2, P3 = 1, 2, 3
"""Incarnations of the producer."""
C1, C2, C3 = 11, 12, 13
"""Incarnations of the consumer."""

MakeWorld = Callable[..., LaneWorld]


def produced(world: LaneWorld, events: int = 20) -> LaneWorld:
    """Every event is in the log of partition 0, at the offset of its sequence."""
    if world.lane.producer.transactional:
        transaction = world.begin(world.files.clicks, P1)
        world.append(0, 0, events, P1, transaction=transaction)
        world.decide(world.files.clicks, transaction, "committed")
    else:
        world.append(0, 0, events, P1)
    world.advance_position(0, events, P1)
    world.end(P1, "producer", acked=events)
    return world


def kinds(found: list[AnomalyRange]) -> list[tuple[str, int, int, int | None]]:
    """Kind, first and last sequence, fault."""
    return [(a.kind, a.first_sequence, a.last_sequence, a.fault_id) for a in found]
