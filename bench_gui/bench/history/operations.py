"""What a lane's clients did, as operations that begin and end. Plain values; knows no files.

A client is a worker's slot: its processes come and go, and one that was killed is succeeded by the
next. Times are monotonic nanoseconds. An operation begins no later and ends no earlier than what it
did, as far as durable records tell, so whatever a checker concludes from the order of two
operations is true.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

UNKNOWN_PARTITION = -1
"""Of a send that never reached the log: nobody can say where it would have gone."""


class Outcome(Enum):
    """How an operation ended. The value is Jepsen's word."""

    OK = "ok"
    FAIL = "fail"
    """It certainly has no effect."""
    INFO = "info"
    """Its client died, or asked for no answer, before it knew."""


class Reason(Enum):
    """Why an operation is not OK. The value is shown."""

    KILLED = "killed"
    ABORTED = "aborted"
    REQUEST_LOST = "request-lost"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive events of one source at consecutive offsets of one partition.

    Fields:
        first_offset: -1 where it is not known.
        applied: False where a consumer's sink knew the events already.
    """

    partition: int
    first_offset: int
    source: int
    first_sequence: int
    count: int
    applied: bool = True


@dataclass(frozen=True, slots=True)
class Send:
    """One batch that a producer was to append, with all its attempts; or one transaction's.

    Fields:
        ended_ns: None while nobody can say how it ends.
        stretches: what was appended; of several attempts that were, the last.
        reason: None when it is OK.
    """

    incarnation: int
    began_ns: int
    ended_ns: int | None
    outcome: Outcome
    stretches: tuple[Stretch, ...]
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Poll:
    """What a consumer delivered of one fetch; or one transaction, with what it wrote.

    Fields:
        polled: in the order of delivery.
        sent: in the output topic.
    """

    incarnation: int
    began_ns: int
    ended_ns: int | None
    outcome: Outcome
    polled: tuple[Stretch, ...]
    sent: tuple[Stretch, ...] = ()
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Commit:
    """Offsets that a consumer committed: (partition, next offset)."""

    incarnation: int
    at_ns: int
    offsets: tuple[tuple[int, int], ...]
