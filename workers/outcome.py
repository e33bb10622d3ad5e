"""What a consumer's work comes to: its results and its offsets, put together from its lane's parts.

The consumer asks for actions in its lane's order; where results go and where offsets are kept is
decided here, once, when its process starts.
"""

from __future__ import annotations

from contextlib import ExitStack, closing

from workers.clock import Clock
from workers.config import WorkerConfig
from workers.files import SINK_SCHEMA
from workers.lanes import Result
from workers.log.api import Log
from workers.log.database import Database, OnLock
from workers.log.types import ProducerIdentity
from workers.offsets import CommittedOffsets, GroupOffsets, SinkOffsets
from workers.policies import OffsetsHome
from workers.recorder import Steps
from workers.results import OutputTopic, Results
from workers.sink import CounterSink
from workers.steps import Step
from workers.two_phase import Decisions, PreparingSink, Stage, TwoPhaseCommit


class Outcome:
    """The results and offsets of one consumer process.

    Fields:
        results: takes events. offsets: where committed offsets are.
        commits_effects: whether `results.apply` makes effects durable by itself.
        stores_offsets: whether it stores the consumed offsets with them.
    """

    results: Results
    offsets: CommittedOffsets

    def __init__(
        self,
        config: WorkerConfig,
        log: Log,
        recorder: Steps,
        clock: Clock,
        on_lock: OnLock | None = None,
    ) -> None:
        """`log` has the group, the offsets and the output topic. Opens what the lane needs."""
        self._config = config
        self._log = log
        self._recorder = recorder
        self._clock = clock
        self._on_lock = on_lock
        self._stack = ExitStack()
        lane = config.lane.lane
        self.stores_offsets = lane.consumer.offsets is OffsetsHome.SINK
        self.commits_effects = lane.result is Result.COUNTER and not lane.consumer.two_phase
        self.offsets = GroupOffsets(log, config.incarnation)
        self._identity: ProducerIdentity | None = None
        self._two_phase: TwoPhaseCommit | None = None
        if lane.consumer.transactional:
            self._identity = log.init_producer(
                f"{lane.slug}-consumer-{config.slot}",
                config.incarnation,
                keep_prepared=lane.consumer.two_phase,
            )
            recorder.step(Step.PRODUCER_INITIALISED, Step.GROUP_JOINED)
        self._open()

    def _open(self) -> None:
        config, lane = self._config, self._config.lane.lane
        if lane.result is Result.OUTPUT_TOPIC:
            self.results = OutputTopic(self._log, self.identity, config.incarnation, self._clock)
            return
        database = self._open_sink()
        if lane.consumer.two_phase:
            self._two_phase = self._open_two_phase(database)
            self.results = self._two_phase
            return
        sink = CounterSink(
            database,
            config.incarnation,
            self._clock,
            deduplicates=lane.sink.deduplicates,
            stores_offsets=self.stores_offsets,
        )
        self.results = sink
        if self.stores_offsets:
            self.offsets = SinkOffsets(sink)

    def _open_sink(self) -> Database:
        lane = self._config.lane
        return self._stack.enter_context(
            closing(
                Database(
                    lane.files.sink, lane.durability, create=SINK_SCHEMA, on_lock=self._on_lock
                )
            )
        )

    def _open_two_phase(self, database: Database) -> TwoPhaseCommit:
        config, lane = self._config, self._config.lane
        path = lane.files.coordinator(config.slot)
        decisions = Decisions(path, lane.durability, config.incarnation, self._clock, self._on_lock)
        self._stack.enter_context(closing(decisions))
        sink = PreparingSink(database, config.slot, config.incarnation, self._clock)
        return TwoPhaseCommit(self._log, self.identity, sink, decisions)

    @property
    def identity(self) -> ProducerIdentity:
        """Who commits the log transactions. Only where the lane has them."""
        assert self._identity is not None
        return self._identity

    @property
    def two_phase(self) -> TwoPhaseCommit:
        """The transaction across both stores. Only where the lane has it."""
        assert self._two_phase is not None
        return self._two_phase

    @property
    def stage(self) -> Stage:
        """How far a transaction across both stores has come; OPEN where there is none."""
        return self._two_phase.stage if self._two_phase is not None else Stage.OPEN

    def resolve_in_doubt(self) -> int:
        """Ends what earlier processes of the slot left in doubt. Returns: how many there were."""
        if self._two_phase is None:
            return 0
        return self._two_phase.resolve(
            lambda: self._recorder.step(Step.SINK_RESOLVED, Step.IN_DOUBT_RESOLVED)
        )

    def abort(self) -> None:
        """Ends the undecided transaction in hand, in both stores."""
        if self._two_phase is not None and self._two_phase.abort_sink():
            self._recorder.step(Step.SINK_ROLLED_BACK, Step.TRANSACTION_ABORTED)
        self._log.abort_transaction(self.identity)

    def end(self) -> None:
        """The log transaction is committed."""
        if self._two_phase is not None:
            self._two_phase.end()

    def close(self) -> None:
        """Closes the databases."""
        self._stack.close()


class OffsetsReader:
    """The lane's committed offsets for somebody who commits none."""

    def __init__(self, config: WorkerConfig, log: Log) -> None:
        """`log` has the group's offsets."""
        self._sink: Database | None = None
        self._offsets: CommittedOffsets = GroupOffsets(log, config.incarnation)
        lane = config.lane
        if lane.lane.consumer.offsets is OffsetsHome.SINK:
            self._sink = Database(lane.files.sink, lane.durability, create=SINK_SCHEMA)
            self._offsets = SinkOffsets(CounterSink(self._sink, config.incarnation))

    def reached(self, partition: int) -> int:
        """What is committed now."""
        return self._offsets.reached(partition)

    def close(self) -> None:
        """Closes the database, where there is one."""
        if self._sink is not None:
            self._sink.close()
