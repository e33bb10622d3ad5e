"""The life of one event: what the records tell, in order, and who decided its fate."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.incarnations import MarkKind
from bench_gui.bench.lifeline.lookup import NOT_KEPT, events_of_fault, lifeline_of
from bench_gui.bench.lifeline.model import (
    EventId,
    Fate,
    LifeKind,
    Lifeline,
    NothingToExplain,
    parse_event,
)
from bench_gui.bench.lifeline.text import lifeline_json, lifeline_text
from tests.bench.kept_run import KeptRun
from tests.values import anomaly, sample
from workers.files import NETWORK_SCHEMA

P1, P2, C1, C2 = 1, 2, 3, 4
Make = Callable[..., KeptRun]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[KeptRun] = []

    def make_run(slug: str, **options: object) -> KeptRun:
        made.append(KeptRun(tmp_path, slug, **options))  # type: ignore[arg-type]
        return made[-1]

    yield make_run
    for run in made:
        run.close()


def life(run: KeptRun, sequence: int, slot: int = 0) -> Lifeline:
    return lifeline_of(run.run_dir, run.slug, slot, sequence, now_ns=run.world.now_ns)


def kinds(lifeline: Lifeline) -> list[str]:
    return [entry.kind.value for entry in lifeline.entries]


def delivered(run: KeptRun, first: int, count: int) -> int:
    """Events appended by P1, delivered by C1 and committed. Returns their first offset."""
    offset = run.world.append(0, first, count, P1)
    run.world.apply(0, first, count, C1, offset=offset)
    run.world.advance_position(0, first + count, P1)
    run.world.commit_offset(0, offset + count, C1)
    return offset


@pytest.fixture
def at_least_once(make: Make) -> KeptRun:
    run = make("at-least-once")
    for incarnation, role in ((P1, "producer"), (C1, "consumer")):
        run.started(incarnation, role)
    return run


# fates


def test_an_event_without_harm(at_least_once: KeptRun) -> None:
    delivered(at_least_once, 0, 3)
    found = life(at_least_once, 1)
    assert (found.fate, found.fault_ids) == (Fate.DELIVERED, ())
    assert kinds(found) == [
        "due", "appended", "fetched", "effect", "position advanced", "offsets committed",
    ]  # fmt: skip
    due, appended, fetched, effect, *_ = found.entries
    assert due.t_s == pytest.approx(0.001)
    assert str(appended.who) == "producer 0 (generation 1, pid 1001)"
    assert appended.where == fetched.where == effect.where == "clicks 0 @ 1"
    assert effect.t_s is not None
    assert f"{(effect.t_s - due.t_s) * 1000:,.3f} ms after" in found.sentence


def test_a_consumer_killed_before_its_commit_repeats_the_event(at_least_once: KeptRun) -> None:
    run, world = at_least_once, at_least_once.world
    world.append(0, 0, 3, P1)
    world.apply(0, 0, 3, C1)
    run.ended(C1, fault_id=7, steps=("sink-committed", "offsets-committed"))
    run.started(C2, "consumer")
    world.apply(0, 0, 3, C2)
    world.advance_position(0, 3, P1)
    world.commit_offset(0, 3, C2)
    found = life(run, 2)
    assert (found.fate, found.fault_ids) == (Fate.DUPLICATE, (7,))
    assert "was ended by fault 7 (kill) after sink-committed, before offsets-committed" in (
        found.sentence
    )
    assert kinds(found)[2:] == [
        "fetched", "effect", "ended", "fetched", "effect again", "position advanced",
        "offsets committed",
    ]  # fmt: skip


def test_a_producer_killed_before_its_note_appends_twice(at_least_once: KeptRun) -> None:
    run, world = at_least_once, at_least_once.world
    world.append(0, 0, 3, P1)
    run.ended(P1, fault_id=3)
    run.started(P2, "producer")
    again = world.append(0, 0, 3, P2)
    world.apply(0, 0, 3, C1)
    world.apply(0, 0, 3, C1, offset=again)
    found = life(run, 0)
    assert (found.fate, found.fault_ids) == (Fate.DUPLICATE, (3,))
    assert "so producer 0 (generation 2, pid 1002) appended it again" in found.sentence
    assert [e.where for e in found.entries if e.kind is LifeKind.APPENDED] == [
        "clicks 0 @ 0", "clicks 0 @ 3",
    ]  # fmt: skip


def test_a_repetition_that_the_sink_knew_is_suppressed(make: Make) -> None:
    run = make("idempotent-consumer")
    run.started(P1, "producer")
    run.started(C1, "consumer")
    run.world.append(0, 0, 1, P1)
    run.world.apply(0, 0, 1, C1)
    run.ended(C1, fault_id=5)
    run.started(C2, "consumer")
    run.world.apply(0, 0, 1, C2, applied=False)
    found = life(run, 0)
    assert (found.fate, found.fault_ids) == (Fate.SUPPRESSED, (5,))
    assert "suppressed" in kinds(found)


def test_lost_before_the_log(make: Make) -> None:
    run = make("at-most-once")
    run.started(P1, "producer")
    run.world.advance_position(0, 5, P1)
    assert life(run, 4).fate is Fate.IN_FLIGHT, "P1 may still append it"
    run.ended(P1, fault_id=9, steps=("position-advanced", "appended"))
    found = life(run, 4)
    assert (found.fate, found.fault_ids) == (Fate.LOST_BEFORE_LOG, (9,))
    assert kinds(found) == ["due", "position advanced", "ended"]
    assert "had advanced the position past it and was ended by fault 9" in found.sentence


def test_lost_after_the_log(make: Make) -> None:
    run = make("at-most-once")
    for incarnation, role in ((P1, "producer"), (C1, "consumer")):
        run.started(incarnation, role)
    run.world.advance_position(0, 5, P1)
    run.world.append(0, 0, 5, P1)
    run.ended(P1, acked=5)
    run.world.commit_offset(0, 5, C1)
    run.world.apply(0, 0, 2, C1)
    assert life(run, 3).fate is Fate.IN_FLIGHT, "C1 has it in hand"
    run.ended(C1, fault_id=2, steps=("offsets-committed", "effect-applied"))
    found = life(run, 3)
    assert (found.fate, found.fault_ids) == (Fate.LOST_AFTER_LOG, (2,))
    assert kinds(found)[-2:] == ["offsets committed", "ended"]
    assert life(run, 1).fate is Fate.DELIVERED


def test_a_loss_by_a_living_process_has_no_fault(make: Make) -> None:
    run = make("at-most-once")
    run.started(P1, "producer")
    run.world.advance_position(0, 5, P1)
    run.world.advance_position(0, 6, P1)
    found = life(run, 2)
    assert (found.fate, found.fault_ids) == (Fate.LOST_BEFORE_LOG, ())
    assert "no fault was found" in found.sentence


def test_a_repetition_by_the_same_process_is_not_its_ends_fault(at_least_once: KeptRun) -> None:
    run, world = at_least_once, at_least_once.world
    world.append(0, 0, 1, P1)
    world.apply(0, 0, 1, C1)
    world.apply(0, 0, 1, C1)
    run.ended(C1, fault_id=7)
    found = life(run, 0)
    assert (found.fate, found.fault_ids) == (Fate.DUPLICATE, ())


def test_what_a_position_has_gone_back_before_may_yet_be_delivered(make: Make) -> None:
    run = make("at-most-once")
    run.started(P1, "producer")
    run.world.advance_position(0, 5, P1)
    run.ended(P1, fault_id=1)
    run.started(P2, "producer")
    run.world.advance_position(0, 2, P2)
    found = life(run, 3)
    assert found.fate is Fate.IN_FLIGHT
    assert kinds(found)[-1] == "position went back"
    assert life(run, 1).fate is Fate.LOST_BEFORE_LOG


def test_a_lost_request_is_told_and_blamed(make: Make) -> None:
    run = make("at-most-once")
    run.started(P1, "producer")
    run.world.advance_position(0, 5, P1)
    network = run.world.files.network(0)
    run.world._make(network, NETWORK_SCHEMA)
    lost_ns = run.world.tick()
    run.world.write(network, "INSERT INTO losses VALUES (1, 'request', ?, 0, 0, 5, 0, ?)",
                    P1, lost_ns)  # fmt: skip
    run.fault(4, kind="request loss", role="producer", slot=0)
    run.mark(MarkKind.REQUEST_LOSS, P1, 4, events=range(5), at_ns=lost_ns)
    run.world.advance_position(0, 8, P1)
    run.ended(P1, fault_id=5)
    found = life(run, 2)
    assert (found.fate, found.fault_ids) == (Fate.LOST_BEFORE_LOG, (4,))
    lost = next(e for e in found.entries if e.kind is LifeKind.REQUEST_LOST)
    assert (lost.fault_id, lost.text) == (4, "attempt 1: the append did not happen")
    assert "ended" not in kinds(found), "the end came later and changed nothing"


@pytest.mark.parametrize("kind", ["ack", "ordered ack"])
def test_a_lost_acknowledgement_appends_twice(at_least_once: KeptRun, kind: str) -> None:
    run, world, clicks = at_least_once, at_least_once.world, at_least_once.world.files.clicks
    network = world.files.network(0)
    world._make(network, NETWORK_SCHEMA)
    world.append(0, 0, 3, P1)
    run.fault(6, kind="ack loss", role="producer", slot=0)
    lost_ns = world.tick()
    world.write(network, "INSERT INTO losses VALUES (1, ?, ?, 0, 0, 3, 0, ?)", kind, P1, lost_ns)
    world.write(network, "INSERT INTO losses VALUES (2, 'request', ?, 0, 0, 3, 1, ?)", P1,
                world.tick())  # fmt: skip
    run.mark(MarkKind.ACK_LOSS, P1, 6, events=range(3), at_ns=lost_ns)
    again = world.append(0, 0, 3, P1)
    world.write(clicks, "UPDATE batches SET appended_ns = (SELECT min(appended_ns) FROM batches)")
    world.apply(0, 0, 3, C1)
    world.apply(0, 0, 3, C1, offset=again)
    found = life(run, 0)
    assert found.fault_ids == (6,)
    assert kinds(found)[1:5] == [
        "appended", "acknowledgement lost", "request lost", "appended",
    ]  # fmt: skip
    assert [e.fault_id for e in found.entries if e.kind is LifeKind.ACK_LOST] == [6]


def test_an_expired_session_repeats_the_event(at_least_once: KeptRun) -> None:
    run, world = at_least_once, at_least_once.world
    run.started(C2, "consumer", 1)
    world.append(0, 0, 1, P1)
    world.apply(0, 0, 1, C1)
    run.fault(8, kind="pause", incarnation=1, slot=0)
    expired_ns = world.tick()
    world.write(world.files.results, "INSERT INTO expirations VALUES (1, 'counters', 0, ?, ?, ?)",
                C1, C2, expired_ns)  # fmt: skip
    run.mark(MarkKind.EXPIRY, C1, 8, at_ns=expired_ns)
    world.apply(0, 0, 1, C2)
    run.ended(C1, fault_id=9)
    found = life(run, 0)
    assert (found.fate, found.fault_ids) == (Fate.DUPLICATE, (8,))
    assert {"paused", "session expired"} <= set(kinds(found))
    expired = next(e for e in found.entries if e.kind is LifeKind.EXPIRED)
    assert expired.fault_id == 8
    assert "consumer 1 (generation 1, pid 1004) noticed" in expired.text


def test_an_aborted_attempt_and_the_one_that_counts(make: Make) -> None:
    run = make("exactly-once")
    world, clicks, results = run.world, run.world.files.clicks, run.world.files.results
    run.started(P1, "producer")
    run.started(C1, "consumer")
    first = world.begin(clicks, P1)
    world.append(0, 0, 2, P1, transaction=first)
    assert life(run, 0).fate is Fate.IN_FLIGHT
    run.ended(P1, fault_id=1)
    world.decide(clicks, first, "aborted")
    run.started(P2, "producer")
    second = world.begin(clicks, P2)
    world.append(0, 0, 2, P2, transaction=second)
    world.advance_position(0, 2, P2)
    world.decide(clicks, second, "committed")
    output = world.begin(results, C1)
    world.output_records(0, 0, 2, C1, transaction=output)
    assert life(run, 0).fate is Fate.IN_FLIGHT
    world.commit_offset(0, 4, C1)
    world.decide(results, output, "committed")
    found = life(run, 0)
    assert found.fate is Fate.DELIVERED
    assert kinds(found) == [
        "due", "appended", "ended", "transaction aborted", "appended", "position advanced",
        "transaction committed", "output written", "offsets committed", "effect",
    ]  # fmt: skip


def test_an_aborted_read_and_a_phantom(make: Make) -> None:
    run = make("cross-system")
    run.started(P1, "producer")
    run.started(C1, "consumer")
    first = run.world.begin(run.world.files.clicks, P1)
    run.world.append(0, 0, 2, P1, transaction=first)
    run.world.decide(run.world.files.clicks, first, "aborted")
    run.world.apply(0, 0, 2, C1)
    run.world.apply(0, 5000, 1, C1, offset=7)
    assert life(run, 1).fate is Fate.ABORTED_READ
    assert life(run, 5000).fate is Fate.PHANTOM


def test_offsets_in_the_database(make: Make) -> None:
    run = make("transactional-sink")
    run.started(P1, "producer")
    run.started(C1, "consumer")
    transaction = run.world.begin(run.world.files.clicks, P1)
    run.world.append(0, 0, 2, P1, transaction=transaction)
    run.world.advance_position(0, 2, P1)
    run.world.decide(run.world.files.clicks, transaction, "committed")
    run.world.apply(0, 0, 2, C1)
    sink = run.world.files.sink
    run.world.write(sink, "INSERT INTO offset_commits VALUES (1, 0, 0, 2, ?, ?)", C1,
                    run.world.tick())  # fmt: skip
    committed = life(run, 1).entries[-1]
    assert committed.kind is LifeKind.OFFSETS_COMMITTED
    assert committed.text == "from 0 to 2 in the database"


def prepared(run: KeptRun, coordinator: Path) -> int:
    """An event read, prepared in log and database, and decided. Returns the transaction."""
    world, results = run.world, run.world.files.results
    written = world.begin(world.files.clicks, P1)
    world.append(0, 0, 1, P1, transaction=written)
    world.advance_position(0, 1, P1)
    world.decide(world.files.clicks, written, "committed")
    number = world.begin(results, C1)
    fetched_ns, prepared_ns = world.tick(), world.tick()
    world.write(results, "UPDATE transactions SET state = 'prepared', prepared_ns = ?"
                " WHERE transaction_id = ?", prepared_ns, number)  # fmt: skip
    world.write(world.files.sink, "INSERT INTO prepared_transactions VALUES (?, 0, ?, ?)",
                number, C1, world.tick())  # fmt: skip
    world.write(world.files.sink, "INSERT INTO prepared_effects VALUES"
                " (1, ?, 0, 0, 1, 0, 0, ?, x'00')", number, fetched_ns)  # fmt: skip
    return number


def test_two_phases(make: Make) -> None:
    run = make("two-phase-commit")
    world, coordinator = run.world, run.world.files.coordinator(0)
    run.started(P1, "producer")
    run.started(C1, "consumer")
    number = prepared(run, coordinator)
    run.ended(C1, fault_id=1, steps=("sink-prepared", "decided"))
    in_doubt = life(run, 0)
    assert in_doubt.fate is Fate.IN_FLIGHT
    assert "in doubt" in in_doubt.sentence
    assert kinds(in_doubt)[-4:] == ["fetched", "log prepared", "database prepared", "ended"]
    run.started(C2, "consumer")
    from workers.files import COORDINATOR_SCHEMA

    world._make(coordinator, COORDINATOR_SCHEMA)
    world.write(coordinator, "INSERT INTO decisions VALUES (?, ?, ?)", number, C2, world.tick())
    (fetched_ns,) = world._databases[world.files.sink].execute(
        "SELECT fetched_ns FROM prepared_effects").fetchone()  # fmt: skip
    world.write(world.files.sink, "DELETE FROM prepared_effects")
    world.apply(0, 0, 1, C2)
    world.write(world.files.sink, "UPDATE effects SET fetched_ns = ?", fetched_ns)
    world.commit_offset(0, 1, C2)
    world.decide(world.files.results, number, "committed")
    found = life(run, 0)
    assert found.fate is Fate.DELIVERED
    assert kinds(found)[-7:] == [
        "fetched", "log prepared", "ended", "decided", "effect", "offsets committed",
        "transaction committed",
    ]  # fmt: skip


# causes: the auditor's come first


def test_the_auditors_word_comes_first(at_least_once: KeptRun) -> None:
    run, world = at_least_once, at_least_once.world
    world.append(0, 0, 1, P1)
    world.apply(0, 0, 1, C1)
    run.ended(C1, fault_id=7)
    run.started(C2, "consumer")
    world.apply(0, 0, 1, C2)
    run.fault(8, text="something else entirely")
    run.judged([anomaly(slot=0, first_sequence=0, last_sequence=0, count=1, fault_id=8)])
    found = life(run, 0)
    assert found.fault_ids == (8,)
    assert "something else entirely" in found.sentence


# existence, and what is not there


def test_what_never_existed(at_least_once: KeptRun) -> None:
    with pytest.raises(NothingToExplain, match=r"0:20 of lane at-least-once never existed"):
        life(at_least_once, 20)
    with pytest.raises(NothingToExplain, match="no source slot 3; the run's is 0"):
        life(at_least_once, 0, slot=3)
    with pytest.raises(NothingToExplain, match="has no lane 'x'; its lanes are at-least-once"):
        lifeline_of(at_least_once.run_dir, "x", 0, 0)
    with pytest.raises(EnvironmentProblem, match="holds no run"):
        lifeline_of(at_least_once.run_dir / "elsewhere", "x", 0, 0)


def test_an_event_exists_from_the_moment_it_is_due(make: Make) -> None:
    run = make("at-least-once", bench_pid=os.getpid())
    start_ns = run.world.timetable.start_ns
    with pytest.raises(NothingToExplain, match="not due yet"):
        lifeline_of(run.run_dir, run.slug, 0, 5, now_ns=start_ns + 4_000_000)
    found = lifeline_of(run.run_dir, run.slug, 0, 5, now_ns=start_ns + 6_000_000)
    assert (found.fate, found.notes) == (Fate.IN_FLIGHT, ())


def test_a_closed_loop_knows_events_by_their_traces(make: Make) -> None:
    run = make("at-least-once", open_loop=False)
    run.started(P1, "producer")
    run.world.append(0, 0, 3, P1)
    assert kinds(life(run, 2)) == ["due", "appended"]
    with pytest.raises(NothingToExplain, match="never existed, as far as"):
        life(run, 3)


def test_a_run_cut_off_says_so(at_least_once: KeptRun) -> None:
    delivered(at_least_once, 0, 1)
    found = life(at_least_once, 0)
    assert found.fate is Fate.DELIVERED
    assert ["was cut off" in note for note in found.notes] == [True]


def without_lanes(run: KeptRun) -> None:
    """The run as it is when --keep-data was not given."""
    run.world.close()
    for path in run.world.files.directory.iterdir():
        path.unlink()


def test_without_the_lanes_databases(at_least_once: KeptRun) -> None:
    run = at_least_once
    run.ended(C1, fault_id=7)
    run.judged([anomaly(slot=0, first_sequence=0, last_sequence=4, count=5, fault_id=7,
                        partition=1, first_offset=10, incarnation=C1)])  # fmt: skip
    run.store.add_samples([sample(t_s=0.015)])
    without_lanes(run)
    unknown = life(run, 9)
    assert unknown.fate is Fate.UNKNOWN
    run.complete()
    found = life(run, 2)
    assert (found.fate, found.fault_ids, found.notes) == (Fate.DUPLICATE, (7,), (NOT_KEPT,))
    due, counted = found.entries
    assert due.kind is LifeKind.DUE
    assert (counted.t_s, counted.where, counted.fault_id) == (None, "clicks 1 @ 12", 7)
    assert life(run, 9).fate is Fate.DELIVERED
    run.complete(in_flight=1)
    assert life(run, 9).fate is Fate.UNKNOWN


def test_a_part_of_the_lane_that_is_gone_is_no_loss(at_least_once: KeptRun) -> None:
    run = at_least_once
    run.world.close()
    run.world.files.sink.unlink()
    with pytest.raises(EnvironmentProblem, match="is missing"):
        life(run, 1)


# faults


def test_the_events_of_a_fault(at_least_once: KeptRun) -> None:
    run = at_least_once
    run.fault(1)
    run.fault(2)
    run.judged(
        [
            anomaly(anomaly_id=1, first_sequence=5, fault_id=1),
            anomaly(anomaly_id=2, kind="lost after the log", first_sequence=40, fault_id=1),
            anomaly(anomaly_id=3, fault_id=None),
        ]
    )
    found = events_of_fault(run.run_dir, 1)
    assert [a.anomaly_id for a in found.ranges] == [2, 1]
    assert (found.fault.fault_id, found.example) == (1, EventId(0, 40))
    assert events_of_fault(run.run_dir, 2).example is None
    with pytest.raises(NothingToExplain, match="no fault 3; they are 1 to 2"):
        events_of_fault(run.run_dir, 3)


# words


@pytest.mark.parametrize(("text", "event"), [("0:7", (0, 7)), (" 12:0 ", (12, 0))])
def test_events_are_named_by_slot_and_sequence(text: str, event: tuple[int, int]) -> None:
    assert parse_event(text) == event


@pytest.mark.parametrize("text", ["", "7", "0:", ":7", "0:-1", "a:b", "0:1:2", "0 : 1"])
def test_anything_else_names_none(text: str) -> None:
    with pytest.raises(NothingToExplain, match="SLOT:SEQ"):
        parse_event(text)


@pytest.mark.parametrize("text", [f"0:{1 << 40}", f"{1 << 70}:0"])
def test_an_event_beyond_every_source_never_existed(text: str) -> None:
    with pytest.raises(NothingToExplain, match="never existed"):
        parse_event(text)


def test_the_text_is_a_table(at_least_once: KeptRun) -> None:
    delivered(at_least_once, 0, 3)
    lines = lifeline_text(life(at_least_once, 1)).splitlines()
    assert lines[0] == "event 0:1 of at-least-once in run-1: delivered once"
    assert lines[3].split() == ["0.001000", "s", "+0.000", "ms", "due"]
    appended = next(line for line in lines if "appended" in line)
    assert "producer 0 (generation 1, pid 1001)  clicks 0 @ 1" in appended


def test_the_json_has_it_all(at_least_once: KeptRun) -> None:
    delivered(at_least_once, 0, 3)
    said = json.loads(lifeline_json(life(at_least_once, 1)))
    assert said["event"] == {"slot": 0, "sequence": 1}
    assert said["fate"] == "delivered once"
    who = {"incarnation": 1, "role": "producer", "slot": 0, "generation": 1, "pid": 1001}
    assert [e["who"] for e in said["entries"] if e["kind"] == "appended"] == [who]
