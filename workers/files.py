"""The files of one lane: where they are, and the tables of those that are not the log.

clicks.db       the input topic, written by producers only; in the transactional producer's
                lane the source positions too (offsets of topic SOURCES)
results.db      the consumers' log: group, committed offsets, and the output topic
sink.db         the analytics database: links, effects ledger, processed event ids
positions-N.db  producer slot N's own source position and its history
network-N.db    requests and acknowledgements that producer slot N lost; only where some may be
                lost, or one was ordered to be
coordinator-N.db  consumer slot N's durable decisions, where it commits in two phases
removed.db      what retention removed from the others: up to where, and what the recount counted
                of it; written by the bench's cleaner
orders/         what the bench orders each incarnation to do at a step; written by the bench
wake/           one wake-up FIFO per partition
flight/         one flight recorder page per incarnation
control.page    written by the bench, read by the workers
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

CLICKS = "clicks"
"""The input topic, in clicks.db."""
RESULTS = "results"
"""The output topic, in results.db."""
SOURCES = "sources"
"""The topic whose committed offsets are source positions, partition = producer slot."""
COUNTERS_GROUP = "counters"
"""The consumer group; its offsets of topic CLICKS are in results.db."""
SOURCES_GROUP = "sources"
"""The group under which the transactional producers commit source positions, in clicks.db."""

SINK_SCHEMA = """
CREATE TABLE links(
    link_id INTEGER PRIMARY KEY,
    clicks INTEGER NOT NULL
);
CREATE TABLE effects(
    effect_id INTEGER PRIMARY KEY,
    sink_transaction INTEGER NOT NULL,
    incarnation INTEGER NOT NULL,
    effect_ns INTEGER NOT NULL,
    source INTEGER NOT NULL,
    first_sequence INTEGER NOT NULL,
    count INTEGER NOT NULL,
    partition INTEGER NOT NULL,
    first_offset INTEGER NOT NULL,
    applied INTEGER NOT NULL CHECK(applied IN (0, 1)),
    fetched_ns INTEGER NOT NULL
);
CREATE TABLE processed(
    event_id INTEGER PRIMARY KEY
);
CREATE TABLE stored_offsets(
    partition INTEGER PRIMARY KEY,
    next_offset INTEGER NOT NULL
);
CREATE TABLE offset_commits(
    commit_id INTEGER PRIMARY KEY,
    partition INTEGER NOT NULL,
    from_offset INTEGER NOT NULL,
    next_offset INTEGER NOT NULL,
    incarnation INTEGER NOT NULL,
    committed_ns INTEGER NOT NULL
);
CREATE TABLE prepared_transactions(
    transaction_id INTEGER PRIMARY KEY,
    coordinator INTEGER NOT NULL,
    incarnation INTEGER NOT NULL,
    prepared_ns INTEGER NOT NULL
);
CREATE TABLE prepared_effects(
    prepared_id INTEGER PRIMARY KEY,
    transaction_id INTEGER NOT NULL,
    source INTEGER NOT NULL,
    first_sequence INTEGER NOT NULL,
    count INTEGER NOT NULL,
    partition INTEGER NOT NULL,
    first_offset INTEGER NOT NULL,
    fetched_ns INTEGER NOT NULL,
    links BLOB NOT NULL
);
CREATE INDEX prepared_effects_of ON prepared_effects(transaction_id);
CREATE TABLE locked_links(
    link_id INTEGER PRIMARY KEY,
    transaction_id INTEGER NOT NULL
);
"""
"""The effects ledger holds one row a contiguous range of events a sink transaction.

`sink_transaction` is the effect_id of the transaction's first row. `applied` is 0 where the
idempotent sink knew the events already and left the counters alone (suppressed). `processed` is
used by the deduplicating sink; its key is `event_id(source, sequence)`. `stored_offsets` and its
history `offset_commits` are used where consumed offsets are stored with the result. A prepared
transaction (two-phase commit) has the number of its log transaction, the consumer slot that
coordinates it, its effects to come (`links`: little-endian u32, one a click) and the rows it locks;
when it commits, its effects move to `links` and `effects`.
"""

POSITIONS_SCHEMA = """
CREATE TABLE positions(
    position_id INTEGER PRIMARY KEY,
    first_sequence INTEGER NOT NULL,
    next_sequence INTEGER NOT NULL,
    incarnation INTEGER NOT NULL,
    advanced_ns INTEGER NOT NULL
);
"""
"""One row an advance, from `first_sequence` to `next_sequence` (exclusive); the last row rules."""

NETWORK_SCHEMA = """
CREATE TABLE losses(
    loss_id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK(kind IN ('request', 'ack', 'ordered ack')),
    incarnation INTEGER NOT NULL,
    source INTEGER NOT NULL,
    first_sequence INTEGER NOT NULL,
    count INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    lost_ns INTEGER NOT NULL
);
"""
"""One row a request that never arrived (the append did not happen) or an acknowledgement that never
came (it did); "ordered" by the user's key. Written after a lost acknowledgement's append, before
anything that follows from it.
"""

COORDINATOR_SCHEMA = """
CREATE TABLE decisions(
    transaction_id INTEGER PRIMARY KEY,
    incarnation INTEGER NOT NULL,
    decided_ns INTEGER NOT NULL
);
"""
"""A row is the decision to commit; a prepared transaction without one is aborted (presumed abort).
"""

SEQUENCE_BITS = 40


def event_id(source: int, sequence: int) -> int:
    """An event's identity as one integer: source << 40 | sequence."""
    return source << SEQUENCE_BITS | sequence


@dataclass(frozen=True, slots=True)
class LaneFiles:
    """Paths below one lane's directory."""

    directory: Path

    @property
    def clicks(self) -> Path:
        return self.directory / "clicks.db"

    @property
    def results(self) -> Path:
        return self.directory / "results.db"

    @property
    def sink(self) -> Path:
        return self.directory / "sink.db"

    @property
    def removed(self) -> Path:
        return self.directory / "removed.db"

    @property
    def control(self) -> Path:
        return self.directory / "control.page"

    def positions(self, slot: int) -> Path:
        return self.directory / f"positions-{slot}.db"

    def network(self, slot: int) -> Path:
        return self.directory / f"network-{slot}.db"

    def coordinator(self, slot: int) -> Path:
        return self.directory / f"coordinator-{slot}.db"

    def wake(self, partition: int) -> Path:
        return self.directory / "wake" / f"partition-{partition}"

    def flight(self, incarnation: int) -> Path:
        return self.directory / "flight" / f"{incarnation}.page"

    def orders(self, incarnation: int) -> Path:
        return self.directory / "orders" / f"{incarnation}.page"
