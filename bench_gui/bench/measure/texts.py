"""A measurement's settings as text: for its command line, its file and its records. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from bench_gui.bench import options, units
from bench_gui.bench.measure.settings import (
    DEFAULT_ROUNDS,
    DEFAULT_RUN,
    WARM_UP_S,
    FaultChoice,
    MeasureSettings,
)
from bench_gui.bench.measure.settings import ROUNDS as ROUNDS_BOUNDS
from bench_gui.bench.measure.sweeps import sweep_of
from bench_gui.bench.settings import SettingsError

ROUNDS, WARM_UP, FAULTS, SWEEP, VALUES = OWN = ("rounds", "warm-up", "faults", "sweep", "values")
"""The options that a measurement has beside a run's."""
DEFAULT_WARM_UP = "1s"


def to_texts(settings: MeasureSettings) -> dict[str, str]:
    """Every setting as text, by option. The inverse of `from_texts`."""
    texts = options.to_texts(settings.run)
    texts[ROUNDS] = units.format_count(settings.rounds)
    texts[WARM_UP] = units.format_duration_s(settings.warm_up_s)
    texts[FAULTS] = settings.faults.value
    if settings.sweep is not None:
        texts[SWEEP] = settings.sweep.name
        texts[VALUES] = ",".join(settings.sweep.values)
    return texts


def from_texts(texts: Mapping[str, str]) -> MeasureSettings:
    """The defaults with the settings that `texts` names.

    Without a choice of faults a sweep is measured without, everything else in both conditions.

    Raises SettingsError: an unknown option, a text that cannot be read, a value that cannot be
        measured.
    """
    run = options.from_texts(
        {key: text for key, text in texts.items() if key not in OWN}, DEFAULT_RUN
    )
    sweep = None
    if SWEEP in texts:
        values = options.parse_names(texts.get(VALUES, ""))
        if VALUES in texts and not values:
            raise SettingsError(VALUES, "values names none; leave it out for the sweep's own")
        sweep = sweep_of(texts[SWEEP], values, run.lanes)
    elif VALUES in texts:
        raise SettingsError(VALUES, "values are of a sweep; name it with sweep")
    usual = FaultChoice.BOTH if sweep is None else FaultChoice.WITHOUT
    return MeasureSettings(
        run=run,
        rounds=_rounds(texts),
        warm_up_s=_warm_up(texts),
        faults=_faults(texts.get(FAULTS, usual.value)),
        sweep=sweep,
    )


def _rounds(texts: Mapping[str, str]) -> int:
    try:
        return units.parse_count(texts.get(ROUNDS, str(DEFAULT_ROUNDS)))
    except ValueError as error:
        least, most = ROUNDS_BOUNDS
        raise SettingsError(ROUNDS, f"rounds: {error}, from {least} to {most}") from None


def _warm_up(texts: Mapping[str, str]) -> float:
    try:
        return units.parse_duration_s(texts.get(WARM_UP, DEFAULT_WARM_UP))
    except ValueError as error:
        least, most = map(units.format_duration_s, WARM_UP_S)
        raise SettingsError(WARM_UP, f"warm-up: {error}, from {least} to {most}") from None


def _faults(text: str) -> FaultChoice:
    try:
        return FaultChoice(text)
    except ValueError:
        known = ", ".join(choice.value for choice in FaultChoice)
        raise SettingsError(FAULTS, f"faults is one of {known}, not {text!r}") from None


def command_line(settings: MeasureSettings) -> str:
    """The command that repeats the measurement: what is not at its default, and the seed."""
    given = to_texts(settings)
    default = to_texts(MeasureSettings())
    if settings.sweep is not None:
        default[FAULTS] = FaultChoice.WITHOUT.value
        default[VALUES] = ",".join(sweep_of(settings.sweep.name).values)
    words = ["python", "main.py", "measure"]
    for key, text in given.items():
        if text != default.get(key) or key == "seed":
            words += [f"--{key}", text]
    return shlex.join(words)
