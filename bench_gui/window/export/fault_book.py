"""The faults of the run on screen, for its pictures. Knows no Qt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from bench_gui.bench.snapshot import FaultReport

KEPT_FAULTS = 4000
"""A lane."""


class FaultBook:
    """The faults of the run on screen, the newest a lane."""

    def __init__(self) -> None:
        self._faults: dict[str, dict[int, FaultReport]] = defaultdict(dict)
        self._run_id = ""

    def take(self, run_id: str, faults: Iterable[FaultReport]) -> None:
        """New and changed ones; those of another run are forgotten."""
        if run_id != self._run_id:
            self.clear()
            self._run_id = run_id
        for fault in faults:
            lane = self._faults[fault.lane]
            lane[fault.fault_id] = fault
            if len(lane) > KEPT_FAULTS:
                del lane[next(iter(lane))]

    def clear(self) -> None:
        """The run begins again."""
        self._faults.clear()

    def until(self, lane: str, now_s: float) -> list[FaultReport]:
        """Those of a lane that had happened by then."""
        return [fault for fault in self._faults[lane].values() if fault.t_s <= now_s]
