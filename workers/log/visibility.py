"""Which records a reader may see. Pure.

Source: Kafka documentation, "isolation.level"; `UnifiedLog.lastStableOffset`.
"""

from __future__ import annotations

from workers.log.transactions import Decision
from workers.log.types import Isolation, Offset


def last_stable_offset(high_watermark: Offset, first_open_offset: Offset | None) -> Offset:
    """The exclusive end of what read_committed may read.

    Args:
        first_open_offset: the least offset of an ongoing transaction in the partition, or None.
    """
    if first_open_offset is None:
        return high_watermark
    return min(high_watermark, first_open_offset)


def readable_end(high_watermark: Offset, stable: Offset, isolation: Isolation) -> Offset:
    """The exclusive end of what this reader may read."""
    return stable if isolation is Isolation.READ_COMMITTED else high_watermark


def is_visible(decision: Decision | None, isolation: Isolation) -> bool:
    """Whether a batch below the readable end is shown; `decision` None: not in a transaction."""
    if decision is None or isolation is Isolation.READ_UNCOMMITTED:
        return True
    return decision is Decision.COMMITTED
