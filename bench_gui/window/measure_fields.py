"""What a measurement is filled in with, and what the texts amount to. Knows no widget.

What is not filled in here (rate, workers, faults, seed ...) is taken from the settings of the main
window.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bench_gui.bench.measure import texts as measure_texts
from bench_gui.bench.measure.settings import (
    DEFAULT_DURATION_S,
    DEFAULT_ROUNDS,
    FaultChoice,
    MeasureSettings,
)
from bench_gui.bench.measure.sweeps import DEFAULT_VALUES
from bench_gui.bench.measure.texts import FAULTS, ROUNDS, SWEEP, VALUES, WARM_UP
from bench_gui.bench.options import OPTION_BY_KEY
from bench_gui.bench.settings import SettingsError
from bench_gui.bench.units import format_duration_s
from bench_gui.window.fields import Field

LANES, DURATION = "lanes", "duration"
ELSEWHERE = "elsewhere"
"""Stands for every setting of the main window in `MeasureReading.problems`."""
NO_SWEEP = "none"
BOTH: str = FaultChoice.BOTH.value
WITHOUT: str = FaultChoice.WITHOUT.value

ROUND_FIELDS: tuple[Field, ...] = (
    Field(
        ROUNDS,
        "&Rounds",
        "How often each lane is measured in each condition. Up to 5 rounds no interval can be sure "
        "of 95 %; after an even number of rounds the order favours no lane.",
    ),
    Field(
        DURATION,
        "&Duration",
        "The measured time of one run, such as 10s. Under a second or two a busy machine may start "
        "the processes too late: a run measured for less than 80 % of it is named as a problem.",
    ),
    Field(
        WARM_UP,
        "&Warm-up",
        "How long each lane runs uncounted before the first round, and how much of the start of "
        "every run is cut off.",
    ),
    Field(
        FAULTS,
        "&Faults",
        "Each lane with the faults of the main window's settings, without any, or both.",
        choices=tuple(choice.value for choice in FaultChoice),
    ),
)

SWEEP_FIELDS: tuple[Field, ...] = (
    Field(
        SWEEP,
        "&Sweep",
        "Turn one knob through several values. <b>rate</b> walks the offered rate up until a lane "
        "falls behind, and finds its knee.",
        choices=(NO_SWEEP, *DEFAULT_VALUES),
    ),
    Field(
        VALUES,
        "&Values",
        "The values that the knob takes, divided by commas; empty for those that are shown.",
        wide=True,
    ),
)

FIELDS = ROUND_FIELDS + SWEEP_FIELDS

DEFAULT_TEXTS: dict[str, str] = {
    ROUNDS: str(DEFAULT_ROUNDS),
    DURATION: format_duration_s(DEFAULT_DURATION_S),
    WARM_UP: measure_texts.DEFAULT_WARM_UP,
    FAULTS: BOTH,
    SWEEP: NO_SWEEP,
    VALUES: "",
}


def usual_faults(sweep: str) -> str:
    """The choice of faults that a sweep begins with, as on the command line."""
    return BOTH if sweep == NO_SWEEP else WITHOUT


def usual_values(sweep: str) -> str:
    """The values that a sweep has of its own; empty without a sweep."""
    return ",".join(DEFAULT_VALUES.get(sweep, ()))


@dataclass(frozen=True, slots=True)
class MeasureReading:
    """What texts amount to.

    Fields:
        settings: None when anything is wrong.
        problems: one sentence by key (of FIELDS, LANES or ELSEWHERE), for every key that is wrong.
    """

    settings: MeasureSettings | None
    problems: dict[str, str]

    @property
    def problem(self) -> str:
        """The first of them, empty when there is none."""
        return next(iter(self.problems.values()), "")


def read(own: Mapping[str, str], run: Mapping[str, str]) -> MeasureReading:
    """The settings that the texts make, or what is wrong with them.

    Args:
        own: by key of FIELDS, and LANES.
        run: by option key: the settings of the main window.
    """
    given = {key: text for key, text in own.items() if key not in {SWEEP, VALUES}}
    if own[SWEEP] != NO_SWEEP:
        given[SWEEP] = own[SWEEP]
        if own[VALUES].strip():
            given[VALUES] = own[VALUES]
    problems = _alone(given)
    if problems:
        return MeasureReading(None, problems)
    try:
        return MeasureReading(measure_texts.from_texts({**run, **given}), {})
    except SettingsError as error:
        key = _key_of(error.field)
        known = key in given or key == VALUES
        sentence = str(error) if known else f"in the main window's settings: {error}"
        return MeasureReading(None, {key if known else ELSEWHERE: sentence})


def _alone(given: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with each text for itself."""
    problems: dict[str, str] = {}
    for key, text in given.items():
        texts = {key: text} | ({SWEEP: given[SWEEP]} if key == VALUES else {})
        try:
            measure_texts.from_texts(texts)
        except SettingsError as error:
            problems.setdefault(key if key in texts else _key_of(error.field), str(error))
    return problems


def _key_of(field: str) -> str:
    return next((key for key, option in OPTION_BY_KEY.items() if option.field == field), field)
