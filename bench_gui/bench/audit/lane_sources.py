"""Which file says what in which lane: one place for the differences between lanes. Read only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench_gui.bench.audit.blocked import BlockedTime
from bench_gui.bench.audit.columns import Ints, Rows, no_rows
from bench_gui.bench.audit.ledger_reader import (
    ADVANCE,
    COMMITS_SQL,
    EFFECT,
    LINK,
    POSITIONS_SQL,
    SINK_COMMITS_SQL,
    AdvanceReader,
    EffectReader,
    LedgerFile,
)
from bench_gui.bench.audit.log_reader import LogNews, LogReader
from bench_gui.bench.read_marks import ReadMarks
from workers.files import CLICKS, COUNTERS_GROUP, RESULTS, SOURCES, SOURCES_GROUP, LaneFiles
from workers.lanes import Lane, Result
from workers.policies import OffsetsHome


@dataclass(frozen=True, slots=True)
class LaneEffects:
    """New effects of a lane.

    Fields:
        effects: rows of ledger_reader.EFFECT; `first_offset` is -1 for an output topic.
        links: the counters at the same moment, rows of ledger_reader.LINK.
        output: what the output topic's read found, None for a counter.
        more: whether there are more to read at once.
    """

    effects: Rows
    links: Rows
    output: LogNews | None
    more: bool

    def all_before(self, at_ns: int) -> bool:
        """Whether all of them and not the last ones there are lie before a moment (monotonic)."""
        return self.more and bool((self.effects["effect_ns"] < at_ns).all())


class LaneSources:
    """New rows of one lane's files, since the last call of each method. All raise ReadLater."""

    def __init__(self, lane: Lane, files: LaneFiles, slots: int, partitions: int) -> None:
        clicks, results, sink = (
            LedgerFile(path) for path in (files.clicks, files.results, files.sink)
        )
        self._files = [clicks, results, sink]
        self._clicks = LogReader(clicks, CLICKS, partitions)
        self._slots, self._partitions = slots, partitions
        self._transactional = lane.producer.transactional
        self._offsets = lane.consumer.offsets
        if lane.producer.transactional:
            self._sources = [AdvanceReader(clicks, COMMITS_SQL, SOURCES_GROUP, SOURCES)]
        else:
            self._sources = [self._positions(files, slot) for slot in range(slots)]
        self._sources_read = 0
        self._advances = [no_rows(ADVANCE)]
        if lane.consumer.offsets is OffsetsHome.SINK:
            self._commits = AdvanceReader(sink, SINK_COMMITS_SQL)
        else:
            self._commits = AdvanceReader(results, COMMITS_SQL, COUNTERS_GROUP, CLICKS)
        self._sink = EffectReader(sink)
        output = lane.result is Result.OUTPUT_TOPIC
        self._output = LogReader(results, RESULTS, partitions) if output else None
        self.blocked = BlockedTime(results) if lane.consumer.two_phase else None
        """Where transactions are prepared."""

    def _positions(self, files: LaneFiles, slot: int) -> AdvanceReader:
        file = LedgerFile(files.positions(slot))
        self._files.append(file)
        return AdvanceReader(file, POSITIONS_SQL, slot)

    def sources(self) -> Rows:
        """Advances of source positions; `line` is the slot. Rows of slots unknown are left out.

        What one file gave is kept for the next call when another cannot be read just now.
        """
        for reader in self._sources[self._sources_read :]:
            self._advances.append(reader.read())
            self._sources_read += 1
        found, self._advances, self._sources_read = self._advances, [no_rows(ADVANCE)], 0
        return _within(np.concatenate(found), self._slots)

    @property
    def more_sources(self) -> bool:
        """Whether there are more advances to read at once."""
        return any(reader.more for reader in self._sources)

    @property
    def more_commits(self) -> bool:
        """Whether there are more commits to read at once."""
        return self._commits.more

    def commits(self) -> Rows:
        """Commits of consumed offsets; `line` is the partition."""
        return _within(self._commits.read(), self._partitions)

    def clicks(self) -> LogNews:
        """The input topic."""
        return self._clicks.read()

    @property
    def log_ends(self) -> Ints:
        """High watermark of each input partition as read so far."""
        return self._clicks.ends

    @property
    def stable_ends(self) -> Ints:
        """Last stable offset of each input partition as read so far."""
        return self._clicks.stable_ends

    def effects(self) -> LaneEffects:
        """The sink's ledger, or the output topic."""
        if self._output is None:
            sink = self._sink.read()
            return LaneEffects(sink.effects, sink.links, None, sink.more)
        news = self._output.read()
        return LaneEffects(_as_effects(news.readable), no_rows(LINK), news, news.more)

    def marks(self, at_ns: int, offered: Ints, passed_for_good: Ints) -> ReadMarks:
        """Up to where each ledger was read.

        Args:
            passed_for_good: see `ReadMarks.offsets`.
        """
        sources = tuple(reader.last for reader in self._sources)
        in_sink = self._offsets is OffsetsHome.SINK
        return ReadMarks(
            at_ns=at_ns,
            offered=tuple(offered.tolist()),
            offsets=tuple(np.minimum(self._clicks.ends, passed_for_good).tolist()),
            effects=self._sink.last,
            source_commits=sources[0] if self._transactional else 0,
            commits=0 if in_sink else self._commits.last,
            sink_commits=self._commits.last if in_sink else 0,
            positions=() if self._transactional else sources,
        )

    def close(self) -> None:
        """Closes the files."""
        for file in self._files:
            file.close()


def _within(advances: Rows, lines: int) -> Rows:
    return advances[(advances["line"] >= 0) & (advances["line"] < lines)]


def _as_effects(batches: Rows) -> Rows:
    """Output records are effects from when their transaction was committed."""
    effects = np.empty(len(batches), dtype=EFFECT)
    for field in ("incarnation", "source", "first_sequence", "count", "partition"):
        effects[field] = batches[field]
    effects["row_id"], effects["first_offset"], effects["applied"] = 0, -1, 1
    effects["effect_ns"] = batches["committed_ns"]
    return effects[np.argsort(effects["effect_ns"], kind="stable")]
