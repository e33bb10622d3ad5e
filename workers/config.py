"""What one worker process is told at its start: plain values, pickled to it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from workers.files import LaneFiles
from workers.lanes import Lane, Role, lane_of
from workers.log.types import IncarnationId


@dataclass(frozen=True, slots=True)
class LaneConfig:
    """What all workers of a lane share.

    Fields:
        slug: of the lane.
        directory: the lane's own.
        rate_eps: events per second of the lane; None is closed loop.
        batch: records in one append at the most, at least 1.
        linger_ns: how long a batch that is not full waits for its append.
        commit_interval_ns, commit_interval_records: exactly one is set.
        sink_batch: events in one sink transaction at the most, at least 1.
        work_ns: pretended work for each event.
        durability: SQLite's `synchronous`.
        request_loss, ack_loss: probability, 0 to 1, that an append's request or its
            acknowledgement is lost between producer and log.
        ack_timeout_ns: how long a producer waits for an acknowledgement before it tries again.
    """

    slug: str
    directory: Path
    seed: int
    rate_eps: int | None
    producers: int
    consumers: int
    partitions: int
    batch: int
    linger_ns: int
    commit_interval_ns: int | None
    commit_interval_records: int | None
    sink_batch: int
    work_ns: int
    payload_bytes: int
    session_timeout_ns: int
    durability: str
    request_loss: float = 0.0
    ack_loss: float = 0.0
    ack_timeout_ns: int = 20_000_000

    @property
    def lane(self) -> Lane:
        """The lane's row in the table of semantics."""
        return lane_of(self.slug)

    @property
    def files(self) -> LaneFiles:
        """The lane's paths."""
        return LaneFiles(self.directory)


@dataclass(frozen=True, slots=True)
class WorkerConfig:
    """One incarnation: which slot it fills and under which number it writes."""

    lane: LaneConfig
    role: Role
    slot: int
    incarnation: IncarnationId
