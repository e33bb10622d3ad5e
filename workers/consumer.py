"""A consumer process: fetches records, makes their effects, commits offsets, in its lane's order.

It carries out its lane's actions in their order (`policies.py`) and leaves each completed step in
the flight recorder. What makes consumers differ is when offsets are committed and with what: before
processing (events in hand are lost with the process), after it (what was processed since the last
commit is processed again), in one transaction with the results, or in two prepared ones.
"""

from __future__ import annotations

from collections.abc import Callable

from workers.clock import MONOTONIC, Clock
from workers.config import WorkerConfig
from workers.control import ControlPage
from workers.events import RecordCodec
from workers.files import CLICKS, COUNTERS_GROUP
from workers.group_member import GroupMember
from workers.lanes import Action
from workers.log.api import Log
from workers.log.errors import MemberFenced, StaleGeneration, UnstableOffsets
from workers.log.types import Isolation, Offset, TopicPartition
from workers.outcome import Outcome
from workers.pieces import Pending
from workers.progress import Progress
from workers.recorder import Steps
from workers.sink import SinkFenced
from workers.steps import Step
from workers.time_units import SECOND_NS
from workers.two_phase import RowsLocked, Stage
from workers.wakeup import Ears

IDLE_NS = 50_000_000
DRAIN_NS = 2_000_000
BLOCKED_NS = 1_000_000
"""How long a consumer rests before it asks again whether a doubt is resolved."""
FETCH_RECORDS = 2000


class Consumer:
    """One incarnation of a consumer slot."""

    def __init__(
        self,
        config: WorkerConfig,
        clicks: Log,
        log: Log,
        outcome: Outcome,
        recorder: Steps,
        control: ControlPage,
        clock: Clock = MONOTONIC,
    ) -> None:
        """`clicks` has the input topic; `log` has the group, the offsets and the output topic;
        `outcome` takes results and offsets as the lane's policy says."""
        lane = config.lane
        self._lane = lane
        self._clicks = clicks
        self._log = log
        self._outcome = outcome
        self._recorder = recorder
        self._control = control
        self._clock = clock
        self._incarnation = config.incarnation
        self._policy = lane.lane.consumer
        self._commits_first = self._policy.commits_first
        self._transactional = self._policy.transactional
        self._codec = RecordCodec(lane.seed, lane.payload_bytes)
        self._pending = Pending()
        self._progress = Progress(lane, {}, clock.now_ns())
        self._in_transaction = self._offsets_sent = self._stale = False
        self._must_start_over = True
        self._rest_ns = 0
        self._due: bool | None = None
        self._work_ns = lane.work_ns
        self._chunk = self._chunk_size()
        self._actions = [self._method(action) for action in self._policy.actions]
        self._ears = Ears([])
        if outcome.resolve_in_doubt():
            recorder.step(Step.IN_DOUBT_RESOLVED, Step.GROUP_JOINED)
        self._member = GroupMember(
            log, config.slot, config.incarnation, lane.session_timeout_ns, clock
        )
        self._recorder.step(Step.GROUP_JOINED, Step.FETCHED)

    def _chunk_size(self) -> int:
        """Events dealt with at once: few enough that a heartbeat is never late for their work."""
        lane = self._lane
        wanted = lane.sink_batch if self._outcome.commits_effects else lane.batch
        longest = wanted if not lane.work_ns else max(1, IDLE_NS // lane.work_ns)
        return min(wanted, longest)

    def _method(self, action: Action) -> Callable[[], None]:
        methods: dict[Action, Callable[[], None]] = {
            Action.FETCH: self._fetch,
            Action.PROCESS: self._process,
            Action.COMMIT_OFFSETS: self._commit_offsets,
            Action.BEGIN_TRANSACTION: self._begin_transaction,
            Action.SEND_OFFSETS: self._send_offsets,
            Action.PREPARE_LOG: self._prepare_log,
            Action.PREPARE_SINK: self._prepare_sink,
            Action.DECIDE: self._decide,
            Action.COMMIT_SINK: self._commit_sink,
            Action.COMMIT_TRANSACTION: self._commit_transaction,
        }
        return methods[action]

    def run(self) -> None:
        """Works until the bench drains the lane and nothing is left to do."""
        while (rest_ns := self.cycle()) is not None:
            if rest_ns:
                self._ears.wait(rest_ns / SECOND_NS)

    def cycle(self) -> int | None:
        """One round of the lane's actions.

        Returns: nanoseconds that the process may rest, unless a producer wakes it; 0 to go on at
        once; None when everything is done.
        """
        if self._finished():
            self._end()
            return None
        self._rest_ns = 0
        self._due = None
        try:
            self._keep_membership()
            for action in self._actions:
                action()
        except StaleGeneration:
            self._stale = True
        except (MemberFenced, SinkFenced):
            self._rejoin()
        except (UnstableOffsets, RowsLocked):
            self._rest_ns = BLOCKED_NS
        return self._rest_ns

    def _finished(self) -> bool:
        """Whether the whole lane is drained, whoever holds which partition meanwhile."""
        if not self._control.draining or self._pending.count or self._in_transaction:
            return False
        return all(self._drained(partition) for partition in range(self._lane.partitions))

    def _drained(self, partition: int) -> bool:
        _, stable = self._clicks.end_offsets(TopicPartition(CLICKS, partition))
        return self._outcome.offsets.reached(partition) >= stable

    def _end(self) -> None:
        self._member.leave()
        self._ears.close()
        self._recorder.step(Step.FINISHED, Step.FINISHED)

    # membership

    def _keep_membership(self) -> None:
        """A heartbeat when one is due; takes what is given, gives back what is asked back."""
        if self._stale or self._member.heartbeat_due():
            if self._member.heartbeat():
                self._recorder.step(Step.REBALANCED, self._step_after_commit(), self._exposed())
            if self._stale and self._stage is Stage.OPEN:
                self._offsets_sent = False  # to be sent again with the new generation
            if not self._must_start_over:
                self._follow_assignment()
            self._stale = False
        if self._must_start_over:
            self._start_over()

    def _follow_assignment(self) -> None:
        same = tuple(self._progress.fetched) == self._member.membership.partitions
        asked = self._member.asked_back()
        if same and not asked:
            return
        self._stale = True  # until settled: what is raised meanwhile is tried again
        self._settle()
        if asked:
            self._member.release(asked)
            self._recorder.step(Step.PARTITIONS_RELEASED, Step.FETCHED)
        self._must_start_over = True

    def _rejoin(self) -> None:
        """After being fenced: what was committed ahead is still this process's to deliver."""
        if self._commits_first:
            self._settle()
        self._member.join()
        self._stale = False
        self._must_start_over = True
        self._recorder.step(Step.GROUP_JOINED, Step.FETCHED)

    def _settle(self) -> None:
        """Makes safe what is in hand, before the partitions held change."""
        progress = self._progress
        if self._commits_first:
            while self._pending.count and not progress.to_commit(progress.fetched):
                self._process()
        elif not self._transactional:
            self._commit_reached(progress.processed)
        elif progress.uncommitted:
            if not self._offsets_sent:
                self._send()
            self._finish_transaction()

    def _finish_transaction(self) -> None:
        """The rest of the lane's actions after the offsets are sent."""
        after = self._policy.actions.index(Action.SEND_OFFSETS) + 1
        for action in self._actions[after:]:
            action()

    def _start_over(self) -> None:
        """Goes on from the committed offsets of the partitions held now."""
        self._abandon()
        self._pending.clear()
        partitions = self._member.membership.partitions
        committed = {p: self._outcome.offsets.to_start_from(p) for p in partitions}
        self._progress = Progress(self._lane, committed, self._clock.now_ns())
        self._ears.close()
        self._ears = Ears([self._lane.files.wake(p) for p in partitions])
        self._must_start_over = False

    def _abandon(self) -> None:
        """Ends the transaction in hand: aborted, unless it is decided."""
        if not self._in_transaction:
            return
        if self._stage in {Stage.DECIDED, Stage.SINK_COMMITTED}:
            self._finish_transaction()
            return
        self._outcome.abort()
        self._in_transaction = self._offsets_sent = False
        self._recorder.step(Step.TRANSACTION_ABORTED, Step.FETCHED)

    @property
    def _stage(self) -> Stage:
        return self._outcome.stage

    # fetching and processing

    def _fetch(self) -> None:
        if self._pending.count > 0 or self._stage is not Stage.OPEN:
            return
        for partition in self._progress.fetched:
            self._fetch_partition(partition)
        self._recorder.working()
        if self._pending.count:
            exposed = 0 if self._commits_first else self._exposed()
            self._recorder.step(Step.FETCHED, self._step_after_fetch(), exposed)
            return
        if not self._commits_first:
            self._progress.skip_invisible()
        if not self._commit_due():
            self._rest_ns = self._patience_ns()

    def _fetch_partition(self, partition: int) -> None:
        place, offset = TopicPartition(CLICKS, partition), self._progress.fetched[partition]
        found = self._clicks.fetch(place, offset, self._fetch_size(), Isolation.READ_COMMITTED)
        now_ns = self._clock.now_ns()
        for fetched in found.batches:
            links = self._codec.links(fetched.batch.records)
            self._pending.add(partition, fetched, links, now_ns)
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
        return min(IDLE_NS, max(1, self._progress.rest_ns(self._clock.now_ns())))

    def _process(self) -> None:
        """Chunk by chunk, until nothing waits, or a commit or a heartbeat is due."""
        while self._pending.count and self._stage is Stage.OPEN:
            self._process_chunk()
            if self._commit_due() or self._member.heartbeat_due():
                return

    def _process_chunk(self) -> None:
        waiting = self._pending.count
        pieces = self._pending.take(self._chunk)
        events = waiting - self._pending.count
        if self._work_ns:
            self._clock.sleep_ns(events * self._work_ns)
        outcome = self._outcome
        outcome.results.apply(pieces, lambda: self._note_applied(events))
        at_once = self._commits_first or outcome.stores_offsets
        self._progress.note_processed(pieces, 0 if at_once else events)
        self._due = None
        if outcome.stores_offsets:
            stored = {piece.partition: piece.next_offset for piece in pieces}
            self._progress.note_committed(stored, self._clock.now_ns())
        if outcome.commits_effects:
            self._recorder.step(Step.SINK_COMMITTED, self._step_after_process(), self._exposed())

    def _note_applied(self, events: int) -> None:
        """The effects are made and not committed yet: these events are still in hand."""
        exposed = self._exposed() + events
        before = Step.SINK_COMMITTED if self._outcome.commits_effects else self._commit_step()
        if self._outcome.commits_effects and not self._commits_first:
            exposed -= 0 if self._outcome.stores_offsets else events
        self._recorder.step(Step.EFFECT_APPLIED, before, exposed)

    def _exposed(self) -> int:
        """Events that a death now would lose, deliver again, or leave to an abort."""
        if self._commits_first or self._outcome.stores_offsets:
            return self._pending.count
        return self._progress.uncommitted

    def _step_after_fetch(self) -> Step:
        if self._commits_first:
            return Step.OFFSETS_COMMITTED
        if self._transactional and not self._in_transaction:
            return Step.TRANSACTION_BEGUN
        return Step.EFFECT_APPLIED

    def _step_after_process(self) -> Step:
        if self._commits_first or not self._commit_due():
            return self._step_after_commit()
        return self._commit_step()

    def _commit_step(self) -> Step:
        return Step.OFFSETS_SENT if self._transactional else Step.OFFSETS_COMMITTED

    def _step_after_commit(self) -> Step:
        return Step.EFFECT_APPLIED if self._pending.count else Step.FETCHED

    # commits

    def _commit_due(self) -> bool:
        """Asked once for what is processed, so that the step said to come next does come next."""
        if self._due is None:
            self._due = self._is_commit_due()
        return self._due

    def _is_commit_due(self) -> bool:
        progress = self._progress
        if self._control.draining and not self._pending.count:
            return bool(progress.to_commit(progress.processed))
        return progress.uncommitted > 0 and progress.interval_over(self._clock.now_ns())

    def _commit_offsets(self) -> None:
        if self._commits_first:
            self._commit_reached(self._progress.fetched)
        elif self._commit_due():
            self._commit_reached(self._progress.processed)

    def _commit_reached(self, reached: dict[int, Offset]) -> None:
        offsets = self._progress.to_commit(reached)
        if not offsets:
            return
        self._outcome.offsets.commit(offsets, self._member.membership)
        self._progress.note_committed(reached, self._clock.now_ns())
        self._recorder.step(Step.OFFSETS_COMMITTED, self._step_after_commit(), self._exposed())

    def _begin_transaction(self) -> None:
        if self._in_transaction or not (self._pending.count or self._commit_due()):
            return
        self._log.begin_transaction(self._outcome.identity, self._incarnation)
        self._in_transaction = True
        self._recorder.step(Step.TRANSACTION_BEGUN, Step.EFFECT_APPLIED)

    def _send_offsets(self) -> None:
        if self._in_transaction and not self._offsets_sent and self._commit_due():
            self._send()

    def _send(self) -> None:
        reached = self._progress.to_commit(self._progress.processed)
        offsets = {TopicPartition(CLICKS, p): offset for p, offset in reached.items()}
        self._log.send_offsets_to_transaction(
            self._outcome.identity, COUNTERS_GROUP, offsets, self._member.membership
        )
        self._offsets_sent = True
        after = Step.LOG_PREPARED if self._policy.two_phase else Step.TRANSACTION_COMMITTED
        self._recorder.step(Step.OFFSETS_SENT, after, self._exposed())

    def _prepare_log(self) -> None:
        if self._offsets_sent and self._stage is Stage.OPEN:
            self._outcome.two_phase.prepare_log()
            self._recorder.step(Step.LOG_PREPARED, Step.SINK_PREPARED, self._exposed())

    def _prepare_sink(self) -> None:
        if self._stage is Stage.LOG_PREPARED:
            self._outcome.two_phase.prepare_sink()
            self._recorder.step(Step.SINK_PREPARED, Step.DECIDED, self._exposed())

    def _decide(self) -> None:
        if self._stage is Stage.SINK_PREPARED:
            self._outcome.two_phase.decide()
            self._recorder.step(Step.DECIDED, Step.SINK_COMMITTED, self._exposed())

    def _commit_sink(self) -> None:
        if self._stage is Stage.DECIDED:
            self._outcome.two_phase.commit_sink()
            self._recorder.step(Step.SINK_COMMITTED, Step.TRANSACTION_COMMITTED, self._exposed())

    def _commit_transaction(self) -> None:
        if not self._offsets_sent:
            return
        self._log.commit_transaction(self._outcome.identity)
        self._outcome.end()
        self._in_transaction = self._offsets_sent = False
        self._progress.note_committed(self._progress.processed, self._clock.now_ns())
        self._recorder.step(Step.TRANSACTION_COMMITTED, self._step_after_commit())
