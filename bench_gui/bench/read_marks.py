"""Up to where the counts of a lane have read its ledgers. Plain values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadMarks:
    """What was read at one moment; rows up to here will never be asked for by a count again.

    Fields:
        at_ns: the moment, monotonic.
        offered: events of each slot that existed then; offsets: of each input partition, exclusive,
            in the log and passed for good by a committed offset.
        effects, source_commits, commits, sink_commits: the last row read of the effects ledger and
            of the three histories of offsets (clicks.db, results.db, sink.db); 0: none.
        positions: the same of each slot's positions.
    """

    at_ns: int
    offered: tuple[int, ...]
    offsets: tuple[int, ...]
    effects: int = 0
    source_commits: int = 0
    commits: int = 0
    sink_commits: int = 0
    positions: tuple[int, ...] = ()
