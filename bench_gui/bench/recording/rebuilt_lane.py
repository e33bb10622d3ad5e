"""What samples, faults and worker processes tell of one lane at a moment. Pure.

Asked in the order of time, it goes on from the moment before; for an earlier one it begins again.
"""

from __future__ import annotations

from collections.abc import Iterable

from bench_gui.bench.fault_tally import FaultTally
from bench_gui.bench.records.run_tables import Row
from bench_gui.bench.snapshot import FaultReport, LaneSample
from workers.time_units import SECOND_NS


class RebuiltLane:
    """One lane.

    Fields, as of the moment that `go_to` went to:
        sample: the newest; None before the first.
        tally: of the faults.
        slots: the newest process (a row of incarnations) of each role and slot.
    """

    def __init__(
        self,
        samples: Iterable[LaneSample],
        faults: Iterable[FaultReport],
        processes: Iterable[Row],
        start_ns: int,
    ) -> None:
        """`start_ns`: when the sources started, monotonic."""
        self._samples = sorted(samples, key=lambda one: one.t_s)
        self._faults = sorted(faults, key=lambda one: one.t_s)
        self._processes = sorted(processes, key=lambda row: int(row["started_ns"]))
        self._start_ns = start_ns
        self._t_s = float("-inf")
        self._begin()

    def go_to(self, t_s: float) -> None:
        """To `t_s`, seconds since the sources' start, inclusive."""
        if t_s < self._t_s:
            self._begin()
        self._t_s = t_s
        self._take_samples()
        self._take_faults()
        self._take_processes()

    def _begin(self) -> None:
        self._samples_seen = self._faults_seen = self._processes_seen = 0
        self.sample: LaneSample | None = None
        self.tally = FaultTally()
        self.slots: dict[tuple[str, int], Row] = {}

    def _take_samples(self) -> None:
        samples, seen = self._samples, self._samples_seen
        while seen < len(samples) and samples[seen].t_s <= self._t_s:
            self.sample = samples[seen]
            seen += 1
        self._samples_seen = seen

    def _take_faults(self) -> None:
        faults, seen = self._faults, self._faults_seen
        while seen < len(faults) and faults[seen].t_s <= self._t_s:
            self.tally.change(None, faults[seen])
            seen += 1
        self._faults_seen = seen

    def _take_processes(self) -> None:
        processes, seen = self._processes, self._processes_seen
        now_ns = self._start_ns + int(self._t_s * SECOND_NS)
        while seen < len(processes) and processes[seen]["started_ns"] <= now_ns:
            row = processes[seen]
            self.slots[row["role"], row["slot"]] = row
            seen += 1
        self._processes_seen = seen
