"""How worker processes ended, as the auditor needs it. Knows no database."""

from __future__ import annotations

from dataclasses import dataclass


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
