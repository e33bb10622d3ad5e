"""Moments of the past in bounded memory."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bench_gui.bench.snapshot import LaneSample, RunSnapshot, RunState
from bench_gui.window.timeline.moments import Moments


def snapshot(t_s: float, state: RunState = RunState.RUNNING) -> RunSnapshot:
    return RunSnapshot("a-run", state, t_s, 7, message=f"at {t_s}")


def kept(moments: Moments, t_s: float) -> RunSnapshot:
    found = moments.at(t_s)
    assert found is not None
    return found


def test_there_is_nothing_before_the_first() -> None:
    assert Moments().at(3.0) is None


def test_a_moment_is_the_newest_that_is_not_after_it() -> None:
    moments = Moments()
    for t_s in (1.0, 2.0, 3.0):
        moments.add(snapshot(t_s))
    assert [kept(moments, t_s).t_s for t_s in (0.5, 1.0, 2.9, 3.0, 99.0)] == [1, 1, 2, 3, 3]
    assert kept(moments, 2.0) == snapshot(2.0)


def test_the_last_word_takes_the_place_of_the_one_before() -> None:
    moments = Moments()
    for state in (RunState.RUNNING, RunState.COUNTING, RunState.COMPLETE):
        moments.add(snapshot(5.0, state))
    assert len(moments) == 1
    assert kept(moments, 5.0).state is RunState.COMPLETE


def test_samples_and_faults_are_not_kept_twice() -> None:
    sample = LaneSample(1.0, "a", *[0.0] * 3, *[0] * 5, None, None, None, 1, 1)
    moments = Moments()
    moments.add(RunSnapshot("a-run", RunState.RUNNING, 1.0, 7, samples=(sample,)))
    assert kept(moments, 1.0).samples == ()


@given(st.integers(1, 500), st.sampled_from([4, 10, 16]))
def test_memory_is_bounded_and_the_whole_run_stays_in_reach(count: int, most: int) -> None:
    moments = Moments(most)
    for number in range(count):
        moments.add(snapshot(float(number)))
    assert len(moments) < most
    step = max(1, 4 * count / most)
    for t_s in range(count):
        assert t_s - step <= kept(moments, t_s).t_s <= t_s


def test_another_run_begins_at_full_resolution() -> None:
    moments = Moments(4)
    for number in range(40):
        moments.add(snapshot(float(number)))
    moments.clear()
    assert moments.at(1.0) is None
    for number in range(3):
        moments.add(snapshot(float(number)))
    assert [kept(moments, t).t_s for t in (0, 1, 2)] == [0, 1, 2]
