"""The questions put to a lane's databases for its history: whole tables, in the order of time."""

from __future__ import annotations

BATCHES_OF_SOURCE = """
SELECT b.appended_ns, b.incarnation, p.partition, b.base_offset, b.first_sequence, b.count,
    b.transaction_id, t.state, t.ended_ns
FROM batches AS b JOIN partitions AS p USING(partition_id)
    LEFT JOIN transactions AS t ON t.transaction_id = b.transaction_id
WHERE p.topic = ?1 AND b.source = ?2 ORDER BY b.appended_ns, b.position
"""

POSITIONS = """
SELECT advanced_ns, incarnation, first_sequence, next_sequence FROM positions ORDER BY position_id
"""

REQUESTS_LOST = """
SELECT lost_ns, incarnation, first_sequence, first_sequence + count FROM losses
WHERE source = ? AND kind = 'request' ORDER BY loss_id
"""

EFFECTS = """
SELECT incarnation, fetched_ns, effect_ns, partition, first_offset, source, first_sequence, count,
    applied
FROM effects WHERE incarnation IN (SELECT value FROM json_each(?)) ORDER BY effect_id
"""

OUTPUTS = """
SELECT b.incarnation, b.appended_ns, p.partition, b.base_offset, b.source, b.first_sequence,
    b.count, t.transaction_id, t.state, t.ended_ns
FROM batches AS b JOIN partitions AS p USING(partition_id) JOIN transactions AS t
    ON t.transaction_id = b.transaction_id
WHERE p.topic = ?1 AND b.incarnation IN (SELECT value FROM json_each(?2))
ORDER BY t.transaction_id, b.appended_ns, b.position
"""

COMMITTED_OUTPUT = """
SELECT p.partition, b.base_offset, b.source, b.first_sequence, b.count
FROM batches AS b JOIN partitions AS p USING(partition_id) JOIN transactions AS t
    ON t.transaction_id = b.transaction_id
WHERE p.topic = ?1 AND t.state = 'committed' AND b.base_offset < coalesce(
    (SELECT min(first_offset) FROM open_partitions AS o WHERE o.partition_id = b.partition_id),
    b.base_offset + 1)
ORDER BY p.partition, b.position
"""

ABORTED = """
SELECT p.partition, b.base_offset, b.count
FROM batches AS b JOIN partitions AS p USING(partition_id) JOIN transactions AS t
    ON t.transaction_id = b.transaction_id
WHERE p.topic = ?1 AND t.state = 'aborted' ORDER BY p.partition, b.position
"""

PLACES = """
CREATE TEMP TABLE places AS
SELECT p.partition AS partition, b.source AS source, b.first_sequence AS first_sequence,
    b.count AS count, b.base_offset AS base_offset
FROM batches AS b JOIN partitions AS p USING(partition_id)
    LEFT JOIN transactions AS t ON t.transaction_id = b.transaction_id
WHERE p.topic = ?1 AND coalesce(t.state, 'committed') = 'committed'
"""
PLACES_INDEX = """
CREATE INDEX temp.places_of ON places(partition, source, first_sequence, count, base_offset)
"""
LONGEST = "SELECT coalesce(max(count), 0) FROM temp.places"
PLACES_OF = """
SELECT base_offset + ?3 - first_sequence FROM temp.places
WHERE partition = ?1 AND source = ?2 AND first_sequence BETWEEN ?3 - ?4 + 1 AND ?3
    AND first_sequence + count > ?3
ORDER BY base_offset
"""

LOG_COMMITS = """
SELECT incarnation, committed_ns, partition, next_offset FROM offset_commits
WHERE incarnation IN (SELECT value FROM json_each(?1)) AND group_id = ?2 AND topic = ?3
ORDER BY commit_id
"""
SINK_COMMITS = """
SELECT incarnation, committed_ns, partition, next_offset FROM offset_commits
WHERE incarnation IN (SELECT value FROM json_each(?1)) ORDER BY commit_id
"""
