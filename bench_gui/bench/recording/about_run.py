"""What a run's database says of the run, apart from its frames."""

from __future__ import annotations

from bench_gui.bench.recording.about import About
from bench_gui.bench.records.stored_run import StoredRun


def about(run: StoredRun, *, coarse: bool) -> About:
    """What the run says of itself."""
    return About(
        run_id=run.run_id,
        settings=run.settings,
        started_at=str(run.columns["started_at"] or ""),
        state=run.state,
        cut_off=run.cut_off,
        coarse=coarse,
    )
