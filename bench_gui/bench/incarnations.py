"""What befell worker processes, as the auditor needs it. Knows no database."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class IncarnationEnd:
    """The end of one worker process.

    Fields:
        incarnation: lane-unique number of the process.
        role, slot: 'producer' or 'consumer', from 0.
        ended_ns: monotonic nanoseconds.
        fault_id: the fault that ended it; None when it finished by itself.
        acked_sequence: the sequence after the last one acknowledged to this producer, exclusive;
            None: nothing was acknowledged.
    """

    incarnation: int
    role: str
    slot: int
    ended_ns: int
    fault_id: int | None
    acked_sequence: int | None


class MarkKind(Enum):
    """What a fault did to a process that lived on."""

    EXPIRY = "expiry"
    REQUEST_LOSS = "request loss"
    ACK_LOSS = "ack loss"


@dataclass(frozen=True, slots=True)
class FaultMark:
    """A fault that hit a living process: its session expired, or its network lost something.

    Fields:
        incarnation: the process hit.
        fault_id: the fault; of an expiry while the process was paused, the pause.
        at_ns: when, monotonic nanoseconds.
        source, first_sequence, next_sequence: the events whose request or acknowledgement was
            lost, `next_sequence` exclusive; all -1 for an expiry.
    """

    incarnation: int
    kind: MarkKind
    fault_id: int
    at_ns: int
    source: int = -1
    first_sequence: int = -1
    next_sequence: int = -1
