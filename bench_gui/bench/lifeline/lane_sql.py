"""The questions put to a lane's databases about one event.

A position's history is read as the auditor reads it: a row passes the places from the row before it
up to its own, whatever its own columns say of where it started.
"""

from __future__ import annotations

_HISTORY = """
SELECT * FROM (
    SELECT {row_id} AS row_id, incarnation, {at_ns} AS at_ns, {line} AS line,
        lag({next}, 1, 0) OVER (PARTITION BY {line} ORDER BY {row_id}) AS first,
        {next} AS next,
        min({next}) OVER (
            PARTITION BY {line} ORDER BY {row_id}
            ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ) AS lowest_after,
        max({row_id}) OVER (PARTITION BY {line}, incarnation) AS last_of_incarnation
    FROM {table} WHERE {which}
)
WHERE (first <= ?1 AND ?1 < next) OR (next <= ?1 AND ?1 < first)
ORDER BY row_id
"""
_COLUMNS = "SELECT incarnation, at_ns, first, next, lowest_after, row_id < last_of_incarnation"

POSITIONS = _COLUMNS + " FROM (" + _HISTORY.format(
    row_id="position_id", at_ns="advanced_ns", line="0", next="next_sequence", table="positions",
    which="1",
) + ")"  # fmt: skip
"""?1: the sequence."""

LOG_COMMITS = _COLUMNS + " FROM (" + _HISTORY.format(
    row_id="commit_id", at_ns="committed_ns", line="partition", next="next_offset",
    table="offset_commits", which="group_id = ?2 AND topic = ?3 AND partition = ?4",
) + ")"  # fmt: skip
"""?1: the offset, or the sequence of a source; ?2 group, ?3 topic, ?4 partition or slot."""

SINK_COMMITS = _COLUMNS + " FROM (" + _HISTORY.format(
    row_id="commit_id", at_ns="committed_ns", line="partition", next="next_offset",
    table="offset_commits", which="partition = ?2",
) + ")"  # fmt: skip
"""?1: the offset; ?2 partition."""

LOSSES = """
SELECT kind != 'request', incarnation, lost_ns, attempt FROM losses
WHERE source = ?1 AND first_sequence <= ?2 AND ?2 < first_sequence + count ORDER BY loss_id
"""

RECORDS = """
SELECT b.incarnation, b.appended_ns, b.due_ns, p.partition, b.base_offset + ?2 - b.first_sequence,
    t.transaction_id, t.state, t.incarnation, t.prepared_ns, t.ended_ns,
    b.base_offset < coalesce(
        (SELECT min(first_offset) FROM open_partitions AS o WHERE o.partition_id = b.partition_id),
        b.base_offset + 1)
FROM batches AS b JOIN partitions AS p USING(partition_id)
    LEFT JOIN transactions AS t ON t.transaction_id = b.transaction_id
WHERE p.topic = ?3 AND b.source = ?1
    AND b.first_sequence <= ?2 AND ?2 < b.first_sequence + b.count
ORDER BY b.appended_ns, b.position
"""
"""?1 slot, ?2 sequence, ?3 topic."""

EFFECTS = """
SELECT incarnation, effect_ns, fetched_ns, partition, first_offset + ?2 - first_sequence, applied
FROM effects
WHERE source = ?1 AND first_sequence <= ?2 AND ?2 < first_sequence + count ORDER BY effect_id
"""

PREPARED = """
SELECT t.incarnation, t.prepared_ns, e.fetched_ns, e.partition,
    e.first_offset + ?2 - e.first_sequence, t.transaction_id
FROM prepared_effects AS e JOIN prepared_transactions AS t USING(transaction_id)
WHERE e.source = ?1 AND e.first_sequence <= ?2 AND ?2 < e.first_sequence + e.count
ORDER BY e.prepared_id
"""

TRANSACTION = """
SELECT transaction_id, state, incarnation, prepared_ns, ended_ns FROM transactions
WHERE transaction_id = ?
"""

PREPARED_BETWEEN = """
SELECT transaction_id, state, incarnation, prepared_ns, ended_ns FROM transactions
WHERE prepared_ns BETWEEN ?1 AND ?2 AND incarnation IN (SELECT value FROM json_each(?3))
ORDER BY prepared_ns DESC LIMIT 1
"""

DECIDED = "SELECT decided_ns FROM decisions WHERE transaction_id = ?"

EXPIRATIONS = """
SELECT incarnation, expired_by, expired_ns FROM expirations
WHERE group_id = ? ORDER BY expiration_id
"""
