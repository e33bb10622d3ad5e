"""Every setting is explained, with its default and its bounds as they are in force."""

from __future__ import annotations

import pytest

from bench_gui.bench.option_help import HELP, HELP_BY_KEY, bounds_text, default_text
from bench_gui.bench.options import OPTION_BY_KEY, OPTIONS, from_texts
from bench_gui.bench.settings import RunSettings, SettingsError

KEYS = [option.key for option in OPTIONS]


def test_every_setting_is_explained_once_and_nothing_else_is() -> None:
    assert [one.key for one in HELP if one.key not in OPTION_BY_KEY] == []
    assert sorted(KEYS) == sorted(HELP_BY_KEY)
    assert len(HELP) == len(HELP_BY_KEY)


@pytest.mark.parametrize("key", KEYS)
def test_an_explanation_has_whole_sentences_about_kafka_and_about_here(key: str) -> None:
    one = HELP_BY_KEY[key]
    assert one.title
    for text in (one.kafka, one.here):
        assert text.endswith(".")
        assert len(text) < 600


@pytest.mark.parametrize("key", KEYS)
def test_the_default_is_the_one_in_force(key: str) -> None:
    assert from_texts({key: default_text(key)}) == RunSettings()


BOUNDED = [key for key in KEYS if " to " in bounds_text(key)]


def test_the_numbers_have_bounds() -> None:
    assert set(KEYS) - set(BOUNDED) == {"lanes", "kill", "kill-at", "durability"}


@pytest.mark.parametrize("key", BOUNDED)
def test_both_bounds_can_be_run_and_no_more(key: str) -> None:
    base = RunSettings(kill_every_s=None, ack_loss=0.0, request_loss=0.0)
    least, most = bounds_text(key).partition(", or ")[0].split(" to ")
    for text in (least, most):
        assert from_texts({key: text}, base)
    with pytest.raises(SettingsError):
        from_texts({key: "9" + most}, base)
