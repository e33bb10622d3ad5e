"""`measure` on the command line: exit codes, files, and what it says, with runs made up."""

from __future__ import annotations

import csv
import json
import os
import signal
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.measure.cells import CellResult, PlannedCell
from bench_gui.bench.measure.figures import METRICS
from bench_gui.bench.measure.records import MeasureStore
from bench_gui.bench.measure.settings import Condition, MeasureSettings
from bench_gui.bench.measure.snapshot import MeasureSnapshot, MeasureState
from bench_gui.cli import main
from bench_gui.headless import Progress
from bench_gui.measure_cli import STOP_NOTICE, Told
from bench_gui.measure_report import progress_line
from bench_gui.measure_tables import FIGURE_COLUMNS, ROUND_COLUMNS
from tests.measures import cells_of, settings

FILES = {"measure.db", "measure.csv", "measure_rounds.csv", "measure.svg"}
BOTH = ["--lanes", "at-most-once,at-least-once", "--rounds", "3"]


class FakeMeasuring:
    """Writes measure.db as a real measurement would, one run at each wait.

    Args:
        change: makes each run what it is.
        when_waiting: called at every wait, with its number.
        failure: what it ends with instead of starting.
    """

    def __init__(
        self,
        change: Callable[[CellResult], CellResult] = lambda one: one,
        when_waiting: Callable[[int], None] = lambda number: None,
        failure: str | None = None,
    ) -> None:
        self._change = change
        self._when_waiting = when_waiting
        self._waits = 0
        self._stopped = False
        self._at_close = ExitStack()
        self.running = False
        self.failure: str | None = None
        self._boot_failure = failure
        self.asked: MeasureSettings | None = None
        self.command_line = ""

    def start(self, settings: MeasureSettings, directory: Path, *, command_line: str = "") -> None:
        if self._boot_failure is not None:
            raise EnvironmentProblem(self._boot_failure)
        self.asked, self.command_line = settings, command_line
        self.running = True
        self._store = MeasureStore(directory, settings, command_line)
        self._at_close.callback(self._store.close)
        self._cells = cells_of(settings, self._change)

    def wait(self, timeout_s: float) -> list[MeasureSnapshot]:
        self._when_waiting(self._waits)
        if self._stopped or self._waits == len(self._cells):
            return [self._end()]
        cell = self._cells[self._waits]
        self._store.add(cell, None)
        self._waits += 1
        return [
            MeasureSnapshot(
                MeasureState.MEASURING, "measuring", done=self._waits, planned=len(self._cells),
                cells=(cell,),
            )
        ]  # fmt: skip

    def _end(self) -> MeasureSnapshot:
        self.running = False
        state = MeasureState.STOPPED if self._stopped else MeasureState.COMPLETE
        message = f"stopped: {self._waits} of 12 runs are done" if self._stopped else "complete"
        self._store.set_state(state, message)
        return MeasureSnapshot(state, message)

    def stop(self) -> None:
        self._stopped = True

    def close(self) -> None:
        self.running = False
        self._at_close.close()


def measure(*arguments: str, bench: FakeMeasuring | None = None) -> int:
    return main(["measure", *arguments], make_measure_bench=lambda: bench or FakeMeasuring())


def names(directory: Path) -> set[str]:
    return {path.name for path in directory.iterdir()}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_it_prints_medians_intervals_and_costs(capsys: pytest.CaptureFixture[str]) -> None:
    assert measure(*BOTH) == 0
    shown = capsys.readouterr()
    assert "without faults" in shown.out
    assert "with faults" in shown.out
    assert "at-least-once" in shown.out
    assert "relative" in shown.out
    assert "from the least to the greatest" in " ".join(shown.out.split())
    said = shown.err.splitlines()
    assert len(said) == 1 + 12, "no line that is rewritten when stderr is no terminal"
    assert said[0].startswith("12 runs after 2 warm-ups, which are not counted: about ")
    assert said[1] == (
        "run 1 of 12 done: at-most-once without faults, round 1, 1.00k events/s, p99 9.00 ms"
    )


def test_it_says_how_to_repeat_it(capsys: pytest.CaptureFixture[str]) -> None:
    bench = FakeMeasuring()
    measure(*BOTH, "--seed", "11", "--warm-up", "2s", bench=bench)
    repeat = "python main.py measure --lanes at-most-once,at-least-once --seed 11 --rounds 3"
    assert f"repeat: {repeat} --warm-up 2s" in capsys.readouterr().out
    assert bench.command_line == f"{repeat} --warm-up 2s"


def test_the_runs_options_are_the_measurements_too() -> None:
    bench = FakeMeasuring()
    given = "--duration 3s --rate max --consumers 1 --sink-batch 100 --kill-every 500ms"
    measure(*BOTH, *given.split(), bench=bench)
    assert bench.asked is not None
    run = bench.asked.run
    assert (run.duration_s, run.rate_eps, run.consumers) == (3.0, None, 1)
    assert (run.sink_batch, run.kill_every_s) == (100, 0.5)


def test_a_closed_loop_is_labelled(capsys: pytest.CaptureFixture[str]) -> None:
    measure(*BOTH, "--rate", "max")
    assert "Closed loop: latency has no schedule" in " ".join(capsys.readouterr().out.split())


def test_a_settings_file_goes_before_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text('rate = "50"\nduration = "2s"\n')
    bench = FakeMeasuring()
    measure(*BOTH, "--settings", str(path), "--duration", "1s", bench=bench)
    assert bench.asked is not None
    assert (bench.asked.run.rate_eps, bench.asked.run.duration_s) == (50, 1.0)


def test_its_files_are_there_at_the_end(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert measure(*BOTH, "--out", str(out)) == 0
    assert names(out) == FILES


def test_measure_csv_has_a_row_a_figure(tmp_path: Path) -> None:
    out = tmp_path / "out"
    measure(*BOTH, "--out", str(out))
    table = rows(out / "measure.csv")
    assert tuple(table[0]) == FIGURE_COLUMNS
    assert len(table) == 2 * 2 * len(METRICS)
    row = next(r for r in table if r["metric"] == "cpu_us_per_event" and r["faults"] == "with")
    assert row["rounds"] == "3"
    assert float(row["ci_low"]) <= float(row["median"]) <= float(row["ci_high"])
    assert (row["relative_to"], row["relative_median"]) == ("at-most-once", "1.0")
    assert row["seed"] == "7"


def test_anyone_can_recompute_the_medians_from_the_rounds(tmp_path: Path) -> None:
    out = tmp_path / "out"
    measure(*BOTH, "--out", str(out))
    runs = rows(out / "measure_rounds.csv")
    assert tuple(runs[0]) == ROUND_COLUMNS
    assert len(runs) == 3 * 2 * 2
    for row in rows(out / "measure.csv"):
        values = sorted(
            float(run[row["metric"]])
            for run in runs
            if (run["lane"], run["faults"]) == (row["lane"], row["faults"])
        )
        assert float(row["median"]) == pytest.approx(values[1], abs=1e-6)


@pytest.mark.parametrize(
    ("rounds", "confidence"), [("1", 0.0), ("2", 0.5), ("3", 0.75), ("5", 0.9375), ("6", 0.95)]
)
def test_measure_csv_is_as_sure_as_its_rounds_allow(
    rounds: str, confidence: float, tmp_path: Path
) -> None:
    measure(*BOTH, "--rounds", rounds, "--out", str(tmp_path / "out"))
    for row in rows(tmp_path / "out" / "measure.csv"):
        assert float(row["confidence"]) == confidence
        ends = ("ci_low", "ci_high", "relative_ci_low", "relative_ci_high")
        assert {row[end] == "" for end in ends} == {rounds == "1"}


@pytest.mark.parametrize(
    ("sweep", "given", "values"),
    [
        ("rate", "1k,2500", ["1000", "2500"]),
        ("commit-interval", "1k,500", ["1000", "500"]),
        ("commit-interval", "1s,100ms", ["1s", "100ms"]),
        ("durability", "off,full", ["off", "full"]),
    ],
)
def test_values_are_plain_numbers_where_they_are_numbers(
    sweep: str, given: str, values: list[str], tmp_path: Path
) -> None:
    measure(*BOTH, "--sweep", sweep, "--values", given, "--out", str(tmp_path / "out"))
    for name in ("measure.csv", "measure_rounds.csv"):
        assert list(dict.fromkeys(r["value"] for r in rows(tmp_path / "out" / name))) == values


def test_one_round_is_told_without_intervals(capsys: pytest.CaptureFixture[str]) -> None:
    measure(*BOTH, "--rounds", "1")
    said = " ".join(capsys.readouterr().out.split())
    assert "Values of 1 round, which has no intervals; then the cost" in said
    assert "1.00k-1.00k" not in said
    measure(*BOTH, "--rounds", "2")
    assert "1.00k-1.00k" in capsys.readouterr().out


def test_json_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert measure(*BOTH, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["whole_rounds"], told["relative_to"]) == (
        "complete", 3, "at-most-once",
    )  # fmt: skip
    assert len(told["figures"]) == 2 * 2 * len(METRICS)
    assert len(told["runs"]) == 12


def test_a_sweep_of_the_rate_tells_its_knees(capsys: pytest.CaptureFixture[str]) -> None:
    def saturated(one: CellResult) -> CellResult:
        growth = 900 if one.value in {"4k", "8k"} else 0
        return replace(one, in_flight_growth=growth)

    arguments = ["--sweep", "rate", "--values", "1k,2k,4k,8k"]
    measure(*BOTH, *arguments, bench=FakeMeasuring(saturated))
    said = capsys.readouterr().out
    assert "at-least-once, without faults: knee at 2k/s" in said
    assert "rate 2k (knee)" in said
    measure(*BOTH, *arguments, "--json", bench=FakeMeasuring(saturated))
    knees = json.loads(capsys.readouterr().out)["knees"]
    assert knees[0] == {
        "lane": "at-most-once", "condition": "without", "value": "2000", "bounded": True,
        "failed": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    "problem", [{"problem": "at-least-once is BROKEN: 1 lost"}, {"state": "failed", "problem": "x"}]
)
def test_a_run_with_a_problem_makes_exit_code_one_and_is_shown(
    problem: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    def change(one: CellResult) -> CellResult:
        return replace(one, **problem) if one.cell == 5 else one  # type: ignore[arg-type]

    assert measure(*BOTH, bench=FakeMeasuring(change)) == 1
    assert f"PROBLEM: round 2, at-most-once without faults: {problem['problem']}" in (
        " ".join(capsys.readouterr().out.split())
    )


def interrupt_at(wait: int) -> Callable[[int], None]:
    return lambda number: os.kill(os.getpid(), signal.SIGINT) if number == wait else None


def test_ctrl_c_keeps_what_is_done_and_is_fine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    bench = FakeMeasuring(when_waiting=interrupt_at(5))
    assert measure(*BOTH, "--out", str(out), bench=bench) == 0
    said = capsys.readouterr()
    assert STOP_NOTICE in said.err
    assert "runs and 1 whole round of 3 are kept" in " ".join(said.out.split())
    assert names(out) == FILES
    counted = {row["rounds"] for row in rows(out / "measure.csv")}
    assert counted <= {"1", "2"}


def test_ctrl_c_before_anything_is_done_is_not_fine(capsys: pytest.CaptureFixture[str]) -> None:
    class NothingDone(FakeMeasuring):
        def wait(self, timeout_s: float) -> list[MeasureSnapshot]:
            self._stopped = True
            return [self._end()]

    assert measure(*BOTH, bench=NothingDone()) == 1
    assert "0 runs and 0 whole rounds" in " ".join(capsys.readouterr().out.split())


WRONG: Sequence[tuple[list[str], str]] = (
    (["--rounds", "0"], "rounds must be from 1 to 1000, not 0"),
    (["--sweep", "colour"], "no sweep is called 'colour'"),
    (["--values", "1,2"], "values are of a sweep"),
    (["--sweep", "rate", "--values", ""], "values names none; leave it out"),
    (["--sweep", "batch", "--values", "7"], "2 to 40 different values, not 1"),
    (["--sweep", "durability", "--values", "on"], "durability is one of off, normal, full"),
    (["--sweep", "batch", "--values", "0"], "batch must be from 1 to 10k, not 0"),
    (["--rounds", "-1"], "rounds: '-1' is not a whole number such as 500 or 2k, from 1 to 1000"),
    (["--warm-up", "-1s"], "from 0s to 10m"),
    (["--seed", "-1"], "seed: '-1' is not a whole number from 0 on"),
    (["--scenario", "calm"], "--scenario is an option of run, and not of measure"),
    (["--keep-data"], "--keep-data is an option of run, and not of measure"),
    (["--sweep", "batch", "--values", "1,x"], "batch: 'x' is not"),
    (["--faults", "no"], "faults is one of"),
    (["--lanes", "nowhere"], "nowhere"),
    (["--duration", "10"], "names no unit"),
    (["--kill-every", "never"], "there are no faults to measure with"),
)


@pytest.mark.parametrize(("arguments", "sentence"), WRONG)
def test_bad_input_is_one_sentence_and_nothing_is_written(
    arguments: list[str], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert measure(*arguments, "--out", str(tmp_path / "out")) == 2
    said = capsys.readouterr()
    assert sentence in said.err
    assert (said.err.count("\n"), said.out) == (1, "")
    assert names(tmp_path) == set()


def test_an_empty_directory_is_neither_a_run_nor_a_measurement(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert "run.db" in said
    assert "measure.db" in said


def test_a_measurement_has_no_lives_of_events(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "out")
    measure(*BOTH, "--rounds", "1", "--out", out)
    assert main(["explain", out, "--lane", "at-most-once", "--event", "0:1"]) == 2
    assert f"{out} is a measurement" in capsys.readouterr().err


def test_a_measurements_settings_are_no_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.toml"
    path.write_text('rounds = "3"\n')
    assert main(["run", "--settings", str(path)]) == 2
    assert "'rounds' is a setting of measure" in capsys.readouterr().err


def test_an_unknown_option_before_the_command_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--geometry", "800x600"])
    assert ended.value.code == 2
    assert "unknown option --geometry" in capsys.readouterr().err


def test_a_machine_that_cannot_measure_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bench = FakeMeasuring(failure="the disk is full; make room")
    assert measure(*BOTH, "--out", str(tmp_path / "out"), bench=bench) == 2
    assert capsys.readouterr().err == "delivery-bench measure: the disk is full; make room\n"
    assert names(tmp_path) == set()


def test_export_writes_a_measurements_files_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, again = tmp_path / "out", tmp_path / "again"
    measure(*BOTH, "--out", str(out))
    assert main(["export", str(out), "--out", str(again), "--theme", "dark"]) == 0
    assert names(again) == FILES - {"measure.db"}
    assert (again / "measure.csv").read_text() == (out / "measure.csv").read_text()
    assert (again / "measure.svg").read_text() != (out / "measure.svg").read_text()
    assert main(["export", str(out), "--out", str(again), "--format", "jepsen"]) == 2
    assert "has tables and a drawing" in capsys.readouterr().err


def test_the_progress_line_says_what_runs_and_how_long_it_will_take() -> None:
    plan = PlannedCell(2, "at-least-once", Condition.WITH)
    snapshot = MeasureSnapshot(
        MeasureState.MEASURING, "measuring", plan, 3.0, done=16, planned=40, left_s=200.4
    )
    asked = settings(rounds="5")
    line = progress_line(snapshot, asked)
    assert line == "at-least-once with faults, 3 min 20 s left, run 17 of 40, round 2 of 5"
    assert progress_line(snapshot, asked, 30) == line[:27] + "..."
    swept = settings(sweep="rate", rounds="5")
    assert progress_line(replace(snapshot, current=replace(plan, value="4k")), swept, 40) == (
        "rate 4k: at-least-once with faults, 3..."
    )
    warming = replace(snapshot, current=replace(plan, round=0))
    assert progress_line(warming, asked) == (
        "warming up: at-least-once, not counted, 3 min 20 s left"
    )


def test_warm_ups_are_told_once_each_where_there_is_no_terminal() -> None:
    stream = StringIO()
    told = Told(Progress(stream, 1.0), settings())
    for lane in ("at-most-once", "at-most-once", "at-least-once"):
        plan = PlannedCell(0, lane, Condition.WITHOUT)
        told.take(MeasureSnapshot(MeasureState.WARMING_UP, "a short run", plan))
    assert stream.getvalue().splitlines()[1:] == [
        "warming up: at-most-once, not counted",
        "warming up: at-least-once, not counted",
    ]
