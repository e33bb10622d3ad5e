"""A measurement as its watcher holds it, in a process of its own, as `bench.client` holds a run.

Qt-free, and nothing of it blocks (`process_client`). Use:

    client = MeasureClient()
    client.start(MeasureSettings(...), directory)      # exists and is empty
    for snapshot in client.poll(): ...                 # MeasureSnapshot, oldest first
    client.stop()                                      # keeps what is done
    read_measurement(directory)                        # MeasureResult, at any time
    figures_of(result.settings, result.cells)          # medians, intervals, costs, knees
"""

from __future__ import annotations

from pathlib import Path

from bench_gui.bench.measure.measurement import RUNNING_DIRECTORY, MeasureOrder, measure_process
from bench_gui.bench.measure.reporter import StopMeasuring
from bench_gui.bench.measure.settings import MeasureSettings
from bench_gui.bench.measure.snapshot import MeasureSnapshot
from bench_gui.bench.process_client import ProcessClient


class MeasureClient(ProcessClient[MeasureSnapshot]):
    """One measurement after the other; at most one at a time."""

    def __init__(self) -> None:
        super().__init__("the measurement")

    def start(self, settings: MeasureSettings, directory: Path, *, command_line: str = "") -> None:
        """Starts a measurement in `directory`, which exists and is empty.

        Raises:
            RuntimeError: one is running.
        """
        order = MeasureOrder(settings, directory, command_line)
        self._start(measure_process, order, directory / RUNNING_DIRECTORY)

    def stop(self) -> None:
        """Ends the run that is going on, which is not counted; what is done is kept."""
        self._say(StopMeasuring())

    def abort(self) -> None:
        """As `stop`."""
        self.stop()
