"""Made-up partitions and links that add up to a fake lane's counts."""

from __future__ import annotations

import numpy as np

from bench_gui.bench.snapshot import REST, LaneCounts, LinkClicks, PartitionState
from workers.events import LINK_COUNT, ZIPF_EXPONENT

LINES = 20
WEIGHTS = np.arange(1, LINK_COUNT + 1, dtype=np.float64) ** -ZIPF_EXPONENT
SHARES = np.concatenate([[0.0], np.cumsum(WEIGHTS / WEIGHTS.sum())])
SHARES[-1] = 1.0


def fake_links(counts: LaneCounts) -> tuple[LinkClicks, ...]:
    """As many clicks as are in `counts`, the same share of each kind for each link."""
    kinds = (counts.offered, counts.lost, counts.duplicates, counts.in_flight)
    happened, lost, extra, in_flight = (np.diff((SHARES * many).astype(np.int64)) for many in kinds)
    counted = happened - lost + extra - in_flight
    rows = np.stack([happened, counted, lost, extra], axis=1)
    top = [LinkClicks(n, *row) for n, row in enumerate(rows[:LINES].tolist(), 1)]
    error = int(np.abs(counted - happened)[LINES:].sum())
    return (*top, LinkClicks(REST, *rows[LINES:].sum(axis=0).tolist(), error))


def fake_partitions(counts: LaneCounts, lag: int, partitions: int) -> tuple[PartitionState, ...]:
    """The events that were due, dealt out to partitions; the lag likewise."""
    found = []
    for number in range(partitions):
        end = (counts.offered + number) // partitions
        behind = min(end, (lag + number) // partitions)
        found.append(PartitionState(number, end, end - behind // 8, end - behind))
    return tuple(found)
