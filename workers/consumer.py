"""A consumer process: fetches records, makes their effects, commits offsets, in its lane's order.

It carries out its lane's actions in their order (`lanes.py`) and leaves each completed step in the
flight recorder. What makes consumers differ is when offsets are committed: before processing
(events in hand are lost with the process), after it (what was processed since the last commit is
processed again), or in one log transaction with the results.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

from workers.config import WorkerConfig
from workers.control import ControlPage
from workers.events import RecordCodec
from workers.files import CLICKS, COUNTERS_GROUP
from workers.lanes import Action
from workers.log.api import Log
from workers.log.errors import MemberFenced, StaleGeneration
from workers.log.types import Isolation, Membership, Offset, ProducerIdentity, TopicPartition
from workers.pieces import Pending, Piece
from workers.recorder import Recorder
from workers.results import OutputTopic, Results
from workers.sink import CounterSink
from workers.steps import Step
from workers.wakeup import Ears

SECOND_NS = 1_000_000_000
IDLE_S = 0.05
FETCH_RECORDS = 2000
HEARTBEATS_A_SESSION = 4


class Consumer:
    """One incarnation of a consumer slot."""

    def __init__(
        self, config: WorkerConfig, clicks: Log, log: Log, recorder: Recorder, control: ControlPage
    ) -> None:
        """`clicks` has the input topic; `log` has the group, the offsets and the output topic."""
        lane = config.lane
        self._config = config
        self._lane = lane
        self._clicks = clicks
        self._log = log
        self._recorder = recorder
        self._control = control
        self._policy = lane.lane.consumer
        self._codec = RecordCodec(lane.seed, lane.payload_bytes)
        self._pending = Pending()
        self._transaction_open = self._sent = False
        self._identity = self._init_producer()
        self._results = self._open_results()
        self._actions = [self._method(action) for action in self._policy.actions]
        self._ears = Ears([])
        self._join()

    # start and membership

    def _init_producer(self) -> ProducerIdentity | None:
        if not self._policy.transactional:
            return None
        transactional_id = f"{self._lane.slug}-consumer-{self._config.slot}"
        return self._log.init_producer(transactional_id, self._config.incarnation)

    def _open_results(self) -> Results:
        incarnation = self._config.incarnation
        if self._identity is not None:
            return OutputTopic(self._log, self._identity, incarnation)
        lane = self._lane
        deduplicates = self._policy.deduplicates
        return CounterSink(lane.files.sink, lane.durability, incarnation, deduplicates=deduplicates)

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

    def _join(self) -> None:
        self._adopt(self._log.join_group(COUNTERS_GROUP, self._config.slot))
        self._recorder.step(Step.GROUP_JOINED, Step.FETCHED)

    def _adopt(self, membership: Membership) -> None:
        """Starts over from the committed offsets of the partitions held now."""
        self._membership = membership
        self._pending.clear()
        places = {p: TopicPartition(CLICKS, p) for p in membership.partitions}
        self._next = {
            p: self._log.committed_offset(COUNTERS_GROUP, place) or Offset(0)
            for p, place in places.items()
        }
        self._committed = dict(self._next)
        self._done = dict(self._next)
        self._uncommitted = 0
        self._last_commit_ns = self._last_heartbeat_ns = time.monotonic_ns()
        self._ears.close()
        self._ears = Ears([self._lane.files.wake(p) for p in membership.partitions])

    def _keep_membership(self) -> None:
        """A heartbeat when one is due; hands back what is asked back, takes what is given."""
        interval_ns = self._lane.session_timeout_ns // HEARTBEATS_A_SESSION
        if time.monotonic_ns() - self._last_heartbeat_ns < interval_ns:
            return
        self._last_heartbeat_ns = time.monotonic_ns()
        held = self._membership
        membership = self._log.heartbeat(COUNTERS_GROUP, held)
        asked = self._log.partitions_asked_back(COUNTERS_GROUP, membership)
        if membership.partitions == held.partitions and not asked:
            self._membership = membership
            return
        if membership.partitions == held.partitions:
            self._membership = membership
            self._commit_now()
            membership = self._log.release_partitions(COUNTERS_GROUP, membership, asked)
        self._abandon_transaction()
        self._adopt(membership)

    def _refresh(self) -> None:
        """After being fenced: goes on as before if nothing of its own moved, else starts over."""
        held = self._membership
        try:
            membership = self._log.heartbeat(COUNTERS_GROUP, held)
        except MemberFenced:
            self._abandon_transaction()
            self._join()
            return
        if membership.partitions == held.partitions and not self._policy.transactional:
            self._membership = membership
            return
        self._abandon_transaction()
        self._adopt(membership)

    # the cycle

    def run(self) -> None:
        """Works until the bench drains the lane and nothing is left to do."""
        while not self._finished():
            try:
                for action in self._actions:
                    action()
                if not self._pending:
                    self._keep_membership()
            except (StaleGeneration, MemberFenced):
                self._refresh()
        with suppress(MemberFenced):
            self._log.leave_group(COUNTERS_GROUP, self._membership)
        self._recorder.step(Step.FINISHED, Step.FINISHED)

    def _finished(self) -> bool:
        if not self._control.draining or self._pending or self._uncommitted:
            return False
        ends = (self._clicks.end_offsets(TopicPartition(CLICKS, p)) for p in self._next)
        return all(
            offset >= stable for (_, stable), offset in zip(ends, self._next.values(), strict=True)
        )

    def _fetch(self) -> None:
        if self._pending:
            return
        for partition in self._next:
            self._fetch_partition(partition)
        self._recorder.working()
        if self._pending:
            self._recorder.step(Step.FETCHED, self._step_after_fetch(), self._exposed())
        elif not (self._control.draining or (self._uncommitted and self._interval_over())):
            self._ears.wait(self._patience_s())

    def _fetch_partition(self, partition: int) -> None:
        place = TopicPartition(CLICKS, partition)
        offset = self._next[partition]
        found = self._clicks.fetch(place, offset, self._fetch_size(), Isolation.READ_COMMITTED)
        for fetched in found.batches:
            self._pending.add(partition, fetched, self._codec.links(fetched.batch.records))
        self._next[partition] = found.next_offset

    def _fetch_size(self) -> int:
        records = self._lane.commit_interval_records
        if self._policy.commits_first and records is not None:
            return min(records, FETCH_RECORDS)
        return FETCH_RECORDS

    def _patience_s(self) -> float:
        interval_ns = self._lane.commit_interval_ns
        if not self._uncommitted or interval_ns is None:
            return IDLE_S
        rest_ns = self._last_commit_ns + interval_ns - time.monotonic_ns()
        return min(IDLE_S, max(0.0, rest_ns / SECOND_NS))

    def _process(self) -> None:
        if not self._pending:
            return
        pieces = self._pending.take(self._lane.sink_batch)
        events = sum(len(piece.links) for piece in pieces)
        self._work(events)
        self._results.apply(pieces, lambda: self._record_applied(events))
        self._note_done(pieces, events)
        if self._identity is None:
            self._recorder.step(Step.SINK_COMMITTED, self._step_after_process(), self._exposed())

    def _record_applied(self, events: int) -> None:
        before = Step.SINK_COMMITTED if self._identity is None else self._step_after_process()
        self._recorder.step(Step.EFFECT_APPLIED, before, self._exposed() + events)

    def _note_done(self, pieces: list[Piece], events: int) -> None:
        for piece in pieces:
            self._done[piece.partition] = piece.next_offset
        if not self._policy.commits_first:
            self._uncommitted += events

    def _work(self, events: int) -> None:
        if not self._lane.work_ns:
            return
        time.sleep(events * self._lane.work_ns / SECOND_NS)

    # commits

    def _exposed(self) -> int:
        """Events that a death here would lose, deliver again or leave to an abort."""
        return len(self._pending) if self._policy.commits_first else self._uncommitted

    def _step_after_fetch(self) -> Step:
        if self._policy.commits_first:
            return Step.OFFSETS_COMMITTED
        if self._policy.transactional and not self._transaction_open:
            return Step.TRANSACTION_BEGUN
        return Step.EFFECT_APPLIED

    def _step_after_process(self) -> Step:
        if self._policy.commits_first or not self._commit_due():
            return Step.EFFECT_APPLIED if self._pending else Step.FETCHED
        return Step.OFFSETS_SENT if self._policy.transactional else Step.OFFSETS_COMMITTED

    def _interval_over(self) -> bool:
        lane = self._lane
        if lane.commit_interval_records is not None:
            return self._uncommitted >= lane.commit_interval_records
        assert lane.commit_interval_ns is not None
        return time.monotonic_ns() - self._last_commit_ns >= lane.commit_interval_ns

    def _commit_due(self) -> bool:
        if not self._uncommitted:
            return False
        return self._interval_over() or (self._control.draining and not self._pending)

    def _changed_offsets(self, reached: dict[int, Offset]) -> dict[TopicPartition, Offset]:
        return {
            TopicPartition(CLICKS, p): offset
            for p, offset in reached.items()
            if offset != self._committed[p]
        }

    def _commit_offsets(self) -> None:
        if self._policy.commits_first:
            self._commit_reached(self._next)
        elif self._commit_due():
            self._commit_reached(self._done)

    def _commit_reached(self, reached: dict[int, Offset]) -> None:
        offsets = self._changed_offsets(reached)
        if offsets:
            incarnation = self._config.incarnation
            self._log.commit_offsets(COUNTERS_GROUP, offsets, incarnation, self._membership)
        self._note_commit(reached)
        if offsets:
            before = Step.EFFECT_APPLIED if self._pending else Step.FETCHED
            self._recorder.step(Step.OFFSETS_COMMITTED, before, self._exposed())

    def _note_commit(self, reached: dict[int, Offset]) -> None:
        self._committed = dict(reached)
        self._uncommitted = 0
        self._last_commit_ns = time.monotonic_ns()

    def _commit_now(self) -> None:
        """Commits what is done, whatever the interval. Only while nothing is pending."""
        if self._transaction_open and self._uncommitted:
            self._send()
            self._commit()
        elif not self._policy.transactional:
            self._commit_reached(self._done)

    def _begin_transaction(self) -> None:
        if self._transaction_open or not self._pending:
            return
        assert self._identity is not None
        self._log.begin_transaction(self._identity, self._config.incarnation)
        self._transaction_open = True
        self._recorder.step(Step.TRANSACTION_BEGUN, Step.EFFECT_APPLIED, self._exposed())

    def _send_offsets(self) -> None:
        if self._transaction_open and self._commit_due():
            self._send()

    def _send(self) -> None:
        assert self._identity is not None
        offsets = self._changed_offsets(self._done)
        self._log.send_offsets_to_transaction(
            self._identity, COUNTERS_GROUP, offsets, self._membership
        )
        self._sent = True
        self._recorder.step(Step.OFFSETS_SENT, Step.TRANSACTION_COMMITTED, self._exposed())

    def _commit_transaction(self) -> None:
        if self._transaction_open and self._sent:
            self._commit()

    def _commit(self) -> None:
        assert self._identity is not None
        self._log.commit_transaction(self._identity)
        self._transaction_open = self._sent = False
        self._note_commit(self._done)
        before = Step.EFFECT_APPLIED if self._pending else Step.FETCHED
        self._recorder.step(Step.TRANSACTION_COMMITTED, before)

    def _abandon_transaction(self) -> None:
        if self._identity is not None and self._transaction_open:
            self._log.abort_transaction(self._identity)
        self._transaction_open = self._sent = False
