"""Numbers as people write them go to values and back without a change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench_gui.bench import units
from bench_gui.bench.settings import CommitInterval

durations = st.one_of(st.just(0.0), st.floats(1e-9, 1e9))
counts = st.integers(0, 2**63)
intervals = st.one_of(
    st.integers(1, 10**6).map(lambda records: CommitInterval(records=records)),
    st.floats(1, 1e6).map(lambda ms: CommitInterval(ms=ms)),
)


@given(durations)
def test_durations_come_back_exactly(value: float) -> None:
    assert units.parse_duration_s(units.format_duration_s(value)) == value
    assert units.parse_duration_ms(units.format_duration_ms(value)) == value
    assert units.parse_duration_us(units.format_duration_us(value)) == value


@given(st.none() | durations, st.none() | counts, counts, intervals)
def test_the_others_come_back_exactly(
    every: float | None, rate: int | None, count: int, interval: CommitInterval
) -> None:
    assert units.parse_every(units.format_every(every)) == every
    assert units.parse_rate(units.format_rate(rate)) == rate
    assert units.parse_count(units.format_count(count)) == count
    assert units.parse_commit_interval(units.format_commit_interval(interval)) == interval


@pytest.mark.parametrize(
    ("parse", "text", "value"),
    [
        (units.parse_duration_s, "10s", 10.0),
        (units.parse_duration_s, "250ms", 0.25),
        (units.parse_duration_s, "2m", 120.0),
        (units.parse_duration_s, "2min", 120.0),
        (units.parse_duration_s, "1h", 3600.0),
        (units.parse_duration_s, " 1.5 s ", 1.5),
        (units.parse_duration_s, "0", 0.0),
        (units.parse_duration_ms, "0.1ms", 0.1),
        (units.parse_duration_us, "50µs", 50.0),
        (units.parse_duration_us, "1ms", 1000.0),
        (units.parse_rate, "2000", 2000),
        (units.parse_rate, "2k", 2000),
        (units.parse_rate, "1.5k", 1500),
        (units.parse_rate, "max", None),
        (units.parse_count, "1M", 1_000_000),
        (units.parse_every, "never", None),
        (units.parse_every, "1s", 1.0),
        (units.parse_commit_interval, "100ms", CommitInterval(ms=100.0)),
        (units.parse_commit_interval, "500", CommitInterval(records=500)),
        (units.parse_seed, "7", 7),
    ],
)
def test_what_people_write(parse: Callable[[str], Any], text: str, value: Any) -> None:
    assert parse(text) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [(10.0, "10s"), (0.25, "250ms"), (1.5, "1.5s"), (90.0, "90s"), (120.0, "2m"), (5e-7, "0.5us")],
)
def test_durations_are_written_in_the_unit_that_fits(value: float, text: str) -> None:
    assert units.format_duration_s(value) == text


@pytest.mark.parametrize(
    ("parse", "text", "part"),
    [
        (units.parse_duration_s, "10", "names no unit"),
        (units.parse_duration_s, "10 parsecs", "not a time"),
        (units.parse_duration_s, "-1s", "not a time"),
        (units.parse_duration_s, "", "not a time"),
        (units.parse_duration_s, "nan", "not a time"),
        (units.parse_duration_s, "1e3s", "not a time"),
        (units.parse_every, "sometimes", "never"),
        (units.parse_rate, "fast", "max"),
        (units.parse_rate, "0.5", "rate"),
        (units.parse_count, "1.0001k", "whole number"),
        (units.parse_count, "2ms", "whole number"),
        (units.parse_count, "٣", "whole number"),
        (units.parse_commit_interval, "often", "neither"),
        (units.parse_seed, "1.5", "whole number"),
        (units.parse_seed, "-1", "whole number"),
    ],
)
def test_what_cannot_be_read_is_one_clear_line(
    parse: Callable[[str], Any], text: str, part: str
) -> None:
    with pytest.raises(ValueError, match=part) as caught:
        parse(text)
    assert "\n" not in str(caught.value)
    assert repr(text) in str(caught.value)
