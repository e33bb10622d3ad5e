"""The page through which the bench ends sources, and the bells that wake consumers."""

from __future__ import annotations

import time
from pathlib import Path

from workers.control import FOREVER, ControlPage, end_sources
from workers.wakeup import Bell, Ears, create_fifo


def test_a_new_page_says_wait(tmp_path: Path) -> None:
    page = ControlPage(tmp_path / "control.page")
    assert page.sources_start_ns == 0
    assert page.sources_end_ns == FOREVER
    assert not page.draining
    page.close()


def test_what_one_process_writes_the_other_reads(tmp_path: Path) -> None:
    bench, worker = (ControlPage(tmp_path / "control.page") for _ in range(2))
    bench.set_sources_end(200)
    bench.set_sources_start(100)
    bench.start_drain()
    assert (worker.sources_start_ns, worker.sources_end_ns, worker.draining) == (100, 200, True)
    bench.close()
    worker.close()


def test_sources_end_at_one_time_in_every_lane_and_never_in_the_past(tmp_path: Path) -> None:
    pages = [ControlPage(tmp_path / f"{lane}.page") for lane in range(3)]
    before_ns = time.monotonic_ns()
    end_ns = end_sources(pages)
    assert end_ns > before_ns
    assert {page.sources_end_ns for page in pages} == {end_ns}
    for page in pages:
        page.close()


def test_a_bell_wakes_whoever_waits_and_a_dead_reader_harms_nobody(tmp_path: Path) -> None:
    path = tmp_path / "wake" / "partition-0"
    create_fifo(path)
    bell, ears = Bell(path), Ears([path])
    bell.ring()
    ears.wait(60.0)
    ears.close()
    for _ in range(100_000):
        bell.ring()
    ears = Ears([path])
    ears.wait(60.0)
    ears.close()
    bell.close()
