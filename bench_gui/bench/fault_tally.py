"""What a lane's faults come to, kept up to date as they change. Pure."""

from __future__ import annotations

from array import array
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable

from bench_gui.bench.ranks import nearest_place
from bench_gui.bench.snapshot import FaultReport, FaultTotals
from workers.lanes import Role


class FaultTally:
    """Counts and recovery times of one lane's faults.

    Fields:
        in_window: faults that landed where they could hurt.
        hits_in_window: those of them that hit a process.
    """

    def __init__(self, faults: Iterable[FaultReport] = ()) -> None:
        """`faults`: of one lane, none of them twice."""
        self.in_window = 0
        self.hits_in_window = 0
        self._hits: Counter[tuple[str, str]] = Counter()
        self._recoveries_ms = array("d")
        for fault in faults:
            self.change(None, fault)

    def change(self, before: FaultReport | None, after: FaultReport) -> None:
        """A report is new (`before` is None), or says something else than before."""
        if before is not None:
            self._count(before, -1)
            if before.recovery_ms is not None and before.pid is not None:
                del self._recoveries_ms[bisect_left(self._recoveries_ms, before.recovery_ms)]
        self._count(after, 1)
        if after.recovery_ms is not None and after.pid is not None:
            insort(self._recoveries_ms, after.recovery_ms)

    def _count(self, report: FaultReport, sign: int) -> None:
        self.in_window += sign * report.in_window
        if report.pid is not None:
            self._hits[report.kind, report.role] += sign
            self.hits_in_window += sign * report.in_window

    def hits(self, kind: str, role: str | None = None) -> int:
        """Faults of a kind that hit a process; "kill" counts a kill at a step and of a role too."""
        return sum(
            count
            for (its_kind, its_role), count in self._hits.items()
            if its_kind.startswith(kind) and role in {None, its_role}
        )

    def totals(self) -> FaultTotals:
        """All of it, to be told."""
        return FaultTotals(
            kills_producer=self.hits("kill", Role.PRODUCER.value),
            kills_consumer=self.hits("kill", Role.CONSUMER.value),
            pauses=self.hits("pause"),
            ack_losses=self.hits("ack loss"),
            request_losses=self.hits("request loss"),
            expirations=self.hits("expiry"),
            in_window=self.hits_in_window,
            recovery_p50_ms=self.recovery_ms(0.5),
            recovery_max_ms=self.recovery_ms(1.0),
        )

    def recovery_ms(self, quantile: float) -> float | None:
        """The smallest recovery time that at least `quantile` (0 to 1) of them do not exceed.

        None of no recoveries.
        """
        if not self._recoveries_ms:
            return None
        return self._recoveries_ms[nearest_place(len(self._recoveries_ms), quantile)]
