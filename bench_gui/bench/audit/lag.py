"""How many readable records lie beyond the committed offsets. Pure."""

from __future__ import annotations

import numpy as np

from bench_gui.bench.audit.columns import Ints
from bench_gui.bench.audit.deliveries import Standing
from bench_gui.bench.audit.growing_table import GrowingTable


class Lag:
    """Kept up by what changes: records that become readable, positions that move.

    Fields:
        records: readable ones beyond the positions, as of the last `pass_to`.
    """

    def __init__(self, records: GrowingTable) -> None:
        """`records`: by (partition, offset); uses `standing`."""
        self._table = records
        self._positions: Ints = np.zeros(records.lines, dtype=np.int64)
        self.records = 0

    def become_readable(self, partitions: Ints, offsets: Ints) -> None:
        """These records became readable, each once."""
        self.records += int(np.count_nonzero(offsets >= self._positions[partitions]))

    def pass_to(self, positions: Ints) -> None:
        """The committed offsets stand at `positions` now, (partitions,); they may go back."""
        for partition, position in enumerate(positions.tolist()):
            before = int(self._positions[partition])
            self.records -= self._readable(partition, before, position)
            self.records += self._readable(partition, position, before)
        self._positions = positions.copy()

    def _readable(self, partition: int, first: int, after: int) -> int:
        standing = self._table.line("standing", partition, first, after)
        return int(np.count_nonzero(standing == Standing.READABLE))
