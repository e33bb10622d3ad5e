"""Settings as text: every field has an option, and text and settings say the same."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench_gui.bench.options import OPTIONS, command_line, from_texts, to_texts
from bench_gui.bench.settings import FIELD_NAMES, CommitInterval, RunSettings, SettingsError
from workers.lanes import LANES, Role

some_settings = st.builds(
    RunSettings,
    lanes=st.lists(st.sampled_from([lane.slug for lane in LANES]), min_size=1, unique=True).map(
        tuple
    ),
    duration_s=st.floats(0.1, 86400),
    rate_eps=st.none() | st.integers(1, 1_000_000),
    commit_interval=st.integers(1, 10**6).map(lambda n: CommitInterval(records=n))
    | st.floats(1, 1e6).map(lambda ms: CommitInterval(ms=ms)),
    linger_ms=st.floats(0, 1000),
    work_us=st.floats(0, 1e6),
    kill_every_s=st.none() | st.floats(0.05, 3600),
    kill_roles=st.sampled_from([(Role.PRODUCER,), (Role.CONSUMER,), tuple(Role)]),
    durability=st.sampled_from(["off", "normal", "full"]),
    seed=st.integers(0, 2**53),
)


def test_every_setting_has_one_option() -> None:
    assert tuple(option.field for option in OPTIONS) == FIELD_NAMES


@given(some_settings)
def test_settings_come_back_from_text(settings: RunSettings) -> None:
    assert from_texts(to_texts(settings)) == settings


@given(some_settings)
def test_the_command_line_repeats_the_run(settings: RunSettings) -> None:
    words = shlex.split(command_line(settings))
    assert words[:3] == ["python", "main.py", "run"]
    texts = {
        key.removeprefix("--"): text for key, text in zip(words[3::2], words[4::2], strict=True)
    }
    assert from_texts(texts) == settings


def test_the_command_line_of_the_defaults_names_only_the_seed() -> None:
    assert command_line(RunSettings()) == "python main.py run --seed 7"


def test_all_lanes() -> None:
    assert from_texts({"lanes": "all"}).lanes == tuple(lane.slug for lane in LANES)


@pytest.mark.parametrize(
    ("texts", "field", "part"),
    [
        ({"durtion": "10s"}, "durtion", "did you mean 'duration'"),
        ({"zzz": "1"}, "zzz", "the settings are lanes, duration"),
        ({"duration": "10"}, "duration_s", "duration: '10' names no unit"),
        ({"producers": "0"}, "producers", "must be from 1 to 16"),
        ({"lanes": "at-most-twice"}, "lanes", "no lane is called 'at-most-twice'"),
        ({"kill": "consumer,manager"}, "kill_roles", "producer,consumer"),
        ({"kill": ""}, "kill_roles", "name a role"),
        ({"durability": "eternal"}, "durability", "off, normal, full"),
    ],
)
def test_what_is_wrong_is_named(texts: dict[str, str], field: str, part: str) -> None:
    with pytest.raises(SettingsError, match=part) as caught:
        from_texts(texts)
    assert caught.value.field == field
    assert "\n" not in str(caught.value)
