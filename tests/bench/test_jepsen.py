"""A lane as a history for Jepsen's Kafka checker: well formed, true to the files, and telling."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.history.edn import Keyword, edn
from bench_gui.bench.history.jepsen import NOWHERE, history_lines
from bench_gui.bench.history.lane_snapshot import LaneSnapshot
from bench_gui.bench.history.writing import HistoryFormat, export_history
from tests.bench import kafka_checker as checker
from tests.bench.edn_reader import read_edn
from tests.bench.kafka_checker import Analysis, Op
from tests.bench.kept_run import KeptRun, kept_history
from tests.bench.lane_history import History
from tests.bench.test_audit_histories import EVENTS, OWN, SLUGS, actions, play
from workers.files import NETWORK_SCHEMA, event_id

P1, P2, C1, C2 = 1, 2, 3, 4
Make = Callable[..., KeptRun]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[KeptRun] = []

    def make_run(slug: str, **options: object) -> KeptRun:
        made.append(KeptRun(tmp_path, slug, **options))  # type: ignore[arg-type]
        made[-1].started(P1, "producer")
        made[-1].started(C1, "consumer")
        return made[-1]

    yield make_run
    for run in made:
        run.close()


def exported(run: KeptRun) -> list[Op]:
    with closing(LaneSnapshot(run.run_dir, run.slug)) as snapshot:
        return checker.read_history("".join(history_lines(snapshot)))


def of(history: list[Op], process: int, f: str = ":send") -> list[tuple[str, Any]]:
    """(type, value) of a process's operations."""
    mine = [op for op in history if op[":process"] == process and op[":f"] == f]
    return [(op[":type"], op[":value"]) for op in mine]


# what each thing that happens looks like


def test_a_batch_is_one_send_and_a_fetch_one_poll(make: Make) -> None:
    run = make("at-least-once")
    run.world.append(0, 0, 2, P1, partition=1)
    run.world.advance_position(0, 2, P1)
    fetched_ns = run.world.now_ns
    run.world.apply(0, 0, 1, C1, partition=1)
    run.world.apply(0, 1, 1, C1, partition=1, offset=1)
    run.world.write(run.world.files.sink, "UPDATE effects SET fetched_ns = ?", fetched_ns)
    history = exported(run)
    assert of(history, 0) == [
        (":invoke", [[":send", 1, 0], [":send", 1, 1]]),
        (":ok", [[":send", 1, [0, 0]], [":send", 1, [1, 1]]]),
    ]
    assert of(history, 1, ":poll") == [
        (":invoke", [[":poll"]]),
        (":ok", [[":poll", {1: [[0, 0], [1, 1]]}]]),
    ]
    assert of(history, 1, ":subscribe") == [(":invoke", [0, 1]), (":ok", [0, 1])]


def test_a_producer_killed_before_its_answer_is_info(make: Make) -> None:
    run = make("at-least-once")
    run.world.append(0, 0, 1, P1)
    run.ended(P1, fault_id=1)
    run.started(P2, "producer")
    run.world.append(0, 0, 1, P2)
    run.world.advance_position(0, 1, P2)
    history = exported(run)
    assert of(history, 0) == [
        (":invoke", [[":send", 0, 0]]),
        (":info", [[":send", 0, 0]]),
        (":invoke", [[":send", 0, 0]]),
        (":ok", [[":send", 0, [1, 0]]]),
    ]
    killed = [op for op in history if op[":process"] == ":nemesis"]
    assert [(op[":f"], op[":value"][":fault"]) for op in killed] == [(":kill", 1)]


def test_a_producer_killed_after_its_answer_is_ok(make: Make) -> None:
    run = make("at-least-once")
    run.world.append(0, 0, 1, P1)
    run.ended(P1, fault_id=1, acked=1)
    assert of(exported(run), 0)[1] == (":ok", [[":send", 0, [0, 0]]])


def test_a_send_that_nobody_knows_the_end_of_ends_unknown(make: Make) -> None:
    run = make("at-least-once")
    run.world.append(0, 0, 1, P1)
    run.world.apply(0, 0, 1, C1)
    history = exported(run)
    assert of(history, 0) == [(":invoke", [[":send", 0, 0]]), (":info", [[":send", 0, 0]])]
    assert history[-1][":error"] == ":undecided"
    assert not checker.unwritten(Analysis(history))


def test_an_attempt_that_was_repeated_is_one_send_with_two_records(make: Make) -> None:
    run = make("at-least-once")
    run.world.append(0, 0, 1, P1)
    run.world.append(0, 0, 1, P1)
    run.world.advance_position(0, 1, P1)
    run.world.apply(0, 0, 1, C1)
    run.world.apply(0, 0, 1, C1, offset=1)
    history = exported(run)
    assert of(history, 0) == [(":invoke", [[":send", 0, 0]]), (":ok", [[":send", 0, [1, 0]]])]
    assert checker.duplicate_cases(Analysis(history)) == {(0, 0)}


def test_what_never_reached_the_log_was_sent_nowhere(make: Make) -> None:
    run = make("at-most-once")
    run.world.advance_position(0, 2, P1)
    run.ended(P1, fault_id=1)
    assert of(exported(run), 0) == [
        (":invoke", [[":send", NOWHERE, 0], [":send", NOWHERE, 1]]),
        (":info", [[":send", NOWHERE, 0], [":send", NOWHERE, 1]]),
    ]


def test_a_lost_request_is_info_and_says_so(make: Make) -> None:
    run = make("at-most-once")
    run.world.advance_position(0, 1, P1)
    network = run.world.files.network(0)
    run.world._make(network, NETWORK_SCHEMA)
    run.world.write(network, "INSERT INTO losses VALUES (1, 'request', ?, 0, 0, 1, 0, ?)",
                    P1, run.world.tick())  # fmt: skip
    run.world.advance_position(0, 2, P1)
    run.world.append(0, 1, 1, P1)
    run.ended(P1, acked=2)
    history = exported(run)
    sends = [op for op in history if op[":f"] == ":send" and op[":type"] != ":invoke"]
    assert [(op[":type"], op.get(":error"), op[":value"]) for op in sends] == [
        (":info", ":request-lost", [[":send", NOWHERE, 0]]),
        (":ok", None, [[":send", 0, [0, 1]]]),
    ]


def test_an_aborted_send_fails_under_a_value_of_its_own(make: Make) -> None:
    run = make("exactly-once")
    clicks = run.world.files.clicks
    run.world.append(0, 0, 1, P1, transaction=run.world.begin(clicks, P1))
    run.ended(P1, fault_id=1)
    run.world.decide(clicks, 1, "aborted")
    run.started(P2, "producer")
    run.world.append(0, 0, 1, P2, transaction=run.world.begin(clicks, P2))
    run.world.decide(clicks, 2, "committed")
    run.world.append(0, 1, 1, P2, transaction=run.world.begin(clicks, P2))
    assert of(exported(run), 0) == [
        (":invoke", [[":send", 0, -1]]),
        (":fail", [[":send", 0, -1]]),
        (":invoke", [[":send", 0, 0]]),
        (":ok", [[":send", 0, [1, 0]]]),
        (":invoke", [[":send", 0, 1]]),
        (":info", [[":send", 0, 1]]),
    ]


def test_a_transaction_reads_writes_and_is_read(make: Make) -> None:
    run = make("exactly-once")
    clicks, results = run.world.files.clicks, run.world.files.results
    run.world.append(0, 0, 2, P1, partition=1, transaction=run.world.begin(clicks, P1))
    run.world.decide(clicks, 1, "committed")
    first = run.world.begin(results, C1)
    run.world.output_records(0, 0, 2, C1, partition=1, transaction=first)
    run.ended(C1, fault_id=1)
    run.world.decide(results, first, "aborted")
    run.started(C2, "consumer")
    second = run.world.begin(results, C2)
    run.world.output_records(0, 0, 1, C2, partition=1, transaction=second)
    run.world.output_records(0, 1, 1, C2, partition=1, transaction=second)
    run.world.decide(results, second, "committed")
    history = exported(run)
    read = {1: [[0, 0], [1, 1]]}
    mine = -1 - (3 << 40)
    assert of(history, 1, ":txn") == [
        (":invoke", [[":poll"], [":send", 3, mine], [":send", 3, mine - 1]]),
        (":fail", [[":poll", read], [":send", 3, mine], [":send", 3, mine - 1]]),
        (":invoke", [[":poll"], [":send", 3, 0], [":send", 3, 1]]),
        (":ok", [[":poll", read], [":send", 3, [2, 0]], [":send", 3, [3, 1]]]),
    ]
    reader = 3
    assert of(history, reader, ":assign")[1] == (":ok", [2, 3])
    assert of(history, reader, ":poll")[1] == (":ok", [[":poll", {3: [[2, 0], [3, 1]]}]])
    assert checker.found_errors(history) == set()


def test_a_suppressed_delivery_is_a_poll_and_is_marked(make: Make) -> None:
    run = make("idempotent-consumer")
    run.world.append(0, 0, 1, P1)
    run.world.apply(0, 0, 1, C1)
    run.world.apply(0, 0, 1, C1, applied=False)
    polls = [op for op in exported(run) if op[":f"] == ":poll" and op[":type"] == ":ok"]
    assert [op.get(":suppressed") for op in polls] == [None, {0: [[0, 0]]}]


# any history


def check_against_the_log(run: KeptRun, history: list[Op]) -> None:
    """Each acknowledged send is in the log where it says, and no other value is there."""
    stored = set()
    for topic, path in (("clicks", run.world.files.clicks), ("results", run.world.files.results)):
        first_key = 0 if topic == "clicks" else run.world.settings.partitions
        with closing(sqlite3.connect(path)) as log:
            for partition, base, source, first, count in log.execute(
                "SELECT partition, base_offset, source, first_sequence, count FROM batches"
                " JOIN partitions USING(partition_id) WHERE topic = ?", (topic,)):  # fmt: skip
                stored |= {
                    (partition + first_key, base + n, event_id(source, first + n))
                    for n in range(count)
                }
    acknowledged = {
        write for op in history if op[":type"] == ":ok" for write in checker.op_writes(op)
    }
    assert acknowledged <= stored


def check_sends(run: KeptRun, history: list[Op], truth: History) -> None:
    """Every event was sent, and whatever was acknowledged was appended."""
    sent = {value for op in history for _, _, value in checker.op_writes(op)}
    assert sent >= {event_id(*event) for event in truth.truth.appended}
    processes = {op[":process"] for op in checker.client_ops(history)}
    assert processes <= set(range(run.world.settings.producers + 3))


@pytest.mark.parametrize("slug", SLUGS)
@settings(max_examples=25, deadline=None)
@given(moves=actions)
def test_every_history_is_well_formed_and_shows_only_what_the_lane_allows(
    slug: str, moves: list[tuple[str, int]]
) -> None:
    with kept_history(slug, EVENTS) as (run, history):
        play(history, moves)
        history.drain()
        run.note_history()
        ops = exported(run)
        checker.check_form(ops)
        check_against_the_log(run, ops)
        check_sends(run, ops, history)
        found = checker.found_errors(ops)
        assert found <= checker.ALLOWED.get(slug, set())
        check_counts(slug, history, Analysis(ops))


@pytest.mark.parametrize("slug", OWN)
@settings(max_examples=10, deadline=None)
@given(moves=actions)
def test_histories_of_ones_own_lanes_are_well_formed(
    slug: str, moves: list[tuple[str, int]]
) -> None:
    with kept_history(slug, EVENTS) as (run, history):
        play(history, moves)
        history.drain()
        run.note_history()
        ops = exported(run)
        checker.check_form(ops)
        check_against_the_log(run, ops)
        never = {"G1a", "inconsistent-offsets", "no-writer-of", "precommitted-read"}
        assert not checker.found_errors(ops) & never


def check_counts(slug: str, history: History, analysis: Analysis) -> None:
    """What the checker finds is as much as there was."""
    truth = history.truth
    duplicates = {value for _, value in checker.duplicate_cases(analysis)}
    assert duplicates <= {event_id(*event) for event, n in truth.appended.items() if n > 1}
    if slug == "at-most-once":
        appended = {event_id(*event) for event in truth.appended}
        delivered = {event_id(*event) for event in truth.effects}
        unseen = {value for _, value in checker.unseen(analysis)}
        undelivered = appended - delivered
        assert unseen <= undelivered
        unsure = {v for _, v in analysis.writes[":info"]}
        assert undelivered - unsure <= unseen
        assert {value for _, value in checker.lost_write_cases(analysis)} <= undelivered


# planted faults


@contextmanager
def drained(slug: str) -> Iterator[tuple[KeptRun, History]]:
    """A history without deaths, in which the producers' transactions hold a batch each."""
    with kept_history(slug, EVENTS) as (run, history):
        history.drain()
        run.note_history()
        yield run, history


@pytest.mark.parametrize("slug", [slug for slug in SLUGS if slug != "exactly-once"])
def test_an_effect_taken_away_is_a_lost_write(slug: str) -> None:
    with drained(slug) as (run, _):
        assert checker.found_errors(exported(run)) == set()
        sink = run.world.files.sink
        run.world.write(sink, "DELETE FROM effects WHERE source = 0 AND first_sequence = 0")
        analysis = Analysis(exported(run))
        assert {v for _, v in checker.lost_write_cases(analysis)} == {event_id(0, 0)}
        assert {v for _, v in checker.unseen(analysis)} == {event_id(0, 0)}


def test_output_taken_away_is_a_lost_write() -> None:
    with drained("exactly-once") as (run, _):
        run.world.write(run.world.files.results, "DELETE FROM batches WHERE position ="
                        " (SELECT min(position) FROM batches)")  # fmt: skip
        assert {"lost-write", "unseen"} <= checker.found_errors(exported(run))


def test_a_record_appended_twice_is_a_duplicate() -> None:
    with drained("at-least-once") as (run, _):
        appender, deliverer = run.started(1000, "producer"), run.started(1001, "consumer")
        with closing(sqlite3.connect(run.world.files.clicks)) as log:
            (partition,) = log.execute("SELECT partition FROM batches JOIN partitions"
                                       " USING(partition_id) WHERE source = 0 AND"
                                       " first_sequence = 0").fetchone()  # fmt: skip
        base = run.world.append(0, 0, 3, appender, partition=partition)
        run.ended(appender, acked=3)
        run.world.apply(0, 0, 3, deliverer, partition=partition, offset=base)
        duplicates = checker.duplicate_cases(Analysis(exported(run)))
        assert duplicates == {(partition, event_id(0, n)) for n in range(3)}


def test_a_read_of_an_aborted_record_is_an_aborted_read() -> None:
    with drained("transactional-sink") as (run, _):
        run.world.write(run.world.files.clicks, "UPDATE transactions SET state = 'aborted'"
                        " WHERE transaction_id = 1")  # fmt: skip
        assert "G1a" in checker.found_errors(exported(run))


def test_aborted_output_that_is_read_is_an_aborted_read() -> None:
    with drained("exactly-once") as (run, _):
        ops = exported(run)
        for op in ops:  # the transaction's client had been told that it failed
            if op[":f"] == ":txn" and op[":type"] == ":ok":
                op[":type"] = ":fail"
                break
        assert checker.g1a_cases(Analysis(ops))


def test_a_repeated_delivery_is_seen_on_the_stable_slot(make: Make) -> None:
    run = make("at-least-once")
    run.world.append(0, 0, 2, P1)
    run.world.apply(0, 0, 2, C1)
    run.ended(C1, fault_id=1)
    run.started(C2, "consumer")
    run.world.apply(0, 0, 2, C2)
    assert checker.nonmonotonic_polls(Analysis(exported(run))) == {(1, 0)}


# files


def test_the_files_are_written_whole(make: Make, tmp_path: Path) -> None:
    run = make("at-least-once")
    run.world.append(0, 0, 1, P1)
    out = tmp_path / "a" / "b"
    paths = export_history(run.run_dir, out, HistoryFormat.JEPSEN)
    assert paths == [out / "at-least-once.edn"]
    assert len(checker.read_history(paths[0].read_text("utf-8"))) == 4
    one = tmp_path / "one.edn"
    assert export_history(run.run_dir, one, HistoryFormat.JEPSEN, "at-least-once") == [one]
    assert one.read_bytes() == paths[0].read_bytes()


def test_a_history_takes_the_place_of_nothing_of_the_run(make: Make) -> None:
    run = make("at-least-once")
    run.world.append(0, 0, 1, P1)
    before = (run.run_dir / "run.db").read_bytes()
    with pytest.raises(EnvironmentProblem, match="among the run's own files"):
        export_history(run.run_dir, run.run_dir / "run.db", HistoryFormat.JEPSEN, "at-least-once")
    assert (run.run_dir / "run.db").read_bytes() == before


def test_a_run_without_lanes_data_writes_nothing(make: Make, tmp_path: Path) -> None:
    run = make("at-least-once")
    run.world.close()
    for path in run.world.files.directory.iterdir():
        path.unlink()
    out = tmp_path / "out"
    with pytest.raises(EnvironmentProblem, match="not kept; run with --keep-data"):
        export_history(run.run_dir, out, HistoryFormat.JEPSEN)
    assert not out.exists()


def test_a_file_that_breaks_half_way_leaves_nothing(make: Make, tmp_path: Path) -> None:
    run = make("at-least-once")
    run.world.append(0, 0, 1, P1)
    blocked = tmp_path / "out" / "at-least-once.edn"
    blocked.mkdir(parents=True)
    with pytest.raises(EnvironmentProblem, match="cannot be written"):
        export_history(run.run_dir, tmp_path / "out", HistoryFormat.JEPSEN)
    assert [path.name for path in blocked.parent.iterdir()] == [blocked.name]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "nil"),
        (True, "true"),
        (-7, "-7"),
        (1 << 70, "1180591620717411303424"),
        (Keyword("seek-to-beginning?"), ":seek-to-beginning?"),
        ('a "b"\n', r'"a \"b\"\n"'),
        ({Keyword("a"): [1, (2, None)]}, "{:a [1 [2 nil]]}"),
    ],
)
def test_edn(value: object, text: str) -> None:
    assert edn(value) == text
    back = read_edn(text)
    assert edn({0: value}) == f"{{0 {text}}}"
    if not isinstance(value, dict | Keyword):
        assert back == value


def test_edn_says_what_it_cannot_say() -> None:
    with pytest.raises(TypeError, match="float"):
        edn(1.5)
