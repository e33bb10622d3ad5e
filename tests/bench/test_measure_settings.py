"""What can be measured, as text and back, and the one sentence for what cannot."""

from __future__ import annotations

import shlex

import pytest

from bench_gui.bench.measure.settings import Condition, FaultChoice, MeasureSettings
from bench_gui.bench.measure.statistics import CONFIDENCE, coverage_of_range
from bench_gui.bench.measure.sweeps import DEFAULT_VALUES, sweep_of
from bench_gui.bench.measure.texts import command_line, from_texts, to_texts
from bench_gui.bench.settings import SettingsError
from tests.measures import settings

EXAMPLES = [
    {},
    {"rounds": "7", "warm-up": "250ms", "faults": "with"},
    {"sweep": "rate"},
    {"sweep": "rate", "values": "8k,1k,2k", "faults": "both"},
    {"sweep": "commit-interval", "values": "5,50,500"},
    {"rate": "max", "faults": "without", "kill-every": "never"},
]


@pytest.mark.parametrize("texts", EXAMPLES)
def test_text_and_back(texts: dict[str, str]) -> None:
    asked = from_texts(texts)
    assert from_texts(to_texts(asked)) == asked


@pytest.mark.parametrize("texts", EXAMPLES)
def test_the_command_line_repeats_the_measurement(texts: dict[str, str]) -> None:
    asked = from_texts(texts)
    words = shlex.split(command_line(asked))[3:]
    given = {
        key.removeprefix("--"): text for key, text in zip(words[::2], words[1::2], strict=True)
    }
    assert from_texts(given) == asked


def test_without_a_choice_a_sweep_is_without_faults_and_everything_else_is_both() -> None:
    assert from_texts({}).faults is FaultChoice.BOTH
    assert from_texts({"sweep": "batch"}).faults is FaultChoice.WITHOUT


@pytest.mark.parametrize("name", DEFAULT_VALUES)
def test_every_sweep_has_values_that_can_be_run(name: str) -> None:
    asked = from_texts({"sweep": name, "faults": "both"})
    runs = [asked.run_settings(Condition.WITHOUT, value, 1) for value in asked.values]
    assert len(set(map(repr, runs))) == len(asked.values) >= 3


def test_rates_are_walked_up_whatever_the_order() -> None:
    assert sweep_of("rate", ("8k", "1k", "2k")).values == ("1k", "2k", "8k")


def test_a_run_is_of_one_lane_with_the_warm_up_before_it_and_a_seed_of_its_round() -> None:
    asked = from_texts({"duration": "3s", "warm-up": "500ms", "seed": "20"})
    run = asked.run_settings(Condition.WITH, None, 4, "exactly-once")
    assert (run.lanes, run.duration_s, run.seed) == (("exactly-once",), 3.5, 23)
    assert run.kill_every_s == 1.0


def test_without_faults_nothing_is_done_to_a_lane() -> None:
    faults = {
        "kill-at": "consumer:after=fetched",
        "pause-every": "1s",
        "down-every": "1s",
        "ack-loss": "1%",
        "request-loss": "1%",
    }
    run = from_texts(faults).run_settings(Condition.WITHOUT, None, 1)
    assert (run.kill_every_s, run.pause_every_s, run.down_every_s) == (None, None, None)
    assert (run.kill_at, run.ack_loss, run.request_loss) == ((), 0, 0)


def test_a_lane_alone_is_not_ordered_to_die_where_it_never_stands() -> None:
    asked = settings(lanes="at-most-once,exactly-once", kill_at="consumer:after=transaction-begun")
    alone = asked.run_settings(Condition.WITH, None, 1, "at-most-once")
    assert alone.kill_at == ()
    assert asked.run_settings(Condition.WITH, None, 1, "exactly-once").kill_at


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        ({"rounds": "0"}, "rounds must be from 1 to 1000, not 0"),
        ({"rounds": "many"}, "rounds: 'many' is not a whole number such as 500 or 2k"),
        ({"warm-up": "1h"}, "warm-up must be from 0 to 600, not 3600"),
        ({"warm-up": "3"}, "warm-up: '3' names no unit"),
        ({"faults": "some"}, "faults is one of both, without, with, not 'some'"),
        ({"kill-every": "never"}, "there are no faults to measure with"),
        ({"sweep": "seed"}, "no sweep is called 'seed'; the sweeps are rate, commit-interval"),
        ({"values": "1,2"}, "values are of a sweep; name it with sweep"),
        ({"sweep": "batch", "values": "10"}, "a sweep takes 2 to 40 different values"),
        ({"sweep": "batch", "values": "10,ten"}, "batch: 'ten' is not a whole number"),
        ({"sweep": "batch", "values": "10,0"}, "batch must be from 1 to 10k, not 0"),
        ({"sweep": "rate", "values": "1k,max"}, "a sweep of the rate walks up numbers"),
        ({"sweep": "commit-interval", "values": "10,10ms"}, "all times or all records"),
        ({"sweep": "durability", "values": "off,on"}, "durability is one of off, normal, full"),
        ({"lanes": "none"}, "none"),
    ],
)
def test_what_cannot_be_measured_is_one_sentence(texts: dict[str, str], sentence: str) -> None:
    with pytest.raises(SettingsError) as raised:
        from_texts(texts)
    assert sentence in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_lane_with_a_knob_of_its_own_cannot_be_swept_over_it() -> None:
    lane = "retry+process-first+counter@batch=10"
    with pytest.raises(SettingsError, match="which no sweep can turn"):
        from_texts({"lanes": lane, "sweep": "batch"})
    assert from_texts({"lanes": lane, "sweep": "linger"}).sweep is not None


def test_the_defaults_are_those_of_the_issue() -> None:
    default = MeasureSettings()
    assert (default.run.duration_s, default.warm_up_s) == (10.0, 1.0)
    assert from_texts({}).rounds == default.rounds == 6


def test_the_default_rounds_are_balanced_and_enough_for_an_interval() -> None:
    rounds = MeasureSettings().rounds
    assert rounds % 2 == 0
    assert coverage_of_range(rounds - 1) < CONFIDENCE <= coverage_of_range(rounds)
