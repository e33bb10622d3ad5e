"""A lane's history as Kafka's verifiable clients print it: their fields, and what was true."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from bench_gui.bench.history.lane_snapshot import LaneSnapshot
from bench_gui.bench.history.verifiable import consumer_lines, producer_lines
from bench_gui.bench.history.writing import HistoryFormat, export_history
from tests.bench.kept_run import KeptRun, kept_history
from tests.bench.lane_world import START_NS
from tests.bench.test_audit_histories import EVENTS, SLUGS, actions, play
from workers.files import NETWORK_SCHEMA
from workers.lanes import lane_of

P1, P2, C1 = 1, 2, 3
EPOCH_MS = 1_704_067_200_000
"""Of the runs' start, 2024-01-01T00:00:00Z."""
Make = Callable[..., KeptRun]
Line = dict[str, Any]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[KeptRun] = []

    def make_run(slug: str) -> KeptRun:
        made.append(KeptRun(tmp_path, slug))
        made[-1].started(P1, "producer")
        made[-1].started(C1, "consumer")
        return made[-1]

    yield make_run
    for run in made:
        run.close()


def said(run: KeptRun, role: str, slot: int = 0) -> list[Line]:
    lines = producer_lines if role == "producer" else consumer_lines
    with closing(LaneSnapshot(run.run_dir, run.slug)) as snapshot:
        return [json.loads(line) for line in lines(snapshot, slot)]


def named(lines: list[Line], name: str) -> list[Line]:
    return [line for line in lines if line["name"] == name]


def at(ns: int) -> int:
    """A time of the run as the tools' timestamp."""
    return EPOCH_MS + (ns - START_NS) // 1_000_000


def test_a_send_that_was_acknowledged(make: Make) -> None:
    run = make("at-least-once")
    run.world.append(0, 4, 2, P1, partition=1)
    run.world.advance_position(0, 6, P1)
    sent = named(said(run, "producer"), "producer_send_success")
    assert list(sent[0].items()) == [
        ("timestamp", at(run.world.now_ns)),
        ("name", "producer_send_success"),
        ("key", None),
        ("value", "0.4"),
        ("topic", "clicks"),
        ("partition", 1),
        ("offset", 0),
    ]
    assert (sent[1]["value"], sent[1]["offset"]) == ("0.5", 1)


def test_a_killed_producer_falls_silent_and_its_successor_starts_up(make: Make) -> None:
    run = make("at-least-once")
    run.world.append(0, 0, 1, P1)
    run.ended(P1, fault_id=1)
    run.started(P2, "producer")
    run.world.append(0, 0, 1, P2)
    run.world.advance_position(0, 1, P2)
    run.ended(P2, acked=1)
    lines = said(run, "producer")
    assert [line["name"] for line in lines] == [
        "startup_complete", "startup_complete", "producer_send_success", "shutdown_complete",
        "tool_data",
    ]  # fmt: skip
    data = lines[-1]
    assert (data["sent"], data["acked"], data["target_throughput"]) == (1, 1, 1000)
    assert data["avg_throughput"] == pytest.approx(1000 / 3)


def test_sends_that_failed(make: Make) -> None:
    run = make("exactly-once")
    clicks = run.world.files.clicks
    run.world.append(0, 0, 1, P1, transaction=run.world.begin(clicks, P1))
    run.ended(P1, fault_id=1)
    run.world.decide(clicks, 1, "aborted")
    (error,) = named(said(run, "producer"), "producer_send_error")
    assert list(error)[2:] == ["key", "value", "topic", "exception", "message"]
    assert error["exception"].endswith("TransactionAbortedException")


def test_a_request_that_was_lost(make: Make) -> None:
    run = make("at-most-once")
    run.world.advance_position(0, 1, P1)
    run.world._make(run.world.files.network(0), NETWORK_SCHEMA)
    run.world.write(run.world.files.network(0), "INSERT INTO losses VALUES"
                    " (1, 'request', ?, 0, 0, 1, 0, ?)", P1, run.world.tick())  # fmt: skip
    run.world.advance_position(0, 2, P1)
    (error,) = named(said(run, "producer"), "producer_send_error")
    assert (error["value"], error["message"]) == ("0.0", "the request was lost")


def test_what_a_consumer_says(make: Make) -> None:
    run = make("at-least-once")
    run.world.append(0, 0, 3, P1, partition=1)
    run.world.apply(0, 0, 1, C1, partition=1)
    run.world.apply(0, 1, 2, C1, partition=1, offset=1)
    fetched_ns = run.world.now_ns - 2_000_000
    run.world.write(run.world.files.sink, "UPDATE effects SET fetched_ns = ?", fetched_ns)
    run.world.commit_offset(1, 3, C1)
    run.ended(C1)
    lines = said(run, "consumer")
    assert [line["name"] for line in lines] == [
        "startup_complete", "records_consumed", "offsets_committed", "shutdown_complete",
    ]  # fmt: skip
    _, consumed, committed, _ = lines
    assert list(consumed) == ["timestamp", "name", "count", "partitions"]
    assert (consumed["count"], consumed["partitions"]) == (
        3,
        [{"topic": "clicks", "partition": 1, "count": 3, "minOffset": 0, "maxOffset": 2}],
    )
    assert list(committed) == ["timestamp", "name", "offsets", "success"]
    assert committed["offsets"] == [{"topic": "clicks", "partition": 1, "offset": 3}]
    assert committed["success"] is True


def test_offsets_in_the_database_are_committed_offsets(make: Make) -> None:
    run = make("transactional-sink")
    run.world.append(0, 0, 1, P1)
    run.world.apply(0, 0, 1, C1, commit=1)
    committed = named(said(run, "consumer"), "offsets_committed")
    assert [line["offsets"][0]["offset"] for line in committed] == [1]


@pytest.mark.parametrize("slug", SLUGS)
@settings(max_examples=10, deadline=None)
@given(moves=actions)
def test_it_says_what_was_true(slug: str, moves: list[tuple[str, int]]) -> None:
    with kept_history(slug, EVENTS) as (run, history):
        play(history, moves)
        history.drain()
        run.note_history()
        producers = [line for slot in range(2) for line in said(run, "producer", slot)]
        consumers = [line for slot in range(2) for line in said(run, "consumer", slot)]
        sent = {line["value"] for line in named(producers, "producer_send_success")}
        appended = {f"{slot}.{sequence}" for slot, sequence in history.truth.appended}
        assert sent <= appended
        if lane_of(slug).producer.transactional:
            assert sent == appended
        delivered = sum(line["count"] for line in named(consumers, "records_consumed"))
        effects = history.truth.effects.total() + history.truth.suppressed
        assert delivered >= effects
        if not run.world.output:
            assert delivered == effects
        for lines in (producers, consumers):
            assert named(lines, "startup_complete")


def test_one_file_a_worker(make: Make, tmp_path: Path) -> None:
    run = make("at-least-once")
    out = tmp_path / "out"
    paths = export_history(run.run_dir, out, HistoryFormat.JSONL)
    assert [path.relative_to(out).as_posix() for path in paths] == [
        "at-least-once/producer-0.jsonl",
        "at-least-once/consumer-0.jsonl",
        "at-least-once/consumer-1.jsonl",
    ]
    assert paths[0].read_text("utf-8").startswith('{"timestamp":')
