"""When records were appended: of those that may still be delivered for the first time. Pure."""

from __future__ import annotations

import numpy as np

from bench_gui.bench.audit.columns import Ints, Rows, distinct, no_rows, row_type

APPENDED = row_type("base_offset", "next_offset", "appended_ns")
UNKNOWN = 0


class AppendTimes:
    """Batches by partition, in the order of their offsets."""

    def __init__(self, partitions: int) -> None:
        self._batches = [no_rows(APPENDED) for _ in range(partitions)]

    def add(self, batches: Rows) -> None:
        """Batches that became readable, rows of log_reader.BATCH."""
        for partition in distinct(batches["partition"]):
            mine = batches[batches["partition"] == partition]
            more = np.empty(len(mine), dtype=APPENDED)
            more["base_offset"] = mine["base_offset"]
            more["next_offset"] = mine["base_offset"] + mine["count"]
            more["appended_ns"] = mine["appended_ns"]
            known = np.concatenate([self._batches[partition], more])
            if (known["base_offset"][1:] < known["base_offset"][:-1]).any():
                known = known[np.argsort(known["base_offset"], kind="stable")]
            self._batches[partition] = known

    def of(self, partitions: Ints, offsets: Ints) -> Ints:
        """When these records were appended, monotonic ns, (n,), (n,) to (n,); UNKNOWN of others."""
        times = np.full(len(offsets), UNKNOWN, dtype=np.int64)
        for partition in distinct(partitions[(partitions >= 0) & (offsets >= 0)]):
            known = self._batches[partition]
            mine = np.flatnonzero(partitions == partition)
            at = np.searchsorted(known["base_offset"], offsets[mine], side="right") - 1
            there = at >= 0
            there[there] = offsets[mine[there]] < known["next_offset"][at[there]]
            times[mine[there]] = known["appended_ns"][at[there]]
        return times

    def forget_below(self, offsets: Ints) -> None:
        """Nothing below these, (partitions,), will be delivered for the first time any more."""
        for partition, offset in enumerate(offsets.tolist()):
            known = self._batches[partition]
            gone = int(np.searchsorted(known["next_offset"], offset, side="right"))
            if gone:
                self._batches[partition] = known[gone:]
