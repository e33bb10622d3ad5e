"""Log append in 1,000-record batches, against a loop that a person would write by hand."""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

from tests.benchmarks.figures import ratio
from tests.benchmarks.options import Options, run_alone
from tests.benchmarks.rounds import Contender, Figures, interleaved
from tests.benchmarks.tables import comparison
from tests.benchmarks.targets import Finding, Result, target
from workers.log.api import Log
from workers.log.database import CHECKPOINT_PAGES, LOG_PAGE_BYTES
from workers.log.sqlite import open_log
from workers.log.types import (
    IncarnationId,
    Offset,
    ProducerStamp,
    RecordBatch,
    Sequence,
    TopicPartition,
)

RECORDS = 1000
RECORD_BYTES = 112
"""100 of payload and the record's header."""
BLOB = bytes(range(256))[:RECORD_BYTES] * RECORDS
DURABILITIES = ("off", "normal", "full")
HAND = "by hand"
HAND_PAGES = "by hand, pages of 1 KiB"
OURS = "the log"
PLACE, SOURCE = TopicPartition("clicks", 0), TopicPartition("sources", 0)
ME = IncarnationId(1)
Append = Callable[[int], None]
"""Appends the n-th batch."""


def measure(options: Options) -> Result:
    """Log append in batches of 1,000 records of about 100 bytes."""
    batches = int(options.pick(100, 250, 1000))
    tables, findings = [], []
    for durability in DURABILITIES:
        rounds = interleaved(_contenders(durability, batches), options.rounds_or(9))
        rates, cpu = rounds["records/s"], rounds["CPU us/record"]
        title = f"synchronous = {durability}, {batches:,} batches a round"
        tables.append(comparison(title, "records/s", rates, [HAND], [("CPU us/record", cpu)]))
        findings.append((ratio(rates, OURS, HAND).middle, durability))
    return Result(
        "append",
        "Log append",
        f"Batches of {RECORDS:,} records of {RECORD_BYTES} bytes, one SQLite transaction each, one"
        " writer. The loop by hand inserts the same blobs into one table with an integer primary"
        f" key; both with a write-ahead log, pages of {LOG_PAGE_BYTES:,} bytes and a checkpoint"
        f" every {CHECKPOINT_PAGES:,} pages.",
        tuple(tables),
        tuple(Finding(target(f"append.{durability}"), value) for value, durability in findings),
    )


def _contenders(durability: str, batches: int) -> list[Contender]:
    ways = {
        HAND: partial(_by_hand, durability, batches, LOG_PAGE_BYTES),
        OURS: partial(_ours, _plain, durability, batches),
        "the log, idempotent": partial(_ours, _idempotent, durability, batches),
        "the log, a transaction a batch": partial(_ours, _transactional, durability, batches),
        HAND_PAGES: partial(_by_hand, durability, batches, 1024),
    }
    return [Contender(name, way) for name, way in ways.items()]


def _timed(append: Append, batches: int) -> Figures:
    began_s, cpu_s = time.perf_counter(), time.process_time()
    for number in range(batches):
        append(number)
    cpu_s = time.process_time() - cpu_s
    records = batches * RECORDS
    return {
        "records/s": records / (time.perf_counter() - began_s),
        "CPU us/record": cpu_s / records * 1e6,
    }


def _by_hand(durability: str, batches: int, page_bytes: int, directory: Path) -> Figures:
    with closing(sqlite3.connect(directory / "hand.db", isolation_level=None)) as connection:
        connection.execute(f"PRAGMA page_size = {page_bytes}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {durability}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        connection.execute(
            "CREATE TABLE batches(first INTEGER PRIMARY KEY, count INTEGER, records BLOB)"
        )
        execute = connection.execute

        def append(number: int) -> None:
            execute("BEGIN IMMEDIATE")
            execute("INSERT INTO batches VALUES (?, ?, ?)", (number * RECORDS, RECORDS, BLOB))
            execute("COMMIT")

        return _timed(append, batches)


def _ours(way: Callable[[Log], Append], durability: str, batches: int, directory: Path) -> Figures:
    with closing(open_log(directory / "clicks.db", durability)) as log:
        log.create_topic("clicks", 4)
        log.create_topic("sources", 1)
        return _timed(way(log), batches)


def _batch(number: int) -> RecordBatch:
    now_ns = time.monotonic_ns()
    return RecordBatch(0, Sequence(number * RECORDS), RECORDS, now_ns, now_ns, ME, BLOB)


def _plain(log: Log) -> Append:
    return lambda number: _drop(log.append(PLACE, _batch(number)))


def _idempotent(log: Log) -> Append:
    identity = log.init_producer(None, ME)
    return lambda number: _drop(
        log.append(PLACE, _batch(number), ProducerStamp(identity, Sequence(number * RECORDS)))
    )


def _transactional(log: Log) -> Append:
    """As the exactly-once lane's producer: its source position is in the transaction."""
    identity = log.init_producer("benchmark", ME)

    def append(number: int) -> None:
        log.begin_transaction(identity, ME)
        log.append(PLACE, _batch(number), ProducerStamp(identity, Sequence(number * RECORDS)))
        position = Offset((number + 1) * RECORDS)
        log.send_offsets_to_transaction(identity, "sources", {SOURCE: position})
        log.commit_transaction(identity)

    return append


def _drop(result: object) -> None:
    """An append whose answer nobody needs."""


if __name__ == "__main__":
    sys.exit(run_alone(measure))
