"""The files of one lane: where they are, and the tables of those that are not the log.

clicks.db       the input topic, written by producers only; in the transactional producer's
                lane the source positions too (offsets of topic SOURCES)
results.db      the consumers' log: group, committed offsets, and the output topic
sink.db         the analytics database: links, effects ledger, processed event ids
positions-N.db  producer slot N's own source position and its history
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
    applied INTEGER NOT NULL CHECK(applied IN (0, 1))
);
CREATE TABLE processed(
    event_id INTEGER PRIMARY KEY
);
"""
"""The effects ledger holds one row a contiguous range of events a sink transaction.

`sink_transaction` is the effect_id of the transaction's first row. `applied` is 0 where the
idempotent sink knew the events already and left the counters alone (suppressed). `processed` is
used by the idempotent lane; its key is `event_id(source, sequence)`.
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
    def control(self) -> Path:
        return self.directory / "control.page"

    def positions(self, slot: int) -> Path:
        return self.directory / f"positions-{slot}.db"

    def wake(self, partition: int) -> Path:
        return self.directory / "wake" / f"partition-{partition}"

    def flight(self, incarnation: int) -> Path:
        return self.directory / "flight" / f"{incarnation}.page"
