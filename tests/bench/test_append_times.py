"""From append to effect: by record, of first deliveries, whatever came in between."""

from __future__ import annotations

import numpy as np
import pytest

from bench_gui.bench.audit.append_times import UNKNOWN, AppendTimes
from bench_gui.bench.audit.columns import no_rows
from bench_gui.bench.audit.log_reader import BATCH
from tests.bench.lane_world import MILLISECOND_NS
from tests.bench.planted import C1, C2, P1, MakeWorld


def add(times: AppendTimes, *batches: tuple[int, int, int, int]) -> None:
    """Each: partition, base offset, count, appended ns."""
    rows = np.zeros(len(batches), dtype=BATCH)
    for name, column in zip(
        ("partition", "base_offset", "count", "appended_ns"),
        zip(*batches, strict=True),
        strict=True,
    ):
        rows[name] = column
    times.add(rows)


def of(times: AppendTimes, *places: tuple[int, int]) -> list[int]:
    partitions, offsets = (np.array(column, dtype=np.int64) for column in zip(*places, strict=True))
    return times.of(partitions, offsets).tolist()


def test_a_record_was_appended_with_its_batch() -> None:
    times = AppendTimes(2)
    times.add(no_rows(BATCH))
    add(times, (0, 0, 5, 100), (1, 0, 3, 150), (0, 5, 2, 200))
    assert of(times, (0, 0), (0, 4), (0, 5), (1, 2)) == [100, 100, 200, 150]
    assert of(times, (0, 7), (1, 3), (-1, 0), (0, -1)) == [UNKNOWN] * 4


def test_batches_may_become_readable_out_of_order_and_with_gaps() -> None:
    times = AppendTimes(1)
    add(times, (0, 20, 5, 300))
    add(times, (0, 0, 5, 100), (0, 30, 1, 400))
    assert of(times, (0, 3), (0, 10), (0, 24), (0, 30)) == [100, UNKNOWN, 300, 400]


def test_what_was_delivered_is_forgotten() -> None:
    times = AppendTimes(2)
    add(times, (0, 0, 5, 100), (0, 5, 5, 200), (1, 0, 5, 300))
    times.forget_below(np.array([7, 0]))
    assert of(times, (0, 4), (0, 6), (0, 9), (1, 0)) == [UNKNOWN, 200, 200, 300]


@pytest.mark.parametrize("slug", ["at-least-once", "exactly-once"])
def test_first_deliveries_are_measured_from_their_append(world: MakeWorld, slug: str) -> None:
    lane = world(slug)
    live = lane.auditor(since_append=True)

    def deliver(first: int, count: int, incarnation: int) -> None:
        if not lane.output:
            lane.apply(0, first, count, incarnation, offset=first)
            return
        transaction = lane.begin(lane.files.results, incarnation)
        lane.output_records(0, first, count, incarnation, transaction=transaction)
        lane.decide(lane.files.results, transaction, "committed")

    lane.append(0, 0, 12, P1)
    appended_ns = lane.now_ns
    lane.advance_position(0, 12, P1)
    deliver(0, 8, C1)
    first_ns = lane.now_ns
    deliver(8, 4, C1)
    second_ns = lane.now_ns
    lane.commit_offset(0, 12, C1)
    assert live.poll({}, lane.now_ns, lambda: lane.sources_end_ns)
    measured = live.since_append
    assert measured.count == 12
    assert measured.max_ns == second_ns - appended_ns
    assert measured.percentile(50) == pytest.approx(first_ns - appended_ns, rel=0.01)
    assert measured.max_ns > measured.percentile(50) >= MILLISECOND_NS  # type: ignore[operator]
    if not lane.output:
        lane.apply(0, 8, 4, C2, offset=8)
        assert live.poll({}, lane.now_ns, lambda: lane.sources_end_ns)
        assert live.since_append.count == 12, "a delivery again is no first one"


def test_a_count_of_what_is_over_measures_none(world: MakeWorld) -> None:
    lane = world("at-least-once")
    lane.append(0, 0, 20, P1)
    lane.apply(0, 0, 20, C1)
    assert lane.poll().since_append.count == 0
