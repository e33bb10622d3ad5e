"""The SQL of the recount, to be read and to be pasted. Shares nothing with the auditor.

To run it in the sqlite3 shell, in a run's directory, for one lane:

    ATTACH 'run.db' AS run;
    ATTACH 'lanes/at-least-once/clicks.db' AS clicks;
    ATTACH 'lanes/at-least-once/results.db' AS results;
    ATTACH 'lanes/at-least-once/sink.db' AS sink;
    CREATE TEMP TABLE this(lane); INSERT INTO this VALUES ('at-least-once');
    -- GATHERED, then for each producer slot N with a positions-N.db:
    ATTACH 'lanes/at-least-once/positions-0.db' AS slot_positions;
    INSERT INTO temp.advances SELECT 0, position_id, next_sequence, incarnation
    FROM slot_positions.positions;
    DETACH slot_positions;
    -- SINK if there is a sink.db, then PREPARED, SWEPT, and TOTALS

A transaction that is 'ongoing' or 'prepared' is undecided: its records wait, and what it is to do
to the counters (`sink.prepared_effects`) is no effect. Committed offsets are in results.db, and in
the lane that stores them with the result in sink.db; the other's table is empty then.

The idea is one sweep along the events of each source slot. Everything that happened to a range of
events is a span; a span goes up by its step at its first event and down again after its last;
a running sum over the edges gives, for every interval between two edges, how often its events were
offered, readable, applied, and so on. A CASE then says what that means. A second sweep along the
offsets of each partition finds the records that were delivered more than once.
"""

from __future__ import annotations

GATHERED = """
-- Advances of source positions: those in the log, later those in positions-N.db.
CREATE TEMP TABLE advances AS
SELECT partition AS slot, commit_id AS row_id, next_offset AS next, incarnation
FROM clicks.offset_commits WHERE group_id = 'sources' AND topic = 'sources';

-- Records of the input topic. Readable: committed, and below the partition's last stable offset.
CREATE TEMP TABLE records AS
SELECT p.partition, b.base_offset AS first_offset, b.count, b.source, b.first_sequence,
       b.incarnation,
       CASE WHEN t.state = 'aborted' THEN 'aborted'
            WHEN coalesce(t.state, 'committed') = 'committed' AND b.base_offset < coalesce(
                 (SELECT min(o.first_offset) FROM clicks.open_partitions o
                  WHERE o.partition_id = b.partition_id), 1 << 40) THEN 'readable'
            ELSE 'waiting' END AS standing
FROM clicks.batches b JOIN clicks.partitions p USING (partition_id)
LEFT JOIN clicks.transactions t USING (transaction_id)
WHERE p.topic = 'clicks';

-- The same of the output topic.
CREATE TEMP TABLE outputs AS
SELECT b.count, b.source, b.first_sequence,
       CASE WHEN t.state = 'aborted' THEN 'aborted'
            WHEN coalesce(t.state, 'committed') = 'committed' AND b.base_offset < coalesce(
                 (SELECT min(o.first_offset) FROM results.open_partitions o
                  WHERE o.partition_id = b.partition_id), 1 << 40) THEN 'readable'
            ELSE 'waiting' END AS standing
FROM results.batches b JOIN results.partitions p USING (partition_id)
LEFT JOIN results.transactions t USING (transaction_id)
WHERE p.topic = 'results';

-- Deliveries to a counter. The offset is that of the first event.
CREATE TEMP TABLE deliveries(
    slot INTEGER, first INTEGER, next INTEGER, partition INTEGER, first_offset INTEGER,
    applied INTEGER
);

-- Commits of consumed offsets, and where each input partition's committed offset stands.
CREATE TEMP TABLE commits AS
SELECT commit_id, partition, next_offset AS next, incarnation
FROM results.offset_commits WHERE group_id = 'counters' AND topic = 'clicks';
CREATE TEMP TABLE committed AS
SELECT partition, next_offset FROM results.committed_offsets
WHERE group_id = 'counters' AND topic = 'clicks';

CREATE TEMP TABLE ended AS
SELECT incarnation, coalesce(acked_sequence, 0) AS acked_next
FROM run.incarnations WHERE lane = (SELECT lane FROM this) AND ended_ns IS NOT NULL;
CREATE INDEX temp.ended_incarnation ON ended(incarnation);
"""

SINK = """
INSERT INTO temp.commits SELECT commit_id, partition, next_offset, incarnation
FROM sink.offset_commits;
INSERT INTO temp.committed SELECT partition, next_offset FROM sink.stored_offsets;

-- A sink transaction of one event leaves one row an event: rows that follow each other in sequence
-- and offset are put together first, which leaves the sweeps a hundredth of the work.
INSERT INTO temp.deliveries
WITH rows AS (
    SELECT effect_id, source, first_sequence, count, partition, first_offset, applied,
           coalesce(lag(source) OVER axis = source
                    AND lag(applied) OVER axis = applied
                    AND lag(first_sequence + count) OVER axis = first_sequence
                    AND lag(first_offset + count) OVER axis = first_offset, 0) AS follows
    FROM sink.effects WINDOW axis AS (PARTITION BY partition ORDER BY effect_id)
),
stretches AS (
    SELECT *, sum(NOT follows) OVER (PARTITION BY partition ORDER BY effect_id) AS stretch
    FROM rows
)
SELECT min(source), min(first_sequence), max(first_sequence + count), partition,
       min(first_offset), min(applied)
FROM stretches GROUP BY partition, stretch;
"""

PREPARED = """
-- Where each source position stands, and how many events of each slot exist. Open loop: the lane's
-- events due before the sources' end are ceil(elapsed * rate); whole seconds and the rest are
-- multiplied apart, because 64 bits do not hold nanoseconds times a rate. Closed loop: what a
-- position has passed or the log holds.
CREATE TEMP TABLE slots AS
WITH RECURSIVE numbers(slot) AS (
    SELECT 0 UNION ALL SELECT slot + 1 FROM numbers, run.run WHERE slot + 1 < producers
),
clock AS (
    SELECT producers, rate_eps, max(0, coalesce(sources_end_ns, start_ns) - start_ns) AS elapsed_ns
    FROM run.run
),
due AS (
    SELECT producers, rate_eps,
           elapsed_ns / 1000000000 * rate_eps
           + (elapsed_ns % 1000000000 * rate_eps + 999999999) / 1000000000 AS lane_events
    FROM clock
),
found AS (
    SELECT slot,
           coalesce((SELECT a.next FROM advances a WHERE a.slot = numbers.slot
                     ORDER BY a.row_id DESC LIMIT 1), 0) AS position,
           coalesce((SELECT max(r.first_sequence + r.count) FROM records r
                     WHERE r.source = numbers.slot AND r.standing = 'readable'), 0) AS log_end
    FROM numbers
)
SELECT slot, position,
       CASE WHEN rate_eps IS NULL THEN max(position, log_end)
            ELSE max(0, (lane_events - slot + producers - 1) / producers) END AS offered
FROM found, due;

-- Effects of events that never existed: what of a delivery is outside 0..offered.
CREATE TEMP TABLE phantoms AS
SELECT d.next - d.first - max(0, min(d.next, coalesce(s.offered, 0)) - max(d.first, 0)) AS count
FROM (SELECT slot, first, next FROM deliveries WHERE applied = 1
      UNION ALL
      SELECT source, first_sequence, first_sequence + count FROM outputs
      WHERE standing = 'readable') d
LEFT JOIN slots s USING (slot);

-- From here on deliveries are of events that exist only.
CREATE TEMP TABLE valid AS
SELECT slot, max(first, 0) AS first, min(next, offered) AS next, partition,
       first_offset + max(first, 0) - first AS first_offset, applied
FROM deliveries JOIN slots USING (slot)
WHERE min(next, offered) > max(first, 0);

-- The second sweep: along the offsets of each partition.
CREATE TEMP TABLE offsets AS
WITH spans(partition, first, next, readable, aborted, delivered) AS (
    SELECT partition, first_offset, first_offset + count, standing = 'readable',
           standing = 'aborted', 0
    FROM records WHERE standing <> 'waiting'
    UNION ALL
    SELECT partition, first_offset, first_offset + next - first, 0, 0, 1 FROM valid
),
edges AS (
    SELECT partition, first AS at, readable, aborted, delivered FROM spans
    UNION ALL
    SELECT partition, next, -readable, -aborted, -delivered FROM spans
),
steps AS (
    SELECT partition, at, sum(readable) AS readable, sum(aborted) AS aborted,
           sum(delivered) AS delivered
    FROM edges GROUP BY partition, at
)
SELECT partition, at AS first, lead(at) OVER axis AS next, sum(readable) OVER axis AS readable,
       sum(aborted) OVER axis AS aborted, sum(delivered) OVER axis AS delivered
FROM steps WINDOW axis AS (PARTITION BY partition ORDER BY at);

-- Effects of aborted records, as ranges of events. Nearly always none.
CREATE TEMP TABLE aborted_reads AS
SELECT v.slot, v.first + max(o.first, v.first_offset) - v.first_offset AS first,
       v.first + min(o.next, v.first_offset + v.next - v.first) - v.first_offset AS next, v.applied
FROM (SELECT * FROM offsets WHERE aborted > 0 AND delivered > 0) o
CROSS JOIN valid v
WHERE v.partition = o.partition AND v.first_offset < o.next
      AND v.first_offset + v.next - v.first > o.first;

-- Stretches that a living incarnation passed last: it may still be working on them.
CREATE TEMP TABLE open_positions AS
WITH history AS (
    SELECT slot, row_id, incarnation, next,
           lag(next, 1, 0) OVER (PARTITION BY slot ORDER BY row_id) AS first,
           row_number() OVER (PARTITION BY slot, incarnation ORDER BY row_id DESC) AS from_last
    FROM advances
)
SELECT slot, first, next FROM history
WHERE from_last = 1 AND incarnation NOT IN (SELECT incarnation FROM ended);

CREATE TEMP TABLE open_offsets AS
WITH history AS (
    SELECT partition, incarnation, next,
           lag(next, 1, 0) OVER (PARTITION BY partition ORDER BY commit_id) AS first,
           row_number() OVER (PARTITION BY partition, incarnation ORDER BY commit_id DESC)
               AS from_last
    FROM commits
)
SELECT partition, first, next FROM history
WHERE from_last = 1 AND incarnation NOT IN (SELECT incarnation FROM ended);
"""

SWEPT = """
CREATE TEMP TABLE intervals AS
WITH spans(slot, first, next, what, step) AS (
    SELECT slot, 0, offered, 'offered', 1 FROM slots
    UNION ALL
    SELECT slot, 0, position, 'passed', 1 FROM slots
    UNION ALL
    SELECT slot, first, next, 'open', 1 FROM open_positions
    UNION ALL
    SELECT source, first_sequence, first_sequence + count, standing, 1 FROM records
    UNION ALL
    -- Readable records that no committed offset has passed.
    SELECT source,
           first_sequence + max(0, coalesce(next_offset, 0) - first_offset),
           first_sequence + count, 'ahead', 1
    FROM records LEFT JOIN committed USING (partition)
    WHERE standing = 'readable' AND coalesce(next_offset, 0) < first_offset + count
    UNION ALL
    SELECT source, first_sequence + max(o.first, first_offset) - first_offset,
           first_sequence + min(o.next, first_offset + count) - first_offset, 'open', 1
    FROM open_offsets o JOIN records r USING (partition)
    WHERE o.first < r.first_offset + r.count AND o.next > r.first_offset
    UNION ALL
    -- Acknowledged, or perhaps yet to be: the appender lives.
    SELECT source, first_sequence,
           min(first_sequence + count, coalesce(acked_next, first_sequence + count)), 'acked', 1
    FROM records LEFT JOIN ended USING (incarnation)
    WHERE standing = 'readable' AND first_sequence < coalesce(acked_next, first_sequence + count)
    UNION ALL
    SELECT source, first_sequence, first_sequence + count,
           CASE standing WHEN 'readable' THEN 'output' ELSE 'waiting' END, 1
    FROM outputs WHERE standing <> 'aborted'
    UNION ALL
    SELECT slot, first, next, CASE applied WHEN 1 THEN 'applied' ELSE 'suppressed' END, 1
    FROM valid
    UNION ALL
    SELECT slot, first, next, CASE applied WHEN 1 THEN 'applied' ELSE 'suppressed' END, -1
    FROM aborted_reads
),
edges AS (
    SELECT slot, first AS at, what, step FROM spans WHERE first < next
    UNION ALL
    SELECT slot, next, what, -step FROM spans WHERE first < next
),
steps AS (
    SELECT slot, at,
           sum(CASE what WHEN 'offered' THEN step ELSE 0 END) AS offered,
           sum(CASE what WHEN 'passed' THEN step ELSE 0 END) AS passed,
           sum(CASE what WHEN 'open' THEN step ELSE 0 END) AS open,
           sum(CASE what WHEN 'readable' THEN step ELSE 0 END) AS readable,
           sum(CASE what WHEN 'waiting' THEN step ELSE 0 END) AS waiting,
           sum(CASE what WHEN 'aborted' THEN step ELSE 0 END) AS aborted,
           sum(CASE what WHEN 'ahead' THEN step ELSE 0 END) AS ahead,
           sum(CASE what WHEN 'acked' THEN step ELSE 0 END) AS acked,
           sum(CASE what WHEN 'applied' THEN step ELSE 0 END) AS applied,
           sum(CASE what WHEN 'output' THEN step ELSE 0 END) AS output,
           sum(CASE what WHEN 'suppressed' THEN step ELSE 0 END) AS suppressed
    FROM edges GROUP BY slot, at
),
depths AS (
    SELECT slot, at AS first, lead(at) OVER axis AS next,
           sum(offered) OVER axis AS offered, sum(passed) OVER axis AS passed,
           sum(open) OVER axis AS open, sum(readable) OVER axis AS readable,
           sum(waiting) OVER axis AS waiting, sum(aborted) OVER axis AS aborted,
           sum(ahead) OVER axis AS ahead, sum(acked) OVER axis AS acked,
           sum(applied) OVER axis AS applied, sum(output) OVER axis AS output,
           sum(suppressed) OVER axis AS suppressed
    FROM steps WINDOW axis AS (PARTITION BY slot ORDER BY at)
),
judged AS (
    -- An output of an event of which only an aborted record exists is an aborted read.
    SELECT *, CASE WHEN readable = 0 AND aborted > 0 THEN output ELSE 0 END AS aborted_outputs
    FROM depths WHERE offered > 0
)
SELECT slot, first, next, next - first AS length,
       applied + output - aborted_outputs AS effects, readable, acked, output, suppressed,
       aborted_outputs,
       CASE WHEN applied + output - aborted_outputs > 0 THEN 'delivered'
            WHEN passed = 0 OR open > 0 OR waiting > 0 THEN 'in flight'
            WHEN readable = 0 THEN 'lost before the log'
            WHEN ahead = 0 THEN 'lost after the log'
            ELSE 'in flight' END AS fate
FROM judged;
"""

TOTALS = """
SELECT (SELECT coalesce(sum(offered), 0) FROM slots) AS offered,
       coalesce(sum(length * (readable > 0)), 0) AS appended,
       coalesce(sum(length * (fate = 'delivered')), 0) AS delivered_unique,
       coalesce(sum(length * (effects + aborted_outputs)), 0)
           + (SELECT coalesce(sum(count), 0) FROM phantoms)
           + (SELECT coalesce(sum(next - first), 0) FROM aborted_reads WHERE applied = 1)
           AS effects,
       coalesce(sum(length * (fate = 'lost before the log')), 0) AS lost_before_log,
       coalesce(sum(length * (fate = 'lost after the log')), 0) AS lost_after_log,
       coalesce(sum(length * max(0, effects - 1)), 0) AS duplicates,
       coalesce(sum(length * max(0, readable - 1)), 0) AS duplicates_in_log,
       (SELECT coalesce(sum((next - first) * max(0, delivered - 1)), 0) FROM offsets
        WHERE readable > 0)
           + coalesce(sum(length * max(0, output - 1) * (readable > 0)), 0) AS redelivered,
       coalesce(sum(length * suppressed), 0) AS suppressed,
       coalesce(sum(length * (fate = 'in flight')), 0) AS in_flight,
       coalesce(sum(length * (fate = 'delivered' AND readable > 0 AND acked = 0)), 0) AS recovered,
       (SELECT coalesce(sum(count), 0) FROM records WHERE standing = 'aborted')
           + (SELECT coalesce(sum(count), 0) FROM outputs WHERE standing = 'aborted')
           AS aborted_attempts,
       coalesce(sum(length * aborted_outputs), 0)
           + (SELECT coalesce(sum(next - first), 0) FROM aborted_reads WHERE applied = 1)
           AS aborted_reads,
       (SELECT coalesce(sum(count), 0) FROM phantoms) AS phantoms
FROM intervals;
"""

INTERVALS = "SELECT slot, first, next, effects FROM intervals ORDER BY slot, first"
