"""One incarnation of a history, and what it has in hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.bench.lane_truth import Event
from workers.lanes import Role

Slot = tuple[Role, int]


class Fenced(Exception):
    """The process may not do what it was about to do: its place was taken."""


@dataclass(slots=True)
class Record:
    """A record of the input topic as a consumer sees it."""

    event: Event
    partition: int
    offset: int


@dataclass(slots=True)
class Doubt:
    """A transaction that is committed in two phases.

    Fields:
        prepared_ns: when the log prepared it, None before.
        decided, applied: whether its decision is durable, and carried out in the sink.
    """

    transaction: int
    partition: int
    records: list[Record]
    prepared_ns: int | None = None
    decided: bool = False
    applied: bool = False


@dataclass(slots=True)
class Process:
    """One incarnation: its remaining steps, and what its death would mean.

    Fields:
        endangered: events lost if it dies now.
        acked: exclusive end of its acknowledged sequences; None before the first.
        transaction: its open transaction, with the records in it.
        doubt: the same where it commits in two phases.
        expired: whether its session expired since it joined its group.
        network: the kind of loss that awaits its next request, and the fault.
    """

    incarnation: int
    slot: int
    steps: Iterator[None]
    endangered: list[Event] = field(default_factory=list)
    acked: int | None = None
    transaction: int | None = None
    in_transaction: list[Event] = field(default_factory=list)
    doubt: Doubt | None = None
    expired: bool = False

    def check_membership(self) -> None:
        """Raises Fenced when the group has given its place away."""
        if self.expired:
            raise Fenced
