"""What a latency histogram promises: bounded error, exact maximum, merging, HdrHistogram's text."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench_gui.bench.metrics import (
    BUCKETS,
    LARGEST_NS,
    RELATIVE_ERROR,
    LatencyHistogram,
    bucket_of,
    hgrm_text,
    highest_of,
    lowest_of,
)

values = st.lists(st.integers(1, LARGEST_NS), min_size=1, max_size=50)


def histogram_of(values_ns: list[int]) -> LatencyHistogram:
    histogram = LatencyHistogram()
    histogram.record(np.array(values_ns, dtype=np.int64))
    return histogram


@given(st.integers(1, LARGEST_NS))
def test_every_value_lies_in_its_bucket_and_the_bucket_is_narrow(value_ns: int) -> None:
    bucket = bucket_of(np.array([value_ns]))
    lowest, highest = int(lowest_of(bucket)[0]), int(highest_of(bucket)[0])
    assert 0 <= bucket[0] < BUCKETS
    assert lowest <= value_ns <= highest
    assert (highest - lowest) <= value_ns * RELATIVE_ERROR < value_ns * 0.01


def test_the_buckets_follow_each_other_without_gap() -> None:
    buckets = np.arange(1, BUCKETS - 1)
    assert np.array_equal(highest_of(buckets) + 1, lowest_of(buckets + 1))
    assert int(highest_of(np.array([BUCKETS - 1]))[0]) == LARGEST_NS


@given(values, st.floats(0, 100))
def test_a_percentile_is_at_most_the_relative_error_above_the_true_one(
    values_ns: list[int], percent: float
) -> None:
    rank = max(1, math.ceil(percent / 100 * len(values_ns)))
    true_ns = sorted(values_ns)[rank - 1]
    found_ns = histogram_of(values_ns).percentile(percent)
    assert found_ns is not None
    assert true_ns <= found_ns <= true_ns * (1 + RELATIVE_ERROR)


@given(values, values)
def test_merging_is_recording_everything_in_one(first: list[int], second: list[int]) -> None:
    merged = histogram_of(first)
    merged.merge(histogram_of(second))
    together = histogram_of(first + second)
    assert merged.to_json() == together.to_json()
    assert (merged.count, merged.max_ns) == (together.count, max(first + second))


@given(values, values)
def test_recording_twice_is_recording_everything_at_once(
    first: list[int], second: list[int]
) -> None:
    histogram = histogram_of(first)
    histogram.record(np.array(second, dtype=np.int64))
    assert histogram.to_json() == histogram_of(first + second).to_json()


def test_merged_percentiles_are_not_averages() -> None:
    merged = histogram_of([1_000] * 99)
    merged.merge(histogram_of([1_000_000]))
    assert merged.percentile(50) == 1_000
    assert merged.percentile(100) == 1_000_000


@given(values)
def test_json_gives_the_same_histogram_back(values_ns: list[int]) -> None:
    histogram = histogram_of(values_ns)
    again = LatencyHistogram.from_json(histogram.to_json())
    assert again.to_json() == histogram.to_json()
    assert (again.count, again.max_ns) == (histogram.count, histogram.max_ns)
    assert again.percentile(99) == histogram.percentile(99)


def test_json_of_another_bucket_size_is_refused() -> None:
    text = histogram_of([5]).to_json().replace('"sub_bucket_bits":9', '"sub_bucket_bits":8')
    with pytest.raises(ValueError, match="8 sub-bucket bits"):
        LatencyHistogram.from_json(text)


def test_values_outside_are_clamped_and_nothing_is_nothing() -> None:
    histogram = histogram_of([-5, 0, LARGEST_NS * 2])
    assert histogram.percentile(0) == 1
    assert histogram.max_ns == LARGEST_NS
    empty = histogram_of([])
    assert (empty.count, empty.max_ns, empty.percentile(50)) == (0, None, None)


def data_lines(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines()[1:] if line and not line.startswith("#")]


def test_the_text_is_that_of_hdrhistogram() -> None:
    text = hgrm_text(histogram_of([1000 * n for n in range(1, 1001)]).to_json())
    lines = text.splitlines()
    assert lines[0].split() == ["Value", "Percentile", "TotalCount", "1/(1-Percentile)"]
    assert lines[1] == ""
    assert "#[Unit    =  nanoseconds]" in lines
    mean, deviation = lines[-4].removeprefix("#[Mean    =").removesuffix("]").split(",")
    assert float(mean) == pytest.approx(500_500, rel=0.002)
    assert float(deviation.split("=")[1]) == pytest.approx(288_675, rel=0.002)
    assert lines[-3].split() == ["#[Max", "=", "1000000.000,", "Total", "count", "=", "1000]"]


@given(values)
def test_the_text_ends_at_the_maximum_and_never_falls(values_ns: list[int]) -> None:
    rows = data_lines(hgrm_text(histogram_of(values_ns).to_json()))
    assert all(len(row) == 4 for row in rows[:-1])
    assert [float(rows[-1][0]), float(rows[-1][1])] == [max(values_ns), 1.0]
    assert int(rows[-1][2]) == len(values_ns)
    for column in range(3):
        cells = [float(row[column]) for row in rows[:-1]]
        assert cells == sorted(cells)
    for row in rows[:-1]:
        assert float(row[3]) == pytest.approx(1 / (1 - float(row[1])), rel=0.01)
        assert int(row[2]) >= float(row[1]) * len(values_ns) - 1e-6


def test_an_empty_histogram_has_a_text_without_lines() -> None:
    text = hgrm_text(LatencyHistogram().to_json())
    assert data_lines(text) == []
    assert "Total count    =            0]" in text
