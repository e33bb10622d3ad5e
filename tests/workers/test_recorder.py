"""The flight recorder says where a worker stood, also after a SIGKILL at any instant."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.processes import Child, pipe, start_from_fork_server
from workers.recorder import EXPOSED_MAX, RING, FlightPage, Recorder, create_page, pack, unpack
from workers.steps import Step

steps = st.sampled_from(Step)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "flight" / "1.page"
    create_page(path)
    return path


@given(steps, steps, st.integers(0, EXPOSED_MAX))
def test_a_step_is_read_as_it_was_written(after: Step, before: Step, exposed: int) -> None:
    entry = unpack(9, pack(after, before, exposed))
    assert (entry.after, entry.before, entry.exposed) == (after, before, exposed)


def test_a_new_page_says_started_and_nothing_else(page: Path) -> None:
    flight = FlightPage(page)
    assert flight.last().after is Step.STARTED
    assert flight.first_step_ns is None
    assert flight.acked_sequence is None
    assert flight.ring() == []
    flight.close()


def test_the_ring_keeps_the_last_steps_in_order(page: Path) -> None:
    recorder, flight = Recorder(page), FlightPage(page)
    for number in range(RING + 7):
        recorder.step(Step.FETCHED, Step.EFFECT_APPLIED, number)
    assert [entry.exposed for entry in flight.ring()] == list(range(8, RING + 7))
    assert flight.last().exposed == RING + 6
    recorder.close()
    flight.close()


def test_the_first_work_is_stamped_once(page: Path) -> None:
    recorder, flight = Recorder(page), FlightPage(page)
    recorder.working()
    first = flight.first_step_ns
    recorder.working()
    assert first is not None
    assert flight.first_step_ns == first
    recorder.close()
    flight.close()


def write_steps_forever(path: Path, ready: object) -> None:
    """A child that does nothing but record; `exposed` of each step is the number of the step."""
    recorder = Recorder(path)
    number = 0
    while True:
        number += 1
        recorder.step(Step.APPENDED, Step.ACKED, number)
        if number == RING:
            ready.send("ready")  # type: ignore[attr-defined]


def killed_while_writing(path: Path) -> Child:
    near, far = pipe()
    child = start_from_fork_server(write_steps_forever, path, far)
    assert near.recv() == "ready"
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    near.close()
    far.close()
    return child


def test_a_kill_in_the_middle_of_writing_leaves_a_page_that_reads(tmp_path: Path) -> None:
    for number in range(5):
        path = tmp_path / f"{number}.page"
        create_page(path)
        assert killed_while_writing(path).killed
        flight = FlightPage(path)
        recorded = [entry.exposed for entry in flight.ring()]
        assert recorded == list(range(recorded[0], recorded[0] + RING - 1))
        assert flight.last().exposed in {recorded[-1], recorded[-1] + 1}
        flight.close()
