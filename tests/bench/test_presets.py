"""Every preset can be run, and is what its name says."""

from __future__ import annotations

import pytest

from bench_gui.bench.presets import PRESETS, Preset
from bench_gui.bench.settings import RunSettings

BY_NAME = {preset.name: preset for preset in PRESETS}


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_it_can_be_run_and_says_what_it_is_for(preset: Preset) -> None:
    assert preset.settings()
    assert preset.line.endswith(".")


def test_no_two_are_the_same_and_the_default_is_the_default() -> None:
    assert len({preset.settings() for preset in PRESETS}) == len(BY_NAME) == len(PRESETS)
    assert BY_NAME["Default"].settings() == RunSettings()


def test_zombies_wake_after_their_session_has_expired() -> None:
    for name in ("Zombies", "Storm"):
        settings = BY_NAME[name].settings()
        assert settings.pause_ms > settings.session_timeout_ms
        assert settings.pause_every_s is not None


def test_the_calm_ones_have_no_fault_at_all() -> None:
    for name in ("Calm: no faults", "As fast as it goes (closed loop)"):
        settings = BY_NAME[name].settings()
        assert settings.kill_every_s is settings.pause_every_s is settings.down_every_s is None
        assert settings.request_loss == settings.ack_loss == 0
