"""A read_committed reader of the output topic while it is written, as a downstream user's would be.

It is a client of the log like any other and reads through the log's public verbs. Afterwards it
checks in the file, in SQL of its own, that it was never shown what read_committed hides: a record
of a transaction that was not committed yet, or only a part of a committed one.

A transaction that spans partitions need not become readable everywhere at once: in one partition it
may stand behind another that is still open. So "only a part" means that a record lay below its
partition's last stable offset before the pass and the pass did not show it, or showed what comes
after it.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np

from bench_gui.bench.audit.columns import Ints, Mask, Rows, expand, no_rows, row_type
from bench_gui.bench.audit.ledger_reader import LedgerFile, ReadLater
from workers.files import RESULTS
from workers.log.api import Log
from workers.log.errors import StorageProblem, UnknownTopicPartition
from workers.log.schema import OFFSET_BITS
from workers.log.sqlite import open_log
from workers.log.types import Isolation, Offset, TopicPartition

FETCH_RECORDS = 5000

SEEN = row_type("partition", "offset", "count", "seen_ns")
"""Records shown, and when the fetch had returned."""
STORED = row_type("partition", "offset", "count", "transaction_id", "ended_ns")
"""`ended_ns`: when the transaction was committed; 0 outside one, UNDECIDED, or ABORTED."""
LIMIT = row_type("partition", "offset")

UNDECIDED, ABORTED = -1, -2

STORED_SQL = f"""
SELECT p.partition, b.position & {(1 << OFFSET_BITS) - 1}, b.count, coalesce(b.transaction_id, 0),
       CASE coalesce(t.state, 'none') WHEN 'none' THEN 0 WHEN 'committed' THEN t.ended_ns
            WHEN 'aborted' THEN {ABORTED} ELSE {UNDECIDED} END
FROM partitions p JOIN batches b
     ON b.position >= coalesce(
            (SELECT max(position) FROM batches
             WHERE position BETWEEN p.partition_id << {OFFSET_BITS}
                            AND (p.partition_id << {OFFSET_BITS}) + ?3),
            p.partition_id << {OFFSET_BITS})
        AND b.position < (p.partition_id + 1) << {OFFSET_BITS}
LEFT JOIN transactions t USING (transaction_id)
WHERE p.topic = ?1 AND p.partition = ?2 ORDER BY b.position
"""
"""From the batch that holds offset ?3 on."""
LIMITS_SQL = """
SELECT partition, coalesce((SELECT min(first_offset) FROM open_partitions o
                            WHERE o.partition_id = p.partition_id), 1 << 40)
FROM partitions p WHERE topic = ?
"""
READABLE_SQL = f"""
SELECT p.partition, coalesce(sum(b.count), 0)
FROM batches b JOIN partitions p ON p.partition_id = b.position >> {OFFSET_BITS}
LEFT JOIN transactions t USING (transaction_id)
WHERE p.topic = ? AND coalesce(t.state, 'committed') = 'committed'
      AND b.position & {(1 << OFFSET_BITS) - 1} < coalesce(
          (SELECT min(first_offset) FROM open_partitions o
           WHERE o.partition_id = p.partition_id), 1 << 40)
GROUP BY p.partition
"""


class CommittedReader:
    """One reader of one lane's output topic, from its beginning.

    Fields:
        committed_reads: records that it was shown.
        dirty_reads: those of them whose transaction was not committed, or was shown only in part.
    """

    def __init__(
        self,
        path: Path,
        partitions: int,
        durability: str,
        clock_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        """`path`: of the log, which need not exist yet; `durability`: as its other clients'."""
        self._path = path
        self._durability = durability
        self._clock_ns = clock_ns
        self._file = LedgerFile(path)
        self._log: Log | None = None
        self._positions: Ints = np.zeros(partitions, dtype=np.int64)
        self._checked = self._positions.copy()
        """Where each partition stood at the last check."""
        self._stable = self._positions.copy()
        """Last stable offset of each partition at the last check."""
        self._seen: list[tuple[int, int, int, int]] = []
        self._incomplete: Counter[int] = Counter()
        """How many records were shown of each transaction not shown whole yet."""
        self._shown = np.zeros(partitions, dtype=np.int64)
        self.committed_reads = self.dirty_reads = 0
        self._problem: str | None = None

    def read(self) -> None:
        """One pass over every partition until nothing more comes, and its check. Raises ReadLater.

        What was shown before a file could not be read is checked with the next pass.
        """
        try:
            self._pass()
        except UnknownTopicPartition:
            return
        except StorageProblem as problem:
            raise ReadLater(str(problem)) from problem
        self._check()

    def close(self) -> None:
        """Closes the file and the log."""
        self._file.close()
        if self._log is not None:
            self._log.close()
            self._log = None

    # the pass: the log's verbs only

    def _pass(self) -> None:
        if self._log is None and self._path.exists():
            self._log = open_log(self._path, self._durability)
        if self._log is not None:
            for partition in range(len(self._positions)):
                self._read_partition(self._log, TopicPartition(RESULTS, partition))

    def _read_partition(self, log: Log, place: TopicPartition) -> None:
        more = True
        while more:
            offset = Offset(int(self._positions[place.partition]))
            found = log.fetch(place, offset, FETCH_RECORDS, Isolation.READ_COMMITTED)
            seen_ns = self._clock_ns()
            self._seen += [
                (place.partition, one.base_offset, one.batch.count, seen_ns)
                for one in found.batches
            ]
            self._positions[place.partition] = found.next_offset
            more = offset < found.next_offset < found.last_stable_offset

    # the check: the file only

    def _check(self) -> None:
        with self._file.snapshot():
            limits = self._file.rows(LIMITS_SQL, (RESULTS,), LIMIT)
            stored = np.concatenate(
                [no_rows(STORED), *map(self._stored, range(len(self._checked)))]
            )
        seen = expand(np.array(self._seen, dtype=SEEN), "offset")
        each = expand(stored, "offset")
        self._judge(each, self._match(each, seen), seen)
        self._seen = []
        self._checked = self._positions.copy()
        self._stable[limits["partition"]] = limits["offset"]

    def _stored(self, partition: int) -> Rows:
        """Batches that hold records from the last check's position on."""
        at = int(self._checked[partition])
        rows = self._file.rows(STORED_SQL, (RESULTS, partition, at), STORED)
        skipped = np.clip(at - rows["offset"], 0, rows["count"])
        rows["offset"] += skipped
        rows["count"] -= skipped
        whole: Rows = rows[rows["count"] > 0]
        return whole

    def _match(self, each: Rows, seen: Rows) -> Ints:
        """When each stored record was shown; 0 where it was not. Says what was shown amiss."""
        keys = _keys(each)
        places = np.searchsorted(keys, _keys(seen))
        known = places < len(keys)
        known[known] = keys[places[known]] == _keys(seen)[known]
        seen_ns = np.zeros(len(each), dtype=np.int64)
        seen_ns[places[known]] = seen["seen_ns"][known]
        strays = len(seen) - int(np.count_nonzero(seen_ns))
        if strays:
            self._say(f"was shown {strays} records twice, or that are not there")
        return seen_ns

    def _judge(self, each: Rows, seen_ns: Ints, seen: Rows) -> None:
        shown: Mask = seen_ns > 0
        committed = each["ended_ns"] >= 0
        dirty = shown & (~committed | (each["ended_ns"] > seen_ns))
        self.committed_reads += len(seen)
        self.dirty_reads += int(np.count_nonzero(dirty))
        np.add.at(self._shown, seen["partition"], 1)
        passed = each["offset"] < self._positions[each["partition"]]
        skipped = passed & ~shown & (each["ended_ns"] != ABORTED)
        if skipped.any():
            self._say(f"was not shown {np.count_nonzero(skipped)} records and what follows them")
        self._judge_transactions(each, shown & ~dirty, skipped, committed & ~shown)

    def _judge_transactions(self, each: Rows, shown: Mask, skipped: Mask, missing: Mask) -> None:
        """Counts the transactions shown in part as dirty, and forgets those shown whole."""
        ids = each["transaction_id"]
        overdue = missing & (each["offset"] < self._stable[each["partition"]])
        late = set(self._incomplete) & set(ids[overdue].tolist())
        numbers, counts = np.unique(ids[shown & (ids > 0)], return_counts=True)
        self._incomplete.update(dict(zip(numbers.tolist(), counts.tolist(), strict=True)))
        partial = (late | set(ids[skipped].tolist())) & set(self._incomplete)
        self.dirty_reads += sum(self._incomplete[number] for number in partial)
        waiting = set(ids[missing].tolist()) - partial
        self._incomplete = Counter(
            {number: count for number, count in self._incomplete.items() if number in waiting}
        )

    def _say(self, what: str) -> None:
        self._problem = self._problem or f"the read_committed reader of the output topic {what}"

    # the end

    def disagreement(self) -> str | None:
        """After the last pass: one sentence unless it was shown every readable record just once."""
        try:
            rows = self._file.rows(READABLE_SQL, (RESULTS,), LIMIT)
        except ReadLater as problem:
            return f"what the reader of the output topic was shown cannot be checked: {problem}"
        readable_in = dict(rows.tolist())
        for partition, shown in enumerate(self._shown.tolist()):
            readable = readable_in.get(partition, 0)
            if shown != readable:
                there = f"{readable} records of partition {partition} are readable"
                self._say(f"was shown {shown} where {there}")
        return self._problem


def _keys(rows: Rows) -> Ints:
    keys: Ints = rows["partition"] << OFFSET_BITS | rows["offset"]
    return keys
