"""The flight recorder says where a worker stood, also after a SIGKILL at any instant."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.processes import Child, pipe, start_from_fork_server
from workers.recorder import (
    EXPOSED_MAX,
    RING,
    Cost,
    FlightPage,
    OwnCost,
    Recorder,
    create_page,
    pack,
    unpack,
)
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


def work_and_write(path: Path, megabytes: int, ready: object) -> None:
    """A child that uses the CPU, writes a file, says what it used and is killed."""
    recorder, own = Recorder(path), OwnCost()
    with path.with_suffix(".txt").open("wb") as file:
        for _ in range(megabytes):
            file.write(bytes(1 << 20))
    while own.read().cpu_ns < 50_000_000:
        pass
    used = own.read()
    recorder._cost_due_ns = 0
    recorder.step(Step.APPENDED, Step.ACKED)
    ready.send(used)  # type: ignore[attr-defined]
    while True:
        recorder.step(Step.APPENDED, Step.ACKED)


def test_what_a_process_used_outlives_its_kill(tmp_path: Path) -> None:
    path = tmp_path / "1.page"
    create_page(path)
    near, far = pipe()
    child = start_from_fork_server(work_and_write, path, 3, far)
    used: Cost = near.recv()
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    near.close()
    far.close()
    flight = FlightPage(path)
    left = flight.cost
    flight.close()
    assert left.cpu_ns >= used.cpu_ns >= 50_000_000
    if sys.platform == "linux":
        assert left.written_bytes is not None
        assert 3 << 20 <= left.written_bytes < 4 << 20


def test_what_is_unknown_of_one_process_is_unknown_of_all() -> None:
    assert Cost(1, 2) + Cost(3, 4) == Cost(4, 6)
    assert Cost(1, 2) + Cost(3, None) == Cost(4, None)


def test_where_the_system_does_not_tell_what_was_written_nothing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.recorder.OWN_IO", str(tmp_path / "no such file"))
    path = tmp_path / "1.page"
    create_page(path)
    recorder, flight = Recorder(path), FlightPage(path)
    assert flight.cost.written_bytes is None
    recorder.step(Step.APPENDED, Step.ACKED)
    assert flight.cost.written_bytes is None
    assert flight.cost.cpu_ns > 0
    recorder.close()
    flight.close()
