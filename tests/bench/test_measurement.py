"""A measurement from start to end with a bench that is fake: what it keeps, and what ends it."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.measure.cells import PlannedCell
from bench_gui.bench.measure.figures import MeasureResult
from bench_gui.bench.measure.measurement import (
    KEPT_DIRECTORY,
    RUNNING_DIRECTORY,
    Measurement,
    MeasureOrder,
)
from bench_gui.bench.measure.records import MEASURE_DB, histogram_of, read_measurement
from bench_gui.bench.measure.reporter import Reporter, StopMeasuring
from bench_gui.bench.measure.settings import Condition
from bench_gui.bench.measure.snapshot import MeasureSnapshot, MeasureState
from bench_gui.bench.measure.time_left import (
    FIRST_GUESS_S,
    TimeLeft,
    first_estimate_s,
    planned_runs,
)
from bench_gui.bench.measure.walk import Walk
from bench_gui.bench.records.store import RunStore
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import RunSnapshot, RunState, Verdict
from bench_gui.bench.watcher import Next
from tests.measures import settings
from tests.values import sample, summary
from workers.processes import pipe

SHORT = {"rounds": "2", "duration": "1s", "warm_up": "200ms", "kill_every": "300ms"}


Fate = Callable[[int], tuple[RunState, Verdict, str | None]]
"""How the run of a number, from 1, ends: its state, its lane's verdict, a disagreement."""


def fine(number: int) -> tuple[RunState, Verdict, str | None]:
    return RunState.COMPLETE, Verdict.HOLDS, None


class FakeRuns:
    """Plays a whole run at its first wait, as `fate` says; tells `at_run` its number before."""

    def __init__(self, fate: Fate, at_run: Callable[[int], None]) -> None:
        self._fate = fate
        self._at_run = at_run
        self.in_flight_growth = 0
        self.bucket_s = 0.1
        self.run_dirs: list[Path] = []
        self.asked: list[tuple[RunSettings, float]] = []
        self.running = False
        self.failure: str | None = None
        self.closed = 0

    def start(
        self,
        settings: RunSettings,
        run_dir: Path,
        *,
        keep_data: bool = False,
        command_line: str = "",
        cut_s: float = 0.0,
    ) -> None:
        assert run_dir.is_dir()
        assert not any(run_dir.iterdir())
        assert run_dir not in self.run_dirs, "the bench before may still be tidying up there"
        self.run_dirs.append(run_dir)
        self.asked.append((settings, cut_s))
        self._at_run(len(self.asked))
        self.running = True
        self._run_dir = run_dir

    def wait(self, timeout_s: float) -> list[RunSnapshot]:
        self.running = False
        asked, _ = self.asked[-1]
        state, verdict, disagreement = self._fate(len(self.asked))
        (lane,) = asked.lanes
        self._write(asked, lane, state, verdict)
        samples = tuple(
            sample(
                lane=lane,
                t_s=round(n * self.bucket_s, 6),
                offered_eps=1000.0,
                delivered_eps=1000.0,
                cpu_total_s=n / 50,
                in_flight=n * self.in_flight_growth,
            )
            for n in range(1, round(asked.duration_s / self.bucket_s) + 3)
        )
        return [
            RunSnapshot(
                "r", state, 1.0, 7, {lane: None}, samples,  # type: ignore[dict-item]
                disagreement=disagreement, message="the disk is full",
            )
        ]  # fmt: skip

    def _write(self, asked: RunSettings, lane: str, state: RunState, verdict: Verdict) -> None:
        store = RunStore.create(
            self._run_dir, asked, run_id="r", start_ns=0, started_at_iso="", command_line="",
            bench_pid=os.getpid(),
        )  # fmt: skip
        with closing(store):
            store.put_summary([summary(lane, verdict=verdict.value, seed=asked.seed)])
            store.set_lane(lane, verdict, "because", '{"of": "this run"}')
            store.set_state(state)

    def close(self) -> None:
        self.closed += 1
        self.running = False


class Watch:
    """A measurement made in this process, watched from a thread as a window would."""

    def __init__(
        self, directory: Path, fate: Fate = fine, stop_after: int | None = None, **texts: str
    ) -> None:
        """`stop_after`: so many runs, the watcher says stop."""
        self.directory = directory
        self.asked = settings(**{**SHORT, **texts})
        self.snapshots: list[MeasureSnapshot] = []
        self._near, self._far = pipe()
        self.bench = FakeRuns(fate, self._at_run)
        self._stop_after = stop_after

    def _at_run(self, number: int) -> None:
        if self._stop_after is not None and number > self._stop_after:
            self._near.send(StopMeasuring())

    def go(self) -> MeasureSnapshot:
        """Measures to the end. Returns: the last snapshot."""
        self._near.send(Next())
        listener = Thread(target=self._listen, daemon=True)
        listener.start()
        order = MeasureOrder(self.asked, self.directory, "")
        Measurement(order, Reporter(self._far), self.bench).execute()
        listener.join()
        self._near.close()
        self._far.close()
        return self.snapshots[-1]

    def go_unwatched(self) -> None:
        """Measures after the watcher has gone."""
        self._near.close()
        order = MeasureOrder(self.asked, self.directory, "")
        Measurement(order, Reporter(self._far), self.bench).execute()
        self._far.close()

    def _listen(self) -> None:
        while not (self.snapshots and self.snapshots[-1].state.ended):
            self.snapshots.append(self._near.recv())
            self._near.send(Next())

    @property
    def result(self) -> MeasureResult:
        """As it was written down."""
        return read_measurement(self.directory)


def test_every_run_is_one_lane_alone_and_cut_at_its_start(tmp_path: Path) -> None:
    watch = Watch(tmp_path)
    assert watch.go().state is MeasureState.COMPLETE
    warm_ups, runs = watch.bench.asked[:2], watch.bench.asked[2:]
    assert [(run.lanes, run.duration_s) for run, _ in warm_ups] == [
        (("at-most-once",), 0.2),
        (("at-least-once",), 0.2),
    ]
    assert {(len(run.lanes), run.duration_s, cut_s) for run, cut_s in runs} == {(1, 1.2, 0.2)}
    assert [run.seed for run, _ in runs] == [7] * 4 + [8] * 4


def test_every_run_is_written_down_with_its_histogram_and_told(tmp_path: Path) -> None:
    watch = Watch(tmp_path)
    last = watch.go()
    assert [cell.cell for cell in watch.result.cells] == list(range(1, 9))
    assert histogram_of(tmp_path, 8) == '{"of": "this run"}'
    told = [cell for snapshot in watch.snapshots for cell in snapshot.cells]
    assert told == list(watch.result.cells)
    assert (last.done, last.planned, last.left_s) == (8, 8, 0.0)


def test_the_figures_are_of_the_window(tmp_path: Path) -> None:
    watch = Watch(tmp_path)
    watch.go()
    cell = watch.result.cells[0]
    assert cell.measured_s == pytest.approx(1.0)
    assert cell.cpu_us_per_event == pytest.approx(200)


def test_nothing_is_left_of_runs_that_were_fine(tmp_path: Path) -> None:
    Watch(tmp_path).go()
    assert [path.name for path in tmp_path.iterdir()] == [MEASURE_DB]


def test_a_stop_keeps_what_is_done(tmp_path: Path) -> None:
    watch = Watch(tmp_path, stop_after=2 + 3)
    last = watch.go()
    assert last.state is MeasureState.STOPPED
    assert last.message == "stopped: 3 of 8 runs are done"
    assert len(watch.result.cells) == 3
    assert watch.bench.closed


def test_a_watcher_that_is_gone_ends_it(tmp_path: Path) -> None:
    watch = Watch(tmp_path)
    watch.go_unwatched()
    assert watch.result.state is MeasureState.CUT_OFF
    assert watch.bench.closed
    assert not (tmp_path / RUNNING_DIRECTORY).exists()


def broken_at(which: int) -> Fate:
    return lambda number: (
        RunState.COMPLETE, Verdict.BROKEN if number == which else Verdict.HOLDS, None
    )  # fmt: skip


def test_a_run_with_a_problem_is_kept_and_the_others_go_on(tmp_path: Path) -> None:
    watch = Watch(tmp_path, broken_at(2 + 3))
    assert watch.go().state is MeasureState.COMPLETE
    assert [path.name for path in (tmp_path / KEPT_DIRECTORY).iterdir()] == ["0003"]
    assert (tmp_path / KEPT_DIRECTORY / "0003" / "run.db").is_file()
    assert len(watch.result.problems) == 1


def test_counts_that_disagree_are_a_problem(tmp_path: Path) -> None:
    watch = Watch(tmp_path, lambda number: (RunState.COMPLETE, Verdict.HOLDS, "by one event"))
    watch.go()
    assert watch.result.cells[0].problem == "the counts disagree: by one event"


def test_a_window_that_is_much_too_short_is_a_problem_and_told_in_words(tmp_path: Path) -> None:
    watch = Watch(tmp_path)
    watch.bench.bucket_s = 0.25
    watch.go()
    assert watch.result.cells[0].measured_s == pytest.approx(0.75)
    assert watch.result.cells[0].problem.startswith("only 0.75 s of 1 s were measured")


def test_one_run_that_fails_is_a_problem_and_two_running_end_it(tmp_path: Path) -> None:
    def fate(number: int) -> tuple[RunState, Verdict, str | None]:
        failed = number - 2 in {1, 4, 5}
        return RunState.FAILED if failed else RunState.COMPLETE, Verdict.NOT_TESTED, None

    watch = Watch(tmp_path, fate)
    last = watch.go()
    assert (last.state, last.message) == (MeasureState.FAILED, "the disk is full")
    assert [cell.counts for cell in watch.result.cells] == [False, True, True, False, False]


def test_a_measurement_that_cannot_begin_says_why(tmp_path: Path) -> None:
    (tmp_path / MEASURE_DB).touch()
    with pytest.raises(EnvironmentProblem, match="is there already"):
        Watch(tmp_path).go_unwatched()


def test_a_walk_up_the_rates_plans_less_once_lanes_fall_behind(tmp_path: Path) -> None:
    """Every run's in-flight grows here, so every lane is dropped after two rates."""
    watch = Watch(tmp_path, sweep="rate", rounds="2", faults="without")
    watch.bench.in_flight_growth = 900
    last = watch.go()
    assert last.planned == last.done == 2 * 2 * 2


@pytest.mark.parametrize(
    "texts",
    [
        {},
        {"faults": "without", "rounds": "4"},
        {"sweep": "rate"},
        {"sweep": "consumers", "warm_up": "0"},
    ],
)
def test_what_is_planned_is_what_the_walk_begins_with(texts: dict[str, str]) -> None:
    asked = settings(**texts)
    walk = Walk(asked)
    assert planned_runs(asked) == (walk.left, len(walk.warm_ups()))
    each_s = asked.warm_up_s + asked.run.duration_s + FIRST_GUESS_S
    warm_ups_s = len(walk.warm_ups()) * (asked.warm_up_s + FIRST_GUESS_S)
    assert first_estimate_s(asked) == pytest.approx(walk.left * each_s + warm_ups_s)


def test_time_left_is_from_what_runs_took_so_far() -> None:
    asked = settings(duration="10s", warm_up="1s")
    left = TimeLeft(asked)
    counted = PlannedCell(1, "at-most-once", Condition.WITH)
    warm_up = PlannedCell(0, "at-most-once", Condition.WITHOUT)
    assert left.estimate_s(3, 0, None, 0.0) == 3 * (11 + FIRST_GUESS_S)
    left.note(1.0, 1.5)
    left.note(11.0, 12.5)
    assert left.estimate_s(3, 0, counted, 5.0) == 4 * 12 - 5
    assert left.estimate_s(3, 2, warm_up, 0.5) == 3 * 12 + 2 * 2 - 0.5
    assert left.estimate_s(0, 0, counted, 99.0) == 0.0
