"""The player gives a run as it was, on a clock of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from bench_gui.bench.recording.film import open_film
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import FaultReport, RunSnapshot, RunState
from bench_gui.window.replay import film_reader
from bench_gui.window.replay.player import Player
from bench_gui.window.run_model import RunModel
from tests.gui.recorded import Torn, record

SETTINGS = RunSettings(duration_s=6.0, kill_every_s=0.8, seed=5)
MOST_S = 20.0


class Clock:
    def __init__(self) -> None:
        self.now_s = 50.0

    def __call__(self) -> float:
        return self.now_s


class Watcher:
    """Folds what a player gives, as the window does."""

    def __init__(self, player: Player) -> None:
        self.player = player
        self.model = RunModel()
        self.faults: dict[int, FaultReport] = {}
        self.frames = 0
        self._begun = False

    def look(self) -> None:
        news = self.player.poll()
        if news and (self.player.rewound or not self._begun):
            assert self.player.about is not None
            self.player.rewound, self._begun = False, True
            self.model.begin(self.player.about.settings)
            self.faults.clear()
        self.frames += len(news)
        self.faults.update((one.fault_id, one) for one in self.model.take(news))

    def until(self, condition: Callable[[], bool]) -> None:
        deadline_s = time.monotonic() + MOST_S
        while not condition():
            assert time.monotonic() < deadline_s, "it did not come so far"
            assert self.player.failure is None
            self.look()

    def at(self, shown: RunSnapshot) -> None:
        """Waits until exactly this is shown, and that it is as it was."""
        self.until(lambda: self.model.latest is not None and self.model.latest.t_s == shown.t_s)
        assert self.model.latest is not None
        assert self.model.latest.lanes == shown.lanes


def folded(shown: list[RunSnapshot]) -> tuple[RunModel, dict[int, FaultReport]]:
    model = RunModel()
    model.begin(SETTINGS)
    return model, {one.fault_id: one for one in model.take(shown)}


def same(watcher: Watcher, shown: list[RunSnapshot]) -> None:
    model, faults = folded(shown)
    assert watcher.faults == faults
    for slug, lane in model.lanes.items():
        seen = watcher.model.lanes[slug]
        np.testing.assert_array_equal(seen.ring.view(), lane.ring.view())
        np.testing.assert_array_equal(seen.history.view(), lane.history.view())


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[RunSnapshot]]:
    run_dir = tmp_path_factory.mktemp("run")
    return run_dir, record(run_dir, SETTINGS)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def player(run: tuple[Path, list[RunSnapshot]], clock: Clock) -> Iterator[Player]:
    made = Player(partial(open_film, run[0]), clock_s=clock)
    yield made
    made.close()


@pytest.fixture
def watcher(player: Player) -> Watcher:
    made = Watcher(player)
    made.until(lambda: made.frames > 0)
    return made


Run = tuple[Path, list[RunSnapshot]]


def test_it_shows_what_was_shown_when_it_was_shown(
    watcher: Watcher, run: Run, clock: Clock
) -> None:
    shown = run[1]
    assert watcher.frames == 1
    clock.now_s += 2.5
    watcher.at(shown[50])
    same(watcher, shown[:51])
    watcher.player.set_speed(4.0)
    clock.now_s += 0.25
    watcher.at(shown[70])
    watcher.player.set_speed(0.25)
    clock.now_s += 0.4
    watcher.at(shown[72])
    same(watcher, shown[:73])


def test_held_it_stands_still_whoever_holds_it(watcher: Watcher, run: Run, clock: Clock) -> None:
    clock.now_s += 1.0
    watcher.at(run[1][20])
    watcher.player.hold(True)
    watcher.player.hold(True, "bar")
    clock.now_s += 100.0
    watcher.look()
    assert watcher.player.position_s == pytest.approx(1.05)
    watcher.player.hold(False)
    assert watcher.player.held
    watcher.player.hold(False, "bar")
    clock.now_s += 1.0
    watcher.at(run[1][40])


def test_it_ends_with_the_last_word_and_plays_again(
    watcher: Watcher, run: Run, clock: Clock
) -> None:
    clock.now_s += 60.0
    watcher.until(lambda: watcher.player.at_end)
    assert watcher.model.latest is not None
    assert watcher.model.latest.state is RunState.COMPLETE
    same(watcher, run[1])
    watcher.player.again()
    watcher.at(run[1][0])
    assert watcher.player.position_s == pytest.approx(watcher.player.start_s)
    clock.now_s += 60.0
    watcher.until(lambda: watcher.player.at_end)
    same(watcher, run[1])


def test_back_and_forth(watcher: Watcher, run: Run, clock: Clock) -> None:
    for t_s, frame in ((4.06, 80), (1.06, 20), (5.06, 100), (0.0, 0)):
        watcher.player.seek(t_s)
        watcher.at(run[1][frame])
        same(watcher, run[1][: frame + 1])
    clock.now_s += 0.5
    watcher.at(run[1][9])


def test_however_long_a_jump_takes_it_goes_on_from_where_it_was_to_go(
    watcher: Watcher, run: Run, clock: Clock
) -> None:
    watcher.player.seek(4.06)
    clock.now_s += 10.0
    watcher.at(run[1][80])
    assert watcher.player.position_s == pytest.approx(4.06)


def test_a_long_jump_leaves_frames_out_and_nothing_else(
    watcher: Watcher, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(film_reader, "MOST_STEPS", 7)
    watcher.player.seek(5.06)
    watcher.at(run[1][100])
    assert watcher.frames <= 1 + 10 + 7, "the first, those read ahead, the steps"
    same(watcher, run[1][:101])


def test_a_run_that_is_opened_is_at_its_end(run: Run, clock: Clock) -> None:
    watcher = Watcher(Player(partial(open_film, run[0]), at_end=True, clock_s=clock))
    watcher.until(lambda: watcher.player.at_end)
    same(watcher, run[1])
    watcher.player.close()


def test_a_film_that_tears_is_one_sentence_and_what_came_before(run: Run, clock: Clock) -> None:
    player = Player(lambda: Torn(open_film(run[0]), 30, ZeroDivisionError("x")), clock_s=clock)
    watcher = Watcher(player)
    watcher.until(lambda: watcher.frames > 0)
    clock.now_s += 3.0
    deadline_s = time.monotonic() + MOST_S
    while player.failure is None and time.monotonic() < deadline_s:
        watcher.look()
    assert player.failure == "the recording cannot be read (ZeroDivisionError: x)"
    player.close()
