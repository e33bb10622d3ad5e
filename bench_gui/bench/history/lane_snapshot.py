"""A lane's files as they stood at one moment, as the operations of its clients. Read only.

The files are opened consequences first, so that whatever a consumer is said to have polled was
sent by somebody in the same history, also while the lane's workers go on. Everything is read as it
is asked for: a lane may hold more events than memory.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.history import history_sql as sql
from bench_gui.bench.history.operations import Commit, Poll, Send, Stretch
from bench_gui.bench.history.polls import (
    Delivered,
    Wrote,
    commits_of,
    polls_of_effects,
    polls_of_transactions,
)
from bench_gui.bench.history.sends import Advanced, Appended, RequestLost, Sends, SourceRow
from bench_gui.bench.plan import lane_directory
from bench_gui.bench.records.lane_file import LaneFile, Row, require_files
from bench_gui.bench.records.removed_rows import removed_below
from bench_gui.bench.records.stored_processes import Process, processes_of
from bench_gui.bench.records.stored_run import StoredRun
from bench_gui.bench.snapshot import FaultReport
from workers.files import CLICKS, COUNTERS_GROUP, RESULTS, LaneFiles
from workers.lanes import Result, Role, lane_of
from workers.policies import OffsetsHome


class NoLaneData(EnvironmentProblem):
    """The lanes' own databases were not kept."""


class LaneSnapshot:
    """One lane of a run.

    Fields:
        producers, consumers, partitions: how many of each.
        start_ns: the sources' start; started_at: the run's, ISO-8601.
        processes: by incarnation. faults: of this lane, by number.
    """

    def __init__(self, run_dir: Path, slug: str) -> None:
        """Raises EnvironmentProblem: no run, no such lane, its data was not kept, unreadable."""
        self._stack = ExitStack()
        self.lane = lane_of(slug)
        files = LaneFiles(lane_directory(run_dir, slug))
        if not files.clicks.is_file():
            raise NoLaneData(
                f"{run_dir}: the lanes' databases were not kept; run with --keep-data to export "
                "a history"
            )
        require_files(self.lane, files)
        self._sink = self._open(files.sink)
        self._results = self._open(files.results)
        self._clicks = self._open(files.clicks)
        self._longest: int | None = None
        self._read_run(run_dir)
        self._networks = [self._open(files.network(slot)) for slot in range(self.producers)]
        self._positions = [self._open(files.positions(slot)) for slot in range(self.producers)]
        self._check_whole(files)

    def _check_whole(self, files: LaneFiles) -> None:
        """Last of all: what removes rows says so first."""
        if removed_below(files):
            raise EnvironmentProblem(
                f"old rows of lane {self.lane.slug} were removed (--retention), and a history "
                "needs all of them; run again with --retention all"
            )

    def _open(self, path: Path) -> LaneFile:
        file = LaneFile(path)
        self._stack.callback(file.close)
        return file

    def _read_run(self, run_dir: Path) -> None:
        run = StoredRun(run_dir)
        self._stack.callback(run.close)
        settings = run.settings
        self.producers, self.consumers = settings.producers, settings.consumers
        self.partitions, self.rate_eps = settings.partitions, settings.rate_eps
        self.start_ns: int = run.columns["start_ns"]
        self.started_at: str = run.columns["started_at"]
        self.processes = processes_of(run, self.lane.slug)
        self.faults = [fault for fault in run.faults() if fault.lane == self.lane.slug]

    def close(self) -> None:
        """Closes the files."""
        self._stack.close()

    @property
    def has_output(self) -> bool:
        """Whether its results are in the output topic."""
        return self.lane.result is Result.OUTPUT_TOPIC

    def of_slot(self, role: Role, slot: int) -> list[Process]:
        """The slot's processes in their order."""
        wanted = (role.value, slot)
        found = [p for p in self.processes.values() if (p.worker.role, p.worker.slot) == wanted]
        return sorted(found, key=lambda process: process.worker.generation)

    def nemesis(self) -> list[FaultReport]:
        """The faults that hit something."""
        return [fault for fault in self.faults if fault.pid is not None]

    # producers

    def sends(self, slot: int) -> Iterator[Send]:
        """What the producer slot sent, in the order of the ends."""
        retries = self.lane.producer.retries
        rows = [self._appended(slot), self._requests_lost(slot)]
        if not self.lane.producer.transactional:
            advanced = self._advanced(slot)
            rows = [*rows, advanced] if retries else [advanced, *rows]
        in_time = heapq.merge(*rows, key=lambda row: row.at_ns)
        return Sends(slot, self.processes, retries=retries).of(in_time)

    def _appended(self, slot: int) -> Iterator[SourceRow]:
        for row in self._clicks.rows(sql.BATCHES_OF_SOURCE, CLICKS, slot, table="batches"):
            at_ns, incarnation, *place, transaction, state, decided_ns = row
            partition, offset, first_sequence, count = place
            stretch = Stretch(partition, offset, slot, first_sequence, count)
            yield Appended(at_ns, incarnation, stretch, transaction, state, decided_ns)

    def _advanced(self, slot: int) -> Iterator[SourceRow]:
        rows = self._positions[slot].rows(sql.POSITIONS, table="positions")
        return (Advanced(*row) for row in rows)

    def _requests_lost(self, slot: int) -> Iterator[SourceRow]:
        rows = self._networks[slot].rows(sql.REQUESTS_LOST, slot, table="losses")
        return (RequestLost(*row) for row in rows)

    # consumers

    def polls(self, slot: int) -> Iterator[Poll]:
        """What the consumer slot delivered, in the order of the ends."""
        if self.has_output:
            return polls_of_transactions(self._wrote(slot), self.processes)
        return polls_of_effects(self._delivered(slot))

    def _incarnations(self, slot: int) -> str:
        return json.dumps([p.worker.incarnation for p in self.of_slot(Role.CONSUMER, slot)])

    def _delivered(self, slot: int) -> Iterator[Delivered]:
        rows = self._sink.rows(sql.EFFECTS, self._incarnations(slot), table="effects")
        for incarnation, fetched_ns, at_ns, partition, offset, *events, applied in rows:
            source, first, count = events
            stretch = Stretch(partition, offset, source, first, count, bool(applied))
            yield Delivered(incarnation, fetched_ns, at_ns, stretch)

    def _wrote(self, slot: int) -> Iterator[Wrote]:
        incarnations = self._incarnations(slot)
        reached: dict[int, int] = {}
        for row in self._results.rows(sql.OUTPUTS, RESULTS, incarnations, table="batches"):
            incarnation, at_ns, *place, transaction, state, decided_ns = row
            sent = Stretch(*place)
            polled = self._polled(sent, reached.get(sent.partition, 0))
            if state == "committed":
                reached[sent.partition] = polled.first_offset + polled.count
            yield Wrote(incarnation, at_ns, polled, sent, transaction, state, decided_ns)

    def _polled(self, sent: Stretch, reached: int) -> Stretch:
        """The input that an output batch was made from: of a source's events in the same partition.

        Where the log holds them more than once, the first record not read yet.
        """
        if self._longest is None:
            self._longest = self._index_places()
        wanted = (sent.partition, sent.source, sent.first_sequence, self._longest)
        offsets = [row[0] for row in self._clicks.rows(sql.PLACES_OF, *wanted, table="batches")]
        ahead = [offset for offset in offsets if offset >= reached]
        offset = (ahead or offsets[-1:] or [-1])[0]
        return Stretch(sent.partition, offset, sent.source, sent.first_sequence, sent.count)

    def _index_places(self) -> int:
        """Makes the input topic's records findable by event. Returns: the longest batch."""
        self._clicks.make_temporary(sql.PLACES, CLICKS)
        self._clicks.make_temporary(sql.PLACES_INDEX)
        (longest,) = next(self._clicks.rows(sql.LONGEST, table="batches"))
        return int(longest)

    def commits(self, slot: int) -> Iterator[Commit]:
        """The offsets that the consumer slot committed."""
        incarnations = self._incarnations(slot)
        if self.lane.consumer.offsets is OffsetsHome.SINK:
            rows = self._sink.rows(sql.SINK_COMMITS, incarnations, table="offset_commits")
        else:
            group = (incarnations, COUNTERS_GROUP, CLICKS)
            rows = self._results.rows(sql.LOG_COMMITS, *group, table="offset_commits")
        return commits_of(_four(row) for row in rows)

    # everyone

    def committed_output(self) -> Iterator[Stretch]:
        """What a read_committed reader of the output topic reads, partition by partition."""
        rows = self._results.rows(sql.COMMITTED_OUTPUT, RESULTS, table="batches")
        return (Stretch(*row) for row in rows)

    def aborted(self, topic: str) -> Iterator[tuple[int, int, int]]:
        """Records of aborted transactions: (partition, first offset, count), in order."""
        log = self._clicks if topic == CLICKS else self._results
        return ((row[0], row[1], row[2]) for row in log.rows(sql.ABORTED, topic, table="batches"))


def _four(row: Row) -> tuple[int, int, int, int]:
    incarnation, at_ns, partition, offset = row
    return incarnation, at_ns, partition, offset
