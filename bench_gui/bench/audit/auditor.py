"""Counts one lane from its files while its workers write them. Writes nothing.

One `poll` is one round: ends and marks (handed in), positions, log, effects, judgement. The
order makes losses certain (docs/DESIGN.md, "What is counted, and in which order it is read"). A
round in which a file could not be read judges nothing; the next round goes on from there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields

import numpy as np

from bench_gui.bench.audit.append_audit import AppendAudit
from bench_gui.bench.audit.attribution import FaultEffects
from bench_gui.bench.audit.click_tally import ClickTally
from bench_gui.bench.audit.columns import Ints, Mask
from bench_gui.bench.audit.committed_reader import CommittedReader
from bench_gui.bench.audit.effect_audit import EffectAudit
from bench_gui.bench.audit.growing_table import LIVE_PACKING, Packing
from bench_gui.bench.audit.lane_sources import LaneEffects, LaneSources
from bench_gui.bench.audit.lane_tables import LaneTables
from bench_gui.bench.audit.ledger_reader import ReadLater
from bench_gui.bench.audit.loss_audit import LossAudit
from bench_gui.bench.audit.offered import Offered
from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.incarnations import FaultMark, IncarnationEnd
from bench_gui.bench.metrics import LatencyHistogram
from bench_gui.bench.read_marks import ReadMarks
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import AnomalyRange, LaneCounts, LinkClicks, PartitionState
from workers.events import Timetable
from workers.files import LaneFiles
from workers.lanes import Lane, Result

SourcesEnd = Callable[[], int | None]
"""When the sources stop, monotonic ns, exclusive; None while that is not known."""

READERS_COUNTS = frozenset({"committed_reads", "dirty_reads"})
"""Of the reader that goes along with a live count; a count of what is over has none."""
FINAL_TRIES = 50
FINAL_PACKING = Packing(chunks=512)
"""About 100 MB: all rows come at once, and packing takes time."""
FINAL_PAUSE_S = 0.1


class LaneAuditor:
    """The running count of one lane."""

    def __init__(
        self,
        lane: Lane,
        files: LaneFiles,
        settings: RunSettings,
        timetable: Timetable,
        reader: CommittedReader | None = None,
        packing: Packing = LIVE_PACKING,
        *,
        since_append: bool = False,
    ) -> None:
        """The files need not exist yet.

        Args:
            reader: of the output topic, to go along with the rounds of a live count.
            packing: how much of what is known stays unpacked.
            since_append: whether the time from append to effect is measured too.
        """
        output = lane.result is Result.OUTPUT_TOPIC
        slots = settings.producers
        clicks = ClickTally(settings.seed, slots, counters=not output)
        offered = Offered(timetable, slots)
        self._tables = LaneTables(
            lane, offered, settings.partitions, clicks, packing, since_append=since_append
        )
        self._appends = AppendAudit(self._tables)
        self._losses = LossAudit(self._tables)
        self._effects = EffectAudit(self._tables, output=output)
        self.directory = files.directory
        self._files = LaneSources(lane, files, slots, settings.partitions)
        self._reader = reader
        self._effects_read: LaneEffects | None = None
        """Read and not taken yet."""
        self._contradiction: str | None = None
        self._partitions = self._partitions_now()
        self._latest_ns = 0
        self.total_histogram = LatencyHistogram()
        """Latencies, effect time minus due time, up to the last `take_bucket_histogram`."""

    # rounds

    def poll(
        self,
        ended: Mapping[int, IncarnationEnd],
        now_ns: int,
        sources_end: SourcesEnd,
        marks: Iterable[FaultMark] = (),
    ) -> bool:
        """One audit round.

        Args:
            ended: the incarnations known to have ended, by number, read before this call; those of
                earlier calls may be left out.
            now_ns: a time not later than now, on the monotonic clock.
            sources_end: asked after the ledgers were read, when the sources stop. The end is only
                ever moved ahead of the clock, so no later end can lie before what was read.
            marks: faults that hit living processes, each handed in once. They explain and decide
                nothing, so it does not matter how late they come.

        Returns: False when a file could not be read just now: the round is incomplete, nothing was
        called lost in it, and the next one catches up.
        """
        self._appends.know(self._tables.causes.know(ended, marks))
        try:
            self._read_round(now_ns, sources_end)
        except ReadLater:
            return False
        self._losses.judge()
        self._partitions = self._partitions_now()
        self._tables.causes.resolve(final=False)
        self._tables.rest()
        return True

    def _read_round(self, now_ns: int, sources_end: SourcesEnd) -> None:
        self._read_positions()
        self._read_log(now_ns, sources_end)
        self._read_effects()
        self._losses.settle(self._files.log_ends, self._tables.offered.counts)
        if self._tables.append_times is not None:
            self._tables.append_times.forget_below(self._losses.passed_for_good())
        if self._files.blocked is not None:
            self._files.blocked.read(now_ns)
        if self._reader is not None:
            self._reader.read()

    def _read_positions(self) -> None:
        more = True
        while more:
            sources = self._files.sources()
            self._see(sources["at_ns"])
            self._losses.take_sources(sources)
            more = self._files.more_sources
        more = True
        while more:
            self._losses.take_commits(self._files.commits())
            more = self._files.more_commits

    def _read_log(self, now_ns: int, sources_end: SourcesEnd) -> None:
        """Piece by piece, and after each piece what else there is of its time.

        What is known of an event is then asked for in one go, while it is unpacked.
        """
        more = True
        while more:
            news = self._files.clicks()
            self._see(news.readable["appended_ns"])
            self._tables.offered.advance(max(now_ns, self._latest_ns + 1), sources_end())
            self._appends.take(news)
            more = news.more
            if more:
                self._read_effects(news.before_ns)
                self._losses.settle(self._files.log_ends, self._appends.furthest)
                self._losses.sift()
            self._tables.rest()

    def _see(self, times_ns: Ints) -> None:
        """A ledger written at a time proves that the time has come."""
        self._latest_ns = max(self._latest_ns, int(times_ns.max(initial=0)))

    def _read_effects(self, before_ns: int | None = None) -> None:
        """All there are; or those before a moment up to which the log was read.

        What was read together with later ones is kept. More may have been written since, so in the
        end it is never what was read last.
        """
        more = True
        while more:
            kept = self._effects_read
            found = self._effects_read = kept or self._files.effects()
            if before_ns is not None and not found.all_before(before_ns):
                return
            self._effects_read, more = None, found.more or kept is not None
            self._take_effects(found)
            self._tables.rest()

    def _take_effects(self, found: LaneEffects) -> None:
        if found.output is not None:
            self._appends.wait(found.output)
            self._tables.totals.aborted_attempts += int(found.output.aborted["count"].sum())
        self._effects.take(found.effects)
        self._tables.clicks.show(found.links)

    def finish(self) -> None:
        """After the drain and the last `poll`: judges what was held back until now."""
        self._effects.finish()
        self._tables.causes.resolve(final=True)
        if self._reader is not None:
            self._contradiction = self._reader.disagreement()

    def close(self) -> None:
        """Closes the files."""
        self._files.close()
        if self._reader is not None:
            self._reader.close()

    # results

    def counts(self) -> LaneCounts:
        """The totals as of the last poll."""
        totals = self._tables.totals
        offered = int(self._tables.offered.counts.sum())
        lost = totals.lost_before_log + totals.lost_after_log
        return LaneCounts(
            offered=offered,
            appended=totals.appended,
            delivered_unique=totals.delivered,
            effects=totals.effects,
            lost_before_log=totals.lost_before_log,
            lost_after_log=totals.lost_after_log,
            duplicates=totals.duplicates,
            duplicates_in_log=totals.duplicates_in_log,
            redelivered=totals.redelivered,
            suppressed=totals.suppressed,
            in_flight=offered - totals.delivered - lost + totals.contradictions,
            recovered=totals.recovered,
            aborted_attempts=totals.aborted_attempts,
            aborted_reads=totals.aborted_reads,
            phantoms=totals.phantoms,
            committed_reads=self._reader.committed_reads if self._reader else 0,
            dirty_reads=self._reader.dirty_reads if self._reader else 0,
            unattributed=self._tables.causes.unattributed,
            counter_error=self._tables.clicks.error(),
        )

    def lag(self) -> int:
        """Records that are readable and not yet covered by a committed offset."""
        return self._losses.lag()

    def partitions(self) -> tuple[PartitionState, ...]:
        """The log's partitions as the last complete poll found them: one that broke off may have
        read commits of records that it did not read."""
        return self._partitions

    def _partitions_now(self) -> tuple[PartitionState, ...]:
        ends, stable = self._files.log_ends, self._files.stable_ends
        columns = (ends.tolist(), stable.tolist(), self._losses.committed.tolist())
        rows = enumerate(zip(*columns, strict=True))
        return tuple(PartitionState(partition, *offsets) for partition, offsets in rows)

    def links(self, lines: int) -> tuple[LinkClicks, ...]:
        """The links clicked most, `lines` of them, and all others together."""
        return self._tables.clicks.most_clicked(lines)

    def blocked_ns(self) -> tuple[int, int]:
        """For how long transactions stood prepared, in all and the longest; 0 where none is."""
        blocked = self._files.blocked
        return (0, 0) if blocked is None else (blocked.total_ns, blocked.longest_ns)

    def take_bucket_histogram(self) -> LatencyHistogram:
        """Latencies of the events delivered since the last call; adds them to the total."""
        bucket, self._effects.latency = self._effects.latency, LatencyHistogram()
        self.total_histogram.merge(bucket)
        return bucket

    @property
    def since_append(self) -> LatencyHistogram:
        """From append to effect so far, of the events whose latencies are measured."""
        return self._effects.since_append

    def leave_out_latencies_before(self, due_ns: int) -> None:
        """Events due before `due_ns` (monotonic) are counted as all others and not measured."""
        self._effects.measured_from_ns = max(1, due_ns)

    def new_anomalies(self) -> list[AnomalyRange]:
        """Anomalies whose cause has become known since the last call, as contiguous ranges."""
        return self._tables.causes.take()

    def caused(self) -> dict[int, FaultEffects]:
        """What each fault has caused so far, by fault id."""
        return self._tables.causes.caused

    def check_counters(self) -> str | None:
        """One sentence when the counters are not the sum of the applied effects."""
        return self._tables.clicks.disagreement()

    @property
    def contradiction(self) -> str | None:
        """One sentence when an event that was called lost was delivered afterwards, or when the
        reader of the output topic was not shown just what is there in the end."""
        return self._effects.contradiction or self._contradiction

    def marks(self, at_ns: int) -> ReadMarks:
        """Up to where the ledgers were read, after a complete poll that began at `at_ns`."""
        return self._files.marks(at_ns, self._tables.offered.counts, self._losses.passed_for_good())

    # event by event

    def offered(self) -> Ints:
        """Events of each slot, (slots,) int64."""
        return self._tables.offered.counts.copy()

    def effects(self, slot: int) -> Ints:
        """How often each event of the slot was applied, (offered,)."""
        return self._of_slot("effects", slot)

    def appended(self, slot: int) -> Ints:
        """How many readable records each event of the slot has, (offered,)."""
        return self._of_slot("appended", slot)

    def lost(self, slot: int) -> Mask:
        """Which events of the slot are certainly lost, (offered,) bool."""
        lost: Mask = self._of_slot("lost", slot) != 0
        return lost

    def _of_slot(self, column: str, slot: int) -> Ints:
        count = int(self._tables.offered.counts[slot])
        return self._tables.events.line(column, slot, 0, count).astype(np.int64)


def final_count(
    lane: Lane,
    files: LaneFiles,
    settings: RunSettings,
    timetable: Timetable,
    ended: Mapping[int, IncarnationEnd],
    *,
    now_ns: int,
    sources_end: SourcesEnd,
    marks: Iterable[FaultMark] = (),
) -> LaneAuditor:
    """Counts a drained lane again, from the first row of every file.

    Raises EnvironmentProblem when a file cannot be read.
    """
    auditor = LaneAuditor(lane, files, settings, timetable, packing=FINAL_PACKING)
    poll_until_complete(auditor, ended, now_ns, sources_end, marks)
    return auditor


def poll_until_complete(
    auditor: LaneAuditor,
    ended: Mapping[int, IncarnationEnd],
    now_ns: int,
    sources_end: SourcesEnd,
    marks: Iterable[FaultMark],
) -> None:
    """The last poll of a drained lane, and `finish`. Raises EnvironmentProblem as `final_count`."""
    for _ in range(FINAL_TRIES):
        complete = auditor.poll(ended, now_ns, sources_end, marks)
        marks = ()
        if complete:
            auditor.finish()
            return
        time.sleep(FINAL_PAUSE_S)
    auditor.close()
    raise EnvironmentProblem(
        f"the files in {auditor.directory} stay locked; close the program that holds them"
    )


def compare(live: LaneAuditor, final: LaneAuditor) -> str | None:
    """One sentence naming the first difference of two finished counts of one lane, else None."""
    contradiction = live.contradiction
    if contradiction is not None:
        return contradiction
    if not np.array_equal(live.offered(), final.offered()):
        return f"live count and final count offered {live.offered()} and {final.offered()} events"
    for slot in range(len(live.offered())):
        found = _compare_slot(live, final, slot)
        if found is not None:
            return found
    return _compare_totals(live.counts(), final.counts())


def _compare_slot(live: LaneAuditor, final: LaneAuditor, slot: int) -> str | None:
    for what in (LaneAuditor.appended, LaneAuditor.effects, LaneAuditor.lost):
        before, after = what(live, slot), what(final, slot)
        differing = np.flatnonzero(before != after)
        if len(differing):
            first = int(differing[0])
            return (
                f"event {first} of source {slot}: {what.__name__} is {before[first]} in the live "
                f"count and {after[first]} in the final count"
            )
    return None


def _compare_totals(live: LaneCounts, final: LaneCounts) -> str | None:
    for field in fields(LaneCounts):
        if field.name in READERS_COUNTS:
            continue
        before, after = getattr(live, field.name), getattr(final, field.name)
        if before != after:
            return f"{field.name} is {before} in the live count and {after} in the final count"
    return None
