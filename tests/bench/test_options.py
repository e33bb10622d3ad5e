"""Settings as text: every field has an option, and text and settings say the same."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench_gui.bench.knobs import KNOB_BY_KEY
from bench_gui.bench.options import (
    OPTION_BY_KEY,
    OPTIONS,
    command_line,
    from_texts,
    parse_lanes,
    to_texts,
)
from bench_gui.bench.settings import FIELD_NAMES, CommitInterval, RunSettings, SettingsError
from workers.failpoints import ENTRIES, Failpoint
from workers.lanes import KNOBS, LANES, Role
from workers.steps import Step

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
    kill_at=st.lists(
        st.sampled_from(
            [
                Failpoint(Role.CONSUMER, Step.FETCHED, Step.EFFECT_APPLIED),
                Failpoint(Role.PRODUCER, after=Step.APPENDED, every=3),
                Failpoint(Role.PRODUCER, before=Step.APPENDED, slot=0),
            ]
        ),
        max_size=3,
    ).map(tuple),
    pause_every_s=st.none() | st.floats(0.05, 3600),
    pause_ms=st.floats(1, 600_000),
    down_every_s=st.none() | st.floats(0.05, 3600),
    down_ms=st.floats(0, 600_000),
    request_loss=st.floats(0, 0.4),
    ack_loss=st.floats(0, 0.4),
    ack_timeout_ms=st.floats(0, 10_000),
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
        ({"kill": "", "kill-every": "never", "pause-every": "1s"}, "kill_roles", "a role to pause"),
        ({"kill": "", "kill-every": "never", "down-every": "1s"}, "kill_roles", "to take down"),
        ({"request-loss": "95%"}, "request_loss", "request-loss must be from 0% to 90%, not 95%"),
        ({"request-loss": "50%", "ack-loss": "0.5"}, "ack_loss", "together must be at most 0.9"),
        ({"kill-at": "consumer:after=decidde"}, "kill_at", "did you mean 'decided'"),
        ({"kill-at": "consumer:after=decided"}, "kill_at", "no consumer of the lanes ever stands"),
        ({"kill-at": "producer:after=ack-lost", "request-loss": "1%"}, "kill_at", "needs ack-loss"),
        ({"kill-at": "producer:after=request-lost"}, "kill_at", "needs request-loss above 0"),
        ({"kill-at": "consumer:after=fetched,slot=2"}, "kill_at", "the consumers .* are 0 to 1"),
        (
            {"kill-at": ";".join(["consumer:after=fetched"] * (ENTRIES + 1))},
            "kill_at",
            "at most 15",
        ),
        ({"lanes": "retry+process-first+counter@batch=none"}, "lanes", "batch: 'none' is not"),
        ({"lanes": "retry+process-first+counter@work=5"}, "lanes", "work: '5' names no unit"),
        ({"lanes": "retry+process-first+counter@linger=2s"}, "lanes", "from 0s to 1s, not 2s"),
        ({"lanes": "retry+process-first+counter@batch=0"}, "lanes", "from 1 to 10k, not 0"),
        ({"lanes": "retry+process-first+counter@commit-interval=0"}, "lanes", "from 1 to 1M"),
    ],
)
def test_what_is_wrong_is_named(texts: dict[str, str], field: str, part: str) -> None:
    with pytest.raises(SettingsError, match=part) as caught:
        from_texts(texts)
    assert caught.value.field == field
    assert "\n" not in str(caught.value)


def test_a_lanes_own_settings_are_options_of_the_same_name() -> None:
    assert set(KNOB_BY_KEY) == set(KNOBS)
    for key, knob in KNOB_BY_KEY.items():
        option = OPTION_BY_KEY[key]
        assert (option.field, option.parse, option.format) == (knob.field, knob.parse, knob.format)


def test_a_step_that_one_of_the_lanes_passes_may_be_killed_at() -> None:
    text = "consumer:after=sink-prepared,before=decided"
    settings = from_texts({"kill-at": text, "lanes": "at-least-once,two-phase-commit"})
    assert to_texts(settings)["kill-at"] == text


def test_a_loss_may_be_killed_at_where_something_is_lost() -> None:
    texts = {"kill-at": "producer:after=ack-lost,before=appended", "ack-loss": "1%"}
    assert from_texts(texts).kill_at


def test_the_sentence_names_the_steps_that_are_passed() -> None:
    with pytest.raises(SettingsError) as caught:
        from_texts({"kill-at": "producer:before=offsets-sent", "lanes": "at-least-once"})
    assert str(caught.value) == (
        "kill at: no producer of the lanes ever stands before offsets-sent; they pass"
        " in at-least-once: position-read, events-taken, appended, acked, position-advanced,"
        " request-lost, ack-lost"
    )


def test_the_default_lanes_are_four_and_all_are_seven() -> None:
    assert len(RunSettings().lanes) == 4
    assert len(parse_lanes("all")) == 7
