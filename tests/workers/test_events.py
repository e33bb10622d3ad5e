"""The click stream is the same for everyone who asks, and exists exactly when it is due."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.events import LINK_COUNT, RECORD_HEADER_BYTES, LinkChooser, RecordCodec, Timetable
from workers.time_units import SECOND_NS

rates = st.integers(1, 1_000_000)
producers = st.integers(1, 16)


@given(rates, producers, st.data(), st.integers(0, 10 * SECOND_NS))
def test_an_event_exists_once_it_is_due(
    rate: int, count: int, data: st.DataObject, elapsed_ns: int
) -> None:
    slot = data.draw(st.integers(0, count - 1))
    timetable = Timetable(5_000, rate, count)
    existing = timetable.count_due(slot, 5_000 + elapsed_ns)
    if existing:
        assert timetable.due_ns(slot, existing - 1) < 5_000 + elapsed_ns
    assert timetable.due_ns(slot, existing) >= 5_000 + elapsed_ns


@given(rates, producers)
def test_slots_share_the_lanes_rate_evenly(rate: int, count: int) -> None:
    timetable = Timetable(0, rate, count)
    counts = [timetable.count_due(slot, SECOND_NS) for slot in range(count)]
    assert sum(counts) == rate
    assert max(counts) - min(counts) <= 1


@given(rates, producers, st.integers(0, 10**6))
def test_many_due_times_at_once_are_the_same_as_one_by_one(
    rate: int, count: int, first: int
) -> None:
    timetable = Timetable(123, rate, count)
    sequences = np.arange(first, first + 5, dtype=np.int64)
    expected = [timetable.due_ns(0, int(sequence)) for sequence in sequences]
    assert timetable.due_array_ns(0, sequences).tolist() == expected


def test_nothing_is_due_before_the_start() -> None:
    assert Timetable(1000, 10, 1).count_due(0, 500) == 0


def test_a_closed_loop_has_no_timetable() -> None:
    with pytest.raises(ValueError, match="closed loop"):
        Timetable(0, None, 1).due_ns(0, 0)


@given(st.integers(0, 2**53), st.integers(0, 15), st.integers(0, 2**30))
def test_a_link_depends_on_nothing_but_seed_slot_and_sequence(
    seed: int, slot: int, first: int
) -> None:
    together = LinkChooser(seed).links(slot, np.arange(first, first + 8, dtype=np.int64))
    alone = LinkChooser(seed).links(slot, np.array([first + 5], dtype=np.int64))
    assert together[5] == alone[0]
    assert together.min() >= 1
    assert together.max() <= LINK_COUNT


def test_links_follow_a_zipf_distribution() -> None:
    links = LinkChooser(7).links(0, np.arange(200_000, dtype=np.int64))
    counts = np.bincount(links, minlength=LINK_COUNT + 1)
    assert counts[1] / counts[2] == pytest.approx(2**1.1, rel=0.05)
    assert counts[1] / counts[10] == pytest.approx(10**1.1, rel=0.1)


def test_seeds_slots_and_sequences_give_different_streams() -> None:
    sequences = np.arange(100, dtype=np.int64)
    streams = [
        LinkChooser(7).links(0, sequences),
        LinkChooser(8).links(0, sequences),
        LinkChooser(7).links(1, sequences),
        LinkChooser(7).links(0, sequences + 100),
    ]
    assert len({stream.tobytes() for stream in streams}) == len(streams)


@given(st.integers(0, 300), st.integers(1, 20))
def test_records_are_decoded_as_they_were_encoded(payload_bytes: int, count: int) -> None:
    codec = RecordCodec(7, payload_bytes)
    due_ns = np.arange(count, dtype=np.int64) * 1000
    records = codec.encode(1, 40, due_ns)
    assert len(records) == count * (RECORD_HEADER_BYTES + payload_bytes)
    sequences = np.arange(40, 40 + count, dtype=np.int64)
    assert codec.links(records) == LinkChooser(7).links(1, sequences).tolist()
