"""A producer process: takes due events from its slot's source and appends them to the log.

It carries out its lane's actions in their order (`lanes.py`) and leaves each completed step in the
flight recorder. What makes producers differ is when the position is advanced: before the append
(events in the buffer are lost with the process), after it (an append that was not noted is made
again), or in one transaction with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workers.clock import MONOTONIC, Clock
from workers.config import WorkerConfig
from workers.control import ControlPage
from workers.events import RecordCodec, Timetable
from workers.files import CLICKS, SOURCES, SOURCES_GROUP
from workers.lanes import Action
from workers.log.api import Log
from workers.log.database import OnLock
from workers.log.types import (
    Offset,
    ProducerIdentity,
    ProducerStamp,
    RecordBatch,
    Sequence,
    TopicPartition,
)
from workers.network import Loss, Network, nothing_ordered
from workers.positions import Positions
from workers.recorder import Steps
from workers.steps import Step
from workers.wakeup import Bell

IDLE_NS = 20_000_000
CLOSED_LOOP_IDLE_NS = 1_000_000
OUTSTANDING = 10_000
COMMITS_OUTSTANDING = 2
MOST_OUTSTANDING = 250_000
"""In a closed loop a lane may have OUTSTANDING records that are not committed, and beside them
COMMITS_OUTSTANDING times what its consumers were seen to commit at once, but never more than
MOST_OUTSTANDING."""
START_POLL_NS = 1_000_000

FIRST_STEP = {
    Action.TAKE: Step.EVENTS_TAKEN,
    Action.ADVANCE_POSITION: Step.POSITION_ADVANCED,
    Action.APPEND: Step.APPENDED,
    Action.BEGIN_TRANSACTION: Step.TRANSACTION_BEGUN,
    Action.SEND_OFFSETS: Step.OFFSETS_SENT,
    Action.COMMIT_TRANSACTION: Step.TRANSACTION_COMMITTED,
}
"""The step that each action completes first. LINGER completes none."""
LOST_STEP = {
    Loss.REQUEST: Step.REQUEST_LOST,
    Loss.ACK: Step.ACK_LOST,
    Loss.ORDERED_ACK: Step.ACK_LOST,
}


def next_steps(actions: tuple[Action, ...]) -> dict[Action, Step]:
    """For each action, the step that comes after it in the cycle."""
    following: dict[Action, Step] = {}
    for place, action in enumerate(actions):
        later = actions[place + 1 :] + actions[: place + 1]
        following[action] = next(FIRST_STEP[a] for a in later if a in FIRST_STEP)
    return following


@dataclass(slots=True)
class Taken:
    """Events in hand. Invariant: due_ns is not empty."""

    first: Sequence
    due_ns: npt.NDArray[np.int64]

    @property
    def next(self) -> Sequence:
        """The event after the last."""
        return Sequence(self.first + len(self.due_ns))

    def join(self, more: Taken) -> None:
        """Adds the events that follow; `more` starts at `next`."""
        self.due_ns = np.concatenate([self.due_ns, more.due_ns])


class Source:
    """One slot's events: how many are due, and when the next one is."""

    def __init__(
        self, timetable: Timetable, slot: int, control: ControlPage, clock: Clock = MONOTONIC
    ) -> None:
        self._clock = clock
        self._timetable = timetable
        self._slot = slot
        self._control = control
        self._open_loop = timetable.rate_eps is not None

    def take(self, position: Sequence, most: int) -> Taken | None:
        """At most `most` events from `position` on that are due now; None when there are none."""
        now_ns = self._clock.now_ns()
        before_ns = min(now_ns + 1, self._control.sources_end_ns)
        if not self._open_loop:
            due = np.empty(most, dtype=np.int64)
            due.fill(now_ns)
            return Taken(position, due) if now_ns < before_ns else None
        count = min(most, self._timetable.count_due(self._slot, before_ns) - position)
        if count <= 0:
            return None
        sequences = np.arange(position, position + count, dtype=np.int64)
        return Taken(position, self._timetable.due_array_ns(self._slot, sequences))

    def ended(self, position: Sequence) -> bool:
        """Whether no event from `position` on exists or ever will."""
        end_ns = self._control.sources_end_ns
        if not self._control.sources_end_is_final:
            return False
        if not self._open_loop:
            return self._clock.now_ns() >= end_ns
        return self._timetable.due_ns(self._slot, position) >= end_ns

    def rest_ns(self, position: Sequence) -> int:
        """Nanoseconds until the event at `position` may be due, at most a little while."""
        if not self._open_loop:
            return CLOSED_LOOP_IDLE_NS
        rest_ns = self._timetable.due_ns(self._slot, position) - self._clock.now_ns()
        return max(0, min(IDLE_NS, rest_ns))


class Backpressure:
    """A closed loop's bound: the next click is asked for once the consumers are near enough.

    Without it a source that nothing slows down would only fill the log. A consumer that commits
    seldom is behind by what it commits at once, however fast it is; so the bound follows the
    commits, and it never is what limits the throughput.
    """

    def __init__(
        self, clicks: Log, committed: Callable[[int], int], partitions: int, producers: int
    ) -> None:
        """`clicks` has the input topic; `committed` tells a partition's committed offset;
        `producers` share the bound."""
        self._clicks = clicks
        self._committed = committed
        self._places = [TopicPartition(CLICKS, partition) for partition in range(partitions)]
        self._producers = producers
        self._reached = {place: committed(place.partition) for place in self._places}
        self._at_once = dict.fromkeys(self._places, 0)
        self._room = 0

    def full(self, records: int) -> bool:
        """Whether `records` more may not be appended yet: as many as may be await their commit.

        The log is asked only once what it had room for last time is used up, and in any case
        after OUTSTANDING records.
        """
        if self._room < records:
            outstanding = sum(self._lag(place) for place in self._places)
            at_once = COMMITS_OUTSTANDING * sum(self._at_once.values())
            bound = min(OUTSTANDING + at_once, MOST_OUTSTANDING)
            self._room = min(OUTSTANDING, (bound - outstanding) // self._producers)
        if self._room < 1:
            return True
        self._room -= records
        return False

    def _lag(self, place: TopicPartition) -> int:
        high_watermark, _ = self._clicks.end_offsets(place)
        committed = self._committed(place.partition)
        if committed > self._reached[place]:
            self._at_once[place] = committed - self._reached[place]
            self._reached[place] = committed
        return high_watermark - committed


class Producer:
    """One incarnation of a producer slot."""

    def __init__(
        self,
        config: WorkerConfig,
        log: Log,
        recorder: Steps,
        control: ControlPage,
        backpressure: Backpressure | None = None,
        clock: Clock = MONOTONIC,
        on_lock: OnLock | None = None,
        acks_to_lose: Callable[[], int] = nothing_ordered,
    ) -> None:
        """
        Args:
            backpressure: bounds a closed loop; None in an open one.
            acks_to_lose: how many acknowledgements were ordered to be lost so far, in all.
        """
        lane = config.lane
        self._config = config
        self._log = log
        self._recorder = recorder
        self._control = control
        self._backpressure = backpressure
        self._clock = clock
        self._policy = lane.lane.producer
        self._codec = RecordCodec(lane.seed, lane.payload_bytes)
        self._network = Network(config, clock, on_lock, acks_to_lose)
        self._bells = [Bell(lane.files.wake(p)) for p in range(lane.partitions)]
        self._places = [TopicPartition(CLICKS, p) for p in range(lane.partitions)]
        self._turn = config.slot + config.incarnation
        self._partition = 0
        self._before = next_steps(self._policy.actions)
        self._actions = [self._method(action) for action in self._policy.actions[1:]]
        self._sequences = dict.fromkeys(range(lane.partitions), Sequence(0))
        self._source: Source | None = None
        self._identity = self._init_producer()
        self._positions = self._open_positions(on_lock)
        self._source_place = TopicPartition(SOURCES, config.slot)
        self._position = self._read_position()
        self._recorder.step(Step.POSITION_READ, Step.EVENTS_TAKEN)

    def _init_producer(self) -> ProducerIdentity | None:
        """Who appends; a producer id of its own for each process where there is no transaction."""
        if not self._policy.idempotent:
            return None
        lane, slot = self._config.lane, self._config.slot
        name = f"{lane.slug}-producer-{slot}" if self._policy.transactional else None
        identity = self._log.init_producer(name, self._config.incarnation)
        self._recorder.step(Step.PRODUCER_INITIALISED, Step.POSITION_READ)
        return identity

    def _open_positions(self, on_lock: OnLock | None) -> Positions | None:
        """The file that its position is kept in; None where that is the log."""
        if self._policy.transactional:
            return None
        config, lane = self._config, self._config.lane
        path = lane.files.positions(config.slot)
        return Positions(path, lane.durability, config.incarnation, self._clock, on_lock)

    def _read_position(self) -> Sequence:
        if self._positions is not None:
            return self._positions.read()
        return Sequence(self._log.committed_offset(SOURCES_GROUP, self._source_place) or 0)

    def _method(self, action: Action) -> Callable[[Taken], None]:
        methods: dict[Action, Callable[[Taken], None]] = {
            Action.LINGER: self._linger,
            Action.ADVANCE_POSITION: self._advance_position,
            Action.APPEND: self._append,
            Action.BEGIN_TRANSACTION: self._begin_transaction,
            Action.SEND_OFFSETS: self._send_offsets,
            Action.COMMIT_TRANSACTION: self._commit_transaction,
        }
        return methods[action]

    def run(self) -> None:
        """Works until the source has ended and everything taken is dealt with."""
        while (rest_ns := self.cycle()) is not None:
            self._clock.sleep_ns(rest_ns)

    def cycle(self) -> int | None:
        """One round of the lane's actions, if there are events to take.

        Returns: nanoseconds that the process may rest; None when everything is done.
        """
        if not self._control.sources_start_ns:
            return START_POLL_NS
        source = self._source = self._source or self._open_source()
        most = self._config.lane.batch
        held_back = self._backpressure is not None and self._backpressure.full(most)
        taken = None if held_back else source.take(self._position, most)
        if taken is not None:
            self._deal_with(taken)
            return 0
        if source.ended(self._position):
            self._recorder.step(Step.FINISHED, Step.FINISHED)
            return None
        self._recorder.working()
        return source.rest_ns(self._position)

    def _open_source(self) -> Source:
        lane = self._config.lane
        timetable = Timetable(self._control.sources_start_ns, lane.rate_eps, lane.producers)
        return Source(timetable, self._config.slot, self._control, self._clock)

    def _deal_with(self, taken: Taken) -> None:
        self._recorder.step(Step.EVENTS_TAKEN, self._before[Action.TAKE])
        self._recorder.working()
        for action in self._actions:
            action(taken)
        self._position = taken.next

    def _linger(self, taken: Taken) -> None:
        """Waits until the first event is as old as the linger time; what comes due joins it.

        Where the position says what is in the buffer, it was advanced for what was taken, and
        nothing joins.
        """
        missing = self._config.lane.batch - len(taken.due_ns)
        if missing <= 0:
            return
        linger_end_ns = int(taken.due_ns[0]) + self._config.lane.linger_ns
        self._clock.sleep_ns(linger_end_ns - self._clock.now_ns())
        if self._policy.retries:
            assert self._source is not None
            more = self._source.take(taken.next, missing)
            if more is not None:
                taken.join(more)

    def _advance_position(self, taken: Taken) -> None:
        assert self._positions is not None
        self._positions.advance(taken.first, taken.next)
        exposed = 0 if self._policy.retries else len(taken.due_ns)
        before = self._before[Action.ADVANCE_POSITION]
        self._recorder.step(Step.POSITION_ADVANCED, before, exposed)

    def _append(self, taken: Taken) -> None:
        partition = self._turn % len(self._bells)
        self._turn += 1
        self._partition = partition
        self._append_until_acked(self._places[partition], taken)
        if not self._policy.transactional:
            self._acked(taken)
        exposed = len(taken.due_ns) if self._policy.retries else 0
        self._recorder.step(Step.ACKED, self._before[Action.APPEND], exposed)

    def _append_until_acked(self, place: TopicPartition, taken: Taken) -> None:
        """Sends the batch, again and again where the policy retries, as Kafka's producer does.

        A policy that does not retry asks for no acknowledgement (acks=0): it never learns that its
        request was lost.
        """
        stamp = self._stamp(place.partition, taken)
        exposed = len(taken.due_ns) if self._policy.retries else 0
        attempt = 0
        while True:
            loss = self._network.loses(taken.first, attempt)
            if loss is not Loss.REQUEST:
                self._log.append(place, self._batch(taken), stamp)
                self._recorder.step(Step.APPENDED, Step.ACKED, exposed)
            if loss is not None:
                self._network.note(loss, taken.first, len(taken.due_ns), attempt)
                after = Step.APPENDED if self._policy.retries else Step.ACKED
                self._recorder.step(LOST_STEP[loss], after, exposed)
            if loss is None or not self._policy.retries:
                return
            self._clock.sleep_ns(self._config.lane.ack_timeout_ns)
            attempt += 1

    def _acked(self, taken: Taken) -> None:
        self._recorder.acked(taken.next)
        self._bells[self._partition].ring()

    def _batch(self, taken: Taken) -> RecordBatch:
        slot = self._config.slot
        return RecordBatch(
            source=slot,
            first_sequence=taken.first,
            count=len(taken.due_ns),
            due_ns=int(taken.due_ns[0]),
            appended_ns=self._clock.now_ns(),
            incarnation=self._config.incarnation,
            records=self._codec.encode(slot, taken.first, taken.due_ns),
        )

    def _stamp(self, partition: int, taken: Taken) -> ProducerStamp | None:
        if self._identity is None:
            return None
        stamp = ProducerStamp(self._identity, self._sequences[partition])
        self._sequences[partition] = Sequence(stamp.base_sequence + len(taken.due_ns))
        return stamp

    def _begin_transaction(self, taken: Taken) -> None:
        assert self._identity is not None
        self._log.begin_transaction(self._identity, self._config.incarnation)
        self._recorder.step(Step.TRANSACTION_BEGUN, self._before[Action.BEGIN_TRANSACTION])

    def _send_offsets(self, taken: Taken) -> None:
        assert self._identity is not None
        offsets = {self._source_place: Offset(taken.next)}
        self._log.send_offsets_to_transaction(self._identity, SOURCES_GROUP, offsets)
        before = self._before[Action.SEND_OFFSETS]
        self._recorder.step(Step.OFFSETS_SENT, before, len(taken.due_ns))

    def _commit_transaction(self, taken: Taken) -> None:
        assert self._identity is not None
        self._log.commit_transaction(self._identity)
        self._acked(taken)
        self._recorder.step(Step.TRANSACTION_COMMITTED, self._before[Action.COMMIT_TRANSACTION])

    def close(self) -> None:
        """Closes what this process opened for itself."""
        self._network.close()
        if self._positions is not None:
            self._positions.close()
        for bell in self._bells:
            bell.close()
