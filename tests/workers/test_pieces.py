"""Fetched events are handed out once each, in order; progress is exactly what was handed out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bench_gui.bench.plan import lane_config
from bench_gui.bench.settings import RunSettings
from workers.events import RecordCodec, record_dtype
from workers.log.types import (
    FetchedBatch,
    IncarnationId,
    Offset,
    RecordBatch,
    Sequence,
)
from workers.pieces import Pending, Piece
from workers.progress import Progress

CODEC = RecordCodec(7, 5)


def fetched(first: int, count: int) -> FetchedBatch:
    """Events and offsets both from `first` on."""
    records = CODEC.encode(0, first, np.arange(first, first + count, dtype=np.int64))
    batch = RecordBatch(0, Sequence(first), count, 0, 0, IncarnationId(1), records)
    return FetchedBatch(Offset(first), batch)


def handed_out(counts: list[int], most: int) -> list[Piece]:
    """All pieces of consecutive batches of one partition, `most` events at a time."""
    pending = Pending()
    for first, count in zip(np.cumsum([0, *counts]).tolist(), counts, strict=False):
        one = fetched(first, count)
        pending.add(0, one, CODEC.links(one.batch.records), fetched_ns=5)
    pieces: list[Piece] = []
    while pending.count:
        before = pending.count
        taken = pending.take(most)
        assert before - pending.count == sum(len(piece.links) for piece in taken) <= most
        pieces += taken
    return pieces


@given(st.lists(st.integers(1, 9), min_size=1, max_size=5), st.integers(1, 12))
def test_pieces_follow_each_other_without_gap_or_overlap(counts: list[int], most: int) -> None:
    pieces = handed_out(counts, most)
    offset = 0
    for piece in pieces:
        assert piece.first_offset == piece.first_sequence == offset
        one = CODEC.encode(0, piece.first_sequence, np.arange(offset, offset + len(piece.links)))
        assert piece.records == one
        headers = np.frombuffer(piece.headers(), dtype=record_dtype(0))
        assert headers["link"].tolist() == piece.links
        offset += len(piece.links)
        assert piece.next_offset == offset
    assert offset == sum(counts)
    links = [link for piece in pieces for link in piece.links]
    assert links == CODEC.links(fetched(0, offset).batch.records)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=5), st.integers(1, 12), st.data())
def test_what_is_committed_is_the_next_offset_after_what_was_processed(
    counts: list[int], most: int, data: st.DataObject
) -> None:
    config = lane_config(RunSettings(), "at-least-once", Path("nowhere"))
    progress = Progress(config, {0: Offset(0)}, now_ns=0)
    pieces = handed_out(counts, most)
    done = pieces[: data.draw(st.integers(1, len(pieces)))]
    events = sum(len(piece.links) for piece in done)
    progress.note_processed(done, uncommitted=events)
    assert progress.to_commit(progress.processed) == {0: events}
    progress.note_committed(progress.processed, now_ns=1)
    assert progress.to_commit(progress.processed) == {}
    assert progress.uncommitted == 0


def test_a_commit_of_one_partition_leaves_what_others_have_still_to_commit(tmp_path: Path) -> None:
    """Aborted records passed in one partition are committed later than events of another."""
    config = lane_config(RunSettings(), "transactional-sink", tmp_path)
    progress = Progress(config, {0: Offset(0), 1: Offset(0)}, now_ns=0)
    progress.fetched[0] = Offset(5)
    progress.skip_invisible()
    progress.note_committed({1: Offset(2)}, now_ns=1)
    assert progress.to_commit({0: Offset(5), 1: Offset(2)}) == {0: Offset(5)}
