"""A consumer process: fetches records, makes their effects, commits offsets, in its lane's order.

It carries out its lane's actions in their order (`lanes.py`) and leaves each completed step in the
flight recorder. What makes consumers differ is when offsets are committed: before processing
(events in hand are lost with the process), after it (what was processed since the last commit is
processed again), or in one log transaction with the results.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from workers.config import WorkerConfig
from workers.control import ControlPage
from workers.events import RecordCodec
from workers.files import CLICKS, COUNTERS_GROUP
from workers.group_member import GroupMember
from workers.lanes import Action
from workers.log.api import Log
from workers.log.errors import MemberFenced, StaleGeneration
from workers.log.types import Isolation, Offset, ProducerIdentity, TopicPartition
from workers.pieces import Pending
from workers.progress import Progress
from workers.recorder import Recorder
from workers.results import OutputTopic, Results
from workers.sink import CounterSink
from workers.steps import Step
from workers.time_units import SECOND_NS
from workers.wakeup import Ears

IDLE_NS = 50_000_000
DRAIN_NS = 2_000_000
FETCH_RECORDS = 2000


class Consumer:
    """One incarnation of a consumer slot."""

    def __init__(
        self, config: WorkerConfig, clicks: Log, log: Log, recorder: Recorder, control: ControlPage
    ) -> None:
        """`clicks` has the input topic; `log` has the group, the offsets and the output topic."""
        lane = config.lane
        self._lane = lane
        self._incarnation = config.incarnation
        self._clicks = clicks
        self._log = log
        self._recorder = recorder
        self._control = control
        self._policy = lane.lane.consumer
        self._commits_first = self._policy.commits_first
        self._transactional = self._policy.transactional
        self._codec = RecordCodec(lane.seed, lane.payload_bytes)
        self._pending = Pending()
        self._in_transaction = self._offsets_sent = self._stale = False
        self._chunk = self._chunk_size()
        self._identity = self._init_producer(f"{lane.slug}-consumer-{config.slot}")
        self._results = self._open_results()
        self._actions = [self._method(action) for action in self._policy.actions]
        self._ears = Ears([])
        self._member = GroupMember(log, config.slot, lane.session_timeout_ns)
        self._start_over()
        self._recorder.step(Step.GROUP_JOINED, Step.FETCHED)

    def _chunk_size(self) -> int:
        """Events dealt with at once: few enough that a heartbeat is never late for their work."""
        lane = self._lane
        wanted = lane.batch if self._transactional else lane.sink_batch
        longest = wanted if not lane.work_ns else max(1, IDLE_NS // lane.work_ns)
        return min(wanted, longest)

    def _init_producer(self, transactional_id: str) -> ProducerIdentity | None:
        if not self._transactional:
            return None
        return self._log.init_producer(transactional_id, self._incarnation)

    def _open_results(self) -> Results:
        if self._identity is not None:
            return OutputTopic(self._log, self._identity, self._incarnation)
        lane = self._lane
        return CounterSink(
            lane.files.sink,
            lane.durability,
            self._incarnation,
            deduplicates=lane.lane.sink.deduplicates,
        )

    def _method(self, action: Action) -> Callable[[], None]:
        methods: dict[Action, Callable[[], None]] = {
            Action.FETCH: self._fetch,
            Action.PROCESS: self._process,
            Action.COMMIT_OFFSETS: self._commit_offsets,
            Action.BEGIN_TRANSACTION: self._begin_transaction,
            Action.SEND_OFFSETS: self._send_offsets,
            Action.COMMIT_TRANSACTION: self._commit_transaction,
        }
        return methods[action]

    def run(self) -> None:
        """Works until the bench drains the lane and nothing is left to do."""
        while not self._finished():
            try:
                self._keep_membership()
                for action in self._actions:
                    action()
            except StaleGeneration:
                self._stale = True
            except MemberFenced:
                self._rejoin()
        self._member.leave()
        self._results.close()
        self._recorder.step(Step.FINISHED, Step.FINISHED)

    def _finished(self) -> bool:
        """Whether the whole lane is drained, whoever holds which partition meanwhile."""
        if not self._control.draining or self._pending or self._in_transaction:
            return False
        return all(self._drained(partition) for partition in range(self._lane.partitions))

    def _drained(self, partition: int) -> bool:
        _, stable = self._clicks.end_offsets(TopicPartition(CLICKS, partition))
        return self._committed_offset(partition) >= stable

    # membership

    def _start_over(self) -> None:
        """Goes on from the committed offsets of the partitions held now."""
        if self._identity is not None and self._in_transaction:
            self._log.abort_transaction(self._identity)
        self._in_transaction = self._offsets_sent = self._stale = False
        self._pending.clear()
        partitions = self._member.membership.partitions
        committed = {p: self._committed_offset(p) for p in partitions}
        self._progress = Progress(self._lane, committed, time.monotonic_ns())
        self._ears.close()
        self._ears = Ears([self._lane.files.wake(p) for p in partitions])

    def _committed_offset(self, partition: int) -> Offset:
        place = TopicPartition(CLICKS, partition)
        return self._log.committed_offset(COUNTERS_GROUP, place) or Offset(0)

    def _keep_membership(self) -> None:
        """A heartbeat when one is due; takes what is given, gives back what is asked back."""
        if not (self._stale or self._member.heartbeat_due()):
            return
        self._member.heartbeat()
        same = tuple(self._progress.fetched) == self._member.membership.partitions
        asked = self._member.asked_back()
        if self._stale and self._in_transaction:
            self._start_over()
        elif asked or not same:
            self._settle()
            if asked:
                self._member.release(asked)
            self._start_over()
        self._stale = False

    def _rejoin(self) -> None:
        """After being fenced: what was committed ahead is still this process's to deliver."""
        if self._commits_first:
            self._settle()
        self._member.join()
        self._start_over()

    def _settle(self) -> None:
        """Makes safe what is in hand, before the partitions held change."""
        progress = self._progress
        if self._commits_first:
            while self._pending and not progress.to_commit(progress.fetched):
                self._process()
        elif not self._transactional:
            self._commit_reached(progress.processed)
        elif progress.uncommitted:
            self._send()
            self._commit_transaction()

    # fetching and processing

    def _fetch(self) -> None:
        if self._pending:
            return
        for partition in self._progress.fetched:
            self._fetch_partition(partition)
        self._recorder.working()
        if self._pending:
            exposed = 0 if self._commits_first else self._exposed()
            self._recorder.step(Step.FETCHED, self._step_after_fetch(), exposed)
            return
        if not self._commits_first:
            self._progress.skip_invisible()
        if not self._commit_due():
            self._ears.wait(self._patience_ns() / SECOND_NS)

    def _fetch_partition(self, partition: int) -> None:
        place, offset = TopicPartition(CLICKS, partition), self._progress.fetched[partition]
        found = self._clicks.fetch(place, offset, self._fetch_size(), Isolation.READ_COMMITTED)
        for fetched in found.batches:
            self._pending.add(partition, fetched, self._codec.links(fetched.batch.records))
        self._progress.fetched[partition] = found.next_offset

    def _fetch_size(self) -> int:
        records = self._lane.commit_interval_records
        if self._commits_first and records is not None:
            return min(records, FETCH_RECORDS)
        return FETCH_RECORDS

    def _patience_ns(self) -> int:
        if self._control.draining:
            return DRAIN_NS
        if not self._progress.uncommitted:
            return IDLE_NS
        return min(IDLE_NS, max(0, self._progress.rest_ns(time.monotonic_ns())))

    def _process(self) -> None:
        if not self._pending:
            return
        pieces = self._pending.take(self._chunk)
        events = sum(len(piece.links) for piece in pieces)
        if self._lane.work_ns:
            time.sleep(events * self._lane.work_ns / SECOND_NS)
        self._results.apply(pieces, lambda: self._note_applied(events))
        uncommitted = 0 if self._commits_first else events
        self._progress.note_processed(pieces, uncommitted=uncommitted)
        after = Step.EFFECT_APPLIED if self._transactional else Step.SINK_COMMITTED
        self._recorder.step(after, self._step_after_process(), self._exposed())

    def _note_applied(self, events: int) -> None:
        """Between the effects and their commit: the events are still in hand."""
        if not self._transactional:
            in_hand = events if self._commits_first else 0
            exposed = self._exposed() + in_hand
            self._recorder.step(Step.EFFECT_APPLIED, Step.SINK_COMMITTED, exposed)

    def _exposed(self) -> int:
        """Events that a death now would lose, deliver again, or leave to an abort."""
        return len(self._pending) if self._commits_first else self._progress.uncommitted

    def _step_after_fetch(self) -> Step:
        if self._commits_first:
            return Step.OFFSETS_COMMITTED
        if self._transactional and not self._in_transaction:
            return Step.TRANSACTION_BEGUN
        return Step.EFFECT_APPLIED

    def _step_after_process(self) -> Step:
        if self._commits_first or not self._commit_due():
            return self._step_after_commit()
        return Step.OFFSETS_SENT if self._transactional else Step.OFFSETS_COMMITTED

    def _step_after_commit(self) -> Step:
        return Step.EFFECT_APPLIED if self._pending else Step.FETCHED

    # commits

    def _commit_due(self) -> bool:
        progress = self._progress
        if self._control.draining and not self._pending:
            return bool(progress.to_commit(progress.processed))
        return progress.uncommitted > 0 and progress.interval_over(time.monotonic_ns())

    def _commit_offsets(self) -> None:
        if self._commits_first:
            self._commit_reached(self._progress.fetched)
        elif self._commit_due():
            self._commit_reached(self._progress.processed)

    def _commit_reached(self, reached: dict[int, Offset]) -> None:
        offsets = self._progress.to_commit(reached)
        if not offsets:
            return
        membership = self._member.membership
        self._log.commit_offsets(COUNTERS_GROUP, offsets, self._incarnation, membership)
        self._progress.note_committed(reached, time.monotonic_ns())
        self._recorder.step(Step.OFFSETS_COMMITTED, self._step_after_commit(), self._exposed())

    def _begin_transaction(self) -> None:
        if self._in_transaction or not (self._pending or self._commit_due()):
            return
        assert self._identity is not None
        self._log.begin_transaction(self._identity, self._incarnation)
        self._in_transaction = True
        self._recorder.step(Step.TRANSACTION_BEGUN, Step.EFFECT_APPLIED)

    def _send_offsets(self) -> None:
        if self._in_transaction and self._commit_due():
            self._send()

    def _send(self) -> None:
        assert self._identity is not None
        offsets = self._progress.to_commit(self._progress.processed)
        membership = self._member.membership
        self._log.send_offsets_to_transaction(self._identity, COUNTERS_GROUP, offsets, membership)
        self._offsets_sent = True
        self._recorder.step(Step.OFFSETS_SENT, Step.TRANSACTION_COMMITTED, self._exposed())

    def _commit_transaction(self) -> None:
        if not self._offsets_sent:
            return
        assert self._identity is not None
        self._log.commit_transaction(self._identity)
        self._in_transaction = self._offsets_sent = False
        self._progress.note_committed(self._progress.processed, time.monotonic_ns())
        self._recorder.step(Step.TRANSACTION_COMMITTED, self._step_after_commit())
