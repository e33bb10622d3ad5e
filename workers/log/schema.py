"""The tables of one log file, for the storage module and for anyone who recounts with plain SQL.

One row of `batches` is one record batch: consecutive events of one source slot. Its key holds the
partition's number in the upper bits and the base offset in the lower ones, so that a partition is
one contiguous range of one B-tree (measured: four times the speed of a row per record, and no
second index).
"""

from __future__ import annotations

OFFSET_BITS = 40
"""`batches.position` is partition_id << OFFSET_BITS | base offset."""

LOG_SCHEMA = """
CREATE TABLE partitions(
    partition_id INTEGER PRIMARY KEY,
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    UNIQUE(topic, partition)
);
CREATE TABLE batches(
    position INTEGER PRIMARY KEY,
    partition_id INTEGER GENERATED ALWAYS AS (position >> 40) VIRTUAL,
    base_offset INTEGER GENERATED ALWAYS AS (position & 1099511627775) VIRTUAL,
    count INTEGER NOT NULL,
    source INTEGER NOT NULL,
    first_sequence INTEGER NOT NULL,
    due_ns INTEGER NOT NULL,
    appended_ns INTEGER NOT NULL,
    incarnation INTEGER NOT NULL,
    transaction_id INTEGER,
    records BLOB NOT NULL
);
CREATE TABLE producers(
    producer_id INTEGER PRIMARY KEY,
    transactional_id TEXT UNIQUE,
    epoch INTEGER NOT NULL
);
CREATE TABLE producer_sequences(
    producer_id INTEGER NOT NULL,
    partition_id INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    recent TEXT NOT NULL,
    PRIMARY KEY(producer_id, partition_id)
) WITHOUT ROWID;
CREATE TABLE transactions(
    transaction_id INTEGER PRIMARY KEY,
    producer_id INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    state TEXT NOT NULL CHECK(state IN ('ongoing', 'prepared', 'committed', 'aborted')),
    incarnation INTEGER NOT NULL,
    prepared_ns INTEGER,
    ended_ns INTEGER
);
CREATE UNIQUE INDEX undecided ON transactions(producer_id) WHERE ended_ns IS NULL;
CREATE TABLE open_partitions(
    transaction_id INTEGER NOT NULL,
    partition_id INTEGER NOT NULL,
    first_offset INTEGER NOT NULL,
    PRIMARY KEY(transaction_id, partition_id)
) WITHOUT ROWID;
CREATE TABLE pending_offsets(
    transaction_id INTEGER NOT NULL,
    group_id TEXT NOT NULL,
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    next_offset INTEGER NOT NULL,
    PRIMARY KEY(transaction_id, group_id, topic, partition)
) WITHOUT ROWID;
CREATE TABLE groups(
    group_id TEXT PRIMARY KEY,
    state TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE committed_offsets(
    group_id TEXT NOT NULL,
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    next_offset INTEGER NOT NULL,
    PRIMARY KEY(group_id, topic, partition)
) WITHOUT ROWID;
CREATE TABLE offset_commits(
    commit_id INTEGER PRIMARY KEY,
    group_id TEXT NOT NULL,
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    from_offset INTEGER NOT NULL,
    next_offset INTEGER NOT NULL,
    incarnation INTEGER NOT NULL,
    committed_ns INTEGER NOT NULL
);
CREATE TABLE expirations(
    expiration_id INTEGER PRIMARY KEY,
    group_id TEXT NOT NULL,
    instance_id INTEGER NOT NULL,
    incarnation INTEGER NOT NULL,
    expired_by INTEGER NOT NULL,
    expired_ns INTEGER NOT NULL
);
"""
"""`offset_commits` is the history of `committed_offsets`, one row a changed partition a commit.

`transactions.state` decides what read_committed shows; a NULL `batches.transaction_id` is a batch
outside any transaction. `open_partitions` and `pending_offsets` hold rows of undecided transactions
only; the least `first_offset` of a partition there is its last stable offset. `prepared_ns` is set
where a transaction takes part in two-phase commit. `expirations` has one row for each time that a
member was silent for the session timeout: whose process (`incarnation`), and who noticed
(`expired_by`, an incarnation too); it is written with the change of ownership that follows from it.
"""
