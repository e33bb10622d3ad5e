"""The named protocol steps, once and for all.

The failpoints, the flight recorder, the event list, the CSV files and the documents use these
names. A worker that dies between two of them is reported as "after X, before Y".
"""

from __future__ import annotations

from enum import Enum


class Step(Enum):
    """A protocol step that a worker has completed. The value is its name everywhere.

    Fields:
        number: its number in the flight recorder's page, from 0 in order of definition.
    """

    number: int

    def __init__(self, _name: str) -> None:
        self.number = len(type(self).__members__)

    STARTED = "started"
    PRODUCER_INITIALISED = "producer-initialised"
    SINK_RESOLVED = "sink-resolved"
    IN_DOUBT_RESOLVED = "in-doubt-resolved"
    POSITION_READ = "position-read"
    EVENTS_TAKEN = "events-taken"
    POSITION_ADVANCED = "position-advanced"
    APPENDED = "appended"
    ACKED = "acked"
    REQUEST_LOST = "request-lost"
    ACK_LOST = "ack-lost"
    GROUP_JOINED = "group-joined"
    REBALANCED = "rebalanced"
    FETCHED = "fetched"
    EFFECT_APPLIED = "effect-applied"
    SINK_COMMITTED = "sink-committed"
    OFFSETS_COMMITTED = "offsets-committed"
    TRANSACTION_BEGUN = "transaction-begun"
    OFFSETS_SENT = "offsets-sent"
    LOG_PREPARED = "log-prepared"
    SINK_PREPARED = "sink-prepared"
    DECIDED = "decided"
    TRANSACTION_COMMITTED = "transaction-committed"
    SINK_ROLLED_BACK = "sink-rolled-back"
    TRANSACTION_ABORTED = "transaction-aborted"
    PARTITIONS_RELEASED = "partitions-released"
    FINISHED = "finished"


STEPS: tuple[Step, ...] = tuple(Step)
"""Every step by its number."""

STEP_BY_NAME: dict[str, Step] = {step.value: step for step in Step}
