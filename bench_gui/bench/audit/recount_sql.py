"""The SQL of the recount, to be read and to be pasted. Shares nothing with the auditor.

To run it in the sqlite3 shell, in a run's directory, for one lane:

    ATTACH 'run.db' AS run;
    ATTACH 'lanes/at-least-once/clicks.db' AS clicks;
    ATTACH 'lanes/at-least-once/results.db' AS results;
    ATTACH 'lanes/at-least-once/sink.db' AS sink;
    CREATE TEMP TABLE this(lane); INSERT INTO this VALUES ('at-least-once');
    -- NOTHING_REMOVED; if there is a removed.db: ATTACH it AS removed, MARKS and REMOVED
    -- GATHERED, then for each producer slot N with a positions-N.db:
    ATTACH 'lanes/at-least-once/positions-0.db' AS slot_positions;
    -- POSITIONS with ?1 = N
    DETACH slot_positions;
    -- STORED_OFFSETS if there is a sink.db; EDGES_OF with {view} = records and = outputs; PREPARED;
    -- DELIVERIES, EDGES_OF with {view} = valid, and STRAYS, or without a sink.db NO_DELIVERIES;
    -- SWEPT; TOTALS

A transaction that is 'ongoing' or 'prepared' is undecided: its records wait, and what it is to do
to the counters (`sink.prepared_effects`) is no effect. Committed offsets are in results.db, and in
the lane that stores them with the result in sink.db; the other's table is empty then.

The idea is one sweep along the events of each source slot. Everything that happened to a range of
events is a span; a span goes up by its step at its first event and down again after its last;
a running sum over the edges gives, for every interval between two edges, how often its events were
offered, readable, applied, and so on. A CASE then says what that means. A second sweep along the
offsets of each partition finds the records that were delivered more than once.

Where one range follows on another, the edge between them goes up and down: such edges may be left
out, which leaves the sweeps hardly any work. `recount` does so, with numpy (`recount_edges`) in
place of EDGES_OF; pasted, the same sums take longer, and a test holds that they are the same.
"""

from __future__ import annotations

NOTHING_REMOVED = """
-- Rows that retention has removed were counted before (bench_gui/bench/retention): up to where in
-- each ledger, and their edges. What is still there of them is not counted again.
CREATE TEMP TABLE marks(ledger TEXT, line INTEGER, upto INTEGER);
CREATE TEMP TABLE event_edges(slot INTEGER, at INTEGER, what TEXT, step INTEGER);
CREATE TEMP TABLE offset_edges(partition INTEGER, at INTEGER, what TEXT, step INTEGER);
CREATE TEMP TABLE append_edges(incarnation INTEGER, slot INTEGER, at INTEGER, step INTEGER);
"""
"""The edges: where ranges of events begin (+1) and end (-1), by source slot; ranges of input
offsets; ranges of events that a process appended."""

MARKS = "INSERT INTO temp.marks SELECT ledger, line, upto FROM removed.marks"

REMOVED = """
INSERT INTO temp.event_edges SELECT slot, at, what, step FROM removed.event_edges;
INSERT INTO temp.offset_edges SELECT partition, at, what, step FROM removed.offset_edges;
INSERT INTO temp.append_edges SELECT incarnation, slot, at, step FROM removed.append_edges;
"""

GATHERED = """
-- Which rows of a ledger the views show, by key: all, unless they are read piece by piece.
CREATE TEMP TABLE piece(first INTEGER, after INTEGER);
INSERT INTO temp.piece VALUES (0, 1 << 62);

-- Where each partition of a log begins among its batches, and its last stable offset.
CREATE TEMP TABLE input_partitions AS
SELECT p.partition, p.partition_id << 40 AS start, coalesce(
           (SELECT min(o.first_offset) FROM clicks.open_partitions o
            WHERE o.partition_id = p.partition_id), 1 << 40) AS stable,
       coalesce((SELECT m.upto FROM marks m WHERE m.ledger = 'clicks' AND m.line = p.partition), 0)
           AS removed
FROM clicks.partitions p WHERE p.topic = 'clicks';
CREATE TEMP TABLE output_partitions AS
SELECT p.partition, p.partition_id << 40 AS start, coalesce(
           (SELECT min(o.first_offset) FROM results.open_partitions o
            WHERE o.partition_id = p.partition_id), 1 << 40) AS stable
FROM results.partitions p WHERE p.topic = 'results';

-- Records of the input topic. Readable: committed, and below the partition's last stable offset.
CREATE TEMP VIEW records AS
SELECT b.source AS slot, b.first_sequence AS first, b.first_sequence + b.count AS next,
       p.partition, b.position - p.start AS first_offset, b.incarnation,
       CASE WHEN t.state = 'aborted' THEN 'aborted'
            WHEN coalesce(t.state, 'committed') = 'committed'
                 AND b.position - p.start < p.stable THEN 'readable'
            ELSE 'waiting' END AS what
FROM input_partitions p CROSS JOIN piece
CROSS JOIN clicks.batches b ON b.position >= max(p.start, piece.first)
                              AND b.position < min(p.start + (1 << 40), piece.after)
LEFT JOIN clicks.transactions t USING (transaction_id)
WHERE b.position - p.start >= p.removed OR t.state = 'aborted';

-- The same of the output topic.
CREATE TEMP VIEW outputs AS
SELECT b.source AS slot, b.first_sequence AS first, b.first_sequence + b.count AS next,
       p.partition, b.position - p.start AS first_offset,
       CASE WHEN t.state = 'aborted' THEN 'aborted output'
            WHEN coalesce(t.state, 'committed') = 'committed'
                 AND b.position - p.start < p.stable THEN 'output'
            ELSE 'waiting output' END AS what
FROM output_partitions p CROSS JOIN piece
CROSS JOIN results.batches b ON b.position >= max(p.start, piece.first)
                              AND b.position < min(p.start + (1 << 40), piece.after)
LEFT JOIN results.transactions t USING (transaction_id);

-- Effects of events that never existed.
CREATE TEMP TABLE phantoms(count INTEGER);

CREATE TEMP TABLE ended(incarnation INTEGER PRIMARY KEY, acked_next INTEGER);
INSERT INTO temp.ended SELECT incarnation, coalesce(acked_sequence, 0)
FROM run.incarnations WHERE lane = (SELECT lane FROM this) AND ended_ns IS NOT NULL;

-- Source positions, and stretches that a living incarnation passed last: it may still be working
-- on them. Those in the log here, later those in positions-N.db.
CREATE TEMP TABLE positions(slot INTEGER PRIMARY KEY, position INTEGER);
INSERT INTO temp.positions
SELECT partition, next_offset FROM clicks.committed_offsets
WHERE group_id = 'sources' AND topic = 'sources';
CREATE TEMP TABLE open_positions AS
SELECT l.partition AS slot, l.next_offset AS next, coalesce(
           (SELECT before.next_offset FROM clicks.offset_commits before
            WHERE before.group_id = 'sources' AND before.topic = 'sources'
                  AND before.partition = l.partition AND before.commit_id < l.commit_id
            ORDER BY before.commit_id DESC LIMIT 1), 0) AS first
FROM clicks.offset_commits l JOIN
     (SELECT max(commit_id) AS commit_id FROM clicks.offset_commits
      WHERE group_id = 'sources' AND topic = 'sources'
            AND incarnation NOT IN (SELECT incarnation FROM ended)
      GROUP BY partition, incarnation) USING (commit_id);

-- The same of consumed offsets, by input partition.
CREATE TEMP TABLE committed(partition INTEGER PRIMARY KEY, next_offset INTEGER);
INSERT INTO temp.committed SELECT partition, next_offset FROM results.committed_offsets
WHERE group_id = 'counters' AND topic = 'clicks';
CREATE TEMP TABLE open_offsets AS
SELECT l.partition, l.next_offset AS next, coalesce(
           (SELECT before.next_offset FROM results.offset_commits before
            WHERE before.group_id = 'counters' AND before.topic = 'clicks'
                  AND before.partition = l.partition AND before.commit_id < l.commit_id
            ORDER BY before.commit_id DESC LIMIT 1), 0) AS first
FROM results.offset_commits l JOIN
     (SELECT max(commit_id) AS commit_id FROM results.offset_commits
      WHERE group_id = 'counters' AND topic = 'clicks'
            AND incarnation NOT IN (SELECT incarnation FROM ended)
      GROUP BY partition, incarnation) USING (commit_id);
"""

POSITIONS = (
    """
INSERT INTO temp.positions
SELECT ?1, next_sequence FROM slot_positions.positions ORDER BY position_id DESC LIMIT 1
""",
    """
INSERT INTO temp.open_positions
SELECT ?1, l.next_sequence, coalesce(
           (SELECT before.next_sequence FROM slot_positions.positions before
            WHERE before.position_id < l.position_id ORDER BY before.position_id DESC LIMIT 1), 0)
FROM slot_positions.positions l JOIN
     (SELECT max(position_id) AS position_id FROM slot_positions.positions
      WHERE incarnation NOT IN (SELECT incarnation FROM ended)
      GROUP BY incarnation) USING (position_id)
""",
)

STORED_OFFSETS = """
INSERT INTO temp.committed SELECT partition, next_offset FROM sink.stored_offsets;
INSERT INTO temp.open_offsets
SELECT l.partition, l.next_offset, coalesce(
           (SELECT before.next_offset FROM sink.offset_commits before
            WHERE before.partition = l.partition AND before.commit_id < l.commit_id
            ORDER BY before.commit_id DESC LIMIT 1), 0)
FROM sink.offset_commits l JOIN
     (SELECT max(commit_id) AS commit_id FROM sink.offset_commits
      WHERE incarnation NOT IN (SELECT incarnation FROM ended)
      GROUP BY partition, incarnation) USING (commit_id);
"""

LOG_BOUNDS = """
SELECT (SELECT min(b.position) FROM {log}.batches b
        WHERE b.position >= p.start AND b.position < p.start + (1 << 40)),
       (SELECT max(b.position) FROM {log}.batches b
        WHERE b.position >= p.start AND b.position < p.start + (1 << 40))
FROM {partitions} p
"""
SINK_BOUNDS = """
SELECT (SELECT min(effect_id) FROM sink.effects), (SELECT max(effect_id) FROM sink.effects)
"""
"""The first and the last row of each partition, and of the effects ledger; NULL without rows."""

EDGES_OF = """
INSERT INTO temp.event_edges SELECT slot, first, what, 1 FROM {view};
INSERT INTO temp.event_edges SELECT slot, next, what, -1 FROM {view};
INSERT INTO temp.offset_edges
SELECT partition, first_offset, what, 1 FROM {view};
INSERT INTO temp.offset_edges
SELECT partition, first_offset + next - first, what, -1 FROM {view};
"""

PREPARED = """
-- Where each source position stands, and how many events of each slot exist. Open loop: the lane's
-- events due before the sources' end are ceil(elapsed * rate); whole seconds and the rest are
-- multiplied apart, because 64 bits do not hold nanoseconds times a rate. Closed loop: what a
-- position has passed or the log holds.
CREATE TEMP TABLE slots(slot INTEGER PRIMARY KEY, position INTEGER, offered INTEGER);
INSERT INTO temp.slots
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
           coalesce((SELECT p.position FROM positions p WHERE p.slot = numbers.slot), 0)
               AS position,
           coalesce((SELECT max(e.at) FROM event_edges e
                     WHERE e.slot = numbers.slot AND e.what = 'readable'), 0) AS log_end
    FROM numbers
)
SELECT slot, position,
       CASE WHEN rate_eps IS NULL THEN max(position, log_end)
            ELSE max(0, (lane_events - slot + producers - 1) / producers) END AS offered
FROM found, due;

INSERT INTO temp.phantoms
SELECT o.next - o.first - max(0, min(o.next, coalesce(s.offered, 0)) - max(o.first, 0))
FROM outputs o LEFT JOIN slots s USING (slot)
WHERE o.what = 'output' AND (o.first < 0 OR o.next > coalesce(s.offered, 0));
"""

DELIVERIES = """
-- Deliveries to a counter, of events that exist. The offset is that of the first event.
CREATE TEMP VIEW valid AS
SELECT s.slot, max(e.first_sequence, 0) AS first,
       min(e.first_sequence + e.count, s.offered) AS next, e.partition,
       e.first_offset + max(e.first_sequence, 0) - e.first_sequence AS first_offset,
       CASE e.applied WHEN 1 THEN 'applied' ELSE 'suppressed' END AS what, e.effect_id
FROM piece CROSS JOIN sink.effects e CROSS JOIN slots s ON s.slot = e.source
WHERE e.first_sequence < s.offered AND e.first_sequence + e.count > 0
      AND e.effect_id > max(coalesce((SELECT upto FROM marks WHERE ledger = 'effects'), 0),
                            piece.first - 1)
      AND e.effect_id < piece.after;
"""

NO_DELIVERIES = "CREATE TEMP TABLE valid(slot, first, next, partition, first_offset, what)"
"""Where the result is an output topic."""

STRAYS = """
INSERT INTO temp.phantoms
SELECT e.count - max(0, min(e.first_sequence + e.count, coalesce(s.offered, 0))
                        - max(e.first_sequence, 0))
FROM sink.effects e LEFT JOIN slots s ON s.slot = e.source
WHERE (e.first_sequence < 0 OR e.first_sequence + e.count > coalesce(s.offered, 0))
      AND e.applied = 1
      AND e.effect_id > coalesce((SELECT upto FROM marks WHERE ledger = 'effects'), 0);
"""

SWEPT = """
-- The second sweep: along the offsets of each partition.
CREATE TEMP TABLE offsets AS
WITH steps AS (
    SELECT partition, at, sum(step * (what = 'readable')) AS readable,
           sum(step * (what = 'aborted')) AS aborted,
           sum(step * (what = 'applied')) AS applied,
           sum(step * (what IN ('applied', 'suppressed'))) AS delivered
    FROM offset_edges GROUP BY partition, at
)
SELECT partition, at AS first, lead(at) OVER axis AS next, sum(readable) OVER axis AS readable,
       sum(aborted) OVER axis AS aborted, sum(applied) OVER axis AS applied,
       sum(delivered) OVER axis AS delivered
FROM steps WINDOW axis AS (PARTITION BY partition ORDER BY at);

-- Effects of aborted records, as ranges of events. Nearly always none.
CREATE TEMP TABLE aborted_reads AS
SELECT r.slot, r.first + max(o.first, r.first_offset) - r.first_offset AS first,
       r.first + min(o.next, r.first_offset + r.next - r.first) - r.first_offset AS next,
       o.applied, o.delivered - o.applied AS suppressed
FROM (SELECT * FROM offsets WHERE aborted > 0 AND delivered > 0) o
CROSS JOIN records r
WHERE r.what = 'aborted' AND r.partition = o.partition AND r.first_offset < o.next
      AND r.first_offset + r.next - r.first > o.first;

-- Of removed records: those whose appender has ended without their acknowledgement.
CREATE TEMP TABLE removed_unacked AS
WITH appended AS (
    SELECT incarnation, slot, at AS first, lead(at) OVER axis AS next, sum(step) OVER axis AS depth
    FROM append_edges WINDOW axis AS (PARTITION BY incarnation, slot ORDER BY at)
)
SELECT slot, max(first, acked_next) AS first, next, depth
FROM appended JOIN ended USING (incarnation) WHERE depth > 0 AND next > acked_next;

CREATE TEMP TABLE intervals AS
WITH spans(slot, first, next, what) AS (
    SELECT slot, 0, offered, 'offered' FROM slots
    UNION ALL
    SELECT slot, 0, position, 'passed' FROM slots
    UNION ALL
    SELECT slot, first, next, 'open' FROM open_positions
    UNION ALL
    -- Readable records that no committed offset has passed.
    SELECT slot, first + max(0, coalesce(next_offset, 0) - first_offset), next, 'ahead'
    FROM records LEFT JOIN committed USING (partition)
    WHERE coalesce(next_offset, 0) < first_offset + next - first AND what = 'readable'
    UNION ALL
    SELECT r.slot, r.first + max(o.first, first_offset) - first_offset,
           r.first + min(o.next, first_offset + r.next - r.first) - first_offset, 'open'
    FROM open_offsets o JOIN records r USING (partition)
    WHERE o.first < r.first_offset + r.next - r.first AND o.next > r.first_offset
    UNION ALL
    -- Never acknowledged, and never to be: the appender has ended.
    SELECT slot, max(first, acked_next), next, 'unacked'
    FROM records CROSS JOIN ended USING (incarnation)
    WHERE next > acked_next AND what = 'readable'
),
edges(slot, at, what, step) AS (
    SELECT slot, first, what, 1 FROM spans WHERE first < next
    UNION ALL
    SELECT slot, next, what, -1 FROM spans WHERE first < next
    UNION ALL
    SELECT slot, first, 'applied', -applied FROM aborted_reads WHERE first < next
    UNION ALL
    SELECT slot, next, 'applied', applied FROM aborted_reads WHERE first < next
    UNION ALL
    SELECT slot, first, 'suppressed', -suppressed FROM aborted_reads WHERE first < next
    UNION ALL
    SELECT slot, next, 'suppressed', suppressed FROM aborted_reads WHERE first < next
    UNION ALL
    SELECT slot, first, 'unacked', depth FROM removed_unacked WHERE first < next
    UNION ALL
    SELECT slot, next, 'unacked', -depth FROM removed_unacked WHERE first < next
    UNION ALL
    SELECT slot, at, what, step FROM event_edges
),
steps AS (
    SELECT slot, at,
           sum(CASE what WHEN 'offered' THEN step ELSE 0 END) AS offered,
           sum(CASE what WHEN 'passed' THEN step ELSE 0 END) AS passed,
           sum(CASE what WHEN 'open' THEN step ELSE 0 END) AS open,
           sum(CASE what WHEN 'readable' THEN step ELSE 0 END) AS readable,
           sum(CASE WHEN what IN ('waiting', 'waiting output') THEN step ELSE 0 END) AS waiting,
           sum(CASE what WHEN 'aborted' THEN step ELSE 0 END) AS aborted,
           sum(CASE what WHEN 'ahead' THEN step ELSE 0 END) AS ahead,
           sum(CASE what WHEN 'unacked' THEN step ELSE 0 END) AS unacked,
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
           sum(ahead) OVER axis AS ahead, sum(unacked) OVER axis AS unacked,
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
       applied + output - aborted_outputs AS effects, readable, unacked, output, suppressed,
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
           + (SELECT coalesce(sum((next - first) * applied), 0) FROM aborted_reads)
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
       coalesce(sum(length * (fate = 'delivered' AND readable > 0 AND unacked >= readable)), 0)
           AS recovered,
       (SELECT coalesce(-sum(step * at), 0) FROM event_edges
        WHERE what IN ('aborted', 'aborted output')) AS aborted_attempts,
       coalesce(sum(length * aborted_outputs), 0)
           + (SELECT coalesce(sum((next - first) * applied), 0) FROM aborted_reads)
           AS aborted_reads,
       (SELECT coalesce(sum(count), 0) FROM phantoms) AS phantoms
FROM intervals;
"""

INTERVALS = "SELECT slot, first, next, effects FROM intervals ORDER BY slot, first"
