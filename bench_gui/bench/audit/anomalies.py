"""What can befall an event, in words, and one row for each event that it befell. Pure."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from bench_gui.bench.audit.columns import Ints, Rows, row_type


class Kind(IntEnum):
    """What befell an event."""

    LOST_BEFORE_LOG = 1
    LOST_AFTER_LOG = 2
    DUPLICATE_IN_LOG = 3
    REDELIVERED = 4
    SUPPRESSED = 5
    PHANTOM = 6
    ABORTED_READ = 7
    DUPLICATE_SHOWING = 8
    """An effect of the log's duplicate: counted with its fault, listed as DUPLICATE_IN_LOG."""


KIND_NAMES: dict[Kind, str] = {
    Kind.LOST_BEFORE_LOG: "lost before the log",
    Kind.LOST_AFTER_LOG: "lost after the log",
    Kind.DUPLICATE_IN_LOG: "duplicate in the log",
    Kind.REDELIVERED: "redelivered",
    Kind.SUPPRESSED: "suppressed",
    Kind.PHANTOM: "phantom",
    Kind.ABORTED_READ: "aborted read",
}
"""As in AnomalyRange.kind."""

LOST = (Kind.LOST_BEFORE_LOG, Kind.LOST_AFTER_LOG)


class Rule(IntEnum):
    """How the fault behind an anomaly is found; `blame` carries the rules out."""

    NONE = 0
    """No fault explains it: a phantom, an aborted read."""
    END = 1
    """The end of the process that passed it."""
    POSITION = 2
    """A lost request, or the end of the process that advanced the position last."""
    APPEND = 3
    """The end of the process that appended it before, or its lost acknowledgement."""
    DELIVERY = 4
    """The end of the process that delivered it before, or an expiry of it or of the repeater."""


NO_CAUSE = -1
ACT = row_type("cause", "actor", "at_ns")
"""Who appended or delivered an event before (`cause`), who did it again (`actor`), and when.

Where nothing was done again, `cause` is the process whose end may be to blame. 0 or less: nobody.
"""
PLACE = row_type("slot", "sequence", "partition", "offset")
"""An event and its record; partition and offset are -1 where unknown."""
ANOMALY = row_type(
    "kind", "rule", "slot", "sequence", "partition", "offset", "cause", "actor", "at_ns", "extra",
    "round",
)  # fmt: skip
"""One event: its Kind and Rule, its PLACE, its ACT. `extra`: 1 when it is an effect beyond the
event's first. `round`: the audit round that found it."""


def places_of(slots: Ints, sequences: Ints, partitions: Ints | int, offsets: Ints | int) -> Rows:
    """Rows of PLACE."""
    places = np.empty(len(slots), dtype=PLACE)
    places["slot"], places["sequence"] = slots, sequences
    places["partition"], places["offset"] = partitions, offsets
    return places


def acts_of(causes: Ints, actors: Ints | int = NO_CAUSE, at_ns: Ints | int = 0) -> Rows:
    """Rows of ACT."""
    acts = np.empty(len(causes), dtype=ACT)
    acts["cause"], acts["actor"], acts["at_ns"] = causes, actors, at_ns
    return acts
