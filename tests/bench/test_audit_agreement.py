"""Counts of one lane that differ are told apart, to the event."""

from __future__ import annotations

import pytest

from bench_gui.bench.audit.auditor import compare
from bench_gui.bench.audit.columns import Rows
from bench_gui.bench.audit.ledger_reader import ReadLater
from bench_gui.bench.audit.recount import disagreement
from tests.bench.planted import C1, C2, P1, P2, MakeWorld, produced


def test_counters_that_the_ledger_does_not_explain_are_found(world: MakeWorld) -> None:
    lane = produced(world("at-least-once"))
    lane.apply(0, 0, 20, C1)
    assert lane.poll().check_counters() is None
    link = lane.link(0, 0)
    lane.write(lane.files.sink, "UPDATE links SET clicks = clicks + 1 WHERE link_id = ?", link)
    sentence = lane.poll().check_counters()
    assert sentence is not None
    assert f"link {link} " in sentence
    lane.write(lane.files.sink, "INSERT INTO links VALUES (1234567, 3)")
    assert "1234567" in (lane.poll().check_counters() or "")


def test_live_and_final_that_differ_in_one_event_are_told_apart(world: MakeWorld) -> None:
    lane = produced(world("at-least-once"))
    lane.apply(0, 0, 20, C1)
    lane.poll().finish()
    assert compare(lane.live, lane.final()) is None
    lane.write(lane.files.sink, "UPDATE effects SET count = 19")
    assert compare(lane.live, lane.final()) == (
        "event 19 of source 0: effects is 1 in the live count and 0 in the final count"
    )


def test_live_and_final_that_lose_different_events_are_told_apart(world: MakeWorld) -> None:
    lane = world("at-most-once", events=2)
    lane.append(0, 0, 1, P1, partition=0)
    lane.append(0, 1, 1, P1, partition=1)
    lane.advance_position(0, 2, P1)
    lane.end(P1, "producer", acked=2)
    lane.commit_offset(0, 1, C1)
    lane.end(C1, "consumer", fault=1)
    lane.poll().finish()
    lane.write(lane.files.results, "UPDATE offset_commits SET partition = 1")
    final = lane.final()
    assert lane.live.counts().lost == final.counts().lost == 1
    assert compare(lane.live, final) == (
        "event 0 of source 0: lost is True in the live count and False in the final count"
    )


def test_an_event_that_is_due_just_before_the_sources_end_exists_in_every_count(
    world: MakeWorld,
) -> None:
    lane = world("at-least-once", events=20)
    lane.sources_end_ns += 1
    lane.tick()
    lane.write(lane.run_db, "UPDATE run SET sources_end_ns = sources_end_ns + 1")
    assert lane.agreed().counts().offered == 21


def test_a_count_and_a_recount_that_differ_in_one_event_are_told_apart(world: MakeWorld) -> None:
    lane = produced(world("at-least-once"))
    lane.apply(0, 0, 20, C1)
    lane.poll().finish()
    assert disagreement(lane.live, lane.recount()) is None
    lane.apply(0, 4, 1, C2, offset=4)
    assert disagreement(lane.live, lane.recount()) == (
        "event 4 of source 0 has 1 effects and in the recount 2"
    )


def test_an_event_called_lost_and_delivered_afterwards_is_a_disagreement(world: MakeWorld) -> None:
    lane = produced(world("at-most-once"))
    lane.commit_offset(0, 20, C1)
    lane.end(C1, "consumer", fault=1)
    assert lane.poll().counts().lost == 20
    lane.apply(0, 0, 20, C1)
    counts = lane.poll().counts()
    assert counts.in_flight == 0
    assert "was called lost" in (compare(lane.live, lane.final()) or "")


def test_positions_read_before_another_file_was_locked_are_not_forgotten(
    world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    lane = world("at-most-once", producers=2)
    lane.advance_position(0, 5, P1)
    lane.advance_position(1, 5, P2)
    reader = lane.live._files._sources[1]
    read = reader.read

    def locked() -> Rows:
        monkeypatch.setattr(reader, "read", read)
        raise ReadLater("positions-1.db: database is locked")

    monkeypatch.setattr(reader, "read", locked)
    assert not lane.live.poll({}, lane.now_ns, lambda: lane.sources_end_ns)
    lane.end(P1, "producer", 0, fault=1)
    lane.end(P2, "producer", 1, fault=2)
    lane.poll().finish()
    assert compare(lane.live, lane.final()) is None
