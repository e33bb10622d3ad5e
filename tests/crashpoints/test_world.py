"""A world does to its processes what a kill and a stop do, and the judge sees what goes wrong."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.crashpoints.bench import Bench, Result
from tests.crashpoints.scenarios import SCENARIO_BY_NAME
from tests.crashpoints.schedules import Fault, FaultKind, Schedule, parse
from tests.crashpoints.tally import Tally, never_seen
from workers.lanes import Role
from workers.log import groups, producers
from workers.sink import CounterSink

faults = st.builds(Fault, st.sampled_from(FaultKind), st.integers(0, 999))


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with closing(Bench("exactly-once", tmp_path / "bench")) as bench:
        yield bench


def first(result: Result, role: Role, label: str, after: int = 0) -> int:
    """The first position of the role with that label."""
    places = enumerate(result.positions)
    return next(n for n, p in places if n > after and (p.key[0], p.label) == (role, label))


def rows(bench: Bench, file: str, sql: str) -> list[tuple[int, ...]]:
    with closing(sqlite3.connect(bench.lane.directory / file)) as database:
        return database.execute(sql).fetchall()


@given(
    st.sampled_from(sorted(SCENARIO_BY_NAME)),
    st.lists(faults, max_size=4),
    st.integers(0, 99),
)
def test_a_schedule_can_be_read_again(scenario: str, some: list[Fault], seed: int) -> None:
    schedule = Schedule(scenario, tuple(some), seed)
    assert parse(str(schedule)) == schedule


@pytest.mark.parametrize("text", ["at-least-once", "at-least-once:fly@3", "at-least-once:crash@x"])
def test_what_is_no_schedule_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="is no"):
        parse(text)


def test_the_same_schedule_is_the_same_world(bench: Bench) -> None:
    schedule = (Fault(FaultKind.PAUSE, 20), Fault(FaultKind.CRASH, 40))
    assert bench.run(schedule) == bench.run(schedule)


def test_nothing_happens_before_a_fault_that_did_not_happen_without_it(bench: Bench) -> None:
    undisturbed = bench.run().positions
    for position in (0, 17, len(undisturbed) - 1):
        result = bench.run((Fault(FaultKind.CRASH, position),))
        assert result.positions[: position + 1] == undisturbed[: position + 1]


def test_a_dead_process_is_followed_by_the_next_and_its_transaction_is_aborted(
    bench: Bench,
) -> None:
    position = first(bench.run(), Role.PRODUCER, "offsets-sent")
    result = bench.run((Fault(FaultKind.CRASH, position),))
    assert {p.incarnation for p in result.positions if p.key == (Role.PRODUCER, 0)} == {1, 5}
    assert result.findings is not None
    assert result.findings.counts.aborted_attempts == 3
    assert rows(bench, "clicks.db", "SELECT epoch FROM producers ORDER BY 1") == [(0,), (1,)]


def test_a_paused_consumer_is_expired_and_comes_back(bench: Bench) -> None:
    position = first(bench.run(), Role.CONSUMER, "fetched")
    result = bench.run((Fault(FaultKind.PAUSE, position),))
    (expired,) = rows(bench, "results.db", "SELECT incarnation FROM expirations")
    assert expired == (result.positions[position].incarnation,)
    assert result.positions[-1].label == "finished"
    assert first(result, Role.CONSUMER, "partitions-released") > position


def test_nobody_is_paused_with_a_lock_in_his_hands(tmp_path: Path) -> None:
    with closing(Bench("at-least-once", tmp_path / "bench")) as bench:
        position = first(bench.run(), Role.CONSUMER, "effect-applied")
        result = bench.run((Fault(FaultKind.PAUSE, position),))
    assert result.happened == ()
    assert result.violations == ()


def test_a_replaced_producer_is_fenced_by_the_log(bench: Bench) -> None:
    position = first(bench.run(), Role.PRODUCER, "transaction-begun")
    result = bench.run((Fault(FaultKind.REPLACE, position),))
    assert result.violations == ()
    zombie = [p for p in result.positions[position:] if p.incarnation == 1]
    assert [p.label for p in zombie] == ["transaction-begun"]


# what goes wrong is seen

BROKEN = [
    ("exactly-once", FaultKind.REPLACE, producers, "check_epoch", lambda *_: None),
    ("exactly-once", FaultKind.PAUSE, groups, "check_commit", lambda *_: None),
    ("idempotent-consumer", FaultKind.CRASH, CounterSink, "_count_new", CounterSink._count_all),
    ("transactional-sink", FaultKind.CRASH, CounterSink, "stored_offset", CounterSink.read_offset),
]


@pytest.mark.parametrize(("lane", "kind", "where", "name", "broken"), BROKEN)
def test_a_broken_protocol_is_caught_by_some_single_fault(
    lane: str,
    kind: FaultKind,
    where: object,
    name: str,
    broken: object,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with closing(Bench(lane, tmp_path / "bench")) as bench:
        positions = range(len(bench.run().positions))
        monkeypatch.setattr(where, name, broken)
        singles = ((Fault(kind, position),) for position in positions)
        assert any(bench.run(single).violations for single in singles)


def test_a_lane_that_nothing_was_done_to_is_not_said_to_hold(tmp_path: Path) -> None:
    tally = Tally()
    with closing(Bench("at-least-once", tmp_path / "bench")) as bench:
        tally.add(bench.run())
    missing = list(never_seen(SCENARIO_BY_NAME["at-least-once"], tally))
    assert len(missing) == 2
    assert "no event was counted twice in any schedule" in missing[0]
