"""Names the fault behind each anomaly, by the rule that fits it. Pure.

Each rule looks for faults that could have made a process do what it did. Where several could, the
latest one before the act is to blame. A fault may be told a moment after its consequences are seen:
the bench has to notice a death or an expiry before it can write it down.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

import numpy as np

from bench_gui.bench.audit.anomalies import Rule
from bench_gui.bench.audit.columns import Ints, Rows, row_type
from bench_gui.bench.audit.known_faults import NOT_ENDED, KnownFaults
from bench_gui.bench.audit.mark_table import NO_FAULT
from workers.time_units import SECOND_NS

WAITING = NOT_ENDED
"""In place of a fault's number: none is known yet, and one may be told later."""

NOTICED_NS = 2 * SECOND_NS
"""A death is noticed at most this long after it. One noticed later than that after an act of
another process did not cause the act."""


class How(IntEnum):
    """What the fault did to the process."""

    NOTHING = 0
    END = 1
    EXPIRY = 2
    REQUEST_LOSS = 3
    ACK_LOSS = 4


BLAME = row_type("fault", "incarnation", "how")
"""The fault (or WAITING, or NO_FAULT), the process it hit, and How."""

Find = Callable[[Rows, KnownFaults], Rows]


def blame(rows: Rows, known: KnownFaults, *, retries: bool) -> Rows:
    """The fault behind each anomaly.

    Args:
        rows: of ANOMALY.
        retries: whether the lane's producers append again what was not acknowledged; if so, a lost
            request loses no event.

    Returns: rows of BLAME.
    """
    find: dict[Rule, Find] = {
        Rule.END: _by_end,
        Rule.POSITION: _by_end if retries else _by_lost_request,
        Rule.APPEND: _by_append,
        Rule.DELIVERY: _by_delivery,
    }
    found = _blames(np.full(len(rows), NO_FAULT), 0, How.NOTHING)
    for rule in np.unique(rows["rule"]).tolist():
        if rule in find:
            mine = rows["rule"] == rule
            found[mine] = find[rule](rows[mine], known)
    return found


def _blames(faults: Ints, incarnations: Ints | int, how: How) -> Rows:
    found = np.empty(len(faults), dtype=BLAME)
    found["fault"], found["incarnation"], found["how"] = faults, incarnations, how
    return found


def _by_end(rows: Rows, known: KnownFaults) -> Rows:
    return _blames(known.end_faults(rows["cause"]), rows["cause"], How.END)


def _by_lost_request(rows: Rows, known: KnownFaults) -> Rows:
    found = _by_end(rows, known)
    found["fault"][found["fault"] == NO_FAULT] = WAITING
    faults, incarnations = known.lost_requests(rows["slot"], rows["sequence"])
    return _better(found, _blames(faults, incarnations, How.REQUEST_LOSS))


def _by_append(rows: Rows, known: KnownFaults) -> Rows:
    cause, actor, at_ns = (rows[field] for field in ("cause", "actor", "at_ns"))
    found = _blames(known.lost_acks(cause, rows["sequence"], at_ns), cause, How.ACK_LOSS)
    found["fault"][(found["fault"] == NO_FAULT) & (cause > 0)] = WAITING
    ends = _by_end(rows, known)
    ends["fault"][cause == actor] = NO_FAULT
    return _better(found, ends)


def _by_delivery(rows: Rows, known: KnownFaults) -> Rows:
    cause, actor, at_ns = (rows[field] for field in ("cause", "actor", "at_ns"))
    found = _blames(np.full(len(rows), WAITING), 0, How.NOTHING)
    ends, times = _by_end(rows, known), known.ended_ns(cause)
    ends["fault"][(cause == actor) | (times > at_ns + NOTICED_NS)] = NO_FAULT
    found = _better(found, ends)
    if known.any_expired:
        times[(found["fault"] < 0) | (times > at_ns)] = 0
        for incarnations in (cause, actor):
            faults, expired_ns = known.expiries(incarnations, at_ns)
            faults[expired_ns <= times] = NO_FAULT
            found = _better(found, _blames(faults, incarnations, How.EXPIRY))
            times = np.maximum(times, expired_ns)
    return found


def _better(found: Rows, other: Rows) -> Rows:
    """`other` where it names a fault, `found` elsewhere."""
    return np.where(other["fault"] >= 0, other, found)
