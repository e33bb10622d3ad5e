"""For how long prepared transactions stood in doubt (two-phase commit). Reads one log file only.

A transaction is in doubt from when the log prepared it until the log ended it; meanwhile nobody can
go on from its offsets. That is the price of the two-phase lane, and no anomaly.
"""

from __future__ import annotations

import numpy as np

from bench_gui.bench.audit.columns import Ints, row_type
from bench_gui.bench.audit.ledger_reader import LedgerFile

PREPARED = row_type("transaction_id", "prepared_ns", "ended_ns")
PREPARED_SQL = """
SELECT transaction_id, coalesce(prepared_ns, 0), coalesce(ended_ns, 0)
FROM transactions WHERE transaction_id >= ? ORDER BY transaction_id
"""
"""0 where it is not prepared, or not ended."""


class BlockedTime:
    """Blocked time of one lane's transactions, summed over transactions.

    Fields:
        total_ns, longest_ns: up to the last `read`; those still in doubt count up to then.
    """

    def __init__(self, file: LedgerFile) -> None:
        """`file`: the log that the consumers' transactions are in."""
        self._file = file
        self._first_undecided = 0
        self._before_ns = 0
        self.total_ns = self.longest_ns = 0

    def read(self, now_ns: int) -> None:
        """Takes in what has changed. Raises ReadLater.

        Args:
            now_ns: a time not later than now, monotonic.
        """
        rows = self._file.rows(PREPARED_SQL, (self._first_undecided,), PREPARED)
        until_ns = np.where(rows["ended_ns"] > 0, rows["ended_ns"], now_ns)
        prepared = rows["prepared_ns"] > 0
        blocked_ns: Ints = np.where(prepared, np.maximum(until_ns - rows["prepared_ns"], 0), 0)
        self.total_ns = self._before_ns + int(blocked_ns.sum())
        self.longest_ns = max(self.longest_ns, int(blocked_ns.max(initial=0)))
        undecided = np.flatnonzero(rows["ended_ns"] == 0)
        settled = int(undecided[0]) if len(undecided) else len(rows)
        self._before_ns += int(blocked_ns[:settled].sum())
        if settled:
            self._first_undecided = int(rows["transaction_id"][settled - 1]) + 1
