"""What is run: each lane of the table and some of a user's own, and the shape of the workload.

The first shape is small enough that a fault can be put at every position of it, and pairs of faults
at every two. Further ones are drawn from a seed.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from bench_gui.bench.settings import RunSettings
from workers.config import LaneConfig
from workers.events import Timetable
from workers.lanes import LANES, Lane, lane_of
from workers.time_units import MS_NS, SECOND_NS

START_NS = SECOND_NS
RATE_EPS = 1000
SESSION_NS = 40 * MS_NS
ACK_TIMEOUT_NS = MS_NS
SEED = 7


@dataclass(frozen=True, slots=True)
class Shape:
    """How much there is to do, and who does it in which portions.

    Fields:
        events: of each producer slot; half of them come once the others are dealt with, so that
            whoever comes back from a fault still has something to do.
        commit_records, commit_ns: exactly one is set.
    """

    producers: int = 2
    consumers: int = 2
    partitions: int = 3
    events: int = 6
    batch: int = 3
    sink_batch: int = 2
    commit_records: int | None = 4
    commit_ns: int | None = None

    @property
    def timetable(self) -> Timetable:
        """When each event is due."""
        return Timetable(START_NS, RATE_EPS, self.producers)

    @property
    def first_half_ns(self) -> int:
        """After the last event of the first half."""
        return START_NS + self.events // 2 * self.producers * SECOND_NS // RATE_EPS

    @property
    def sources_end_ns(self) -> int:
        """After the last event."""
        return START_NS + self.events * self.producers * SECOND_NS // RATE_EPS


SMALL = Shape()


def drawn_shape(seed: int) -> Shape:
    """Any shape; SMALL for 0."""
    if not seed:
        return SMALL
    chance = random.Random(f"shape {seed}")
    records = chance.choice([1, 2, 3, 5, None])
    return Shape(
        producers=chance.choice([1, 2, 2, 3]),
        consumers=chance.choice([1, 2, 2, 3]),
        partitions=chance.choice([1, 2, 3, 4]),
        events=chance.choice([4, 6, 9]),
        batch=chance.choice([1, 2, 3]),
        sink_batch=chance.choice([1, 1, 2, 5]),
        commit_records=records,
        commit_ns=chance.choice([2, 10]) * MS_NS if records is None else None,
    )


@dataclass(frozen=True, slots=True)
class Scenario:
    """One lane, and what its producers' network does.

    Fields:
        name: how it is called on the command line.
        request_loss, ack_loss: probability that a request or an acknowledgement is lost.
    """

    name: str
    slug: str
    request_loss: float = 0.0
    ack_loss: float = 0.0

    @property
    def lane(self) -> Lane:
        """What it allows and forbids."""
        return lane_of(self.slug)

    def settings(self, shape: Shape) -> RunSettings:
        """As the auditor wants them."""
        return RunSettings(
            lanes=(self.slug,),
            producers=shape.producers,
            consumers=shape.consumers,
            partitions=shape.partitions,
            rate_eps=RATE_EPS,
            seed=SEED,
        )

    def config(self, directory: Path, shape: Shape) -> LaneConfig:
        """What the lane's workers are told."""
        return LaneConfig(
            slug=self.slug,
            directory=directory,
            seed=SEED,
            rate_eps=RATE_EPS,
            producers=shape.producers,
            consumers=shape.consumers,
            partitions=shape.partitions,
            batch=shape.batch,
            linger_ns=0,
            commit_interval_ns=shape.commit_ns,
            commit_interval_records=shape.commit_records,
            sink_batch=shape.sink_batch,
            work_ns=0,
            payload_bytes=0,
            session_timeout_ns=SESSION_NS,
            durability="off",
            request_loss=self.request_loss,
            ack_loss=self.ack_loss,
            ack_timeout_ns=ACK_TIMEOUT_NS,
        )


OWN_SLUGS = (
    "idempotent+process-first+counter",
    "retry+offsets-in-sink+counter",
    "transactional+transaction+deduplicating",
    "fire-and-forget+two-phase+counter",
    "retry+two-phase+counter",
)
LOSSY_SLUGS = (
    "at-most-once",
    "at-least-once",
    "idempotent-consumer",
    "exactly-once",
    "idempotent+process-first+counter",
)
LOSS = 0.3

TABLE = tuple(Scenario(lane.slug, lane.slug) for lane in LANES)
OWN = tuple(Scenario(slug, slug) for slug in OWN_SLUGS)
LOSSY = tuple(Scenario(f"{slug}/lossy-network", slug, LOSS, LOSS) for slug in LOSSY_SLUGS)
SCENARIOS: tuple[Scenario, ...] = (*TABLE, *OWN, *LOSSY)
SCENARIO_BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}
