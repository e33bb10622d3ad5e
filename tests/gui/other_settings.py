"""Settings that differ from the defaults in every kind of field, and in one that has none."""

from __future__ import annotations

from bench_gui.bench.settings import CommitInterval, RunSettings

OTHER = RunSettings(
    lanes=("exactly-once", "retry+process-first+counter@sink-batch=10"),
    rate_eps=None,
    duration_s=1.25,
    commit_interval=CommitInterval(records=250),
    kill_every_s=None,
    request_loss=0.025,
    work_us=12.5,
    drain_timeout_s=7.0,
    retention_s=None,
)
