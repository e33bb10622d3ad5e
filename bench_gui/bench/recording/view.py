"""What a run came to, read whole: settings, results and time series. Writes nothing."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from bench_gui.bench.recording.about import RunView
from bench_gui.bench.recording.about_run import about
from bench_gui.bench.records.readable import readable
from bench_gui.bench.records.stored_run import StoredRun
from bench_gui.bench.snapshot import LaneSample


def read_view(run_dir: Path) -> RunView:
    """The run in `run_dir`. Raises EnvironmentProblem when it cannot be read."""
    with readable(run_dir), closing(StoredRun(run_dir)) as run:
        samples: dict[str, list[LaneSample]] = {}
        for sample in run.samples():
            samples.setdefault(sample.lane, []).append(sample)
        return RunView(
            run_dir=run_dir,
            about=about(run, coarse=False),
            results={row.lane: row for row in run.summary()},
            samples=samples,
            by_hand=sum(not fault.scheduled for fault in run.faults()),
        )
