"""The command line that is copied makes the same run without a window."""

from __future__ import annotations

import shlex

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.scenario import scenarios
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.units import CommitInterval
from bench_gui.cli import main
from tests.fake_bench import FakeBench
from tests.gui.conftest import Opened
from tests.gui.pressing import press
from workers.failpoints import Failpoint
from workers.lanes import Role
from workers.steps import Step

OWN = (
    "idempotent+process-first+deduplicating@sink-batch=10",
    "retry+process-first+counter@batch=7@linger=1ms",
)
KILL_AT = (
    Failpoint(Role.CONSUMER, after=Step.EFFECT_APPLIED, before=Step.OFFSETS_COMMITTED, every=100),
    Failpoint(Role.PRODUCER, slot=1, after=Step.APPENDED),
)
CASES = {
    "defaults": RunSettings(),
    "own lanes": RunSettings(lanes=("exactly-once", *OWN)),
    "kill at": RunSettings(lanes=("at-least-once",), producers=2, kill_at=KILL_AT),
    "everything else": RunSettings(
        duration_s=12.5, rate_eps=None, consumers=3, partitions=6, batch=50, linger_ms=0.5,
        commit_interval=CommitInterval(records=500), sink_batch=4, work_us=20.0, payload_bytes=64,
        kill_every_s=None, kill_roles=(Role.CONSUMER,), pause_every_s=4.0, pause_ms=1500.0,
        down_every_s=9.0, down_ms=750.0, request_loss=0.01, ack_loss=0.025, ack_timeout_ms=35.0,
        restart_delay_ms=250.0, session_timeout_ms=1500.0, durability="full", seed=123,
        drain_timeout_s=5.0, retention_s=None,
    ),
    **{scenario.slug: scenario.settings() for scenario in scenarios()},
}  # fmt: skip


class AskedBench(FakeBench):
    """Knows what it was asked for, and runs nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[RunSettings] = []

    def start(self, settings: RunSettings, *_: object, **__: object) -> None:
        self.asked.append(settings)
        raise EnvironmentProblem("that is all")


@pytest.mark.parametrize("settings", CASES.values(), ids=CASES)
def test_it_repeats_the_run_headless(open_window: Opened, settings: RunSettings) -> None:
    window = open_window(settings)
    window.setFocus()
    press(window, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier,
          Qt.KeyboardModifier.ShiftModifier)  # fmt: skip
    words = shlex.split(QApplication.clipboard().text())
    assert words[:3] == ["python", "main.py", "run"]
    bench = AskedBench()
    assert main(words[2:], lambda: bench) == 2
    assert bench.asked == [settings]


def test_every_setting_is_in_a_case() -> None:
    default = RunSettings()
    differing = {
        field
        for settings in CASES.values()
        for field in RunSettings.__dataclass_fields__
        if getattr(settings, field) != getattr(default, field)
    }
    assert set(RunSettings.__dataclass_fields__) - differing == set()
