"""measure.db keeps what is done, whatever ends the measurement."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.measure.records import (
    MEASURE_DB,
    MeasureStore,
    histogram_of,
    is_measurement,
    read_measurement,
)
from bench_gui.bench.measure.snapshot import MeasureState
from tests.measures import cell, cells_of, settings

ASKED = settings(sweep="batch", rounds="2")
ENDS_AT_ONCE = """
import os, sys
from pathlib import Path
from bench_gui.bench.measure.records import MeasureStore
from bench_gui.bench.measure.snapshot import MeasureState
from tests.measures import cell, settings
store = MeasureStore(Path(sys.argv[1]), settings(), "")
store.set_state(MeasureState.MEASURING, "measuring")
store.add(cell(), None)
os._exit(9)
"""


def test_everything_is_read_as_it_was_written(tmp_path: Path) -> None:
    cells = cells_of(ASKED)
    with closing(MeasureStore(tmp_path, ASKED, "python main.py measure")) as store:
        for one in cells:
            store.add(one, '{"a": 1}')
        store.set_state(MeasureState.COMPLETE, "complete")
    found = read_measurement(tmp_path)
    assert (found.settings, found.state, found.cells) == (
        ASKED,
        MeasureState.COMPLETE,
        tuple(cells),
    )
    assert "CPUs" in found.machine
    assert histogram_of(tmp_path, 1) == '{"a": 1}'
    assert histogram_of(tmp_path, 10_000) is None


def test_it_can_be_read_while_it_is_written(tmp_path: Path) -> None:
    with closing(MeasureStore(tmp_path, ASKED, "")) as store:
        store.set_state(MeasureState.MEASURING, "measuring")
        store.add(cell(), None)
        found = read_measurement(tmp_path)
        assert (found.state, len(found.cells)) == (MeasureState.MEASURING, 1)


def test_one_whose_process_was_killed_opens_and_says_so(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ENDS_AT_ONCE, str(tmp_path)],
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert done.returncode == 9
    found = read_measurement(tmp_path)
    assert (found.state, len(found.cells)) == (MeasureState.CUT_OFF, 1)
    assert found.message == "the measurement was cut off"


def test_a_directory_without_one_is_said_so(tmp_path: Path) -> None:
    assert not is_measurement(tmp_path)
    with pytest.raises(EnvironmentProblem, match="holds no measurement"):
        read_measurement(tmp_path)
    with closing(sqlite3.connect(tmp_path / MEASURE_DB)) as other:
        other.execute("CREATE TABLE something(x)")
    with pytest.raises(EnvironmentProblem, match="is not a measurement's database"):
        read_measurement(tmp_path)


def test_a_measurement_is_never_written_over_another(tmp_path: Path) -> None:
    MeasureStore(tmp_path, ASKED, "").close()
    with pytest.raises(EnvironmentProblem, match="is there already"):
        MeasureStore(tmp_path, ASKED, "")
