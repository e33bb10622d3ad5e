"""What measure mode is filled in with becomes settings, in the command line's own words."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QKeySequence

from bench_gui.bench.measure.figures import METRIC_BY_NAME, Figure
from bench_gui.bench.measure.settings import Condition, MeasureSettings
from bench_gui.bench.measure.statistics import Interval
from bench_gui.bench.measure.sweeps import DEFAULT_VALUES
from bench_gui.bench.measure.texts import OWN, from_texts
from bench_gui.bench.options import to_texts
from bench_gui.bench.settings import RunSettings, SettingsError
from bench_gui.window.measure_fields import (
    DEFAULT_TEXTS,
    DURATION,
    ELSEWHERE,
    FIELDS,
    LANES,
    NO_SWEEP,
    read,
    usual_faults,
)
from bench_gui.window.measure_rows import _figure
from tests.gui.conftest import Opened

RUN = to_texts(RunSettings())
OWN_TEXTS = DEFAULT_TEXTS | {LANES: RUN[LANES]}


def test_the_defaults_are_the_command_line_s() -> None:
    assert read(OWN_TEXTS, RUN).settings == MeasureSettings()


def test_every_option_of_a_measurement_has_a_field_and_every_sweep_is_a_choice() -> None:
    assert {field.key for field in FIELDS} == {*OWN, DURATION}
    (sweep,) = (field for field in FIELDS if field.key == "sweep")
    assert sweep.choices == (NO_SWEEP, *DEFAULT_VALUES)


def test_every_mnemonic_is_used_once() -> None:
    keys = [QKeySequence.mnemonic(field.label).toString() for field in FIELDS]
    assert [key for key, uses in Counter(keys).items() if uses > 1 or not key] == []


@pytest.mark.parametrize("sweep", DEFAULT_VALUES)
def test_every_sweep_reads_as_on_the_command_line(sweep: str) -> None:
    own = OWN_TEXTS | {"sweep": sweep, "faults": usual_faults(sweep)}
    assert read(own, RUN).settings == from_texts({**RUN, "duration": "10s", "sweep": sweep})


@pytest.mark.parametrize(
    "wrong",
    [
        {"rounds": "0"},
        {"warm-up": "soon"},
        {"duration": "0s"},
        {"lanes": ""},
        {"sweep": "batch", "values": "7"},
        {"sweep": "rate", "values": "1k,max"},
        {"sweep": "consumers", "values": "0,1"},
    ],
)
def test_what_is_wrong_is_said_in_the_same_sentence(wrong: dict[str, str]) -> None:
    reading = read(OWN_TEXTS | {"faults": "without"} | wrong, RUN)
    with pytest.raises(SettingsError) as refused:
        from_texts(wrong)
    assert reading.settings is None
    assert reading.problems == {list(wrong)[-1]: str(refused.value)}


def test_every_wrong_field_is_named() -> None:
    reading = read(OWN_TEXTS | {"rounds": "x", "duration": "x", "warm-up": "x", "lanes": ""}, RUN)
    assert set(reading.problems) == {"rounds", "duration", "warm-up", "lanes"}


def test_what_the_main_window_has_wrong_is_told_as_its_own() -> None:
    assert set(read(OWN_TEXTS, RUN | {"producers": "0"}).problems) == {ELSEWHERE}


def test_a_duration_of_the_main_window_does_not_matter() -> None:
    assert read(OWN_TEXTS, RUN | {"duration": "forever"}).settings == MeasureSettings()


def test_measure_mode_is_imported_when_it_is_asked_for() -> None:
    code = (
        "import sys, bench_gui.window.main_window; print(*[name for name in sys.modules if "
        "name.startswith(('bench_gui.measure_', 'bench_gui.bench.measure')) or "
        "name == 'bench_gui.window.measure_window'])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == []


def test_what_was_filled_in_is_there_at_the_next_start(
    open_window: Opened, store: QSettings
) -> None:
    first = open_window()
    first.measurer.open()
    first.measurer.window.form.show_texts({"rounds": "3", "sweep": "batch", "values": "1,10"})
    first.close()
    second = open_window()
    second.measurer.open()
    texts = second.measurer.window.form.texts()
    assert (texts["rounds"], texts["sweep"], texts["values"]) == ("3", "batch", "1,10")


def test_a_choice_that_there_is_no_more_is_left_at_its_default(
    open_window: Opened, store: QSettings
) -> None:
    store.setValue("measure/sweep", "gravity")
    window = open_window()
    window.measurer.open()
    assert window.measurer.window.form.texts()["sweep"] == NO_SWEEP


@pytest.mark.parametrize(
    ("rounds", "said"),
    [(1, "one round"), (3, "a 75 % interval, of 3 rounds"), (6, "a 95 % interval, of 6 rounds")],
)
def test_an_interval_says_how_sure_so_many_rounds_are(rounds: int, said: str) -> None:
    figure = Figure("at-least-once", Condition.WITH, None, METRIC_BY_NAME["latency_p50_ns"],
                    Interval(2e6, 1e6, 3e6, rounds), None)  # fmt: skip
    assert said in _figure(figure).tip
