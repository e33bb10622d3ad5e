"""The status line, and the window's own cost measured where it arises."""

from __future__ import annotations

from collections import deque

from PySide6.QtWidgets import QLabel, QStatusBar

from bench_gui.bench.snapshot import RunSnapshot
from bench_gui.window.task_strip import TaskStrip
from bench_gui.window.widgets import text_label


class FrameMeter:
    """The p99 of the newest frames' times. Knows no clock: milliseconds come in."""

    def __init__(self, frames: int = 600) -> None:
        self._times: deque[float] = deque(maxlen=frames)

    def add(self, frame_ms: float) -> None:
        """One frame: computing and painting."""
        self._times.append(frame_ms)

    def p99_ms(self) -> float | None:
        """None before the first frame."""
        if not self._times:
            return None
        ranked = sorted(self._times)
        return ranked[min(int(len(ranked) * 0.99), len(ranked) - 1)]


class StatusLine:
    """Run, seed and the observer's own cost, in a window's status bar."""

    def __init__(self, bar: QStatusBar, tasks: TaskStrip) -> None:
        bar.setSizeGripEnabled(False)
        self._message = text_label("", "status")
        self._message.setObjectName("status-message")
        self._run = text_label("", "status")
        self._run.setObjectName("status-run")
        self._cost = _with_tip("The watcher's own cost: p99 of the window's frame time, and CPU "
                               "of the bench and auditor processes in cores.")  # fmt: skip
        self._cost.setObjectName("status-cost")
        bar.addWidget(self._message, 1)
        bar.addPermanentWidget(tasks)
        bar.addPermanentWidget(self._run)
        bar.addPermanentWidget(self._cost)

    def say(self, sentence: str) -> None:
        """What happened last."""
        self._message.setText(sentence)

    def clear(self) -> None:
        """No run, and nothing that was measured of one."""
        self._run.clear()
        self._cost.clear()

    def show_run(self, snapshot: RunSnapshot) -> None:
        """Which run it is."""
        self._run.setText(f"seed {snapshot.seed}   run {snapshot.run_id}")

    def show_cost(self, frame_ms: float | None, bench_cpu: float) -> None:
        """What watching costs."""
        frame = "" if frame_ms is None else f"frame p99 {frame_ms:.0f} ms   "
        self._cost.setText(f"{frame}bench {bench_cpu:.2f} cores")


def _with_tip(tip: str) -> QLabel:
    label = text_label("", "status")
    label.setToolTip(tip)
    return label
