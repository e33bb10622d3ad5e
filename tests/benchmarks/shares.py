"""Who of a run's processes used how much CPU, from a sampler and the run's records."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from bench_gui.bench.records.stored_run import StoredRun
from bench_gui.bench.snapshot import LaneSample
from tests.benchmarks.figures import slope
from tests.benchmarks.processes import Roles, Sampler, cpu_share, roles

WARM_S = 2.0
"""At a run's start, not counted: processes start, caches fill."""


class Measured:
    """A run that has ended, and the sampler that went along with it.

    Fields:
        samples: the run's time series.
        who: which process was what.
        workers: their pids.
    """

    def __init__(self, run_dir: Path, sampler: Sampler, client: int) -> None:
        with closing(StoredRun(run_dir)) as run:
            columns = run.columns
            self.samples: list[LaneSample] = run.samples()
            self.workers = {row["pid"] for row in run.incarnations()}
            self.lanes = [row["slug"] for row in run.lanes()]
            self.summary = run.summary()
        self._sampler = sampler
        self.start_s = columns["start_ns"] / 1e9
        self.end_s = columns["sources_end_ns"] / 1e9
        self.who: Roles = roles(sampler, client, columns["bench_pid"], self.workers)

    def shares(self, warm_s: float = WARM_S) -> dict[str, float]:
        """CPU as a share of one core while the sources ran, by what the processes are.

        Args:
            warm_s: at the run's start, not counted.
        """
        who = self.who
        parts = {
            "client": [who.client],
            "bench": [who.bench],
            "auditor": [who.auditor],
            "fork server": [who.fork_server, *who.spares],
            "workers": sorted(self.workers),
        }
        return {
            name: self._share([pid for pid in pids if pid is not None], warm_s)
            for name, pids in parts.items()
        }

    def _share(self, pids: Sequence[int], warm_s: float) -> float:
        """Of processes that may not have lived all the time."""
        from_s, to_s = self.start_s + warm_s, self.end_s
        used_s = 0.0
        for pid in pids:
            inside = [r for r in self._sampler.readings.get(pid, []) if from_s <= r.at_s <= to_s]
            lived_s = inside[-1].at_s - inside[0].at_s if inside else 0.0
            used_s += cpu_share(inside, from_s, to_s) * lived_s
        return used_s / (to_s - from_s)

    def lag_slope(self, lane: str) -> float:
        """Growth of the lane's lag in the second half of the run, records a second.

        Of the least lag in each second: what stays when the work that a kill piled up is done.
        """
        half_s = (self.end_s - self.start_s) / 2
        least: dict[int, int] = {}
        for sample in self.samples:
            if sample.lane == lane and half_s <= sample.t_s <= 2 * half_s:
                second = int(sample.t_s)
                least[second] = min(sample.lag, least.get(second, sample.lag))
        return slope(list(least), list(least.values()))

    def greatest_lag(self, lane: str) -> int:
        """The lane's most in the second half."""
        half_s = (self.end_s - self.start_s) / 2
        return max((s.lag for s in self.samples if s.lane == lane and s.t_s >= half_s), default=0)
