"""A window fed with a made-up run of ten minutes, and what its frames cost.

`python -m tests.benchmarks.window_frames ORDER`; one line of JSON a phase, see `window`.
"""

from __future__ import annotations

import json
import pickle
import sys
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, QSettings, QTimer
from PySide6.QtWidgets import QApplication

from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import RunSnapshot
from bench_gui.window.main_window import MainWindow
from bench_gui.window.views import View
from tests.benchmarks.busy import Busy, BusyMeter, frames
from tests.benchmarks.children import tell
from tests.benchmarks.figures import percentile
from tests.gui.fake_client import BUCKET_S, FakeClient
from workers.lanes import Role

RUN_S = 600.0
KILLS = 500
KILLS_A_BUCKET = 2
CALM_S = 1.0
"""Between the storm and the run's end."""
END_S = 3.0
SETTLE_S = 0.5


class PlayedClient(FakeClient):
    """A run that is made up beforehand and then told at its own pace, so that a poll costs little.

    Snapshots go through pickle, as those of the real bench do.
    """

    def __init__(self) -> None:
        super().__init__()
        self._told: deque[tuple[float, bytes]] = deque()
        self._from_s = self._at_s = 0.0

    def make_up(self, until_s: float, storms: bool = False) -> None:
        """Prepares the run's next part; `storms`: with twenty kills a second in every lane."""
        run = self._run
        assert run is not None
        while run.now_s + BUCKET_S <= until_s + 1e-6 and not run.told:
            for _ in range(KILLS_A_BUCKET * storms):
                run.hit(Role.CONSUMER)
            snapshot = run.snapshot(run.now_s + BUCKET_S)
            self._told.append((run.now_s, pickle.dumps(snapshot)))

    def jump(self, run_s: float) -> None:
        """The run is there now, and goes on as the clock does."""
        self._from_s, self._at_s = run_s, time.perf_counter()

    def poll(self) -> list[RunSnapshot]:
        now_s = self._from_s + time.perf_counter() - self._at_s
        snapshots: list[RunSnapshot] = []
        while self._told and self._told[0][0] <= now_s:
            snapshots.append(pickle.loads(self._told.popleft()[1]))
        return snapshots


def main() -> None:
    """All phases."""
    order = json.loads(sys.argv[1])
    app = QApplication([])
    _measure(order, Path(order["folder"]))
    app.processEvents()


def _measure(order: Mapping[str, Any], folder: Path) -> None:
    client, seconds, storm_s = PlayedClient(), order["seconds"], order["storm_s"]
    settings = RunSettings(duration_s=RUN_S, kill_every_s=RUN_S / KILLS)
    store = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
    window = MainWindow(client, store, folder / "runs", settings)
    window.views.show_view(View(f"{order['view']}-view"))
    window.resize(*order["size"])
    window.show()
    _wait(SETTLE_S)
    window.start()
    starts_s = RUN_S - seconds - storm_s
    client.jump(0.0)
    for run_s in _steps(starts_s, order["jump_s"]):
        client.make_up(run_s)
        client.jump(run_s)
        _wait(0.02)
    client.make_up(RUN_S - storm_s)
    client.make_up(RUN_S - CALM_S, storms=True)
    client.make_up(RUN_S + 1)
    _wait(SETTLE_S)
    meter = BusyMeter()
    client.jump(starts_s)
    _wait(seconds)
    _tell("ten minutes in", meter)
    _wait(storm_s - CALM_S)
    _tell("a storm of kills", meter)
    _wait(CALM_S + END_S)
    _tell("the run's end", meter)
    window.close()


def _steps(until_s: float, step_s: float) -> list[float]:
    return [step_s * number for number in range(1, int(until_s / step_s) + 1)]


def _wait(seconds: float) -> None:
    """In a loop that really waits for events, as the program's own does."""
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()


def _tell(phase: str, meter: BusyMeter) -> None:
    beats = meter.take()
    found: list[Busy] = frames(beats)
    tell(
        {
            "phase": phase,
            "frames": len(found),
            "wall p50": percentile([one.wall_ms for one in found], 50),
            "wall p99": percentile([one.wall_ms for one in found], 99),
            "cpu p50": percentile([one.cpu_ms for one in found], 50),
            "cpu p99": percentile([one.cpu_ms for one in found], 99),
            "stall wall": max(one.wall_ms for one in beats),
            "stall cpu": max(one.cpu_ms for one in beats),
        }
    )


if __name__ == "__main__":
    main()
