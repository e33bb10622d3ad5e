"""What the bench's process is asked to do. Apart from `run`, which takes long to import."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bench_gui.bench.settings import RunSettings


@dataclass(frozen=True, slots=True)
class RunOrder:
    """What the bench's process is asked to do.

    Fields:
        run_dir: exists and holds no run.
        keep_data: keep the lanes' databases.
        command_line: that repeats the run.
        cut_s: events due earlier than this after the start are left out of the latencies.
    """

    settings: RunSettings
    run_dir: Path
    keep_data: bool
    command_line: str
    cut_s: float = 0.0
